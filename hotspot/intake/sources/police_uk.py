"""Read data.police.uk files: street crime, its outcomes, stop and search; all snap points."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.rows.balance import Context, Reading
from hotspot.intake.rows.canonical import Sheet, date_field, open_sheet
from hotspot.intake.rows.placing import place_rows
from hotspot.intake.rows.records import finish_records, numbers_beside
from hotspot.schema import SNAPPED

SOURCE, OUTCOMES_SOURCE, STOPS_SOURCE = "police-uk", "police-uk-outcomes", "police-uk-stops"
_NOT_KEPT = ("lsoa", "where", "by", "within")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one street-level file.

    A row without a Crime ID is told from others by its content and its place among rows of the same
    content: identical rows are separate incidents, and reading the file again gives the same rows.
    """
    return _read_monthly(path, name or path.name, SOURCE, context, mapping)


def read_outcomes(
    path: Path, context: Context, mapping: Mapping | None = None, name: str = ""
) -> Reading:
    """Read one file of outcomes of street crime; a crime may have several."""
    return _read_monthly(path, name or path.name, OUTCOMES_SOURCE, context, mapping)


def read_stops(
    path: Path, context: Context, mapping: Mapping | None = None, name: str = ""
) -> Reading:
    """Read one file of stop and search, provided that the force has decided to take them.

    Raises
    ------
    InputError
        The force has not: such files hold protected characteristics.
    """
    name = name or path.name
    if not context.takes_protected:
        message = (
            f"{name} is stop and search data, which hold age, gender and ethnicity of the people "
            "searched: they are not taken by default, for they must not steer where police look. "
            "Where a force has decided otherwise, in writing, set takes_protected_sources in "
            "workspace.json; gender, age and ethnicity are not read even then."
        )
        raise InputError(message)
    sheet = open_sheet(path, name, STOPS_SOURCE, mapping, context.kept)
    identity = _numbered(sheet.texts())
    with numbers_beside(sheet, STOPS_SOURCE, context, identity) as numbers:
        sheet = place_rows(date_field(sheet, "start"), context)
        names = {"start_at": "occurred_at", "start_precision": "time_precision"}
        sheet = _as_snapped(sheet.after(sheet.rows.rename(names)))
        sheet = sheet.after(rules=[("bad_date", "start", pl.col("occurred_at").is_null())])
        return finish_records(sheet, STOPS_SOURCE, context, numbers)


def _read_monthly(
    path: Path, name: str, source: str, context: Context, mapping: Mapping | None
) -> Reading:
    sheet = open_sheet(path, name, source, mapping, context.kept)
    identity = _numbered(sheet.texts())
    if sheet.has("reference"):
        own = sheet.rows["reference"]
        if source == OUTCOMES_SOURCE:  # a crime may have several
            own = sheet.texts(["reference", "month", "kind"]).zip_with(own.is_not_null(), own)
        identity = own.zip_with(own.is_not_null(), identity)
    with numbers_beside(sheet, source, context, identity, _NOT_KEPT) as numbers:
        sheet = place_rows(date_field(sheet, "month"), context)
        timed = sheet.rows.with_columns(
            occurred_at=pl.col("month_at").dt.truncate("1d") + pl.duration(hours=36),
            time_precision=pl.lit("month"),
        )
        sheet = _as_snapped(sheet.after(timed))
        sheet = sheet.after(rules=[("bad_date", "month", pl.col("occurred_at").is_null())])
        return finish_records(sheet, source, context, numbers)


def _numbered(texts: pl.Series) -> pl.Series:
    """Tell identical rows apart by their place among each other."""
    frame = pl.DataFrame({"text": texts})
    ordinal = pl.int_range(pl.len()).over("text").cast(pl.String)
    return frame.select(pl.concat_str("text", ordinal, separator="\x1f")).to_series()


def _as_snapped(sheet: Sheet) -> Sheet:
    note = f"{sheet.name}: snap points of open data: everything made from them is approximate."
    return sheet.after(sheet.rows.with_columns(precision=pl.lit(SNAPPED)), notes=[note])
