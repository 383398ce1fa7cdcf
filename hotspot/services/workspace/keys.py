"""Keep a workspace's secret keys: files beside the database, never in it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from hotspot.errors import StoreError

PSEUDONYMS, LOG, ACCOUNTS = "pseudonym.key", "log.key", "accounts.key"
IDENTITY_FILE = "identity"
"""Stands in `secrets` and `records`, and as a fact in the database."""
KEY_BYTES = 32
SIGN_ON_SECRET = "sign-on.secret"  # noqa: S105 - the name of a file


@dataclass(frozen=True)
class Keys:
    """The keys of a workspace, 32 bytes each.

    Attributes
    ----------
    pseudonyms
        Make children's pseudonyms: the oldest first, each wraps what the ones before it made.
    log
        Seals the rows of the log.
    accounts
        Seals second factors, and hides typed names among failed sign-ins.
    """

    pseudonyms: tuple[bytes, ...]
    log: bytes
    accounts: bytes

    def seal(self, secret: str) -> str:
        """Encrypt a second factor's secret for the database."""
        return self._box().encrypt(secret.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Decrypt a second factor's secret.

        Raises
        ------
        StoreError
            The key is not the one that it was sealed with.
        """
        try:
            return self._box().decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            message = f"secrets/{ACCOUNTS} does not fit the database; restore it from a backup."
            raise StoreError(message) from error

    def hide(self, text: str) -> str:
        """Return a keyed digest of a text, such as a name typed at sign-in."""
        return hmac.new(self.accounts, text.encode(), hashlib.sha256).hexdigest()

    def _box(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self.accounts))


def make_keys(folder: Path) -> None:
    """Make all keys in a new folder that only its owner may read."""
    folder.mkdir(mode=0o700)
    for name in (PSEUDONYMS, LOG, ACCOUNTS):
        _make(folder / name)


def read_keys(folder: Path) -> Keys:
    """Read the keys.

    Raises
    ------
    StoreError
        One is lost.
    """
    for name in (PSEUDONYMS, LOG, ACCOUNTS):
        if not (folder / name).is_file():
            message = f"{folder.parent} has lost secrets/{name}; restore it from a backup."
            raise StoreError(message)
    pseudonyms = _chain(folder / PSEUDONYMS)
    if not pseudonyms or len(pseudonyms[-1]) != KEY_BYTES:
        message = f"{folder.parent} has a damaged secrets/{PSEUDONYMS}; restore it from a backup."
        raise StoreError(message)
    return Keys(pseudonyms, *((folder / name).read_bytes() for name in (LOG, ACCOUNTS)))


def complete_keys(folder: Path, *, has_accounts: bool) -> None:
    """Make the keys that a workspace of revision 0001 did not have; it is part of its upgrade."""
    for name, is_new in ((LOG, True), (ACCOUNTS, not has_accounts)):
        if is_new and not (folder / name).is_file():
            _make(folder / name)


def mark_identity(workspace: Path, identity: str | None = None) -> str:
    """Write the one identity that keys, database and records of a workspace carry, and give it.

    One that is there already is kept.
    """
    secret = workspace / "secrets" / IDENTITY_FILE
    if secret.is_file():
        identity = secret.read_text(encoding="ascii").strip()
    identity = identity or secrets.token_hex(16)
    (workspace / "records").mkdir(parents=True, exist_ok=True)
    for path in (secret, workspace / "records" / IDENTITY_FILE):
        if not path.is_file():
            path.write_text(f"{identity}\n", encoding="ascii")
            path.chmod(0o600)
    return identity


def check_identity(workspace: Path, known: str | None) -> None:
    """Refuse keys, database and records that do not belong together.

    Raises
    ------
    StoreError
        One of them is another workspace's, or has lost its identity.
    """
    for folder in ("secrets", "records"):
        path = workspace / folder / IDENTITY_FILE
        identity = path.read_text(encoding="ascii").strip() if path.is_file() else None
        if known is None or identity != known:
            message = (
                f"{workspace}: {folder}/ and the database are not of one workspace. Restore them "
                "together from one backup; nothing was opened."
            )
            raise StoreError(message)


def write_next_chain(folder: Path, keys: tuple[bytes, ...]) -> Path:
    """Write a longer chain of pseudonym keys beside the one in use, and give its path."""
    path = folder / f"{PSEUDONYMS}.next"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(b"".join(keys))
        file.flush()
        os.fsync(file.fileno())
    return path


def check_of(keys: tuple[bytes, ...]) -> str:
    """Return a number by which the database knows the pseudonym keys; none follows from it."""
    return hmac.new(b"".join(keys), b"hotspot pseudonym keys", hashlib.sha256).hexdigest()


def settle_rotation(folder: Path, known_check: str | None) -> None:
    """Finish or undo a rotation of pseudonym keys that was cut off between database and key file.

    Raises
    ------
    StoreError
        The database was written under other keys than the file has.
    """
    path, following = folder / PSEUDONYMS, folder / f"{PSEUDONYMS}.next"
    if known_check is None or not path.is_file():
        return
    if following.is_file():
        if check_of(_chain(following)) == known_check:
            following.replace(path)
        else:
            following.unlink()
    if check_of(_chain(path)) != known_check:
        message = (
            f"secrets/{PSEUDONYMS} is not the one that the records were written with: children "
            "would be counted anew. Restore the key from a backup."
        )
        raise StoreError(message)


def _chain(path: Path) -> tuple[bytes, ...]:
    content = path.read_bytes()
    return tuple(content[at : at + KEY_BYTES] for at in range(0, len(content), KEY_BYTES))


def _make(path: Path) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
