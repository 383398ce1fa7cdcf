"""Look at a file before it is read: what it really is, and whether it is too big to be opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hotspot.errors import InputError

MAX_FILE_BYTES = 500_000_000
MAX_UNPACKED_BYTES = 1_000_000_000
MAX_RATIO = 200
MAX_COLUMNS = 512
_FIRST_LINE_BYTES = 1 << 20
_SMALL_UNPACKED = 10_000_000

_KINDS = (
    (b"PK\x03\x04", "a workbook or zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old .xls workbook or one with a password"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x1f\x8b", "a compressed file"),
    (b"PAR1", "a Parquet file"),
    (b"fgb\x03fgb", "a FlatGeobuf file"),
)
_WORKBOOK = _KINDS[0][0]


def check_size(path: Path, name: str) -> None:
    """Refuse a file that is too big, or that unpacks to one.

    Raises
    ------
    InputError
        The message says which limit was met.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); check the path."
        raise InputError(message) from error
    if size > MAX_FILE_BYTES:
        message = (
            f"{name} has {size / 1e6:,.0f} MB; at most {MAX_FILE_BYTES / 1e6:,.0f} MB are "
            "read. Split it by month."
        )
        raise InputError(message)
    with path.open("rb") as file:
        if not file.read(len(_WORKBOOK)).startswith(_WORKBOOK):
            return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        message = f"{name} is damaged: it begins like a workbook but cannot be opened."
        raise InputError(message) from error
    is_bomb = unpacked > _SMALL_UNPACKED and unpacked > MAX_RATIO * size
    if unpacked > MAX_UNPACKED_BYTES or is_bomb:
        message = (
            f"{name} unpacks from {size / 1e6:,.1f} MB to {unpacked / 1e6:,.0f} MB, which no "
            "honest workbook does; it is not opened. Save it again from the program it is from."
        )
        raise InputError(message)


def check_is_text(content: bytes, name: str) -> None:
    """Refuse what is called CSV and is something else, and a first line of too many columns.

    Raises
    ------
    InputError
        The message says what the file really is.
    """
    first = content[:_FIRST_LINE_BYTES].partition(b"\n")[0]
    kind = kind_of_bytes(content[:64])
    if kind is not None:
        message = f"{name} is {kind}, not a CSV file. Export the data as 'CSV UTF-8'."
        raise InputError(message)
    columns = max(first.count(mark) for mark in (b",", b";", b"\t", b"|")) + 1
    if columns > MAX_COLUMNS:
        message = f"{name} has {columns:,} columns or more; at most {MAX_COLUMNS} are read."
        raise InputError(message)


def kind_of(path: Path) -> str | None:
    """Say what a file is by its first bytes; `None` for what may be text."""
    with path.open("rb") as file:
        return kind_of_bytes(file.read(64))


def kind_of_bytes(first: bytes) -> str | None:
    """Say what a file is by its first bytes; `None` for what may be text."""
    kind = next((kind for magic, kind in _KINDS if first.startswith(magic)), None)
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "a web page or XML" if kind is None and text[:1] == b"<" else kind
