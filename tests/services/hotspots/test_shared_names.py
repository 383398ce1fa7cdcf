"""One hotspot has one name in all that others get, and no name tells of what is withheld."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest

from hotspot.access.actor import Actor, UserRole
from hotspot.analysis.detection.run import Run
from hotspot.disclosure.profile import Audience, Profile, ProfilePlace
from hotspot.disclosure.shared_numbers import shared_name, shared_number
from hotspot.services.actions import lists, recording
from hotspot.services.hotspots import disclosures, snapshots
from hotspot.services.hotspots.shared_names import shared_names
from hotspot.services.hotspots.sharing import ground_for, guarded
from hotspot.services.meetings import proceedings, projection
from hotspot.services.meetings.book import meeting_of
from hotspot.services.reports import profiles
from hotspot.services.workspace.folder import Workspace
from hotspot.store.unit_of_work import reading
from tests.helpers import AGENCY, FORCE, SHELL, actor_of_role, an_action, run_of


@pytest.fixture
def run(demo: Workspace, lead: Actor, analyst: Actor) -> Run:
    """A run whose hotspots are registered by a snapshot, with an action at the first."""
    snapshots.freeze(demo, analyst, run_of(demo, analyst), FORCE, "first")
    found = run_of(demo, lead)
    action = an_action("seen", agency=AGENCY, due_on=date(2027, 1, 1))
    recording.record_action(demo, lead, action, found, "H-01", FORCE)
    return found


def test_numbers_of_others_are_all_different_and_in_no_order() -> None:
    numbers = [shared_number(n, b"one") for n in range(500)]
    assert len(set(numbers)) == 500
    assert all(len(number) == len("P-0000") for number in numbers)
    rising = sum(a < b for a, b in itertools.pairwise(numbers))
    assert 200 < rising < 300  # as many up as down: the order of the register is not in them
    assert numbers != [shared_number(n, b"other") for n in range(500)]
    assert len({shared_number(n, b"one") for n in range(9_990, 10_010)}) == 20
    assert shared_name(3, "Leek, east (2)", b"one") == f"{numbers[3]} Leek, east"


def test_map_meeting_profile_and_lists_call_a_hotspot_the_same(
    demo: Workspace, lead: Actor, run: Run
) -> None:
    in_meeting = {one.label for one in projection.agenda_of(demo, lead, run, FORCE, "MACE").items}
    assert all(name.startswith("P-") for name in in_meeting)
    on_map = set(disclosures.share_map(demo, lead, run, FORCE, "MACE", "x").hotspots["key"])
    own = set()
    for district in demo.area.districts:
        seen = disclosures.shared_overview(demo, actor_of_role(UserRole.VIEWER, district))
        assert seen is not None
        own |= set(seen.hotspots["key"])
    drawn: list[str] = []

    def draw(profile: Profile, place: ProfilePlace) -> bytes:
        del profile
        drawn.append(place.label)
        raise StopIteration

    with pytest.raises(StopIteration):
        profiles.export_profile(
            demo,
            SHELL,
            1,
            Audience.PARTNERS,
            recipients="MACE",
            reason="x",
            draw_map=draw,
            draw_hours=draw,
        )
    assert on_map == own
    assert on_map <= in_meeting
    assert drawn[0] in in_meeting
    number = proceedings.open_meeting(demo, lead, "MACE", date(2026, 11, 26))
    asked = meeting_of(demo, lead, number, run, FORCE).asked
    partner = replace(actor_of_role(UserRole.VIEWER), districts=frozenset(demo.area.districts))
    listed = lists.list_actions(demo, partner)
    assert set(asked["place"]) <= in_meeting
    assert set(listed["hotspot"]) <= set(asked["place"])


def test_a_place_that_no_hotspot_is_in_any_more_keeps_its_name(
    demo: Workspace, lead: Actor, run: Run
) -> None:
    """Losing its name would tell that what is there is withheld now."""
    before = disclosures.share_map(demo, lead, run, FORCE, "MACE", "x").hotspots
    ground = ground_for(demo, FORCE)
    shared = guarded(demo, run, FORCE, ground)
    first = str(run.hotspots["key"].iloc[0])
    gone = replace(shared, places={k: n for k, n in shared.places.items() if k != first})
    with reading(demo.engine) as connection:
        names = shared_names(demo, connection, run, gone, ground)
    assert gpd.GeoDataFrame(before)["key"].tolist() == names.of_places
