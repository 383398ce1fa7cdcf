"""Keep records in Parquet files that are written once, one per source, month and import."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from hotspot.errors import StoreError
from hotspot.schema import RECORD_CELL, RECORDS, TIME_ZONE
from hotspot.store.unfinished import Unfinished

UNDATED = "undated"
Replaced = dict[int, set[int]]
"""Numbers of the records, by import, that a later import replaced."""
_SCHEMA = {**RECORDS, RECORD_CELL: pl.UInt64}
_IDENTITY = "identity"  # whose records these are (see `services.workspace.keys`)


@dataclass(frozen=True)
class RecordFile:
    """A file of records that was written, with its path relative to the records' folder."""

    path: str
    source: str
    month: str
    rows: int
    sha256: str


def write_records(
    folder: Path, import_id: int, records: pl.DataFrame, files: Unfinished | None = None
) -> list[RecordFile]:
    """Write records into one file a month (local time), sorted by cell.

    A file counts only once the database lists it: what an import that failed leaves behind is
    ignored, and overwritten by the next import of that number.
    """
    local = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt
    number = local.year().cast(pl.Int32) * 12 + local.month() - 1
    parts = records.with_columns(month=number).partition_by("source", "month", as_dict=True)

    def path_of(key: tuple[Any, ...]) -> str:
        return f"{key[0]}/{_month_of(key[1])}/{import_id:06}.parquet"

    def write(key: tuple[Any, ...], part: pl.DataFrame) -> RecordFile:
        source, month, path = key[0], _month_of(key[1]), path_of(key)
        digest = _write(folder / path, part.drop("month").sort(RECORD_CELL, maintain_order=True))
        return RecordFile(path, str(source), month, part.height, digest)

    if files is not None:
        files.writes(*(folder / path_of(key) for key in parts))
    with ThreadPoolExecutor(2) as pool:
        written = list(pool.map(lambda item: write(*item), parts.items()))
    return sorted(written, key=lambda file: file.path)


def scan_records(folder: Path, files: pd.DataFrame, replaced: Replaced) -> pl.LazyFrame:
    """Read the records of some files (`path`, `import_id`), lazily, without those replaced.

    Files of an older version lack columns; these are null.
    """
    parts = []
    for import_id, paths in files.groupby("import_id")["path"]:
        part = pl.scan_parquet(
            [folder / path for path in paths], glob=False, schema=_SCHEMA, missing_columns="insert"
        )
        gone = replaced.get(int(str(import_id)))
        if gone:
            part = part.filter(
                ~pl.col("record_id").is_in(pl.Series(sorted(gone), dtype=pl.UInt64).implode())
            )
        parts.append(part)
    return pl.concat(parts) if parts else pl.LazyFrame(schema=_SCHEMA)


def rewrite_children(
    folder: Path, file: RecordFile, renamed: dict[str, str], files: Unfinished | None = None
) -> RecordFile:
    """Write a file again beside the old one, its children under new pseudonyms."""
    records = pl.read_parquet(folder / file.path)
    known = pl.Series(list(renamed), dtype=pl.String)
    new = pl.Series(list(renamed.values()), dtype=pl.String)
    records = records.with_columns(
        pl.col("child").replace_strict(known, new, default=None, return_dtype=pl.String)
    )
    stem, _, turn = Path(file.path).stem.partition("-")
    path = str(Path(file.path).with_name(f"{stem}-{int(turn or 0) + 1}.parquet").as_posix())
    if files is not None:
        files.writes(folder / path)
    return replace(file, path=path, sha256=_write(folder / path, records))


def children_in(folder: Path, paths: list[str]) -> set[str]:
    """Return the pseudonyms that stand in some files."""
    pseudonyms: set[str] = set()
    for path in paths:
        children = pl.read_parquet(folder / path, columns=["child"])["child"]
        pseudonyms |= set(children.drop_nulls().unique().to_list())
    return pseudonyms


def remove_file(folder: Path, path: str) -> None:
    """Unlink a file of records, and its folder where that is empty then.

    Raises
    ------
    StoreError
        It cannot be removed.
    """
    try:
        (folder / path).unlink(missing_ok=True)
    except OSError as error:
        message = f"records/{path} cannot be removed ({error.strerror}); check the folder."
        raise StoreError(message) from error


def digest_of(folder: Path, path: str) -> str | None:
    """Return the SHA-256 of a file of records; None where it is not there."""
    try:
        with (folder / path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def set_aside(folder: Path, path: str, quarantine: Path) -> None:
    """Move a file of records that nobody knows out of the way; it is never removed.

    Raises
    ------
    StoreError
        It cannot be moved.
    """
    target = quarantine / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / path).replace(target)
    except OSError as error:
        message = f"records/{path} cannot be set aside ({error.strerror}); check the folder."
        raise StoreError(message) from error


def unlisted_files(folder: Path, listed: set[str]) -> list[str]:
    """Find files that the database does not list: an import or erasure was cut off there."""
    if not folder.exists():
        return []
    every = (p for p in folder.rglob("*") if p.is_file() and p != folder / _IDENTITY)
    return sorted(p for f in every if (p := f.relative_to(folder).as_posix()) not in listed)


def _month_of(number: int | None) -> str:
    return UNDATED if number is None else f"{number // 12:04}-{number % 12 + 1:02}"


def _write(path: Path, records: pl.DataFrame) -> str:
    for parent in (path.parents[2], path.parents[1], path.parent):
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    try:
        records.write_parquet(unfinished, compression="zstd", compression_level=1, statistics=False)
        with unfinished.open("rb+") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        unfinished.chmod(0o600)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return digest
