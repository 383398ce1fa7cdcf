"""The command line: make a workspace, import, detect, serve."""

from __future__ import annotations

import getpass
import json
import logging
import os
import subprocess
import sys
import threading
import webbrowser
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from hotspot import Run
from hotspot.access.actor import COMMAND_LINE_ROLES, Actor
from hotspot.errors import HotspotError, InputError
from hotspot.params import Params
from hotspot.schema import SOURCES
from hotspot.services.demo import open_demo
from hotspot.services.imports import REASONS_TEXT, ImportReport, import_files
from hotspot.services.runs import (
    choose_sources,
    default_params,
    detect_hotspots,
    holdings,
    last_day_of,
)
from hotspot.services.workspace import Workspace, init_workspace, note_served, open_workspace
from hotspot.settings import (
    APP_FILE,
    ONLY_USER_VARIABLE,
    STREAMLIT_OPTIONS,
    WORKSPACE_VARIABLE,
)

app = typer.Typer(
    name="hotspot",
    help="Find hotspots of child exploitation and keep what is done about them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
_err = Console(stderr=True, highlight=False)
_out = Console(highlight=False, soft_wrap=True)

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="The workspace's folder.", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
PortOption = Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)]
OpenOption = Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")]


def main() -> None:
    """Run the command line; an error of Hotspot's is one plain line and exit status 2."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app(prog_name="hotspot")
    except HotspotError as error:
        _err.print(f"hotspot: {error}", markup=False, soft_wrap=True)
        sys.exit(2)


@app.command()
def init(
    workspace: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    area: Annotated[str, typer.Option(help='"sample", or the path of an area file (GeoJSON).')],
) -> None:
    """Make a workspace for an area."""
    made = init_workspace(_actor(), workspace, area)
    _err.print(f"Made the workspace {workspace} for {made.area.name}.", markup=False)


@app.command("import")
def import_(
    source: Annotated[str, typer.Argument(help=f"One of: {', '.join(SOURCES)}.")],
    files: Annotated[list[Path], typer.Argument(help="Files of that source.")],
    workspace: WorkspaceOption,
    *,
    outside_ok: Annotated[
        bool, typer.Option("--outside-ok", help="Import though many rows lie outside the area.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Import files, all or nothing, and print the balance sheet."""
    report = import_files(
        open_workspace(workspace),
        _actor(),
        source,
        files,
        outside_ok=outside_ok,
        progress=_progress,
    )
    if as_json:
        _print_json(report.as_dict())
    else:
        _print_report(report)


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
        "start": _day(start, "--from", last=False),
        "end": _day(end, "--to", last=True),
        "resolution": resolution,
        "rings": rings,
        "min_weight": min_weight,
        "min_children": min_children,
    }
    params = _with_given(default_params(held, sources), given)
    _progress(f"finding hotspots in {', '.join(sources)}")
    run = detect_hotspots(opened, _actor(), sources, params)
    if as_json:
        _print_json({"sources": sources, **run.as_dict()})
        return
    _print_run(run)


@app.command()
def serve(
    workspace: WorkspaceOption,
    *,
    only_user: Annotated[
        str, typer.Option(help="Your name, as the log shall show it. There is no sign-in yet.")
    ] = "",
    port: PortOption = 8501,
    open_browser: OpenOption = False,
) -> None:
    """Serve a workspace on this machine only."""
    opened = open_workspace(workspace)
    if not opened.settings.demo and not only_user.strip():
        message = (
            "There is no sign-in yet, so a real workspace is served to one named person only: "
            "add --only-user NAME."
        )
        raise InputError(message)
    _serve(opened, port, only_user.strip(), open_browser=open_browser)


@app.command()
def demo(
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="Where the demonstration is kept.")
    ] = Path("demo-workspace"),
    *,
    port: PortOption = 8501,
    open_browser: OpenOption = False,
) -> None:
    """Serve the demonstration: invented data, made on the first call."""
    _serve(open_demo(workspace, _progress), port, "", open_browser=open_browser)


def _serve(workspace: Workspace, port: int, only_user: str, *, open_browser: bool) -> None:
    """Run the app's server until it is stopped."""
    note_served(workspace, _actor(), only_user)
    address = f"http://127.0.0.1:{port}"
    options = {**STREAMLIT_OPTIONS, "server.port": str(port)}
    command = [sys.executable, "-m", "streamlit", "run", str(APP_FILE)]
    command += [f"--{name}={value}" for name, value in options.items()]
    environment = os.environ | {
        WORKSPACE_VARIABLE: str(workspace.folder.resolve()),
        ONLY_USER_VARIABLE: only_user,
        "PYTHONPATH": os.pathsep.join(
            part for part in (str(APP_FILE.parent), os.environ.get("PYTHONPATH", "")) if part
        ),
    }
    workspace.engine.dispose()
    who = f"for {only_user}" if only_user else "choose a demonstration user at the top left"
    _err.print(
        f"Hotspot serves {workspace.settings.name} at {address} ({who}). Stop with Ctrl+C.",
        markup=False,
    )
    if open_browser:
        threading.Timer(3.0, webbrowser.open, [address]).start()
    try:
        status = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        status = 0
    if status:
        raise typer.Exit(status)


def _actor() -> Actor:
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = "unknown"
    return Actor(f"{name} (command line)", COMMAND_LINE_ROLES)


def _with_given(params: Params, given: dict[str, Any]) -> Params:
    return params.replace(**{name: value for name, value in given.items() if value is not None})


def _day(text: str | None, option: str, *, last: bool) -> date | None:
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


def _progress(text: str) -> None:
    _err.print(f"... {text}", markup=False)


def _print_json(content: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


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
        _out.print(table)
    _out.print(run.explain(), markup=False)


def _print_report(report: ImportReport) -> None:
    table = Table("Rows", "Number", "Why", title=f"Balance sheet of {report.source}")
    balance = report.balance
    table.add_row("in", f"{balance.rows_in:,}", "")
    table.add_row("used", f"{balance.used:,}", "")
    for kind, reasons in (("set aside", balance.set_aside), ("rejected", balance.rejected)):
        for reason, count in sorted(reasons.items()):
            table.add_row(kind, f"{count:,}", f"{reason}: {REASONS_TEXT[reason]}")
    _out.print(table)
    for note in report.notes:
        _out.print(f"Note: {note}", markup=False)
