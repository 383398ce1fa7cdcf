"""Turn local times as written into UTC instants."""

from __future__ import annotations

import polars as pl

from hotspot.schema import TIME_ZONE

UK_FORMAT = "%d/%m/%Y %H:%M"


def add_instant(rows: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """Add the UTC instant of a column of local times written DD/MM/YYYY HH:MM.

    Adds `name` (null where it cannot be read), `name`_bad (text that is no such time) and
    `name`_gap (a time that the spring clock change skips). In the hour that autumn repeats,
    the earlier instant is taken.
    """
    local = pl.col(column).str.to_datetime(UK_FORMAT, strict=False, time_unit="us")
    instant = local.dt.replace_time_zone(TIME_ZONE, ambiguous="earliest", non_existent="null")
    return rows.with_columns(
        instant.dt.convert_time_zone("UTC").alias(name),
        (pl.col(column).is_not_null() & local.is_null()).alias(f"{name}_bad"),
        (local.is_not_null() & instant.is_null()).alias(f"{name}_gap"),
    )
