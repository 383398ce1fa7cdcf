"""The server's own log: a JSON object a line, with events and counts, no texts of users."""

from __future__ import annotations

import hashlib
import logging
import re
import sys
import traceback
from pathlib import Path

from pythonjsonlogger.json import JsonFormatter

_LOGGER = logging.getLogger("hotspot.server")
_PLAIN = re.compile(r"[\w.:/ -]{1,80}")
_TELLS_VALUES = "streamlit.error_util"
"""Streamlit's logger of uncaught errors, whose tracebacks quote the values at hand."""


def start_logging() -> None:
    """Write the server's log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "{asctime}{levelname}{message}",
            style="{",
            rename_fields={"asctime": "at", "levelname": "level", "message": "event"},
        )
    )
    _LOGGER.handlers = [handler]
    _LOGGER.setLevel(logging.INFO)
    _LOGGER.propagate = False
    logging.getLogger(_TELLS_VALUES).addFilter(lambda _: False)


def note(event: str, *, is_error: bool = False, **values: float | str) -> None:
    """Write one line.

    Parameters
    ----------
    values
        Numbers, and texts that the program made: a text of any other form is written as "?", so
        that nothing a user typed or a file held can get here.
    """
    plain = {name: value if _is_plain(value) else "?" for name, value in values.items()}
    _LOGGER.log(logging.ERROR if is_error else logging.INFO, event, extra=plain)


def note_error(error: BaseException) -> str:
    """Write an uncaught error without its text; give the reference to tell the user.

    The reference is a digest of the kind of error and the lines it passed through: the same fault
    has the same reference every time.
    """
    frames = traceback.extract_tb(error.__traceback__)
    steps = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    kind = type(error).__name__
    reference = hashlib.sha256("|".join([kind, *steps]).encode()).hexdigest()[:8]
    where = " ".join(steps[-3:])
    note("uncaught error", is_error=True, kind=kind, reference=reference, where=where)
    return reference


def _is_plain(value: float | str) -> bool:
    return not isinstance(value, str) or _PLAIN.fullmatch(value) is not None
