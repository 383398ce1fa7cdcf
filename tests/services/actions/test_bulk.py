"""Several actions get another owner or day together: all of them, or none."""

from __future__ import annotations

from datetime import date

import pytest

from hotspot import NotAllowedError
from hotspot.access.actor import Actor
from hotspot.errors import ConflictError, FieldsError, NotFoundError
from hotspot.services.actions import lists, recording
from hotspot.services.actions.bulk import Change, amend_several
from hotspot.services.actions.changes import note_event
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, an_action, log_of, run_of

TO_ANN = Change("Ann Lead", "", date(2031, 3, 3), "Sgt Old has left")


@pytest.fixture
def three(demo: Workspace, lead: Actor) -> Workspace:
    run = run_of(demo, lead)
    for name in "abc":
        command = an_action(name, owner="Sgt Old", due_on=date(2031, 1, 6))
        recording.record_action(demo, lead, command, run, "H-01", FORCE)
    return demo


def owners(workspace: Workspace, lead: Actor) -> list[str]:
    return lists.list_actions(workspace, lead).sort_values("action_id")["owner"].tolist()


def test_several_are_handed_over_at_once_and_each_history_tells(
    three: Workspace, lead: Actor
) -> None:
    before = len(log_of(three))
    amend_several(three, lead, {1: 1, 3: 1}, TO_ANN)
    assert len(log_of(three)) == before + 1
    assert owners(three, lead) == ["Ann Lead", "Sgt Old", "Ann Lead"]
    listed = lists.list_actions(three, lead).set_index("action_id")
    assert listed["due_on"].tolist().count(date(2031, 3, 3)) == 2
    assert set(listed["agency"]) == {"Stoke-on-Trent City Council"}
    for number in (1, 3):
        said = recording.history_of(three, lead, number)["note"].iloc[-1]
        assert said.endswith("Sgt Old has left")
        assert "Sgt Old (" in said


@pytest.mark.parametrize(
    ("seen", "error"), [({1: 1, 2: 1}, ConflictError), ({1: 1, 99: 1}, NotFoundError)]
)
def test_one_that_cannot_be_changed_leaves_all_as_they_were(
    three: Workspace, lead: Actor, seen: dict[int, int], error: type[Exception]
) -> None:
    note_event(three, lead, 2, 1, "noted", "somebody was here first")
    with pytest.raises(error):
        amend_several(three, lead, seen, TO_ANN)
    assert owners(three, lead) == ["Sgt Old"] * 3
    assert len(recording.history_of(three, lead, 1)) == 1


def test_what_is_missing_is_said_at_once(three: Workspace, lead: Actor) -> None:
    with pytest.raises(FieldsError) as error:
        amend_several(three, lead, {}, Change("", "", date(2029, 1, 1), " "))
    assert set(error.value.faults) == {"actions", "why", "due_on"}
    with pytest.raises(FieldsError, match="another owner"):
        amend_several(three, lead, {1: 1}, Change("", "", None, "because"))


def test_who_may_not_change_one_may_not_change_several(three: Workspace, analyst: Actor) -> None:
    with pytest.raises(NotAllowedError):
        amend_several(three, analyst, {1: 1}, TO_ANN)
