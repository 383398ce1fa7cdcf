"""List actions, by what the reader may see of them, and let the list leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, Scope
from hotspot.analysis.detection.run import Run
from hotspot.analysis.surroundings.districts import outlines_in, points_in
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.tabular import write_table
from hotspot.disruption.action_table import ShownAt, action_table
from hotspot.disruption.actions import is_overdue
from hotspot.disruption.ladders import CLOSED, ActionState
from hotspot.errors import NotAllowedError, NotFoundError
from hotspot.services.hotspots.disclosures import named
from hotspot.services.hotspots.register import carried_by
from hotspot.services.hotspots.shared_texts import (
    clear_of_persons,
    names_for_others,
    texts_for_others,
    withheld_when_last_seen,
)
from hotspot.services.workspace.audit_names import hotspot_name, places_of_actions
from hotspot.services.workspace.exports import ExportFile, file_name, heading_of
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.services.workspace.measure_catalogue import catalogue_of, next_deadline
from hotspot.store import actions as stored_actions
from hotspot.store import hotspots, moments
from hotspot.store.unit_of_work import Connection, UnitOfWork, reading

PAPER_COLUMNS = (
    "action_id",
    "version",
    "premises_name",
    "measure_code",
    "measure",
    "owner",
    "agency",
    "due_on",
    "state",
    "stage",
    "stage_before",
    "outcome",
    "stands",
    "is_overdue",
    "next_due",
    "next_says",
    "is_own",
)


def list_actions(
    workspace: Workspace, actor: Actor, run: Run | None = None, today: date | None = None
) -> pd.DataFrame:
    """List actions, the soonest due first.

    Parameters
    ----------
    run
        With a run, each action also tells the `key` of the hotspot that now carries it (null where
        the run has none on that ground).
    today
        The day that decides what is overdue; the machine's day by default.

    Returns
    -------
    DataFrame
        The columns of the store with `hotspot` (HS-0001), `measure` (name), `stands` (where it
        stands, in words) and `is_overdue`.
    """
    with work_on(workspace, actor, Operation.VIEW_ACTIONS) as work:
        actions = narrowed(workspace, work, stored_actions.list_actions(work.connection))
        carried = carried_by(work.connection, run) if run is not None else {}
        work.log("actions", rows=len(actions), places=places_of_actions(actions))
        actions = for_reader(work, in_words(workspace, work, actions, today))
    if run is not None and work.scope is Scope.ALL:
        actions["key"] = actions["hotspot_id"].map(carried).astype(object)
    return actions


def list_papers(workspace: Workspace, actor: Actor, today: date | None = None) -> pd.DataFrame:
    """List what is done about premises in a council's own districts, the soonest due first.

    Returns
    -------
    DataFrame
        The columns of `PAPER_COLUMNS`: no hotspot, no note, nothing of police records. `is_own`
        tells what the officer's own agency does and the officer may move on.
    """
    with work_on(workspace, actor, Operation.VIEW_PAPERS) as work:
        actions = narrowed(workspace, work, stored_actions.list_actions(work.connection))
        papers = actions[is_paper(workspace, actions)].reset_index(drop=True)
        places = places_of_actions(papers)
        work.log("papers of premises", rows=len(papers), places=places)
        papers = in_words(workspace, work, papers, today)
    papers["is_own"] = papers["agency"] == actor.agency
    return papers[list(PAPER_COLUMNS)]


def export_actions(
    workspace: Workspace, actor: Actor, form: FileForm, recipients: str, reason: str
) -> ExportFile:
    """Prepare the list of actions for named recipients and log the disclosure.

    Raises
    ------
    InputError
        No recipient is named, or no reason where the force asks for one.
    """
    recipients = named(recipients)
    with work_on(workspace, actor, Operation.EXPORT_ACTIONS, reason) as work:
        actions = narrowed(workspace, work, stored_actions.list_actions(work.connection))
        places = places_of_actions(actions)
        shape = {"form": form.value}
        work.log("actions", rows=len(actions), shape=shape, places=places, recipients=recipients)
        actions = for_others(work.connection, in_words(workspace, work, actions))
    table = action_table(actions, ShownAt.EXPORT)
    heading = heading_of(workspace, f"Actions, {workspace.settings.name}", actor, recipients)
    name = file_name(workspace, "actions", form)
    content = write_table(table, form, heading)
    return ExportFile(name, form, content, tuple(sorted(places)), recipients)


def version_of(workspace: Workspace) -> int:
    """Return a number that changes whenever an action was recorded or changed."""
    with reading(workspace.engine) as connection:
        return stored_actions.last_action_event(connection)


def narrowed(workspace: Workspace, work: UnitOfWork, actions: pd.DataFrame) -> pd.DataFrame:
    """Leave what the scope of the permission covers.

    An action lies where its premises lie, or else where most of its hotspot lies.
    """
    if work.scope is Scope.ALL or actions.empty:
        return actions
    districts = work.actor.districts
    registered = hotspots.registered_hotspots(work.connection)
    inside = outlines_in(workspace.area, districts, registered.geometry)
    by_hotspot = actions["hotspot_id"].map(dict(zip(registered["hotspot_id"], inside, strict=True)))
    has_place = actions["premises_lat"].notna()
    places = actions[["premises_lng", "premises_lat"]].set_axis(["lng", "lat"], axis=1).fillna(0.0)
    by_premises = pd.Series(points_in(workspace.area, districts, places), index=actions.index)
    mine = by_premises.where(has_place, by_hotspot).astype(bool)
    if work.scope is Scope.OWN_WORK:
        mine &= actions["agency"] == work.actor.agency
    return actions[mine].reset_index(drop=True)


def visible(workspace: Workspace, work: UnitOfWork, action_id: int) -> pd.DataFrame:
    """Return the one row of an action that the actor may see.

    Raises
    ------
    NotFoundError
        There is none.
    """
    mine = narrowed(workspace, work, stored_actions.list_actions(work.connection))
    action = mine[mine["action_id"] == action_id]
    if action.empty:
        message = f"There is no action {action_id}."
        raise NotFoundError(message)
    return action


def changeable(workspace: Workspace, work: UnitOfWork, action_id: int) -> pd.DataFrame:
    """Return the one row of an action that the actor may change.

    Raises
    ------
    NotAllowedError
        It is another's.
    NotFoundError
        There is none.
    """
    every = stored_actions.list_actions(work.connection)
    mine = narrowed(workspace, work, every)
    mine = mine if work.scope is Scope.ALL else mine[is_paper(workspace, mine)]
    action = mine[mine["action_id"] == action_id]
    if action.empty and action_id in every["action_id"].tolist():
        message = f"Action {action_id} is not one of yours to change."
        raise NotAllowedError(message)
    if action.empty:
        message = f"There is no action {action_id}."
        raise NotFoundError(message)
    return action


_INSIDE = ("necessity", "victim_impact", "family_views", "sharing_agreement", "recorded_by")
"""Texts of an action that are the force's alone."""


def for_reader(work: UnitOfWork, actions: pd.DataFrame) -> pd.DataFrame:
    """Leave of listed actions what a partner may read of its own agency's; the force reads all."""
    if work.scope is Scope.ALL:
        return actions
    told = for_others(work.connection, actions).assign(**dict.fromkeys(_INSIDE, ""))
    return told.drop(columns=["hotspot_id", "recorded_by_id"])


def for_others(connection: Connection, actions: pd.DataFrame) -> pd.DataFrame:
    """Leave of listed actions what those outside the force may read.

    Hotspots are named as shared views name them, without numbers whose gaps would tell; one that
    is withheld is not named, and neither is it by a note.
    """
    names = names_for_others(connection, withheld_when_last_seen(connection))
    shown = notes_for_others(connection)
    return actions.assign(
        note=actions["note"].map(shown),
        outcome=actions["outcome"].map(shown),
        reference=actions["reference"].map(shown),
        hotspot=[names.get(int(number), "") for number in actions["hotspot_id"]],
    )


def notes_for_others(connection: Connection) -> Callable[[str], str]:
    """Make the filter of what was typed about an action."""
    shown = texts_for_others(connection, withheld_when_last_seen(connection))
    return lambda text: clear_of_persons(shown(text))


def is_paper(workspace: Workspace, actions: pd.DataFrame) -> pd.Series[bool]:
    """Tell which actions a council's licensing officer may know: those directed at premises."""
    of_premises = {c for c, m in catalogue_of(workspace).items() if m.is_of_premises}
    return actions["premises_ref"].notna() & actions["measure_code"].isin(of_premises)


def in_words(
    workspace: Workspace, work: UnitOfWork, actions: pd.DataFrame, today: date | None = None
) -> pd.DataFrame:
    """Add the hotspot's number, the measure's name, what is overdue, and the next deadline."""
    today = today or date.today()  # noqa: DTZ011 - a due date is a day on the users' calendar
    catalogue = catalogue_of(workspace)
    names = {code: measure.name for code, measure in catalogue.items()}
    happened = moments.list_moments(work.connection)
    nearest = [
        next_deadline(workspace, str(code), happened.get(int(number), {}), today)
        if state not in CLOSED
        else None
        for number, code, state in zip(
            actions["action_id"], actions["measure_code"], actions["state"], strict=True
        )
    ]
    in_stage = actions["stage"].ne("") & ~actions["state"].isin([*CLOSED, ActionState.ON_HOLD])
    return actions.assign(
        stands=actions["stage"].where(in_stage, actions["state"]),
        hotspot=[hotspot_name(number) for number in actions["hotspot_id"]],
        measure=actions["measure_code"].map(names).fillna(actions["measure_code"]),
        is_overdue=[
            is_overdue(state, due, today)
            for state, due in zip(actions["state"], actions["due_on"], strict=True)
        ],
        next_due=pd.Series(
            [one.due_on if one else None for one in nearest], index=actions.index, dtype=object
        ),
        next_says=[one.says if one else "" for one in nearest],
    )
