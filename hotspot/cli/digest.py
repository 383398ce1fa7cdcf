"""The command that writes what falls due, for the force's own mail."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from hotspot.cli.common import WorkspaceOption, app, command_line_actor, say
from hotspot.services.actions import reminders
from hotspot.services.workspace.folder import open_workspace


@app.command()
def digest(
    workspace: WorkspaceOption,
    to_file: Annotated[Path, typer.Option(help="The text file to write.")],
    recipients: Annotated[str, typer.Option(help="Who will receive it.")] = "owners of actions",
    reason: Annotated[str, typer.Option(help="Why, for the log.")] = "reminders of what is due",
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days ahead.")] = 14,
) -> None:
    """Write what falls due in the next days as a text that the force mails by its own means."""
    opened = open_workspace(workspace)
    today = date.today()  # noqa: DTZ011 - a due date is a day on the users' calendar
    content = reminders.digest(
        opened, command_line_actor(), today, recipients, reason, timedelta(days)
    )
    to_file.write_text(content + "\n", encoding="utf-8")
    say(f"{to_file} says what falls due in {days} days.")
