"""Say how far the data can be trusted: located shares, precision, coverage, recording changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.surroundings.districts import districts_of
from hotspot.errors import InputError
from hotspot.params import Params
from hotspot.schema import RECORD_SOURCES, SOURCE_LABELS, SOURCES, TIME_ZONE, Family
from hotspot.services.records.caveats import changes_in
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import datasets, outcomes
from hotspot.store.record_files import scan_records
from hotspot.store.unit_of_work import UnitOfWork

MAX_NOTE = 300
NO_DISTRICT = "outside all districts"


@dataclass(frozen=True)
class Quality:
    """The state of a workspace's data.

    Attributes
    ----------
    sources
        One row a source: `label`, `imports`, `rows_in`, `used`, `located` (share of rows with a
        usable location), `rejected` (share).
    precision
        `label`, `precision`, `records`, `share`.
    coverage
        `label`, `month`, `district`, `records`.
    completeness
        `label`, `column`, `district` (empty for all), `share` of the last import of each source.
    changes
        Marks of recording changes.
    """

    sources: pd.DataFrame
    precision: pd.DataFrame
    coverage: pd.DataFrame
    completeness: pd.DataFrame
    changes: pd.DataFrame


def view_quality(workspace: Workspace, actor: Actor) -> Quality:
    """Look at the quality of the data over all datasets."""
    with work_on(workspace, actor, Operation.VIEW_QUALITY) as work:
        imports = datasets.list_imports(work.connection)
        standing = imports[imports["withdrawn_at"].isna()]
        precision, coverage = _records(workspace, work)
        quality = Quality(
            _sources(standing),
            precision,
            coverage,
            _completeness(standing),
            outcomes.list_changes(work.connection),
        )
        work.log("data quality", rows=len(standing))
    return quality


def changes_within(
    workspace: Workspace, actor: Actor, params: Params, sources: list[str]
) -> list[str]:
    """Say which changes of recording of some sources fall into the period of some settings."""
    with work_on(workspace, actor, Operation.VIEW_QUALITY) as work:
        said = changes_in(work.connection, params, sources)
        work.log("changes of recording", rows=len(said))
    return said


def mark_change(workspace: Workspace, actor: Actor, source: str, on_day: date, note: str) -> None:
    """Mark the day from which a source was recorded otherwise, so that charts show it.

    Raises
    ------
    InputError
        The source is not known, or nothing is said about the change.
    """
    if source not in RECORD_SOURCES or not note.strip():
        message = "Choose a source of records and say in a few words what changed."
        raise InputError(message)
    with work_on(workspace, actor, Operation.MARK_CHANGE) as work:
        note = note.strip()[:MAX_NOTE]
        outcomes.add_change(work.connection, source, on_day, note, actor.name, work.now)
        work.log(source, rows=1, shape={"on_day": on_day.isoformat()})


def _sources(imports: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for source, part in imports.groupby("source", sort=False):
        sheets = part["balance"].tolist()
        total = sum(sheet["rows_in"] for sheet in sheets)
        aside: dict[str, int] = {}
        for sheet in sheets:
            for reason, count in sheet["set_aside"].items():
                aside[reason] = aside.get(reason, 0) + count
        empty = sum(
            aside.get(reason, 0)
            for reason in ("blank", "footer", "duplicate_row", "already_imported")
        )
        lost = sum(aside.get(reason, 0) for reason in _NO_PLACE)
        refused = sum(sum(sheet["rejected"].values()) for sheet in sheets)
        data = max(total - empty, 1)
        has_places = SOURCES[str(source)].family is not Family.BOUNDARIES
        located = 1 - (lost + refused) / data if has_places else None
        rows.append(
            {
                "label": SOURCE_LABELS.get(str(source), source),
                "imports": len(part),
                "rows_in": total,
                "used": sum(sheet["used"] for sheet in sheets),
                "located": located,
                "rejected": refused / data,
            }
        )
    columns = ["label", "imports", "rows_in", "used", "located", "rejected"]
    return pd.DataFrame(rows, columns=columns)


_NO_PLACE = (
    "no_location",
    "zero_coordinates",
    "dummy_coordinates",
    "swapped_axes",
    "postcode_not_found",
    "no_postcode_file",
    "uprn_not_found",
    "no_uprn_file",
    "postcode_disagrees",
    "default_coordinate",
    "coarse_location",
)


def _records(workspace: Workspace, work: UnitOfWork) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count stored records by precision, and by month and district."""
    files = datasets.list_record_files(work.connection)
    replaced = datasets.replaced_records(work.connection)
    records = scan_records(workspace.records, files, replaced)
    precision = records.group_by("source", "precision").agg(records=pl.len()).collect()
    precision = precision.with_columns(
        share=pl.col("records") / pl.col("records").sum().over("source"),
        label=pl.col("source").replace(SOURCE_LABELS),
        precision=pl.col("precision").fill_null("unknown"),
    ).sort("label", "records", descending=[False, True])
    month = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.strftime("%Y-%m")
    counted = (
        records.select(
            "source", month.alias("month"), pl.col("lng").round(3), pl.col("lat").round(3)
        )
        .group_by("source", "month", "lng", "lat")
        .agg(records=pl.len())
        .collect()
        .to_pandas()
    )
    counted["district"] = districts_of(workspace.area, counted).fillna(NO_DISTRICT)
    keys = ["source", "month", "district"]
    coverage = counted.groupby(keys).agg(records=("records", "sum")).reset_index()
    coverage["label"] = coverage["source"].map(SOURCE_LABELS)
    return precision.drop("source").to_pandas(), coverage


def _completeness(imports: pd.DataFrame) -> pd.DataFrame:
    """Return the completeness of the last import of each source that says some."""
    latest = imports[imports["completeness"].map(bool).astype(bool)].drop_duplicates("source")
    rows = [
        {
            "label": SOURCE_LABELS.get(source, source),
            "district": district,
            "column": column,
            "share": share,
        }
        for source, by_district in zip(latest["source"], latest["completeness"], strict=True)
        for district, shares in by_district.items()
        for column, share in shares.items()
    ]
    return pd.DataFrame(rows, columns=["label", "district", "column", "share"])
