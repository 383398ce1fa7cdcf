"""Keep records in Parquet files that are written once, one per source, month and import."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from hotspot.schema import RECORD_CELL, RECORDS, TIME_ZONE

_UNDATED = "undated"


@dataclass(frozen=True)
class RecordFile:
    """A file of records that was written, with its path relative to the records' folder."""

    path: str
    source: str
    month: str
    rows: int
    sha256: str


def write_records(folder: Path, import_id: int, records: pl.DataFrame) -> list[RecordFile]:
    """Write records into one file a month (local time), sorted by cell.

    A file counts only once the database lists it: what an import that failed leaves behind is
    ignored, and overwritten by the next import of that number.
    """
    local = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.strftime("%Y-%m")
    dated = records.with_columns(month=local.fill_null(_UNDATED))
    written = []
    for (source, month), part in dated.sort("source", "month", RECORD_CELL, "record_id").group_by(
        ["source", "month"], maintain_order=True
    ):
        path = f"{source}/{month}/{import_id:06}.parquet"
        digest = _write(folder / path, part.drop("month"))
        written.append(RecordFile(path, str(source), str(month), part.height, digest))
    return written


def scan_records(folder: Path, paths: list[str]) -> pl.LazyFrame:
    """Read the records of some files, lazily."""
    if not paths:
        return pl.LazyFrame(schema={**RECORDS, RECORD_CELL: pl.UInt64})
    return pl.scan_parquet([folder / path for path in paths], glob=False)


def _write(path: Path, records: pl.DataFrame) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    records.write_parquet(unfinished, compression="zstd")
    with unfinished.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return digest
