"""Where people live, by the file that the force lays into the workspace."""

from __future__ import annotations

from pathlib import Path

import h3
import pytest

from hotspot import InputError
from hotspot.intake.places.lookups import ReferenceFiles
from hotspot.intake.places.population import population_of

CELL = h3.latlng_to_cell(53.02, -2.18, 9)


def laid(folder: Path, text: str) -> ReferenceFiles:
    path = folder / "population" / "people.csv"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return ReferenceFiles(folder)


@pytest.mark.parametrize(
    "text",
    [
        f"H3 index,Population\n{CELL},120\n",
        "Area,Latitude,Longitude,Usual residents\nE01,53.02,-2.18,120\n",
        'Area,Easting,Northing,Count\nE01,"388,030","347,200",120\n',
    ],
)
def test_a_place_is_a_cell_degrees_or_metres(tmp_path: Path, text: str) -> None:
    (row,) = population_of(laid(tmp_path, text)).rows(named=True)
    assert row["people"] == 120
    assert h3.great_circle_distance((row["lat"], row["lng"]), (53.02, -2.18), unit="m") < 250


def test_postcodes_are_placed_by_the_forces_own_file(tmp_path: Path) -> None:
    files = laid(tmp_path, "Postcode,Count\nST1 5NP,43\nZZ9 9ZZ,5\n")
    own = tmp_path / "code-point-open" / "st.csv"
    own.parent.mkdir()
    own.write_text('"ST1 5NP",10,388030,347200,"E92000001","","","","",""\n', encoding="utf-8")
    (row,) = population_of(files).rows(named=True)
    assert (row["people"], round(row["lat"], 2), round(row["lng"], 2)) == (43, 53.02, -2.18)


def test_rows_without_people_or_place_are_passed_over(tmp_path: Path) -> None:
    text = "Lat,Lng,People\n53.0,-2.1,10\n53.0,,10\n53.0,-2.1,-\n53.0,-2.1,0\nnan,-2.1,4\n"
    assert population_of(laid(tmp_path, text))["people"].to_list() == [10]


@pytest.mark.parametrize("text", ["Lat,Lng\n53,-2\n", "Ward,Population\nHanley,40\n", "", "a,b\n"])
def test_a_file_that_tells_no_place_or_number_is_refused_in_words(
    tmp_path: Path, text: str
) -> None:
    with pytest.raises(InputError, match=r"people.csv in reference/population"):
        population_of(laid(tmp_path, text))


def test_without_a_file_there_is_no_population(tmp_path: Path) -> None:
    assert ReferenceFiles(tmp_path).population == []
    with pytest.raises(InputError, match="no file in reference/population"):
        population_of(ReferenceFiles())
