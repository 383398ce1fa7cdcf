"""Read a council's licensing register, in the open PremisesLicences layout or any by mapping."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import polars as pl

from hotspot.hours import clock, hours_of, latest_closing
from hotspot.intake.fields.date_forms import DAY_FIRST, ISO, MONTH_NAMED, read_local
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
_ENDED_WORDS = """
ceased cease cancelled canceled terminated void voided lapse lapsed surrendered surrender revoked
expired refused withdrawn rejected suspended superseded replaced dormant inactive closed dissolved
ended deleted archived invalid unlicensed historic historical abandoned superceded dead removed
nullified obsolete duplicate discontinued relinquished forfeited
"""
_ENDED = frozenset(_ENDED_WORDS.split())
"""Words of a status that say that a licence is not in force."""
_WAITING = frozenset(
    ("pending", "application", "applied", "draft", "transferred", "received", "awaiting")
)
"""Words that say so too, unless another says that it is in force: "Current, transfer pending"."""
_IN_FORCE = frozenset(
    ("force", "current", "active", "valid", "live", "granted", "approved", "issued", "licensed")
)
_FILLING = frozenset(("in", "yet", "a", "the", "currently", "longer", "been", "being"))
_DENIALS = frozenset(("not", "no", "never"))
_YES, _NO = ("y", "yes", "true", "1", "x"), ("n", "no", "false", "0")
_DAYS = (DAY_FIRST, ISO, MONTH_NAMED)
_NOTICE_LASTS = 7
"""Days that a temporary event may last: 168 hours (s.100(1) Licensing Act 2003)."""


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one register. Holders and supervisors are people and are not read.

    A licence that is listed once for each activity becomes one row with all of them; one that is
    listed with its history becomes its latest version, whatever the order of the rows. One without
    coordinates stays in the register, without a place on the map. A temporary notice, or a licence
    with an end, counts until that day.
    """
    sheet = place_rows(open_sheet(path, name or path.name, SOURCE, mapping, context.kept), context)
    rows = sheet.rows.with_columns(
        is_data=~(pl.col("blank") | pl.col("footer") | pl.col("ragged")),
        premises_ref=pl.col("reference").str.slice(0, 100),
        authority=sheet.text("authority"),
        written=_activities(sheet),
        is_off=_is_off(sheet),
        dated_on=_day_of(sheet, "dated"),
        open_until=sheet.text("closing").map_elements(_said_of_hours, pl.String),
    )
    rows = _with_versions(rows.with_columns(ends_on=_end_of(sheet)), context)
    joined = pl.col("written").drop_nulls().unique().sort().str.join("; ")
    rows = rows.with_columns(
        activities=pl.when("is_data").then(joined.over(*_LICENCE, "version")).replace("", None),
    )
    rows = rows.with_columns(
        source=pl.lit(SOURCE),
        kind=_kind_of_activities(),
        address=sheet.text("address"),
        postcode=sheet.text("postcode").str.to_uppercase().str.slice(0, 16),
    )
    rows = give_reasons(rows, _rules(sheet))
    reading = settle(rows, PREMISES, KEPT_PREMISES, sheet.mapping.columns)
    return replace(
        reading,
        notes=sheet.notes,
        questions=sheet.questions,
        completeness=completeness_of(sheet, rows, context),
        mapping=sheet.mapping,
        points=points_of(rows) if context.wants_points else None,
    )


_LICENCE = ("authority", "premises_ref", "is_data")
"""What tells a licence from others: numbers are each authority's own."""


def _with_versions(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Tell which row of a licence stands: the latest version; where no day tells, one in force.

    `version` tells the versions of a licence apart; `stands` is true of one row of the latest.
    """
    ended = pl.lit(value=False)
    if context.today is not None:
        ended = (pl.col("ends_on") < context.today).fill_null(value=False)
    no_day = pl.date(1, 1, 1)
    rows = rows.with_columns(
        version=pl.col("dated_on").fill_null(no_day), is_off=pl.col("is_off") | ended
    )
    content = [c for c in ("name", "address", "open_until", "written") if c in rows.columns]
    order = rows.select(
        "line",
        *_LICENCE,
        late=-pl.col("version").to_physical(),
        off=pl.col("is_off"),
        lost=pl.col("lng").is_null(),
        said=pl.concat_str(*(pl.col(c).fill_null("") for c in content), separator="\x1f"),
    ).sort("late", "off", "lost", "said", "line")
    first = order.select("line", stands=pl.struct(*_LICENCE).is_first_distinct())
    return rows.join(first, on="line", how="left", maintain_order="left")


def _rules(sheet: Sheet) -> list[Rule]:
    rules: list[Rule] = [
        ("no_reference", "reference", pl.col("premises_ref").is_null()),
        ("no_name", "name", pl.col("name").is_null()),
        ("duplicate_row", "reference", pl.col("is_data") & ~pl.col("stands")),
        ("not_current", "status", pl.col("is_off")),
        *sheet.rules,
        ("out_of_area", "", pl.col("outside")),
    ]
    if sheet.has("postcode"):
        rules.append(("postcode_disagrees", "postcode", far_from_postcode("postcode")))
    return rules


def _is_off(sheet: Sheet) -> pl.Expr:
    """Tell statuses that mean "not in force", by whole words: "Not expired" is in force."""
    return sheet.text("status").map_elements(_says_not_in_force, pl.Boolean).fill_null(value=False)


@lru_cache(maxsize=5000)
def _says_not_in_force(status: str) -> bool:
    words = re.findall(r"[a-z]+", status.casefold().replace("in-active", "inactive"))
    words = [word for word in words if word not in _FILLING]
    denied = {after for word, after in pairwise(words) if word in _DENIALS}
    if any(word in _ENDED and word not in denied for word in words) or denied & _IN_FORCE:
        return True
    return bool(_WAITING & set(words)) and not _IN_FORCE & set(words)


def _day_of(sheet: Sheet, field: str) -> pl.Series:
    """Read a field as days in any of the usual ways; null where it is none."""
    nothing = pl.Series(field, [None], dtype=pl.Date).new_from_index(0, sheet.rows.height)
    if not sheet.has(field):
        return nothing
    text = sheet.rows[field]
    read = [read_local(text, name).dt.date() for name in _DAYS]
    return pl.select(pl.coalesce(*read)).to_series()


def _end_of(sheet: Sheet) -> pl.Expr:
    """Build the day on which a licence ends; a notice without one lasts a week at most."""
    said = pl.lit(_day_of(sheet, "ends"))
    kinds = pl.concat_str(
        sheet.text("type").fill_null(""), sheet.text("reference").fill_null(""), separator=" "
    ).str.to_lowercase()
    is_notice = kinds.str.contains(r"\btens?\b|temporary event|temporary (?:licen[cs]e|notice)")
    week = pl.col("dated_on") + pl.duration(days=_NOTICE_LASTS - 1)
    return pl.coalesce(said, pl.when(is_notice).then(week))


def _said_of_hours(text: str) -> str:
    """Write a closing alone as a time of day, whatever a spreadsheet made of it."""
    hours = hours_of(text.strip())
    ends = {span for spans in (hours or {}).values() for span in spans}
    is_closing = len(ends) == 1 and all(start == end for start, end in ends)
    closing = latest_closing(text) if is_closing and len(hours or {}) == 7 else None
    return text if closing is None else clock(closing)


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
