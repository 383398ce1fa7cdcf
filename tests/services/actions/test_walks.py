"""Whole walks through the services: each to its end, and through an appeal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.disruption.clocks import Deadline
from hotspot.disruption.ladders import ActionState
from hotspot.disruption.real_dates import DATES
from hotspot.services.actions import clocks, lists, recording
from hotspot.services.actions.changes import Outcome, change_action, ways_of
from hotspot.services.actions.gates import gates_at
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, an_action, run_of

GIVEN = date(2026, 11, 2)
Step = tuple[str, dict[str, Any]]


class Walk:
    """An action against a hotspot of the sample that goes up its ladder step by step."""

    def __init__(self, workspace: Workspace, actor: Actor, code: str) -> None:
        self.workspace, self.actor = workspace, actor
        measure = measure_catalogue.catalogue_of(workspace)[code]
        self.measure = measure
        confirmed = tuple(gate.when for gate in measure.gates)
        command = an_action(code, measure_code=code, confirmed=confirmed)
        run = run_of(workspace, actor)
        recorded = recording.record_action(workspace, actor, command, run, "H-01", FORCE)
        self.number = recorded.action_id

    @property
    def row(self) -> dict[str, Any]:
        listed = lists.list_actions(self.workspace, self.actor)
        return dict(listed[listed["action_id"] == self.number].iloc[0])

    @property
    def ways(self) -> list[str]:
        return [way.to for way in ways_of(self.workspace, self.row)]

    def note(self, event: str, at: datetime) -> None:
        """Enter when an event of the clock happened."""
        version = int(self.row["version"])
        clocks.record_moment(self.workspace, self.actor, self.number, version, event, at)

    def to(self, *steps: str | Step) -> None:
        for step in steps:
            name, asked = (step, {}) if isinstance(step, str) else step
            outcome = asked.pop("outcome", None)
            ended = Outcome(outcome) if outcome else None
            note, version = asked.pop("note", ""), int(self.row["version"])
            asked["confirmed"] = tuple(gate.when for gate in gates_at(self.measure, name))
            change_action(
                self.workspace, self.actor, self.number, version, name, note, ended=ended, **asked
            )
            assert self.row["stands"] == name

    def due(self, says: str) -> date:
        return self.deadline(says).due_on

    def deadline(self, says: str) -> Deadline:
        _, found = clocks.deadlines_of_action(self.workspace, self.actor, self.number)
        return next(one for one in found if one.says == says)

    def end(self, outcome: str = "") -> None:
        self.to(("completed", {"outcome": outcome, "note": "done"}))
        with pytest.raises(InputError, match="look at the effect found"):
            self.to("effect checked")
        self.to(("effect checked", {"note": "no clear change"}))
        assert self.row["state"] == ActionState.EFFECT_CHECKED


def listed(day: date) -> dict[str, Any]:
    return {"dates": {"hearing_listed_for": day}}


def to_hearing(walk: Walk) -> None:
    walk.to(
        ("application drafted", {"note": "grave"}),
        "pack signed off",
        ("application given", {"on": GIVEN}),
        "in representations",
    )
    with pytest.raises(InputError, match="cannot be before 30 November 2026"):
        walk.to(("representations closed", {"on": date(2026, 11, 29)}))
    walk.to(("representations closed", {"on": date(2026, 11, 30)}))


@pytest.mark.parametrize(
    ("appeal", "after"),
    [
        ("upheld on appeal", ["effective"]),
        ("modified on appeal", ["effective"]),
        ("quashed on appeal", ["completed"]),
    ],
)
def test_a_review_adjourned_once_and_appealed(
    demo: Workspace, lead: Actor, appeal: str, after: list[str]
) -> None:
    walk = Walk(demo, lead, "LA51")
    to_hearing(walk)
    assert walk.due("Hearing to commence by") == date(2026, 12, 30)
    with pytest.raises(InputError, match="needs a day: hearing listed for"):
        walk.to("hearing listed")
    walk.to(("hearing listed", listed(date(2026, 12, 15))))
    assert walk.due("Hearing listed for") == date(2026, 12, 15)
    assert walk.due("Notice of hearing given by") == date(2026, 12, 1)
    assert "30 December 2026" in walk.deadline("Hearing listed for").assumption
    walk.to("adjourned", ("hearing listed", listed(date(2027, 1, 12))))
    late = walk.deadline("Hearing listed for")
    assert late.due_on == date(2027, 1, 12)
    assert "lies after 30 December 2026" in late.cautions[-1]
    walk.to(
        ("determined", {"on": date(2027, 1, 12), "outcome": "revoked"}),
        ("in appeal period", {"on": date(2027, 1, 15)}),
        ("appealed", {"on": date(2027, 2, 1)}),
    )
    with pytest.raises(InputError, match="needs its outcome"):
        walk.to("appeal determined")
    walk.to(("appeal determined", {"outcome": appeal}))
    assert walk.row["outcome"] == f"revoked; {appeal}"
    open_to = [to for to in walk.ways if to not in ("on hold", "withdrawn")]
    assert open_to[: len(after)] == after
    assert ("effective" in open_to) is (appeal != "quashed on appeal")
    assert "compliance visit due" not in open_to
    if appeal != "quashed on appeal":
        walk.to("effective", "compliance visit due")
    walk.end()


def test_a_licence_that_is_surrendered_and_reinstated_goes_on_where_it_was(
    demo: Workspace, lead: Actor
) -> None:
    walk = Walk(demo, lead, "LA51")
    to_hearing(walk)
    walk.to(("hearing listed", listed(date(2026, 12, 15))))
    walk.to("licence surrendered or lapsed", "licence reinstated")
    assert walk.ways[0] == "hearing listed"
    walk.to("hearing listed")
    assert "adjourned" in walk.ways
    walk.to(("withdrawn", {"note": "the holder sold"}))
    assert walk.ways == ["hearing listed", "agreed"]
    walk.to(("hearing listed", {"note": "the sale fell through"}))
    assert "determined" in walk.ways


def test_a_summary_review_with_interim_steps_representations_review_and_appeal(
    demo: Workspace, lead: Actor
) -> None:
    walk = Walk(demo, lead, "LA53A")
    walk.to("certificate signed")
    assert "heard on interim steps" not in walk.ways
    received = datetime(2026, 11, 2, 10, tzinfo=UTC)
    walk.to(
        ("application given", {"on": received}),
        ("interim steps considered", {"outcome": "interim steps"}),
        "in representations",
    )
    heard_at = datetime(2026, 11, 6, 14, tzinfo=UTC)
    with pytest.raises(InputError, match="needs its outcome"):
        walk.to(("heard on interim steps", {"on": heard_at}))
    with pytest.raises(InputError, match="Say on which day"):
        walk.to(("heard on interim steps", {"outcome": "interim steps modified"}))
    walk.to(("heard on interim steps", {"on": heard_at, "outcome": "interim steps modified"}))
    assert walk.ways[0] == "in representations"
    walk.to("in representations", ("hearing listed", listed(date(2026, 11, 25))))
    walk.to(("heard on interim steps", {"on": heard_at, "outcome": "interim steps kept"}))
    walk.to("hearing listed")
    way = next(w for w in ways_of(demo, walk.row) if w.to == "adjourned")
    assert "The 28 days stand" in way.says
    walk.to("adjourned", ("hearing listed", listed(date(2026, 11, 27))))
    walk.to(
        ("determined", {"outcome": "suspended"}),
        ("in appeal period", {"on": date(2026, 11, 30)}),
        ("appealed", {"on": date(2026, 12, 10)}),
        ("appeal determined", {"outcome": "modified on appeal"}),
        "effective",
        "compliance visit due",
    )
    walk.end()
    happened, _ = clocks.deadlines_of_action(demo, lead, walk.number)
    assert "interim_heard" in happened


def test_a_review_that_was_looked_at_does_not_hide_the_next_look() -> None:
    """On the day after it nothing was open."""
    happened = {"served": "2026-01-01", "looked_at_again": "2026-04-01"}

    def next_look(**entered: str) -> date:
        found = measure_catalogue.deadlines_by(None, "CAWN16", happened | entered)
        return next(one.due_on for one in found if one.step == "next_look_by")

    assert next_look() == next_look(next_review="2026-04-01") == date(2026, 10, 1)
    assert next_look(next_review="2026-03-02") == date(2026, 10, 1)
    assert next_look(next_review="2026-08-20") == date(2026, 8, 20)


def test_representations_after_a_hearing_begin_anew_and_a_corrected_hour_does_not(
    demo: Workspace, lead: Actor
) -> None:
    """An hour that was put right took back the hearing later that day, without a word."""
    walk = Walk(demo, lead, "LA53A")
    for event, hour in (
        ("received", datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ("interim_representations", datetime(2026, 11, 6, 10, tzinfo=UTC)),
        ("interim_heard", datetime(2026, 11, 6, 15, tzinfo=UTC)),
        ("interim_representations", datetime(2026, 11, 6, 9, tzinfo=UTC)),
    ):
        walk.note(event, hour)
    assert "interim_heard" in clocks.deadlines_of_action(demo, lead, walk.number)[0]
    walk.note("interim_representations", datetime(2026, 11, 6, 16, tzinfo=UTC))
    assert "interim_heard" not in clocks.deadlines_of_action(demo, lead, walk.number)[0]
    history = recording.history_of(demo, lead, walk.number).to_csv()
    assert history.count("with it taken back, for it came before: ") == 1


@pytest.mark.parametrize("code", ["CO80", "SOA-CO"])
def test_a_closure_order_extended_and_appealed(demo: Workspace, lead: Actor, code: str) -> None:
    walk = Walk(demo, lead, code)
    made, until = date(2026, 11, 2), date(2027, 1, 20)
    walk.to("application lodged", ("heard", {"outcome": "made"}))
    with pytest.raises(InputError, match="needs a day: in force until"):
        walk.to(("in force", {"on": made}))
    walk.to(("in force", {"on": made, "dates": {"last_day_in_force": until}}))
    assert walk.due("In force until") == until
    walk.to("extension applied for", ("extension heard", {"outcome": "extended"}))
    assert walk.ways[0] == "in force"
    later = date(2027, 4, 1)
    walk.to(("in force", {"dates": {"last_day_in_force": later}}))
    extended = walk.deadline("In force until")
    assert extended.due_on == later
    assert "the last day by the rule" in extended.cautions[-1]
    assert "extension applied for" in walk.ways
    walk.to(("appealed", {"on": date(2026, 11, 20)}))
    walk.to(("appeal determined", {"outcome": "upheld on appeal"}))
    assert walk.ways[0] == "in force"
    walk.to("in force")
    walk.end("discharged")


@pytest.mark.parametrize("code", ["CO80", "SOA-CO"])
@pytest.mark.parametrize("stage", ["heard", "in force", "extension applied for", "extension heard"])
def test_a_closure_order_can_be_appealed_from_every_state(
    demo: Workspace, lead: Actor, code: str, stage: str
) -> None:
    walk = Walk(demo, lead, code)
    way: Sequence[Step] = (
        ("application lodged", {}),
        ("heard", {"outcome": "made"}),
        ("in force", {"on": GIVEN, "dates": {"last_day_in_force": date(2027, 1, 20)}}),
        ("extension applied for", {}),
        ("extension heard", {"outcome": "extended"}),
    )
    for step in way:
        walk.to(step)
        if step[0] == stage:
            break
    walk.to(("appealed", {"on": date(2026, 11, 20)}))
    walk.to(("appeal determined", {"outcome": "quashed on appeal"}))
    assert walk.ways[0] == "completed"
    walk.end("discharged")


def test_a_hotel_notice_appealed_from_served(demo: Workspace, lead: Actor) -> None:
    walk = Walk(demo, lead, "H116")
    with pytest.raises(InputError, match="Say on which day it was 'issued'"):
        walk.to("served")
    walk.to(("served", {"on": date(2026, 10, 30)}))
    assert walk.due("Last day to appeal") == date(2026, 11, 19)
    way = next(w for w in ways_of(demo, walk.row) if w.to == "appealed")
    assert "Nothing is required" in way.says
    walk.to(("appealed", {"on": date(2026, 11, 5)}))
    walk.to(("appeal determined", {"outcome": "upheld on appeal"}))
    assert walk.ways[0] == "served"
    walk.to("served")
    walk.to(("in force", {"on": GIVEN, "dates": {"last_day_in_force": date(2027, 4, 1)}}))
    walk.to("information required", "not returned")
    walk.to(("expired", {"on": date(2027, 4, 1), "outcome": "expired"}))
    walk.end()


@pytest.mark.parametrize("stage", ["served", "in force", "information required", "returned"])
def test_a_hotel_notice_that_is_quashed_ends(demo: Workspace, lead: Actor, stage: str) -> None:
    walk = Walk(demo, lead, "H116")
    way: Sequence[Step] = (
        ("served", {"on": date(2026, 10, 30)}),
        ("in force", {"on": GIVEN, "dates": {"last_day_in_force": date(2027, 4, 1)}}),
        ("information required", {}),
        ("returned", {}),
    )
    for step in way:
        walk.to(step)
        if step[0] == stage:
            break
    walk.to(("appealed", {"on": date(2026, 11, 5)}))
    walk.to(("appeal determined", {"outcome": "quashed on appeal"}))
    assert walk.ways[0] == "completed"
    walk.end()


@pytest.mark.parametrize("code", ["CAWN16", "CAWN18"])
def test_a_warning_notice_reviewed_twice_and_breached(
    demo: Workspace, lead: Actor, code: str
) -> None:
    walk = Walk(demo, lead, code)
    walk.to("statement obtained", ("served", {"on": GIVEN}), "in force")
    looked = (date(2027, 4, 20), date(2027, 9, 1))
    for on, again in zip(looked, (date(2027, 9, 1), date(2028, 4, 1)), strict=True):
        with pytest.raises(InputError, match="needs a day: next review"):
            walk.to(("reviewed", {"on": on}))
        walk.to(("reviewed", {"on": on, "dates": {"next_review": again}}))
        assert walk.due("Next review") == again
    assert (
        "after 1 March 2028, the last day by the rule" in walk.deadline("Next review").cautions[-1]
    )
    walk.to(("breached", {"on": date(2027, 9, 3)}), ("breached", {"on": date(2027, 9, 9)}))
    walk.end("ended")


def test_a_closure_notice_is_extended_and_its_hearing_adjourned(
    demo: Workspace, lead: Actor
) -> None:
    walk = Walk(demo, lead, "CN76")
    served = datetime(2026, 11, 2, 10, tzinfo=UTC)
    walk.to("authorised", ("served", {"on": served}))
    walk.to(("extension notice issued", {"on": served + timedelta(hours=20)}))
    walk.to(("application lodged", listed(date(2026, 11, 4))))
    walk.to(("adjourned", {"on": date(2026, 11, 4), **listed(date(2026, 11, 16))}))
    assert walk.due("Hearing listed for") == date(2026, 11, 16)
    walk.to(("heard", {"on": date(2026, 11, 16), "outcome": "order made"}))
    walk.end()


def test_a_change_to_a_place_can_be_refused(demo: Workspace, lead: Actor) -> None:
    walk = Walk(demo, lead, "ENV")
    walk.to("survey", "refused")
    assert walk.row["outcome"] == "refused"
    walk.end()


def test_days_can_be_entered_on_every_action_and_lead(demo: Workspace, lead: Actor) -> None:
    walk = Walk(demo, lead, "YOUTH")
    for number, name in enumerate(DATES, start=1):
        day = date(2026, 12, number)
        clocks.record_moment(demo, lead, walk.number, number, name, day)
        assert walk.due(DATES[name]) == day
    row = lists.list_actions(demo, lead, today=date(2026, 11, 27)).iloc[0]
    assert (row["next_due"], row["next_says"]) == (date(2026, 12, 1), "Hearing listed for")
    clocks.record_moment(demo, lead, walk.number, 5, "hearing_listed_for", None)
    row = lists.list_actions(demo, lead, today=date(2026, 11, 27)).iloc[0]
    assert row["next_says"] == "In force until"
