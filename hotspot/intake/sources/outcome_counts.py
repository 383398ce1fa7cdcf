"""Read monthly counts of outcomes, by force or district: never a case."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.intake.fields.columns import COUNTS
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.rows.balance import Context, Reading, give_reasons, settle
from hotspot.intake.rows.canonical import date_field, open_sheet
from hotspot.schema import OUTCOMES, TIME_ZONE

SOURCE = "outcomes"
MAX_COUNT = 100_000
_NUMBER = r"^[0-9]{1,3}(,?[0-9]{3})*$|^[0-9]+$"
_WHOLE_FORCE = ("", "all", "force", "total", "whole force", "force total")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one small file: a row a month (and district), a column for each count."""
    sheet = open_sheet(path, name or path.name, SOURCE, mapping, context.kept)
    date_field(sheet, "month")
    local = pl.col("month_at").dt.convert_time_zone(TIME_ZONE)
    counted = [what for what in COUNTS if sheet.has(what)]
    district = sheet.text("district").fill_null("")
    named = pl.when(district.str.to_lowercase().is_in(_WHOLE_FORCE)).then(pl.lit(""))
    rows = sheet.rows.with_columns(
        month=local.dt.strftime("%Y-%m"), district=named.otherwise(district)
    )
    bad = [pl.col(w).is_not_null() & ~pl.col(w).str.contains(_NUMBER) for w in counted]
    places = list(context.area.districts)
    unknown = (pl.col("district") != "") & ~pl.col("district").is_in(places)
    nothing = pl.all_horizontal(pl.lit(value=True), *(pl.col(w).is_null() for w in counted))
    rows = give_reasons(
        rows,
        [
            *sheet.rules,
            ("bad_date", "month", pl.col("month").is_null()),
            ("bad_kind", "district", unknown if places else pl.lit(value=False)),
            *(("bad_number", w, rule) for w, rule in zip(counted, bad, strict=True)),
            ("bad_number", "", nothing),
            ("same_id_differs", "month", ~pl.struct("month", "district").is_first_distinct()),
        ],
    )
    kept = dict.fromkeys(("month", "district", *counted), pl.String)
    reading = settle(rows, kept, names=sheet.mapping.columns)
    table = reading.table.unpivot(
        on=counted, index=["line", "month", "district"], variable_name="what", value_name="number"
    ).with_columns(pl.col("number").str.replace_all(",", "").cast(pl.Int64, strict=False))
    table = table.filter(pl.col("number").is_between(0, MAX_COUNT)).select("line", *OUTCOMES)
    return Reading(
        table,
        reading.rejects,
        reading.balance,
        tuple(sheet.notes),
        tuple(sheet.questions),
        mapping=sheet.mapping,
    )
