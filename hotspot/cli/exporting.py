"""The command that lets a file leave: suppressed, marked and logged, as on screen."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from hotspot.access.actor import Actor
from hotspot.cli.common import WorkspaceOption, app, command_line_actor, progress, say
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.geographic import FORMS, geographic_file
from hotspot.errors import InputError
from hotspot.services.actions.lists import export_actions
from hotspot.services.hotspots.disclosures import export_map
from hotspot.services.hotspots.runs import choose_sources, default_params, detect_hotspots, holdings
from hotspot.services.workspace.exports import ExportFile
from hotspot.services.workspace.folder import Workspace, open_workspace


class What(StrEnum):
    """What can leave by the command line."""

    HOTSPOTS = "hotspots"
    ACTIONS = "actions"


_FORMS = {What.HOTSPOTS: FORMS, What.ACTIONS: (FileForm.WORKBOOK, FileForm.CSV)}
"""In what forms each leaves."""


@app.command()
def export(
    what: Annotated[What, typer.Argument(help="What leaves.")],
    workspace: WorkspaceOption,
    *,
    form: Annotated[
        FileForm,
        typer.Option(
            "--format", help="gpkg, parquet or geojson for hotspots; xlsx or csv for actions."
        ),
    ],
    to: Annotated[Path, typer.Option(help="The file to write; there must be none yet.")],
    recipients: Annotated[str, typer.Option(help="Who will receive it.")],
    reason: Annotated[str, typer.Option(help="Why, for the log of disclosures.")] = "",
) -> None:
    """Write hotspots or actions as a file for others, as partners may have them."""
    if form not in _FORMS[what]:
        offered = ", ".join(one.value for one in _FORMS[what])
        message = f"{what.value} leave as {offered}, not as {form.value}."
        raise InputError(message)
    if to.exists():
        message = f"There is a file {to} already; name another."
        raise InputError(message)
    if not to.parent.is_dir():  # before the log says that something left
        message = f"There is no folder {to.parent}; make it first, or name another."
        raise InputError(message)
    opened, actor = open_workspace(workspace), command_line_actor()
    if what is What.ACTIONS:
        file = export_actions(opened, actor, form, recipients, reason)
    else:
        file = _hotspots(opened, actor, form, recipients, reason)
    with to.open("xb") as written:
        written.write(file.content)
    say(f"{to} holds the {what.value} for {file.recipients}. The disclosure is in the log.")


def _hotspots(
    workspace: Workspace, actor: Actor, form: FileForm, recipients: str, reason: str
) -> ExportFile:
    """Run with the defaults, as the partners' overview does, and write what may be shared."""
    held = holdings(workspace)
    sources = choose_sources(held, None)
    progress(f"finding hotspots in {', '.join(sources)}")
    run = detect_hotspots(workspace, actor, sources, default_params(held, sources))
    return export_map(
        workspace,
        actor,
        run,
        sources,
        recipients=recipients,
        reason=reason,
        draw=partial(geographic_file, form=form),
        form=form,
    )
