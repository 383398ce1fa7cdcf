"""Premises for assessment, by the services: listing, linking, comparing, what each role may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer
from scipy.spatial import cKDTree

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor, UserRole
from hotspot.analysis.surroundings.nearness import to_plane
from hotspot.errors import ConflictError, NotFoundError
from hotspot.services.actions import lists, recording
from hotspot.services.premises import assessments, journal, nearby, records_near
from hotspot.services.premises.book import Place
from hotspot.services.records import imports
from hotspot.services.workspace.folder import Workspace
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading
from tests.helpers import FORCE, SHELL, actor_of_role, an_action, log_of, run_of

TODAY = date(2026, 11, 22)


@pytest.fixture
def officer() -> Actor:
    return actor_of_role(UserRole.POLICE_LICENSING)


def near_the_first(workspace: Workspace) -> pd.DataFrame:
    """Premises inside the first hotspot, of the licensing register."""
    near = nearby.premises_near(workspace, SHELL, run_of(workspace, SHELL), 0)
    return near[(near["key"] == "H-01") & (near["source"] == "licensing")].reset_index(drop=True)


@pytest.fixture
def place(demo: Workspace) -> Place:
    row = near_the_first(demo).iloc[0]
    return str(row["source"]), str(row["premises_ref"])


def incident(reference: str = "21DA/1/26", where: str = "at", **more: object) -> dict[str, object]:
    return {
        "reference": reference,
        "on_day": date(2026, 9, 1),
        "what": "A child served",
        "where": where,
        **more,
    }


def visit(day: date, **more: object) -> dict[str, object]:
    return {"kind": "visit", "on_day": day, "said": "CCTV works", **more}


def test_nobody_is_listed_for_lying_in_a_hotspot(
    demo: Workspace, officer: Actor, place: Place
) -> None:
    assert assessments.list_assessments(demo, officer, TODAY).empty
    journal.link_incident(demo, officer, place, incident(where="nearby"))
    journal.note_engagement(demo, officer, place, visit(date(2026, 10, 1)))
    assert assessments.list_assessments(demo, officer, TODAY).empty
    card = assessments.card_of(demo, officer, place, TODAY)
    assert not card.is_listed
    assert "1 nearby (context)" in card.why


def test_the_list_says_why_and_goes_by_the_next_deadline(
    demo: Workspace, officer: Actor, lead: Actor, place: Place
) -> None:
    rows = near_the_first(demo)
    second = (str(rows["source"].iloc[1]), str(rows["premises_ref"].iloc[1]))
    third = (str(rows["source"].iloc[2]), str(rows["premises_ref"].iloc[2]))
    for number in range(3):
        journal.link_incident(demo, officer, second, incident(f"21DA/{number}/26"))
    journal.link_incident(demo, officer, place, incident(where="outside"))
    journal.decide(demo, officer, third, "listed", "a letter of the trade")
    journal.note_engagement(
        demo, officer, second, visit(date(2026, 4, 26), follow_up_on=date(2026, 12, 20))
    )
    run = run_of(demo, lead)
    command = an_action("a", measure_code="MAKESAFE", premises=place, due_on=date(2026, 12, 1))
    recording.record_action(demo, lead, command, run, "H-01", FORCE)
    listed = assessments.list_assessments(demo, officer, TODAY)
    assert list(zip(listed["source"], listed["premises_ref"], strict=True)) == [
        place,
        second,
        third,
    ]
    assert listed["next_due"].tolist()[:2] == [date(2026, 12, 1), date(2026, 12, 20)]
    why = listed["why"].tolist()
    assert "1 incident immediately outside since 01 Sep 2026" in why[0]
    assert "3 incidents at since 01 Sep 2026" in why[1]
    assert "last visit 210 days ago" in why[1]
    assert "an officer's reason: a letter of the trade" in why[2]
    assert all("no training recorded" in one for one in why)


def test_what_was_linked_wrongly_is_taken_back_and_stays_stored(
    demo: Workspace, officer: Actor, place: Place
) -> None:
    number = journal.link_incident(demo, officer, place, incident())
    with pytest.raises(ConflictError, match="linked to these premises already"):
        journal.link_incident(demo, officer, place, incident("21da/1/26"))
    with pytest.raises(InputError, match="Say why"):
        journal.withdraw_entry(demo, officer, place, number, " ")
    with pytest.raises(NotFoundError):
        journal.withdraw_entry(demo, officer, place, number + 1, "wrong")
    journal.withdraw_entry(demo, officer, place, number, "another house")
    assert assessments.list_assessments(demo, officer, TODAY).empty
    with pytest.raises(NotFoundError):
        journal.withdraw_entry(demo, officer, place, number, "again")
    journal.link_incident(demo, officer, place, incident())
    assert len(assessments.list_assessments(demo, officer, TODAY)) == 1
    log = log_of(demo)
    assert {"assess premises"} <= set(log["operation"])
    told = log[log["operation"] == "assess premises"]["places"].iloc[-1]
    assert told == [f"premises {place[0]} {place[1]}"]


def test_a_day_to_come_and_premises_of_no_register_are_refused(
    demo: Workspace, officer: Actor, place: Place
) -> None:
    with pytest.raises(InputError, match="has not come yet"):
        journal.link_incident(demo, officer, place, incident(on_day=date(2031, 1, 1)))
    with pytest.raises(NotFoundError, match="No register"):
        journal.link_incident(demo, officer, ("licensing", "none"), incident())
    with pytest.raises(NotFoundError, match="No register"):
        assessments.card_of(demo, officer, ("licensing", "none"), TODAY)


def test_entries_that_are_one_share_their_card_and_none_is_overwritten(
    demo: Workspace, officer: Actor, place: Place
) -> None:
    pairs = journal.likely_same(demo, officer)
    own = pairs[(pairs["other_source"] == "licensing") & (pairs["source"] == "food-hygiene")]
    row = own.iloc[0]
    hygiene = (str(row["source"]), str(row["premises_ref"]))
    licence = (str(row["other_source"]), str(row["other_ref"]))
    journal.link_incident(demo, officer, hygiene, incident())
    assert not assessments.card_of(demo, officer, licence, TODAY).is_listed
    journal.confirm_same(demo, officer, [(hygiene, licence)], is_same=True)
    for one in (hygiene, licence):
        card = assessments.card_of(demo, officer, one, TODAY)
        assert card.is_listed
        assert card.place == licence
        assert card.registers["source"].tolist() == ["licensing", "food-hygiene"]
    left = journal.likely_same(demo, officer)
    assert len(left) == len(pairs) - 1
    journal.confirm_same(demo, officer, [(licence, hygiene)], is_same=False)
    assert not assessments.card_of(demo, officer, licence, TODAY).is_listed
    assert len(journal.likely_same(demo, officer)) == len(pairs) - 1
    with pytest.raises(InputError, match="different registers"):
        journal.confirm_same(demo, officer, [(licence, place)], is_same=True)


@pytest.fixture
def clumped(demo: Workspace) -> list[Place]:
    """Two premises away from all hotspots, at each of which nine incidents are recorded."""
    with reading(demo.engine) as connection:
        rows = datasets.all_rows(connection, "premises")
    rows = rows[rows["lat"].notna() & (rows["source"] == "licensing")].reset_index(drop=True)
    near = nearby.premises_near(demo, SHELL, run_of(demo, SHELL), 600)["premises_ref"]
    away = rows[~rows["premises_ref"].isin(near)].reset_index(drop=True)
    ground = to_plane(away, away)
    crowded = cKDTree(ground).query_ball_point(ground, 450, return_length=True)
    chosen = away.iloc[np.argsort(crowded)[[-1, -40]]]
    grid = Transformer.from_crs(4326, 27700, always_xy=True)
    east, north = grid.transform(chosen["lng"].to_numpy(), chosen["lat"].to_numpy())
    lines = [
        f"{n}{m}XX/1/26,Sale of alcohol to a child,,{13 + m}/0{m + 1}/2026 21:00,"
        f"Takeaway,{east[n] + m:.0f},{north[n] - m:.0f},Address"
        for n in range(2)
        for m in range(9)
    ]
    head = (
        "Crime Number,Offence,Person ID,Date/Time From,Location Setting,Easting,Northing,"
        "Geocode Quality"
    )
    path = demo.folder / "clumped.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    own = replace(demo, settings=demo.settings.model_copy(update={"demo": False}))
    assert imports.import_files(own, SHELL, "incidents", [path]).balance.used == len(lines)
    return [("licensing", str(ref)) for ref in chosen["premises_ref"]]


def test_in_the_sample_where_nothing_is_planted_at_premises_nothing_is_suggested(
    demo: Workspace, analyst: Actor
) -> None:
    assert records_near.suggestions(demo, analyst, run_of(demo, analyst), FORCE).empty


def test_a_look_that_the_analysis_suggests_lists_nobody_and_is_declined_for_good(
    demo: Workspace, officer: Actor, analyst: Actor, clumped: list[Place]
) -> None:
    run = run_of(demo, analyst)
    found = records_near.suggestions(demo, analyst, run, FORCE)
    assert set(clumped) <= set(zip(found["source"], found["premises_ref"], strict=True))
    assert (found["here"] >= 9).all()
    assert assessments.list_assessments(demo, officer, TODAY).empty
    journal.decide(demo, analyst, clumped[0], "declined", "a bus shelter stands there")
    again = records_near.suggestions(demo, officer, run, FORCE)
    assert clumped[0] not in set(zip(again["source"], again["premises_ref"], strict=True))
    assert assessments.list_assessments(demo, officer, TODAY).empty
    journal.decide(demo, analyst, clumped[1], "listed", "worth a look")
    assert len(assessments.list_assessments(demo, officer, TODAY)) == 1


def test_records_to_link_tell_nothing_of_a_child_and_hold_no_home(
    demo: Workspace, officer: Actor, clumped: list[Place]
) -> None:
    place = clumped[0]
    with pytest.raises(InputError, match="Say why"):
        records_near.records_at(demo, officer, place, "")
    records = records_near.records_at(demo, officer, place, "assessment")
    assert list(records.columns) == [
        "record",
        "on_day",
        "at",
        "what",
        "precision",
        "distance_m",
        "linked",
    ]
    assert len(records) >= 9
    assert (records["distance_m"] <= 100).all()
    assert not set(records["what"]) & {"missing_from", "returned_to", "disclosed"}
    assert log_of(demo)["reason"].iloc[-1] == "assessment"
    one = records.iloc[0]
    journal.link_incident(demo, officer, place, incident(record=one["record"]))
    with pytest.raises(ConflictError):
        values = incident("another reference", record=one["record"])
        journal.link_incident(demo, officer, place, values)
    again = records_near.records_at(demo, officer, place, "assessment")
    assert again["linked"].tolist() == [True, *[False] * (len(records) - 1)]


def test_premises_are_compared_with_their_like_by_one_rule(
    demo: Workspace, officer: Actor, place: Place
) -> None:
    run = run_of(demo, officer)
    found = records_near.compare(demo, officer, run, FORCE, place)
    assert found.others > 10
    assert found.table["premises"].sum() == found.others
    assert found.sentence().startswith(f"{found.here} recorded within 25 m")
    kind, closing = found.alike.split(", closing ")
    assert kind == near_the_first(demo)["kind"].iloc[0]
    assert closing in {"by 23:00", "by midnight", "by 02:00", "after 02:00", "unknown"}


def test_a_council_notes_engagement_in_its_districts_and_sees_no_incident(
    demo: Workspace, officer: Actor, place: Place
) -> None:
    council = actor_of_role(UserRole.COUNCIL_LICENSING)
    elsewhere = actor_of_role(UserRole.COUNCIL_LICENSING, "Tamworth")
    journal.link_incident(demo, officer, place, incident())
    with pytest.raises(NotAllowedError, match="do not lie in your districts"):
        journal.note_engagement(demo, elsewhere, place, visit(date(2026, 10, 1)))
    journal.note_engagement(demo, council, place, visit(date(2026, 10, 1)))
    seen = assessments.engagements_of(demo, council)
    assert seen["said"].tolist() == ["CCTV works"]
    assert list(seen.columns) == ["on_day", "premises", "kind", "said", "follow_up_on"]
    assert assessments.engagements_of(demo, elsewhere).empty
    for read in (
        lambda: assessments.list_assessments(demo, council),
        lambda: assessments.card_of(demo, council, place),
        lambda: journal.link_incident(demo, council, place, incident()),
    ):
        with pytest.raises(NotAllowedError):
            read()
    assert "A child served" not in lists.list_papers(demo, council).to_csv()
