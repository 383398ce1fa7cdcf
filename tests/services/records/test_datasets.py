"""What happens to data after it was read: kept, withdrawn, its children renamed."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor, UserRole
from hotspot.disclosure.forms import FileForm
from hotspot.errors import NotFoundError, StoreError
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.fields.pseudonyms import pseudonyms, wrapped
from hotspot.services.actions import recording
from hotspot.services.hotspots import runs
from hotspot.services.premises import nearby
from hotspot.services.records import datasets, imports, previews, quality
from hotspot.services.records.imports import ImportPlan
from hotspot.services.records.previews import FileToRead
from hotspot.services.reports import outcome_counts
from hotspot.services.upkeep import retention, rotation
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.services.workspace.keys import PSEUDONYMS
from hotspot.settings import SAMPLE_FOLDER
from hotspot.store.datasets import _lines, _spans
from tests.helpers import FORCE, SHELL, actor_of_role, an_action, run_of
from tests.intake.cases import INCIDENT, LICENCE, numbered, text_of
from tests.services.records.bringing import LOOSE, bring, counted

# the rows that are not used ------------------------------------------------------------------


@given(st.sets(st.integers(1, 500), min_size=1))
def test_lines_are_kept_as_spans_without_loss(lines: set[int]) -> None:
    assert _lines(_spans(pl.Series(sorted(lines)))) == sorted(lines)


def test_every_refused_row_is_found_in_the_download_with_its_reason(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    rows = numbered(6, INCIDENT)
    rows[2]["Date/Time From"] = "31/02/2026 10:00"
    rows[4]["Easting"] = "abc"
    report = bring(workspace, tmp_path, *rows)
    file = datasets.export_unused(workspace, analyst, report.import_ids[0], FileForm.CSV, "check")
    table = [r for r in csv.reader(io.StringIO(file.content.decode("utf-8-sig"))) if len(r) == 4]
    assert table[0] == ["Line", "Reason code", "Why", "Column"]
    assert [(r[0], r[1], r[3]) for r in table[1:]] == [
        ("4", "bad_date", "Date/Time From"),
        ("6", "bad_coordinates", "Easting"),
    ]
    assert "abc" not in file.content.decode()
    with pytest.raises(NotFoundError, match="no import 99"):
        datasets.export_unused(workspace, analyst, 99, FileForm.CSV, "check")
    with pytest.raises(InputError, match="Say why"):
        datasets.export_unused(workspace, analyst, 1, FileForm.CSV, " ")


def test_the_balance_sheet_stays_with_the_dataset(demo: Workspace, analyst: Actor) -> None:
    held = datasets.list_datasets(demo, analyst)
    assert len(held) == 5
    for sheet in held["balance"]:
        aside, refused = sum(sheet["set_aside"].values()), sum(sheet["rejected"].values())
        assert sheet["rows_in"] == sheet["used"] + aside + refused
    missing = held[held["source"] == "missing"].iloc[0]
    assert missing["balance"]["set_aside"]["role_off"] > 0
    assert missing["balance"]["set_aside"]["setting_off"] > 0
    assert missing["completeness"][""]["Easting"] > 0.9


# mappings ------------------------------------------------------------------------------------


def test_a_confirmed_mapping_is_kept_for_files_with_the_same_columns(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    renamed = {
        "Log": "Crime Number",
        "Begun": "Date/Time From",
        "E m": "Easting",
        "N m": "Northing",
    }
    rows = [{new: row[old] for new, old in renamed.items()} for row in numbered(3, INCIDENT)]
    path = tmp_path / "f.csv"
    path.write_text(text_of(*rows))
    with pytest.raises(InputError, match=r"lacks the column\(s\) Crime number, Date/time from"):
        imports.import_files(workspace, analyst, "incidents", [path])
    columns = {"reference": "Log", "start": "Begun", "easting": "E m", "northing": "N m"}
    mapping = Mapping(source="incidents", columns=columns)
    plan = ImportPlan(mapping=mapping)
    assert imports.import_files(workspace, analyst, "incidents", [path], plan).balance.used == 3
    later = [row | {"Log": f"later {n}"} for n, row in enumerate(rows)]
    again = bring(workspace, tmp_path, *later, name="next month.csv")
    assert again.balance.used == 3
    look = previews.look(workspace, analyst, "incidents", FileToRead(path, "f.csv"))
    assert look.is_kept
    assert look.mapping.columns == columns


def test_a_look_shows_examples_but_none_of_what_must_not_enter(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    row = INCIDENT | {"Forename": "Zed", "DOB": "01/02/2010", "Ethnicity": "x", "Summary": "y"}
    path = tmp_path / "f.csv"
    path.write_text(text_of(row))
    found = previews.look(workspace, analyst, "incidents", FileToRead(path, "f.csv"))
    assert set(found.refused) == {"Forename", "DOB", "Ethnicity", "Summary"}
    assert all(found.columns[column] == [] for column in found.refused)
    assert found.columns["Person ID"] == ["A9"]
    assert "Zed" not in str(found)
    report = imports.import_files(workspace, analyst, "incidents", [path])
    assert any("Forename (a name of a person)" in note for note in report.notes)
    named = Mapping(source="incidents", columns=found.mapping.columns | {"kind": "Summary"})
    with pytest.raises(InputError, match="'Summary' seems to hold narrative"):
        imports.import_files(workspace, analyst, "incidents", [path], ImportPlan(mapping=named))


def test_a_date_of_birth_becomes_an_age_band_and_is_not_kept(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    born = ["01/06/2012", "21/05/2010", "22/05/2010", "01/01/2009", "01/01/2017", ""]
    rows = [INCIDENT | {"Crime Number": str(n), "DOB": b} for n, b in enumerate(born)]
    path = tmp_path / "f.csv"
    path.write_text(text_of(*rows))
    found = previews.look(workspace, analyst, "incidents", FileToRead(path, "f.csv"))
    mapping = found.mapping.model_copy(
        update={"columns": found.mapping.columns | {"date_of_birth": "DOB"}}
    )
    plan = ImportPlan(mapping=mapping)
    report = imports.import_files(workspace, analyst, "incidents", [path], plan)
    kept = str(datasets.list_datasets(workspace, analyst).to_dict("records"))
    assert not any(day in kept + str(report) for day in ("2010", "2012", "2009", "2017"))
    (file,) = workspace.records.rglob("*.parquet")
    bands = pl.read_parquet(file)["age_band"].sort().to_list()
    assert bands == [None, "13 to 15", "13 to 15", "16 to 17", "16 to 17", "under 10"]
    assert b"2012" not in file.read_bytes()


# withdrawn and superseded --------------------------------------------------------------------


def test_a_withdrawn_import_counts_no_longer_and_what_it_hid_is_named(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    first = bring(workspace, tmp_path, *numbered(4, INCIDENT))
    later = bring(workspace, tmp_path, *numbered(6, INCIDENT), name="later.csv")
    done = datasets.withdraw_import(workspace, analyst, first.import_ids[0], "another force's")
    assert counted(workspace) == 2
    assert done.import_again == ((later.import_ids[0], "later.csv"),)
    listed = datasets.list_datasets(workspace, analyst).set_index("import_id")
    assert listed.loc[1, "withdrawn_why"] == "another force's"
    with pytest.raises(NotFoundError, match="no import 1 that stands"):
        datasets.withdraw_import(workspace, analyst, 1, "again")
    with pytest.raises(InputError, match="Say why"):
        datasets.withdraw_import(workspace, analyst, 2, " ")


def test_an_import_supersedes_another_in_one_step(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, tmp_path, *numbered(4, INCIDENT))
    right = [row | {"Crime Number": f"new {n}"} for n, row in enumerate(numbered(3, INCIDENT))]
    bring(workspace, tmp_path, *right, name="right.csv", plan=ImportPlan(supersedes=1))
    assert counted(workspace) == 3
    with pytest.raises(NotFoundError):
        bring(workspace, tmp_path, *right, name="x.csv", plan=ImportPlan(supersedes=1))


def test_a_withdrawn_register_gives_way_to_the_one_before(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    bring(workspace, tmp_path, LICENCE, source="licensing")
    wrong = bring(
        workspace, tmp_path, LICENCE | {"Premises Name": "Wrong"}, source="licensing", name="w.csv"
    )
    names = nearby.register_of_premises(workspace, analyst)["name"].tolist()
    assert names == ["Wrong"]
    datasets.withdraw_import(workspace, analyst, wrong.import_ids[0], "test data")
    assert nearby.register_of_premises(workspace, analyst)["name"].tolist() == ["Opal Grill"]


def test_a_hotspot_says_that_its_records_were_withdrawn(
    demo: Workspace, analyst: Actor, lead: Actor
) -> None:
    run = run_of(demo, analyst)
    recorded = recording.record_action(demo, lead, an_action(), run, "H-01", FORCE)
    held = datasets.list_datasets(demo, analyst)
    number = int(held[held["source"] == "missing"]["import_id"].iloc[0])
    assert datasets.changes_under(demo, recorded.hotspot_id) == []
    done = datasets.withdraw_import(demo, analyst, number, "wrong period")
    assert done.hotspots == (recorded.hotspot_id,)
    (said,) = datasets.changes_under(demo, recorded.hotspot_id)
    assert said.startswith("Missing episodes (import 1) were withdrawn on")
    done_purge = retention.purge(demo, analyst, is_dry=False, today=date(2030, 1, 1))
    assert done_purge.hotspots == (recorded.hotspot_id,)
    later = datasets.changes_under(demo, recorded.hotspot_id)
    assert any("records were erased" in text and "13 months" in text for text in later)


# sensitive sites and settings ----------------------------------------------------------------


def test_nothing_is_clustered_around_a_sensitive_site(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, tmp_path, *numbered(5, INCIDENT))
    site = {"Name": "S", "Kind": "children's home", "Easting": "388000", "Northing": "345058"}
    bring(workspace, tmp_path, site, source="sensitive-sites", name="s.csv")
    run = runs.run_on(workspace, ["incidents"], LOOSE)
    assert run.left_out == {"sensitive_site": 5}  # 49 m away
    far = site | {"Name": "T", "Easting": "388100", "Radius": "120"}
    bring(workspace, tmp_path, far, source="sensitive-sites", name="t.csv")
    datasets.withdraw_import(workspace, SHELL, 2, "not a home")
    assert runs.run_on(workspace, ["incidents"], LOOSE).left_out == {}


def test_ungraded_intelligence_is_kept_and_not_clustered(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = [
        {
            "Intel Ref": f"I{n}",
            "Date of Information": "21/05/2026",
            "Grade": grade,
            "Easting": "387951",
            "Northing": "345058",
        }
        for n, grade in enumerate(["1BP", "3 E C", "", "poor", "B24"])
    ]
    report = bring(workspace, tmp_path, *rows, source="intelligence")
    assert report.balance.set_aside == {"not_graded": 2}
    run = runs.run_on(workspace, ["intelligence"], LOOSE)
    assert (run.records_in, run.left_out) == (5, {"not_graded": 2})


def test_interviews_are_disclosed_places_without_an_hour(
    workspace: Workspace, tmp_path: Path
) -> None:
    row = {
        "RHI Ref": "R1",
        "Person ID": "P1",
        "RHI Date": "21/05/2026",
        "Easting": "387951",
        "Northing": "345058",
    }
    assert bring(workspace, tmp_path, row, source="interviews").balance.used == 1
    (file,) = workspace.records.rglob("*.parquet")
    record = pl.read_parquet(file).row(0, named=True)
    assert (record["role"], record["time_precision"]) == ("disclosed", "day")


# children ------------------------------------------------------------------------------------


def test_the_same_child_has_the_same_pseudonym_in_every_source(
    workspace: Workspace, tmp_path: Path
) -> None:
    bring(workspace, tmp_path, INCIDENT)
    interview = {
        "RHI Ref": "R1",
        "Person ID": " P1 ",
        "RHI Date": "21/05/2026",
        "Easting": "387951",
        "Northing": "345058",
    }
    bring(workspace, tmp_path, interview, source="interviews", name="r.csv")
    children = {pl.read_parquet(f)["child"].item() for f in workspace.records.rglob("*.parquet")}
    assert len(children) == 1


def test_a_rotation_renames_the_children_and_later_files_still_agree(
    workspace: Workspace, tmp_path: Path
) -> None:
    bring(workspace, tmp_path, *numbered(4, INCIDENT, Person_ID=lambda n: f"P{n % 2}"))
    before = pl.read_parquet(next(workspace.records.rglob("*.parquet")))["child"].unique()
    assert rotation.rotate_pseudonyms(workspace, SHELL) == 2
    with pytest.raises(StoreError, match="was changed while this program ran"):
        bring(workspace, tmp_path, INCIDENT | {"Crime Number": "x"}, name="x.csv")
    opened = open_workspace(workspace.folder)
    assert len(opened.keys.pseudonyms) == 2
    (file,) = opened.records.rglob("*.parquet")
    after = pl.read_parquet(file)["child"].unique()
    assert not set(before) & set(after)
    more = numbered(2, INCIDENT, Person_ID=lambda n: f"P{n}")
    bring(
        opened,
        tmp_path,
        *(r | {"Crime Number": f"n{r['Crime Number']}"} for r in more),
        name="more.csv",
    )
    run = runs.run_on(opened, ["incidents"], LOOSE)
    assert int(run.hotspots["children"].sum()) == 2
    again = bring(opened, tmp_path, *numbered(4, INCIDENT, Person_ID=lambda n: f"P{n % 2}"))
    assert again.balance.set_aside == {"already_imported": 4}


def test_a_rotation_that_is_cut_off_is_finished_or_undone(
    workspace: Workspace, tmp_path: Path
) -> None:
    bring(workspace, tmp_path, INCIDENT)
    secrets = workspace.folder / "secrets"
    old = (secrets / PSEUDONYMS).read_bytes()
    (secrets / f"{PSEUDONYMS}.next").write_bytes(old + b"x" * 32)
    assert len(open_workspace(workspace.folder).keys.pseudonyms) == 1  # never reached the database
    assert not (secrets / f"{PSEUDONYMS}.next").exists()
    rotation.rotate_pseudonyms(workspace, SHELL)
    new = (secrets / PSEUDONYMS).read_bytes()
    (secrets / f"{PSEUDONYMS}.next").write_bytes(new)
    (secrets / PSEUDONYMS).write_bytes(old)
    assert len(open_workspace(workspace.folder).keys.pseudonyms) == 2  # the database was ahead
    (secrets / PSEUDONYMS).write_bytes(b"z" * 32)
    with pytest.raises(StoreError, match="children would be counted anew"):
        open_workspace(workspace.folder)


@given(
    st.lists(st.text(min_size=1, max_size=8).map(str.strip).filter(bool), max_size=12),
    st.integers(1, 3),
)
def test_wrapping_keeps_children_apart_and_together(references: list[str], keys: int) -> None:
    chain = tuple(bytes([n]) * 32 for n in range(keys))
    named = pseudonyms(pl.Series(references, dtype=pl.String), chain).to_list()
    assert len(set(named)) == len(set(references))
    longer = pseudonyms(pl.Series(references, dtype=pl.String), (*chain, b"n" * 32)).to_list()
    assert longer == [wrapped(name, b"n" * 32) for name in named]


# quality and outcomes ------------------------------------------------------------------------


def test_the_quality_of_the_data_adds_up(demo: Workspace, analyst: Actor) -> None:
    found = quality.view_quality(demo, analyst)
    sources = found.sources.set_index("label")
    assert 0.95 < sources["located"].loc["Missing episodes"] < 1
    held = runs.holdings(demo)
    assert found.coverage["records"].sum() == sum(
        sum(months.values()) for months in held.months.values()
    )
    shares = found.precision.groupby("label")["share"].sum()
    assert shares.tolist() == pytest.approx([1.0] * len(shares))
    assert set(found.completeness["district"]) > {"", "Stoke-on-Trent"}
    quality.mark_change(demo, analyst, "missing", date(2026, 4, 1), "new form")
    assert quality.view_quality(demo, analyst).changes["note"].tolist() == ["new form"]
    with pytest.raises(InputError):
        quality.mark_change(demo, analyst, "missing", date(2026, 4, 1), " ")


def test_outcome_counts_are_typed_or_imported_and_the_last_entry_stands(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    rows = [
        {
            "Month": "2026-05",
            "District": "",
            "Recorded": "1,204",
            "Charged": "31",
            "RHI Offered": "many",
        },
        {
            "Month": "2026-06",
            "District": "Stafford",
            "Recorded": "40",
            "Charged": "2",
            "RHI Offered": "",
        },
        {
            "Month": "2026-06",
            "District": "Atlantis",
            "Recorded": "1",
            "Charged": "",
            "RHI Offered": "",
        },
        {
            "Month": "2026-06",
            "District": "Stafford",
            "Recorded": "9",
            "Charged": "",
            "RHI Offered": "",
        },
    ]
    report = bring(workspace, tmp_path, *rows, source="outcomes")
    assert report.balance.as_dict() == {
        "rows_in": 4,
        "used": 1,
        "set_aside": {"same_id_differs": 1},
        "rejected": {"bad_kind": 1, "bad_number": 1},
    }
    outcome_counts.enter_counts(
        workspace, analyst, "2026-06", "Stafford", {"recorded": 41, "charge": None}
    )
    table = outcome_counts.view_counts(workspace, analyst)
    (row,) = table.to_dict("records")
    assert (row["month"], row["district"], row["recorded"]) == ("2026-06", "Stafford", 41)
    assert row["charge"] != row["charge"]  # taken back
    wrong: tuple[tuple[str, str, dict[str, int | None]], ...] = (
        ("2026-13", "", {"charge": 1}),
        ("2026-05", "Nowhere", {"charge": 1}),
        ("2026-05", "", {"charge": -1}),
        ("2026-05", "", {"lost": 1}),
    )
    for month, district, counts in wrong:
        with pytest.raises(InputError):
            outcome_counts.enter_counts(workspace, analyst, month, district, counts)
    with pytest.raises(NotAllowedError):
        outcome_counts.view_counts(workspace, actor_of_role(UserRole.VIEWER))


def test_stop_and_search_is_refused_unless_the_force_has_decided(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    row = {
        "Type": "Person search",
        "Date": "2019-05-31T23:01:00+00:00",
        "Latitude": "53.0",
        "Longitude": "-2.18",
        "Gender": "x",
        "Self-defined ethnicity": "x",
        "Object of search": "Drugs",
        "Outcome": "none",
    }
    path = tmp_path / "s.csv"
    path.write_text(text_of(row))
    with pytest.raises(InputError, match="age, gender and ethnicity"):
        imports.import_files(workspace, analyst, "police-uk-stops", [path])
    settings = workspace.folder / "workspace.json"
    content = json.loads(settings.read_text()) | {"takes_protected_sources": True}
    settings.write_text(json.dumps(content))
    decided = open_workspace(workspace.folder)
    report = imports.import_files(decided, analyst, "police-uk-stops", [path])
    assert report.balance.used == 1
    assert any("Gender (a protected characteristic)" in note for note in report.notes)


def test_the_sample_is_the_only_thing_a_demonstration_takes(
    demo: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    sample = FileToRead(SAMPLE_FOLDER / "incidents.csv", "any name.csv")
    again = imports.import_files(demo, analyst, "incidents", [sample])
    assert again.balance.used == 0
    path = tmp_path / "incidents.csv"
    path.write_text(text_of(INCIDENT))
    with pytest.raises(NotAllowedError, match="not part of the invented sample"):
        imports.import_files(demo, analyst, "incidents", [path])
