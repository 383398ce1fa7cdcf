"""Sessions of signed-in users: opaque tokens, their stages and when they end."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotspot.access.accounts import Account
from hotspot.access.actor import Actor

PENDING_FOR = timedelta(minutes=5)
"""How long the second step of a sign-in may take."""
UNEVEN = timedelta(minutes=1)
"""By how much the clocks of two servers, one after the other, may differ."""


class SignInStage(StrEnum):
    """How far a sign-in has come; only `OPEN` opens anything."""

    NEEDS_CODE = "needs code"
    NEEDS_SECOND_FACTOR = "needs second factor"
    NEEDS_PASSWORD = "needs password"  # noqa: S105 - a stage, not a secret
    OPEN = "open"


class Ending(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed out"
    IDLE = "idle"
    TOO_OLD = "reached its longest"
    ACCOUNT_CHANGED = "account changed"
    REPLACED = "replaced"


@dataclass(frozen=True)
class SessionPolicy:
    """When sessions end by themselves."""

    idle: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=10)


@dataclass(frozen=True)
class Session:
    """One sign-in of one account in one browser.

    Attributes
    ----------
    session_id
        SHA-256 of the token (hex): the token itself is nowhere but in the browser's cookie.
    account
        Whose it is, as the account stands now.
    stage
        How far the sign-in has come.
    client
        Address of the machine.
    created_at, last_used_at
        Instants in UTC.
    """

    session_id: str
    account: Account
    stage: SignInStage
    client: str
    created_at: datetime
    last_used_at: datetime

    @property
    def reference(self) -> str:
        """Name the session in the log; it opens nothing."""
        return self.session_id[:16]

    @property
    def actor(self) -> Actor:
        """Return who acts in the session."""
        return self.account.actor(self.reference, self.client)

    def ended(self, policy: SessionPolicy, now: datetime) -> Ending | None:
        """Tell why the session is over at an instant, or `None`.

        One that began or was used in what is still to come is over: the machine's clock was set
        back while no server ran, and how long it was idle is not known.
        """
        if max(self.created_at, self.last_used_at) > now + UNEVEN:
            return Ending.IDLE
        if self.stage is not SignInStage.OPEN:
            return Ending.IDLE if now >= self.created_at + PENDING_FOR else None
        if now >= self.created_at + policy.longest:
            return Ending.TOO_OLD
        return Ending.IDLE if now >= self.last_used_at + policy.idle else None

    def ends_in(self, policy: SessionPolicy, now: datetime) -> timedelta:
        """Return the time left if nothing more is done."""
        return min(self.last_used_at + policy.idle, self.created_at + policy.longest) - now


def new_token() -> str:
    """Make a token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return the `session_id` of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
