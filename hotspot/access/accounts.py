"""Accounts: passwords, the second factor, and how guessing is slowed down.

Passwords follow NCSC guidance and OWASP ASVS 5.0 chapter 6: length and a check against known
common passwords instead of rules of composition, no forced expiry, argon2id, no hint of which half
was wrong.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from hotspot.access.actor import DISTRICT_ROLES, Actor, UserRole
from hotspot.access.names import MAX_NAME, canonical_name
from hotspot.errors import InputError

MIN_LENGTH, MAX_LENGTH = 12, 128
_GOOD_ENOUGH = 3  # zxcvbn's scale of 0 to 4: "safely unguessable" offline needs 3
_WORDS = ["hotspot", "police", "staffordshire", "stoke", "safeguarding", "password"]
_LEFT_WITHOUT_WORDS = 6
_ZXCVBN_READS = 72

FREE_FAILURES = 3
LOCKED_AFTER = 10
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)

_hasher = PasswordHasher()
_NO_ACCOUNT = _hasher.hash("an account that does not exist takes as long to refuse")


@dataclass(frozen=True)
class Account:
    """Someone who may sign in.

    Attributes
    ----------
    account_id, version
        Number, and the version that an editor saw.
    name
        What is typed at sign-in; lower case.
    shown_as
        Name as screens and the log show it.
    roles, agency, districts
        What they may do, for whom they work, and where (partners).
    password_hash
        argon2id; `None` for accounts of single sign-on and of the demonstration.
    second_factor
        The sealed secret of the one-time codes; `None` where there is none.
    last_code_step
        The time step of the last code used: no code works twice.
    subject
        Issuer and subject of single sign-on.
    must_change_password
        Whether an administrator knows the password.
    is_disabled
        Whether sign-in is refused.
    """

    account_id: int
    version: int
    name: str
    shown_as: str
    roles: frozenset[UserRole]
    agency: str
    districts: frozenset[str]
    password_hash: str | None = None
    second_factor: str | None = None
    last_code_step: int = 0
    subject: str | None = None
    must_change_password: bool = False
    is_disabled: bool = False

    def actor(self, session: str = "", client: str = "") -> Actor:
        """Return the actor of a session of this account."""
        return Actor(
            self.shown_as,
            self.roles,
            self.agency,
            self.districts,
            session,
            client,
            self.account_id,
        )


@dataclass(frozen=True)
class Failures:
    """Failed attempts in a row for one typed name, whether or not such an account exists."""

    count: int = 0
    last_at: datetime | None = None

    def and_another(self, now: datetime) -> Failures:
        """Count one more; those of more than a day ago are forgotten."""
        return self.and_more(1, now)

    def and_more(self, number: int, now: datetime) -> Failures:
        """Count some more, the last of them now."""
        is_old = self.last_at is not None and now - self.last_at >= FORGOTTEN_AFTER
        return Failures(number if is_old else self.count + number, now)

    def wait_until(self, now: datetime) -> datetime | None:
        """Return the instant before which no attempt is looked at.

        Three failures are free; then the wait doubles from one second; the tenth locks for 15
        minutes, and so does each one after it. Where the last one lies in what is still to come,
        because the machine's clock was set back, one attempt is looked at, and counts from now.
        """
        if self.last_at is None or self.count < FREE_FAILURES or self.last_at > now:
            return None
        if self.count >= LOCKED_AFTER:
            return self.last_at + LOCKED_FOR
        return self.last_at + timedelta(seconds=2 ** (self.count - FREE_FAILURES))


def check_password(password: str, *about: str) -> None:
    """Refuse a password that is short, common, or made of the account's own words.

    Raises
    ------
    InputError
        It is too short or too long, or can be guessed; the message says what to do.
    """
    if len(password) < MIN_LENGTH:
        message = f"The password has {len(password)} characters; use {MIN_LENGTH} or more."
        raise InputError(message)
    if len(password) > MAX_LENGTH:
        message = f"The password has {len(password)} characters; use {MAX_LENGTH} at most."
        raise InputError(message)
    words = [*_WORDS, *(word for text in about for word in text.lower().split())]
    own = password.casefold()
    for word in words:
        own = own.replace(word, "")
    is_guessed = zxcvbn(password[:_ZXCVBN_READS], user_inputs=words)["score"] < _GOOD_ENOUGH
    if is_guessed or len(own.strip()) < _LEFT_WITHOUT_WORDS:
        message = "The password is easily guessed; three or four unrelated words make a good one."
        raise InputError(message)


def hash_password(password: str) -> str:
    """Hash a password with argon2id (the library's defaults: RFC 9106, low-memory profile)."""
    return _hasher.hash(password)


def is_password(password_hash: str | None, password: str) -> bool:
    """Tell whether a password fits a hash; as slow where there is no hash to fit."""
    try:
        fits = _hasher.verify(password_hash or _NO_ACCOUNT, password[: MAX_LENGTH + 1])
    except (VerificationError, InvalidHashError):
        return False
    return fits and password_hash is not None


def new_second_factor() -> str:
    """Make a secret for one-time codes: 160 bits, base32."""
    return pyotp.random_base32()


def second_factor_address(secret: str, name: str) -> str:
    """Write the secret as the address that authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Hotspot")


def step_of_code(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return the time step of a valid one-time code (RFC 6238), or `None`.

    The step before and the step after are accepted too; a step that was used is not.
    """
    totp = pyotp.TOTP(secret)
    digits = "".join(code.split())
    current = int(now.timestamp()) // totp.interval
    for step in (current - 1, current, current + 1):
        fits = hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode())
        if fits and step > last_step:
            return step
    return None


def check_holder(
    name: str, shown_as: str, roles: frozenset[UserRole], districts: frozenset[str]
) -> None:
    """Refuse an account that nobody could use or that would see more than it should.

    Raises
    ------
    InputError
        No name, no role, a partner's role without a district, or a partner's role beside another.
    """
    if not canonical_name(name) or not shown_as.strip():
        message = (
            "The account needs a name to sign in with, of letters and signs that can be seen and "
            f"at most {MAX_NAME} of them, and a name to show."
        )
        raise InputError(message)
    if not roles:
        message = f"{shown_as} has no role; give at least one of: {', '.join(UserRole)}."
        raise InputError(message)
    partner = sorted(roles & DISTRICT_ROLES)
    if partner and not districts:
        message = f"The role {partner[0]} sees its own districts only; name at least one."
        raise InputError(message)
    if partner and roles - DISTRICT_ROLES:
        message = f"The role {partner[0]} is for a partner agency and stands alone."
        raise InputError(message)
    if UserRole.AUDITOR in roles and len(roles) > 1:
        message = "The auditor reads what the others did, so that role stands alone."
        raise InputError(message)
