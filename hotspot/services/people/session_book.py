"""Keep the sessions of a server: who is in, since when, and until when."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hotspot.access.accounts import Account
from hotspot.access.permissions import Operation
from hotspot.access.sessions import Ending, Session, SignInStage, digest_of, new_token
from hotspot.access.steady import SteadyClock
from hotspot.errors import StoreError
from hotspot.services.people.refusals import forget_failures
from hotspot.services.workspace.folder import Workspace, session_policy, work_on
from hotspot.store import accounts as store
from hotspot.store.unit_of_work import Connection, keeping_time, reading

NOTED_EVERY = timedelta(seconds=20)


@dataclass(frozen=True)
class Admission:
    """What a step of signing in gave: a new token, and the session that it opens."""

    token: str
    session: Session


class SessionBook:
    """Knows who is in.

    Parameters
    ----------
    workspace
        The workspace that is served.
    clock
        Gives the instant, in UTC; by default one that does not follow the machine's clock when that
        is set.
    """

    def __init__(self, workspace: Workspace, clock: Callable[[], datetime] | None = None) -> None:
        self.workspace = workspace
        self.policy = session_policy(workspace.settings)
        self.clock = clock or SteadyClock()
        self._used: dict[str, datetime] = {}
        self._noted: dict[str, datetime] = {}
        self._seen: set[str] = set()

    def session_of(self, token: str) -> Session | None:
        """Find the session of a token; one whose time is over is ended here."""
        return self._find(digest_of(token)) if token else None

    def knows(self, token: str) -> bool:
        """Tell whether a token opened a session here a moment ago; nothing is read."""
        return digest_of(token) in self._seen

    def use(self, session: Session) -> None:
        """Note that a session was used; the database hears of it now and then."""
        now = self.clock()
        self._used[session.session_id] = now
        if now - self._noted.get(session.session_id, session.last_used_at) >= NOTED_EVERY:
            self._noted[session.session_id] = now
            # a busy database is no reason to stop anyone's work
            engine = self.workspace.engine
            with contextlib.suppress(StoreError), keeping_time(engine) as connection:
                store.use_session(connection, session.session_id, now)

    def open_ones(self, session_ids: Iterable[str]) -> set[str]:
        """Tell which of some sessions are still open."""
        wanted = set(session_ids)
        with reading(self.workspace.engine) as connection:
            open_ids = store.open_ones(connection, wanted)
        return {one for one in open_ids if (s := self._find(one)) and s.stage is SignInStage.OPEN}

    def seconds_left(self, session: Session) -> int:
        """Return the seconds until the session ends if nothing more is done."""
        return max(0, int(session.ends_in(self.policy, self.clock()).total_seconds()))

    def is_healthy(self) -> bool:
        """Tell whether the database answers."""
        try:
            with reading(self.workspace.engine) as connection:
                store.count_accounts(connection)
        except StoreError:
            return False
        return True

    def admit(
        self, account: Account, client: str, stage: SignInStage, replaced: Session | None = None
    ) -> Admission:
        """Make a new session with a new token; the one that it follows from ends.

        A session that was open already keeps its beginning, so that nothing puts off its end.
        """
        token, now = new_token(), self.clock()
        is_open = replaced is not None and replaced.stage is SignInStage.OPEN
        since = replaced.created_at if replaced is not None and is_open else now
        session = Session(digest_of(token), account, stage, client, since, now)
        engine = self.workspace.engine
        if stage is not SignInStage.OPEN or is_open:
            with keeping_time(engine) as connection:
                _put(connection, session, replaced)
            return Admission(token, session)
        with work_on(self.workspace, session.actor, Operation.SIGN_IN) as work:
            _put(work.connection, session, replaced)
            forget_failures(self.workspace, work.connection, account)
            work.log(f"session {session.reference}", rows=1)
        return Admission(token, session)

    def _find(self, session_id: str) -> Session | None:
        with reading(self.workspace.engine) as connection:
            session = store.find_session(connection, session_id)
        if session is None or session.account.is_disabled:
            self._forget(session_id)
            return None
        used = self._used.get(session_id, session.last_used_at)
        session = replace(session, last_used_at=max(used, session.last_used_at))
        now = self.clock()
        ending = session.ended(self.policy, now)
        if ending is None:
            if session.stage is SignInStage.OPEN:
                self._seen.add(session_id)
            return session
        self._forget(session_id)
        with keeping_time(self.workspace.engine) as connection:
            store.end_session(connection, session_id, now, ending)
        return None

    def _forget(self, session_id: str) -> None:
        self._used.pop(session_id, None)
        self._noted.pop(session_id, None)
        self._seen.discard(session_id)


def _put(connection: Connection, session: Session, replaced: Session | None) -> None:
    """Write a session and end the one that it follows from."""
    if replaced is not None:
        at = session.last_used_at
        store.end_session(connection, replaced.session_id, at, Ending.REPLACED)
    store.add_session(connection, session)
