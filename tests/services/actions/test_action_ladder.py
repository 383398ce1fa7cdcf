"""The ladder of an action: every step, every forbidden one, reasons, outcomes, events."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.disruption.actions import EVENTS
from hotspot.disruption.ladders import (
    CLOSED,
    LADDER,
    ActionState,
    Stage,
    Standing,
    check_stages,
    way_to,
)
from hotspot.disruption.measures import load_catalogue
from hotspot.errors import ConflictError
from hotspot.services.actions import clocks, lists, recording, views
from hotspot.services.actions.changes import Outcome, change_action, note_event, ways_of
from hotspot.services.actions.gates import gates_at
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, an_action, run_of

WAY_UP = (
    ActionState.PROPOSED,
    ActionState.AGREED,
    ActionState.PREPARING,
    ActionState.UNDERWAY,
    ActionState.COMPLETED,
    ActionState.EFFECT_CHECKED,
)


OWN_LADDER = [
    "CAWN16",
    "CAWN18",
    "LA51",
    "LA53A",
    "LA167",
    "CPN",
    "TX61",
    "TX60",
    "CN76",
    "CO80",
    "SOA-CN",
    "SOA-CO",
    "H116",
    "HVP",
    "NTE-OP",
    "TEST",
    "MAKESAFE",
    "ENV",
    "TX-OP",
]


@pytest.mark.parametrize("before", list(ActionState))
@pytest.mark.parametrize("after", list(ActionState))
def test_a_step_is_on_the_ladder_or_is_refused(before: ActionState, after: ActionState) -> None:
    if after in LADDER[before]:
        way_to((), Standing(before.value), after, "because")
    else:
        with pytest.raises(InputError, match=f"cannot become '{after}'; it can become"):
            way_to((), Standing(before.value), after, "because")


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
        way_to((), Standing("agreed"), after, " ")


@pytest.mark.parametrize("before", sorted(CLOSED))
def test_a_step_back_needs_its_reason(before: ActionState) -> None:
    for after in LADDER[before]:
        with pytest.raises(InputError, match=r"Say why|Say what the look at the effect found"):
            way_to((), Standing(before.value), after, "")


@pytest.mark.slow
def test_every_measure_goes_up_its_ladder_to_each_of_its_outcomes(
    demo: Workspace, lead: Actor
) -> None:
    run = run_of(demo, lead)
    catalogue = measure_catalogue.catalogue_of(demo)
    for code, measure in catalogue.items():
        if measure.stages:
            continue  # below
        confirmed = tuple(gate.when for gate in measure.gates)
        command = an_action(code, measure_code=code, confirmed=confirmed, is_proposed=True)
        number = recording.record_action(demo, lead, command, run, "H-01", FORCE).action_id
        with pytest.raises(InputError, match="cannot become 'completed'"):
            change_action(demo, lead, number, 1, ActionState.COMPLETED, "")
        for version, state in enumerate(WAY_UP[1:], start=1):
            ended = Outcome(measure.outcomes[-1], {"visits": 3, "stops": 0})
            change_action(
                demo,
                lead,
                number,
                version,
                state,
                "looked at" if state is ActionState.EFFECT_CHECKED else "",
                ended=ended if state is ActionState.COMPLETED else None,
            )
        with pytest.raises(InputError, match="is no outcome of it"):
            change_action(
                demo,
                lead,
                number,
                len(WAY_UP),
                ActionState.COMPLETED,
                "wrong",
                ended=Outcome("something else"),
            )
    listed = lists.list_actions(demo, lead)
    assert set(listed["state"]) == {"effect checked"}
    assert len(listed) == len(catalogue) - len(OWN_LADDER)
    assert all(
        outcome == catalogue[code].outcomes[-1] and results == {"visits": 3}
        for code, outcome, results in zip(
            listed["measure_code"], listed["outcome"], listed["results"], strict=True
        )
    )
    assert not listed["is_overdue"].any()


def test_what_happens_is_noted_as_often_as_it_does(demo: Workspace, lead: Actor) -> None:
    run = run_of(demo, lead)
    number = recording.record_action(demo, lead, an_action(), run, "H-01", FORCE).action_id
    for version, kind in enumerate([*EVENTS, "breached"], start=1):
        note_event(demo, lead, number, version, kind, f"{kind} at the car park")
    history = recording.history_of(demo, lead, number)
    assert history["event"].tolist() == ["recorded", *EVENTS, "breached"]
    assert set(history["state"]) == {"agreed"}
    for kind, note in (("exploded", "x"), ("breached", " ")):
        with pytest.raises(InputError, match="Choose what happened"):
            note_event(demo, lead, number, 6, kind, note)
    with pytest.raises(ConflictError):
        note_event(demo, lead, number, 1, "breached", "late")


def test_completed_actions_without_a_look_at_their_effect_are_listed(
    demo: Workspace, lead: Actor
) -> None:
    run = run_of(demo, lead)
    for command in ("a", "b"):
        recording.record_action(demo, lead, an_action(command), run, "H-01", FORCE)
        number = {"a": 1, "b": 2}[command]
        change_action(demo, lead, number, 1, ActionState.COMPLETED, "")
    change_action(demo, lead, 2, 2, ActionState.EFFECT_CHECKED, "no clear change")
    listed = lists.list_actions(demo, lead)
    day = listed["due_on"].iloc[0]
    found = views.chosen(listed, views.UNCHECKED, lead, day)
    assert found["action_id"].tolist() == [1]


@pytest.mark.parametrize("results", [{"stops": -1}, {"children": 1}, {"stops": 200_000}])
def test_results_are_counts_of_the_list(
    demo: Workspace, lead: Actor, results: dict[str, int]
) -> None:
    run = run_of(demo, lead)
    number = recording.record_action(demo, lead, an_action(), run, "H-01", FORCE).action_id
    with pytest.raises(InputError, match="is no result"):
        change_action(demo, lead, number, 1, ActionState.COMPLETED, "", ended=Outcome("", results))


def way_up(stages: tuple[Stage, ...]) -> list[str]:
    """The usual way up a measure's own ladder, which passes each stage once at most."""
    by_name = {stage.name: stage for stage in stages}
    found = [next(stage.name for stage in stages if stage.is_start)]
    beside = {stage.name for stage in stages if stage.aside}
    while found[-1] in by_name:
        onward = (to for to in by_name[found[-1]].to if to not in found)
        found.append(next(to for to in onward if to not in beside))
    return found


def test_these_measures_have_their_own_ladder() -> None:
    assert sorted(c for c, m in load_catalogue().items() if m.stages) == sorted(OWN_LADDER)


@pytest.mark.parametrize("code", OWN_LADDER)
def test_a_measure_goes_up_its_own_ladder_and_no_other_way(
    demo: Workspace, lead: Actor, code: str
) -> None:
    run = run_of(demo, lead)
    measure = measure_catalogue.catalogue_of(demo)[code]
    confirmed = tuple(gate.when for gate in measure.gates if not gate.at)
    command = an_action(code, measure_code=code, confirmed=confirmed)
    number = recording.record_action(demo, lead, command, run, "H-01", FORCE).action_id
    by_name, day = {stage.name: stage for stage in measure.stages}, date(2026, 11, 2)
    for version, to in enumerate(way_up(measure.stages), start=1):
        row = lists.list_actions(demo, lead).iloc[0]
        open_ways = {
            way.to for way in ways_of(demo, {str(name): value for name, value in row.items()})
        }
        for wrong in {*by_name, "underway"} - open_ways:
            with pytest.raises(InputError, match=f"cannot become '{wrong}'; it can become"):
                change_action(demo, lead, number, version, wrong, "because")
        stage = by_name.get(to)
        own = stage.outcomes if stage else ()
        asks_outcome = stage is not None and (stage.needs_outcome or len(own) > 1)
        ended = Outcome((own or measure.outcomes)[0], {}) if asks_outcome else None
        later = day + timedelta(30 * version)
        on = later if stage and (stage.event or stage.moment) else None
        dates = dict.fromkeys(stage.asks, later) if stage else {}
        if on is not None or ended is not None or dates:
            with pytest.raises(InputError, match=r"Say on which day|needs its outcome|needs a day"):
                change_action(demo, lead, number, version, to, "")
        asked = [gate.when for gate in gates_at(measure, to)]
        if asked:
            with pytest.raises(InputError, match="Confirm first: "):
                change_action(demo, lead, number, version, to, "", ended=ended, on=on, dates=dates)
        change_action(
            demo,
            lead,
            number,
            version,
            to,
            "",
            ended=ended,
            on=on,
            dates=dates,
            confirmed=asked,
        )
        row = lists.list_actions(demo, lead).iloc[0]
        assert row["stands"] == to
        assert row["state"] == (stage.state if stage else "completed")
    happened, deadlines = clocks.deadlines_of_action(demo, lead, number)
    passed = [by_name[to] for to in way_up(measure.stages)[:-1]]
    events = {stage.event for stage in passed if stage.event is not None}
    assert set(happened) == events | {s.moment for s in passed if s.moment} | {
        name for stage in passed for name in stage.asks
    }
    at = {event: measure_catalogue.moment_of(happened[event]) for event in events}
    waiting = {step.step for step in measure_catalogue.waiting_for(demo, code, at)}
    named = {step.step for step in measure.clock} - waiting if events else set()
    assert named - {one.step for one in deadlines} <= waiting
    version = int(row["version"])
    change_action(demo, lead, number, version, "effect checked", "no clear change")


def test_a_stage_passed_over_a_stop_and_a_step_back_need_their_reason(
    demo: Workspace, lead: Actor
) -> None:
    run = run_of(demo, lead)
    command = an_action("a", measure_code="LA51")
    number = recording.record_action(demo, lead, command, run, "H-01", FORCE).action_id
    steps = [
        "application drafted",
        "on hold",
        "application drafted",
        "pack signed off",
        "application drafted",
    ]
    for version, to in enumerate(steps, start=1):
        if version in (1, 2, 5):
            with pytest.raises(InputError, match="Say why"):
                change_action(demo, lead, number, version, to, "")
        change_action(demo, lead, number, version, to, "grave enough at first instance")
        assert lists.list_actions(demo, lead)["stands"].iloc[0] == to
    change_action(demo, lead, number, 6, "withdrawn", "the licence was surrendered")
    change_action(demo, lead, number, 7, "agreed", "it was not")
    row = lists.list_actions(demo, lead).iloc[0]
    assert (row["state"], row["stage"]) == ("agreed", "")


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ([("a", ["b"])], "leads nowhere"),
        ([("a", ["completed"]), ("a", ["completed"])], "twice"),
        ([("a", ["completed"]), ("b", ["completed"])], "cannot be reached: b"),
        ([("a", ["a"])], "cannot be reached: completed"),
        ([("underway", ["completed"])], "name of a common state"),
    ],
)
def test_a_ladder_hangs_together(stages: list[tuple[str, list[str]]], message: str) -> None:
    made = [
        Stage(name=name, state="underway", to=tuple(to), is_start=number == 0)
        for number, (name, to) in enumerate(stages)
    ]
    with pytest.raises(ValueError, match=message):
        check_stages(made, [])
