"""Turn times as written into UTC instants: one format a column, decided from all its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from hotspot.schema import TIME_ZONE

EARLIEST, LATEST = 1990, 2100
"""Years outside of which no date of a record is believed."""
DAY_FIRST, MONTH_FIRST, ISO = "DD/MM/YYYY", "MM/DD/YYYY", "ISO"
MONTH_NAMED, SERIAL, SERIAL_1904, MONTH = (
    "DD-MMM-YYYY",
    "Excel days",
    "Excel days from 1904",
    "YYYY-MM",
)
FORMATS = (DAY_FIRST, ISO, MONTH_NAMED, MONTH, SERIAL, MONTH_FIRST, SERIAL_1904)
"""The formats that are tried, in this order; the last is taken only when the user says so."""
_CLOCK = r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
_PATTERNS = {
    DAY_FIRST: rf"^(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}|\d{{2}}){_CLOCK}$",
    MONTH_FIRST: rf"^(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}|\d{{2}}){_CLOCK}$",
    ISO: rf"^(\d{{4}})[/\-](\d{{1,2}})[/\-](\d{{1,2}}){_CLOCK}(Z|[+\-]\d{{2}}:?\d{{2}})?$",
    MONTH_NAMED: rf"^(\d{{1,2}})[ \-]([A-Za-z]{{3,9}})[ \-](\d{{4}}|\d{{2}}){_CLOCK}$",
    MONTH: r"^(\d{4})-(\d{2})$",
    SERIAL: r"^([2-6]\d{4})(\.\d+)?$",
    SERIAL_1904: r"^([1-6]\d{4})(\.\d+)?$",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCHS = {SERIAL: (1899, 12, 30), SERIAL_1904: (1904, 1, 1)}


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
    """

    name: str
    examples: tuple[tuple[str, str], ...] = ()
    misfits: tuple[int, ...] = ()
    is_sure: bool = True


def decide_format(rows: pl.DataFrame, column: str, wanted: str = "") -> DateFormat:
    """Decide the one format of a column of dates from all of its rows.

    A format fits when every filled row that is any date has its pattern. Of those that fit, the one
    with most possible days is taken: 31/02/2024 is a slip in a row, not another format. Text that
    is no date at all is refused with its row; dates in two formats refuse the column.
    """
    filled = rows.select("line", column).drop_nulls()
    if filled.is_empty():
        return DateFormat(wanted or DAY_FIRST)
    tried = (wanted,) if wanted in FORMATS else FORMATS[:-1]
    counts: dict[str, tuple[int, int]] = {}
    for name in tried:
        has_pattern = filled[column].str.contains(_PATTERNS[name])
        possible = filled.select(_local(column, name).is_not_null()).to_series() & has_pattern
        counts[name] = (int(has_pattern.sum()), int(possible.sum()))
    fitting = [name for name in tried if counts[name][0] == filled.height]
    if not fitting:
        name = max(tried, key=lambda each: counts[each])
        others = filled.filter(~pl.col(column).str.contains(_PATTERNS[name]))
        is_date = pl.any_horizontal(pl.col(column).str.contains(_PATTERNS[n]) for n in FORMATS)
        mixed = others.filter(is_date)
        if wanted or mixed.is_empty():
            return DateFormat(name, _examples(filled, column, name))
        return DateFormat("", (), tuple(mixed["line"].head(20).to_list()))
    name = max(fitting, key=lambda each: (counts[each][1], -tried.index(each)))
    both = {DAY_FIRST, MONTH_FIRST} <= set(fitting)
    is_ambiguous = both and counts[DAY_FIRST][1] == counts[MONTH_FIRST][1] and not wanted
    is_sure = not (is_ambiguous and filled.height > 0) and not (name == SERIAL and not wanted)
    return DateFormat(name, _examples(filled, column, name), (), is_sure)


def add_instant(
    rows: pl.DataFrame, column: str, name: str, date_format: str, clock: str | None = None
) -> pl.DataFrame:
    """Add the UTC instant of a column of local times.

    Adds `name` (null where it cannot be read), and columns that tell why: `name`_bad (text that is
    no such time), `name`_gap (a time that the spring clock change skips), `name`_range (a year that
    no record has), `name`_twice (in the hour that autumn repeats, where the earlier instant is
    taken) and `name`_day (only a day is given).

    Parameters
    ----------
    clock
        A second column, with times of day, where dates and times are apart.
    """
    local = _local(column, date_format)
    has_clock = pl.col(column).str.contains(r"\d:\d|\d\.\d")
    if clock is not None:
        time = _clock(clock)
        local = (local.dt.truncate("1d") + time).fill_null(local)
        has_clock = has_clock | time.is_not_null()
    rows = rows.with_columns(
        local.alias("_local"), has_clock.fill_null(value=False).alias("_clock")
    )
    zone = pl.lit(None, pl.String)
    if date_format == ISO:
        zone = pl.col(column).str.extract(_PATTERNS[ISO], 7)
    earliest = pl.col("_local").dt.replace_time_zone(
        TIME_ZONE, ambiguous="earliest", non_existent="null"
    )
    latest = pl.col("_local").dt.replace_time_zone(
        TIME_ZONE, ambiguous="latest", non_existent="null"
    )
    offset = pl.when(zone == "Z").then(0).otherwise(
        (zone.str.slice(0, 3).cast(pl.Int32, strict=False) * 60)
        + zone.str.slice(-2).cast(pl.Int32, strict=False)
        * pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    )  # fmt: skip
    utc = pl.col("_local").dt.replace_time_zone("UTC") - pl.duration(minutes=offset)
    instant = pl.when(zone.is_not_null()).then(utc).otherwise(earliest.dt.convert_time_zone("UTC"))
    in_range = pl.col("_local").dt.year().is_between(EARLIEST, LATEST)
    bad_clock = _is_bad_clock(clock) if clock is not None else pl.lit(value=False)
    return rows.with_columns(
        pl.when(in_range).then(instant).alias(name),
        ((pl.col(column).is_not_null() & pl.col("_local").is_null()) | bad_clock
         | (pl.col(column).is_null() & (pl.col(clock).is_not_null() if clock else False))
         ).alias(f"{name}_bad"),
        (pl.col("_local").is_not_null() & earliest.is_null() & zone.is_null()).alias(f"{name}_gap"),
        (pl.col("_local").is_not_null() & ~in_range).alias(f"{name}_range"),
        ((earliest != latest) & zone.is_null()).fill_null(value=False).alias(f"{name}_twice"),
        (pl.col("_local").is_not_null() & ~pl.col("_clock")).alias(f"{name}_day"),
    ).drop("_local", "_clock")  # fmt: skip


def _local(column: str, name: str) -> pl.Expr:
    """Build the local time of a column in a format; null where it is not possible."""
    text = pl.col(column)
    if name in _EPOCHS:
        days = pl.when(text.str.contains(_PATTERNS[name])).then(text).cast(pl.Float64, strict=False)
        seconds = (days * 86_400).round(0).cast(pl.Int64)
        return pl.datetime(*_EPOCHS[name]) + pl.duration(seconds=seconds)
    part = [text.str.extract(_PATTERNS[name], group) for group in range(1, 7)]
    if name == MONTH:
        year, month, day = part[0], part[1], pl.lit("1")
        clock: Iterable[pl.Expr] = (pl.lit("0"), pl.lit("0"), pl.lit("0"))
    else:
        first, second, third, *clock = part
        orders = {ISO: (first, second, third), MONTH_FIRST: (third, first, second)}
        year, month, day = orders.get(name, (third, second, first))
    if name == MONTH_NAMED:
        names = {short: str(n) for n, short in enumerate(_MONTHS, start=1)}
        month = month.str.slice(0, 3).str.to_lowercase().replace_strict(names, default=None)
    short = year.str.len_chars() == 2
    numbers = [p.cast(pl.Int32, strict=False) for p in (year, month, day)]
    full_year = pl.when(short).then(numbers[0] + 2000).otherwise(numbers[0])
    days = pl.concat_str(
        full_year.cast(pl.String).str.zfill(4), numbers[1].cast(pl.String).str.zfill(2),
        numbers[2].cast(pl.String).str.zfill(2), separator="-",
    ).str.to_date("%Y-%m-%d", strict=False)  # fmt: skip
    hour, minute, second_ = (p.cast(pl.Int32, strict=False).fill_null(0) for p in clock)
    is_clock = hour.is_between(0, 23) & minute.is_between(0, 59) & second_.is_between(0, 59)
    at = days.cast(pl.Datetime("us")) + pl.duration(hours=hour, minutes=minute, seconds=second_)
    return pl.when(is_clock & text.str.contains(_PATTERNS[name])).then(at)


def _clock(column: str) -> pl.Expr:
    """Build the time of day of a column: HH:MM, HH:MM:SS, HHMM or Excel's part of a day."""
    text = pl.col(column)
    hour = text.str.extract(r"(\d{1,2}):(\d{2})(?::\d{2})?(?:\.\d+)?$", 1)
    minute = text.str.extract(r"(\d{1,2}):(\d{2})(?::\d{2})?(?:\.\d+)?$", 2)
    packed = text.str.extract(r"^(\d{2})(\d{2})$", 1), text.str.extract(r"^(\d{2})(\d{2})$", 2)
    h = pl.coalesce(hour, packed[0]).cast(pl.Int32, strict=False)
    m = pl.coalesce(minute, packed[1]).cast(pl.Int32, strict=False)
    share = text.str.extract(r"^(0?\.\d+)$", 1).cast(pl.Float64, strict=False)
    written = pl.when(h.is_between(0, 23) & m.is_between(0, 59)).then(h * 60 + m)
    return pl.duration(minutes=pl.coalesce(written, (share * 1440).round(0).cast(pl.Int32)))


def _is_bad_clock(column: str) -> pl.Expr:
    return (pl.col(column).is_not_null() & _clock(column).is_null()).fill_null(value=False)


def _examples(filled: pl.DataFrame, column: str, name: str) -> tuple[tuple[str, str], ...]:
    read = filled.select(
        pl.col(column), _local(column, name).dt.strftime("%a %-d %B %Y %H:%M").alias("read")
    ).drop_nulls()
    telling = read.filter(pl.col(column).str.contains(r"^(1[3-9]|2\d|3[01])\D"))
    chosen = pl.concat([telling.head(1), read.unique(maintain_order=True).head(3)]).unique(
        maintain_order=True
    )
    return tuple((str(a), str(b)) for a, b in chosen.head(3).iter_rows())
