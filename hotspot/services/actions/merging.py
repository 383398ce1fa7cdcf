"""Merge an action that was recorded twice into the one that is kept."""

from __future__ import annotations

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.actions import MAX_NOTE
from hotspot.disruption.ladders import CLOSED, ActionState
from hotspot.errors import FieldsError, InputError, check_all
from hotspot.services.actions.lists import changeable
from hotspot.services.workspace.audit_names import places_of_actions
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import actions

Seen = tuple[int, int]
"""Number of an action, and the version of it that was seen."""


def merge_duplicate(
    workspace: Workspace, actor: Actor, duplicate: Seen, kept: Seen, reason: str
) -> None:
    """End an action as a duplicate of another, which takes its note over; nothing is deleted.

    Raises
    ------
    FieldsError
        The reason is missing (field `reason`), or an action would be merged into itself (`into`).
    InputError
        One of the two is closed already.
    ConflictError
        Someone else has changed one of them; neither is changed then.
    NotAllowedError, NotFoundError
        See `changes.change_action`.
    """
    check_all(lambda: _check_reason(reason), lambda: _check_into(duplicate, kept))
    with work_on(workspace, actor, Operation.CHANGE_ACTION) as work:
        rows = {}
        for number, _ in (duplicate, kept):
            rows[number] = changeable(workspace, work, number)
            state = rows[number]["state"].iloc[0]
            if state in CLOSED:
                message = f"Action {number} is '{state}'; only open actions are merged."
                raise InputError(message)
        note = str(rows[duplicate[0]]["note"].iloc[0])
        told = f"action {duplicate[0]} was the same: {reason.strip()}"
        carried = "; ".join(filter(None, (told, note)))[:MAX_NOTE]
        event = actions.ActionEvent(work.now, actor.name, "merged", carried)
        actions.change_action(work.connection, *kept, event)
        said = f"a duplicate of action {kept[0]}: {reason.strip()}"[:MAX_NOTE]
        event = actions.ActionEvent(work.now, actor.name, "state changed", said)
        actions.change_action(work.connection, *duplicate, event, state=ActionState.WITHDRAWN.value)
        places = {place for row in rows.values() for place in places_of_actions(row)}
        shape = {"merged_into": kept[0]}
        work.log(f"action {duplicate[0]}", rows=2, shape=shape, places=places)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise FieldsError({"reason": "Say how it is known that both are the same."})


def _check_into(duplicate: Seen, kept: Seen) -> None:
    if duplicate[0] == kept[0]:
        raise FieldsError({"into": "Choose another action, the one that is kept."})
