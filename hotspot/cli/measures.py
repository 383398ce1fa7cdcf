"""Commands of the catalogue: list and check the measures, compute deadlines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from hotspot.cli.common import JsonOption, app, out, print_json, say
from hotspot.disruption.calendar_file import calendar_file
from hotspot.disruption.clocks import Deadline, events_of
from hotspot.errors import InputError
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.folder import Workspace, open_workspace

MaybeWorkspace = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="A workspace, for the force's own file and holidays."),
]


@app.command("measures")
def list_measures(workspace: MaybeWorkspace = None, *, as_json: JsonOption = False) -> None:
    """List the measures, checking the catalogue and the force's own file on the way."""
    catalogue = measure_catalogue.catalogue_of(_opened(workspace))
    if as_json:
        print_json(
            [
                {**measure.model_dump(mode="json"), "version": measure.version}
                for measure in catalogue.values()
            ]
        )
        return
    table = Table("Code", "Measure", "Decided by", "Deadlines", "Checked by")
    for measure in catalogue.values():
        checked = f"{measure.checked_by}, {measure.checked_on}" if measure.checked_by else "nobody"
        table.add_row(
            measure.code, measure.name, measure.decided_by, str(len(measure.clock) or ""), checked
        )
    out.print(table)
    unchecked = sum(measure.checked_by is None for measure in catalogue.values())
    say(f"{len(catalogue)} measures; {unchecked} not yet checked by your legal team.")


@app.command()
def deadlines(  # noqa: PLR0913 - one option each
    code: Annotated[str, typer.Argument(help="Code of the measure, such as LA51.")],
    given: Annotated[
        str, typer.Option(help="Day or moment of its first event: 2026-11-02 or 2026-11-02T14:30.")
    ],
    event: Annotated[
        list[str] | None, typer.Option(help="A later event, as name=2026-12-08; can be repeated.")
    ] = None,
    workspace: MaybeWorkspace = None,
    ics: Annotated[Path | None, typer.Option(help="Write a calendar file.")] = None,
    reference: Annotated[str, typer.Option(help="The case's reference for the calendar.")] = "",
    *,
    as_json: JsonOption = False,
) -> None:
    """Compute the deadlines of a measure from what has happened."""
    opened = _opened(workspace)
    events = events_of(measure_catalogue.measure_of(opened, code).clock)
    happened = {events[0] if events else "given": measure_catalogue.moment_of(given)}
    for pair in event or ():
        name, _, when = pair.partition("=")
        if not when:
            message = f"'{pair}' is no event; write its name and day as heard=2026-12-08."
            raise InputError(message)
        happened[name.strip().replace(" ", "_")] = measure_catalogue.moment_of(when.strip())
    found = measure_catalogue.deadlines_of(opened, code, happened)
    if ics is not None:
        content = calendar_file(code, reference, found, datetime.now(UTC))
        ics.write_bytes(content)
        say(f"{ics} holds {len(found)} deadlines.")
    if as_json:
        print_json([_row(deadline) for deadline in found])
        return
    table = Table()
    table.add_column("Due", no_wrap=True)
    for title in ("What", "Rule", "Source", "Taken for granted"):
        table.add_column(title)
    for deadline in found:
        at = deadline.due_at
        due = f"{at:%a %d %b %Y %H:%M}" if at else f"{deadline.due_on:%a %d %b %Y}"
        table.add_row(due, deadline.says, deadline.rule, deadline.source, deadline.assumption)
    out.print(table)
    for caution in dict.fromkeys(text for one in found for text in one.cautions):
        say(f"{code}: {caution}.")


def _row(deadline: Deadline) -> dict[str, object]:
    return {
        "step": deadline.step,
        "says": deadline.says,
        "rule": deadline.rule,
        "due_on": deadline.due_on.isoformat(),
        "due_at": deadline.due_at.isoformat() if deadline.due_at else None,
        "source": deadline.source,
        "duty": deadline.duty,
        "assumption": deadline.assumption,
        "cautions": list(deadline.cautions),
    }


def _opened(folder: Path | None) -> Workspace | None:
    return open_workspace(folder) if folder is not None else None
