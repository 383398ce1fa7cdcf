"""The lists that people need, and actions that are handed over."""

from __future__ import annotations

from datetime import date

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor, UserRole
from hotspot.disruption.ladders import ActionState
from hotspot.errors import ConflictError, NotFoundError
from hotspot.services.actions import clocks, lists, recording, views
from hotspot.services.actions.changes import Amendment, amend_action, change_action
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.folder import Workspace
from tests.helpers import AGENCY, FORCE, an_action, log_of, run_of

TODAY, MEETING = date(2026, 11, 22), date(2026, 12, 10)
POLICE = "Staffordshire Police"
JO = Actor("Jo Lead", frozenset({UserRole.DISRUPTION_LEAD}), POLICE)


@pytest.fixture
def busy(demo: Workspace, lead: Actor) -> Workspace:
    """Five actions at two hotspots: patrol, overdue warning, a review with its clock, one done."""
    run = run_of(demo, lead)
    for command, key, changes in (
        ("a", "H-01", {"owner": "jo lead ", "agency": POLICE, "due_on": date(2027, 1, 5)}),
        ("b", "H-01", {"measure_code": "CAWN16", "due_on": date(2026, 11, 1)}),
        (
            "c",
            "H-02",
            {"measure_code": "LA51", "due_on": date(2027, 2, 1), "objective": "prevention"},
        ),
        ("d", "H-03", {"due_on": date(2026, 11, 30)}),
        ("e", "H-04", {"measure_code": "RHI", "due_on": date(2026, 12, 9)}),
    ):
        recording.record_action(demo, lead, an_action(command, **changes), run, key, FORCE)
    clocks.record_moment(demo, lead, 3, 1, "given", date(2026, 11, 2))
    change_action(demo, lead, 4, 1, ActionState.COMPLETED, "")
    return demo


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (views.ALL, {1, 2, 3, 4, 5}),
        (views.MINE, {1}),
        (views.AGENCY, {1}),
        (views.OVERDUE, {2}),
        (views.SOON, {2, 3, 5}),  # 3 by its clock: representations close on 30 November
    ],
)
def test_a_view_shows_what_it_says(busy: Workspace, view: str, expected: set[int]) -> None:
    listed = lists.list_actions(busy, JO, today=TODAY)
    found = views.chosen(listed, view, JO, MEETING)
    assert set(found["action_id"]) == expected
    council = Actor("x", frozenset({UserRole.DISRUPTION_LEAD}), AGENCY)
    of_agency = views.chosen(listed, views.AGENCY, council, MEETING)
    assert set(of_agency["action_id"]) == {2, 3, 4, 5}


def test_what_needs_no_cooperation_and_what_is_missing(busy: Workspace) -> None:
    catalogue = measure_catalogue.catalogue_of(busy)
    run = run_of(busy, JO)
    listed = lists.list_actions(busy, JO, run, TODAY)
    free = views.without_cooperation(listed, catalogue)
    assert set(free["action_id"]) == {1, 2, 3, 4}
    bare = views.hotspots_without_action(listed, run)
    assert bare == [key for key in run.hotspots["key"] if key not in ("H-01", "H-02", "H-04")]
    balance = views.balance_of(listed, catalogue).set_index("hotspot")
    assert balance.columns.tolist() == ["Prepare", "Prevention", "Protection", "Pursue"]
    assert balance.to_numpy().tolist() == [[0, 1, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0]]
    nothing = listed.head(0)
    assert views.balance_of(nothing, catalogue).empty
    assert views.hotspots_without_action(nothing, run) == run.hotspots["key"].tolist()
    assert views.chosen(nothing, views.SOON, JO, MEETING).empty


def test_an_action_is_handed_over_and_its_history_tells(busy: Workspace, lead: Actor) -> None:
    change = Amendment("Sgt New", POLICE, date(2026, 12, 20), "the owner has left")
    amend_action(busy, lead, 2, 1, change)
    row = lists.list_actions(busy, lead, today=TODAY).set_index("action_id").loc[2]
    assert (row["owner"], row["agency"], row["due_on"]) == ("Sgt New", POLICE, date(2026, 12, 20))
    assert not row["is_overdue"]
    history = recording.history_of(busy, lead, 2)
    assert history["event"].tolist() == ["recorded", "amended"]
    assert "Sgt (Stoke-on-Trent City Council), due 2026-11-01, is now Sgt New" in history["note"][1]
    assert "the owner has left" in history["note"][1]
    assert recording.history_of(busy, lead, 3)["event"].tolist() == ["recorded", "happened"]
    assert log_of(busy)["operation"].iloc[-1] == "view actions"


def test_nobodys_change_is_lost(busy: Workspace, lead: Actor) -> None:
    change = Amendment("A", "B", date(2026, 12, 20), "c")
    amend_action(busy, lead, 1, 1, change)
    with pytest.raises(ConflictError, match="Look again"):
        amend_action(busy, lead, 1, 1, change)
    for empty in ({"owner": " "}, {"agency": ""}, {"why": ""}):
        fields = {"owner": "A", "agency": "B", "due_on": TODAY, "why": "c"} | empty
        with pytest.raises(InputError, match="say why"):
            amend_action(busy, lead, 1, 2, Amendment(**fields))  # type: ignore[arg-type]
    with pytest.raises(NotFoundError):
        amend_action(busy, lead, 99, 1, change)
    with pytest.raises(NotFoundError):
        recording.history_of(busy, lead, 99)


def test_a_partner_sees_no_history_of_others(busy: Workspace) -> None:
    viewer = Actor("v", frozenset({UserRole.VIEWER}), "Nobody's", frozenset({"Stoke-on-Trent"}))
    with pytest.raises(NotFoundError):
        recording.history_of(busy, viewer, 1)
