"""Actions against everything that the strategy calls a hotspot: area, address, business, profession."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor, UserRole
from hotspot.errors import NotFoundError
from hotspot.services.actions import clocks, lists
from hotspot.services.actions.changes import Amendment, Outcome, amend_action, change_action
from hotspot.services.actions.recording import record_action_at, record_action_of_premises
from hotspot.services.hotspots.register import ByHand, register_by_hand, view_register
from hotspot.services.meetings import proceedings
from hotspot.services.meetings.book import meeting_of
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, actor_of_role, an_action, log_of, run_of
from tests.services.people.test_permissions import a_place

OF_A_PLACE: dict[str, Any] = {"lng": -2.18, "lat": 53.02}


@pytest.mark.parametrize(
    ("kind", "at"),
    [("area", OF_A_PLACE), ("address", OF_A_PLACE), ("business", OF_A_PLACE), ("profession", {})],
)
def test_an_action_against_what_was_put_in_by_hand_goes_to_its_end(
    demo: Workspace, lead: Actor, kind: str, at: dict[str, Any]
) -> None:
    number = register_by_hand(demo, lead, ByHand("Told of", kind, "MACE", **at))
    recorded = record_action_at(demo, lead, an_action(), number)
    assert (recorded.hotspot_id, recorded.is_new) == (number, True)
    assert record_action_at(demo, lead, an_action(), number).is_new is False
    listed = lists.list_actions(demo, lead)
    assert listed["hotspot"].tolist() == [f"HS-{number:04}"]
    clocks.record_moment(demo, lead, recorded.action_id, 1, "next_review", date(2026, 12, 9))
    for version, (to, note) in enumerate(
        (("underway", ""), ("completed", "done"), ("effect checked", "no clear change")), start=2
    ):
        change_action(demo, lead, recorded.action_id, version, to, note)
    assert lists.list_actions(demo, lead)["state"].tolist() == ["effect checked"]
    assert f"hotspot HS-{number:04}" in log_of(demo).iloc[-2]["places"]


def test_who_sees_own_districts_only_reads_the_list_beside_a_profession(
    demo: Workspace, lead: Actor
) -> None:
    number = register_by_hand(demo, lead, ByHand("Coaches", "profession", "LADO"))
    record_action_at(demo, lead, an_action(), number)
    assert lists.list_actions(demo, actor_of_role(UserRole.VIEWER)).empty


def test_a_business_agreed_in_a_meeting_is_one_hotspot_however_many_actions(
    demo: Workspace, lead: Actor
) -> None:
    place = a_place(demo)
    meeting = proceedings.open_meeting(demo, lead, "MACE", date(2026, 11, 26))
    numbers = set()
    for command in ("a", "b"):
        action = an_action(
            command, measure_code="MAKESAFE", premises=place, meeting_id=meeting, note=command
        )
        numbers.add(record_action_of_premises(demo, lead, action).hotspot_id)
    assert len(numbers) == 1
    registered = view_register(demo, lead)
    row = registered[registered["hotspot_id"].isin(numbers)].iloc[0]
    assert (row["kind"], bool(row["by_hand"])) == ("business", True)
    found = meeting_of(demo, lead, meeting, run_of(demo, lead), FORCE)
    assert len(found.agreed) == 2
    own = int(lists.list_actions(demo, lead)["action_id"].iloc[0])
    for version, to in enumerate(("planned", "briefed", "run", "debriefed"), start=1):
        on = date(2026, 12, 1) if to == "run" else None
        change_action(demo, lead, own, version, to, "", on=on)
    change_action(demo, lead, own, 5, "completed", "done", ended=Outcome("trained"))
    change_action(demo, lead, own, 6, "effect checked", "visited again")
    listed = lists.list_actions(demo, lead)
    row = listed[listed["action_id"] == own].iloc[0]
    assert (row["state"], row["outcome"], row["premises_ref"]) == (
        "effect checked",
        "trained",
        place[1],
    )


def test_premises_can_be_added_to_an_action_later(demo: Workspace, lead: Actor) -> None:
    number = register_by_hand(demo, lead, ByHand("Told of", "area", "MACE", **OF_A_PLACE))
    action = record_action_at(demo, lead, an_action(), number).action_id
    due = date(2026, 12, 1)
    with pytest.raises(NotFoundError, match="No register has"):
        amend_action(
            demo, lead, action, 1, Amendment("Sgt", "Police", due, "x", ("licensing", "?"))
        )
    place = a_place(demo)
    amend_action(demo, lead, action, 1, Amendment("Sgt", "Police", due, "a visit", place))
    row = lists.list_actions(demo, lead).iloc[0]
    assert (row["premises_source"], row["premises_ref"]) == place
    amend_action(demo, lead, action, 2, Amendment("PC", "Police", due, "handed over"))
    assert lists.list_actions(demo, lead)["premises_ref"].iloc[0] == place[1]
    assert f"premises {place[0]} {place[1]}" in log_of(demo)["places"].explode().tolist()


def test_what_cannot_take_an_action_says_so(demo: Workspace, lead: Actor) -> None:
    with pytest.raises(NotFoundError, match="There is no hotspot HS-0999"):
        record_action_at(demo, lead, an_action(), 999)
    with pytest.raises(InputError, match="Choose the premises"):
        record_action_of_premises(demo, lead, an_action())
    with pytest.raises(NotFoundError, match="No register has"):
        record_action_of_premises(demo, lead, an_action(premises=("licensing", "none")))


def test_a_profession_is_referred_to_the_designated_officer_and_taken_to_its_end(
    demo: Workspace, lead: Actor
) -> None:
    number = register_by_hand(demo, lead, ByHand("Coaches", "profession", "an employer"))
    action = an_action(measure_code="LADO", agency="Stoke-on-Trent City Council")
    made = record_action_at(demo, lead, action, number).action_id
    clocks.record_moment(demo, lead, made, 1, "learned", date(2026, 11, 23))
    _, deadlines = clocks.deadlines_of_action(demo, lead, made)
    assert {one.step: one.due_on for one in deadlines}["referred_by"] == date(2026, 11, 24)
    clocks.record_moment(demo, lead, made, 2, "referred", date(2026, 11, 24))
    change_action(demo, lead, made, 3, "underway", "")
    ended = Outcome("substantiated", {})
    change_action(demo, lead, made, 4, "completed", "", ended=ended)
    change_action(demo, lead, made, 5, "effect checked", "nobody of that trade since")
    row = lists.list_actions(demo, lead).iloc[0]
    assert (row["state"], row["outcome"]) == ("effect checked", "substantiated")
