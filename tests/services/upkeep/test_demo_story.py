"""The story of the demonstration: told once, by the services, with something for everybody."""

from __future__ import annotations

import pytest

from hotspot.access.actor import Actor, UserRole
from hotspot.services.actions import lists
from hotspot.services.hotspots import snapshots
from hotspot.services.meetings import proceedings
from hotspot.services.premises import assessments
from hotspot.services.upkeep import log
from hotspot.services.upkeep.demo_story import tell_story
from hotspot.services.workspace.folder import Workspace
from hotspot.store.backup import count_rows
from tests.helpers import SHELL, actor_of_role

pytestmark = pytest.mark.slow


def test_the_story_is_told_once_and_leaves_nobody_with_an_empty_page(
    demo: Workspace, lead: Actor
) -> None:
    assert tell_story(demo)
    assert not tell_story(demo)
    listed = lists.list_actions(demo, lead)
    assert listed["is_overdue"].any()
    assert {"completed", "planned", "agreed"} <= set(listed["stands"])
    assert len(assessments.list_assessments(demo, lead)) == 2
    assert snapshots.list_snapshots(demo, lead)["name"].tolist() == ["2026-10", "2026-09"]
    assert proceedings.list_meetings(demo, lead)["closed_at"].notna().all()
    council = actor_of_role(UserRole.COUNCIL_LICENSING)
    assert len(lists.list_papers(demo, council)) >= 1
    assert not assessments.engagements_of(demo, council).empty
    assert all("(invented)" in owner or "(demo)" in owner for owner in listed["owner"])
    assert log.verify_log(demo, SHELL).problems == []
    counted = count_rows(demo.engine)
    assert counted["journal"] > 10
    assert counted["meetings"] == 1
