"""Read the tables in an archive (.zip) or a compressed file (.gz), unpacked within limits."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.files.geo_files import read_shape_table
from hotspot.intake.files.raw import Choices, RawTable, plain_name
from hotspot.intake.files.sniffing import MAX_UNPACKED_BYTES
from hotspot.intake.files.text_files import read_text
from hotspot.intake.files.zipped_shapes import members_of

MAX_TABLES = 2000
_TABLES = (".csv", ".txt", ".tsv", ".tab")
_FIRST = 1 << 16


def read_compressed_table(
    path: Path, name: str, known: Collection[str], choices: Choices | None = None
) -> RawTable:
    """Read a text table that is compressed by gzip.

    Raises
    ------
    InputError
        It is damaged, too great, or no table.
    """
    try:
        with gzip.open(path) as file:
            content = file.read(MAX_UNPACKED_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        message = f"{name} is damaged: it cannot be unpacked ({error!s:.60})."
        raise InputError(message) from error
    if len(content) > MAX_UNPACKED_BYTES:
        message = f"{name} unpacks to more than {MAX_UNPACKED_BYTES / 1e6:,.0f} MB; split it."
        raise InputError(message)
    return read_text(content, name, known, choices)


def read_archive(
    path: Path, name: str, known: Collection[str], choices: Choices | None = None
) -> RawTable:
    """Read an archive: its shapes, or else the tables in it that the source knows, together.

    The archive of data.police.uk holds files of three kinds by month: those are read whose columns
    the source knows best.

    Raises
    ------
    InputError
        It is damaged, leads out of itself, or holds nothing that is read.
    """
    members = [m for m in members_of(path, name) if Path(m).suffix.lower() in _TABLES]
    shaped = any(
        Path(m).suffix.lower() in (".shp", ".gpkg", ".geojson", ".fgb", ".kml")
        for m in members_of(path, name)
    )
    if shaped or not members:
        return read_shape_table(path, name, known, choices)
    if len(members) > MAX_TABLES:
        message = f"{name} holds {len(members):,} tables; at most {MAX_TABLES:,} are read."
        raise InputError(message)
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = _wanted(archive, sorted(members), known, choices, name)
            tables = list(_tables(archive, wanted, known, choices or Choices(), name))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        message = f"{name} is damaged or locked: it cannot be unpacked ({error!s:.60})."
        raise InputError(message) from error
    return _together(tables, wanted, name)


def _wanted(
    archive: zipfile.ZipFile,
    members: list[str],
    known: Collection[str],
    choices: Choices | None,
    name: str,
) -> list[str]:
    """Choose the table that was named, or all with the header that the source knows best."""
    if choices and choices.sheet:
        named = [m for m in members if Path(m).stem == choices.sheet]
        if not named:
            message = f"{name} holds no table '{choices.sheet}'."
            raise InputError(message)
        return named
    headers: dict[frozenset[str], list[str]] = {}
    for member in members:
        with archive.open(member) as file:
            line = file.read(_FIRST).partition(b"\n")[0].decode("utf-8-sig", errors="replace")
        names = frozenset(plain_name(part) for part in line.replace(";", ",").split(","))
        headers.setdefault(names, []).append(member)
    best = max(headers, key=lambda names: (len(names & set(known)), -len(names)))
    return headers[best]


def _tables(
    archive: zipfile.ZipFile,
    members: list[str],
    known: Collection[str],
    choices: Choices,
    name: str,
) -> Iterator[RawTable]:
    left = MAX_UNPACKED_BYTES
    choices = replace(choices, sheet="")
    for member in members:
        with archive.open(member) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            message = f"{name} unpacks to more than {MAX_UNPACKED_BYTES / 1e6:,.0f} MB; split it."
            raise InputError(message)
        yield read_text(content, member.rsplit("/", 1)[-1], known, choices)


def _together(tables: list[RawTable], members: list[str], name: str) -> RawTable:
    """Put tables below each other; lines are counted on from one to the next."""
    columns = list(dict.fromkeys(column for table in tables for column in table.columns))
    parts, before, notes = [], 0, []
    for table, member in zip(tables, members, strict=True):
        last = table.rows["line"].max()
        parts.append(table.rows.with_columns(pl.col("line") + before))
        if len(tables) > 1:
            notes.append(f"{name}: '{member}' begins at line {before + 1:,}.")
        before += last if isinstance(last, int) else 0
        notes += table.notes
    rows = pl.concat(parts, how="diagonal").with_columns(pl.col("line").cast(pl.UInt32))
    return RawTable(name, tuple(columns), rows, 1, notes=tuple(notes))
