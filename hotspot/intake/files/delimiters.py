"""Tell which mark parts the fields of a text table, by how its records come apart."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
from collections import Counter
from collections.abc import Collection, Iterator

import numpy as np

from hotspot.intake.files.csv_records import scan_records
from hotspot.intake.files.raw import plain_name

MARKS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "~": "tildes"}
_SAMPLE, _SAMPLE_RECORDS = 1 << 16, 400


def mark_between(content: bytes, known: Collection[str]) -> str:
    """Return the mark that parts the fields, by how the first records come apart with each.

    The mark that gives most of the columns that the source knows is taken; of several, the one with
    which most records have the same number of fields; of those, the one with most fields.
    """
    text = content[:_SAMPLE].decode(errors="replace")
    if len(content) > _SAMPLE:
        text = text.rpartition("\n")[0] or text
    return max(MARKS, key=lambda mark: _fit_of(text, mark, set(known)))


def _fit_of(text: str, mark: str, known: set[str]) -> tuple[int, int, int]:
    """Tell how well a mark parts the first records: names found, records alike, fields in each."""
    records = list(itertools.islice(_some_records(text, mark), _SAMPLE_RECORDS))
    names = max((len({plain_name(c) for c in record} & known) for record in records), default=0)
    widths = Counter(len(record) for record in records if len(record) > 1)
    width, alike = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return (names if names > 1 else 0), alike, width


def _some_records(text: str, mark: str) -> Iterator[list[str]]:
    """Yield records until one cannot be read."""
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=mark)
    with contextlib.suppress(csv.Error):
        yield from reader


def with_doubled_quotes(content: bytes, mark: str, name: str, notes: list[str]) -> bytes:
    r"""Write \" as "" where only then the records have one width, as MySQL's exports need it.

    A note says so.
    """
    if b'\\"' not in content:
        return content
    doubled = content.replace(b'\\"', b'""')
    (odd, count), (odd_doubled, count_doubled) = (
        _odd_records(text, mark) for text in (content, doubled)
    )
    if (odd_doubled, abs(count_doubled - count)) > (odd, 0):
        return content
    notes.append(f'{name}: a quotation mark behind a backslash (\\") is read as one in the text.')
    return doubled


def _odd_records(content: bytes, mark: str) -> tuple[int, int]:
    """Count the records of another width than most (all where a mark stays open), and all."""
    _, widths, _, is_closed = scan_records(memoryview(content), ord(mark))
    if not is_closed or not len(widths):
        return len(content), len(widths)
    return len(widths) - int(np.bincount(widths).max()), len(widths)
