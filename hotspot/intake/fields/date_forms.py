"""Hold the forms in which dates are written, and read each of them as times without a zone."""

from __future__ import annotations

import datetime as dt

import polars as pl

DAY_FIRST, MONTH_FIRST, ISO = "DD/MM/YYYY", "MM/DD/YYYY", "ISO"
MONTH_NAMED, SERIAL, SERIAL_1904, MONTH = (
    "DD-MMM-YYYY",
    "Excel days",
    "Excel days from 1904",
    "YYYY-MM",
)
PACKED, EPOCH = "YYYYMMDD", "seconds since 1970"
FORMATS = (DAY_FIRST, ISO, MONTH_NAMED, MONTH, PACKED, EPOCH, SERIAL, MONTH_FIRST, SERIAL_1904)
"""The formats that are tried, in this order; the last is taken only when the user says so."""
CERTAIN = (ISO, MONTH_NAMED)
"""Formats in which a date can be read in one way only, whatever stands in the other rows."""
ZONED = (DAY_FIRST, MONTH_FIRST, ISO, MONTH_NAMED, PACKED)
"""Formats behind which a zone may stand."""
READ_AS = (
    "14/01/2026 13:30, 01/14/2026 1:30 PM, 2026-01-14T13:30:00Z, 14 Jan 2026, January 14, 2026, "
    "2026-01, Jan-26, 20260114, 1768397400 and Excel's days"
)
"""One example of each format, for messages."""

_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)?"
_ZONE = r"(?:\s*(?P<zone>Z|UTC|GMT|BST|[+\-](?:0\d|1[0-4])(?::?[0-5]\d)?))?"
_CLOCK = (
    r"(?:(?:\s*[T,@]\s*|\s+at\s+|,?\s+)(?:(?P<W>\d{4})|(?P<H>\d{1,2})"
    r"(?:[:.](?P<M>\d{2})(?:[:.](?P<S>\d{2})(?:[.,]\d+)?)?)?)"
    rf"(?:\s*(?P<ap>[ap])\.?m\.?)?(?:\s*(?:hrs?|hours))?{_ZONE})?"
)
"""A time of day, and behind it alone a zone: 14/01/20-26 has none."""
_YEAR = r"(?P<y>\d{4}|\d{2})"
_NAME = r"(?P<b>[a-z]{3,9})\.?"
_NTH = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_PARTS = r"[/.\- ]"
_SLASHED = rf"(?P<first>\d{{1,2}}){_PARTS}(?P<second>\d{{1,2}}){_PARTS}{_YEAR}"
PATTERNS: dict[str, tuple[str, ...]] = {
    name: tuple(rf"(?i)^{_WEEKDAY}{pattern}$" for pattern in patterns)
    for name, patterns in {
        DAY_FIRST: (_SLASHED + _CLOCK,),
        MONTH_FIRST: (_SLASHED + _CLOCK,),
        ISO: (
            rf"(?P<y>\d{{4}})[/.\-](?P<m>\d{{1,2}})[/.\-](?P<d>\d{{1,2}}){_CLOCK}",
            rf"(?P<y>\d{{4}})[ \-]{_NAME}[ \-](?P<d>\d{{1,2}}){_CLOCK}",
        ),
        MONTH_NAMED: (
            rf"{_NTH}[ \-/]*(?:of\s+)?{_NAME}[ \-/,]*{_YEAR}{_CLOCK}",
            rf"{_NAME}\s+{_NTH},?\s+(?P<y>\d{{4}}){_CLOCK}",
            rf"{_NAME}\s+(?P<d>\d{{1,2}}){_CLOCK}\s+(?P<y>\d{{4}})",
            rf"(?P<d>\d{{1,2}})[\-/]?{_NAME}[\-/]?(?P<y>\d{{4}}):(?P<H>\d{{2}}):(?P<M>\d{{2}})(?::(?P<S>\d{{2}}))?",
        ),
        MONTH: (
            r"(?P<y>\d{4})[\-/](?P<m>\d{2})",
            r"(?P<m>\d{1,2})[\-/](?P<y>\d{4})",
            rf"{_NAME}[ \-/']+{_YEAR}",
            rf"(?P<y>\d{{4}})[ \-/]+{_NAME}",
            r"(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])",
        ),
        PACKED: (
            r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})"
            r"(?:[T ]?(?P<H>\d{2}):?(?P<M>\d{2})(?::?(?P<S>\d{2})(?:\.\d+)?)?" + _ZONE + ")?",
        ),
        EPOCH: (r"(?P<epoch>1\d{9})(?:(?P<milli>\d{3})|\.\d+)?",),
        SERIAL: (r"(?P<days>[2-6]\d{4}(?:\.\d+)?)",),
        SERIAL_1904: (r"(?P<days>[1-6]\d{4}(?:\.\d+)?)",),
    }.items()
}
_DAYS_FROM = {SERIAL: (1899, 12, 30), SERIAL_1904: (1904, 1, 1)}
_USUAL = {
    DAY_FIRST: ("%d/%m/%Y %H:%M", 16),
    MONTH_FIRST: ("%m/%d/%Y %H:%M", 16),
    ISO: ("%Y-%m-%dT%H:%M:%S", 19),
}
"""How most files write a format, and its length."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december", "sept"),
)
_HOURS = 29
"""The last hour that is read: 26:00 is two in the morning of the next day, as rotas write it."""
_HALF = r"(?:\s*(?P<ap>[ap])\.?m\.?)?(?:\s*(?:hrs?|hours))?"
_CLOCKS = (
    rf"(?i)^(?P<H>\d{{1,2}})[:.](?P<M>\d{{2}})(?:[:.](?P<S>\d{{2}})(?:\.\d+)?)?{_HALF}$",
    r"(?i)^(?P<H>\d{1,2})\s*(?P<ap>[ap])\.?m\.?$",
    r"(?i)^(?P<W>\d{1,4})(?:\.0+)?(?:\s*(?:hrs?|hours))?$",
    r"(?i)^\d{1,4}[/\-]\d{1,2}[/\-]\d{1,4}[T ]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2}))?$",
)
_GROUPS = ("y", "m", "d", "b", "first", "second", "W", "H", "M", "S", "ap")


def is_in(column: str, name: str) -> pl.Expr:
    """Tell where a column of text is written in a format."""
    return pl.any_horizontal(pl.col(column).str.contains(pattern) for pattern in PATTERNS[name])


def is_like(texts: pl.Series, name: str) -> pl.Series:
    """Tell which texts are written in a format."""
    return pl.DataFrame({"text": texts}).select(is_in("text", name)).to_series()


def is_any_date(texts: pl.Series) -> pl.Series:
    """Tell which texts are written in any of the formats."""
    is_date = pl.any_horizontal(is_in("text", name) for name in FORMATS)
    return pl.DataFrame({"text": texts}).select(is_date).to_series()


def read_usual(text: pl.Series, name: str) -> pl.Series:
    """Read what has a format's usual length; null for the rest."""
    usual = _USUAL.get(name)
    if usual is None:
        return pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, len(text))
    form, length = usual
    fits = (text.str.len_bytes() == length).fill_null(value=False)
    if not fits.all():
        text = text.zip_with(fits, pl.Series([None], dtype=pl.String))
    return text.str.to_datetime(form, strict=False, time_unit="us")


def read_local(text: pl.Series, name: str) -> pl.Series:
    """Read a column in a format as times without a zone; null where it is not possible.

    What has the usual length is read at once, each other text once by its parts.
    """
    quick = read_usual(text, name)
    left = quick.is_null() & text.is_not_null()
    if not left.any():
        return quick
    distinct = pl.DataFrame({"text": text.filter(left).unique()})
    distinct = distinct.with_columns(local=_local("text", name))
    slow = pl.DataFrame({"text": text}).join(
        distinct, on="text", how="left", maintain_order="left"
    )["local"]
    return quick.zip_with(~left, slow)


_WRITTEN_OUT = (
    (r"^[\s'\"=]+|['\"\s]+$", ""),
    (r"(?i)^/date\((\d+)(?:[+-]\d{4})?\)/$", "${1}"),
    (r"(?i)\b(\d{1,2})h(\d{2})\b", "${1}:${2}"),
    (r"(?i)\b(?:12\s*)?midnight\b", "00:00"),
    (r"(?i)\b(?:12\s*)?(?:noon|midday)\b", "12:00"),
    (r"^(.*\d{2,4})\s[-\x{2013}]\s(\d{1,2}[:.]\d{2}(?::\d{2})?)$", "${1} ${2}"),
    (
        r"(?i)^(\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?)\s+(?:hrs\s+)?(?:on\s+)?(\D*\d.*)$",
        "${2} ${1}",
    ),
)
"""Ways of writing a date that are others in other words: a time before its day, 13h30, noon."""
_EPOCH_WHOLE = r"(?i)^1\.\d{7,12}E\+?(?:0?9|12)$"
"""An epoch whose digits a spreadsheet has not rounded: 1.77E+12 is any moment of some weeks."""
_ODD = (
    r"(?i)^[\s'\"=]|['\"]$|^/date|\dh\d|mid|noon|\s[-\x{2013}]\s|^\d{1,2}:\d{2}\S*\s+.*\d|"
    r"\dE\+?\d+$"
)


def plain_dates(text: pl.Series) -> pl.Series:
    """Write what is said in other words as the formats write it; midnight begins the day."""
    unusual = text.filter(read_usual(text, DAY_FIRST).is_null()).drop_nulls().unique()
    distinct = unusual.filter(unusual.str.contains(_ODD)).rename("text").to_frame()
    if distinct.is_empty():
        return text
    plain = pl.col("text")
    for written, meant in _WRITTEN_OUT:
        plain = plain.str.replace_all(written, meant)
    number = pl.when(plain.str.contains(_EPOCH_WHOLE)).then(plain)
    seconds = number.cast(pl.Float64, strict=False).cast(pl.Int64).cast(pl.String)
    known = distinct.with_columns(plain=pl.coalesce(seconds, plain))
    joined = pl.DataFrame({"text": text}).join(known, on="text", how="left", maintain_order="left")
    return joined.select(pl.coalesce("plain", "text")).to_series()


def tells_clock(text: pl.Series, *names: str) -> pl.Series:
    """Tell which texts in formats have a time of day behind the day, midnight too."""
    distinct = pl.DataFrame({"text": text.unique()})
    parts = [
        _parts("text", pattern).struct.field(group).is_not_null()
        for name in names
        for pattern in PATTERNS.get(name, ())
        for group in ("W", "H")
    ]
    always = [
        pl.col("text").str.contains(r"\.") if name in _DAYS_FROM else pl.lit(value=True)
        for name in names
        if name in (EPOCH, *_DAYS_FROM)
    ]
    told = distinct.with_columns(told=pl.any_horizontal(*parts, *always))
    joined = pl.DataFrame({"text": text}).join(told, on="text", how="left", maintain_order="left")
    return joined["told"].fill_null(value=False)


def zone_of(text: pl.Series) -> pl.Series:
    """Return the zone that is written behind a time, in minutes east of UTC; null where none is."""
    if not text.str.contains(r"(?i)Z|UTC|GMT|BST|[+\-]\d\d(?::?\d\d)?(?:\s+\d{4})?$").any():
        return pl.Series([None], dtype=pl.Int32).new_from_index(0, len(text))
    written = pl.coalesce(
        _parts("text", pattern).struct.field("zone") for name in ZONED for pattern in PATTERNS[name]
    ).str.to_uppercase()
    hours = written.str.extract(r"[+\-](\d{2})", 1).cast(pl.Int32).fill_null(0)
    minutes = written.str.extract(r"[+\-]\d{2}:?(\d{2})", 1).cast(pl.Int32).fill_null(0)
    sign = pl.when(written.str.starts_with("-")).then(-1).otherwise(1)
    summer = pl.when(written == "BST").then(60).otherwise(0)
    zone = pl.when(written.is_not_null()).then(sign * (hours * 60 + minutes) + summer)
    return pl.DataFrame({"text": text}).select(zone.cast(pl.Int32)).to_series()


def clock_of(column: str) -> pl.Expr:
    """Read a column of times of day as a duration since midnight.

    13:30, 13.30, 1:30 PM, 1330, and in short 830 or 30 (half past midnight), as well as Excel's
    part of a day. 26:00 lies in the night after.
    """
    text = pl.col(column)
    share = text.str.extract(r"^(0?\.\d+(?:E-\d+)?)$", 1).cast(pl.Float64, strict=False)
    of_day = pl.duration(minutes=(share * 1440).round(0).cast(pl.Int32))
    read = [_time_of(_parts(column, pattern)) for pattern in _CLOCKS]
    return pl.coalesce(*read, of_day)


def _parts(column: str, pattern: str) -> pl.Expr:
    """Take a text apart by a pattern; groups that it has not are null."""
    groups = pl.col(column).str.extract_groups(pattern)
    missing = [name for name in (*_GROUPS, "zone") if f"(?P<{name}>" not in pattern]
    return groups.struct.with_fields(pl.lit(None, pl.String).alias(name) for name in missing)


def _number(part: pl.Expr, name: str) -> pl.Expr:
    return part.struct.field(name).cast(pl.Int32, strict=False)


def _time_of(part: pl.Expr) -> pl.Expr:
    """Read the time of day in the parts of a text; null where there is none, or it is none."""
    packed, hour = _number(part, "W"), _number(part, "H")
    minute, second = _number(part, "M"), _number(part, "S").fill_null(0)
    half = part.struct.field("ap").str.to_lowercase()
    is_half, is_twelve = half.is_not_null(), hour % 12 == 0
    afternoon = pl.when(half == "p").then(12).otherwise(0)
    hour_of_day = pl.when(is_half).then(pl.when(is_twelve).then(0).otherwise(hour) + afternoon)
    h = pl.coalesce(packed // 100, hour_of_day, hour)
    m = pl.coalesce(packed % 100, minute, pl.when(is_half).then(0))
    last = pl.when(is_half).then(hour.is_between(1, 12)).otherwise(h.is_between(0, _HOURS))
    is_time = last & m.is_between(0, 59) & second.is_between(0, 59)
    return pl.when(is_time).then(pl.duration(hours=h, minutes=m, seconds=second))


def _local(column: str, name: str) -> pl.Expr:
    """Build the local time of a column in a format; null where it is not possible."""
    return pl.coalesce(_local_by(column, name, pattern) for pattern in PATTERNS[name])


def _local_by(column: str, name: str, pattern: str) -> pl.Expr:
    if name in _DAYS_FROM:
        days = pl.col(column).str.extract(pattern, 1).cast(pl.Float64, strict=False)
        seconds = (days * 86_400).round(0).cast(pl.Int64)
        return pl.datetime(*_DAYS_FROM[name]) + pl.duration(seconds=seconds)
    if name == EPOCH:
        seconds = pl.col(column).str.extract(pattern, 1).cast(pl.Int64, strict=False)
        return pl.datetime(1970, 1, 1) + pl.duration(seconds=seconds)
    part = _parts(column, pattern)
    day = _number(part, "d") if name != MONTH else pl.lit(1)
    days = _date_of(_year_of(part), _month_of(part, name), _day_of(part, name, day))
    has_time = pl.any_horizontal(
        part.struct.field(each).is_not_null() for each in ("W", "H")
    ) & pl.lit(name != MONTH)
    at = days.cast(pl.Datetime("us"))
    return pl.when(has_time).then(at + _time_of(part)).otherwise(at)


def _day_of(part: pl.Expr, name: str, otherwise: pl.Expr) -> pl.Expr:
    slashed = {DAY_FIRST: "first", MONTH_FIRST: "second"}.get(name)
    return _number(part, slashed) if slashed else otherwise


def _month_of(part: pl.Expr, name: str) -> pl.Expr:
    slashed = {DAY_FIRST: "second", MONTH_FIRST: "first"}.get(name)
    if slashed:
        return _number(part, slashed)
    long = {month: _MONTHS.index(month[:3]) + 1 for month in _LONG_MONTHS}
    names = {short: n for n, short in enumerate(_MONTHS, start=1)} | long
    named = part.struct.field("b").str.to_lowercase()
    return pl.coalesce(
        _number(part, "m"), named.replace_strict(names, default=None, return_dtype=pl.Int32)
    )


def _year_of(part: pl.Expr) -> pl.Expr:
    """Read a year; one of two figures is never more than a year ahead."""
    year = _number(part, "y")
    is_short = part.struct.field("y").str.len_chars() == 2
    latest = dt.datetime.now(dt.UTC).year + 1 - 2000
    century = pl.when(year > latest).then(1900).otherwise(2000)
    return pl.when(is_short).then(year + century).otherwise(year)


def _date_of(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return pl.concat_str(
        year.cast(pl.String).str.zfill(4),
        month.cast(pl.String).str.zfill(2),
        day.cast(pl.String).str.zfill(2),
        separator="-",
    ).str.to_date("%Y-%m-%d", strict=False)
