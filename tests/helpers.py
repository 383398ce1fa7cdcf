"""What tests of many rooms need: runs, actions, accounts, the log."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pandas as pd

from hotspot.access.actor import COMMAND_LINE_ROLES, Actor, UserRole
from hotspot.analysis.detection.run import Run
from hotspot.disruption.actions import RecordAction
from hotspot.services.hotspots import runs
from hotspot.services.people import accounts
from hotspot.services.workspace.folder import Workspace
from hotspot.store import audit
from hotspot.store.unit_of_work import reading

FORCE = ["incidents", "missing"]
PASSWORD = "lantern gravel otter sixpence"
SHELL = Actor("shell", COMMAND_LINE_ROLES)
AGENCY = "Stoke-on-Trent City Council"
PARTNERS = (UserRole.VIEWER, UserRole.COUNCIL_LICENSING)


def run_apart(task: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine in a thread of its own: the browser's driver has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, task).result()


def log_of(workspace: Workspace) -> pd.DataFrame:
    """All rows of the log, oldest first."""
    with reading(workspace.engine) as connection:
        return audit.audit_rows(connection)


def run_of(workspace: Workspace, actor: Actor) -> Run:
    """A run with the defaults on the force's own records."""
    held = runs.holdings(workspace)
    return runs.detect_hotspots(workspace, actor, FORCE, runs.default_params(held, FORCE))


def an_action(command: str = "one", **changes: object) -> RecordAction:
    """An action that can be recorded."""
    fields = {
        "measure_code": "YOUTH",
        "owner": "Sgt",
        "agency": AGENCY,
        "due_on": date(2026, 12, 1),
    }
    return RecordAction(command, **(fields | changes))  # type: ignore[arg-type]


def a_holder(role: UserRole, name: str = "", district: str = "Stoke-on-Trent") -> accounts.Holder:
    """Someone of a role; partners work for the city council and see one district."""
    is_partner = role in PARTNERS
    return accounts.Holder(
        name or role.value,
        f"A {role.value}",
        frozenset({role}),
        AGENCY if is_partner else "Staffordshire Police",
        frozenset({district}) if is_partner else frozenset(),
    )


def add_person(
    workspace: Workspace, role: UserRole, name: str = "", district: str = "Stoke-on-Trent"
) -> str:
    """Make an account that signs in with `PASSWORD`; give its name."""
    holder = a_holder(role, name, district)
    accounts.add_account(workspace, SHELL, holder, PASSWORD)
    return holder.name


def actor_of_role(role: UserRole, district: str = "Stoke-on-Trent") -> Actor:
    """An actor of a role, without an account."""
    holder = a_holder(role, district=district)
    return Actor(f"a {role}", holder.roles, holder.agency, holder.districts, session="0" * 16)
