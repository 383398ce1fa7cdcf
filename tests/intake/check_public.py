"""Cases of real public files, imported as a user would."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import shapely

from hotspot.errors import InputError, QuestionError
from hotspot.intake.rows.balance import Context
from hotspot.intake.sources.registry import READERS
from hotspot.schema import Area
from hotspot.services.workspace.area_files import area_of
from tests.intake.check_files import aside
from tests.intake.shared_cases import FOLDER, Bench, Case, checks

EARTH = Area("Earth", shapely.box(-180, -90, 180, 90), {})
READ_AS = {
    "B242": ("police-uk", {"used": 8553, "duplicate_row": 128}),
    "B244": ("police-uk-outcomes", {"used": 80, "duplicate_row": 5}),
    "B245": ("incidents", {"used": 16254, "other": 4405}),
    "B246": ("incidents", {"used": 9912, "other": 88}),
    "B247": ("incidents", {"used": 8462}),
    "B254": ("places", {"used": 14, "closed": 1}),
    "B255": ("places", {"used": 1}),
    "B263": ("boundaries", {"used": 52}),
    "B265": ("boundaries", {"used": 233}),
}


def public(case: Case) -> Path:
    """The public file of a line; the test is skipped where it was not shared."""
    path = (FOLDER / case.given).resolve()
    if not path.is_file():
        pytest.skip(f"{case.number}: {path.name} was not shared")
    return path


@checks(*READ_AS)
def a_public_file_gives_its_rows(bench: Bench, case: Case) -> None:
    """Where a file lies elsewhere on earth its points are none of the area, but they are read."""
    del bench
    path, (source, expected) = public(case), READ_AS[case.number]
    reading = READERS[source](path, Context(EARTH, (b"k" * 32,)), None, path.name)
    counts = {"used": reading.balance.used, **aside(reading)}
    if "other" in expected:
        counts = {"used": reading.balance.used, "other": sum(aside(reading).values())}
    assert counts == expected


@checks("B243")
def stop_and_search_enters_only_where_it_was_decided(bench: Bench, case: Case) -> None:
    path = public(case)
    with pytest.raises((InputError, QuestionError)):
        bench.bring("police-uk", path)


@checks("B259")
def an_area_is_made_of_all_forces(bench: Bench, case: Case) -> None:
    path = public(case)
    reading = READERS["boundaries"](path, Context(EARTH, (b"k" * 32,)), None, path.name)
    assert reading.balance.used == 43
    with pytest.raises(InputError, match=r"43 boundaries .*--force"):
        area_of(path)
    named = json.loads(path.read_text())["features"][0]["properties"]
    assert area_of(path, force=str(next(iter(named.values())))).name
    del bench


@checks("B262", "B267", "B270")
def what_says_of_no_row_what_it_is_is_refused(bench: Bench, case: Case) -> None:
    path = public(case)
    with pytest.raises(InputError, match=r"lacks the column\(s\)|says of no row where it is"):
        bench.bring("incidents", path)
    assert path.suffix != ".csv" or next(csv.reader(path.open()))
