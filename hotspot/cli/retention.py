"""Commands of the data's life: withdraw a wrong import, purge what is due, rotate keys."""

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
    say,
)
from hotspot.services.records import datasets
from hotspot.services.upkeep import retention, rotation
from hotspot.services.workspace.audit_names import hotspot_name
from hotspot.services.workspace.folder import open_workspace


@app.command()
def withdraw(
    number: Annotated[int, typer.Argument(help="Number of the import.")],
    why: Annotated[str, typer.Option(help="Why; it stays in the list of datasets.")],
    workspace: WorkspaceOption,
) -> None:
    """Withdraw a wrong import: its rows count no longer."""
    done = datasets.withdraw_import(open_workspace(workspace), command_line_actor(), number, why)
    say(f"Import {number} is withdrawn.")
    for again, name in done.import_again:
        say(f"Import {name} again (import {again}): it left out rows as known from before.")
    if done.hotspots:
        names = ", ".join(hotspot_name(hotspot) for hotspot in done.hotspots)
        say(f"Registered with its records: {names}. Look at them again.")


@app.command()
def purge(
    workspace: WorkspaceOption,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be erased.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase raw records whose time is over and that nothing holds."""
    done = retention.purge(open_workspace(workspace), command_line_actor(), is_dry=dry_run)
    if as_json:
        print_json(
            {
                "is_dry": done.is_dry,
                "rows": done.rows,
                "files": done.files[["source", "month", "rows"]].to_dict("records"),
                "held": done.held[["source", "month", "rows", "why"]].to_dict("records"),
                "hotspots": [hotspot_name(number) for number in done.hotspots],
                "snapshots": list(done.snapshots),
                "old_snapshots": list(done.old_snapshots),
            }
        )
        return
    table = Table("Source", "Month", "Records", "What")
    verb = "would be erased" if dry_run else "erased"
    for row in done.files.to_dict("records"):
        table.add_row(row["source"], row["month"], f"{row['rows']:,}", verb)
    for row in done.held.to_dict("records"):
        table.add_row(row["source"], row["month"], f"{row['rows']:,}", f"held: {row['why']}")
    if table.row_count:
        out.print(table)
    say(f"{done.rows:,} records {verb}; registers, hotspots and actions stay.")
    if done.hotspots:
        names = ", ".join(hotspot_name(number) for number in done.hotspots)
        say(f"These hotspots were registered with such records: {names}.")
    if done.old_snapshots:
        say(f"Snapshots whose own time is over, {verb}: {', '.join(done.old_snapshots)}.")
    if done.snapshots:
        say(
            f"These snapshots were made of such records and are shown as frozen from now on: "
            f"{', '.join(done.snapshots)}."
        )


@app.command("rotate-pseudonyms")
def rotate_pseudonyms(workspace: WorkspaceOption) -> None:
    """Wrap the children's pseudonyms under a new key; stop the server first."""
    count = rotation.rotate_pseudonyms(open_workspace(workspace), command_line_actor())
    say(f"{count:,} pseudonyms were changed; children are still the same from file to file.")
