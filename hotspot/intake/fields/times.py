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
_USUAL = {
    DAY_FIRST: ("%d/%m/%Y %H:%M", 16),
    MONTH_FIRST: ("%m/%d/%Y %H:%M", 16),
    ISO: ("%Y-%m-%dT%H:%M:%S", 19),
}
"""How most files write a format, and its length."""
_OVER_12 = {
    DAY_FIRST: r"^\d{1,2}\D(?:1[3-9]|[2-9]\d)\D",
    MONTH_FIRST: r"^(?:1[3-9]|[2-9]\d)\D",
}
"""Dates whose month would be above 12 in a format."""
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
    local
        The rows' times without a zone, where deciding has read them all.
    """

    name: str
    examples: tuple[tuple[str, str], ...] = ()
    misfits: tuple[int, ...] = ()
    is_sure: bool = True
    local: pl.Series | None = None


def decide_format(rows: pl.DataFrame, column: str, wanted: str = "") -> DateFormat:
    """Decide the one format of a column of dates from all of its rows.

    A format fits when every filled row that is any date has its pattern. Of those that fit, the one
    with most possible days is taken: 31/02/2024 is a slip in a row, not another format. Text that
    is no date at all is refused with its row; dates in two formats refuse the column.
    """
    quick = _read_usual(rows[column], DAY_FIRST) if wanted in ("", DAY_FIRST) else None
    if quick is not None and quick.null_count() == rows[column].null_count() < rows.height:
        values = rows[column].drop_nulls().head(2000)
        is_sure = bool(wanted) or bool((quick.dt.day() > 12).any())
        return DateFormat(DAY_FIRST, _examples(values, DAY_FIRST), (), is_sure, quick)
    values = rows[column].drop_nulls().unique(maintain_order=True)
    if values.is_empty():
        return DateFormat(wanted or DAY_FIRST)
    tried = (wanted,) if wanted in FORMATS else FORMATS[:-1]
    likely = {_PATTERNS[n] for n in tried if values.head(1).str.contains(_PATTERNS[n]).all()}
    fits_all = {pattern for pattern in likely if values.str.contains(pattern).all()}
    fitting = [name for name in tried if _PATTERNS[name] in fits_all]
    if not fitting:
        name = max(tried, key=lambda each: int(values.str.contains(_PATTERNS[each]).sum()))
        others = rows.filter(~pl.col(column).str.contains(_PATTERNS[name]))
        is_date = pl.any_horizontal(pl.col(column).str.contains(_PATTERNS[n]) for n in FORMATS)
        mixed = others.filter(is_date)
        if wanted or mixed.is_empty():
            return DateFormat(name, _examples(values, name))
        return DateFormat("", (), tuple(mixed["line"].head(20).to_list()))
    name, could_be_either = fitting[0], False
    if {DAY_FIRST, MONTH_FIRST} <= set(fitting):
        over = [int(values.str.contains(_OVER_12[n]).sum()) for n in (DAY_FIRST, MONTH_FIRST)]
        name = MONTH_FIRST if over[1] < over[0] else DAY_FIRST
        could_be_either = over[0] == over[1]
    is_sure = bool(wanted) or not (could_be_either or name == SERIAL)
    return DateFormat(name, _examples(values, name), (), is_sure)


def add_instant(
    rows: pl.DataFrame,
    column: str,
    name: str,
    date_format: str,
    clock: str | None = None,
    local: pl.Series | None = None,
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
    local
        The column's times without a zone, where they were read before.
    """
    text = rows[column]
    local = read_local(text, date_format) if local is None else local
    has_clock = text.str.contains(":", literal=True) | text.str.contains(r"\d\.\d")
    bad = text.is_not_null() & local.is_null()
    if clock is not None:
        time = rows.select(_clock(clock)).to_series()
        local = (local.dt.truncate("1d") + time).fill_null(local)
        has_clock = has_clock | time.is_not_null()
        bad = bad | (rows[clock].is_not_null() & (time.is_null() | text.is_null()))
    in_range = local.dt.year().is_between(EARLIEST, LATEST)
    if date_format == ISO:
        local, is_fixed = _without_zone(local, text)
    else:
        is_fixed = pl.repeat(value=False, n=len(text), eager=True)
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


def read_local(text: pl.Series, name: str) -> pl.Series:
    """Read a column in a format as times without a zone; null where it is not possible.

    What has the usual length is read at once, each other text once by its parts.
    """
    quick = _read_usual(text, name)
    left = quick.is_null() & text.is_not_null()
    if not left.any():
        return quick
    distinct = pl.DataFrame({"text": text.filter(left).unique()})
    distinct = distinct.with_columns(local=_local("text", name))
    slow = pl.DataFrame({"text": text}).join(
        distinct, on="text", how="left", maintain_order="left"
    )["local"]
    return quick.zip_with(~left, slow)


def _read_usual(text: pl.Series, name: str) -> pl.Series:
    """Read what has a format's usual length; null for the rest."""
    usual = _USUAL.get(name)
    if usual is None:
        return pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, len(text))
    form, length = usual
    fits = (text.str.len_bytes() == length).fill_null(value=False)
    if not fits.all():
        text = text.zip_with(fits, pl.Series([None], dtype=pl.String))
    return text.str.to_datetime(form, strict=False, time_unit="us")


def _without_zone(local: pl.Series, text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Turn times written with an offset into UTC, still without a zone; tell which they are."""
    zone = text.str.extract(_PATTERNS[ISO], 7)
    is_fixed = zone.is_not_null()
    if not is_fixed.any():
        return local, is_fixed
    frame = pl.DataFrame({"local": local, "zone": zone})
    hours = pl.col("zone").str.slice(1, 2).cast(pl.Int32, strict=False).fill_null(0)
    minutes = pl.col("zone").str.slice(-2).cast(pl.Int32, strict=False).fill_null(0)
    sign = pl.when(pl.col("zone").str.starts_with("-")).then(-1).otherwise(1)
    offset = pl.duration(minutes=(hours * 60 + minutes) * sign)
    moved = frame.select(
        pl.when(pl.col("zone").is_not_null()).then(pl.col("local") - offset).otherwise("local")
    )
    return moved.to_series(), is_fixed


def _is_twice(local: pl.Series) -> pl.Series:
    """Tell which times lie in the hour that autumn repeats."""
    may_be = ((local.dt.month() == 10) & (local.dt.hour() == 1)).fill_null(value=False)
    found = pl.repeat(value=False, n=len(local), eager=True)
    if not may_be.any():
        return found
    part = local.filter(may_be)
    first, second = (
        part.dt.replace_time_zone(TIME_ZONE, ambiguous=which, non_existent="null")
        for which in ("earliest", "latest")
    )
    at = may_be.arg_true()
    return found.scatter(at, (first != second).fill_null(value=False))


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
        full_year.cast(pl.String).str.zfill(4),
        numbers[1].cast(pl.String).str.zfill(2),
        numbers[2].cast(pl.String).str.zfill(2),
        separator="-",
    ).str.to_date("%Y-%m-%d", strict=False)
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


def _examples(values: pl.Series, name: str) -> tuple[tuple[str, str], ...]:
    """Give a few values with what they are read as, one that tells day and month apart first."""
    telling = values.filter(values.str.contains(r"^(1[3-9]|2\d|3[01])\D")).head(1)
    shown = pl.concat([telling, values.head(3)]).unique(maintain_order=True).head(3)
    read = read_local(shown, name).dt.strftime("%a %-d %B %Y %H:%M")
    pairs = zip(shown.to_list(), read.to_list(), strict=True)
    return tuple((written, said) for written, said in pairs if said is not None)
