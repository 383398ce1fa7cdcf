"""Read a council's licensing register, in the open PremisesLicences layout or any by mapping."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.places.whereabouts import far_from_postcode
from hotspot.intake.rows.balance import (
    KEPT_PREMISES,
    Context,
    Reading,
    Rule,
    give_reasons,
    points_of,
    settle,
)
from hotspot.intake.rows.canonical import Sheet, open_sheet
from hotspot.intake.rows.placing import place_rows
from hotspot.intake.rows.records import completeness_of
from hotspot.schema import PREMISES

SOURCE = "licensing"
_NOT_CURRENT = (
    "surrender|lapsed|revoked|expired|refused|withdrawn|rejected|suspended|inactive|closed"
)
_YES, _NO = ("y", "yes", "true", "1", "x"), ("n", "no", "false", "0")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one register. Holders and supervisors are people and are not read.

    A licence that is listed once for each activity becomes one row with all of them. One without
    coordinates stays in the register, without a place on the map.
    """
    sheet = open_sheet(path, name or path.name, SOURCE, mapping, context.kept)
    place_rows(sheet, context)
    rows = sheet.rows.with_columns(
        is_data=~(pl.col("blank") | pl.col("footer") | pl.col("ragged")),
        written=_activities(sheet),
    )
    joined = pl.col("written").unique(maintain_order=True).drop_nulls().str.join("; ")
    rows = rows.with_columns(
        activities=pl.when("is_data").then(joined.over("reference", "is_data")).replace("", None),
    )
    rows = rows.with_columns(
        premises_ref=pl.col("reference").str.slice(0, 100),
        source=pl.lit(SOURCE),
        kind=_kind_of_activities(),
        address=sheet.text("address"),
        postcode=sheet.text("postcode").str.to_uppercase().str.slice(0, 16),
        authority=sheet.text("authority"),
        open_until=sheet.text("closing"),
    )
    repeated = pl.col("is_data") & ~pl.struct("premises_ref", "is_data").is_first_distinct()
    rows = give_reasons(rows, _rules(sheet, repeated))
    reading = settle(rows, PREMISES, KEPT_PREMISES, sheet.mapping.columns)
    return replace(
        reading,
        notes=tuple(sheet.notes),
        questions=tuple(sheet.questions),
        completeness=completeness_of(sheet, rows, context),
        mapping=sheet.mapping,
        points=points_of(rows) if context.wants_points else None,
    )


def _rules(sheet: Sheet, repeated: pl.Expr) -> list[Rule]:
    status = sheet.text("status").str.to_lowercase()
    rules: list[Rule] = [
        ("no_reference", "reference", pl.col("premises_ref").is_null()),
        ("no_name", "name", pl.col("name").is_null()),
        ("duplicate_row", "reference", repeated),
        ("not_current", "status", status.str.contains(_NOT_CURRENT)),
        *sheet.rules,
        ("out_of_area", "", pl.col("outside")),
    ]
    if sheet.has("postcode"):
        rules.append(("postcode_disagrees", "postcode", far_from_postcode("postcode")))
    return rules


def _activities(sheet: Sheet) -> pl.Expr:
    """Write what a row says of activities, from one column or from columns of yes and no."""
    parts = [sheet.text("activities")]
    alcohol = sheet.text("alcohol").str.to_lowercase()
    for field, words in (
        ("alcohol_on", "alcohol on sales"),
        ("alcohol_off", "alcohol off sales"),
        ("refreshment", "late night refreshment"),
    ):
        said = sheet.text(field).str.to_lowercase()
        parts.append(pl.when(said.is_in(_YES)).then(pl.lit(words)))
    parts.append(
        pl.when(alcohol.is_in(_YES))
        .then(pl.lit("alcohol supply"))
        .when(~alcohol.is_in(_NO))
        .then(pl.concat_str(pl.lit("alcohol "), alcohol))
    )
    return pl.concat_str(parts, separator="; ", ignore_nulls=True).replace("", None)


def _kind_of_activities() -> pl.Expr:
    """Say what the activities make the premises, as far as they do; a licence names no trade."""
    has = pl.col("activities").str.to_lowercase().fill_null("").str.contains
    return (
        pl.when(has("private hire", literal=True))
        .then(pl.lit("taxi operator"))
        .when(has("alcohol off", literal=True) & ~has("alcohol on", literal=True))
        .then(pl.lit("off-licence or shop"))
        .when(has("late night refreshment", literal=True) & ~has("alcohol", literal=True))
        .then(pl.lit("takeaway"))
        .when(has("alcohol on", literal=True) & has("music", literal=True))
        .then(pl.lit("pub, bar or nightclub"))
        .otherwise(pl.lit("other licensed premises"))
    )
