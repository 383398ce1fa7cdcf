"""Commands that freeze what is briefed, and replay it."""

from __future__ import annotations

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
    progress,
    say,
)
from hotspot.cli.data import day_of
from hotspot.schema import how_many
from hotspot.services.hotspots import lineages, replays
from hotspot.services.hotspots import snapshots as service
from hotspot.services.hotspots.cautions import cautions_of
from hotspot.services.hotspots.runs import choose_sources, default_params, detect_hotspots, holdings
from hotspot.services.workspace.folder import open_workspace


@app.command()
def freeze(
    name: Annotated[str, typer.Argument(help="Name of the snapshot, for example 2026-11.")],
    workspace: WorkspaceOption,
    *,
    source: Annotated[
        list[str] | None, typer.Option(help="Source to run on; may be given several times.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day or month.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day or month, included.")] = None,
    note: Annotated[str, typer.Option(help="What it was frozen for.")] = "",
) -> None:
    """Run with the defaults, freeze the result, and step the register of hotspots on."""
    opened, actor = open_workspace(workspace), command_line_actor()
    held = holdings(opened)
    sources = choose_sources(held, source)
    params = default_params(held, sources)
    params = params.replace(
        start=day_of(start, "--from", last=False) or params.start,
        end=day_of(end, "--to", last=True) or params.end,
    )
    progress(f"finding hotspots in {', '.join(sources)}")
    run = detect_hotspots(opened, actor, sources, params)
    for caution in cautions_of(opened, actor, run, sources):
        say(f"Caution: {caution}")
    number = service.freeze(opened, actor, run, sources, name, note=note)
    lineage = lineages.lineage_of(opened, actor)
    table = Table("Number", "Name", "Event", "Events")
    for row in lineage[lineage["snapshot_id"] == number].to_dict("records"):
        table.add_row(row["hotspot"], row["name"], row["event"], f"{row['events']:,}")
    out.print(table)
    say(f"Snapshot {number} ({name}) is frozen: {how_many(len(run.hotspots), 'hotspot')}.")


@app.command()
def snapshots(workspace: WorkspaceOption, *, as_json: JsonOption = False) -> None:
    """List the snapshots, the newest first."""
    held = service.list_snapshots(open_workspace(workspace), command_line_actor())
    shown = held[["snapshot_id", "name", "taken_at", "taken_by", "note", "since", "result_sha256"]]
    rows = shown.assign(taken_at=[at.isoformat() for at in shown["taken_at"]]).to_dict("records")
    if as_json:
        print_json([{str(name): value for name, value in row.items()} for row in rows])
        return
    table = Table("No.", "Name", "Frozen", "By", "Since then")
    for row in rows:
        table.add_row(
            str(row["snapshot_id"]),
            row["name"],
            row["taken_at"][:16],
            row["taken_by"],
            row["since"],
        )
    out.print(table)


@app.command()
def replay(
    number: Annotated[int, typer.Argument(help="Number of the snapshot.")],
    workspace: WorkspaceOption,
) -> None:
    """Find the hotspots of a snapshot again, or show them as frozen, and say which."""
    again = replays.replay(open_workspace(workspace), command_line_actor(), number)
    table = Table("Number", "Key", "Children", "Events")
    for row in again.hotspots.to_dict("records"):
        children = "not known" if row["children"] is None else f"{row['children']:.0f}"
        table.add_row(row["hotspot"], row["key"], children, f"{row['events']:,}")
    out.print(table)
    say(again.text)
    if not again.is_same:
        raise typer.Exit(1)
