"""Show premises and points of interest beside hotspots: context, no inference."""

from __future__ import annotations

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, Scope
from hotspot.analysis.detection.run import Run
from hotspot.analysis.surroundings.districts import points_in
from hotspot.analysis.surroundings.exposure import link_premises
from hotspot.errors import InputError
from hotspot.schema import PREMISES
from hotspot.services.workspace.audit_names import WHOLE_REGISTER, places_of_premises
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading

CAVEAT = (
    "Distance alone says nothing about a business: the premises listed are those that happen to be "
    "near. A premises is assessed on incidents of its own."
)
"""Stands beside every list of premises."""


def register_of_premises(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """Read the registers of premises, in the columns of `schema.PREMISES`.

    A council's licensing officer reads what lies in the officer's own districts, and what has no
    place and is in the register of the officer's own authority.
    """
    with work_on(workspace, actor, Operation.VIEW_REGISTER) as work:
        register = datasets.all_rows(work.connection, "premises")
        if work.scope is not Scope.ALL:
            theirs = points_in(workspace.area, actor.districts, register)
            theirs |= (register["lat"].isna() & (register["authority"] == actor.agency)).to_numpy()
            register = register[theirs].reset_index(drop=True)
        districts = sorted(actor.districts) if work.scope is not Scope.ALL else []
        work.log(
            "register of premises",
            rows=len(register),
            shape={"districts": districts},
            places=[WHOLE_REGISTER],
        )
    return register


def premises_near(
    workspace: Workspace,
    actor: Actor,
    run: Run,
    within_m: float,
    *,
    join_approximate: bool = False,
) -> pd.DataFrame:
    """Link premises to the hotspots of a run: their columns with `key` and `distance_m`.

    Raises
    ------
    InputError
        The run is made of snap points of open data: "on or near" is not "at".
    """
    if run.approximate and not join_approximate:
        message = (
            "Street-level open data are approximate: a snap point stands for eight or more "
            "addresses, so they are not joined to premises."
        )
        raise InputError(message)
    with work_on(workspace, actor, Operation.LINK_PREMISES) as work:
        register = datasets.all_rows(work.connection, "premises")
        linked = link_premises(run.hotspots, register[register["lat"].notna()], within_m)
        work.log(
            "premises near hotspots",
            rows=len(linked),
            shape={"within_m": within_m},
            places=places_of_premises(linked),
        )
    return linked


def all_places(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """Read all points of interest, in the columns of `schema.PLACES`."""
    with work_on(workspace, actor, Operation.VIEW_PLACES) as work:
        places = datasets.all_rows(work.connection, "places")
        work.log("points of interest", rows=len(places))
    return places


def no_premises() -> pd.DataFrame:
    """Return the table of `premises_near` without rows."""
    return pd.DataFrame(columns=[*PREMISES, "key", "distance_m"])


def version_of(workspace: Workspace) -> int:
    """Return a number that changes whenever anything was imported."""
    with reading(workspace.engine) as connection:
        return datasets.last_import(connection)
