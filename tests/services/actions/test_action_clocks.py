"""Actions with their clocks: what happened is kept, deadlines follow, gates stop at choosing."""

from __future__ import annotations

import csv
from collections.abc import Hashable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from icalendar import Calendar

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor, UserRole
from hotspot.disruption.calendar_file import calendar_file
from hotspot.disruption.measures import load_catalogue
from hotspot.errors import ConflictError, NotFoundError
from hotspot.services.actions import changes, clocks, gates, lists, recording
from hotspot.services.premises import nearby
from hotspot.services.records import imports
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.folder import Workspace
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading
from tests.helpers import AGENCY, FORCE, SHELL, actor_of_role, an_action, log_of, run_of
from tests.intake.cases import LICENCE

LONDON = ZoneInfo("Europe/London")
SIGNED = ("rank_below_superintendent",)


def recorded(demo: Workspace, lead: Actor, code: str, **changes: object) -> int:
    action = an_action(f"{code} {changes}"[:60], measure_code=code, **changes)
    return recording.record_action(demo, lead, action, run_of(demo, lead), "H-01", FORCE).action_id


def row_of(demo: Workspace, lead: Actor, number: int, today: date) -> dict[Hashable, Any]:
    listed = lists.list_actions(demo, lead, today=today)
    return listed[listed["action_id"] == number].iloc[0].to_dict()


def licensed(demo: Workspace, *, alcohol: bool) -> tuple[str, str]:
    with reading(demo.engine) as connection:
        found = datasets.all_rows(connection, "premises")
    sold = found["activities"].fillna("").str.lower()
    fits = found[(sold != "") & (sold.str.contains("alcohol") == alcohol)]
    return str(fits["source"].iloc[0]), str(fits["premises_ref"].iloc[0])


def test_deadlines_follow_what_has_happened(demo: Workspace, lead: Actor) -> None:
    number = recorded(demo, lead, "LA51")
    assert clocks.deadlines_of_action(demo, lead, number) == ({}, [])
    today = date(2026, 11, 10)
    assert row_of(demo, lead, number, today)["next_due"] is None
    clocks.record_moment(demo, lead, number, 1, "given", date(2026, 11, 2))
    row = row_of(demo, lead, number, today)
    assert (row["next_due"], row["next_says"]) == (date(2026, 11, 30), "Representations close")
    clocks.record_moment(demo, lead, number, 2, "representations_closed", date(2026, 11, 30))
    clocks.record_moment(demo, lead, number, 3, "heard", date(2026, 12, 8))
    happened, deadlines = clocks.deadlines_of_action(demo, lead, number)
    assert list(happened) == ["given", "representations_closed", "heard"]
    assert {one.step: one.due_on for one in deadlines}["determination_by"] == date(2026, 12, 14)
    late = row_of(demo, lead, number, date(2027, 3, 1))
    assert late["next_says"] == "Determination by"  # still open, however late
    clocks.record_moment(demo, lead, number, 4, "heard", None)
    assert row_of(demo, lead, number, date(2026, 12, 1))["next_due"] == date(2026, 12, 14)
    assert row_of(demo, lead, number, date(2026, 12, 20))["next_due"] == date(2026, 12, 30)


def test_hours_are_kept_with_their_time(demo: Workspace, lead: Actor) -> None:
    place = licensed(demo, alcohol=True)
    number = recorded(demo, lead, "LA53A", premises=place, confirmed=SIGNED)
    at = datetime(2026, 11, 6, 14, tzinfo=LONDON)
    clocks.record_moment(demo, lead, number, 1, "received", at)
    _, deadlines = clocks.deadlines_of_action(demo, lead, number)
    assert deadlines[0].due_at == datetime(2026, 11, 10, 14, tzinfo=LONDON)


def test_what_cannot_have_happened_is_refused_and_leaves_nothing(
    demo: Workspace, lead: Actor
) -> None:
    number = recorded(demo, lead, "LA51")
    before = len(log_of(demo))
    for event, day, message in (
        ("sent", date(2026, 11, 2), "no event 'sent'"),
        ("heard", date(2026, 11, 2), "Record first when 'given' was"),
    ):
        with pytest.raises(InputError, match=message):
            clocks.record_moment(demo, lead, number, 1, event, day)
    clocks.record_moment(demo, lead, number, 1, "given", date(2026, 11, 2))
    with pytest.raises(InputError, match="lies before"):
        clocks.record_moment(demo, lead, number, 2, "representations_closed", date(2026, 10, 1))
    with pytest.raises(ConflictError, match="Look again"):
        clocks.record_moment(demo, lead, number, 1, "given", date(2026, 11, 3))
    with pytest.raises(NotFoundError):
        clocks.record_moment(demo, lead, 99, 1, "given", date(2026, 11, 3))
    assert clocks.deadlines_of_action(demo, lead, number)[0] == {"given": "2026-11-02"}
    assert len(log_of(demo)) == before + 2  # the one that was saved, and the look at it


def test_a_councils_officer_records_what_happened_to_the_councils_own_papers(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    near = nearby.premises_near(demo, lead, run_of(demo, lead), 100)
    council = actor_of_role(UserRole.COUNCIL_LICENSING)
    with reading(demo.engine) as connection:
        register = datasets.all_rows(connection, "premises").set_index("premises_ref")
    inside = near[near["key"] == "H-01"]
    target = next(
        (str(row.source), str(row.premises_ref))
        for row in inside.itertuples()
        if register.loc[[row.premises_ref], "kind"].iloc[0] != "hotel or guest house"
    )
    own = recorded(demo, lead, "LA-EARLY", premises=target, agency=AGENCY)
    other = recorded(demo, lead, "LA51", premises=target, agency="Staffordshire Police")
    clocks.record_moment(demo, council, own, 1, "sent", date(2026, 11, 2))
    papers = lists.list_papers(demo, council, today=date(2026, 11, 10))
    assert papers.set_index("action_id").loc[own, "next_due"] == date(2026, 11, 30)
    with pytest.raises(NotAllowedError):
        clocks.record_moment(demo, council, other, 1, "given", date(2026, 11, 2))
    with pytest.raises(NotAllowedError):
        clocks.record_moment(demo, analyst, own, 2, "sent", date(2026, 11, 2))


def test_gates_stop_an_action_with_the_reason_and_the_alternative(
    demo: Workspace, lead: Actor
) -> None:
    with pytest.raises(InputError, match="only for premises licensed for the sale of alcohol"):
        recorded(demo, lead, "LA53A", premises=licensed(demo, alcohol=False), confirmed=SIGNED)
    with pytest.raises(InputError, match="Confirm first: The certificate"):
        recorded(demo, lead, "LA53A", premises=licensed(demo, alcohol=True))
    sold = licensed(demo, alcohol=True)
    with pytest.raises(InputError, match="hotels, guest houses"):
        recorded(
            demo,
            lead,
            "H116",
            premises=sold,
            confirmed=("rank_below_inspector", "over_6_months", "no_hotel"),
        )
    with pytest.raises(InputError, match="not in the catalogue"):
        recorded(demo, lead, "NONE")
    assert lists.list_actions(demo, lead).empty
    number = recorded(demo, lead, "LA53A", premises=sold, confirmed=SIGNED)
    row = row_of(demo, lead, number, date(2026, 11, 1))
    assert row["confirmed"] == list(SIGNED)
    assert row["measure_version"] == measure_catalogue.measure_of(demo, "LA53A").version


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        ("Sale by retail of alcohol", {"no_alcohol_by_retail": False}),
        ("Late night refreshment", {"no_alcohol_by_retail": True}),
        ("Supply of alcohol by a club to its members", {}),
        ("", {}),
    ],
)
def test_what_the_register_leaves_open_is_asked(
    workspace: Workspace, tmp_path: Path, words: str, fact: dict[str, bool]
) -> None:
    path = tmp_path / "register.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(LICENCE))
        writer.writeheader()
        writer.writerow({**LICENCE, "Activities": words})
    imports.import_files(workspace, SHELL, "licensing", [path])
    found = gates.facts_of(workspace, ("licensing", "L1"))
    found.pop("no_hotel")
    assert found == fact


def test_the_forces_own_file_counts(demo: Workspace, lead: Actor) -> None:
    path = demo.folder / measure_catalogue.OVERLAY
    path.write_text(
        yaml.safe_dump(
            [
                {"code": "HVP", "in_force_to": "2020-01-01"},
                {"code": "H116", "checked_on": "2026-11-20", "checked_by": "Legal Services"},
            ]
        )
    )
    with pytest.raises(InputError, match="not in force"):
        recorded(demo, lead, "HVP")
    found = measure_catalogue.deadlines_of(demo, "H116", {"effective": date(2026, 11, 2)})
    assert all(one.cautions == () for one in found)
    path.write_text("x: y")
    with pytest.raises(InputError, match="no list"):
        measure_catalogue.catalogue_of(demo)


def test_another_bank_holiday_of_the_force_moves_a_deadline(demo: Workspace) -> None:
    from dataclasses import replace

    happened = {"given": date(2026, 11, 2)}
    plain = {one.step: one.due_on for one in measure_catalogue.deadlines_of(demo, "LA51", happened)}
    settings = demo.settings.model_copy(update={"bank_holidays": (date(2026, 12, 7),)})
    moved = measure_catalogue.deadlines_of(replace(demo, settings=settings), "LA51", happened)
    assert plain["hearing_by"] == date(2026, 12, 30)
    assert {one.step: one.due_on for one in moved}["hearing_by"] == date(2026, 12, 31)


def test_an_objective_is_one_of_the_strategys() -> None:
    with pytest.raises(InputError, match="no objective"):
        an_action(objective="punish")


def test_a_calendar_file_holds_measure_and_reference_only(demo: Workspace) -> None:
    found = measure_catalogue.deadlines_of(
        demo, "CN76", {"served": datetime(2026, 12, 24, 10, tzinfo=LONDON)}
    )
    content = calendar_file("CN76", "C1", found, datetime(2026, 11, 1, tzinfo=LONDON))
    events = Calendar.from_ical(content).walk("VEVENT")
    assert [str(event["summary"])[:8] for event in events] == ["CN76 C1:"] * 3
    assert events[2].decoded("dtstart") == datetime(2026, 12, 27, 10, tzinfo=LONDON)
    assert len({str(event["uid"]) for event in events}) == 3


def test_deadlines_leave_as_a_calendar_of_measure_and_reference(
    demo: Workspace, lead: Actor
) -> None:
    run = run_of(demo, lead)
    command = an_action("a", measure_code="LA51", reference="LIC 7", note="secret note")
    number = recording.record_action(demo, lead, command, run, "H-01", FORCE).action_id
    with pytest.raises(InputError, match="has not started"):
        clocks.export_calendar(demo, lead, number, "me", "diary")
    clocks.record_moment(demo, lead, number, 1, "given", date(2026, 11, 2))
    file = clocks.export_calendar(demo, lead, number, "me", "diary")
    text = file.content.decode().replace("\r\n ", "")
    assert file.name.endswith(".ics")
    assert "LA51 LIC 7: Representations close" in text
    assert "DTSTART;VALUE=DATE:20261130" in text
    for never in ("secret", "Sgt", "Hanley", "H-01", "HS-0001"):
        assert never not in text


def test_an_extension_is_not_applied_for_once_the_order_has_ended(
    demo: Workspace, lead: Actor
) -> None:
    asked = ("extension_not_by_inspector_or_council",)
    today = datetime.now(LONDON).date()
    for made, ended in (
        (date(2020, 1, 6), None),
        (today - timedelta(days=30), today - timedelta(days=1)),
    ):
        with pytest.raises(InputError, match="before the order ends") as stopped:
            gates.check_stage_gates(
                demo,
                "CO80",
                "extension applied for",
                {"made": made, **({"ended": ended} if ended else {})},
                (*asked, "extension_after_expiry"),  # what the clock knows cannot be ticked away
            )
        assert "Confirm first" not in str(stopped.value)
        assert "A new closure notice (CN76)" in str(stopped.value)
    made_today = {"made": today}
    gates.check_stage_gates(demo, "CO80", "extension applied for", made_today, asked)
    with pytest.raises(InputError, match="Confirm first: An extension is applied for by an insp"):
        gates.check_stage_gates(demo, "CO80", "extension applied for", made_today)
    with pytest.raises(InputError, match=r"Confirm first: .* Confirm first: "):
        gates.check_stage_gates(demo, "CO80", "extension applied for", {})
    cannot_be = {"made": today, "ended": today - timedelta(days=3)}
    with pytest.raises(InputError, match="Confirm first: An extension is applied for before"):
        gates.check_stage_gates(demo, "CO80", "extension applied for", cannot_be, asked)
    gates.check_stage_gates(demo, "CO80", "in force", {})
    gates.check_stage_gates(demo, "CN76", "", {})


def test_what_was_confirmed_stays_in_the_history(demo: Workspace, lead: Actor) -> None:
    confirmed = tuple(g.when for g in load_catalogue()["H116"].gates if not g.at)
    number = recorded(demo, lead, "H116", confirmed=confirmed)
    changes.change_action(demo, lead, number, 1, "served", "", on=date(2026, 11, 2))
    day, until = date(2026, 11, 9), {"last_day_in_force": date(2027, 4, 30)}
    changes.change_action(demo, lead, number, 2, "in force", "", on=day, dates=until)
    to = "information required"
    with pytest.raises(InputError, match=r"while an appeal against it is under way \(s.117\(3\)\)"):
        changes.change_action(demo, lead, number, 3, to, "")
    changes.change_action(demo, lead, number, 3, to, "", confirmed=("appeal_pending",))
    history = recording.history_of(demo, lead, number)
    assert "confirmed that it is not so: appeal pending" in " ".join(map(str, history.iloc[-1]))


def test_an_appeal_against_a_hotel_notice_can_be_counted_before_it_takes_effect(
    demo: Workspace, lead: Actor
) -> None:
    confirmed = tuple(g.when for g in load_catalogue()["H116"].gates if not g.at)
    number = recorded(demo, lead, "H116", confirmed=confirmed)
    clocks.record_moment(demo, lead, number, 1, "issued", date(2026, 11, 2))
    _, deadlines = clocks.deadlines_of_action(demo, lead, number)
    assert [(one.step, one.due_on) for one in deadlines] == [("appeal_ends", date(2026, 11, 22))]
    row = row_of(demo, lead, number, date(2026, 11, 10))
    assert row["next_due"] == date(2026, 11, 22)


def test_what_comes_by_itself_is_not_late_for_ever(demo: Workspace, lead: Actor) -> None:
    number = recorded(demo, lead, "BAIL")
    clocks.record_moment(demo, lead, number, 1, "arrested", date(2026, 11, 2))
    row = row_of(demo, lead, number, date(2026, 12, 1))
    assert row["next_due"] == date(2027, 2, 2)
    assert "first period of pre-charge bail ends" in row["next_says"]
    review = recorded(demo, lead, "LA51")
    clocks.record_moment(demo, lead, review, 1, "given", date(2026, 11, 2))
    for today, says in (
        (date(2026, 11, 30), "Representations close"),
        (date(2026, 12, 1), "Notice of hearing given by"),
        (date(2026, 12, 31), "Hearing to commence by"),  # this one somebody has to hold
    ):
        assert row_of(demo, lead, review, today)["next_says"] == says
