"""Kinds of meetings, what actions are shared under, and protecting beside disrupting."""

from __future__ import annotations

from datetime import date

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.disclosure.forms import FileForm
from hotspot.disruption.meetings import KINDS
from hotspot.services.actions import lists
from hotspot.services.actions.recording import record_action_at
from hotspot.services.actions.views import balance_in_words
from hotspot.services.hotspots.register import ByHand, register_by_hand
from hotspot.services.meetings import proceedings, projection
from hotspot.services.meetings.book import meeting_of
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, an_action, run_of


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_meeting_has_a_kind_and_its_minutes_name_it(
    demo: Workspace, lead: Actor, kind: str
) -> None:
    number = proceedings.open_meeting(demo, lead, "November", date(2026, 11, 26), kind)
    run = run_of(demo, lead)
    assert meeting_of(demo, lead, number, run, FORCE).kind == kind
    file = projection.export_minutes(
        demo, lead, number, FileForm.PAGE, run, FORCE, recipients="MACE", reason="minutes"
    )
    assert KINDS[kind] in file.content.decode()


def test_a_kind_that_there_is_not_is_refused(demo: Workspace, lead: Actor) -> None:
    with pytest.raises(InputError, match="is no kind of meeting"):
        proceedings.open_meeting(demo, lead, "November", date(2026, 11, 26), "party")


def test_what_families_said_and_what_is_shared_under_stay_with_the_action(
    demo: Workspace, lead: Actor
) -> None:
    hand = ByHand("Coaches", "profession", "LADO")
    number = register_by_hand(demo, lead, hand)
    action = an_action(family_views="Young people avoid the subway", sharing_agreement="ISA 2026/4")
    record_action_at(demo, lead, action, number)
    row = lists.list_actions(demo, lead).iloc[0]
    assert row["family_views"] == "Young people avoid the subway"
    assert row["sharing_agreement"] == "ISA 2026/4"


def test_protecting_and_disrupting_stand_beside_each_other_where_actions_are_agreed(
    demo: Workspace, lead: Actor
) -> None:
    number = register_by_hand(demo, lead, ByHand("Coaches", "profession", "LADO"))
    meeting = proceedings.open_meeting(demo, lead, "November", date(2026, 11, 26))
    for command, objective, said in (
        ("a", "protection", "1 open action to protect, 0 to disrupt. None addresses"),
        ("b", "pursue", "1 open action to protect, 1 to disrupt."),
    ):
        action = an_action(command, objective=objective, meeting_id=meeting)
        record_action_at(demo, lead, action, number)
        balance = meeting_of(demo, lead, meeting, run_of(demo, lead), FORCE).balance
        assert balance_in_words(balance[number]).startswith(said)
    assert "None protects" in balance_in_words({"prevention": 2})
