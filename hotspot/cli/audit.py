"""Commands for the log: check it, and keep its head elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hotspot.cli.common import WorkspaceOption, app, command_line_actor, err, say
from hotspot.services.upkeep.log import head_of, head_text, read_head_file, verify_log
from hotspot.services.workspace.folder import open_workspace

audit = typer.Typer(help="The log: check it, keep its head elsewhere.", no_args_is_help=True)
app.add_typer(audit, name="audit")


@audit.command("head")
def head(workspace: WorkspaceOption) -> None:
    """Print the end of the log (rows and last seal), to be kept where others cannot write."""
    sys.stdout.write(head_text(head_of(open_workspace(workspace))))


@audit.command("verify")
def verify(
    workspace: WorkspaceOption,
    *,
    known: Annotated[
        Path | None, typer.Option("--head", help="A file that `hotspot audit head` wrote before.")
    ] = None,
) -> None:
    """Check every seal of the log; exit status 1 tells that something is wrong."""
    opened = open_workspace(workspace)
    verdict = verify_log(
        opened, command_line_actor(), read_head_file(known) if known is not None else None
    )
    if verdict.problems:
        for problem in verdict.problems:
            err.print(f"The log is not whole: {problem}.", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    against = " and the exported head" if known is not None else ""
    say(f"The log is whole: {verdict.head.audit_id} rows, every seal{against} fits.")
