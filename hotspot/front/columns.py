"""Make the other columns of points usable: dates as text, words as an import reads them."""

from __future__ import annotations

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.fields.date_forms import CERTAIN, DAY_FIRST, READ_AS, plain_dates, read_local
from hotspot.intake.fields.roles import CODES, code_of, form_of, setting_of

_ASIDE = "set_aside"


def with_usable_columns(points: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame | pl.LazyFrame:
    """Read dates that are text and words of role, setting and form; refuse what cannot be used.

    Raises
    ------
    InputError
        Names the column, says what was seen and what to do.
    """
    schema = points.collect_schema()
    points = _with_numbers(points, schema)
    if "occurred_at" in schema:
        points = _with_days(points, schema["occurred_at"])
    for name in ("role", "setting", "form"):
        if name in schema:
            points = _with_codes(points, name, schema[name])
    if "cell_10" in schema and schema["cell_10"] != pl.UInt64:
        points = points.drop("cell_10")  # of somebody's own making: it is computed anew
    return _with_marks(points, schema)


def _with_numbers(
    points: pl.DataFrame | pl.LazyFrame, schema: pl.Schema
) -> pl.DataFrame | pl.LazyFrame:
    for name in ("lng", "lat", "weight"):
        if name not in schema:
            continue
        if schema[name].is_numeric():
            points = points.with_columns(pl.col(name).cast(pl.Float64))
            continue
        seen = points.select(pl.col(name).cast(pl.String)).head(1).lazy().collect()
        if seen.is_empty() or schema[name] == pl.Null:
            points = points.with_columns(pl.col(name).cast(pl.Float64, strict=False))
            continue
        message = f"Column '{name}' is {schema[name]} ('{seen.item()!s:.40}'); give numbers."
        raise InputError(message)
    return points


def _with_days(
    points: pl.DataFrame | pl.LazyFrame, dtype: pl.DataType
) -> pl.DataFrame | pl.LazyFrame:
    if dtype == pl.Null:
        return points.with_columns(pl.col("occurred_at").cast(pl.Date))
    if dtype != pl.String:
        return points
    texts = points.select(pl.col("occurred_at").unique()).lazy().collect().to_series()
    given = texts.drop_nulls()
    plain = plain_dates(given)
    day = pl.select(
        pl.coalesce(*(read_local(plain, name) for name in (DAY_FIRST, *CERTAIN)))
    ).to_series()
    wrong = given.filter(day.is_null())
    if len(wrong):
        message = (
            f"Column 'occurred_at' holds '{wrong[0]:.40}', which is no date that is read; write "
            f"dates as one of: {READ_AS.split(', 01/14')[0]}, {', '.join(CERTAIN)} (days before "
            "months), or give datetimes."
        )
        raise InputError(message)
    days = dict(zip(given.to_list(), day.to_list(), strict=True))
    read = pl.col("occurred_at").replace_strict(days, default=None, return_dtype=pl.Datetime("us"))
    return points.with_columns(read.alias("occurred_at"))


def _with_codes(
    points: pl.DataFrame | pl.LazyFrame, name: str, dtype: pl.DataType
) -> pl.DataFrame | pl.LazyFrame:
    """Read words as an import does; a role that is not known is refused, for it may protect."""
    if dtype == pl.Null:
        return points.with_columns(pl.col(name).cast(pl.String))
    text = points.select(pl.col(name).cast(pl.String).str.strip_chars().unique().alias(name))
    words = text.lazy().collect().drop_nulls()
    own = pl.col(name).str.to_lowercase()
    read = {"role": code_of("role", name), "setting": setting_of(name), "form": form_of(name)}[name]
    coded = words.with_columns(
        code=pl.when(own.is_in(sorted(CODES[name]))).then(own).otherwise(read)
    )
    unknown = coded.filter(pl.col("code").is_null())
    if unknown.height:
        message = (
            f"Column '{name}' holds '{unknown[name][0]:.40}', which is not known; use one of: "
            f"{', '.join(sorted(CODES[name]))}."
        )
        raise InputError(message)
    codes = dict(zip(coded[name].to_list(), coded["code"].to_list(), strict=True))
    plain = pl.col(name).cast(pl.String).str.strip_chars()
    return points.with_columns(
        plain.replace_strict(codes, default=None, return_dtype=pl.String).alias(name)
    )


def _with_marks(
    points: pl.DataFrame | pl.LazyFrame, schema: pl.Schema
) -> pl.DataFrame | pl.LazyFrame:
    if "at_origin" in schema and schema["at_origin"] not in (pl.Boolean, pl.Null):
        message = f"Column 'at_origin' is {schema['at_origin']}; give true or false."
        raise InputError(message)
    if _ASIDE not in schema:
        return points
    if schema[_ASIDE] == pl.Boolean:
        return points.with_columns(pl.when(_ASIDE).then(pl.lit(_ASIDE)).alias(_ASIDE))
    return points.with_columns(pl.col(_ASIDE).cast(pl.String))
