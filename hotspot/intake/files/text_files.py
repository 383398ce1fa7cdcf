"""Read files of fields parted by marks (CSV and its kin): fast where all rows are alike."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from polars.exceptions import PolarsError

from hotspot.errors import InputError
from hotspot.intake.files.csv_records import newlines_of, scan_records
from hotspot.intake.files.delimiters import MARKS, mark_between, with_doubled_quotes
from hotspot.intake.files.encodings import bytes_as_utf8
from hotspot.intake.files.raw import HEADER_WITHIN, Choices, RawTable, find_header, tidy
from hotspot.intake.files.sniffing import check_is_text

_EXCEL_ENDS = (65_535, 65_536, 1_048_575, 1_048_576)
_MAX_FIELD = 131_072
_LARGE = 4 << 20
_NO_VALUE = "\\N"
"""How MySQL writes that a field has no value."""
_END = "\x00end"


def read_text_table(
    path: Path, name: str, known: Collection[str], choices: Choices | None = None
) -> RawTable:
    """Read a file of fields parted by commas, semicolons, tabs or bars.

    Parameters
    ----------
    known
        Plain names of columns that the source knows, for finding the header.

    Raises
    ------
    InputError
        The file is empty, is no text, or has no header.
    """
    return read_text(path.read_bytes(), name, known, choices)


def read_text(
    content: bytes, name: str, known: Collection[str], choices: Choices | None = None
) -> RawTable:
    """Read the bytes of such a file; see `read_text_table`.

    Raises
    ------
    InputError
        They are empty, are no text, or have no header.
    """
    choices = choices or Choices()
    check_is_text(content, name)
    content, notes = bytes_as_utf8(content, name, choices)
    mark = mark_between(content, known)
    content = with_doubled_quotes(content, mark, name, notes)
    if mark != ",":
        notes.append(f"{name}: fields are parted by {MARKS[mark]}.")
    top = list(_top_rows(content, mark, name))
    at, header = find_header([row for row, _ in top], known, name, choices.header_row)
    offset = top[at][1] if at >= 0 else 0
    lines_before = content[:offset].count(b"\n")
    rows, last_line = _read_body(content, offset, lines_before, header, mark, name)
    if b"\\N" in content:
        rows = rows.with_columns(pl.col(header).replace(_NO_VALUE, None))
    if last_line in _EXCEL_ENDS:
        notes.append(
            f"{name} ends where Excel does ({last_line:,} lines): rows may have been cut off."
        )
    if at > 0:
        notes.append(f"{name}: header found in row {at + 1}.")
    return RawTable(name, tuple(header), rows, at + 1, notes=tuple(notes))


def _read_body(
    content: bytes, offset: int, lines_before: int, header: list[str], mark: str, name: str
) -> tuple[pl.DataFrame, int]:
    """Read what follows the header; give the rows and the number of the last line.

    The fast ways find records by counting quotation marks, which is right unless one stands in the
    middle of a field, as in 12" knife; then the records are read one by one.
    """
    if content and not content.endswith(b"\n"):
        content += b"\n"
    whole = _read_whole(content, offset, header, mark)
    if whole is not None:
        last = lines_before + whole.height
        rows = tidy(whole, has_spaces=not content.isascii()).with_columns(
            line=pl.int_range(lines_before + 1, last + 1, dtype=pl.UInt32), width=len(header)
        )
        return _with_marks(rows, header), last
    body = memoryview(content)[offset:]
    ends, widths, lines, is_closed = scan_records(body, ord(mark))
    parted = _read_parted(body, (ends, widths, lines), header, mark) if is_closed else None
    if parted is None:
        records, lines = _read_one_by_one(body, mark, name, lines_before)
        alike = np.array([len(record) == len(header) for record in records], dtype=bool)
        rest, rest_widths = _padded(records, header)
        rows = _placed(rest, lines, rest_widths, has_unusual=True)
    else:
        rows, alike, rest_widths = parted
    _refuse_if_all_are_longer(alike, rest_widths, header, name)
    rows = rows.with_columns(line=(pl.col("line") + lines_before).cast(pl.UInt32))
    last = lines_before + (int(lines[-1]) if len(lines) else 0)
    return _with_marks(rows, header), last


def _read_parted(
    body: memoryview,
    scanned: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]],
    header: list[str],
    mark: str,
) -> tuple[pl.DataFrame, npt.NDArray[np.bool_], list[int]] | None:
    """Read records that were found by their quotation marks; `None` where one is no single row."""
    ends, widths, lines = scanned
    begins = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    alike = widths == len(header)
    is_short = (ends - begins) <= _MAX_FIELD
    try:
        good = _read_alike(body, begins, ends, alike & is_short, header, mark)
    except PolarsError:  # a quotation mark in the middle of a field: one record at a time
        alike = np.zeros_like(alike)
        good = _read_alike(body, begins, ends, alike, header, mark)
    wanted = ~(alike & is_short)
    records = _split(body, begins, ends, wanted, mark)
    if records is None:
        return None
    rest, rest_widths = _padded(records, header)
    has_unusual = not bytes(body).isascii() or newlines_of(body, ends) != len(ends)
    full = [len(header)] * good.height
    rows = _placed(good, lines[alike & is_short], full, has_unusual=has_unusual)
    if rest.height:
        rows = pl.concat([rows, _placed(rest, lines[wanted], rest_widths)]).sort("line")
    return rows, alike, rest_widths


def _placed(
    rows: pl.DataFrame,
    lines: npt.NDArray[np.int64],
    widths: list[int],
    *,
    has_unusual: bool = True,
) -> pl.DataFrame:
    """Tidy rows and add the lines that they begin on, and their widths."""
    return tidy(rows, has_spaces=has_unusual).with_columns(
        line=pl.Series(lines, dtype=pl.UInt32), width=pl.Series(widths, dtype=pl.Int64)
    )


def _read_one_by_one(
    body: memoryview, mark: str, name: str, lines_before: int
) -> tuple[list[list[str]], npt.NDArray[np.int64]]:
    """Read all records as `csv.reader` takes them: a mark within a field is part of its text.

    Raises
    ------
    InputError
        A field that begins with a quotation mark is never closed.
    """
    text = bytes(body).decode().rstrip("\r\n")
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    source = itertools.chain(io.StringIO(f"{text}\n", newline="\n"), [_END])
    reader = csv.reader(source, delimiter=mark)
    records: list[list[str]] = []
    lines, before = [], lines_before
    try:
        for record in reader:
            records.append(record)
            lines.append(before + 1 - lines_before)
            before = reader.line_num + lines_before
    except csv.Error as error:
        message = f"{name}, line {before + 1}: the row cannot be read ({error}). Mend that line."
        raise InputError(message) from error
    if records[-1] != [_END]:
        message = (
            f"{name}, line {lines[-1] + lines_before}: a quotation mark is not closed, so the rest "
            "of the file would be one field. Mend that line."
        )
        raise InputError(message)
    return records[:-1], np.array(lines[:-1], dtype=np.int64)


def _with_marks(rows: pl.DataFrame, header: list[str]) -> pl.DataFrame:
    """Tell which rows are blank, a footer, or ragged by their `width`."""
    if any(not rows[column].null_count() for column in header[1:]):  # no row is blank, no footer
        no = pl.lit(value=False)
        return rows.with_columns(blank=no, footer=no, ragged=pl.col("width") != len(header)).drop(
            "width"
        )
    is_blank = pl.all_horizontal(pl.col(header).is_null())
    later = [pl.col(column).is_null() for column in header[1:]]
    is_footer = ~is_blank & (pl.all_horizontal(later) if later else pl.lit(value=False))
    rows = rows.with_columns(blank=is_blank, footer=is_footer)
    ragged = (pl.col("width") != len(header)) & ~pl.col("blank") & ~pl.col("footer")
    return rows.with_columns(ragged=ragged).drop("width")


def _read_whole(content: bytes, offset: int, header: list[str], mark: str) -> pl.DataFrame | None:
    """Let Polars read all records at once, if they can be seen to be alike.

    Polars refuses records that are longer than the header and fills up those that are shorter; that
    there are none is seen by counting the marks, inside of fields and outside. A record on more
    than one line, an empty line or a huge field is left to the slower way.
    """
    if len(content) - offset < _LARGE or content[-3:].count(b"\n") > 1:
        return None
    above = content.count(b"\n", 0, offset)
    try:
        rows = _read_plain(content, header, mark, above)
    except PolarsError:
        return None
    inside = 0
    if b'"' in content:
        counts = pl.all().str.count_matches(mark, literal=True).sum()
        inside = sum(int(count or 0) for count in rows.select(counts).row(0))
    longest = rows.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item() or 0
    marks, ends = _counts(memoryview(content)[offset:], mark, "\n")
    is_alike = marks == rows.height * (len(header) - 1) + inside
    one_line_each = ends == rows.height
    return rows if is_alike and one_line_each and longest <= _MAX_FIELD else None


def _counts(content: memoryview, *marks: str) -> list[int]:
    """Count marks that are frequent, a few megabytes at a time."""
    codes, counts = np.frombuffer(content, dtype=np.uint8), np.zeros(len(marks), dtype=np.int64)
    for start in range(0, len(codes), _LARGE):
        part = codes[start : start + _LARGE]
        counts += [np.count_nonzero(part == ord(mark)) for mark in marks]
    return counts.tolist()


def _read_plain(
    content: bytes | memoryview, header: list[str], mark: str, above: int = 0
) -> pl.DataFrame:
    return pl.read_csv(
        io.BytesIO(content),
        skip_lines=above,
        has_header=False,
        new_columns=header,
        separator=mark,
        quote_char='"',
        infer_schema=False,
        schema=dict.fromkeys(header, pl.String),
    )


def _read_alike(
    body: memoryview,
    begins: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.bool_],
    header: list[str],
    mark: str,
) -> pl.DataFrame:
    """Let Polars read the records that have as many fields as the header."""
    schema = dict.fromkeys(header, pl.String)
    if not wanted.any():
        return pl.DataFrame(schema=schema)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], wanted.view(np.int8), [0]])))
    runs = zip(edges[::2], edges[1::2], strict=True)
    source = b"".join(body[int(begins[a]) : int(ends[b - 1]) + 1] for a, b in runs)
    rows = _read_plain(source, header, mark)
    if rows.height != int(wanted.sum()):
        message = f"{int(wanted.sum())} rows were counted and {rows.height} read"
        raise PolarsError(message)
    return rows


def _split(
    body: memoryview,
    begins: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.bool_],
    mark: str,
) -> list[list[str]] | None:
    """Split records into their fields one by one; `None` where one is no single row."""
    records = []
    for at in np.flatnonzero(wanted):
        record = bytes(body[int(begins[at]) : int(ends[at])]).decode().rstrip("\r")
        rows = _rows_of(record, mark)
        if len(rows) > 1:
            return None
        records.append(rows[0] if rows else [])
    return records


def _padded(records: list[list[str]], header: list[str]) -> tuple[pl.DataFrame, list[int]]:
    """Pad or cut records to the header's width; give their own widths too.

    Empty fields beyond the header's width are not counted.
    """
    width = len(header)
    widths = []
    columns: list[list[str]] = [[] for _ in header]
    for fields in records:
        while len(fields) > width and not fields[-1].strip():
            fields.pop()
        widths.append(len(fields))
        for column, value in zip(columns, [*fields, *[""] * width][:width], strict=True):
            column.append(value[:_MAX_FIELD])
    data = dict(zip(header, columns, strict=True))
    return pl.DataFrame(data, schema=dict.fromkeys(header, pl.String)), widths


def _refuse_if_all_are_longer(
    alike: npt.NDArray[np.bool_], widths: list[int], header: list[str], name: str
) -> None:
    if not alike.any() and widths and min(widths) > len(header):
        message = (
            f"{name}: every row has more fields ({min(widths)}) than there are column names "
            f"({len(header)}), so no column can be trusted. Add the missing name to the header."
        )
        raise InputError(message)


def _rows_of(record: str, mark: str) -> list[list[str]]:
    try:
        csv.field_size_limit(max(csv.field_size_limit(), len(record) + 1))
        return list(csv.reader(io.StringIO(record, newline=""), delimiter=mark))
    except csv.Error:
        return [record.split(mark)]


def _top_rows(content: bytes, mark: str, name: str) -> Iterator[tuple[list[str], int]]:
    """Yield the first rows, each with the offset at which the next one begins."""
    offset = 0
    for _ in range(HEADER_WITHIN):
        if offset >= len(content):
            return
        begin = end = offset
        quotes = 0
        while end - offset <= 8 * _MAX_FIELD:
            end = content.find(b"\n", begin)
            end = len(content) if end < 0 else end
            quotes += content.count(b'"', begin, end)  # each byte once, however many line ends
            if quotes % 2 == 0 or end >= len(content):
                break
            begin = end + 1
        if end - offset > 8 * _MAX_FIELD:
            message = (
                f"{name}: a row among the first {HEADER_WITHIN} has over a million characters."
            )
            raise InputError(message)
        record = content[offset:end].decode(errors="replace").rstrip("\r")
        offset = end + 1
        yield next(iter(_rows_of(record, mark)), []), offset
