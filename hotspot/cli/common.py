"""What all commands share: the program, its options, and how it prints."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from hotspot.access.actor import COMMAND_LINE_ROLES, Actor

app = typer.Typer(
    name="hotspot",
    help="Find hotspots of child exploitation and keep what is done about them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
err = Console(stderr=True, highlight=False)
out = Console(highlight=False, soft_wrap=True)

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="The workspace's folder.", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@app.callback()
def _group() -> None:
    """Keep a program of commands, also where only one of them was loaded."""


def command_line_actor() -> Actor:
    """Return who types the command, as the machine knows them."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = "unknown"
    return Actor(f"{name} (command line)", COMMAND_LINE_ROLES)


def progress(text: str) -> None:
    """Say on standard error what is being done."""
    err.print(f"... {text}", markup=False)


def say(text: str) -> None:
    """Say on standard error what was done."""
    err.print(text, markup=False, soft_wrap=True)


def print_json(content: dict[str, Any] | list[Any]) -> None:
    """Print plain values for other programs."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
