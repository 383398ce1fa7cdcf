"""Commands of the monthly work: make a workspace, import, detect."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from hotspot import Run
from hotspot.cli.common import (
    JsonOption,
    WorkspaceOption,
    app,
    command_line_actor,
    out,
    print_json,
    progress,
    say,
)
from hotspot.errors import InputError
from hotspot.intake.fields.mapping import load_mapping
from hotspot.intake.rows.balance import REASONS
from hotspot.params import Params
from hotspot.schema import SOURCES
from hotspot.services.hotspots.cautions import cautions_of
from hotspot.services.hotspots.runs import (
    choose_sources,
    default_params,
    detect_hotspots,
    holdings,
    last_day_of,
)
from hotspot.services.records.imports import ImportPlan, ImportReport, import_files
from hotspot.services.records.previews import FileToRead, look
from hotspot.services.workspace.folder import init_workspace, open_workspace


@app.command()
def init(
    workspace: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    area: Annotated[
        str, typer.Option(help='"sample", or the path of a file with the boundary (GeoJSON, ...).')
    ],
    force: Annotated[
        str, typer.Option(help="Name of the force's boundary, where the file holds several.")
    ] = "",
    name_property: Annotated[
        str, typer.Option(help="Property of the file that holds the names.")
    ] = "",
    database_url: Annotated[
        str, typer.Option(help="Address of an empty database on a server (SQLAlchemy).")
    ] = "",
) -> None:
    """Make a workspace for an area."""
    made = init_workspace(
        command_line_actor(),
        workspace,
        area,
        force=force,
        name_property=name_property,
        url=database_url,
    )
    say(
        f"Made the workspace {workspace} for {made.area.name}. Make its administrator next: "
        f"hotspot user add NAME --role administrator -w {workspace}"
    )


@app.command("mapping")
def mapping_(
    source: Annotated[str, typer.Argument(help="The source that the file is for.")],
    file: Annotated[Path, typer.Argument(help="The file.")],
    workspace: WorkspaceOption,
) -> None:
    """Print the mapping that a file's columns propose, to be edited and given to --mapping."""
    first_look = look(
        open_workspace(workspace), command_line_actor(), source, FileToRead(file, file.name)
    )
    print_json(first_look.mapping.model_dump())
    for column, what in first_look.refused.items():
        say(f"'{column}' is not read: it seems to hold {what}.")
    for column, examples in first_look.columns.items():
        if column not in {*first_look.mapping.columns.values(), *first_look.refused}:
            say(f"'{column}' is not mapped ({', '.join(examples) or 'empty'}).")


@app.command("import")
def import_(  # noqa: PLR0913 - one option each
    source: Annotated[str, typer.Argument(help=f"One of: {', '.join(SOURCES)}.")],
    files: Annotated[list[Path], typer.Argument(help="Files of that source.")],
    workspace: WorkspaceOption,
    *,
    mapping: Annotated[
        Path | None, typer.Option(help="JSON file that says what each column means.")
    ] = None,
    accept: Annotated[
        list[str] | None, typer.Option(help="Say yes to a question, by its code.")
    ] = None,
    outside_ok: Annotated[
        bool, typer.Option("--outside-ok", help="Import though many rows lie outside the area.")
    ] = False,
    take_changes: Annotated[
        bool,
        typer.Option("--take-changes", help="Let changed rows take the place of earlier ones."),
    ] = False,
    supersedes: Annotated[
        int | None, typer.Option(help="Number of an import that this one takes the place of.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Import files, all or nothing, and print the balance sheet; status 1 where no row is used."""
    plan = ImportPlan(
        mapping=load_mapping(mapping) if mapping else None,
        accepted=frozenset(accept or ()),
        takes_changes=take_changes,
        supersedes=supersedes,
    )
    report = import_files(
        open_workspace(workspace),
        command_line_actor(),
        source,
        files,
        plan,
        outside_ok=outside_ok,
        progress=progress,
    )
    if as_json:
        print_json(report.as_dict())
    else:
        _print_report(report)
    if report.accepted_instead:
        say(report.accepted_instead)
        raise typer.Exit(1)


@app.command()
def detect(  # noqa: PLR0913 - one option each
    workspace: WorkspaceOption,
    *,
    source: Annotated[
        list[str] | None, typer.Option(help="Source to run on; may be given several times.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="First day (YYYY-MM-DD) or month (YYYY-MM).")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day or month, included.")] = None,
    resolution: Annotated[int | None, typer.Option(help="H3 resolution, 7 to 11.")] = None,
    rings: Annotated[int | None, typer.Option(help="Reach in grid steps.")] = None,
    min_weight: Annotated[
        float | None, typer.Option(help="Weight a core cell's reach holds.")
    ] = None,
    min_children: Annotated[
        int | None, typer.Option(help="Distinct children of a hotspot.")
    ] = None,
    mix_approximate: Annotated[
        bool, typer.Option("--mix-approximate", help="Mix snap points with the force's records.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find hotspots in the workspace's records."""
    opened = open_workspace(workspace)
    held = holdings(opened)
    sources = choose_sources(held, source, mix_approximate=mix_approximate)
    given = {
        "start": day_of(start, "--from", last=False),
        "end": day_of(end, "--to", last=True),
        "resolution": resolution,
        "rings": rings,
        "min_weight": min_weight,
        "min_children": min_children,
    }
    params = _with_given(default_params(held, sources), given)
    progress(f"finding hotspots in {', '.join(sources)}")
    actor = command_line_actor()
    run = detect_hotspots(opened, actor, sources, params)
    cautions = cautions_of(opened, actor, run, sources)
    if as_json:
        print_json({"sources": sources, "cautions": cautions, **_with_outlines(run)})
        return
    _print_run(run)
    for caution in cautions:
        out.print(f"Caution: {caution}", markup=False)


def _with_outlines(run: Run) -> dict[str, Any]:
    """Add to a run as JSON the outline of each hotspot, a GeoJSON geometry in WGS84 degrees."""
    plain = run.as_dict()
    plain["hotspots"] = [
        row | {"geometry": outline.__geo_interface__}
        for row, outline in zip(plain["hotspots"], run.hotspots.geometry, strict=True)
    ]
    return plain


def _with_given(params: Params, given: dict[str, Any]) -> Params:
    return params.replace(**{name: value for name, value in given.items() if value is not None})


def day_of(text: str | None, option: str, *, last: bool) -> date | None:
    """Read a day, or a month as its first or last day."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-10"):
            first = date.fromisoformat(f"{text}-01")
            return last_day_of(text) if last else first
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{option} is '{text}'; write a day as 2026-10-31 or a month as 2026-10."
        raise InputError(message) from error


def _print_run(run: Run) -> None:
    table = Table("Hotspot", "Events", "Children", "Days", "km²", "First", "Last", "Marks")
    for row in run.as_dict()["hotspots"]:
        marks = {"driven by one child": row["single_child"], "approximate": row["approximate"]}
        known = [row[name] for name in ("events", "children", "days")]
        table.add_row(
            row["key"],
            *("not known" if value is None else f"{value:.0f}" for value in known),
            f"{row['area_km2']:.3f}",
            row["first_on"],
            row["last_on"],
            ", ".join(name for name, on in marks.items() if on),
        )
    if table.row_count:
        out.print(table)
    out.print(run.explain(), markup=False)


def _print_report(report: ImportReport) -> None:
    table = Table("Rows", "Number", "Why", title=f"Balance sheet of {report.source}")
    balance = report.balance
    table.add_row("in", f"{balance.rows_in:,}", "")
    table.add_row("used", f"{balance.used:,}", "")
    for kind, reasons in (("set aside", balance.set_aside), ("rejected", balance.rejected)):
        for reason, count in sorted(reasons.items()):
            table.add_row(kind, f"{count:,}", f"{reason}: {REASONS[reason]}")
    out.print(table)
    for note in report.notes:
        out.print(f"Note: {note}", markup=False)
