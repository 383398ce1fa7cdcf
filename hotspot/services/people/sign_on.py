"""Let in whom the force's directory knows: an account follows the claims at every sign-in."""

from __future__ import annotations

from hotspot.access.accounts import Account, check_holder
from hotspot.access.actor import Actor, UserRole
from hotspot.access.claims import Known
from hotspot.access.permissions import Operation
from hotspot.access.sessions import Ending, SignInStage
from hotspot.errors import InputError, SignInRefusedError
from hotspot.services.people.session_book import Admission, SessionBook
from hotspot.services.workspace.folder import work_on
from hotspot.store import accounts as store
from hotspot.store.unit_of_work import reading

DIRECTORY = Actor("single sign-on", frozenset({UserRole.ADMINISTRATOR}))


def admit(book: SessionBook, known: Known, client: str) -> Admission:
    """Let someone in, making or changing the account to what the claims say now.

    Raises
    ------
    SignInRefusedError
        The account is disabled here, or the claims make no account that could be used.
    """
    workspace = book.workspace
    districts = known.districts & frozenset(workspace.area.districts)
    try:
        check_holder(_name_of(book, known), known.shown_as, known.roles, districts)
    except InputError as error:
        raise SignInRefusedError(str(error)) from error
    with reading(workspace.engine) as connection:
        account = store.account_by_subject(connection, known.subject)
    if account is not None and account.is_disabled:
        message = "Your account is disabled here. Ask the administrator of this workspace."
        raise SignInRefusedError(message)
    holder: dict[str, object] = {
        "shown_as": known.shown_as,
        "roles": known.roles,
        "agency": known.agency,
        "districts": districts,
    }
    if account is None:
        _add(book, known, holder)
    elif any(getattr(account, name) != value for name, value in holder.items()):
        _change(book, account, holder)
    with reading(workspace.engine) as connection:
        account = store.account_by_subject(connection, known.subject)
    if account is None:
        message = "The account could not be made; try again."
        raise SignInRefusedError(message)
    return book.admit(account, client, SignInStage.OPEN)


def _add(book: SessionBook, known: Known, holder: dict[str, object]) -> None:
    name = _name_of(book, known)
    with work_on(book.workspace, DIRECTORY, Operation.ADD_ACCOUNT) as work:
        number = store.add_account(
            work.connection, name=name, subject=known.subject, must_change_password=False, **holder
        )
        work.log(f"account {number}", rows=1, shape={"roles": sorted(known.roles)})


def _name_of(book: SessionBook, known: Known) -> str:
    return f"sso-{book.workspace.keys.hide(known.subject)[:16]}"


def _change(book: SessionBook, account: Account, holder: dict[str, object]) -> None:
    with work_on(book.workspace, DIRECTORY, Operation.CHANGE_ACCOUNT) as work:
        store.change_account(work.connection, account, **holder)
        ended = store.end_sessions_of(
            work.connection, account.account_id, work.now, Ending.ACCOUNT_CHANGED
        )
        work.log(f"account {account.account_id}", rows=1, shape={"sessions_ended": ended})
