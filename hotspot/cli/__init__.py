"""The command line: make a workspace, import, detect, serve, and look after it."""

from __future__ import annotations

import logging
import sys

from hotspot.cli import audit, data, digest, measures, retention, serving, snapshots, upkeep, users
from hotspot.cli.common import app, err
from hotspot.errors import HotspotError

__all__ = [
    "app",
    "audit",
    "data",
    "digest",
    "main",
    "measures",
    "retention",
    "serving",
    "snapshots",
    "upkeep",
    "users",
]


def main() -> None:
    """Run the command line; an error of Hotspot's is one plain line and exit status 2."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app(prog_name="hotspot")
    except HotspotError as error:
        err.print(f"hotspot: {error}", markup=False, soft_wrap=True)
        sys.exit(2)
