"""Stop an action that the law does not give as it is, with the reason and what it gives instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from hotspot.disruption.actions import RecordAction
from hotspot.disruption.clocks import starts_of
from hotspot.disruption.counting import Moment, day_of
from hotspot.disruption.measures import Gate, Measure, gates_in_the_way
from hotspot.errors import InputError
from hotspot.schema import TIME_ZONE
from hotspot.services.workspace.folder import Workspace
from hotspot.services.workspace.measure_catalogue import catalogue_of, deadlines_of
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading


def check_gates(workspace: Workspace, measure: Measure, action: RecordAction) -> None:
    """Refuse an action that the law does not give as it is.

    Raises
    ------
    InputError
        The measure is not in force, or a gate stands in its way: the rule and what the law offers
        instead.
    """
    today = datetime.now(UTC).astimezone(ZoneInfo(TIME_ZONE)).date()
    if not measure.is_in_force(today):
        message = f"{measure.name} is not in force on {today:%d %B %Y}."
        raise InputError(message)
    facts = facts_of(workspace, action.premises)
    _stop(gates_in_the_way(measure, facts, action.confirmed), facts)


def check_stage_gates(
    workspace: Workspace,
    code: str,
    stage: str,
    happened: Mapping[str, Moment],
    confirmed: Collection[str] = (),
) -> None:
    """Refuse a stage that the law does not give as things are.

    Parameters
    ----------
    happened
        When events of the action's clock happened.
    confirmed
        Conditions of which a person has said that they are not so.

    Raises
    ------
    InputError
        A gate of the stage stands in the way: the rule and what the law offers instead.
    """
    measure = catalogue_of(workspace).get(code)
    if measure is None or not stage or not gates_at(measure, stage):
        return
    facts = _facts_of_clock(workspace, measure, happened)
    _stop(gates_in_the_way(measure, facts, confirmed, stage), facts)


def gates_at(measure: Measure, stage: str) -> list[Gate]:
    """List the gates that stop before a stage."""
    return [gate for gate in measure.gates if gate.at == stage and gate.level == "error"]


def _stop(gates: list[Gate], facts: Mapping[str, bool]) -> None:
    stopping = [gate for gate in gates if gate.level == "error"]
    if stopping:
        said = " ".join(
            gate.words if facts.get(gate.when) else f"Confirm first: {gate.words}"
            for gate in stopping
        )
        raise InputError(said)


def _facts_of_clock(
    workspace: Workspace, measure: Measure, happened: Mapping[str, Moment]
) -> dict[str, bool]:
    """Tell what the clock says of the conditions of gates: whether a last day has passed."""
    looks_at_clock = any(gate.passed for gate in measure.gates)
    if not looks_at_clock or not set(happened) & set(starts_of(measure.clock)):
        return {}
    try:
        deadlines = deadlines_of(workspace, measure.code, happened)
    except InputError:  # the clock cannot tell, so a person is asked
        return {}
    due = {one.step: one.due_on for one in deadlines}
    for step in measure.clock:
        if step.happens_as is not None and step.happens_as in happened:
            due[step.step] = day_of(happened[step.happens_as])
    today = datetime.now(UTC).astimezone(ZoneInfo(TIME_ZONE)).date()
    return {gate.when: due[gate.passed] < today for gate in measure.gates if gate.passed in due}


def facts_of(workspace: Workspace, premises: tuple[str, str] | None) -> dict[str, bool]:
    """Tell what the register says of the conditions of gates; nothing without premises.

    A club's supply of alcohol is no sale by retail: where the words leave that open, it is asked.
    """
    if premises is None:
        return {}
    with reading(workspace.engine) as connection:
        register = datasets.all_rows(connection, "premises")
    row = register[(register["source"] == premises[0]) & (register["premises_ref"] == premises[1])]
    return {} if row.empty else register_facts(row.iloc[0])


def register_facts(one: pd.Series) -> dict[str, bool]:
    """Tell what an entry of a register says of the conditions of gates."""
    facts = {"no_hotel": one["kind"] != "hotel or guest house"}
    licensed_for = str(one["activities"] or "").lower()
    if licensed_for and not ("club" in licensed_for or "supply" in licensed_for):
        facts["no_alcohol_by_retail"] = "alcohol" not in licensed_for
    return facts
