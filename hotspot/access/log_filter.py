"""Say what to show of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LogFilter:
    """What to show of the log; an empty field does not narrow.

    Attributes
    ----------
    actor, subject
        Part of the name or subject, whatever the case; "#12" is the account of that number,
        whatever it was called.
    operations, categories
        Values of `Operation` and `LogCategory`.
    first, last
        Days (UTC), both included.
    """

    actor: str = ""
    subject: str = ""
    operations: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
