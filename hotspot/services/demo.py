"""Make the demonstration from the invented sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hotspot.access.actor import COMMAND_LINE_ROLES, Actor
from hotspot.errors import StoreError
from hotspot.services.imports import import_files
from hotspot.services.workspace import SAMPLE_AREA, Workspace, init_workspace, open_workspace
from hotspot.settings import SAMPLE_FOLDER
from hotspot.store import repository
from hotspot.store.unit_of_work import reading

BUILDER = Actor("demonstration", COMMAND_LINE_ROLES)
SAMPLE_FILES = {
    "missing": "missing_episodes.xlsx",
    "incidents": "incidents.csv",
    "licensing": "licensing_register.csv",
    "food-hygiene": "food_hygiene.xml",
    "places": "places.geojson",
}


def open_demo(folder: Path, progress: Callable[[str], None] = lambda _: None) -> Workspace:
    """Open the demonstration in a folder, making it first where there is none.

    Raises
    ------
    StoreError
        The folder holds a workspace that is not the demonstration.
    """
    if (folder / "workspace.json").exists():
        workspace = open_workspace(folder)
        if not workspace.settings.demo:
            message = f"{folder} is a real workspace; serve it with: hotspot serve -w {folder}"
            raise StoreError(message)
    else:
        progress(f"making the demonstration in {folder}")
        workspace = init_workspace(BUILDER, folder, SAMPLE_AREA, demo=True)
    for source, name in SAMPLE_FILES.items():
        if not _is_imported(workspace, source):
            import_files(workspace, BUILDER, source, [SAMPLE_FOLDER / name], progress=progress)
    return workspace


def _is_imported(workspace: Workspace, source: str) -> bool:
    with reading(workspace.engine) as connection:
        return repository.has_import(connection, source)
