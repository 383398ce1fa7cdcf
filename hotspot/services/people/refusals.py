"""Count refused sign-ins by what the typed name resolves to, and log them by the half minute.

The count is written with every refusal, whether or not there is such an account, so that the time
it takes tells nothing. The log gets the first refusal at once and the others together: a flood of
guesses makes two rows a minute, not one a guess.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from hotspot.access.accounts import FORGOTTEN_AFTER, LOCKED_AFTER, Account, Failures
from hotspot.access.actor import NOBODY
from hotspot.access.permissions import Operation
from hotspot.errors import StoreError
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.services.workspace.server_log import note
from hotspot.store import accounts as store
from hotspot.store.unit_of_work import Connection, keeping_time, reading

WINDOW_S = 30.0
MAX_NAMES = 20_000
"""Names without an account whose failures are kept; the oldest make room."""
UNKNOWN = "unknown names"
BUSY = "the door was full"


def failures_key(workspace: Workspace, account: Account | None, name: str = "") -> str:
    """Return under what failures are counted: the account where there is one, else the name."""
    return workspace.keys.hide(f"account {account.account_id}" if account else f"name {name}")


@dataclass
class _Gathered:
    """What was refused since the last row of the log."""

    by_subject: Counter[str] = field(default_factory=Counter)
    locked: set[str] = field(default_factory=set)
    clients: set[str] = field(default_factory=set)


class Refusals:
    """Counts refused sign-ins of one server.

    Parameters
    ----------
    workspace
        The workspace that is served.
    window_s
        Seconds for which refusals are gathered after one was logged.
    """

    def __init__(self, workspace: Workspace, window_s: float = WINDOW_S) -> None:
        self._workspace = workspace
        self._window_s = window_s
        self._gathered = _Gathered()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def failures(self, key: str) -> Failures:
        """Read the failed attempts in a row."""
        with reading(self._workspace.engine) as connection:
            return store.failures_of(connection, key)

    def add(self, key: str, account: Account | None, client: str, now: datetime) -> None:
        """Count a refused attempt; nothing of what was typed is kept."""
        with keeping_time(self._workspace.engine) as connection:
            failures = store.failures_of(connection, key).and_another(now)
            store.put_failures(connection, key, failures)
        subject = f"account {account.account_id}" if account else UNKNOWN
        self._gather(subject, client, is_locked=failures.count >= LOCKED_AFTER)

    def add_unlike_a_name(self, client: str) -> None:
        """Count an attempt with what can be no name."""
        self._gather(UNKNOWN, client, is_locked=False)

    def add_unseen(self, client: str) -> None:
        """Note an attempt that was not looked at, as the door was full; it is written later."""
        self._gather(BUSY, client, is_locked=False, at_once=False)

    def settle(self, now: datetime | None = None) -> None:
        """Log what was gathered, and forget failures that no longer count."""
        with self._lock:
            gathered, self._gathered = self._gathered, _Gathered()
        for subject, number in gathered.by_subject.items():
            self._log(subject, number, gathered)
        if now is not None:
            with keeping_time(self._workspace.engine) as connection:
                self._prune(connection, now)

    def _gather(self, subject: str, client: str, *, is_locked: bool, at_once: bool = True) -> None:
        with self._lock:
            self._gathered.by_subject[subject] += 1
            self._gathered.clients.add(client)
            if is_locked:
                self._gathered.locked.add(subject)
            is_first = self._timer is None
            if is_first:
                self._timer = threading.Timer(self._window_s, self._end_window)
                self._timer.daemon = True
                self._timer.start()
        if is_first and at_once:
            self.settle()

    def _end_window(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.settle(datetime.now(UTC))
        except StoreError:
            note("refusals not logged", is_error=True)

    def _log(self, subject: str, number: int, gathered: _Gathered) -> None:
        only = next(iter(gathered.clients)) if len(gathered.clients) == 1 else ""
        actor = replace(NOBODY, client=only)
        shape = {"clients": len(gathered.clients), "locked": subject in gathered.locked}
        with work_on(self._workspace, actor, Operation.REFUSE_SIGN_IN) as work:
            work.log(subject, rows=number, shape=shape)

    def _prune(self, connection: Connection, now: datetime) -> None:
        known = {failures_key(self._workspace, a) for a in store.list_accounts(connection)}
        store.prune_failures(connection, now - FORGOTTEN_AFTER, known, MAX_NAMES)


def forget_failures(workspace: Workspace, connection: Connection, account: Account) -> None:
    """Forget the failed attempts of an account."""
    store.put_failures(connection, failures_key(workspace, account), Failures())
