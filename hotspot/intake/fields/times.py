"""Turn times as written into UTC instants: one format a column, decided from all its rows."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from hotspot.intake.fields.date_forms import (
    CERTAIN,
    DAY_FIRST,
    EPOCH,
    FORMATS,
    MONTH_FIRST,
    SERIAL,
    ZONED,
    clock_of,
    is_in,
    is_like,
    read_local,
    read_usual,
    tells_clock,
    zone_of,
)
from hotspot.schema import TIME_ZONE

EARLIEST, LATEST = 1990, 2100
"""Years outside of which no date of a record is believed."""
_OVER_12 = {
    DAY_FIRST: r"^\D*\d{1,2}\D(?:1[3-9]|[2-9]\d)\D",
    MONTH_FIRST: r"^\D*(?:1[3-9]|[2-9]\d)\D",
}
"""Dates whose month would be above 12 in a format."""


@dataclass(frozen=True)
class DateFormat:
    """What was decided about a column of dates.

    Attributes
    ----------
    name
        One of `FORMATS`; empty where no format fits every row.
    examples
        (as written, as read) of a few rows.
    misfits
        Lines of rows that do not fit, where no format fits all.
    is_sure
        False where the day and the month could be the other way round in every row, or where
        numbers were taken for Excel's days.
    local
        The rows' times without a zone, where deciding has read them all.
    also
        A second format that some rows have, each of which can be read in it only.
    """

    name: str
    examples: tuple[tuple[str, str], ...] = ()
    misfits: tuple[int, ...] = ()
    is_sure: bool = True
    local: pl.Series | None = None
    also: str = ""


def decide_format(rows: pl.DataFrame, column: str, wanted: str = "") -> DateFormat:
    """Decide the one format of a column of dates from all of its rows.

    A format fits when every filled row that is any date has its pattern. Of those that fit, the one
    with most possible days is taken: 31/02/2024 is a slip in a row, not another format. Text that
    is no date at all is refused with its row; dates in two formats refuse the column, unless those
    that differ are certain by themselves, as 2026-01-14 and 14 Jan 2026 are.
    """
    quick = read_usual(rows[column], DAY_FIRST) if wanted in ("", DAY_FIRST) else None
    if quick is not None and quick.null_count() == rows[column].null_count() < rows.height:
        values = rows[column].drop_nulls().head(2000)
        is_sure = bool(wanted) or bool((quick.dt.day() > 12).any())
        return DateFormat(DAY_FIRST, _examples(values, DAY_FIRST), (), is_sure, quick)
    values = rows[column].drop_nulls().unique(maintain_order=True)
    if values.is_empty():
        return DateFormat(wanted or DAY_FIRST)
    tried = (wanted,) if wanted in FORMATS else FORMATS[:-1]
    likely = [name for name in tried if is_like(values.head(1), name).all()]
    fitting = [name for name in likely if is_like(values, name).all()]
    if not fitting:
        return _decide_mixed(rows, column, values, tried, wanted)
    name, could_be_either = fitting[0], False
    if {DAY_FIRST, MONTH_FIRST} <= set(fitting):
        name, could_be_either = _day_or_month_first(values)
    is_sure = bool(wanted) or not (could_be_either or name == SERIAL)
    return DateFormat(name, _examples(values, name), (), is_sure)


def _day_or_month_first(values: pl.Series) -> tuple[str, bool]:
    """Tell the order of day and month by the days above 12, and whether none tells it."""
    over = [int(values.str.contains(_OVER_12[n]).sum()) for n in (DAY_FIRST, MONTH_FIRST)]
    return (MONTH_FIRST if over[1] < over[0] else DAY_FIRST), over[0] == over[1]


def _decide_mixed(
    rows: pl.DataFrame, column: str, values: pl.Series, tried: tuple[str, ...], wanted: str
) -> DateFormat:
    """Decide where not every row has the same form: some are no dates, or certain otherwise."""
    name = max(tried, key=lambda each: int(is_like(values, each).sum()))
    could_be_either = False
    if {DAY_FIRST, MONTH_FIRST} <= {name, *tried} and name in (DAY_FIRST, MONTH_FIRST):
        name, could_be_either = _day_or_month_first(values.filter(is_like(values, name)))
    others = rows.filter(~is_in(column, name))
    is_date = pl.any_horizontal(is_in(column, each) for each in FORMATS)
    mixed = others.filter(is_date)
    if wanted or mixed.is_empty():
        is_sure = bool(wanted) or not could_be_either
        return DateFormat(name, _examples(values, name), (), is_sure)
    return _row_by_row(rows, column, name, mixed)


def _row_by_row(rows: pl.DataFrame, column: str, name: str, mixed: pl.DataFrame) -> DateFormat:
    """Read a column of two formats row by row where each row is certain; refuse it otherwise.

    Where all dates of the certain format have a day of 12 or less and no others have, a spreadsheet
    has read day and month the wrong way round, and nothing is certain.
    """
    misfits = DateFormat("", (), tuple(mixed["line"].head(20).to_list()))
    text = rows[column].drop_nulls()
    first, second = name, _format_of(mixed[column])
    if first in CERTAIN:
        first, second = second, first
    if second not in CERTAIN or not first:
        return misfits
    sure = text.filter(is_like(text, second))
    certain = read_local(sure, second).drop_nulls()
    main = text.filter(is_like(text, first))
    others = read_local(main, first).drop_nulls()
    if first in (DAY_FIRST, MONTH_FIRST):
        if not (others.dt.day() > 12).any() or main.str.contains(_OVER_12[first]).any():
            return misfits
        if (certain.dt.day() <= 12).all() and (others.dt.day() > 12).all():
            return misfits
    local = read_either(rows[column], first, second)
    examples = (*_examples(main.head(2000), first)[:2], *_examples(sure.head(2000), second)[:1])
    return DateFormat(first, examples, (), is_sure=True, local=local, also=second)


def read_either(text: pl.Series, name: str, also: str) -> pl.Series:
    """Read a column of a format, and of a second one if any: each row has one of them."""
    local = read_local(text, name)
    if not also:
        return local
    return local.zip_with(local.is_not_null(), read_local(text, also))


def _format_of(values: pl.Series) -> str:
    """Name the one format that all of some dates have; empty where there is none."""
    return next((name for name in FORMATS if is_like(values, name).all()), "")


def add_instant(
    rows: pl.DataFrame,
    column: str,
    name: str,
    decided: DateFormat,
    clock: str | None = None,
) -> pl.DataFrame:
    """Add the UTC instant of a column of local times.

    Adds `name` (null where it cannot be read), and columns that tell why: `name`_bad (text that is
    no such time), `name`_gap (a time that the spring clock change skips), `name`_range (a year that
    no record has), `name`_twice (in the hour that autumn repeats, where the earlier instant is
    taken) and `name`_day (only a day is given).

    Parameters
    ----------
    decided
        The column's format, and its times without a zone where they were read before.
    clock
        A second column, with times of day, where dates and times are apart.
    """
    text, local = rows[column], decided.local
    if local is None:
        local = read_either(text, decided.name, decided.also)
    has_clock = text.str.contains(":", literal=True)
    if not has_clock.all():
        has_clock = tells_clock(text, decided.name, decided.also)
    bad = text.is_not_null() & local.is_null()
    if clock is not None:
        time = rows.select(clock_of(clock)).to_series()
        local = (local.dt.truncate("1d") + time).fill_null(local)
        has_clock = has_clock | time.is_not_null()
        bad = bad | (rows[clock].is_not_null() & (time.is_null() | text.is_null()))
    in_range = local.dt.year().is_between(EARLIEST, LATEST)
    local, is_fixed = _without_zone(local, text, decided)
    london = local.dt.replace_time_zone(TIME_ZONE, ambiguous="earliest", non_existent="null")
    utc = london.dt.convert_time_zone("UTC")
    if is_fixed.any():
        utc = local.dt.replace_time_zone("UTC").zip_with(is_fixed, utc)
    return rows.with_columns(
        utc.zip_with(in_range.fill_null(value=False), pl.Series([None], dtype=utc.dtype)).alias(
            name
        ),
        bad.alias(f"{name}_bad"),
        (local.is_not_null() & london.is_null() & ~is_fixed).alias(f"{name}_gap"),
        (local.is_not_null() & ~in_range).alias(f"{name}_range"),
        (_is_twice(local) & ~is_fixed).alias(f"{name}_twice"),
        (local.is_not_null() & ~has_clock).alias(f"{name}_day"),
    )


def _without_zone(
    local: pl.Series, text: pl.Series, decided: DateFormat
) -> tuple[pl.Series, pl.Series]:
    """Turn times written with an offset into UTC, still without a zone; tell which they are."""
    if decided.name == EPOCH:
        return local, local.is_not_null()
    if not {decided.name, decided.also} & {*ZONED}:
        return local, pl.repeat(value=False, n=len(text), eager=True)
    zone = zone_of(text)
    is_fixed = zone.is_not_null()
    if not is_fixed.any():
        return local, is_fixed
    offset = pl.duration(minutes=pl.col("zone").fill_null(0))
    moved = pl.DataFrame({"local": local, "zone": zone}).select(pl.col("local") - offset)
    return moved.to_series(), is_fixed


def _is_twice(local: pl.Series) -> pl.Series:
    """Tell which times lie in the hour that autumn repeats."""
    may_be = ((local.dt.month() == 10) & (local.dt.hour() == 1)).fill_null(value=False)
    is_twice = pl.repeat(value=False, n=len(local), eager=True)
    if not may_be.any():
        return is_twice
    part = local.filter(may_be)
    first, second = (
        part.dt.replace_time_zone(TIME_ZONE, ambiguous=which, non_existent="null")
        for which in ("earliest", "latest")
    )
    at = may_be.arg_true()
    return is_twice.scatter(at, (first != second).fill_null(value=False))


def _examples(values: pl.Series, name: str) -> tuple[tuple[str, str], ...]:
    """Return a few values with what they are read as, one that tells day and month apart first."""
    telling = values.filter(values.str.contains(r"^(1[3-9]|2\d|3[01])\D")).head(1)
    shown = pl.concat([telling, values.head(3)]).unique(maintain_order=True).head(3)
    read = read_local(shown, name).dt.strftime("%a %-d %B %Y %H:%M")
    pairs = zip(shown.to_list(), read.to_list(), strict=True)
    return tuple((written, said) for written, said in pairs if said is not None)
