"""Days of actions are checked by one rule: nothing before its time, all that is wrong at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotspot.access.actor import Actor
from hotspot.disruption.counting import Moment
from hotspot.disruption.day_rules import order_of_events
from hotspot.disruption.measures import Measure, load_catalogue
from hotspot.errors import FieldsError
from hotspot.services.actions import changes, clocks, days, lists, recording
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, an_action, run_of, some_premises

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=ZoneInfo("Europe/London"))
TODAY, TOMORROW = date(2026, 11, 27), date(2026, 11, 28)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "now", lambda: NOW)


def recorded(demo: Workspace, lead: Actor, code: str, *, is_without: bool = False) -> int:
    measure = load_catalogue()[code]
    gates = tuple(gate.when for gate in measure.gates)
    place = some_premises(demo) if measure.needs_premises and not is_without else None
    command = an_action(f"{code} {place}", measure_code=code, confirmed=gates, premises=place)
    return recording.record_action(demo, lead, command, run_of(demo, lead), "H-01", FORCE).action_id


def faults(call: object) -> dict[str, str]:
    with pytest.raises(FieldsError) as error:
        call()  # type: ignore[operator]
    return error.value.faults


def test_nothing_has_happened_that_has_not_come(demo: Workspace, lead: Actor) -> None:
    number = recorded(demo, lead, "LA51")
    ahead = faults(lambda: clocks.record_moment(demo, lead, number, 1, "given", TOMORROW))
    assert ahead == {"on": "28 November 2026 has not come yet: enter 'given' once it has happened."}
    clocks.record_moment(demo, lead, number, 1, "given", TODAY)
    clocks.record_moment(demo, lead, number, 2, "hearing_listed_for", TODAY + timedelta(20))
    late = faults(
        lambda: clocks.record_moment(demo, lead, number, 3, "hearing_listed_for", date(2026, 11, 1))
    )
    assert "lies before 'given' on 27 November 2026" in late["on"]
    assert list(clocks.deadlines_of_action(demo, lead, number)[0]) == [
        "given",
        "hearing_listed_for",
    ]


def test_a_moment_later_today_has_not_come_either(demo: Workspace, lead: Actor) -> None:
    number = recorded(demo, lead, "CN76")
    for minutes, may_be in ((1, False), (0, True)):
        at = NOW + timedelta(minutes=minutes)
        if may_be:
            clocks.record_moment(demo, lead, number, 1, "served", at)
        else:
            assert "on" in faults(
                lambda at=at: clocks.record_moment(demo, lead, number, 1, "served", at)
            )


def test_what_a_notice_names_in_advance_may_be_to_come(demo: Workspace, lead: Actor) -> None:
    number = recorded(demo, lead, "H116")
    clocks.record_moment(demo, lead, number, 1, "issued", TODAY)
    clocks.record_moment(demo, lead, number, 2, "effective", TODAY + timedelta(7))
    before = faults(
        lambda: clocks.record_moment(demo, lead, number, 3, "effective", TODAY - timedelta(1))
    )
    assert "lies before 'issued'" in before["on"]


def test_an_event_is_not_moved_past_what_followed_it(demo: Workspace, lead: Actor) -> None:
    number = recorded(demo, lead, "CAWN16")
    clocks.record_moment(demo, lead, number, 1, "served", date(2026, 6, 1))
    clocks.record_moment(demo, lead, number, 2, "breached", date(2026, 7, 1))
    moved = faults(lambda: clocks.record_moment(demo, lead, number, 3, "served", date(2026, 8, 1)))
    assert moved["on"] == (
        "'breached' on 1 July 2026 lies before 'served' on 1 August 2026; check both days."
    )


def test_served_without_a_time_is_refused_where_hours_count(demo: Workspace, lead: Actor) -> None:
    number = recorded(demo, lead, "CN76")
    changes.change_action(demo, lead, number, 1, "authorised", "")
    step: dict[str, Moment] = {"on": TODAY}
    said = faults(lambda: changes.change_action(demo, lead, number, 2, "served", "", on=step["on"]))
    assert said == {"at": "Give the time of 'served': hours count from it."}
    changes.change_action(demo, lead, number, 2, "served", "", on=NOW - timedelta(hours=1))
    assert lists.list_actions(demo, lead)["stands"].iloc[0] == "served"


@pytest.mark.parametrize("code", ["CN76", "SOA-CN", "CJPA19", "LA169A", "IWCN"])
def test_a_closure_notice_needs_its_premises(demo: Workspace, lead: Actor, code: str) -> None:
    said = faults(lambda: recorded(demo, lead, code, is_without=True))
    assert list(said) == ["premises"]
    assert lists.list_actions(demo, lead).empty
    recorded(demo, lead, code)


def test_a_due_date_that_has_passed_is_asked_about(demo: Workspace, lead: Actor) -> None:
    run = run_of(demo, lead)
    past = {"due_on": TODAY - timedelta(1), "is_late_meant": False}
    with pytest.raises(FieldsError, match="26 November 2026 has passed") as error:
        recording.record_action(demo, lead, an_action("a", **past), run, "H-01", FORCE)
    assert error.value.asked == {"due_on"}
    meant = an_action("a", due_on=TODAY - timedelta(1), is_late_meant=True)
    number = recording.record_action(demo, lead, meant, run, "H-01", FORCE).action_id
    moved = changes.Amendment("Sgt", "Police", TODAY - timedelta(2), "as agreed by telephone")
    assert list(faults(lambda: changes.amend_action(demo, lead, number, 1, moved))) == ["due_on"]
    same = changes.Amendment("Sgt New", "Police", TODAY - timedelta(1), "another owner only")
    changes.amend_action(demo, lead, number, 1, same)


def test_all_that_is_wrong_with_an_action_is_said_at_once(demo: Workspace, lead: Actor) -> None:
    wrong = an_action(
        measure_code="CN76", owner=" ", agency="", due_on=date(2026, 11, 1), is_late_meant=False
    )
    run = run_of(demo, lead)
    said = faults(lambda: recording.record_action(demo, lead, wrong, run, "H-01", FORCE))
    assert set(said) == {"owner", "agency", "due_on", "premises", "confirmed"}


def test_all_that_is_wrong_with_a_step_is_said_at_once(demo: Workspace, lead: Actor) -> None:
    number = recorded(demo, lead, "CO80")
    changes.change_action(demo, lead, number, 1, "application lodged", "")
    changes.change_action(demo, lead, number, 2, "heard", "", ended=changes.Outcome("made"))
    said = faults(lambda: changes.change_action(demo, lead, number, 3, "in force", "", on=TOMORROW))
    assert set(said) == {"on", "last_day_in_force"}


def test_a_proposed_due_date_is_a_working_day(demo: Workspace) -> None:
    assert days.today() + days.DUE_IN == date(2026, 12, 25)
    assert days.due_by_default(demo) == date(2026, 12, 29)  # 28 December is the substitute day
    assert days.working_day(demo, TODAY) == TODAY


def test_the_local_day_counts_and_not_the_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "now", lambda: datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert days.today() == date(2026, 7, 1)


@pytest.mark.parametrize("measure", load_catalogue().values(), ids=lambda one: str(one.code))
def test_the_order_of_events_contradicts_itself_nowhere(measure: Measure) -> None:
    pairs = order_of_events(measure)
    assert not {(later, first) for first, later in pairs} & pairs
    assert all(first != later for first, later in pairs)
