"""Read places around which nothing is clustered: homes for children, schools, hospitals, police."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.rows.balance import (
    REASONS,
    Context,
    Question,
    Reading,
    give_reasons,
    points_of,
    settle,
)
from hotspot.intake.rows.canonical import Sheet, open_sheet
from hotspot.intake.rows.placing import place_rows
from hotspot.intake.rows.records import completeness_of
from hotspot.schema import SITES, how_many

SOURCE = "sensitive-sites"
WITHIN_M, MIN_WITHIN_M, MAX_WITHIN_M = 100.0, 10.0, 1000.0
"""Radius in metres where a site names none, and the least and greatest that are believed.

A radius of 1 protects nothing: whoever writes "1" or "1.000" means a kilometre."""
_RADIUS = (
    r"(?i)^([0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)(\.[0-9]+)?\s*"
    r"(m|mtrs?|met(?:re|er)s?|km|kms|kilomet(?:re|er)s?)?\.?$"
)
_WORDS = {"bad_number": "has a radius that cannot be read or believed"}
_HARMLESS = ("blank", "footer", "duplicate_row", "out_of_area")
"""Reasons for which a row of a list may stay out of it."""


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one list of sites, each with its kind and, if it differs from 100 m, its radius.

    Raises
    ------
    InputError
        A row cannot be read: a list that protects is taken whole or not at all.
    """
    sheet = place_rows(open_sheet(path, name or path.name, SOURCE, mapping, context.kept), context)
    written = sheet.text("within")
    radius = _metres(written)
    bad = written.is_not_null() & ~radius.is_between(MIN_WITHIN_M, MAX_WITHIN_M).fill_null(
        value=False
    )
    rows = sheet.rows.with_columns(
        name=sheet.text("name").str.slice(0, 200).fill_null("not named"),
        kind=pl.col("kind").str.slice(0, 64),
        within_m=radius.fill_null(WITHIN_M),
    )
    one = pl.struct("name", "kind", "within_m", "lng", "lat")
    rows = give_reasons(
        rows,
        [
            ("bad_kind", "kind", pl.col("kind").is_null()),
            ("bad_number", "within", bad),
            *sheet.rules,
            ("duplicate_row", "", ~one.is_first_distinct()),
            ("out_of_area", "", pl.col("outside")),
        ],
    )
    _refuse_if_in_part(sheet, rows)
    reading = settle(rows, SITES, names=sheet.mapping.columns)
    return replace(
        reading,
        notes=sheet.notes,
        questions=(*(q for q in sheet.questions if q.code != "ragged"), *_asked(sheet, rows)),
        completeness=completeness_of(sheet, rows, context),
        mapping=sheet.mapping,
        points=points_of(rows) if context.wants_points else None,
    )


def _metres(written: pl.Expr) -> pl.Expr:
    """Read radii such as 150, 1,000, 150m and 0.1 km; null where there is none."""
    whole = written.str.extract(_RADIUS, 1).str.replace_all("[, ]", "")
    number = pl.concat_str(whole, written.str.extract(_RADIUS, 2).fill_null(""))
    is_km = written.str.extract(_RADIUS, 3).str.to_lowercase().str.starts_with("k")
    metres = number.cast(pl.Float64, strict=False)
    return pl.when(is_km.fill_null(value=False)).then(metres * 1000).otherwise(metres)


def _refuse_if_in_part(sheet: Sheet, rows: pl.DataFrame) -> None:
    """Refuse the list where a row of it would be lost: what it protects would be shown."""
    lost = rows.filter(pl.col("reason").is_not_null() & ~pl.col("reason").is_in(_HARMLESS))
    if lost.is_empty():
        return
    words = REASONS | _WORDS
    said = "; ".join(
        f"line {line}{f', {sheet.mapping.column_of(blamed)}' if blamed else ''}: {words[reason]}"
        for line, blamed, reason in lost.select("line", "field", "reason").head(5).iter_rows()
    )
    message = (
        f"{sheet.name}: {how_many(lost.height, 'site')} cannot be read, and a list of sensitive "
        f"sites is taken whole or not at all ({said}). Give each a kind, a place, and a radius of "
        f"{MIN_WITHIN_M:.0f} to {MAX_WITHIN_M:,.0f} metres (150, 150 m, 0.15 km; empty for "
        f"{WITHIN_M:.0f})."
    )
    raise InputError(message)


def _asked(sheet: Sheet, rows: pl.DataFrame) -> list[Question]:
    """Ask about rows that stay out and might be sites: a slip of the hand would unprotect one."""
    asked = {
        "footer": "hold only their first field. Are these notes, and no sites?",
        "out_of_area": "lie outside the area, where nothing is clustered. Is that right?",
    }
    questions = []
    for reason, text in asked.items():
        lines = rows.filter(pl.col("reason") == reason)["line"].to_list()
        if lines:
            listed = ", ".join(map(str, lines[:5])) + (", ..." if len(lines) > 5 else "")
            said = f"{sheet.name}: {how_many(len(lines), 'row')} (lines {listed}) {text}"
            questions.append(Question(f"sites:{reason}", said))
    return questions
