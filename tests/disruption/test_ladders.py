"""Every ladder of the catalogue, walked by program over everything that can be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from hotspot.disruption.clocks import events_of
from hotspot.disruption.ladders import BACK, CLOSED, ActionState, Standing, Way, ways_from
from hotspot.disruption.measures import Measure, load_catalogue
from hotspot.disruption.real_dates import DATES

CATALOGUE = load_catalogue()
LADDERS = [pytest.param(one, id=one.code) for one in CATALOGUE.values() if one.stages]
MEASURES = [pytest.param(one, id=one.code) for one in CATALOGUE.values()]
ENDS = {ActionState.EFFECT_CHECKED, ActionState.WITHDRAWN, ActionState.DECLINED}
ON_APPEAL = {"upheld on appeal", "modified on appeal", "quashed on appeal"}
Graph = dict[Standing, list[tuple[Way, Standing]]]


def after(at: Standing, way: Way) -> Iterator[Standing]:
    """Where an action stands after a step, for each outcome that can be given there."""
    is_before = way.state in (ActionState.PROPOSED, ActionState.AGREED)
    stage = way.stage or ("" if is_before else at.stage)
    moved = replace(at, state=way.state.value, stage=stage, before=at.after(way))
    for outcome in way.outcomes:
        on_appeal = at.latest_of(ON_APPEAL)
        yield replace(moved, outcome="; ".join(filter(None, (on_appeal, outcome))))
    if not way.outcomes:
        yield moved


def graph_of(measure: Measure) -> Graph:
    """Everything that an action of a measure can come to."""
    return _graph_of(measure.code)


@cache
def _graph_of(code: str) -> Graph:
    measure = CATALOGUE[code]
    graph: Graph = {}
    ahead = [Standing("proposed")]
    while ahead:
        at = ahead.pop()
        if at in graph:
            continue
        ways = ways_from(measure.stages, at)
        graph[at] = [(way, to) for way in ways for to in after(at, way)]
        ahead += [to for _, to in graph[at]]
    return graph


def leading_to(graph: Graph, goal: set[Standing], *, onward: bool = False) -> set[Standing]:
    """Where one can come to a goal from; onward alone takes no step that corrects or stops."""
    reached = set(goal)
    grows = True
    while grows:
        more = {
            at
            for at, steps in graph.items()
            if at not in reached
            and any(to in reached and not (onward and way.needs_reason) for way, to in steps)
        }
        reached |= more
        grows = bool(more)
    return reached


@pytest.mark.slow
@pytest.mark.parametrize("measure", MEASURES)
def test_an_end_can_be_reached_from_everywhere(measure: Measure) -> None:
    graph = graph_of(measure)
    ended = {at for at in graph if at.state in ENDS}
    assert set(graph) - leading_to(graph, ended) == set()


@pytest.mark.parametrize("measure", LADDERS)
def test_completion_is_reached_without_a_correction_from_every_stage(measure: Measure) -> None:
    graph = graph_of(measure)
    done = {at for at in graph if at.state == ActionState.COMPLETED}
    open_ = {at for at in graph if at.stage and ActionState(at.state) not in CLOSED}
    open_ -= {at for at in graph if at.state == ActionState.ON_HOLD and not at.stage}
    stuck = open_ - leading_to(graph, done, onward=True)
    assert {at.stage for at in stuck} == set()


@pytest.mark.parametrize("measure", MEASURES)
def test_nothing_is_closed_for_good_without_a_look_at_the_effect_or_a_reason(
    measure: Measure,
) -> None:
    for at, steps in graph_of(measure).items():
        for way, to in steps:
            if to.state in ENDS and at.state != to.state:
                assert way.needs_reason, (at, way.to)
        if at.state == ActionState.COMPLETED:
            assert steps[0][0].state == ActionState.EFFECT_CHECKED


@pytest.mark.parametrize("measure", MEASURES)
def test_what_can_be_appealed_has_its_appeal_and_every_outcome_of_it(measure: Measure) -> None:
    last_days = [one for one in measure.clock if one.step == "appeal_ends"]
    appeals = {one.name: one for one in measure.stages if one.name == "appealed"}
    assert len(appeals) == len(last_days)
    if not last_days:
        return
    assert "appeal determined" in appeals["appealed"].to
    assert appeals["appealed"].moment == "appealed"
    graph = graph_of(measure)
    counted_from = {one.name for one in measure.stages if one.event == last_days[0].after}
    assert counted_from
    for name in counted_from:
        from_there = [at for at in graph if at.stage == name and at.state == "underway"]
        assert from_there
        assert all("appealed" in {w.to for w, _ in graph[at]} for at in from_there), name
    asked = {one for steps in graph.values() for way, _ in steps for one in way.outcomes}
    assert asked >= ON_APPEAL


@pytest.mark.parametrize("measure", LADDERS)
def test_after_quashed_comes_the_end_and_after_another_outcome_the_decision_stands(
    measure: Measure,
) -> None:
    graph = graph_of(measure)
    for at, steps in graph.items():
        if at.stage != "appeal determined" or at.state != ActionState.UNDERWAY:
            continue
        onward = [way for way, _ in steps if not way.needs_reason and way.state not in ENDS]
        if at.latest_of(ON_APPEAL) == "quashed on appeal":
            assert onward[0].state == ActionState.COMPLETED
            assert not {"effective", "compliance visit due"} & {way.to for way in onward}
        else:
            assert ActionState.COMPLETED not in {way.state for way in onward[:1]}


@pytest.mark.parametrize("measure", LADDERS)
def test_a_stage_aside_leads_back_to_where_it_was_entered(measure: Measure) -> None:
    aside = {one.name for one in measure.stages if one.aside}
    beside = {one.name for one in measure.stages if one.aside or BACK in one.to}
    for at, steps in graph_of(measure).items():
        assert not at.before or at.stage in beside or at.state == "on hold", at
        assert len(at.before.split(" > ")) <= len(aside) + 1
        for way, to in steps:
            if way.is_aside:
                assert to.came_from == at.stage
            if way.is_back and not way.needs_reason and not at.latest_of({"quashed on appeal"}):
                assert to.stage == at.came_from or not at.before


@pytest.mark.parametrize("measure", MEASURES)
def test_a_day_has_one_name_in_clock_and_ladder(measure: Measure) -> None:
    events = set(events_of(measure.clock))
    until = {name for name in events if name.endswith("_until") or name in {"ends", "return_date"}}
    assert until <= set(DATES)
    own = {stage.moment for stage in measure.stages if stage.moment} - events
    assert own <= {"appealed", "breached", "extended"}, "a moment of a ladder that no clock names"
