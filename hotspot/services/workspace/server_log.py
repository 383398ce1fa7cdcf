"""The server's own log: a JSON object a line, with events and counts, no texts of users.

One handler at the root writes for every library too. What a library says is its own template,
without the values that go into it, since those may be a user's; everything that is written is
escaped to plain ASCII, so that nothing forges a line or moves a terminal.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_LOGGER = logging.getLogger("hotspot.server")
_PLAIN = re.compile(r"[\w.:/ -]{1,80}")
_TELLS_VALUES = "streamlit.error_util"
"""Streamlit's logger of uncaught errors, which are told here already, without what they quote."""
_LONGEST = 300
_VALUES = "hotspot_values"


class PlainLine(logging.Formatter):
    """Writes a record as one JSON object on one line of printable ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname}
        if record.name != _LOGGER.name:
            line["from"] = record.name[:80]
        line["event"] = str(record.msg)[:_LONGEST]
        line |= getattr(record, _VALUES, {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= _fault(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True).replace("\x7f", "\\u007f")


class _OneWay(logging.Logger):
    """A logger that writes by the root's handler and by no other."""

    def addHandler(self, hdlr: logging.Handler) -> None:  # noqa: N802 - logging's own name
        """Take no handler: libraries bring their own, which escape nothing."""
        del hdlr

    def callHandlers(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Hand a record to the root."""
        logging.getLogger().callHandlers(record)


def start_logging() -> None:
    """Write the server's log to standard error, and let nothing else write there."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainLine())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.setLoggerClass(_OneWay)
    for known in list(logging.root.manager.loggerDict.values()):
        if type(known) is logging.Logger:
            known.handlers = []
            known.__class__ = _OneWay
    _LOGGER.setLevel(logging.INFO)
    logging.getLogger(_TELLS_VALUES).addFilter(lambda _: False)
    sys.excepthook = _note_uncaught


def _note_uncaught(_kind: object, error: BaseException, _trace: object) -> None:
    note_error(error)


def note(event: str, *, is_error: bool = False, **values: float | str) -> None:
    """Write one line.

    Parameters
    ----------
    values
        Numbers, and texts that the program made: a text of any other form is written as "?", so
        that nothing a user typed or a file held can get here.
    """
    plain = {name: value if _is_plain(value) else "?" for name, value in values.items()}
    level = logging.ERROR if is_error else logging.INFO
    _LOGGER.log(level, event, extra={_VALUES: plain})


def note_error(error: BaseException) -> str:
    """Write an uncaught error without its text; give the reference to tell the user.

    The reference is a digest of the kind of error and the lines it passed through: the same fault
    has the same reference every time.
    """
    fault = _fault(error)
    note("uncaught error", is_error=True, **fault)
    return fault["reference"]


def _fault(error: BaseException) -> dict[str, str]:
    """Return the kind of an error, where it was, and its reference; never its text."""
    frames = traceback.extract_tb(error.__traceback__)
    steps = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    kind = type(error).__name__
    reference = hashlib.sha256("|".join([kind, *steps]).encode()).hexdigest()[:8]
    return {"kind": kind, "reference": reference, "where": " ".join(steps[-3:])}


def _is_plain(value: float | str) -> bool:
    return not isinstance(value, str) or _PLAIN.fullmatch(value) is not None
