"""Make a reading small for its way between processes."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import polars as pl

from hotspot.intake.rows.balance import Reading


@dataclass(frozen=True)
class PackedReading:
    """A reading whose table is in Arrow's form, its texts as numbers, its constants apart."""

    rest: Reading
    table: bytes
    constants: dict[str, object]
    columns: tuple[str, ...]


def packed(reading: Reading) -> PackedReading:
    """Pack a reading."""
    table = reading.table
    constants = {
        name: table[name][0]
        for name, dtype in table.schema.items()
        if table.height and dtype != pl.UInt64 and _is_constant(table[name])
    }
    small = table.drop(constants).with_columns(pl.col(pl.String).cast(pl.Categorical))
    content = io.BytesIO()
    small.write_ipc(content, compression="uncompressed")
    rest = replace(reading, table=table.clear())
    return PackedReading(rest, content.getvalue(), constants, tuple(table.columns))


def unpacked(reading: PackedReading) -> Reading:
    """Undo `packed`."""
    schema = reading.rest.table.schema
    small = pl.read_ipc(io.BytesIO(reading.table))
    table = small.with_columns(
        pl.col(pl.Categorical).cast(pl.String),
        **{n: pl.lit(value, schema[n]) for n, value in reading.constants.items()},
    )
    return replace(reading.rest, table=table.select(reading.columns))


def _is_constant(column: pl.Series) -> bool:
    first = column[0]
    if first is None:
        return column.null_count() == len(column)
    return column[-1] == first and column.null_count() == 0 and bool((column == first).all())
