"""Let people in and out: sign-in, second factor, own password. The gate's other half."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from hotspot.access import accounts as rules
from hotspot.access.accounts import Account
from hotspot.access.names import canonical_name
from hotspot.access.permissions import Operation
from hotspot.access.sessions import Ending, Session, SignInStage
from hotspot.errors import NotAllowedError, SignInRefusedError
from hotspot.services.people.refusals import Refusals, failures_key
from hotspot.services.people.session_book import Admission, SessionBook
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import accounts as store
from hotspot.store.unit_of_work import keeping_time, reading

THIS_MACHINE = ("127.0.0.1", "::1")
_WRONG = "That did not fit. Check what you typed and try again."


class Doorkeeper(SessionBook):
    """Signs people in and out. One for each server process.

    Attempts are looked at one at a time: a burst cannot outrun the count of failures, and argon2
    never takes more memory than one attempt needs.
    """

    def __init__(self, workspace: Workspace, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__(workspace, clock)
        self.refusals = Refusals(workspace)
        self._new_secrets: dict[str, str] = {}
        self._one_at_a_time = threading.Lock()

    def sign_in(self, name: str, password: str, client: str) -> Admission:
        """Take a name and a password.

        Raises
        ------
        SignInRefusedError
            They do not fit, or there were too many attempts; the text is the same for names that
            exist and names that do not.
        """
        name = canonical_name(name)
        if not name or len(password) > rules.MAX_LENGTH:
            self.refusals.add_unlike_a_name(client)
            raise SignInRefusedError(_WRONG)
        with self._one_at_a_time:
            with reading(self.workspace.engine) as connection:
                account = store.account_by_name(connection, name)
            key = failures_key(self.workspace, account, name)
            self._wait_over(key)
            is_known = account is not None and not account.is_disabled
            hashed = account.password_hash if account is not None and is_known else None
            if not rules.is_password(hashed, password) or account is None:
                self._refuse(key, account, client)
            return self.admit(account, client, self._next_stage(account, has_code=False))

    def give_code(self, token: str, code: str, client: str) -> Admission:
        """Take the one-time code of a sign-in's second step.

        Raises
        ------
        SignInRefusedError
            It does not fit, was used before, or there were too many attempts.
        """
        with self._one_at_a_time:
            session = self._pending(token, SignInStage.NEEDS_CODE)
            account = session.account
            key = failures_key(self.workspace, account)
            self._wait_over(key)
            secret = self.workspace.keys.unseal(account.second_factor or "")
            step = rules.step_of_code(secret, code, self.clock(), account.last_code_step)
            if step is None or not self._is_first_use(account, step):
                self._refuse(key, account, client)
            return self.admit(account, client, self._next_stage(account, has_code=True), session)

    def sign_in_as_demo(self, name: str, client: str) -> Admission:
        """Let an invented user of the demonstration in with one click, on this machine only.

        Raises
        ------
        SignInRefusedError
            This is no demonstration, or it has no such user.
        """
        with reading(self.workspace.engine) as connection:
            account = store.account_by_name(connection, name)
        is_demo = self.workspace.settings.demo and client in THIS_MACHINE
        if not is_demo or account is None or account.password_hash:
            raise SignInRefusedError(_WRONG)
        return self.admit(account, client, SignInStage.OPEN)

    def turned_away(self, client: str) -> None:
        """Note that someone was not looked at, because the door was full."""
        self.refusals.add_unseen(client)

    def demo_people(self) -> list[Account]:
        """List the invented users of the demonstration as they were made; nobody for a real one."""
        if not self.workspace.settings.demo:
            return []
        with reading(self.workspace.engine) as connection:
            accounts = store.list_accounts(connection)
        people = [a for a in accounts if a.password_hash is None and not a.is_disabled]
        return sorted(people, key=lambda person: person.account_id)

    # one's own account ---------------------------------------------------------------------

    def new_second_factor(self, session: Session) -> str:
        """Return the secret that the session may set up as its second factor."""
        if session.stage not in (SignInStage.OPEN, SignInStage.NEEDS_SECOND_FACTOR):
            raise NotAllowedError(_WRONG)
        return self._new_secrets.setdefault(session.session_id, rules.new_second_factor())

    def set_second_factor(self, token: str, code: str, password: str, client: str) -> Admission:
        """Set up the second factor with its first code; from the account page with the password.

        Raises
        ------
        SignInRefusedError
            The code or the password does not fit.
        """
        session = self._pending(token, SignInStage.NEEDS_SECOND_FACTOR, SignInStage.OPEN)
        account = session.account
        if session.stage is SignInStage.OPEN:
            self._confirm_password(account, password, client)
        secret = self._new_secrets.get(session.session_id, rules.new_second_factor())
        step = rules.step_of_code(secret, code, self.clock(), 0)
        if step is None:
            raise SignInRefusedError(_WRONG)
        sealed = self.workspace.keys.seal(secret)
        account = self._change_own(
            session, {"second_factor": "set"}, second_factor=sealed, last_code_step=step
        )
        self._new_secrets.pop(session.session_id, None)
        return self.admit(account, client, self._next_stage(account, has_code=True), session)

    def change_password(self, token: str, old: str, new: str, client: str) -> Admission:
        """Change one's own password; all other sessions of the account end.

        Raises
        ------
        SignInRefusedError
            The old password does not fit.
        InputError
            The new one cannot be used.
        """
        session = self._pending(token, SignInStage.NEEDS_PASSWORD, SignInStage.OPEN)
        account = session.account
        self._confirm_password(account, old, client)
        if old == new:
            message = "The new password is the old one; choose another."
            raise SignInRefusedError(message)
        rules.check_password(new, account.name, account.shown_as)
        account = self._change_own(
            session,
            {"password": "changed"},
            password_hash=rules.hash_password(new),
            must_change_password=False,
        )
        return self.admit(account, client, SignInStage.OPEN, session)

    def sign_out(self, token: str) -> None:
        """End the session of a token; nothing happens where it is over already."""
        session = self.session_of(token)
        if session is None:
            return
        with work_on(self.workspace, session.actor, Operation.SIGN_OUT) as work:
            store.end_session(work.connection, session.session_id, work.now, Ending.SIGNED_OUT)
            work.log(f"session {session.reference}", rows=1)

    def sign_out_others(self, token: str) -> int:
        """End all other sessions of one's own account; give their number."""
        session = self._pending(token, SignInStage.OPEN)
        number = session.account.account_id
        with work_on(self.workspace, session.actor, Operation.SIGN_OUT) as work:
            ended = store.end_sessions_of(
                work.connection, number, work.now, Ending.SIGNED_OUT, session.session_id
            )
            work.log("other sessions of one's own", rows=ended)
        return ended

    def _pending(self, token: str, *stages: SignInStage) -> Session:
        session = self.session_of(token)
        if session is None or session.stage not in stages:
            message = "This sign-in is over. Start again."
            raise SignInRefusedError(message)
        return session

    def _next_stage(self, account: Account, *, has_code: bool) -> SignInStage:
        if account.second_factor is not None and not has_code:
            return SignInStage.NEEDS_CODE
        needs = {role.value for role in account.roles} & set(
            self.workspace.settings.second_factor_for
        )
        if needs and account.second_factor is None:
            return SignInStage.NEEDS_SECOND_FACTOR
        return SignInStage.NEEDS_PASSWORD if account.must_change_password else SignInStage.OPEN

    def _is_first_use(self, account: Account, step: int) -> bool:
        with keeping_time(self.workspace.engine) as connection:
            return store.use_code(connection, account.account_id, step)

    def _wait_over(self, key: str) -> None:
        """Refuse an attempt that comes too soon after failed ones, without looking at it."""
        now = self.clock()
        until = self.refusals.failures(key).wait_until(now)
        if until is None or now >= until:
            return
        seconds = math.ceil((until - now).total_seconds())
        wait = f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
        message = f"Too many attempts. Wait {wait}, then try again."
        raise SignInRefusedError(message)

    def _refuse(self, key: str, account: Account | None, client: str) -> NoReturn:
        """Count a failed attempt, without what was typed, and say no."""
        self.refusals.add(key, account, client, self.clock())
        raise SignInRefusedError(_WRONG)

    def _confirm_password(self, account: Account, password: str, client: str) -> None:
        key = failures_key(self.workspace, account)
        with self._one_at_a_time:
            self._wait_over(key)
            if not rules.is_password(account.password_hash, password):
                self._refuse(key, account, client)

    def _change_own(self, session: Session, shape: dict[str, Any], **values: Any) -> Account:  # noqa: ANN401
        """Change one's own account; its other sessions end."""
        account = session.account
        with work_on(self.workspace, session.actor, Operation.CHANGE_OWN_ACCOUNT) as work:
            store.change_account(work.connection, account, **values)
            ended = store.end_sessions_of(
                work.connection,
                account.account_id,
                work.now,
                Ending.ACCOUNT_CHANGED,
                session.session_id,
            )
            shape = {**shape, "sessions_ended": ended}
            work.log(f"account {account.account_id}", rows=1, shape=shape)
        return replace(account, version=account.version + 1, **values)
