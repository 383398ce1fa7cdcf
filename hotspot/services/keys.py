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
SIGN_ON_SECRET = "sign-on.secret"  # noqa: S105 - the name of a file


@dataclass(frozen=True)
class Keys:
    """The keys of a workspace, 32 bytes each.

    Attributes
    ----------
    pseudonyms
        Makes children's pseudonyms.
    log
        Seals the rows of the log.
    accounts
        Seals second factors, and hides typed names among failed sign-ins.
    """

    pseudonyms: bytes
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
        """Give a keyed digest of a text, such as a name typed at sign-in."""
        return hmac.new(self.accounts, text.encode(), hashlib.sha256).hexdigest()

    def _box(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self.accounts))


def make_keys(folder: Path) -> None:
    """Make all keys in a new folder that only its owner may read."""
    folder.mkdir(mode=0o700)
    for name in (PSEUDONYMS, LOG, ACCOUNTS):
        _make(folder / name)


def read_keys(folder: Path, *, log_in_use: bool, accounts_in_use: bool) -> Keys:
    """Read the keys; a key that an older version did not have is made, unless it is in use.

    Raises
    ------
    StoreError
        A key that is in use is lost.
    """
    for name, in_use in ((PSEUDONYMS, True), (LOG, log_in_use), (ACCOUNTS, accounts_in_use)):
        if (folder / name).is_file():
            continue
        if in_use:
            message = f"{folder.parent} has lost secrets/{name}; restore it from a backup."
            raise StoreError(message)
        _make(folder / name)
    return Keys(*((folder / name).read_bytes() for name in (PSEUDONYMS, LOG, ACCOUNTS)))


def _make(path: Path) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
