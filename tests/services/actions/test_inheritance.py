"""An action on a hotspot that splits is shown on both of its parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspot.access.actor import Actor
from hotspot.services.actions import inheritance, recording
from hotspot.services.actions.lists import list_actions
from hotspot.services.hotspots import lineages, register, runs, snapshots
from hotspot.services.workspace.folder import Workspace
from tests.helpers import an_action
from tests.intake.cases import INCIDENT, numbered
from tests.services.records.bringing import LOOSE, bring

SOURCES = ["incidents"]


@pytest.fixture
def parted(workspace: Workspace, tmp_path: Path, analyst: Actor, lead: Actor) -> Workspace:
    """Two heaps 400 m apart: one hotspot at a wide reach, two at a narrow one."""
    rows = [
        {**row, "Person ID": f"P{n % 9}", "Easting": str(387951 + 400 * (n % 2))}
        for n, row in enumerate(numbered(60, INCIDENT))
    ]
    bring(workspace, tmp_path, *rows)
    wide = runs.detect_hotspots(workspace, analyst, SOURCES, LOOSE.replace(rings=4))
    assert len(wide.hotspots) == 1
    recording.record_action(workspace, lead, an_action("before"), wide, "H-01", SOURCES)
    snapshots.freeze(workspace, analyst, wide, SOURCES, "wide")
    narrow = runs.detect_hotspots(workspace, analyst, SOURCES, LOOSE.replace(rings=1))
    assert len(narrow.hotspots) == 2
    snapshots.freeze(workspace, analyst, narrow, SOURCES, "narrow")
    return workspace


def test_what_was_recorded_before_the_split_is_on_both_and_what_came_after_on_one(
    parted: Workspace, analyst: Actor, lead: Actor
) -> None:
    run = runs.detect_hotspots(parted, lead, SOURCES, LOOSE.replace(rings=1))
    events = lineages.lineage_of(parted, analyst).query("snapshot == 'narrow'")
    assert events["event"].tolist() == ["split", "split"]
    names = register.names_in(parted, lead, run)
    parent = next(key for key, name in names.items() if "HS-0001" in name)
    child = next(key for key, name in names.items() if "HS-0002" in name)
    recording.record_action(parted, lead, an_action("after"), run, parent, SOURCES)
    found = inheritance.inherited_actions(parted, lead, run)
    assert found[["action_id", "key", "inherited_from"]].to_numpy().tolist() == [
        [1, child, "HS-0001"]
    ]
    assert found["hotspot"].tolist() == ["HS-0001"]


def test_what_merged_and_came_apart_again_keeps_its_number_and_has_what_was_done_meanwhile(
    parted: Workspace, analyst: Actor, lead: Actor
) -> None:
    wide = runs.detect_hotspots(parted, analyst, SOURCES, LOOSE.replace(rings=4))
    snapshots.freeze(parted, analyst, wide, SOURCES, "wide again")
    steps = lineages.lineage_of(parted, analyst).query("snapshot == 'wide again'")
    host = int(steps.loc[steps["key"].notna(), "hotspot_id"].iloc[0])
    (asleep,) = {1, 2} - {host}
    own = steps[steps["hotspot_id"] == asleep]
    assert own[["event", "related_id"]].to_numpy().tolist() == [["merged", host]]
    assert set(register.names_in(parted, lead, wide)) == {"H-01"}
    meanwhile = recording.record_action(parted, lead, an_action("meanwhile"), wide, "H-01", SOURCES)
    done_at = list_actions(parted, lead, wide).set_index("action_id")["hotspot_id"]
    assert (done_at.loc[meanwhile.action_id], meanwhile.hotspot_id) == (host, host)
    narrow = runs.detect_hotspots(parted, analyst, SOURCES, LOOSE.replace(rings=1))
    names = register.names_in(parted, lead, narrow)
    assert len(names) == 2  # each is carried where its own ground is, before it is frozen too
    snapshots.freeze(parted, analyst, narrow, SOURCES, "narrow again")
    table = register.view_register(parted, analyst).set_index("hotspot_id")
    assert table["state"].to_dict() == {1: "active", 2: "active"}
    assert table["merged_into"].isna().all()
    steps = lineages.lineage_of(parted, analyst).query("snapshot == 'narrow again'")
    told = steps[["hotspot_id", "event"]].to_numpy().tolist()
    assert sorted(told) == sorted([[asleep, "revived"], [host, "split"]])
    own = steps[steps["hotspot_id"] == asleep]
    assert own["related_id"].tolist() == [host]
    inherited = inheritance.inherited_actions(parted, lead, narrow)
    mine = inherited[inherited["key"] == next(k for k, n in names.items() if f"{asleep:04}" in n)]
    assert meanwhile.action_id in mine["action_id"].tolist()


def test_without_a_split_nothing_is_inherited(demo: Workspace, lead: Actor) -> None:
    from tests.helpers import FORCE, run_of

    run = run_of(demo, lead)
    recording.record_action(demo, lead, an_action(), run, "H-01", FORCE)
    found = inheritance.inherited_actions(demo, lead, run)
    assert found.empty
    assert "inherited_from" in found.columns
