"""Open any file that is read, by what it is called, provided that it is that."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from hotspot.errors import InputError
from hotspot.intake.files.archives import read_archive, read_compressed_table
from hotspot.intake.files.geo_files import read_shape_table
from hotspot.intake.files.json_tables import read_json_table
from hotspot.intake.files.osm_files import read_osm_table
from hotspot.intake.files.parquet_shapes import is_geoparquet
from hotspot.intake.files.raw import Choices, RawTable, tidy
from hotspot.intake.files.sniffing import check_size, kind_of
from hotspot.intake.files.text_files import read_text_table
from hotspot.intake.files.workbooks import read_workbook

Opener = Callable[[Path, str, Collection[str], Choices | None], RawTable]


def open_table(
    path: Path, name: str, known: Collection[str], choices: Choices | None = None
) -> RawTable:
    """Open a file and give its rows as text.

    Parameters
    ----------
    name
        What the file is called: it decides how it is read, and messages use it. The path may be
        called anything.
    known
        Plain names of columns that the source knows.

    Raises
    ------
    InputError
        It is not what it is called, or cannot be read; the message says what to do.
    """
    check_size(path, name)
    ending = next((e for e in _LONG if name.lower().endswith(e)), Path(name).suffix.lower())
    opener = _OPENERS.get(ending)
    if opener is None:
        endings = ", ".join(_OPENERS)
        message = f"{name} is not a kind of file that is read; these are: {endings}."
        raise InputError(message)
    expected = _MAGIC.get(ending)
    if expected is not None and expected != (kind := kind_of(path)):
        message = f"{name} is {kind or 'something else'}, not {expected}. Export it again."
        raise InputError(message)
    return opener(path, name, known, choices)


def _read_json(path: Path, name: str, known: Collection[str], choices: Choices | None) -> RawTable:
    table = read_json_table(path.read_bytes(), name)
    return read_shape_table(path, name, known, choices) if table is None else table


def _read_parquet(
    path: Path, name: str, known: Collection[str], choices: Choices | None
) -> RawTable:
    if is_geoparquet(path):
        return read_shape_table(path, name, known, choices)
    try:
        frame = pl.read_parquet(path)
    except (PolarsError, OSError) as error:
        said = str(error).replace(str(path), name)[:100]
        message = f"{name} cannot be read as Parquet ({said}). Export it again."
        raise InputError(message) from error
    if not frame.columns:
        message = f"{name} is empty; nothing was imported."
        raise InputError(message)
    nested = [column for column, dtype in frame.schema.items() if dtype.is_nested()]
    frame = frame.drop(nested)
    columns = [column for column, dtype in frame.schema.items() if dtype != pl.Binary]
    texts = [_as_text(column, frame.schema[column]) for column in columns]
    rows = tidy(frame.select(texts))
    is_blank = pl.all_horizontal(pl.all().is_null())
    rows = rows.with_columns(
        is_blank.alias("blank"),
        pl.lit(value=False).alias("footer"),
        pl.lit(value=False).alias("ragged"),
        pl.int_range(1, 1 + pl.len(), dtype=pl.UInt32).alias("line"),
    )
    notes = [f"{name}: nested columns are not read: {', '.join(nested)}."] if nested else []
    return RawTable(name, tuple(columns), rows, 0, notes=tuple(notes))


def _as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    value = pl.col(column)
    if isinstance(dtype, pl.Datetime):
        return value.dt.strftime("%Y-%m-%dT%H:%M:%S" + ("%z" if dtype.time_zone else ""))
    if dtype.is_float():
        whole = value == value.round(0)
        return (
            pl.when(whole & (value.abs() < 1e15))
            .then(value.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(value.cast(pl.String))
        )
    return value.cast(pl.String, strict=False)


_OPENERS: dict[str, Opener] = {
    ".csv": read_text_table,
    ".txt": read_text_table,
    ".tsv": read_text_table,
    ".tab": read_text_table,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".xls": read_workbook,
    ".ods": read_workbook,
    ".geojson": read_shape_table,
    ".geojsonl": read_shape_table,
    ".geojsons": read_shape_table,
    ".ndjson": _read_json,
    ".jsonl": _read_json,
    ".topojson": read_shape_table,
    ".json": _read_json,
    ".kml": read_shape_table,
    ".fgb": read_shape_table,
    ".gpkg": read_shape_table,
    ".zip": read_archive,
    ".kmz": read_archive,
    ".gz": read_compressed_table,
    ".parquet": _read_parquet,
    ".geoparquet": _read_parquet,
    ".osm": read_osm_table,
    ".osm.pbf": read_osm_table,
}
_LONG = (".osm.pbf",)
_MAGIC = {
    ".gpkg": "a database",
    ".zip": "a workbook or zip archive",
    ".parquet": "a Parquet file",
    ".osm": "a web page or XML",
    ".kml": "a web page or XML",
    ".gz": "a compressed file",
    ".fgb": "a FlatGeobuf file",
}
ENDINGS = tuple(_OPENERS)
