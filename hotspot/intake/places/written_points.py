"""Read points that are written in one column, and postcodes within addresses."""

from __future__ import annotations

import polars as pl

_PAIR = (
    r"^\s*[(\[]?\s*(?P<first>[+-]?\d{1,3}(?:\.\d+)?°?\s*[NSns]?)\s*[,;/| ]\s*"
    r"(?P<second>[+-]?\d{1,3}(?:\.\d+)?°?\s*[EWew]?)\s*[)\]]?\s*$"
)
_WKT = (
    r"(?i)^\s*(?:SRID=\d+;)?POINT\s*Z?M?\s*\(\s*(?P<x>[+-]?[\d.]+(?:e[+-]?\d+)?)\s+"
    r"(?P<y>[+-]?[\d.]+(?:e[+-]?\d+)?)[^)]*\)\s*$"
)
_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_METRES = r"^\s*[(\[]?\s*(?P<x>\d{5,7}(?:\.\d+)?)\s*[,;|]\s*(?P<y>\d{5,7}(?:\.\d+)?)\s*[)\]]?\s*$"
_LETTERED = (
    r"(?i)^\s*(?:e|x|easting)\s*[:=]?\s*(?P<x>\d{5,7}(?:\.\d+)?)\s*[,;/|]?\s*"
    r"(?:n|y|northing)\s*[:=]?\s*(?P<y>\d{5,7}(?:\.\d+)?)\s*$"
)
_SIXTY = r"[NSEWnsew]?\s*\d{1,3}\s*[°ºd:]\s*[\d.]+[^,;NSEWnsew]*[NSEWnsew]?"
_DEGREES = (
    rf"^\s*(?P<first>{_SIXTY}|[NSns]\s*{_NUMBER})\s*[,;/ ]?\s*"
    rf"(?P<second>{_SIXTY}|[EWew]\s*{_NUMBER})\s*$"
)
_NAMED = (
    rf"(?i)\blat(?:itude)?\s*[:=]?\s*(?P<first>{_NUMBER})\s*[,;|&]?\s*"
    rf"(?:lng|lon|long|longitude)\s*[:=]?\s*(?P<second>{_NUMBER})\s*\)?$"
)
_BEHIND = (
    r"(?s)^.*[^\d.+-].*\(\s*(?P<first>[+-]?\d{1,3}\.\d+)\s*,\s*"
    r"(?P<second>[+-]?\d{1,3}\.\d+)\s*\)\s*$"
)
"""A point behind an address, as hubs write it: 1 High Street (53.02, -2.18)."""
_GEOJSON = (
    r"(?i)^\s*\{.*[\"']type[\"']\s*:\s*[\"']point[\"'].*[\"']coordinates[\"']\s*:\s*\[\s*"
    r"(?P<x>[+-]?[\d.]+)\s*,\s*(?P<y>[+-]?[\d.]+)"
)
_PAIRS = (_PAIR, _DEGREES, _NAMED, _BEHIND)
_POINTS = (_WKT, _METRES, _LETTERED, _GEOJSON)
POINT_FORMS = (*_PAIRS, *_POINTS)
_POSTCODE_WITHIN = r"\b([A-Za-z]{1,2}[0-9][A-Za-z0-9]?)\s*([0-9][A-Za-z]{2})\b"
_LOOKED_AT = 2000


def split_points(rows: pl.DataFrame, column: str, x: str, y: str) -> pl.DataFrame:
    """Add the text of `x` and `y` from a column of "lat, long" or WKT points.

    Both are null where it is neither. WKT says x before y; a pair says latitude first, unless every
    pair of the column can only be meant the other way round.
    """
    first, second = (_part(column, _PAIRS, name).str.strip_chars() for name in ("first", "second"))
    rows = rows.with_columns(first.alias("first_text"), second.alias("second_text"))
    if _is_longitude_first(rows):
        rows = rows.with_columns(first_text=pl.col("second_text"), second_text=pl.col("first_text"))
    return rows.with_columns(
        pl.coalesce(_part(column, _POINTS, "x"), "second_text").alias(x),
        pl.coalesce(_part(column, _POINTS, "y"), "first_text").alias(y),
    ).drop("first_text", "second_text")


def _part(column: str, forms: tuple[str, ...], name: str) -> pl.Expr:
    """Take a part out of a column by the first of some forms that fits."""
    text = pl.col(column)
    return pl.coalesce(text.str.extract_groups(form).struct.field(name) for form in forms)


def _is_longitude_first(rows: pl.DataFrame) -> bool:
    """Tell whether all pairs lie about the British Isles only when longitude comes first."""
    x, y = (
        rows[name].str.extract(r"([+-]?[\d.]+)", 1).cast(pl.Float64, strict=False).drop_nulls()
        for name in ("first_text", "second_text")
    )
    return bool(len(x)) and bool(x.is_between(-11, 3).all()) and bool(y.is_between(49, 62).all())


def is_point_column(texts: pl.Series) -> bool:
    """Tell whether a column of text holds points: all of its filled rows, and some are."""
    given = texts.drop_nulls().head(_LOOKED_AT)
    is_point = pl.any_horizontal(pl.col("text").str.contains(form) for form in POINT_FORMS)
    return given.len() > 0 and bool(pl.DataFrame({"text": given}).select(is_point.all()).item())


def holds_postcodes(texts: pl.Series) -> bool:
    """Tell whether at least half of the filled rows of a column hold a postcode."""
    given = texts.drop_nulls().head(_LOOKED_AT)
    return given.len() > 0 and int(given.str.contains(_POSTCODE_WITHIN).sum()) * 2 >= given.len()


def postcode_within(column: str) -> pl.Expr:
    """Take the last postcode out of a column of addresses; null where there is none."""
    postcode = pl.col(column).str.extract_all(_POSTCODE_WITHIN).list.last()
    return postcode.str.to_uppercase()
