"""References belong to their register; an import of no use is one; ended licences go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from hotspot.access.actor import Actor
from hotspot.errors import QuestionError
from hotspot.services.hotspots import runs
from hotspot.services.premises.nearby import register_of_premises
from hotspot.services.records.imports import import_files
from hotspot.services.workspace.folder import Workspace
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading
from tests.intake.cases import INCIDENT, LICENCE, text_of


def written(folder: Path, name: str, *rows: dict[str, str]) -> Path:
    path = folder / name
    path.write_text(text_of(*rows), encoding="utf-8")
    return path


def test_two_authorities_keep_one_number_each(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    ours = written(tmp_path, "a.csv", LICENCE)
    other = LICENCE | {"Premises Name": "Jade Bar", "Licensing Authority": "Elsewhere"}
    theirs = written(tmp_path, "b.csv", other)
    for file in (ours, theirs):
        import_files(workspace, analyst, "licensing", [file])
    names = {"Opal Grill", "Jade Bar"}
    assert set(register_of_premises(workspace, analyst)["name"]) == names
    for file in (ours, theirs):
        again = import_files(workspace, analyst, "licensing", [file])
        assert again.balance.set_aside == {"already_imported": 1}
        assert not again.accepted_instead
    renamed = written(tmp_path, "c.csv", other | {"Premises Name": "Jade Lounge"})
    import_files(workspace, analyst, "licensing", [renamed])
    found = set(register_of_premises(workspace, analyst)["name"])
    assert found == {"Opal Grill", "Jade Lounge"}


def test_places_of_two_lists_keep_one_number_each(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    place = {"Reference": "1", "Name": "A", "Kind": "park", "Easting": "387951"}
    place |= {"Northing": "345058"}
    lists = [
        place,
        place | {"Name": "B", "Kind": "taxi rank"},
        place | {"Name": "C", "Easting": "390951"},
        place | {"Name": "A park"},
    ]
    for n, row in enumerate(lists):
        import_files(workspace, analyst, "places", [written(tmp_path, f"{n}.csv", row)])
    with reading(workspace.engine) as connection:
        assert set(datasets.all_rows(connection, "places")["name"]) == {"A park", "B", "C"}


def test_a_licence_leaves_the_register_when_it_has_ended(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    last = date.today() + timedelta(days=3)  # noqa: DTZ011
    row = LICENCE | {"Licence End Date": f"{last:%d/%m/%Y}"}
    import_files(workspace, analyst, "licensing", [written(tmp_path, "a.csv", row)])
    with reading(workspace.engine) as connection:
        on = [datasets.all_rows(connection, "premises", last + timedelta(days=n)) for n in (0, 1)]
    assert [len(table) for table in on] == [1, 0]


def test_an_import_of_no_use_ends_with_status_1(
    workspace: Workspace, tmp_path: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    file = written(tmp_path, "a.csv", INCIDENT | {"Date/Time From": "in May"})
    done = run_cli("import", "incidents", file, "-w", workspace.folder)
    assert done.returncode == 1
    assert "31/12/2026" in done.stderr
    site = {"Name": "A", "Kind": "care", "Radius": "wide", "Easting": "387951"}
    sites = written(tmp_path, "s.csv", site | {"Northing": "345058"})
    done = run_cli("import", "sensitive-sites", sites, "-w", workspace.folder)
    assert done.returncode != 0
    with reading(workspace.engine) as connection:
        assert datasets.list_sites(connection).empty


def test_words_that_could_hide_a_place_stop_the_import(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    file = written(tmp_path, "a.csv", INCIDENT | {"Location Setting": "Unit 4"})
    with pytest.raises(QuestionError, match="Unit 4"):
        import_files(workspace, analyst, "incidents", [file])


def test_no_default_period_rests_on_a_month_to_come(workspace: Workspace) -> None:
    months = dict.fromkeys((f"2026-{n:02}" for n in range(1, 11)), 30) | {"2099-03": 30}
    held = runs.Holdings({"incidents": months}, "x")
    assert runs.default_params(held, ["incidents"]).end == date(2026, 10, 31)


def test_the_newest_record_names_its_day(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    import_files(workspace, analyst, "incidents", [written(tmp_path, "a.csv", INCIDENT)])
    assert runs.newest_days(workspace) == {"incidents": date(2026, 5, 21)}
