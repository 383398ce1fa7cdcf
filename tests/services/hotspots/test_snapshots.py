"""Snapshots: frozen, replayed, compared; numbers that live for ever; hotspots put in by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from hotspot import InputError, NotAllowedError, Params
from hotspot.access.actor import Actor
from hotspot.analysis.detection.run import Run
from hotspot.disclosure.profile import Audience
from hotspot.disclosure.suppression import WITHHELD
from hotspot.errors import ConflictError, NotFoundError
from hotspot.schema import how_many
from hotspot.services.actions import lists, recording
from hotspot.services.hotspots import disclosures, lineages, register, replays, runs, snapshots
from hotspot.services.hotspots.register import ByHand
from hotspot.services.hotspots.snapshots import Override
from hotspot.services.records import datasets, imports
from hotspot.services.reports import profiles
from hotspot.services.upkeep import holds, retention, rotation
from hotspot.services.upkeep.holds import Hold
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.store import hotspots
from hotspot.store.tables import core
from hotspot.store.unit_of_work import reading
from tests.helpers import FORCE, SHELL, an_action, log_of, run_of
from tests.intake.cases import INCIDENT, numbered
from tests.services.records.bringing import LOOSE, bring


def half_year(workspace: Workspace, actor: Actor) -> Run:
    """A run on the first half of the last twelve months."""
    params = runs.default_params(runs.holdings(workspace), FORCE)
    assert params.start is not None
    assert params.end is not None
    middle = params.start + (params.end - params.start) / 2
    changed = params.replace(end=middle, min_weight=params.min_weight / 2)
    return runs.detect_hotspots(workspace, actor, FORCE, changed)


def ids_of(workspace: Workspace) -> list[int]:
    with reading(workspace.engine) as connection:
        table = hotspots.registered_hotspots(connection)
        return sorted(one.hotspot_id for one in register.registered_of(table))


def test_exploring_changes_nothing_and_freezing_registers_every_hotspot(
    demo: Workspace, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    proposed = snapshots.propose(demo, analyst, run)
    assert set(proposed["event"]) == {"new"}
    assert ids_of(demo) == []
    number = snapshots.freeze(demo, analyst, run, FORCE, "2026-11", note="briefed")
    assert ids_of(demo) == list(range(1, len(run.hotspots) + 1))
    listed = snapshots.list_snapshots(demo, analyst)
    assert listed[["snapshot_id", "name", "taken_by", "since"]].to_numpy().tolist() == [
        [number, "2026-11", analyst.name, ""]
    ]
    names = register.view_register(demo, analyst)["name"].tolist()
    assert len(set(names)) == len(names)
    assert all(names)


def test_the_same_run_frozen_twice_goes_on_under_the_same_numbers(
    demo: Workspace, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    first = snapshots.freeze(demo, analyst, run, FORCE, "first")
    second = snapshots.freeze(demo, analyst, run, FORCE, "second")
    assert len(ids_of(demo)) == len(run.hotspots)
    lineage = lineages.lineage_of(demo, analyst)
    assert set(lineage.query("snapshot == 'second'")["event"]) == {"continued"}
    compared = lineages.compare(demo, analyst, first, second)
    assert set(compared["what"]) == {"in both"}
    assert compared["events_before"].equals(compared["events_after"].rename("events_before"))


def test_an_action_keeps_its_number_through_the_lineage(
    demo: Workspace, analyst: Actor, lead: Actor
) -> None:
    early = half_year(demo, analyst)
    key = str(early.hotspots["key"].iloc[0])
    recorded = recording.record_action(demo, lead, an_action(), early, key, FORCE)
    snapshots.freeze(demo, analyst, early, FORCE, "spring")
    lineage = lineages.lineage_of(demo, analyst)
    mine = lineage[lineage["hotspot_id"] == recorded.hotspot_id]
    assert mine["key"].tolist() == [key]
    assert mine["event"].tolist() == ["continued"]
    late = run_of(demo, analyst)
    snapshots.freeze(demo, analyst, late, FORCE, "autumn")
    listed = lists.list_actions(demo, analyst, late)
    followed = (
        lineages.lineage_of(demo, analyst).query("snapshot == 'autumn'").set_index("hotspot_id")
    )
    assert isinstance(listed["key"].iloc[0], str)
    assert listed["key"].iloc[0] == followed.loc[recorded.hotspot_id, "key"]


def test_a_snapshot_is_replayed_byte_for_byte(
    demo: Workspace, analyst: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(demo, analyst)
    number = snapshots.freeze(demo, analyst, run, FORCE, "2026-11")
    monkeypatch.setattr(
        Params.__init__,
        "__kwdefaults__",
        {
            **(Params.__init__.__kwdefaults__ or {}),
            "min_weight": 35.0,
            "rings": 4,
            "min_children": 9,
        },
    )
    assert Params().min_weight == 35
    again = replays.replay(demo, analyst, number)
    assert (again.is_recomputed, again.is_same) == (True, True)
    assert "byte for byte" in again.text
    assert again.hotspots["events"].tolist() == run.hotspots["events"].tolist()
    assert again.hotspots["hotspot"].tolist()[0].startswith("HS-0")


def test_later_imports_and_sites_do_not_change_a_replay(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    rows = numbered(30, INCIDENT)
    bring(workspace, tmp_path, *rows)
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], LOOSE)
    number = snapshots.freeze(workspace, analyst, run, ["incidents"], "before")
    more = numbered(40, INCIDENT)
    bring(workspace, tmp_path, *more, name="more.csv")
    site = tmp_path / "sites.csv"
    site.write_text("name,kind,easting,northing\nA home,care,388245,346120\n")
    imports.import_files(workspace, SHELL, "sensitive-sites", [site])
    again = replays.replay(workspace, analyst, number)
    assert (again.is_recomputed, again.is_same) == (True, True)


def test_once_erased_a_snapshot_is_shown_as_frozen_and_says_so(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    rows = numbered(30, INCIDENT, **{"Date/Time_From": lambda n: f"{n % 28 + 1:02}/03/2025 20:00"})
    bring(workspace, tmp_path, *rows)
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], LOOSE)
    number = snapshots.freeze(workspace, analyst, run, ["incidents"], "spring")
    today = date(2026, 6, 1)
    hold = holds.place_hold(workspace, analyst, Hold("", "2025-01", "2025-12", "a case"))
    held = retention.purge(workspace, analyst, is_dry=True, today=today)
    assert held.snapshots == ()
    holds.lift_hold(workspace, analyst, hold)
    assert retention.purge(workspace, analyst, is_dry=True, today=today).snapshots == ("spring",)
    retention.purge(workspace, analyst, is_dry=False, today=today)
    again = replays.replay(workspace, analyst, number)
    assert (again.is_recomputed, again.is_same) == (False, True)
    assert "Shown as frozen, not computed again" in again.text
    assert "source erased on" in again.text
    assert "kept for 13 months" in again.text
    assert again.hotspots["events"].tolist() == run.hotspots["events"].tolist()
    assert "source erased" in snapshots.list_snapshots(workspace, analyst)["since"].iloc[0]


def test_a_snapshot_is_erased_when_its_own_time_is_over_unless_its_records_are_held(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    bring(workspace, tmp_path, *numbered(30, INCIDENT))
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], LOOSE)
    number = snapshots.freeze(workspace, analyst, run, ["incidents"], "old")
    taken = snapshots.list_snapshots(workspace, analyst)["taken_at"].iloc[0]
    month = taken.year * 12 + taken.month + workspace.settings.snapshot_months
    over = date(month // 12, month % 12 + 1, 1)
    before = over - timedelta(days=1)
    assert retention.purge(workspace, analyst, is_dry=True, today=before).old_snapshots == ()
    hold = holds.place_hold(workspace, analyst, Hold("incidents", "2026-05", "2026-05", "case 7"))
    assert retention.purge(workspace, analyst, is_dry=False, today=over).old_snapshots == ()
    assert replays.replay(workspace, analyst, number).is_recomputed
    holds.lift_hold(workspace, analyst, hold)
    assert retention.purge(workspace, analyst, is_dry=True, today=over).old_snapshots == ("old",)
    assert retention.purge(workspace, analyst, is_dry=False, today=over).old_snapshots == ("old",)
    again = replays.replay(workspace, analyst, number)
    assert (again.is_recomputed, len(again.hotspots)) == (False, 0)
    assert "It was erased on" in again.text
    assert "kept for 84 months" in snapshots.list_snapshots(workspace, analyst)["since"].iloc[0]
    assert len(lineages.lineage_of(workspace, analyst)) == len(run.hotspots)
    assert retention.purge(workspace, analyst, is_dry=False, today=over).old_snapshots == ()
    with pytest.raises(InputError, match="was erased on"):
        profiles.export_profile(
            workspace,
            analyst,
            number,
            Audience.POLICE,
            recipients="x",
            reason="y",
            draw_map=lambda *_: b"",
            draw_hours=lambda *_: b"",
        )


def test_what_was_erased_is_named_also_where_a_rotation_wrote_the_files_anew(
    workspace: Workspace, tmp_path: Path, analyst: Actor, administrator: Actor
) -> None:
    rows = numbered(30, INCIDENT, **{"Date/Time_From": lambda n: f"{n % 28 + 1:02}/03/2025 20:00"})
    bring(workspace, tmp_path, *rows)
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], LOOSE)
    number = snapshots.freeze(workspace, analyst, run, ["incidents"], "spring")
    rotation.rotate_pseudonyms(workspace, administrator)
    again = open_workspace(workspace.folder)
    today = date(2026, 6, 1)
    assert retention.purge(again, analyst, is_dry=True, today=today).snapshots == ("spring",)
    retention.purge(again, analyst, is_dry=False, today=today)
    assert "source erased on" in replays.replay(again, analyst, number).text
    again.engine.dispose()


def test_a_withdrawn_import_is_named_and_nothing_is_computed_again(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    made = bring(workspace, tmp_path, *numbered(30, INCIDENT))
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], LOOSE)
    number = snapshots.freeze(workspace, analyst, run, ["incidents"], "wrong")
    datasets.withdraw_import(workspace, SHELL, made.import_ids[0], "wrong file")
    again = replays.replay(workspace, analyst, number)
    assert (again.is_recomputed, again.is_same) == (False, True)
    assert "withdrawn" in again.text


def test_renamed_children_do_not_change_a_replay(
    demo: Workspace, analyst: Actor, administrator: Actor
) -> None:
    run = run_of(demo, analyst)
    number = snapshots.freeze(demo, analyst, run, FORCE, "2026-11")
    rotation.rotate_pseudonyms(demo, administrator)
    again = replays.replay(open_workspace(demo.folder), analyst, number)
    assert (again.is_recomputed, again.is_same) == (True, True)


@pytest.mark.parametrize("column", ["result", "cells", "briefing"])
def test_an_altered_snapshot_is_found(demo: Workspace, analyst: Actor, column: str) -> None:
    number = snapshots.freeze(demo, analyst, run_of(demo, analyst), FORCE, "2026-11")
    with reading(demo.engine) as connection:
        frozen = dict(connection.execute(core.snapshots.select()).mappings().one())
    changed = (
        {"result": frozen["result"].replace('"events":', '"events":1', 1)}
        if column == "result"
        else {f"{column}_sha256": "0" * 64}
    )
    with demo.engine.begin() as connection:
        connection.execute(update(core.snapshots).values(changed))
    again = replays.replay(demo, analyst, number)
    assert not again.is_same
    assert "NOT" in again.text


def test_a_file_of_records_that_was_changed_is_not_computed_from(
    demo: Workspace, analyst: Actor
) -> None:
    number = snapshots.freeze(demo, analyst, run_of(demo, analyst), FORCE, "2026-11")
    file = next(demo.records.rglob("*.parquet"))
    file.write_bytes(file.read_bytes() + b" ")
    again = replays.replay(demo, analyst, number)
    assert not again.is_recomputed
    assert "is not what it was" in again.text


def test_names_numbers_and_reasons_are_asked_for(demo: Workspace, analyst: Actor) -> None:
    run = run_of(demo, analyst)
    with pytest.raises(InputError, match="Name the snapshot"):
        snapshots.freeze(demo, analyst, run, FORCE, "  ")
    with pytest.raises(InputError, match="Say why"):
        snapshots.freeze(demo, analyst, run, FORCE, "x", overrides={"H-01": Override(None, " ")})
    snapshots.freeze(demo, analyst, run, FORCE, "x")
    with pytest.raises(ConflictError, match="another name"):
        snapshots.freeze(demo, analyst, run, FORCE, "x")
    with pytest.raises(NotFoundError, match="no snapshot 9"):
        replays.replay(demo, analyst, 9)
    with pytest.raises(NotFoundError, match="no snapshot 9"):
        lineages.compare(demo, analyst, 1, 9)


def test_a_run_of_other_records_is_not_frozen(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    bring(workspace, tmp_path, *numbered(30, INCIDENT))
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], LOOSE)
    bring(workspace, tmp_path, *numbered(40, INCIDENT), name="more.csv")
    with pytest.raises(ConflictError, match="have changed"):
        snapshots.freeze(workspace, analyst, run, ["incidents"], "late")
    assert snapshots.list_snapshots(workspace, analyst).empty
    assert ids_of(workspace) == []


def test_an_analysts_word_goes_before_the_match(demo: Workspace, analyst: Actor) -> None:
    run = run_of(demo, analyst)
    snapshots.freeze(demo, analyst, run, FORCE, "first")
    decided = {"H-01": Override(None, "another group of people")}
    snapshots.freeze(demo, analyst, run, FORCE, "second", overrides=decided)
    lineage = lineages.lineage_of(demo, analyst).query("snapshot == 'second'")
    new = lineage[lineage["event"] == "new"]
    assert new["why"].tolist() == ["another group of people"]
    assert new["hotspot_id"].tolist() == [len(run.hotspots) + 1]
    assert len(lineage[lineage["event"] == "dormant"]) == 1


@pytest.mark.parametrize(
    "decided",
    [
        {"H-01": Override(99, "no such number")},
        {"H-99": Override(1, "no such key")},
        {"H-01": Override(1, "twice"), "H-02": Override(1, "twice")},
    ],
)
def test_a_match_that_cannot_be_is_refused(
    demo: Workspace, analyst: Actor, decided: dict[str, Override]
) -> None:
    run = run_of(demo, analyst)
    snapshots.freeze(demo, analyst, run, FORCE, "first")
    with pytest.raises(InputError, match="can only be overridden by"):
        snapshots.freeze(demo, analyst, run, FORCE, "second", overrides=decided)
    assert len(snapshots.list_snapshots(demo, analyst)) == 1


def test_a_hotspot_by_hand_takes_actions_until_a_snapshot_meets_it(
    demo: Workspace, analyst: Actor, lead: Actor
) -> None:
    run = run_of(demo, analyst)
    at = run.hotspots.iloc[0]
    hand = ByHand(
        "The arcade", "business", "MACE, 3 November", "1BP", float(at["lng"]), float(at["lat"]), 200
    )
    number = register.register_by_hand(demo, lead, hand)
    trade = register.register_by_hand(demo, lead, ByHand("Taxi trade", "profession", "council"))
    table = register.view_register(demo, analyst).set_index("hotspot_id")
    assert table["by_hand"].tolist() == [True, True]
    assert table.loc[[number], ["kind", "told_by", "grade"]].to_numpy().tolist() == [
        ["business", "MACE, 3 November", "1BP"]
    ]
    snapshots.freeze(demo, analyst, run, FORCE, "2026-11")
    table = register.view_register(demo, analyst).set_index("hotspot_id")
    assert not table.loc[number, "by_hand"]
    assert table.loc[number, "name"] == "The arcade"
    assert table.loc[trade, "by_hand"]
    assert table.loc[trade, "state"] == "active"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "a name"),
        ({"told_by": ""}, "where it is known from"),
        ({"kind": "person"}, "no kind"),
        ({"lng": None}, "where the hotspot is"),
        ({"lng": 10.0}, "does not lie in"),
        ({"radius_m": 0}, "radius"),
        ({"radius_m": 90_000}, "radius"),
    ],
)
def test_what_a_hotspot_by_hand_lacks_is_said(
    demo: Workspace, lead: Actor, changes: dict[str, object], message: str
) -> None:
    fields = {"name": "A", "kind": "area", "told_by": "MACE", "lng": -2.18, "lat": 53.02}
    with pytest.raises(InputError, match=message):
        register.register_by_hand(demo, lead, ByHand(**(fields | changes)))  # type: ignore[arg-type]


def test_what_one_child_drives_is_an_analysts_to_see(
    demo: Workspace, analyst: Actor, lead: Actor
) -> None:
    params = runs.default_params(runs.holdings(demo), FORCE)
    whole = runs.detect_hotspots(demo, analyst, FORCE, params)
    driven = whole.hotspots["single_child"]
    assert driven.any()
    shown = runs.detect_hotspots(demo, lead, FORCE, params)
    assert set(shown.hotspots["key"]) == set(whole.hotspots.loc[~driven, "key"])
    assert f"{how_many(int(driven.sum()), 'hotspot')} withheld" in shown.explain()
    assert not set(shown.cell_frame()["label"]) & set(whole.hotspots.loc[driven, "label"])
    snapshots.freeze(demo, analyst, whole, FORCE, "2026-11")
    hidden = {number + 1 for number, is_driven in enumerate(driven) if is_driven}
    for table in (
        lineages.lineage_of(demo, lead),
        register.view_register(demo, lead),
    ):
        assert not hidden & set(table["hotspot_id"])
        assert len(table) == len(whole.hotspots) - len(hidden)
    assert hidden <= set(lineages.lineage_of(demo, analyst)["hotspot_id"])
    snapshots.freeze(demo, analyst, whole, FORCE, "2026-12")
    assert len(lineages.compare(demo, lead, 1, 2)) == len(whole.hotspots) - len(hidden)
    shared = disclosures.share_map(demo, lead, shown, FORCE, "Partners", "MACE")
    assert shared.withheld == {WITHHELD: driven.sum()}
    with pytest.raises(NotAllowedError):
        snapshots.freeze(demo, lead, shown, FORCE, "x")
    with pytest.raises(NotAllowedError):
        snapshots.propose(demo, lead, whole)


def test_the_log_names_the_hotspots_of_a_snapshot(demo: Workspace, analyst: Actor) -> None:
    run = run_of(demo, analyst)
    snapshots.freeze(demo, analyst, run, FORCE, "2026-11")
    row = log_of(demo).iloc[-1]
    assert (row["operation"], row["category"]) == ("freeze snapshot", "alteration")
    assert "hotspot HS-0001" in row["places"]
    assert row["shape"]["min_weight"] == run.params.min_weight


def test_a_run_of_records_of_which_some_were_replaced_is_frozen_and_replayed(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    bring(workspace, tmp_path, *numbered(30, INCIDENT))
    changed = [{**row, "Offence": "Another"} for row in numbered(30, INCIDENT)]
    plan = imports.ImportPlan(takes_changes=True)
    bring(workspace, tmp_path, *changed, name="changed.csv", plan=plan)
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], LOOSE)
    assert run.records_in == 30
    number = snapshots.freeze(workspace, analyst, run, ["incidents"], "changed")
    again = replays.replay(workspace, analyst, number)
    assert (again.is_recomputed, again.is_same) == (True, True)
