"""Use cases: permissions, one audit row each, all or nothing."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from hotspot import InputError, NotAllowedError, Params, StoreError
from hotspot.access.actor import Actor
from hotspot.disruption.actions import is_overdue
from hotspot.disruption.ladders import ActionState
from hotspot.errors import ConflictError, NotFoundError, OutsideAreaError
from hotspot.intake.rows.balance import KEPT, KEPT_PREMISES
from hotspot.services.actions import lists, recording
from hotspot.services.actions.changes import change_action
from hotspot.services.hotspots import disclosures, register, runs, times
from hotspot.services.premises import nearby
from hotspot.services.records import imports
from hotspot.services.upkeep.demo import SAMPLE_FILES, open_demo
from hotspot.services.workspace.folder import Workspace, init_workspace, open_workspace
from hotspot.settings import SAMPLE_FOLDER
from tests.helpers import FORCE, SHELL, an_action, log_of, run_of


def test_the_log_never_holds_a_child_or_a_note(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    command = an_action(note="a secret remark", owner="Sgt Someone")
    recording.record_action(demo, lead, command, run, "H-01", FORCE)
    text = log_of(demo).to_csv()
    assert "secret" not in text
    assert "Sgt Someone" not in text
    files = demo.records.rglob("*.parquet")
    import polars as pl

    child = pl.read_parquet(next(iter(files)))["child"].drop_nulls()[0]
    assert child not in text


def test_sending_a_form_twice_records_one_action(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    first = recording.record_action(demo, lead, an_action(), run, "H-02", FORCE)
    second = recording.record_action(demo, lead, an_action(), run, "H-02", FORCE)
    assert first.is_new
    assert not second.is_new
    assert second.action_id == first.action_id
    assert len(lists.list_actions(demo, lead)) == 1


def test_an_action_follows_its_hotspot_to_another_resolution_and_month(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    recorded = recording.record_action(demo, lead, an_action(), run, "H-02", FORCE)
    params = run.params.replace(resolution=9, rings=1, start=date(2025, 10, 1))
    later = runs.detect_hotspots(demo, analyst, FORCE, params)
    listed = lists.list_actions(demo, lead, later)
    place = later.hotspots.set_index("key").loc[listed["key"].item()]
    before = run.hotspots.set_index("key").loc["H-02"]
    assert place["geometry"].intersects(before["geometry"])
    again = recording.record_action(
        demo, lead, an_action("two"), later, str(listed["key"].item()), FORCE
    )
    assert again.hotspot_id == recorded.hotspot_id
    names = register.names_in(demo, analyst, later)
    assert names[listed["key"].item()].startswith("HS-0001 ")


def test_an_action_stays_listed_when_its_hotspot_is_out_of_view(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    recording.record_action(demo, lead, an_action(), run, "H-01", FORCE)
    none = runs.detect_hotspots(demo, analyst, FORCE, run.params.replace(min_weight=10_000))
    listed = lists.list_actions(demo, lead, none)
    assert listed["key"].isna().all()
    assert listed["hotspot"].tolist() == ["HS-0001"]


def test_a_state_moves_on_and_the_second_editor_is_told(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    done = recording.record_action(demo, lead, an_action(), run, "H-01", FORCE)
    change_action(demo, lead, done.action_id, 1, ActionState.COMPLETED, "done")
    assert lists.list_actions(demo, lead)["state"].tolist() == ["completed"]
    with pytest.raises(ConflictError, match="Look again"):
        change_action(demo, lead, done.action_id, 1, ActionState.UNDERWAY, "")


def test_an_action_is_overdue_after_its_day() -> None:
    assert not is_overdue("agreed", date(2026, 11, 22), date(2026, 11, 22))
    assert is_overdue("agreed", date(2026, 11, 21), date(2026, 11, 22))
    assert not is_overdue("completed", date(2026, 11, 21), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"owner": " "}, "no owner"),
        ({"agency": ""}, "no agency"),
        ({"objective": "X"}, "no objective"),
        ({"note": "n" * 2001}, "2001 characters"),
    ],
)
def test_an_action_nobody_could_follow_up_is_refused(changes: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        an_action(**changes)


def test_a_hotspot_that_the_run_does_not_have_is_not_found(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    with pytest.raises(NotFoundError, match="H-99"):
        recording.record_action(demo, lead, an_action(), run, "H-99", FORCE)
    with pytest.raises(NotFoundError, match="H-99"):
        times.times_of(demo, analyst, run, FORCE, "H-99")


def test_importing_again_adds_nothing(workspace: Workspace, analyst: Actor) -> None:
    for source, name in SAMPLE_FILES.items():
        first = imports.import_files(workspace, analyst, source, [SAMPLE_FOLDER / name])
        again = imports.import_files(workspace, analyst, source, [SAMPLE_FOLDER / name])
        assert first.balance.used > 0
        assert again.balance.used == 0
        assert again.balance.is_balanced
        known = again.balance.set_aside["already_imported"]
        reasons = KEPT if source in FORCE else KEPT_PREMISES if source == "licensing" else ()
        expected = first.balance.used + sum(first.balance.set_aside[r] for r in reasons)
        assert known == expected


def test_a_premises_that_has_changed_replaces_the_old_row(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "licensing_register.csv"
    shutil.copyfile(SAMPLE_FOLDER / "licensing_register.csv", path)
    imports.import_files(workspace, analyst, "licensing", [path])
    before = nearby.register_of_premises(workspace, analyst)
    path.write_text(path.read_text().replace(before["name"].iloc[0], "Renamed", 1))
    report = imports.import_files(workspace, analyst, "licensing", [path])
    after = nearby.register_of_premises(workspace, analyst)
    assert report.balance.used == 1
    assert len(after) == len(before)
    assert "Renamed" in after["name"].tolist()


def test_an_import_is_all_or_nothing(workspace: Workspace, analyst: Actor, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("no,such,columns\n1,2,3\n")
    with pytest.raises(InputError, match=r"bad\.csv"):
        imports.import_files(
            workspace, analyst, "incidents", [SAMPLE_FOLDER / "incidents.csv", bad]
        )
    assert runs.holdings(workspace).sources == ()
    assert log_of(workspace)["operation"].tolist() == ["create workspace"]
    good = imports.import_files(workspace, analyst, "incidents", [SAMPLE_FOLDER / "incidents.csv"])
    assert good.balance.used > 0


@pytest.mark.parametrize(
    ("source", "paths", "words"),
    [
        ("nonsense", ["x"], "no source 'nonsense'"),
        ("missing", [], "No file"),
        ("missing", ["gone.xlsx"], "cannot be read"),
    ],
)
def test_an_import_of_nothing_says_so(
    workspace: Workspace, analyst: Actor, source: str, paths: list[str], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        imports.import_files(workspace, analyst, source, [Path(path) for path in paths])


def test_another_forces_file_is_asked_about(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "elsewhere.csv"
    text = (SAMPLE_FOLDER / "incidents.csv").read_text().splitlines()[:50]
    path.write_text(
        "\n".join([text[0], *(line.rsplit(",", 3)[0] + ",530000,180000,x" for line in text[1:])])
    )
    with pytest.raises(OutsideAreaError, match="Is this your force"):
        imports.import_files(workspace, analyst, "incidents", [path])
    report = imports.import_files(workspace, analyst, "incidents", [path], outside_ok=True)
    assert report.balance.set_aside["out_of_area"] == 49


def test_the_demonstration_takes_no_other_file(
    demo: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "incidents.csv"
    path.write_text((SAMPLE_FOLDER / "incidents.csv").read_text() + "\n")
    with pytest.raises(NotAllowedError, match="demonstration"):
        imports.import_files(demo, analyst, "incidents", [path])


def test_a_real_workspace_is_not_taken_for_the_demonstration(workspace: Workspace) -> None:
    with pytest.raises(StoreError, match="real workspace"):
        open_demo(workspace.folder)


def test_open_data_are_chosen_only_when_they_are_all_there_is() -> None:
    both = runs.Holdings({"missing": {"2026-01": 1}, "police-uk": {"2026-01": 1}}, "")
    assert runs.choose_sources(both) == ["missing"]
    assert runs.choose_sources(runs.Holdings({"police-uk": {}}, "")) == ["police-uk"]
    with pytest.raises(InputError, match="not mixed"):
        runs.choose_sources(both, ["missing", "police-uk"])
    mixed = runs.choose_sources(both, ["missing", "police-uk"], mix_approximate=True)
    assert mixed == ["missing", "police-uk"]
    with pytest.raises(InputError, match="held: none yet"):
        runs.choose_sources(runs.Holdings({}, ""))
    with pytest.raises(InputError, match="no records of incidents"):
        runs.choose_sources(both, ["incidents"])


def test_the_defaults_are_the_last_twelve_full_months() -> None:
    months = {f"2025-{m:02}": 100 for m in range(1, 13)} | {"2026-01": 90, "2026-02": 3}
    params = runs.default_params(runs.Holdings({"missing": months}, ""), ["missing"])
    assert (params.start, params.end) == (date(2025, 2, 1), date(2026, 1, 31))
    assert params.min_weight == Params().min_weight
    street = runs.default_params(
        runs.Holdings({"police-uk": {"2026-01": 9, "2026-02": 9}}, ""), ["police-uk"]
    )
    assert (street.resolution, street.min_weight) == (8, 480)


def test_snap_points_are_not_joined_to_premises(
    workspace: Workspace, analyst: Actor, lead: Actor
) -> None:
    import hotspot

    run = hotspot.detect(pd.DataFrame({"lng": [-2.18], "lat": [53.0]}), approximate=True)
    with pytest.raises(InputError, match="not joined to premises"):
        nearby.premises_near(workspace, analyst, run, 100)
    assert nearby.premises_near(workspace, analyst, run, 100, join_approximate=True).empty


def test_a_shared_map_needs_a_recipient_and_logs_it(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    with pytest.raises(InputError, match="who will receive"):
        disclosures.share_map(demo, lead, run, FORCE, "  ", "why")
    shared = disclosures.share_map(demo, lead, run, FORCE, "MACE partners", "why")
    row = log_of(demo).iloc[-1]
    assert (row["category"], row["recipients"]) == ("disclosure", "MACE partners")
    assert row["rows"] == len(shared.hotspots)
    assert shared.withheld.total() == len(run.hotspots) - len(shared.hotspots) == 1


def test_a_workspace_is_made_in_an_empty_folder_only(tmp_path: Path, administrator: Actor) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(StoreError, match="not empty"):
        init_workspace(administrator, tmp_path / "full", "sample")
    with pytest.raises(StoreError, match="not a Hotspot workspace"):
        open_workspace(tmp_path / "full")


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '{"features": []}',
        '{"features": [{"properties": {"level": "force", "name": "x"}, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}',
    ],
)
def test_a_file_that_is_no_area_is_refused(tmp_path: Path, administrator: Actor, text: str) -> None:
    path = tmp_path / "area.geojson"
    path.write_text(text)
    with pytest.raises(InputError, match=r"area\.geojson"):
        init_workspace(administrator, tmp_path / "w", str(path))
    assert not (tmp_path / "w").exists()


def test_an_area_file_names_force_districts_and_limits(
    tmp_path: Path, administrator: Actor
) -> None:
    path = tmp_path / "area.geojson"
    square = '{"type": "Polygon", "coordinates": [[[-2, 52], [-1, 52], [-1, 53], [-2, 52]]]}'
    path.write_text(
        '{"type": "FeatureCollection", "features": ['
        f'{{"type": "Feature", "properties": {{"level": "force", "name": "My force", "outside_limit": 0.5}}, "geometry": {square}}},'
        f'{{"type": "Feature", "properties": {{"level": "district", "name": "D"}}, "geometry": {square}}}]}}'
    )
    made = init_workspace(administrator, tmp_path / "w", str(path))
    assert (made.area.name, made.area.outside_limit, list(made.area.districts)) == (
        "My force",
        0.5,
        ["D"],
    )
    assert '"district"' in made.basemap


def test_a_workspace_on_postgresql_does_the_main_job(
    workspace: Workspace, empty_postgres_url: str, analyst: Actor, lead: Actor
) -> None:
    folder = workspace.folder.with_name("served")
    served = init_workspace(SHELL, folder, "sample", url=empty_postgres_url)
    for source, name in SAMPLE_FILES.items():
        imports.import_files(served, analyst, source, [SAMPLE_FOLDER / name])
    run = run_of(served, analyst)
    recording.record_action(served, lead, an_action(), run, "H-01", FORCE)
    served.engine.dispose()
    again = open_workspace(folder)
    listed = lists.list_actions(again, lead, run_of(again, analyst))
    assert listed[["hotspot", "key", "state"]].to_numpy().tolist() == [
        ["HS-0001", "H-01", "agreed"]
    ]
    assert nearby.premises_near(again, analyst, run, 150)["distance_m"].max() <= 150
    again.engine.dispose()


def test_the_key_of_the_pseudonyms_is_private(workspace: Workspace) -> None:
    key = workspace.folder / "secrets" / "pseudonym.key"
    assert len(key.read_bytes()) == 32
    assert key.stat().st_mode & 0o077 == 0
