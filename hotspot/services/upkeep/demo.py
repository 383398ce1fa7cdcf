"""Make the demonstration from the invented sample."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from hotspot.access.actor import COMMAND_LINE_ROLES, Actor, UserRole
from hotspot.errors import StoreError
from hotspot.services.people.accounts import Holder, add_account
from hotspot.services.records import calendars
from hotspot.services.records.imports import import_files
from hotspot.services.workspace.folder import SAMPLE_AREA, Workspace, init_workspace, open_workspace
from hotspot.settings import SAMPLE_FOLDER
from hotspot.store import accounts, datasets
from hotspot.store import calendars as calendar_store
from hotspot.store.unit_of_work import reading

BUILDER = Actor("demonstration", COMMAND_LINE_ROLES)
POLICE = "Staffordshire Police"
PEOPLE = (
    Holder("asha", "Asha Analyst (demo)", frozenset({UserRole.ANALYST}), POLICE),
    Holder("lee", "Lee Licensing (demo)", frozenset({UserRole.POLICE_LICENSING}), POLICE),
    Holder("drew", "Drew Disruption (demo)", frozenset({UserRole.DISRUPTION_LEAD}), POLICE),
    Holder(
        "cory",
        "Cory Council (demo)",
        frozenset({UserRole.COUNCIL_LICENSING}),
        "Stoke-on-Trent City Council",
        frozenset({"Stoke-on-Trent"}),
    ),
    Holder(
        "vic",
        "Vic Viewer (demo)",
        frozenset({UserRole.VIEWER}),
        "Stoke-on-Trent City Council",
        frozenset({"Stoke-on-Trent"}),
    ),
    Holder("addie", "Addie Administrator (demo)", frozenset({UserRole.ADMINISTRATOR}), POLICE),
    Holder("audrey", "Audrey Auditor (demo)", frozenset({UserRole.AUDITOR}), POLICE),
)
"""Invented users, one for each role; they sign in with one click, on this machine only."""
SAMPLE_FILES = {
    "missing": "missing_episodes.xlsx",
    "incidents": "incidents.csv",
    "licensing": "licensing_register.csv",
    "food-hygiene": "food_hygiene.xml",
    "places": "places.geojson",
}


HOLIDAYS = (
    ("Autumn half-term 2025", "2025-10-25", "2025-11-02"),
    ("Christmas 2025", "2025-12-20", "2026-01-04"),
    ("Spring half-term 2026", "2026-02-14", "2026-02-22"),
    ("Easter 2026", "2026-03-28", "2026-04-12"),
    ("Summer half-term 2026", "2026-05-23", "2026-05-31"),
    ("Summer 2026", "2026-07-22", "2026-09-01"),
    ("Autumn half-term 2026", "2026-10-24", "2026-11-01"),
)
"""Invented school holidays: no authority's own."""


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
    with reading(workspace.engine) as connection:
        known = {account.name for account in accounts.list_accounts(connection)}
        has_holidays = len(calendar_store.list_holidays(connection)) > 0
    for holder in PEOPLE:
        if holder.name not in known:
            add_account(workspace, BUILDER, holder, None)
    for name, first, last in () if has_holidays else HOLIDAYS:
        calendars.enter_holiday(
            workspace, BUILDER, name, date.fromisoformat(first), date.fromisoformat(last)
        )
    return workspace


def _is_imported(workspace: Workspace, source: str) -> bool:
    with reading(workspace.engine) as connection:
        return datasets.has_import(connection, source)
