"""The command line: make a workspace, import, detect, serve, and look after it.

Only the module of the command that is called is imported, so that help comes at once.
"""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module

from typer import Typer

from hotspot.cli.common import app, err
from hotspot.errors import HotspotError
from hotspot.settings import PRIVATE

COMMANDS = {
    "init": ("data", "Make a workspace for an area."),
    "mapping": (
        "data",
        "Print the mapping that a file's columns propose, to be edited and given to --mapping.",
    ),
    "import": (
        "data",
        "Import files, all or nothing, and print the balance sheet; status 1 where no row is used.",
    ),
    "detect": ("data", "Find hotspots in the workspace's records."),
    "export": (
        "exporting",
        "Write hotspots or actions as a file for others, as partners may have them.",
    ),
    "digest": (
        "digest",
        "Write what falls due in the next days as a text that the force mails by its own means.",
    ),
    "measures": (
        "measures",
        "List the measures, checking the catalogue and the force's own file on the way.",
    ),
    "deadlines": ("measures", "Compute the deadlines of a measure from what has happened."),
    "withdraw": ("retention", "Withdraw a wrong import: its rows count no longer."),
    "purge": ("retention", "Erase raw records whose time is over and that nothing holds."),
    "rotate-pseudonyms": (
        "retention",
        "Wrap the children's pseudonyms under a new key; stop the server first.",
    ),
    "serve": (
        "serving",
        "Serve a workspace to its accounts; a proxy with TLS makes it reachable for others.",
    ),
    "demo": ("serving", "Serve the demonstration: invented data, made on the first call."),
    "freeze": (
        "snapshots",
        "Run with the defaults, freeze the result, and step the register of hotspots on.",
    ),
    "snapshots": ("snapshots", "List the snapshots, the newest first."),
    "replay": (
        "snapshots",
        "Find the hotspots of a snapshot again, or show them as frozen, and say which.",
    ),
    "backup": (
        "upkeep",
        "Back up a workspace into one file, while it is used. The file holds keys: guard it.",
    ),
    "restore": ("upkeep", "Restore a backup into a new folder, after checking every file in it."),
    "doctor": (
        "upkeep",
        "Examine a workspace and this machine; exit status 1 tells that something is wrong.",
    ),
    "audit": ("audit", "The log: check it, keep its head elsewhere."),
    "user": ("users", "Accounts: who may sign in, as what."),
}
"""Each command, the module that has it, and its line in the help (a test compares the two)."""


def load(arguments: list[str]) -> None:
    """Import the module of the command that is called; for help, only name the commands."""
    called = next((argument for argument in arguments if not argument.startswith("-")), "")
    if called in COMMANDS:
        import_module(f"hotspot.cli.{COMMANDS[called][0]}")
        return
    for name, (_, line) in COMMANDS.items():
        app.command(name, help=line)(_nothing)


def load_all() -> Typer:
    """Import the modules of all commands, and give the program."""
    for module in sorted({module for module, _ in COMMANDS.values()}):
        import_module(f"hotspot.cli.{module}")
    return app


def _nothing() -> None:
    """Stand for a command in the help."""


def main() -> None:
    """Run the command line; an error of Hotspot's is one plain line and exit status 2."""
    os.umask(PRIVATE)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    load(sys.argv[1:])
    try:
        app(prog_name="hotspot")
    except HotspotError as error:
        err.print(f"hotspot: {error}", markup=False, soft_wrap=True)
        sys.exit(2)
