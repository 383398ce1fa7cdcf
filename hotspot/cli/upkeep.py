"""Commands that look after a workspace: backup, restore, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from hotspot.cli.common import (
    JsonOption,
    WorkspaceOption,
    app,
    command_line_actor,
    out,
    print_json,
    say,
)
from hotspot.services.upkeep import backups
from hotspot.services.upkeep.doctor import State, examine
from hotspot.services.workspace.folder import open_workspace


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    workspace: WorkspaceOption,
) -> None:
    """Back up a workspace into one file, while it is used. The file holds keys: guard it."""
    report = backups.back_up(open_workspace(workspace), command_line_actor(), target)
    total = sum(report.rows.values())
    say(f"{target}: {report.files} files, {total:,} rows, log of {report.log_rows} rows.")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file that `hotspot backup` wrote.")],
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> None:
    """Restore a backup into a new folder, after checking every file in it."""
    report = backups.restore(command_line_actor(), source, folder)
    say(f"Restored {folder}: {report.files} files, log of {report.log_rows} rows.")


@app.command()
def doctor(workspace: WorkspaceOption, *, as_json: JsonOption = False) -> None:
    """Examine a workspace and this machine; exit status 1 tells that something is wrong."""
    findings = examine(workspace)
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        table = Table("", "What", "Found")
        for finding in findings:
            table.add_row(finding.state.value, finding.what, finding.detail)
        out.print(table)
    if any(finding.state is State.WRONG for finding in findings):
        raise typer.Exit(1)
