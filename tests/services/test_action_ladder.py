"""The ladder of an action: every step, every forbidden one, reasons, outcomes, events."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.disruption.actions import (
    CLOSED,
    EVENTS,
    LADDER,
    ActionState,
    check_step,
)
from hotspot.errors import ConflictError
from hotspot.services import action_lists, action_views, actions, measures
from hotspot.services.actions import Outcome
from hotspot.services.workspace import Workspace
from tests.helpers import FORCE, an_action, run_of

WAY_UP = (ActionState.PROPOSED, ActionState.AGREED, ActionState.PREPARING, ActionState.UNDERWAY,
          ActionState.COMPLETED, ActionState.EFFECT_CHECKED)  # fmt: skip


@pytest.mark.parametrize("before", list(ActionState))
@pytest.mark.parametrize("after", list(ActionState))
def test_a_step_is_on_the_ladder_or_is_refused(before: ActionState, after: ActionState) -> None:
    if after in LADDER[before]:
        check_step(before.value, after, "because")
    else:
        with pytest.raises(InputError, match=f"cannot become '{after}'; it can become"):
            check_step(before.value, after, "because")


def test_every_state_can_be_reached_and_left() -> None:
    assert set(LADDER) == set(ActionState)
    reached, waiting = set(), [ActionState.PROPOSED]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting += [after for after in LADDER[state] if after not in reached]
    assert reached == set(ActionState)
    assert all(LADDER.values())
    assert all(after in LADDER[before] for before, after in pairwise(WAY_UP))


@pytest.mark.parametrize("after", [ActionState.ON_HOLD, ActionState.WITHDRAWN])
def test_a_stop_needs_its_reason(after: ActionState) -> None:
    with pytest.raises(InputError, match="Say why"):
        check_step("agreed", after, " ")


@pytest.mark.parametrize("before", sorted(CLOSED))
def test_a_step_back_needs_its_reason(before: ActionState) -> None:
    for after in LADDER[before]:
        if after is ActionState.EFFECT_CHECKED:
            check_step(before.value, after, "")
        else:
            with pytest.raises(InputError, match="Say why"):
                check_step(before.value, after, "")


def test_every_measure_goes_up_its_ladder_to_each_of_its_outcomes(
    demo: Workspace, lead: Actor
) -> None:
    run = run_of(demo, lead)
    catalogue = measures.catalogue_of(demo)
    for code, measure in catalogue.items():
        confirmed = tuple(gate.when for gate in measure.gates)
        command = an_action(code, measure_code=code, confirmed=confirmed, is_proposed=True)
        number = actions.record_action(demo, lead, command, run, "H-01", FORCE).action_id
        with pytest.raises(InputError, match="cannot become 'completed'"):
            actions.change_action(demo, lead, number, 1, ActionState.COMPLETED, "")
        for version, state in enumerate(WAY_UP[1:], start=1):
            ended = Outcome(measure.outcomes[-1], {"visits": 3, "stops": 0})
            actions.change_action(
                demo, lead, number, version, state, "",
                ended=ended if state is ActionState.COMPLETED else None,
            )  # fmt: skip
        with pytest.raises(InputError, match="is no outcome of it"):
            actions.change_action(
                demo, lead, number, len(WAY_UP), ActionState.COMPLETED, "wrong",
                ended=Outcome("something else"),
            )  # fmt: skip
    listed = action_lists.list_actions(demo, lead)
    assert set(listed["state"]) == {"effect checked"}
    assert len(listed) == len(catalogue)
    assert all(
        outcome == catalogue[code].outcomes[-1] and results == {"visits": 3}
        for code, outcome, results in zip(
            listed["measure_code"], listed["outcome"], listed["results"], strict=True
        )
    )
    assert not listed["is_overdue"].any()


def test_what_happens_is_noted_as_often_as_it_does(demo: Workspace, lead: Actor) -> None:
    run = run_of(demo, lead)
    number = actions.record_action(demo, lead, an_action(), run, "H-01", FORCE).action_id
    for version, kind in enumerate([*EVENTS, "breached"], start=1):
        actions.note_event(demo, lead, number, version, kind, f"{kind} at the car park")
    history = actions.history_of(demo, lead, number)
    assert history["event"].tolist() == ["recorded", *EVENTS, "breached"]
    assert set(history["state"]) == {"agreed"}
    for kind, note in (("exploded", "x"), ("breached", " ")):
        with pytest.raises(InputError, match="Choose what happened"):
            actions.note_event(demo, lead, number, 6, kind, note)
    with pytest.raises(ConflictError):
        actions.note_event(demo, lead, number, 1, "breached", "late")


def test_completed_actions_without_a_look_at_their_effect_are_listed(
    demo: Workspace, lead: Actor
) -> None:
    run = run_of(demo, lead)
    for command in ("a", "b"):
        actions.record_action(demo, lead, an_action(command), run, "H-01", FORCE)
        number = {"a": 1, "b": 2}[command]
        actions.change_action(demo, lead, number, 1, ActionState.COMPLETED, "")
    actions.change_action(demo, lead, 2, 2, ActionState.EFFECT_CHECKED, "no clear change")
    listed = action_lists.list_actions(demo, lead)
    day = listed["due_on"].iloc[0]
    found = action_views.chosen(listed, action_views.UNCHECKED, lead, day)
    assert found["action_id"].tolist() == [1]


@pytest.mark.parametrize("results", [{"stops": -1}, {"children": 1}, {"stops": 200_000}])
def test_results_are_counts_of_the_list(
    demo: Workspace, lead: Actor, results: dict[str, int]
) -> None:
    run = run_of(demo, lead)
    number = actions.record_action(demo, lead, an_action(), run, "H-01", FORCE).action_id
    with pytest.raises(InputError, match="is no result"):
        actions.change_action(
            demo, lead, number, 1, ActionState.COMPLETED, "", ended=Outcome("", results)
        )
