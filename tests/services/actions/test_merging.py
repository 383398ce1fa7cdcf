"""An action that was recorded twice is merged into the one that is kept; nothing is deleted."""

from __future__ import annotations

import pytest

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor
from hotspot.errors import ConflictError, FieldsError
from hotspot.services.actions import lists, recording
from hotspot.services.actions.changes import change_action, note_event
from hotspot.services.actions.merging import merge_duplicate
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, an_action, log_of, run_of


@pytest.fixture
def twice(demo: Workspace, lead: Actor) -> Workspace:
    run = run_of(demo, lead)
    for command in ("a", "b"):
        recorded = an_action(command, note=f"note of {command}")
        recording.record_action(demo, lead, recorded, run, "H-01", FORCE)
    return demo


def test_the_duplicate_ends_and_its_note_goes_over(twice: Workspace, lead: Actor) -> None:
    before = len(log_of(twice))
    merge_duplicate(twice, lead, (2, 1), (1, 1), "pressed twice")
    assert len(log_of(twice)) == before + 1
    listed = lists.list_actions(twice, lead).set_index("action_id")
    assert listed["state"].to_dict() == {1: "agreed", 2: "withdrawn"}
    ended = recording.history_of(twice, lead, 2).iloc[-1]
    assert ended["note"] == "a duplicate of action 1: pressed twice"
    taken = recording.history_of(twice, lead, 1).iloc[-1]
    assert (taken["event"], taken["state"]) == ("merged", "agreed")
    assert taken["note"] == "action 2 was the same: pressed twice; note of b"


def test_neither_is_changed_where_the_other_was(twice: Workspace, lead: Actor) -> None:
    note_event(twice, lead, 2, 1, "noted", "somebody was here first")
    with pytest.raises(ConflictError):
        merge_duplicate(twice, lead, (2, 1), (1, 1), "pressed twice")
    assert len(recording.history_of(twice, lead, 1)) == 1


def test_what_cannot_be_merged_is_refused(twice: Workspace, lead: Actor, analyst: Actor) -> None:
    with pytest.raises(FieldsError) as error:
        merge_duplicate(twice, lead, (1, 1), (1, 1), " ")
    assert set(error.value.faults) == {"reason", "into"}
    change_action(twice, lead, 1, 1, "completed", "done")
    with pytest.raises(InputError, match="only open actions"):
        merge_duplicate(twice, lead, (2, 1), (1, 2), "pressed twice")
    with pytest.raises(NotAllowedError):
        merge_duplicate(twice, analyst, (2, 1), (1, 2), "pressed twice")
    assert lists.list_actions(twice, lead).set_index("action_id")["version"].to_dict() == {
        1: 2,
        2: 1,
    }
