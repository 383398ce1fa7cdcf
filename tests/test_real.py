"""Real open data, which stays outside the project."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.cluster import DBSCAN

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.intake.fields.mapping import Mapping
from hotspot.services.hotspots import runs
from hotspot.services.premises import nearby
from hotspot.services.records import imports
from hotspot.services.records.previews import FileToRead, preview
from hotspot.services.workspace.folder import Workspace, open_workspace

MONTHS = ("2018-10", "2018-11", "2018-12", "2019-01", "2019-02")


def test_five_months_of_street_crime_from_the_command_line(
    real: Path, tmp_path: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    folder = tmp_path / "w"
    files = [real / "police" / f"{month}-staffordshire-street.csv" for month in MONTHS]
    assert run_cli("init", folder, "--area", "sample").returncode == 0

    def imported() -> dict[str, Any]:
        done = run_cli("import", "police-uk", *files, "-w", folder, "--json")
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    first, again = imported(), imported()
    assert first["rows_in"] == again["rows_in"] == 47_968
    assert first["set_aside"]["no_location"] == 5_570
    for sheet in (first, again):
        total = sheet["used"] + sum(sheet["set_aside"].values()) + sum(sheet["rejected"].values())
        assert total == sheet["rows_in"]
    assert again["used"] == 0
    kept = (
        first["used"]
        + first["set_aside"]["out_of_area"]
        + first["set_aside"].get("already_imported", 0)
    )
    assert again["set_aside"]["already_imported"] == kept
    done = run_cli("detect", "-w", folder, "--json")
    run = json.loads(done.stdout)
    assert run["approximate"]
    assert run["records_used"] == first["used"]
    assert run["hotspots"]
    assert all(hotspot["approximate"] for hotspot in run["hotspots"])
    assert all(hotspot["children"] is None for hotspot in run["hotspots"])


def test_food_hygiene_of_two_authorities(real: Path, workspace: Workspace, analyst: Actor) -> None:
    """The nightclub that is geocoded to Somerset is set aside as out of area."""
    files = [real / "fhrs" / f"FHRS{code}en-GB.xml" for code in (880, 290)]
    report = imports.import_files(workspace, analyst, "food-hygiene", files)
    assert report.balance.rows_in == 2047 + 1005
    assert report.balance.is_balanced
    assert report.balance.set_aside["out_of_area"] == 1
    names = nearby.register_of_premises(workspace, analyst)["name"]
    assert not names.str.contains("LRV").any()
    again = imports.import_files(workspace, analyst, "food-hygiene", files)
    assert again.balance.used == 0


def test_another_forces_months_are_told_apart(
    real: Path, workspace: Workspace, analyst: Actor
) -> None:
    files = [real / "police" / f"2024-{month}-staffordshire-street.csv" for month in ("01", "02")]
    report = imports.import_files(workspace, analyst, "police-uk", files)
    assert report.balance.set_aside["no_location"] == 59
    held = runs.holdings(workspace)
    assert runs.choose_sources(held) == ["police-uk"]


READ = {
    "police/2018-10-staffordshire-street.csv": ("police-uk", 10_938, {"no_location": 1157}),
    "police/2018-11-staffordshire-street.csv": ("police-uk", 9_959, {"no_location": 1152}),
    "police/2018-12-staffordshire-street.csv": ("police-uk", 8_429, {"no_location": 976}),
    "police/2019-01-staffordshire-street.csv": ("police-uk", 9_728, {"no_location": 1263}),
    "police/2019-02-staffordshire-street.csv": ("police-uk", 8_914, {"no_location": 1022}),
    "police/2024-01-staffordshire-street.csv": ("police-uk", 8_515, {"no_location": 30}),
    "police/2024-02-staffordshire-street.csv": ("police-uk", 7_590, {"no_location": 29}),
    "police/2024-04-btp-street.csv": ("police-uk", 6_205, {}),
    "police/manc_burglary_bng.geojson": ("police-uk", 8_144, {"out_of_area": 8144}),
    "fhrs/FHRS880en-GB.xml": ("food-hygiene", 2_047, {"out_of_area": 1}),
    "fhrs/FHRS290en-GB.xml": ("food-hygiene", 1_005, {"no_location": 164}),
    "fhrs/FHRS556en-GB.xml": ("food-hygiene", 3_341, {"no_location": 418}),
    "licensing/manchester_LicensedPremises_2014_personal_columns_redacted.csv": (
        "licensing",
        65_535,
        {"blank": 63_270, "no_location": 2, "no_postcode_file": 2_236},
    ),
    "boundaries/lsoa2011_E06000021.geojson": ("boundaries", 159, {}),
    "boundaries/wards_E06000021.geojson": ("boundaries", 37, {}),
    **{
        f"boundaries/wards_E0700019{n}.geojson": ("boundaries", rows, {})
        for n, rows in zip(range(2, 10), (15, 21, 26, 24, 25, 26, 27, 10), strict=True)
    },
    "formats/nottingham_wards.gpkg": ("boundaries", 20, {}),
    "formats/praha_boundary.zip": ("boundaries", 1, {}),
}
"""Source, rows in and some reasons of every real file that has a source here."""


@pytest.mark.parametrize("name", list(READ))
def test_every_real_file_is_imported_with_all_of_its_rows(
    real: Path, workspace: Workspace, analyst: Actor, name: str
) -> None:
    source, rows_in, some = READ[name]
    report = imports.import_files(workspace, analyst, source, [real / name], outside_ok=True)
    assert report.balance.rows_in == rows_in
    assert report.balance.is_balanced
    aside = report.balance.set_aside
    assert {reason: aside[reason] for reason in some} == some
    again = imports.import_files(workspace, analyst, source, [real / name], outside_ok=True)
    if source != "boundaries":
        assert again.balance.used == 0


def test_two_vintages_of_open_data_are_told_apart(
    real: Path, workspace: Workspace, analyst: Actor
) -> None:
    """530 rows of January 2024 have codes that the boundaries of 2011 lack; 3.5 % of points agree."""
    bring = imports.import_files
    bring(workspace, analyst, "boundaries", [real / "boundaries" / "lsoa2011_E06000021.geojson"])
    bring(workspace, analyst, "police-uk", [real / "police" / "2018-10-staffordshire-street.csv"])
    files = [real / "police" / "2024-01-staffordshire-street.csv"]
    report = bring(workspace, analyst, "police-uk", files)
    assert any("of this file's snap points are among those held" in note for note in report.notes)
    assert any("not in the boundaries LSOA11" in note for note in report.notes)


def test_stop_and_search_holds_its_first_row_in_june(
    real: Path, workspace: Workspace, analyst: Actor
) -> None:
    name = "2019-06-greater-manchester-stop-and-search.csv"
    with pytest.raises(InputError, match="age, gender and ethnicity"):
        imports.import_files(workspace, analyst, "police-uk-stops", [real / "police" / name])
    settings = workspace.folder / "workspace.json"
    decided = json.loads(settings.read_text()) | {"takes_protected_sources": True}
    settings.write_text(json.dumps(decided))
    opened = open_workspace(workspace.folder)
    report = imports.import_files(
        opened, analyst, "police-uk-stops", [real / "police" / name], outside_ok=True
    )
    assert report.balance.rows_in == 907
    assert list(runs.holdings(opened).months["police-uk-stops"]) == ["2019-06"]


FORMATS = {
    "medellin_homicides.csv": (
        {"reference": "modalidad", "start": "fecha_hecho", "lng": "longitud", "lat": "latitud"},
        9_360,
    ),
    "lancashire_asb.tab": (
        {"reference": "location", "start": "month", "lng": "longitude", "lat": "latitude"},
        56_434,
    ),
    "aggravated_assaults.xlsx": (
        {"reference": "location_category", "start": "date", "lng": "longitude", "lat": "latitude"},
        8_696,
    ),
}


@pytest.mark.parametrize("name", list(FORMATS))
def test_formats_of_elsewhere_are_read_by_mapping(
    real: Path, workspace: Workspace, analyst: Actor, name: str
) -> None:
    columns, rows_in = FORMATS[name]
    file = FileToRead(real / "formats" / name, name)
    found = preview(
        workspace, analyst, "incidents", file, Mapping(source="incidents", columns=columns)
    )
    assert found.balance.rows_in == rows_in
    assert found.balance.is_balanced
    located = rows_in - found.balance.set_aside["no_location"]
    assert (
        found.balance.set_aside["out_of_area"]
        + sum(found.balance.rejected.values())
        + (found.balance.set_aside["same_id_differs"] + found.balance.set_aside["duplicate_row"])
        >= located - 10
    )


@pytest.mark.parametrize(("eps", "minimum"), [(150, 10), (200, 15), (100, 5)])
def test_the_labels_that_r_computed_are_met_by_point_dbscan(
    real: Path, eps: int, minimum: int
) -> None:
    """scikit-learn, our oracle, and R agree on noise and on the partition of the core points."""
    points = pl.read_csv(real / "validation" / "stoke_2019-01_bng_R_dbscan_labels.csv")
    theirs = points[f"r_dbscan_eps{eps}_min{minimum}"].to_numpy()
    ours = DBSCAN(eps=eps, min_samples=minimum).fit(points.select("x", "y").to_numpy())
    assert ((ours.labels_ == -1) == (theirs == 0)).all()
    core = ours.core_sample_indices_
    pairs = set(zip(ours.labels_[core], theirs[core], strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert len(np.unique(theirs[theirs > 0])) == {150: 68, 200: 42, 100: 185}[eps]


def test_a_column_in_which_no_date_is_written_is_told_and_nothing_kept(
    real: Path, workspace: Workspace, analyst: Actor
) -> None:
    name = "downtown_homicides.csv"  # addresses with a day and no year among them
    columns = {
        "reference": "report_number",
        "start": "label",
        "lng": "longitude",
        "lat": "latitude",
    }
    with pytest.raises(InputError, match="none of the 4 dates in 'label' can be read"):
        preview(
            workspace,
            analyst,
            "incidents",
            FileToRead(real / "formats" / name, name),
            Mapping(source="incidents", columns=columns),
        )
