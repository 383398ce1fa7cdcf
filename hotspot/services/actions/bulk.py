"""Give several actions another owner or day at once: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.actions import MAX_NOTE
from hotspot.errors import FieldsError, check_all
from hotspot.services.actions.days import check_due
from hotspot.services.actions.lists import changeable
from hotspot.services.workspace.audit_names import hotspot_place
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import actions
from hotspot.store.accounts import account_shown_as


@dataclass(frozen=True)
class Change:
    """What several actions get, and why.

    Attributes
    ----------
    owner, agency, due_on
        Who does them from now on, and by when; empty or None leaves what each of them has.
    why
        Why they are changed.
    is_late_meant
        Whether a person has said that a due date which has passed is meant.
    """

    owner: str
    agency: str
    due_on: date | None
    why: str
    is_late_meant: bool = False


def amend_several(
    workspace: Workspace, actor: Actor, seen: Mapping[int, int], change: Change
) -> None:
    """Give several actions another owner or day; what was before stays in the history of each.

    Parameters
    ----------
    seen
        Numbers of the actions, with the version of each that was seen.

    Raises
    ------
    FieldsError
        None is chosen, nothing changes, the reason is missing, or a new due date has passed.
    ConflictError
        Someone else has changed one of them; none is changed then.
    NotAllowedError, NotFoundError
        One is not the actor's to change, or there is none; none is changed then.
    """
    check_all(lambda: _check(seen, change), lambda: _check_day(change))
    places = set()
    with work_on(workspace, actor, Operation.CHANGE_ACTION) as work:
        for number, version in seen.items():
            before = changeable(workspace, work, number).iloc[0]
            owner = change.owner.strip() or before["owner"]
            agency = change.agency.strip() or before["agency"]
            due = change.due_on or before["due_on"]
            said = (
                f"{before['owner']} ({before['agency']}), due {before['due_on']}, is now {owner} "
                f"({agency}), due {due}: {change.why.strip()}"
            )
            values = {"owner": owner, "agency": agency, "due_on": due}
            if owner != before["owner"]:
                values["owner_id"] = account_shown_as(work.connection, owner, actor)
            event = actions.ActionEvent(work.now, actor.name, "amended", said[:MAX_NOTE])
            actions.change_action(work.connection, number, version, event, **values)
            places.add(hotspot_place(int(before["hotspot_id"])))
        work.log("several actions", rows=len(seen), shape={"amended": True}, places=places)


def _check(seen: Mapping[int, int], change: Change) -> None:
    faults = {}
    if not seen:
        faults["actions"] = "Choose the actions that are changed."
    if not (change.owner.strip() or change.agency.strip() or change.due_on):
        faults["actions"] = "Give another owner, another agency or another day."
    if not change.why.strip():
        faults["why"] = "Say why they are changed; the reason stays in their history."
    if faults:
        raise FieldsError(faults)


def _check_day(change: Change) -> None:
    if change.due_on is not None:
        check_due(change.due_on, is_meant=change.is_late_meant)
