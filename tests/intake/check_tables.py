"""Cases of workbooks, tables and archives as they were read rightly before, and must still be."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from python_calamine import CalamineWorkbook

from hotspot.errors import InputError
from hotspot.hours import clock, latest_closing
from hotspot.intake.places.lookups import ReferenceFiles
from hotspot.intake.rows.balance import Context, Reading
from hotspot.intake.sources.registry import READERS
from hotspot.schema import TIME_ZONE, Area
from tests.intake.cases import INCIDENT, numbered, text_of
from tests.intake.check_files import aside, read
from tests.intake.shared_cases import FOLDER, Bench, Case, checks

SOMEWHERE = Area("The island", shapely.box(-9, 49, 3, 61), {})


def rows_of(path: Path) -> int:
    """The rows of a workbook's first sheet below its header, without the product's code."""
    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) - 1


@checks("B113", "B115", "B116", "B117")
def a_time_is_the_minute_that_the_sheet_shows(bench: Bench, case: Case) -> None:
    table = read(bench, "incidents", case.files[0]).table
    local = table["occurred_at"].dt.convert_time_zone(TIME_ZONE).dt.replace_time_zone(None)
    step = timedelta(hours=1) if case.number == "B117" else timedelta(minutes=1)
    first = datetime(2026, 1, 14)
    assert sorted(local) == [first + n * step for n in range(table.height)]
    assert table.height == rows_of(case.files[0])


@checks("B119")
def an_error_cell_is_an_empty_one(bench: Bench, case: Case) -> None:
    reading = read(bench, "incidents", case.files[0])
    assert (reading.balance.used, aside(reading)) == (1, {"no_location": 1, "bad_date": 1})


@checks("B120")
def typed_dates_beside_true_ones_are_asked_about(bench: Bench, case: Case) -> None:
    with pytest.raises(InputError, match=r"not all in one format \(lines 4 differ"):
        read(bench, "incidents", case.files[0])


@checks("B126")
def typed_dates_beside_true_ones_are_told(bench: Bench, case: Case) -> None:
    reading = read(bench, "incidents", case.files[0])
    months = reading.table["occurred_at"].dt.month().to_list()
    assert sorted(months) == [3, 3, 4, 6]
    assert any("2 cells are dates and 2 are typed" in note for note in reading.notes)


@checks("B121", "B122", "B123", "B125")
def the_table_is_found_in_its_sheet(bench: Bench, case: Case) -> None:
    reading = read(bench, "incidents", case.files[0])
    assert reading.balance.used == reading.balance.rows_in > 0
    assert reading.table["occurred_at"].dt.month().unique().to_list() == [1]
    assert case.number != "B123" or reading.questions[0].code == "dates:start"


@checks("B124")
def rows_of_a_title_are_none(bench: Bench, case: Case) -> None:
    reading = read(bench, "incidents", case.files[0])
    assert (reading.balance.used, reading.balance.rows_in) == (2, 3)
    assert any("header found in row 4" in note for note in reading.notes)


@checks("B130", "B131", "B132", "B135", "B136", "B137", "B138", "B139")
def both_rows_are_used(bench: Bench, case: Case) -> None:
    assert read(bench, "incidents", case.files[0]).balance.used == 2


@checks("B133", "B134", "B140")
def a_row_that_is_none_is_told(bench: Bench, case: Case) -> None:
    reading = read(bench, "incidents", case.files[0])
    assert reading.balance.rejected.total() == reading.balance.rows_in - reading.balance.used == 1
    assert case.number != "B140" or reading.questions[0].code == "ragged"


@checks("B141", "B142")
def bytes_of_no_text_are_refused_by_name(bench: Bench, case: Case) -> None:
    with pytest.raises(InputError, match=r"holds bytes that no text has .* 'CSV UTF-8'"):
        read(bench, "incidents", case.files[0])


@checks("B143")
def odd_texts_are_what_the_csv_module_reads(bench: Bench, case: Case) -> None:
    """The line's own file is not shared: texts are drawn by a seed in its stead."""
    del case
    draw = np.random.default_rng(7)
    letters = list("ab,;|' \t\"\n£é")
    words = ["".join(draw.choice(letters, draw.integers(1, 9))).strip() for _ in range(2000)]
    rows = numbered(len(words), INCIDENT, Offence=lambda n: words[n] or "-")
    content = text_of(*rows)
    path = bench.workspace.folder / "odd.csv"
    path.write_bytes(content.encode())
    reading = read(bench, "incidents", path)
    expected = list(csv.DictReader(io.StringIO(content, newline="")))
    assert reading.balance.used == reading.balance.rows_in == len(expected)
    kinds = {" ".join((row["Offence"] or "").split()) for row in expected}
    assert {" ".join(kind.split()) for kind in reading.table["kind"].drop_nulls()} >= kinds - {"-"}


@checks("B084")
def grid_references_are_squares(bench: Bench, case: Case) -> None:
    """SJ 88 47 is a square of a kilometre, and known no better; a tetrad is no reference."""
    del bench
    context = Context(SOMEWHERE, (b"k" * 32,))
    (file,) = case.files
    reading = READERS["incidents"](file, context, None, file.name)
    counts = aside(reading)
    assert counts["coarse_location"] == 2
    assert counts["ragged_row"] == 2
    assert reading.balance.used == 6
    places = reading.table.select("lng", "lat").rows()
    hoy = next(at for at in places if at[1] > 60)
    assert hoy == pytest.approx((-1.28095, 60.45996), abs=1e-4)  # HU 396 753, by pyproj
    head = next(at for at in places if at[1] < 51)
    assert head == pytest.approx((0.26790, 50.75998), abs=1e-4)  # TV 600 980


@checks("B085")
def the_corner_of_the_grid_lies_outside(bench: Bench, case: Case) -> None:
    reading = read(bench, "incidents", case.files[0])
    assert (reading.balance.used, aside(reading)) == (1, {"out_of_area": 1})


@checks("B087")
def a_postcode_is_one_however_it_is_spelt(bench: Bench, case: Case) -> None:
    folder = bench.workspace.folder / "reference"
    (folder / "code-point-open").mkdir(parents=True, exist_ok=True)
    own = '"ST1 5NP",10,388200,347100,"E92000001"\n'
    (folder / "code-point-open" / "st.csv").write_text(own)
    context = Context(bench.workspace.area, (b"k" * 32,), ReferenceFiles(folder))
    (file,) = case.files
    reading = READERS["licensing"](file, context, None, file.name)
    assert reading.table["lat"].drop_nulls().n_unique() == 1
    assert reading.table["lat"].count() >= 4
    assert set(aside(reading)) == {"bad_postcode", "postcode_not_found"}


@checks("B160")
def columns_of_parquet_keep_their_kinds(bench: Bench, case: Case) -> None:
    read_files = {file.name: read(bench, "incidents", file) for file in case.files}
    at = read_files["tz.parquet"].table["occurred_at"].to_list()
    assert [f"{each:%Y-%m-%dT%H:%M}" for each in at] == ["2026-07-01T03:30"]  # 23:30 at -04:00
    assert read_files["types.parquet"].balance.used == 2
    assert aside(read_files["greenwich.parquet"]) == {"out_of_area": 1}


@checks("B162")
def a_geopackage_in_any_system_is_brought_into_degrees(bench: Bench, case: Case) -> None:
    """The line's own files are not shared: the same points are written in each system."""
    del case
    points = shapely.points([[388_200.0, 347_100.0]])
    for code in (27700, 3857, 4258, 4277):
        path = bench.workspace.folder / f"pts_{code}.gpkg"
        write_points(path, points, code)
        table = read(bench, "places", path).table
        assert table.select("lng", "lat").row(0) == pytest.approx((-2.1772, 53.0211), abs=3e-4)
    path = bench.workspace.folder / "pts_none.gpkg"
    write_points(path, points, None)
    with pytest.raises(InputError, match="coordinate system"):
        read(bench, "places", path)


def write_points(path: Path, grid: Any, code: int | None) -> None:
    from pyproj import Transformer

    if code is not None:
        change = Transformer.from_crs(27700, code, always_xy=True)
        grid = shapely.transform(grid, lambda xy: np.column_stack(change.transform(*xy.T)))
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(grid),
        field_data=[np.array(["park"], object), np.array(["P"], object)],
        fields=["kind", "name"],
        geometry_type="Point",
        crs=f"EPSG:{code}" if code else None,
        driver="GPKG",
    )


@checks("B166", "B176")
def a_form_of_food_hygiene_is_read(bench: Bench, case: Case) -> None:
    assert read(bench, "food-hygiene", case.files[0]).balance.used == 1


@checks("B172", "B173", "B174", "B175")
def a_broken_form_of_food_hygiene_is_refused(bench: Bench, case: Case) -> None:
    with pytest.raises(InputError, match="is not a readable FHRS XML file"):
        read(bench, "food-hygiene", case.files[0])


@checks("B197")
def an_opendocument_workbook_is_read(bench: Bench, case: Case) -> None:
    """The line has no file: `test_files_as_they_come` has the same in the project's own data."""
    del case
    from tests.intake.test_files_as_they_come import (
        test_an_opendocument_sheet_is_read_like_a_workbook as tried,
    )

    tried(bench.workspace.folder)


@checks("B198")
def an_extract_as_pbf_is_read(bench: Bench, case: Case) -> None:
    """The line has no file: `test_files_as_they_come` has the same in the project's own data."""
    del case
    from tests.intake.test_files_as_they_come import (
        test_openstreetmap_pbf_gives_what_xml_gives as tried,
    )

    tried(bench.workspace.folder)


def until(reading: Reading) -> list[str]:
    """When the premises of a reading close, the latest."""
    read_ = [latest_closing(text) for text in reading.table["open_until"]]
    return [clock(each) if each is not None else "" for each in read_]


@checks("B040")
def a_part_of_a_day_is_a_time(bench: Bench, case: Case) -> None:
    assert FOLDER.is_dir()
    assert until(read(bench, "licensing", case.files[0])) == ["02:00"] * 3
