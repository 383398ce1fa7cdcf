"""Cases of coordinates, dates as written, tables, outcome counts and files of shapes."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from hotspot.errors import InputError
from hotspot.intake.files.geo_files import read_shapes
from hotspot.intake.rows.balance import Context, Reading
from hotspot.intake.sources.registry import READERS
from hotspot.services.workspace.area_files import area_from
from tests.intake.shared_cases import FOLDER, Bench, Case, checks

PUBLIC = FOLDER.parent / "real" / "public"


def read(bench: Bench, source: str, path: Path) -> Reading:
    """Read a file as the worker does; every row is accounted for."""
    if not path.exists():
        pytest.skip(f"{path.name} is not in the folder")
    context = Context(bench.workspace.area, (b"k" * 32,), takes_protected=True)
    reading = READERS[source](path, context, None, path.name)
    assert reading.balance.is_balanced
    return reading


def aside(reading: Reading) -> dict[str, int]:
    return dict(reading.balance.set_aside) | dict(reading.balance.rejected)


@checks("B044")
def a_comma_file_with_semicolons_within_is_one(bench: Bench, case: Case) -> None:
    (file,) = case.files
    assert read(bench, "licensing", file).balance.used == len(list(csv.DictReader(file.open())))


@checks("B046", "B047", "B053", "B190", "B129", "B128", "B054")
def every_row_of_the_csv_module_is_used(bench: Bench, case: Case) -> None:
    reading = read(bench, "incidents", case.files[0])
    assert reading.balance.used == reading.balance.rows_in > 0
    if case.number == "B053":
        assert reading.table["kind"].str.contains('"other"', literal=True).any()
    if case.number == "B054":
        assert any("lines 3" in note for note in reading.notes)


@checks("B049")
def mysqls_null_is_no_coordinate(bench: Bench, case: Case) -> None:
    assert aside(read(bench, "incidents", case.files[0])).get("bad_coordinates") is None


@checks("B055", "B057", "B058")
def places_are_read_from_the_pair_that_is_good(bench: Bench, case: Case) -> None:
    table = read(bench, "places", case.files[0]).table
    assert table.height == 2
    assert table["lat"].is_between(52.7, 53.1).all()


@checks("B060")
def scientific_notation_is_a_number(bench: Bench, case: Case) -> None:
    assert read(bench, "incidents", case.files[0]).table["lat"].n_unique() == 1


@checks("B064", "B066", "B067", "B068", "B069", "B070", "B071")
def a_named_system_is_read(bench: Bench, case: Case) -> None:
    for file in case.files:
        assert read(bench, "places", file).balance.used == 2


@checks("B072", "B073")
def coarse_places_are_kept_and_not_counted(bench: Bench, case: Case) -> None:
    assert aside(read(bench, "incidents", case.files[0])) == {"coarse_location": 25}


@checks("B074")
def the_accuracy_is_said_as_it_was_measured(bench: Bench, case: Case) -> None:
    notes = read(bench, "incidents", case.files[0]).notes
    assert any("at worst to 5 m" in note for note in notes)


@checks("B075", "B076", "B077")
def the_locator_that_is_given_is_to_blame(bench: Bench, case: Case) -> None:
    source = "incidents" if case.number == "B075" else "licensing"
    wanted = "no_uprn_file" if case.number == "B075" else "no_postcode_file"
    assert set(aside(read(bench, source, case.files[0]))) == {wanted}


@checks("B078", "B081", "B195", "B196")
def an_area_is_made_or_refused(bench: Bench, case: Case) -> None:
    for file in [path for path in case.files if path.suffix == ".geojson"]:
        found = read_shapes(file, file.name)
        if "bowtie" in file.name:
            with pytest.raises(InputError, match="crosses itself"):
                area_from(found)
            continue
        area = area_from(found)
        assert area.name in ("S", "Staffordshire")
        assert -2.4 < area.boundary.bounds[0] < area.boundary.bounds[2] < -1.9


@checks("B082", "B083")
def one_bad_geometry_is_one_row(bench: Bench, case: Case) -> None:
    reading = read(bench, "places", case.files[0])
    assert reading.balance.used > 0
    assert set(aside(reading)) == {"no_location"}


@checks("B086", "B088", "B110", "B112", "B114", "B118")
def what_was_right_stays_so(bench: Bench, case: Case) -> None:
    for file in case.files:
        assert read(bench, "incidents", file).balance.used > 0


@checks("B095", "B096", "B097", "B098", "B099", "B100", "B103", "B105", "B107", "B109")
def a_date_is_read_however_it_is_written(bench: Bench, case: Case) -> None:
    reading = read(bench, "incidents", case.files[0])
    assert reading.balance.used == reading.balance.rows_in
    assert reading.table["occurred_at"].dt.year().unique().to_list() == [2026]


@checks("B145", "B147", "B149", "B150", "B151")
def counts_are_read_or_named(bench: Bench, case: Case) -> None:
    for file in case.files:
        reading = read(bench, "outcomes", file)
        if case.number == "B150":
            assert aside(reading) == {"bad_number": 1}
        elif case.number == "B151":
            assert aside(reading) == {"bad_kind": 1}
        else:
            assert reading.table.filter(what="recorded")["number"].to_list() == [12]
            assert set(reading.table["month"]) == {"2026-01"}


@checks("B153")
def openstreetmap_is_read_in_any_order(bench: Bench, case: Case) -> None:
    """All four tagged things are placed: the relation by its way, which is in the file."""
    assert read(bench, "places", case.files[0]).balance.used == 4


@checks("B154", "B156", "B157", "B158", "B178", "B180", "B185")
def two_wards_are_read(bench: Bench, case: Case) -> None:
    assert read(bench, "boundaries", case.files[0]).balance.used == 2


@checks("B159", "B181", "B182", "B179", "B184")
def shapes_are_read(bench: Bench, case: Case) -> None:
    assert read(bench, "places", case.files[0]).balance.used > 0


@checks("B161")
def wards_are_named_by_another_property(bench: Bench, case: Case) -> None:
    """Two wards of one name in two boroughs are two."""
    table = read(bench, "boundaries", case.files[0]).table
    assert table["name"].to_list() == ["Abbey", "Castle", "Abbey"]
    assert table["code"].n_unique() == 3


@checks("B163", "B164", "B165", "B167", "B168", "B169", "B170", "B171", "B177")
def establishments_are_read(bench: Bench, case: Case) -> None:
    table = read(bench, "food-hygiene", case.files[0]).table
    if case.number == "B164":
        assert table["kind"].to_list() == ["pub, bar or nightclub"]
    assert not table["kind"].str.contains("licensed").any()


@checks("B188", "B189")
def an_archive_of_nothing_is_told(bench: Bench, case: Case) -> None:
    """The one GeoJSON file has no feature, the GeoPackage is cut short."""
    with pytest.raises(InputError, match=r"holds no polygon|cannot be read|no whole GeoPackage"):
        read(bench, "boundaries", case.files[0])


@checks("B192", "B193", "B194")
def points_of_one_column_and_letters_are_read(bench: Bench, case: Case) -> None:
    table = read(bench, "incidents", case.files[0]).table
    assert table.select(pl.col("lat").round(3), pl.col("lng").round(3)).unique().row(0) == (
        53.02,
        -2.18,
    )


PUBLIC_ROWS = {
    "B248": ("licensing", "lga_premises.csv", 1256),
    "B253": ("places", "toronto_police.geojson", 104),
    "B257": ("places", "devon_rail.gpkg", 189),
    "B266": ("places", "precinct40.gpkg", 1),
    "B269": ("places", "aberpubs.geojson", 4),
    "B271": ("police-uk", "police_api.json", 9),
    "B251": ("places", "york_libraries.geojson", 17),
    "B256": ("places", "osmnx.osm", 22),  # with two relations, which were not counted
    "B260": ("food-hygiene", "fhodot.xml", 3),
    "B261": ("boundaries", "leipzig_ortsteile.zip", 63),
}


@checks(*PUBLIC_ROWS)
def a_public_file_is_read_with_its_names(bench: Bench, case: Case) -> None:
    source, name, rows = PUBLIC_ROWS[case.number]
    reading = read(bench, source, PUBLIC / name)
    assert reading.balance.rows_in == rows
    assert reading.balance.rejected["no_name"] <= 2
