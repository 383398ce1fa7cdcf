"""Tell one page of an API's answer from the whole: a part would be taken for all there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hotspot.errors import InputError

_NEXT = frozenset(
    {"next", "nextlink", "nextpage", "nextpageurl", "odatanextlink", "nextpagetoken", "nextcursor"}
)
_ALL = frozenset({"count", "total", "totalcount", "totalresults", "totalrecords", "numbermatched"})


def refuse_a_page(answer: dict[str, Any], records: int, name: str) -> None:
    """Refuse an answer that says of itself that there is more than its records.

    Parameters
    ----------
    answer
        The parsed object: its own keys are looked at, and those of objects and links within.
    records
        How many it holds.

    Raises
    ------
    InputError
        It is one page of more, or was cut off.
    """
    for key, value in _said(answer):
        plain = re.sub(r"[^a-z]", "", key.lower())
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if (
            (plain in _NEXT and isinstance(value, str | dict) and value)
            or (plain in _ALL and is_number and value > records)
            or (plain == "rel" and value == "next")
            or (plain == "exceededtransferlimit" and value is True)
            or (plain == "remark" and "error" in str(value).lower())
        ):
            message = (
                f"{name} is one page of an answer, or was cut off: it says that there is more. "
                "Fetch all of it, put the pages into one file, then import it."
            )
            raise InputError(message)


def _said(answer: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from answer.items()
    for key, value in answer.items():
        parts = value if key == "links" and isinstance(value, list) else [value]
        for part in parts:
            if isinstance(part, dict):
                yield from part.items()
