"""Read places around which nothing is clustered: homes for children, schools, hospitals, police."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.rows.balance import Context, Reading, give_reasons, points_of, settle
from hotspot.intake.rows.canonical import open_sheet
from hotspot.intake.rows.placing import place_rows
from hotspot.intake.rows.records import completeness_of
from hotspot.schema import SITES

SOURCE = "sensitive-sites"
WITHIN_M, MAX_WITHIN_M = 100.0, 1000.0
"""Radius in metres where a site names none, and the greatest that is believed."""


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one list of sites, each with its kind and, if it differs from 100 m, its radius."""
    sheet = open_sheet(path, name or path.name, SOURCE, mapping, context.kept)
    place_rows(sheet, context)
    written = sheet.text("within")
    radius = written.cast(pl.Float64, strict=False)
    bad = written.is_not_null() & ~radius.is_between(1, MAX_WITHIN_M).fill_null(value=False)
    rows = sheet.rows.with_columns(
        name=sheet.text("name").str.slice(0, 200).fill_null("not named"),
        kind=pl.col("kind").str.slice(0, 64),
        within_m=radius.fill_null(WITHIN_M),
    )
    rows = give_reasons(
        rows,
        [
            ("bad_kind", "kind", pl.col("kind").is_null()),
            ("bad_number", "within", bad),
            *sheet.rules,
            ("duplicate_row", "", ~pl.struct("name", "kind", "lng", "lat").is_first_distinct()),
            ("out_of_area", "", pl.col("outside")),
        ],
    )
    reading = settle(rows, SITES, names=sheet.mapping.columns)
    return replace(
        reading,
        notes=tuple(sheet.notes),
        questions=tuple(sheet.questions),
        completeness=completeness_of(sheet, rows, context),
        mapping=sheet.mapping,
        points=points_of(rows) if context.wants_points else None,
    )
