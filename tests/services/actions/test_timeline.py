"""The days of an action on one line: what happened, what is late, what has passed, what is next."""

from __future__ import annotations

from datetime import date

from hotspot.disruption.measures import load_catalogue
from hotspot.services.actions.timeline import DONE, LATE, NEXT, PASSED, TO_COME, stations_of
from hotspot.services.workspace.measure_catalogue import deadlines_by

GIVEN = {"given": "2026-11-02"}


def line(today: date, happened: dict[str, str], **action: object) -> list[tuple[date, str]]:
    row = {"state": "underway", "due_on": date(2026, 12, 18)} | action
    stations = stations_of(
        load_catalogue()["LA51"], row, happened, deadlines_by(None, "LA51", happened), today
    )
    assert [one.on for one in stations] == sorted(one.on for one in stations)
    return [(one.on, one.mark) for one in stations]


def test_the_day_after_a_deadline_it_is_late_and_still_there() -> None:
    for today, mark in ((date(2026, 12, 30), NEXT), (date(2026, 12, 31), LATE)):
        closed = {**GIVEN, "representations_closed": "2026-11-30"}
        marks = dict(line(today, closed, due_on=date(2027, 3, 1)))
        assert marks[date(2026, 12, 30)] == mark  # the hearing that has not been held


def test_what_leads_to_nothing_that_is_recorded_has_passed_and_stays() -> None:
    marks = dict(line(date(2026, 12, 29), {**GIVEN, "representations_closed": "2026-11-30"}))
    assert marks[date(2026, 12, 14)] == PASSED  # notice of the hearing
    assert marks[date(2026, 11, 30)] == DONE
    assert marks[date(2026, 12, 18)] == LATE  # the action's own day


def test_one_day_is_next_and_what_is_closed_is_late_for_nothing() -> None:
    found = line(date(2026, 11, 3), GIVEN)
    assert [mark for _, mark in found].count(NEXT) == 1
    assert found[0] == (date(2026, 11, 2), DONE)
    assert TO_COME in {mark for _, mark in found}
    ended = line(date(2027, 3, 1), GIVEN, state="completed")
    assert (date(2026, 12, 18), DONE) in ended


def test_an_action_whose_measure_is_gone_has_its_own_day() -> None:
    row = {"state": "agreed", "due_on": date(2026, 12, 18)}
    (one,) = stations_of(None, row, {}, [], date(2026, 12, 20))
    assert (one.mark, one.away) == (LATE, "2 days late")
