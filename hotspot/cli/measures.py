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
from hotspot.disruption.counting import Moment
from hotspot.disruption.measures import Measure
from hotspot.errors import InputError
from hotspot.services.workspace import legal_reading, measure_catalogue
from hotspot.services.workspace.folder import Workspace, open_workspace

MaybeWorkspace = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="A workspace, for the force's own file and holidays."),
]


@app.command("measures")
def list_measures(
    workspace: MaybeWorkspace = None,
    to_file: Annotated[
        Path | None,
        typer.Option(help="With --unchecked: write the list as a workbook for your lawyers."),
    ] = None,
    from_file: Annotated[
        Path | None,
        typer.Option(help="A workbook that came back: lay it over the force's measures.yaml."),
    ] = None,
    *,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Only what your lawyers still must read.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the measures, checking the catalogue and the force's own file on the way."""
    opened = _opened(workspace)
    if from_file is not None:
        _take_back(opened, from_file)
        return
    if to_file is not None:
        to_file.write_bytes(legal_reading.reading_workbook(opened))
        say(f"{to_file} holds {len(legal_reading.unchecked_measures(opened))} measures to read.")
        return
    catalogue = measure_catalogue.catalogue_of(opened)
    listed = legal_reading.unchecked_measures(opened) if unchecked else [*catalogue.values()]
    if as_json:
        print_json([_as_json(measure) for measure in listed])
        return
    out.print(_table_to_read(listed) if unchecked else _table(listed))
    not_checked = len(legal_reading.unchecked_measures(opened))
    say(f"{len(catalogue)} measures; {not_checked} not yet checked by your legal team.")


def _take_back(workspace: Workspace | None, path: Path) -> None:
    if workspace is None:
        message = "Name the workspace whose measures.yaml the workbook is for: --workspace FOLDER."
        raise InputError(message)
    said = legal_reading.take_back(workspace, path)
    say(
        f"{path} says something new of {len(said)} measures{': ' if said else ''}{', '.join(said)}."
    )


def _as_json(measure: Measure) -> dict[str, object]:
    fields = measure.model_dump(mode="json")
    return {**fields, "comes_from": measure.comes_from, "version": measure.version}


def _table(measures: list[Measure]) -> Table:
    table = Table("Code", "Measure", "Decided by", "Deadlines", "Checked by")
    for measure in measures:
        checked = f"{measure.checked_by}, {measure.checked_on}" if measure.checked_by else "nobody"
        table.add_row(
            measure.code, measure.name, measure.decided_by, str(len(measure.clock) or ""), checked
        )
    return table


def _table_to_read(measures: list[Measure]) -> Table:
    """Tabulate what is to be read: where each measure stands, and which deadlines are unread."""
    table = Table("Code", "Measure", "Where it stands, and what is from memory", "Deadlines unread")
    for measure in measures:
        steps = [
            step.step
            for step in measure.clock
            if step.provenance is None or not step.provenance.is_read
        ]
        table.add_row(measure.code, measure.name, measure.comes_from, ", ".join(steps))
    return table


@app.command()
def deadlines(  # noqa: PLR0913 - one option each
    code: Annotated[str, typer.Argument(help="Code of the measure, such as LA51.")],
    given: Annotated[
        str, typer.Option(help="Day or moment of its first event: 2026-11-02 or 2026-11-02T14:30.")
    ] = "",
    event: Annotated[
        list[str] | None,
        typer.Option(help="Any event of its clock, as name=2026-12-08; can be repeated."),
    ] = None,
    workspace: MaybeWorkspace = None,
    ics: Annotated[Path | None, typer.Option(help="Write a calendar file.")] = None,
    reference: Annotated[str, typer.Option(help="The case's reference for the calendar.")] = "",
    *,
    as_json: JsonOption = False,
) -> None:
    """Compute the deadlines of a measure from what has happened.

    Each event that its clock counts from or leads to can be given by name; a name that is none of
    them is answered with the list.
    """
    opened = _opened(workspace)
    happened = _happened(measure_catalogue.measure_of(opened, code), given, event or [])
    due_dates = measure_catalogue.deadlines_of(opened, code, happened)
    if ics is not None:
        content = calendar_file(code, reference, due_dates, datetime.now(UTC))
        ics.write_bytes(content)
        say(f"{ics} holds {len(due_dates)} deadlines.")
    if as_json:
        print_json([_row(deadline) for deadline in due_dates])
        return
    table = Table()
    table.add_column("Due", no_wrap=True)
    for title in ("What", "Rule", "Source", "Taken for granted"):
        table.add_column(title)
    for deadline in due_dates:
        at = deadline.due_at
        due = f"{at:%a %d %b %Y %H:%M}" if at else f"{deadline.due_on:%a %d %b %Y}"
        table.add_row(due, deadline.says, deadline.rule, deadline.source, deadline.assumption)
    out.print(table)
    for step in measure_catalogue.waiting_for(opened, code, happened):
        say(f"Give the day with --event {step.after}=... for: {step.says}.")
    for caution in dict.fromkeys(text for one in due_dates for text in one.cautions):
        say(f"{code}: {caution}.")


def _happened(measure: Measure, given: str, pairs: list[str]) -> dict[str, Moment]:
    """Read when events happened: the first by `--given`, any by its name."""
    events = events_of(measure.clock)
    happened: dict[str, Moment] = {}
    if given:
        happened[events[0] if events else "given"] = measure_catalogue.moment_of(given)
    for pair in pairs:
        name, _, when = pair.partition("=")
        if not when:
            message = f"'{pair}' is no event; write its name and day as heard=2026-12-08."
            raise InputError(message)
        happened[name.strip().replace(" ", "_")] = measure_catalogue.moment_of(when.strip())
    return happened


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
        "provenance": deadline.provenance.model_dump(mode="json") if deadline.provenance else None,
    }


def _opened(folder: Path | None) -> Workspace | None:
    return open_workspace(folder) if folder is not None else None
