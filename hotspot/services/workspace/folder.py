"""Make and open workspaces: one force area's settings, database, records and exports."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from hotspot.access.actor import Actor
from hotspot.access.permissions import PERMISSIONS, Operation, Scope, require
from hotspot.access.sessions import SessionPolicy
from hotspot.errors import InputError, NotAllowedError, StoreError
from hotspot.schema import Area
from hotspot.services.workspace.area_files import area_of, read_area, write_area
from hotspot.services.workspace.keys import (
    Keys,
    check_identity,
    complete_keys,
    make_keys,
    mark_identity,
    read_keys,
    settle_rotation,
)
from hotspot.services.workspace.network_drives import is_network_drive
from hotspot.services.workspace.server_log import note
from hotspot.settings import SAMPLE_FOLDER, WorkspaceSettings, load_settings, save_settings
from hotspot.store import accounts
from hotspot.store.audit import note_upgrade, read_head, seal_older, tables_as_logged
from hotspot.store.backup import listed_files
from hotspot.store.database import (
    FIRST_REVISION,
    Database,
    Upgrade,
    open_database,
    sqlite_url,
)
from hotspot.store.facts import IDENTITY, PSEUDONYM_CHECK, read_fact, write_fact
from hotspot.store.unfinished import sweep, unfinished, waiting
from hotspot.store.unit_of_work import Connection, UnitOfWork, keeping_time, reading, unit_of_work

SAMPLE_AREA = "sample"
MAX_REASON = 300


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
    keys
        Its secret keys, which lie outside the database.
    """

    folder: Path
    settings: WorkspaceSettings
    area: Area
    engine: Database
    keys: Keys

    @property
    def records(self) -> Path:
        """Folder of the record files."""
        return self.folder / "records"

    @property
    def uploads(self) -> Path:
        """Folder of files that wait to be imported, under generated names."""
        return self.folder / "uploads"

    @property
    def unfinished(self) -> Path:
        """Folder of the lists of files that count only once something is done."""
        return self.folder / "unfinished"

    @property
    def reference(self) -> Path:
        """Folder of the Ordnance Survey's files that the force keeps here."""
        return self.folder / "reference"

    @property
    def basemap(self) -> str:
        """GeoJSON text of the basemap; an empty collection where there is none."""
        path = self.folder / "basemap.geojson"
        if path.exists():
            return path.read_text(encoding="utf-8")
        return '{"type":"FeatureCollection","features":[]}'


def permit(workspace: Workspace, actor: Actor, operation: Operation, reason: str = "") -> Scope:
    """Check the permission, and that a reason is given where the force asks for one.

    Raises
    ------
    NotAllowedError
        No role of the actor allows the operation.
    InputError
        The reason is missing.
    """
    try:
        scope = require(actor, operation)
    except NotAllowedError:
        roles = " ".join(sorted(actor.roles))
        note("refused", operation=operation.value, roles=roles, session=actor.session)
        raise
    kind = PERMISSIONS[operation].reason
    if kind is not None and kind.value in workspace.settings.reasons_for and not reason.strip():
        message = f"Say why you {operation.value}; the log of {kind.value} needs the reason."
        raise InputError(message)
    return scope


@contextmanager
def work_on(
    workspace: Workspace, actor: Actor, operation: Operation, reason: str = ""
) -> Iterator[UnitOfWork]:
    """Check permission and reason and open a unit of work: every service goes through here."""
    scope = permit(workspace, actor, operation, reason)
    reason = reason.strip()[:MAX_REASON]
    with (
        unfinished(workspace.unfinished) as files,
        unit_of_work(workspace.engine, workspace.keys.log, actor, operation, scope, reason) as work,
    ):
        work.files = files
        yield work


def sweep_leftovers(workspace: Workspace) -> int:
    """Take away what an import, a rotation or a backup that was killed left; return how many files.

    Only what such work had noted itself is taken, and nothing that the database lists.
    """
    if not waiting(workspace.unfinished):
        return 0
    listed = {workspace.records.absolute() / name for name in listed_files(workspace.engine)}
    swept = sweep(workspace.unfinished, lambda path: path in listed)
    if swept:
        note("leftovers taken away", files=swept)
    return swept


def init_workspace(  # noqa: PLR0913 - whose boundary it is, and which database
    actor: Actor,
    folder: Path,
    area: str,
    *,
    demo: bool = False,
    force: str = "",
    name_property: str = "",
    url: str = "",
) -> Workspace:
    """Make a workspace in a new or empty folder: nothing else makes a database or keys.

    Parameters
    ----------
    area
        "sample", or the path of a file with the force's boundary: see `area_files.area_of`.
    force, name_property
        Which of several boundaries is the force's, and the property that holds their names.
    url
        SQLAlchemy address of an empty database on a server; SQLite in the folder where none is
        given.

    Raises
    ------
    StoreError
        The folder or the database is not empty or cannot be written.
    InputError
        The area file cannot be used.
    """
    require(actor, Operation.CREATE_WORKSPACE)
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty; choose a new folder for the workspace."
        raise StoreError(message)
    is_sample = area == SAMPLE_AREA
    parsed = (
        read_area(SAMPLE_FOLDER / "area.geojson")
        if is_sample
        else area_of(Path(area), force, name_property)
    )
    if is_network_drive(folder):
        message = (
            f"{folder} is on a network drive, where SQLite cannot lock and loses writes. Choose a "
            "folder on this machine's own disk; keep backups on the share (hotspot backup)."
        )
        raise StoreError(message)
    ground = SAMPLE_FOLDER / "basemap.geojson" if is_sample else None
    settings = WorkspaceSettings(name=parsed.name, demo=demo, database_url=url)
    _write_folder(folder, parsed, ground, settings)
    _make_database(folder, url)
    workspace = open_workspace(folder)
    make_private(folder)
    with work_on(workspace, actor, Operation.CREATE_WORKSPACE) as work:
        work.seal_all()
        work.log("workspace", shape={"demo": demo, "districts": len(parsed.districts)})
    return workspace


def _write_folder(
    folder: Path, area: Area, ground: Path | None, settings: WorkspaceSettings
) -> None:
    """Write what a new workspace has beside its database; its outline where there is no ground."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_area(folder / "area.geojson", area)
        if ground is not None:
            shutil.copyfile(ground, folder / "basemap.geojson")
        else:
            _write_outline_basemap(folder / "basemap.geojson", area)
        make_keys(folder / "secrets")
        save_settings(folder / "workspace.json", settings)
    except OSError as error:
        message = f"{folder} cannot be written ({error.strerror}); choose another folder."
        raise StoreError(message) from error


def _make_database(folder: Path, url: str) -> None:
    """Make the tables and mark database and folder as one; refuse a database that is in use."""
    engine = open_database(url or sqlite_url(folder / "hotspot.db"), folder / "backups", makes=True)
    with keeping_time(engine) as connection:
        if read_fact(connection, IDENTITY) is not None or read_head(connection).audit_id:
            message = "The database has a workspace in it already; choose an empty one."
            raise StoreError(message)
        write_fact(connection, IDENTITY, mark_identity(folder))
    engine.dispose()


def make_private(folder: Path) -> None:
    """Let nobody but the owner reach a workspace's folder and what is in it."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)


def open_workspace(folder: Path) -> Workspace:
    """Open a workspace, upgrading its database after a backup where it is older.

    Raises
    ------
    StoreError
        It is no workspace, is damaged, or was written by a newer version.
    """
    settings = load_settings(folder / "workspace.json")
    url = settings.database_url or sqlite_url(folder / "hotspot.db")
    engine = open_database(url, folder / "backups", upgrade=_upgrade_of(folder))
    try:
        with reading(engine) as connection:
            read_head(connection)
            check_identity(folder, read_fact(connection, IDENTITY))
            settle_rotation(folder / "secrets", read_fact(connection, PSEUDONYM_CHECK))
        keys = read_keys(folder / "secrets")
    except StoreError:
        engine.dispose()
        raise
    return Workspace(folder, settings, read_area(folder / "area.geojson"), engine, keys)


def _upgrade_of(folder: Path) -> Upgrade:
    """Say what an upgrade does with the log and the identity: this, and nothing at any opening."""

    def before(connection: Connection, _revision: str) -> set[str]:
        return tables_as_logged(connection)

    def after(connection: Connection, revision: str, as_logged: set[str]) -> None:
        secrets = folder / "secrets"
        has_accounts = bool(accounts.count_accounts(connection))
        if revision == FIRST_REVISION:
            complete_keys(secrets, has_accounts=has_accounts)
        key = read_keys(secrets).log
        if revision == FIRST_REVISION:
            seal_older(connection, key)
        if read_fact(connection, IDENTITY) is None:
            write_fact(connection, IDENTITY, mark_identity(folder))
        note_upgrade(connection, key, revision, as_logged)

    return Upgrade(before, after)


def note_served(workspace: Workspace, actor: Actor, address: str) -> None:
    """Log that a workspace is served to its accounts, and where.

    Raises
    ------
    StoreError
        Nobody could sign in: there is no account yet.
    """
    with work_on(workspace, actor, Operation.SERVE_WORKSPACE) as work:
        known = accounts.count_accounts(work.connection)
        if not known and workspace.settings.sign_on is None:
            message = (
                "Nobody can sign in yet. Make the administrator first: "
                f"hotspot user add NAME --role administrator -w {workspace.folder}"
            )
            raise StoreError(message)
        shape = {"demo": workspace.settings.demo, "accounts": known}
        work.log("workspace", shape=shape, recipients=f"accounts at {address}")


def session_policy(settings: WorkspaceSettings) -> SessionPolicy:
    """Return when sessions end by themselves."""
    return SessionPolicy(
        timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.longest_hours)
    )


def _write_outline_basemap(path: Path, area: Area) -> None:
    """Draw the boundary and districts alone, until the force puts its own basemap there."""
    layers: list[tuple[str, str, Any]] = [("land", area.name, area.boundary)]
    layers += [("district", name, ground) for name, ground in area.districts.items()]
    layers.append(("force", area.name, area.boundary.boundary))
    features = [
        {
            "type": "Feature",
            "properties": {"layer": layer, "name": name},
            "geometry": ground.__geo_interface__,
        }
        for layer, name, ground in layers
    ]
    content = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(content), encoding="utf-8")


def display_name(path: Path) -> str:
    """Return a file's name as screens and the log may show it: no control characters, not long."""
    return re.sub(r"[^\w .()+-]", "_", path.name)[:120]
