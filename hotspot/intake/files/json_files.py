"""Read JSON with `json` alone, with limits of depth, so that nothing in it is followed."""

from __future__ import annotations

import json
import re
from typing import Any

from hotspot.errors import InputError

MAX_DEPTH = 60
_SURROGATES = re.compile("[\ud800-\udfff]")
LINES = (".geojsonl", ".ndjson", ".geojsons", ".jsonl")
"""Endings of files whose lines are each JSON."""


def json_text(content: bytes, name: str) -> str:
    """Return the text of a file that must be JSON.

    Raises
    ------
    InputError
        It does not begin like an object or a list, or is not UTF-8.
    """
    if content.lstrip(b"\xef\xbb\xbf\x1e \t\r\n")[:1] not in (b"{", b"["):
        message = f"{name} is not JSON: it does not begin with '{{'. Export it as GeoJSON again."
        raise InputError(message)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{name} is not UTF-8 text, as GeoJSON must be (byte {error.start:,})."
        raise InputError(message) from error


def parse_json(text: str, name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """Parse JSON with limits of depth, and with half characters replaced.

    Raises
    ------
    InputError
        It is no JSON, or is nested too deeply; the message gives the place.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        message = (
            f"{name} is not readable as JSON: {error.msg} in line {error.lineno}, column "
            f"{error.colno}. Export it again."
        )
        raise InputError(message) from error
    except RecursionError as error:
        message = f"{name} is nested too deeply to be a map; at most {MAX_DEPTH} levels are read."
        raise InputError(message) from error
    return _whole(content, name, 0) if "\\ud" in text.lower() else content


def _whole(value: Any, name: str, depth: int) -> Any:  # noqa: ANN401 - whatever the file holds
    if depth > MAX_DEPTH:
        message = f"{name} is nested too deeply to be a map; at most {MAX_DEPTH} levels are read."
        raise InputError(message)
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_whole(k, name, depth): _whole(v, name, depth + 1) for k, v in value.items()}
    return [_whole(v, name, depth + 1) for v in value] if isinstance(value, list) else value
