"""Make and open workspaces: one force area's settings, database, records and exports."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely import is_valid
from shapely.errors import ShapelyError
from shapely.geometry import shape

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, require
from hotspot.errors import InputError, StoreError
from hotspot.schema import Area
from hotspot.settings import SAMPLE_FOLDER, WorkspaceSettings, load_settings, save_settings
from hotspot.store.database import Database, open_database, sqlite_url
from hotspot.store.unit_of_work import UnitOfWork, unit_of_work

SAMPLE_AREA = "sample"


@dataclass(frozen=True)
class Workspace:
    """An open workspace.

    Attributes
    ----------
    folder
        Where it lies.
    settings, area
        What it is set to and which area it covers.
    engine
        Its database.
    key
        The secret key of its pseudonyms, 32 bytes.
    """

    folder: Path
    settings: WorkspaceSettings
    area: Area
    engine: Database
    key: bytes

    @property
    def records(self) -> Path:
        """Folder of the record files."""
        return self.folder / "records"

    @property
    def basemap(self) -> str:
        """GeoJSON text of the basemap; an empty collection where there is none."""
        path = self.folder / "basemap.geojson"
        if path.exists():
            return path.read_text(encoding="utf-8")
        return '{"type":"FeatureCollection","features":[]}'


@contextmanager
def work_on(workspace: Workspace, actor: Actor, operation: Operation) -> Iterator[UnitOfWork]:
    """Check the permission and open a unit of work: the first line of every service."""
    require(actor, operation)
    with unit_of_work(workspace.engine, actor, operation) as work:
        yield work


def init_workspace(actor: Actor, folder: Path, area: str, *, demo: bool = False) -> Workspace:
    """Make a workspace in a new or empty folder.

    Parameters
    ----------
    area
        "sample", or the path of a GeoJSON file with one feature of `level` "force" (its
        properties: `name`, and optionally `margin_m` and `outside_limit`) and any number of
        `level` "district" (`name`).

    Raises
    ------
    StoreError
        The folder is not empty or cannot be written.
    InputError
        The area file cannot be used.
    """
    require(actor, Operation.CREATE_WORKSPACE)
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty; choose a new folder for the workspace."
        raise StoreError(message)
    source = SAMPLE_FOLDER / "area.geojson" if area == SAMPLE_AREA else Path(area)
    parsed = read_area(source)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / "area.geojson")
        if area == SAMPLE_AREA:
            shutil.copyfile(SAMPLE_FOLDER / "basemap.geojson", folder / "basemap.geojson")
        else:
            _write_outline_basemap(folder / "basemap.geojson", parsed)
        _write_key(folder / "secrets" / "pseudonym.key")
        save_settings(folder / "workspace.json", WorkspaceSettings(name=parsed.name, demo=demo))
    except OSError as error:
        message = f"{folder} cannot be written ({error.strerror}); choose another folder."
        raise StoreError(message) from error
    workspace = open_workspace(folder)
    with work_on(workspace, actor, Operation.CREATE_WORKSPACE) as work:
        work.log("workspace", shape={"demo": demo, "districts": len(parsed.districts)})
    return workspace


def open_workspace(folder: Path) -> Workspace:
    """Open a workspace, upgrading its database after a backup where it is older.

    Raises
    ------
    StoreError
        It is no workspace, is damaged, or was written by a newer version.
    """
    settings = load_settings(folder / "workspace.json")
    try:
        key = (folder / "secrets" / "pseudonym.key").read_bytes()
    except OSError as error:
        message = f"{folder} has lost secrets/pseudonym.key; restore it from a backup."
        raise StoreError(message) from error
    url = settings.database_url or sqlite_url(folder / "hotspot.db")
    engine = open_database(url, folder / "backups")
    return Workspace(folder, settings, read_area(folder / "area.geojson"), engine, key)


def note_served(workspace: Workspace, actor: Actor, only_user: str) -> None:
    """Log that a workspace is served, and to whom."""
    with work_on(workspace, actor, Operation.SERVE_WORKSPACE) as work:
        recipients = only_user or "demonstration users"
        work.log("workspace", shape={"demo": workspace.settings.demo}, recipients=recipients)


def read_area(path: Path) -> Area:
    """Read an area file.

    Raises
    ------
    InputError
        It is missing, is not GeoJSON, or does not have exactly one valid force boundary.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        force = [f for f in features if f["properties"].get("level") == "force"]
        districts = [f for f in features if f["properties"].get("level") == "district"]
        shapes = {str(f["properties"]["name"]): shape(f["geometry"]) for f in districts}
        boundary = shape(force[0]["geometry"]) if len(force) == 1 else None
        if boundary is None or not is_valid(boundary) or boundary.geom_type not in _AREAL:
            message = f"{path.name} must have exactly one valid polygon of level 'force'."
            raise InputError(message)
        named = force[0]["properties"]
        limits = {name: float(named[name]) for name in _LIMITS if name in named}
        return Area(str(named["name"]), boundary, shapes, **limits)
    except FileNotFoundError as error:
        message = f"There is no area file {path}; give --area sample or the path of a GeoJSON file."
        raise InputError(message) from error
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
        if isinstance(error, InputError):
            raise
        message = f"{path.name} is no area file ({error!r}); see docs/area-files.md for the form."
        raise InputError(message) from error


_AREAL = ("Polygon", "MultiPolygon")
_LIMITS = ("margin_m", "outside_limit")


def _write_outline_basemap(path: Path, area: Area) -> None:
    """Draw the boundary and districts alone, until the force puts its own basemap there."""
    layers: list[tuple[str, str, Any]] = [("land", area.name, area.boundary)]
    layers += [("district", name, ground) for name, ground in area.districts.items()]
    layers.append(("force", area.name, area.boundary.boundary))
    features = [
        {"type": "Feature", "properties": {"layer": layer, "name": name},
         "geometry": ground.__geo_interface__}
        for layer, name, ground in layers
    ]  # fmt: skip
    content = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(content), encoding="utf-8")


def _write_key(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))


def display_name(path: Path) -> str:
    """Give a file's name as screens and the log may show it: no control characters, not long."""
    return re.sub(r"[^\w .()+-]", "_", path.name)[:120]
