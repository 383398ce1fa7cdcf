"""Commands that serve: a workspace, or the demonstration."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from hotspot.cli.common import WorkspaceOption, app, command_line_actor, progress, say
from hotspot.server.gate_setup import make_front
from hotspot.services.upkeep.demo import open_demo
from hotspot.services.upkeep.demo_story import tell_story
from hotspot.services.upkeep.log import head_of
from hotspot.services.workspace.folder import Workspace, note_served, open_workspace
from hotspot.services.workspace.ground_tiles import tiles_of
from hotspot.settings import APP_FILE, STREAMLIT_OPTIONS, WORKSPACE_VARIABLE

PortOption = Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)]
OpenOption = Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")]


@app.command()
def serve(
    workspace: WorkspaceOption, *, port: PortOption = 8501, open_browser: OpenOption = False
) -> None:
    """Serve a workspace to its accounts; a proxy with TLS makes it reachable for others."""
    _serve(open_workspace(workspace), port, "sign in with your account", open_browser=open_browser)


@app.command()
def demo(
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="Where the demonstration is kept.")
    ] = Path("demo-workspace"),
    *,
    port: PortOption = 8501,
    open_browser: OpenOption = False,
    story: Annotated[
        bool, typer.Option("--story", help="Tell an invented story too: actions, a meeting.")
    ] = False,
) -> None:
    """Serve the demonstration: invented data, made on the first call."""
    opened = open_demo(workspace, progress)
    if story:
        tell_story(opened, progress)
    _serve(opened, port, "sign in as an invented user with one click", open_browser=open_browser)


def _serve(workspace: Workspace, port: int, how: str, *, open_browser: bool) -> None:
    """Run the app's server until it is stopped."""
    tiles_of(workspace)  # says what is wrong with the settings before the server starts
    make_front(workspace, port)
    address = workspace.settings.public_address or f"http://127.0.0.1:{port}"
    note_served(workspace, command_line_actor(), address)
    head = head_of(workspace)
    options = {**STREAMLIT_OPTIONS, "server.port": str(port)}
    command = [sys.executable, "-m", "streamlit", "run", str(APP_FILE)]
    command += [f"--{name}={value}" for name, value in options.items()]
    environment = os.environ | {
        WORKSPACE_VARIABLE: str(workspace.folder.resolve()),
        "PYTHONPATH": os.pathsep.join(
            part for part in (str(APP_FILE.parent), os.environ.get("PYTHONPATH", "")) if part
        ),
    }
    workspace.engine.dispose()
    say(f"Hotspot serves {workspace.settings.name} at {address}: {how}. Stop with Ctrl+C.")
    say(f"The log has {head.audit_id} rows; its last seal is {head.seal[:16]}...")
    if open_browser:
        threading.Timer(3.0, webbrowser.open, [address]).start()
    with subprocess.Popen(command, env=environment) as server:  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())  # else it would go on alone
        try:
            status = server.wait()
        except KeyboardInterrupt:
            status = 0
    if status > 0:
        raise typer.Exit(status)
