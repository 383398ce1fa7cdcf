"""Let files leave by one way: a link for one session, one use and two minutes."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.access.sessions import digest_of, new_token
from hotspot.disclosure.forms import FileForm
from hotspot.errors import NotFoundError
from hotspot.services.workspace.folder import Workspace, work_on

KEPT_FOR = timedelta(minutes=2)
MAX_WAITING = 200


@dataclass(frozen=True)
class ExportFile:
    """A file that was prepared, suppressed and logged, and waits to be collected.

    Attributes
    ----------
    name, form, content
        The file.
    places
        The places in it, as the log names them.
    recipients
        Who will receive it.
    """

    name: str
    form: FileForm
    content: bytes
    places: tuple[str, ...] = ()
    recipients: str = ""

    @property
    def media_type(self) -> str:
        """Return the media type of the file."""
        return self.form.media_type


class ExportDesk:
    """Keeps prepared files in memory until the session they were made for collects them."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[str, datetime, ExportFile]] = {}
        self._lock = threading.Lock()

    def leave(self, session: str, file: ExportFile, now: datetime | None = None) -> str:
        """Keep a file for a session and give its ticket; the oldest make room for new ones."""
        ticket = new_token()
        with self._lock:
            self._forget_old(now or datetime.now(UTC))
            while len(self._waiting) >= MAX_WAITING:
                del self._waiting[next(iter(self._waiting))]
            expires = (now or datetime.now(UTC)) + KEPT_FOR
            self._waiting[digest_of(ticket)] = (session, expires, file)
        return ticket

    def take(self, session: str, ticket: str, now: datetime | None = None) -> ExportFile:
        """Give a file to the session that it was left for, once.

        Raises
        ------
        NotFoundError
            There is none: wrong ticket, wrong session, used or expired. Which of these is not
            said, and another session's attempt leaves the file where it is.
        """
        with self._lock:
            self._forget_old(now or datetime.now(UTC))
            waiting = self._waiting.get(digest_of(ticket))
            if waiting is None or not session or waiting[0] != session:
                message = "This link has been used or has expired. Prepare the file again."
                raise NotFoundError(message)
            del self._waiting[digest_of(ticket)]
        return waiting[2]

    def _forget_old(self, now: datetime) -> None:
        expired = [key for key, (_, expires, _) in self._waiting.items() if expires <= now]
        for key in expired:
            del self._waiting[key]


DESK = ExportDesk()
"""The desk of this server process: pages leave files there, the gate hands them out."""


def collect(workspace: Workspace, actor: Actor, ticket: str) -> ExportFile:
    """Hand a prepared file to the actor's session and log that it left.

    Raises
    ------
    NotFoundError
        The ticket is not this session's, was used, or has expired.
    """
    with work_on(workspace, actor, Operation.COLLECT_EXPORT) as work:
        file = DESK.take(actor.session, ticket)
        work.log(
            file.name,
            rows=1,
            shape={"bytes": len(file.content)},
            places=file.places,
            recipients=file.recipients or actor.name,
        )
    return file


def heading_of(workspace: Workspace, what: str, actor: Actor, recipients: str) -> list[str]:
    """Write the lines above a table that leaves: marking, handling, what, who, for whom."""
    settings = workspace.settings
    lines = [
        f"{settings.marking}. {settings.handling}",
        f"{what}. Made {datetime.now(UTC):%d %B %Y %H:%M} UTC by {actor.name} for {recipients}.",
    ]
    return [*lines, "Demonstration: invented data."] if settings.demo else lines


def file_name(workspace: Workspace, what: str, form: FileForm) -> str:
    """Name a file that leaves by what it is, the day and its marking."""
    marking = re.sub(r"[^A-Za-z0-9-]+", "-", workspace.settings.marking).strip("-")
    return f"hotspot-{what}-{datetime.now(UTC):%Y-%m-%d}-{marking}.{form.value}"
