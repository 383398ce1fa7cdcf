"""Read monthly counts of outcomes, by force or district: never a case."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.intake.fields.columns import COUNTS
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.places.coordinates import NOTHING
from hotspot.intake.rows.balance import Context, Reading, give_reasons, settle
from hotspot.intake.rows.canonical import date_field, open_sheet
from hotspot.schema import OUTCOMES, TIME_ZONE

SOURCE = "outcomes"
MAX_COUNT = 10_000_000
_NUMBER = r"^(?:[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)(?:\.0{1,2})?$"
_WITHHELD = (
    r"^(?:[<≤]\s*=?\s*[0-9]+|\*+|\[?[cx]\]?|suppressed|withheld|low|"
    r"(?:fewer|less) than [0-9]+|[0-9]+ or (?:fewer|less)|[01]\s*(?:[-\x{2013}]|to)\s*[0-9])$"
)
"""How tables write that a number is too small to be told."""
_WHOLE_FORCE = ("", "all", "force", "total", "whole force", "force total")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one small file: a row a month (and district), a column for each count."""
    sheet = open_sheet(path, name or path.name, SOURCE, mapping, context.kept)
    sheet = date_field(sheet, "month")
    local = pl.col("month_at").dt.convert_time_zone(TIME_ZONE)
    counted = [what for what in COUNTS if sheet.has(what)]
    places = list(context.area.districts)
    district = _district_of(sheet.text("district").fill_null(""), places)
    named = pl.when(district.str.to_lowercase().is_in(_WHOLE_FORCE)).then(pl.lit(""))
    rows = sheet.rows.with_columns(
        month=local.dt.strftime("%Y-%m"), district=named.otherwise(district)
    )
    notes = [*sheet.notes, *_withheld(rows, counted, sheet.name)]
    rows = rows.with_columns(_number_of(what) for what in counted)
    bad = [~pl.col(w).str.contains(_NUMBER) | (_whole(w) > MAX_COUNT) for w in counted]
    unknown = (pl.col("district") != "") & ~pl.col("district").is_in(places)
    nothing = pl.all_horizontal(pl.lit(value=True), *(pl.col(w).is_null() for w in counted))
    rows = give_reasons(
        rows,
        [
            *sheet.rules,
            ("bad_date", "month", pl.col("month").is_null()),
            ("date_in_future", "month", _not_yet(context)),
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
    ).with_columns(_whole("number"))
    table = table.drop_nulls("number").select("line", *OUTCOMES)
    return Reading(
        table,
        reading.rejects,
        reading.balance,
        tuple(notes),
        sheet.questions,
        mapping=sheet.mapping,
    )


def _number_of(column: str) -> pl.Expr:
    """Return a count as text; null where it is unknown, withheld or a stroke for nothing."""
    text = pl.col(column).str.strip_chars("'").str.replace(r"(?i)^zero$", "0")
    is_unknown = text.str.to_lowercase().is_in(NOTHING) | text.str.contains(f"(?i){_WITHHELD}")
    return pl.when(~is_unknown).then(text).alias(column)


def _whole(column: str) -> pl.Expr:
    digits = pl.col(column).str.replace_all("[, ]", "").str.replace(r"\.0{1,2}$", "")
    return digits.cast(pl.Int64, strict=False)


def _withheld(rows: pl.DataFrame, counted: list[str], name: str) -> list[str]:
    """Say how many numbers are withheld: they count as unknown, never as a number."""
    withheld = sum(int(rows[w].str.contains(f"(?i){_WITHHELD}").sum()) for w in counted)
    return (
        [f"{name}: {withheld:,} withheld numbers, such as <5, count as unknown."]
        if withheld
        else []
    )


def _district_of(district: pl.Expr, places: list[str]) -> pl.Expr:
    """Write a district as the area names it, whatever its capitals, spaces and ampersands."""
    known = {_plain(place): place for place in places}
    plain = (
        district.str.to_lowercase()
        .str.replace_all("&", "and", literal=True)
        .str.replace_all(r"[^\p{L}\p{N}]", "")
    )
    return plain.replace_strict(known, default=district, return_dtype=pl.String)


def _plain(place: str) -> str:
    return "".join(c for c in place.lower().replace("&", "and") if c.isalnum())


def _not_yet(context: Context) -> pl.Expr:
    """Tell months that have not begun."""
    if context.today is None:
        return pl.lit(value=False)
    return pl.col("month") > f"{context.today:%Y-%m}"
