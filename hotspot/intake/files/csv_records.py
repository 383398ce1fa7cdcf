"""Find the records of a CSV file, their widths and lines, by its quotation marks and line ends."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_CHUNK = 1 << 20
_QUOTE, _NEWLINE = 34, 10


def newlines_of(body: memoryview, ends: npt.NDArray[np.int64]) -> int:
    """Count the lines of the records, which are more where a field holds a line end."""
    return (
        int((np.frombuffer(body, np.uint8)[: int(ends[-1]) + 1] == _NEWLINE).sum())
        if len(ends)
        else 0
    )


def scan_records(
    body: memoryview, mark: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], bool]:
    """Find where each record ends, how many fields it has and on which line it begins.

    Also tells whether every quotation mark is closed. Wholly empty lines at the end are no records.
    """
    data = _without_empty_end(body)
    ends, widths, lines = [], [], []
    open_quote = np.uint8(0)
    fields_before, lines_before = 1, 0
    for start in range(0, len(data), _CHUNK):
        part = data[start : start + _CHUNK]
        newlines = np.flatnonzero(part == _NEWLINE)
        marks = np.flatnonzero(part == mark)
        record_ends = newlines
        quotes = part == _QUOTE
        if quotes.any() or open_quote:
            parity = (np.cumsum(quotes, dtype=np.uint8) + open_quote) & 1
            record_ends, marks = newlines[parity[newlines] == 0], marks[parity[marks] == 0]
            open_quote = parity[-1]
        seen = np.searchsorted(marks, record_ends)
        width = np.diff(seen, prepend=0) + 1
        width[:1] += fields_before - 1
        fields_before = len(marks) + (1 - int(seen[-1]) if len(seen) else fields_before)
        ends.append(record_ends + start)
        widths.append(width)
        lines.append(np.searchsorted(newlines, record_ends) + lines_before + 1)
        lines_before += len(newlines)
    if not ends:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, nothing, True
    last_lines = np.concatenate(lines)
    begin_lines = np.concatenate([[1], last_lines[:-1] + 1])[: len(last_lines)]
    return np.concatenate(ends), np.concatenate(widths), begin_lines, not open_quote


def _without_empty_end(body: memoryview) -> npt.NDArray[np.uint8]:
    """Return the bytes up to the end of the last line that is not wholly empty."""
    size = len(bytes(body[-_CHUNK:]).rstrip(b"\r\n")) + max(0, len(body) - _CHUNK)
    whole = size + bytes(body[size : size + 2]).find(b"\n") + 1
    return np.frombuffer(body, np.uint8)[: whole if size else 0]
