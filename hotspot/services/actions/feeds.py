"""Let a person's own calendar read what falls due, by a private address that can be ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.access.sessions import digest_of, new_token
from hotspot.disruption.calendar_file import reminder_file
from hotspot.errors import NotAllowedError, NotFoundError
from hotspot.services.actions.reminders import reminders_in
from hotspot.services.workspace.audit_names import places_of_actions
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import feeds
from hotspot.store.unit_of_work import reading

AHEAD = timedelta(days=366)
_RECIPIENTS, _REASON = "own calendar", "private address of a calendar"


def make_feed(workspace: Workspace, actor: Actor) -> str:
    """Make the private address of an account and return its token, which is kept nowhere.

    An earlier address of the account ends.

    Raises
    ------
    NotAllowedError
        The actor has no account, or may not let the list of actions leave.
    """
    permit(workspace, actor, Operation.EXPORT_ACTIONS, _REASON)
    number, token = _account(actor), new_token()
    with work_on(workspace, actor, Operation.CHANGE_OWN_ACCOUNT) as work:
        feeds.add_feed(work.connection, number, digest_of(token), work.now)
        work.log("own calendar", rows=1, shape={"made": True})
    return token


def end_feed(workspace: Workspace, actor: Actor) -> None:
    """End the private address of an account: whoever has it gets nothing any more.

    Raises
    ------
    NotAllowedError
        The actor has no account.
    """
    number = _account(actor)
    with work_on(workspace, actor, Operation.CHANGE_OWN_ACCOUNT) as work:
        ended = feeds.end_feed(work.connection, number, work.now)
        work.log("own calendar", rows=int(ended), shape={"made": False})


def has_feed(workspace: Workspace, actor: Actor) -> bool:
    """Tell whether an account has a private address."""
    permit(workspace, actor, Operation.CHANGE_OWN_ACCOUNT)
    if actor.account_id is None:
        return False
    with reading(workspace.engine) as connection:
        return feeds.has_feed(connection, actor.account_id)


def read_feed(workspace: Workspace, token: str, client: str, today: date) -> bytes:
    """Return the calendar of a private address, with what its account may see now; log it.

    It names measures, references and days: no place, no owner, no note.

    Raises
    ------
    NotFoundError
        There is no such address, it has ended, or its account may not sign in or not export.
    """
    with reading(workspace.engine) as connection:
        account = feeds.account_of_feed(connection, digest_of(token))
    if account is None or account.must_change_password:
        message = "There is no such calendar."
        raise NotFoundError(message)
    actor = account.actor(client=client)
    try:
        permit(workspace, actor, Operation.EXPORT_ACTIONS, _REASON)
    except NotAllowedError as error:
        message = "There is no such calendar."
        raise NotFoundError(message) from error
    with work_on(workspace, actor, Operation.EXPORT_ACTIONS, _REASON) as work:
        reminders, listed = reminders_in(workspace, work, today, AHEAD)
        shown = listed[listed["action_id"].isin(reminders["action_id"])]
        places = places_of_actions(shown)
        work.log("own calendar", rows=len(reminders), places=places, recipients=_RECIPIENTS)
    entries = [
        (
            f"action-{row['action_id']}-{row['says']}-{row['due_on']}",
            f"{row['measure_code']} {row['reference']}: {row['says']}".replace(" :", ":"),
            row["due_on"],
        )
        for row in reminders.to_dict("records")
    ]
    return reminder_file(entries, datetime.now(UTC))


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        message = "A private address belongs to an account; sign in with one."
        raise NotAllowedError(message)
    return actor.account_id
