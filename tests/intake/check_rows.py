"""Cases of people, dates, keys, lists that protect, and licences."""

from __future__ import annotations

import runpy

import pandas as pd
import pytest

import hotspot
from hotspot.errors import InputError
from hotspot.hours import clock, latest_closing
from hotspot.intake.fields.mapping import propose
from hotspot.services.hotspots import runs
from hotspot.services.premises.nearby import register_of_premises
from hotspot.services.records.datasets import withdraw_import
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading
from tests.intake.shared_cases import FOLDER, Bench, Case, checks


@checks("B001", "B002", "B004", "B005", "B006", "B008", "B010")
def nobody_is_no_child(bench: Bench, case: Case) -> None:
    """Thirty incidents of nobody in particular are one hotspot of thirty events."""
    bench.bring("incidents", *case.files)
    assert bench.detect("incidents").hotspots["events"].tolist() == [30]


@checks("B011", "B012")
def two_children_and_nobody_are_too_few(bench: Bench, case: Case) -> None:
    bench.bring("incidents", *case.files)
    run = bench.detect("incidents")
    assert run.hotspots.empty
    assert set(run.set_aside["reason"]) <= {"too_few_children"}


@checks("B013", "B014")
def one_child_however_written_is_no_hotspot(bench: Bench, case: Case) -> None:
    """Thirteen weeks of one child weigh thirteen, whichever way the child is written."""
    bench.bring("incidents", *case.files)
    run = bench.detect("incidents")
    assert run.hotspots.empty
    assert run.cells["children"].tolist() == [1]
    assert run.cells["weight"].tolist() == [13]


@checks("B016")
def capitals_make_no_other_child(bench: Bench, case: Case) -> None:
    seen = []
    for file in case.files:
        report, _ = bench.bring_asked("incidents", file)
        run = bench.detect("incidents")
        seen.append(run.cells[["events", "children", "weight"]].to_numpy().tolist())
        imports_withdrawn(bench, report.import_ids[0])
    assert seen[0] == seen[1]


def imports_withdrawn(bench: Bench, number: int) -> None:
    withdraw_import(bench.workspace, bench.actor, number, "tried")


@checks("B018")
def a_mistyped_year_moves_no_period(bench: Bench, case: Case) -> None:
    report = bench.bring("incidents", *case.files)
    assert report.balance.rejected == {"date_in_future": 1}
    assert bench.detect("incidents").hotspots["events"].tolist() == [30]


@checks("B020")
def two_figures_of_a_year_are_of_the_past(bench: Bench, case: Case) -> None:
    bench.bring_asked("incidents", *case.files)
    assert list(runs.holdings(bench.workspace).months["incidents"]) == ["1999-01", "2026-02"]


@checks("B021")
def a_day_to_come_is_rejected(bench: Bench, case: Case) -> None:
    report, _ = bench.bring_asked("incidents", *case.files)
    assert report.balance.used == 1
    assert report.balance.rejected == {"date_in_future": 1}


@checks("B022")
def two_councils_may_use_one_number(bench: Bench, case: Case) -> None:
    for file in case.files:
        bench.bring("licensing", file)
    assert len(register_of_premises(bench.workspace, bench.actor)) == 4


@checks("B028")
def a_row_with_a_reference_alone_is_no_footer(bench: Bench, case: Case) -> None:
    report = bench.bring("incidents", *case.files)
    assert report.balance.used == 2
    assert report.balance.rejected == {"bad_date": 1}


@checks("B030", "B034")
def a_radius_is_read_as_it_is_written(bench: Bench, case: Case) -> None:
    bench.bring("sensitive-sites", *case.files)
    with reading(bench.workspace.engine) as connection:
        radius = datasets.list_sites(connection)["within_m"].tolist()
    assert radius == [1000.0 if case.number == "B030" else 100.0]


@checks("B033")
def a_radius_that_cannot_be_stops_the_import(bench: Bench, case: Case) -> None:
    with pytest.raises(InputError, match="line 2, Radius"):
        bench.bring("sensitive-sites", *case.files)


@checks("B035")
def nothing_is_clustered_around_a_site(bench: Bench, case: Case) -> None:
    site, records = case.files
    bench.bring("sensitive-sites", site)
    bench.bring("incidents", records)
    assert bench.detect("incidents").left_out == {"sensitive_site": 30}


@checks("B051", "B052")
def the_order_of_rows_makes_no_difference(bench: Bench, case: Case) -> None:
    report = bench.bring("incidents", *case.files)
    assert report.balance.used == 2
    assert report.balance.rejected == {"bad_coordinates": 1}


@checks("B210")
def an_empty_text_is_no_child(bench: Bench, case: Case) -> None:
    del bench
    points = pd.DataFrame({"lng": [-2.18] * 30, "lat": [53.02] * 30, "child": [""] * 30})
    assert len(hotspot.detect(points, hotspot.Params(min_weight=20)).hotspots) == 1
    runpy.run_path(str(case.files[0]))


@checks("B211")
def a_child_in_three_forms_is_one(bench: Bench, case: Case) -> None:
    del bench
    params = hotspot.Params(min_weight=1, min_children=1)
    for forms in (["1", "1.0", "01"], ["ab1", "AB1", " ab1"]):
        points = pd.DataFrame({"lng": [-2.18] * 30, "lat": [53.02] * 30, "child": forms * 10})
        assert hotspot.detect(points, params).hotspots["children"].tolist() == [1]
    runpy.run_path(str(case.files[0]))


CLOSINGS = dict(
    zip(
        (f"P{n}" for n in range(21)),
        ("02:00",) * 5
        + ("00:00",) * 4
        + ("02:00",) * 2
        + ("23:30", "23:00", "23:00", "02:00")
        + ("11:59", "03:00", "02:00", "02:00", "23:00", "02:00"),
        strict=True,
    )
)
"""The last closing of each licence of `lic_closing.csv`, by hand; 11:59 is never."""


@checks("B036", "B037", "B038", "B039")
def hours_are_read_as_they_are_written(bench: Bench, case: Case) -> None:
    report = bench.bring("licensing", FOLDER / "lic_closing.csv")
    assert report.balance.used == 21
    table = register_of_premises(bench.workspace, bench.actor)
    until = table.set_index("premises_ref")["open_until"]
    read = {ref: latest_closing(text) for ref, text in until.items()}
    assert {ref: clock(value) for ref, value in read.items() if value is not None} == CLOSINGS


@checks("B041")
def statuses_mean_what_their_words_say(bench: Bench, case: Case) -> None:
    bench.bring("licensing", *case.files)
    table = register_of_premises(bench.workspace, bench.actor)
    in_force = {"P0", "P12", "P13", "P17", "P18", "P20", "P21"}
    assert set(table["premises_ref"]) == in_force


@checks("B108")
def a_file_of_no_use_is_said_to_be(bench: Bench, case: Case) -> None:
    report, _ = bench.bring_asked("incidents", *case.files)
    assert report.balance.used or "31/12/2026" in report.accepted_instead


@checks("B249")
def toilets_lie_where_their_columns_say(bench: Bench, case: Case) -> None:
    """The columns are found; in the copy that is shared all cells of both are empty."""
    report = bench.bring("places", FOLDER / case.given)
    assert report.balance.rows_in == 21
    assert report.balance.set_aside == {"no_location": 21}
    columns = propose("places", ["LocationText", "GeoX", "GeoY"]).columns
    assert (columns["easting"], columns["northing"]) == ("GeoX", "GeoY")


@checks("B268")
def pubs_without_a_known_column_of_names(bench: Bench, case: Case) -> None:
    report, _ = bench.bring_asked("places", FOLDER / case.given)
    counts = report.balance.rejected + report.balance.set_aside
    assert report.balance.rows_in == 5
    assert counts["no_name"] == 0 or report.accepted_instead
