"""Hold what a file holds before anything of it is understood: its columns and rows as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.files.sniffing import MAX_COLUMNS

HEADER_WITHIN = 200
"""The header is looked for in so many rows, under marking and title rows."""
_UNKNOWN_WITHIN = 30
"""So many rows are looked at where the source knows none of the names."""
NO_HEADER = -1
LONGITUDE, LATITUDE = "Geometry longitude", "Geometry latitude"
"""Columns, in WGS84 degrees, that a file with shapes gets for its points."""


@dataclass(frozen=True)
class Choices:
    """What a user may have to say before a file can be opened.

    Attributes
    ----------
    sheet
        Sheet of a workbook or layer of a GeoPackage or shapefile archive; empty for the first.
    header_row
        Row with the names of the columns; 0 to look for it, `NO_HEADER` where there is none.
    encoding
        Encoding of a text file; empty to tell it from the bytes.
    repair
        Whether text that was encoded twice is put right.
    """

    sheet: str = ""
    header_row: int = 0
    encoding: str = ""
    repair: bool = False


@dataclass(frozen=True)
class RawTable:
    """The rows of a file.

    Attributes
    ----------
    name
        Name of the file, for messages.
    columns
        Names of its columns, each once.
    rows
        The columns as trimmed text, empty as null, with `line` (where the row begins in the file),
        `blank` (nothing is in it), `footer` (only its first field is filled) and `ragged` (it has
        more or fewer fields than the header, and is neither).
    header_row
        Where the header was found.
    sheets
        Sheets or layers to choose from; `sheet` is the one that was read.
    notes
        What was decided about the file, for the user to see.
    """

    name: str
    columns: tuple[str, ...]
    rows: pl.DataFrame
    header_row: int = 1
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    notes: tuple[str, ...] = field(default=())


def plain_name(column: str) -> str:
    """Reduce a column's name to letters and digits, as names are compared."""
    return "".join(c for c in column.casefold() if c.isalnum())


def find_header(
    first_rows: list[list[str]], known: Iterable[str], name: str, wanted: int
) -> tuple[int, list[str]]:
    """Find the header among the first rows and give its index (from 0) and names.

    Parameters
    ----------
    first_rows
        Rows from the top of the file.
    known
        Plain names of columns that the source knows; the row with most of them is the header.
    wanted
        `Choices.header_row`.

    Raises
    ------
    InputError
        The file is empty, or the row that should be the header looks like data.
    """
    if wanted == NO_HEADER and first_rows:
        return -1, [f"Column {n}" for n in range(1, len(first_rows[0]) + 1)]
    if wanted:
        at = wanted - 1
        if at >= len(first_rows) or not any(first_rows[at]):
            message = f"{name} has nothing in row {wanted}; choose the row of the column names."
            raise InputError(message)
        return at, _checked(first_rows[at], name)
    filled = [(n, row) for n, row in enumerate(first_rows) if any(cell.strip() for cell in row)]
    if not filled:
        message = f"{name} is empty; nothing was imported."
        raise InputError(message)
    names = set(known)
    best = max(filled, key=lambda item: (len({plain_name(c) for c in item[1]} & names), -item[0]))
    if len({plain_name(cell) for cell in best[1]} & names) < 2:
        first = [item for item in filled if item[0] < _UNKNOWN_WITHIN] or filled
        widest = max(sum(bool(cell.strip()) for cell in row) for _, row in first)
        best = next(i for i in first if sum(bool(c.strip()) for c in i[1]) >= widest)
    if _looks_like_data(best[1]):
        message = (
            f"{name} seems to have no row of column names: row {best[0] + 1} looks like data "
            f"({', '.join(cell for cell in best[1] if cell)[:80]}). Add the names, or say that "
            "there are none (header_row -1) and map Column 1, Column 2, ..."
        )
        raise InputError(message)
    return best[0], _checked(best[1], name)


def _looks_like_data(row: list[str]) -> bool:
    filled = [cell.strip() for cell in row if cell.strip()]
    numeric = [c for c in filled if not any(letter.isalpha() for letter in c)]
    return len(numeric) * 4 >= len(filled) and len(numeric) > 0


def _checked(header: list[str], name: str) -> list[str]:
    names = [" ".join(cell.replace("\ufeff", "").split()) for cell in header]
    if len(names) > MAX_COLUMNS:
        message = f"{name} has {len(names)} columns; at most {MAX_COLUMNS} are read."
        raise InputError(message)
    plain = [plain_name(column) for column in names]
    twice = sorted({c for c, p in zip(names, plain, strict=True) if p and plain.count(p) > 1})
    if twice:
        message = (
            f"{name} has column names that stand twice: {', '.join(twice)}. It is not guessed "
            "which is meant; rename or remove one of each."
        )
        raise InputError(message)
    return [column or f"Column {n}" for n, column in enumerate(names, start=1)]


def tidy(rows: pl.DataFrame, *, has_spaces: bool = True) -> pl.DataFrame:
    """Trim all columns of text, without bidi controls and zero-width marks, and empty as null."""
    text = pl.all()
    if has_spaces:
        text = text.str.replace_all(_HIDDEN, "").str.replace_all(
            "[\u00a0\u202f\u2009]|\r?\n|\r", " "
        )
    text = text.str.strip_chars()
    return rows.with_columns(text).with_columns(
        pl.when(pl.all().str.len_bytes() > 0).then(pl.all()).name.keep()
    )


_HIDDEN = "[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\x00]"
