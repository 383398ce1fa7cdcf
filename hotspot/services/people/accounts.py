"""Make and change the accounts of a workspace: the administrator's work."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hotspot.access.accounts import Account, check_holder, check_password, hash_password
from hotspot.access.actor import Actor, UserRole
from hotspot.access.names import canonical_name
from hotspot.access.permissions import Operation
from hotspot.access.sessions import Ending, SignInStage
from hotspot.disruption.actions import AGENCIES
from hotspot.errors import ConflictError, InputError, NotFoundError
from hotspot.services.people.refusals import failures_key, forget_failures
from hotspot.services.workspace.folder import Workspace, session_policy, work_on
from hotspot.store import accounts as store
from hotspot.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Holder:
    """Who an account is for.

    Attributes
    ----------
    name
        What is typed at sign-in.
    shown_as
        Name on screens and in the log.
    roles, agency, districts
        What they may do, for whom they work, and where (partners).
    """

    name: str
    shown_as: str
    roles: frozenset[UserRole]
    agency: str
    districts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AccountLine:
    """One line of the list of accounts."""

    account: Account
    open_sessions: int
    failures: int


def add_account(workspace: Workspace, actor: Actor, holder: Holder, password: str | None) -> int:
    """Make an account and return its number.

    Parameters
    ----------
    password
        A first password, which its holder must change at the first sign-in unless the command line
        made it; `None` for an account of the demonstration or of single sign-on.

    Raises
    ------
    InputError
        The holder or the password cannot be used.
    ConflictError
        The name is taken.
    """
    holder = _checked(workspace, holder)
    if password is not None:
        check_password(password, holder.name, holder.shown_as)
    elif not workspace.settings.demo:
        message = "Give a first password; an account without one is for single sign-on only."
        raise InputError(message)
    with work_on(workspace, actor, Operation.ADD_ACCOUNT) as work:
        if store.account_by_name(work.connection, holder.name) is not None:
            message = f"There is an account '{holder.name}' already; choose another name."
            raise ConflictError(message)
        number = store.add_account(
            work.connection,
            **vars(holder),
            password_hash=hash_password(password) if password is not None else None,
            must_change_password=bool(actor.session) and password is not None,
        )
        _log(work, number, {"roles": sorted(holder.roles)})
    return number


def list_accounts(workspace: Workspace, actor: Actor) -> list[AccountLine]:
    """List the accounts with their open sessions and failed attempts, by name."""
    with work_on(workspace, actor, Operation.VIEW_ACCOUNTS) as work:
        accounts = store.list_accounts(work.connection)
        policy = session_policy(workspace.settings)
        sessions = [
            session.account.account_id
            for session in store.list_sessions(work.connection)
            if session.stage is SignInStage.OPEN and session.ended(policy, work.now) is None
        ]
        lines = [
            AccountLine(
                account,
                sessions.count(account.account_id),
                store.failures_of(work.connection, failures_key(workspace, account)).count,
            )
            for account in accounts
        ]
        work.log("accounts", rows=len(lines))
    return lines


def change_holder(workspace: Workspace, actor: Actor, account: Account, holder: Holder) -> None:
    """Change roles, agency, districts or names; open sessions of the account end at once."""
    holder = _checked(workspace, holder)
    shape = {"roles": sorted(holder.roles), "districts": len(holder.districts)}
    _change(workspace, actor, account, shape, **vars(holder))


def set_disabled(
    workspace: Workspace, actor: Actor, account: Account, *, is_disabled: bool
) -> None:
    """Refuse or allow sign-in; disabling ends open sessions at once."""
    _change(workspace, actor, account, {"disabled": is_disabled}, is_disabled=is_disabled)


def set_password(workspace: Workspace, actor: Actor, account: Account, password: str) -> None:
    """Give an account a new first password, which its holder must change; sessions end."""
    check_password(password, account.name, account.shown_as)
    _change(
        workspace,
        actor,
        account,
        {"password": "set"},
        password_hash=hash_password(password),
        must_change_password=True,
    )


def reset_second_factor(workspace: Workspace, actor: Actor, account: Account) -> None:
    """Take a lost second factor away; who needs one sets up a new one at the next sign-in."""
    _change(workspace, actor, account, {"second_factor": "reset"}, second_factor=None)


def unlock(workspace: Workspace, actor: Actor, account: Account) -> None:
    """Forget the failed attempts of an account, which unlocks it."""
    with work_on(workspace, actor, Operation.CHANGE_ACCOUNT) as work:
        forget_failures(workspace, work.connection, account)
        _log(work, account.account_id, {"failures": "forgotten"})


def end_sessions(workspace: Workspace, actor: Actor, account: Account) -> None:
    """End the open sessions of an account at once."""
    _change(workspace, actor, account, {"sessions": "ended"})


def find_account(workspace: Workspace, actor: Actor, name: str) -> Account:
    """Find the account of a name.

    Raises
    ------
    NotFoundError
        There is none.
    """
    for line in list_accounts(workspace, actor):
        if line.account.name == name.strip().lower():
            return line.account
    message = f"There is no account '{name}'; list them with: hotspot user list"
    raise NotFoundError(message)


def _checked(workspace: Workspace, holder: Holder) -> Holder:
    check_holder(holder.name, holder.shown_as, holder.roles, holder.districts)
    known = workspace.area.districts
    unknown = sorted(holder.districts - set(known))
    if unknown:
        message = f"{', '.join(unknown)} is no district of {workspace.area.name}; it has: "
        raise InputError(message + (", ".join(known) or "none") + ".")
    if holder.agency not in AGENCIES:
        message = f"'{holder.agency}' is no agency on the list; choose one of: "
        raise InputError(message + ", ".join(AGENCIES) + ".")
    return replace(holder, name=canonical_name(holder.name), shown_as=holder.shown_as.strip())


def _change(
    workspace: Workspace,
    actor: Actor,
    account: Account,
    shape: dict[str, object],
    **values: object,
) -> None:
    with work_on(workspace, actor, Operation.CHANGE_ACCOUNT) as work:
        store.change_account(work.connection, account, **values)
        _keep_an_administrator(work, account)
        ended = store.end_sessions_of(
            work.connection, account.account_id, work.now, Ending.ACCOUNT_CHANGED
        )
        _log(work, account.account_id, {**shape, "sessions_ended": ended})


def _keep_an_administrator(work: UnitOfWork, changed: Account) -> None:
    """Refuse a change that would leave a workspace which had an administrator with none."""
    if UserRole.ADMINISTRATOR not in changed.roles or changed.is_disabled:
        return
    left = store.list_accounts(work.connection)
    if not any(UserRole.ADMINISTRATOR in a.roles and not a.is_disabled for a in left):
        message = f"{changed.shown_as} is the last administrator; make another one first."
        raise InputError(message)


def _log(work: UnitOfWork, account_id: int, shape: dict[str, object]) -> None:
    work.log(f"account {account_id}", rows=1, shape=shape)
