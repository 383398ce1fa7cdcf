"""Say how an action can go on: up the ladder of its measure, or up the common one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hotspot.errors import InputError


class ActionState(StrEnum):
    """Where an action stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    PREPARING = "preparing"
    UNDERWAY = "underway"
    """Applied for, served, in force, or being done."""
    ON_HOLD = "on hold"
    COMPLETED = "completed"
    EFFECT_CHECKED = "effect checked"
    WITHDRAWN = "withdrawn"
    DECLINED = "decided against"


CLOSED = frozenset(
    {
        ActionState.COMPLETED,
        ActionState.EFFECT_CHECKED,
        ActionState.WITHDRAWN,
        ActionState.DECLINED,
    }
)
LADDER: dict[ActionState, tuple[ActionState, ...]] = {
    ActionState.PROPOSED: (ActionState.AGREED, ActionState.DECLINED, ActionState.ON_HOLD),
    ActionState.AGREED: (
        ActionState.UNDERWAY,
        ActionState.PREPARING,
        ActionState.COMPLETED,
        ActionState.ON_HOLD,
        ActionState.WITHDRAWN,
    ),
    ActionState.PREPARING: (
        ActionState.UNDERWAY,
        ActionState.COMPLETED,
        ActionState.ON_HOLD,
        ActionState.WITHDRAWN,
    ),
    ActionState.UNDERWAY: (ActionState.COMPLETED, ActionState.ON_HOLD, ActionState.WITHDRAWN),
    ActionState.ON_HOLD: (
        ActionState.PROPOSED,
        ActionState.AGREED,
        ActionState.PREPARING,
        ActionState.UNDERWAY,
        ActionState.WITHDRAWN,
    ),
    ActionState.COMPLETED: (ActionState.EFFECT_CHECKED, ActionState.UNDERWAY),
    ActionState.EFFECT_CHECKED: (ActionState.COMPLETED,),
    ActionState.WITHDRAWN: (ActionState.AGREED,),
    ActionState.DECLINED: (ActionState.PROPOSED,),
}
"""Where an action can go from each state. Steps back are corrections, with their reason."""
NEEDS_REASON = frozenset({ActionState.ON_HOLD, ActionState.WITHDRAWN, ActionState.DECLINED})


class Stage(BaseModel):
    """A rung of a measure's own ladder.

    Attributes
    ----------
    name
        What it is called.
    state
        The state of the common ladder that it belongs to.
    to
        The stages that can follow, or "completed".
    is_start
        Whether an action can begin with it once it is agreed. Beginning beyond the first stage
        needs a reason.
    event
        The event of the measure's clock that it is: its day is asked.
    needs_outcome
        Whether one of the measure's outcomes is asked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    state: Literal["preparing", "underway"]
    to: tuple[str, ...]
    is_start: bool = False
    event: str | None = None
    needs_outcome: bool = False


@dataclass(frozen=True)
class Way:
    """One step that an action can take.

    Attributes
    ----------
    to
        What it is called: a stage, or a state of the common ladder.
    state, stage
        Where the action stands then; the stage is empty on the common ladder.
    needs_reason
        Whether it must be said why: a stop, a correction, a first stage passed over.
    event
        The event of the clock whose day is asked, if any.
    needs_outcome
        Whether an outcome is asked.
    """

    to: str
    state: ActionState
    stage: str = ""
    needs_reason: bool = False
    event: str | None = None
    needs_outcome: bool = False


def check_stages(stages: Sequence[Stage], events: Sequence[str]) -> None:
    """Refuse a ladder that does not hang together.

    Raises
    ------
    ValueError
        A stage is there twice, leads nowhere that is, cannot be reached, names no event of the
        clock, or none can be the first or lead to the end.
    """
    names = [stage.name for stage in stages]
    ends = {*names, ActionState.COMPLETED.value}
    taken = set(names) & {state.value for state in ActionState}
    if len(set(names)) < len(names) or taken:
        message = "a stage is there twice, or bears the name of a common state"
        raise ValueError(message)
    for stage in stages:
        if not stage.to or not set(stage.to) <= ends or not _is_event(stage, events):
            message = f"stage '{stage.name}' leads nowhere, or its event is none of the clock"
            raise ValueError(message)
    reached = {stage.name for stage in stages if stage.is_start}
    for _ in stages:
        reached |= {to for stage in stages if stage.name in reached for to in stage.to}
    if stages and reached != ends:
        message = f"cannot be reached: {', '.join(sorted(ends - reached))}"
        raise ValueError(message)


def _is_event(stage: Stage, events: Sequence[str]) -> bool:
    return stage.event is None or stage.event in events


def ways_from(stages: Sequence[Stage], state: str, stage: str) -> list[Way]:
    """Give the steps that an action can take from where it stands, the usual one first.

    Parameters
    ----------
    stages
        The measure's own ladder; empty for the common one.
    state, stage
        Where the action stands.
    """
    now = ActionState(state)
    if not stages:
        return [_common(now, after) for after in LADDER[now]]
    by_name = {one.name: one for one in stages}
    here = by_name.get(stage)
    stops = [_common(now, ActionState.ON_HOLD), _common(now, ActionState.WITHDRAWN)]
    if now is ActionState.AGREED:
        starts = [one for one in stages if one.is_start]
        first = [_onto(one, needs_reason=number > 0) for number, one in enumerate(starts)]
        return [*first, *stops]
    if now is ActionState.ON_HOLD:
        back = _onto(here) if here else _common(now, ActionState.AGREED)
        return [back, stops[1]]
    if now is ActionState.COMPLETED:
        before = [one for one in stages if ActionState.COMPLETED.value in one.to]
        back_on = [_onto(one, needs_reason=True) for one in before]
        return [_common(now, ActionState.EFFECT_CHECKED), *back_on]
    if here is not None and now not in CLOSED:
        onward = [
            _onto(by_name[to]) if to in by_name else _common(now, ActionState(to)) for to in here.to
        ]
        back_on = [
            _onto(one, needs_reason=True)
            for one in stages
            if here.name in one.to and one.name not in here.to
        ]
        return [*onward, *stops, *back_on]
    return [_common(now, after) for after in LADDER[now]]


def _common(now: ActionState, after: ActionState) -> Way:
    is_back = now in CLOSED and after is not ActionState.EFFECT_CHECKED
    return Way(after.value, after, needs_reason=after in NEEDS_REASON or is_back)


def _onto(stage: Stage, *, needs_reason: bool = False) -> Way:
    return Way(
        stage.name,
        ActionState(stage.state),
        stage.name,
        needs_reason,
        stage.event,
        stage.needs_outcome,
    )


def way_to(stages: Sequence[Stage], at: tuple[str, str], to: str, note: str) -> Way:
    """Give the step to a stage or state.

    Parameters
    ----------
    at
        State and stage of the action now.

    Raises
    ------
    InputError
        The ladder has no such step, or its reason is missing: the rule, and where it can go.
    """
    ways = ways_from(stages, *at)
    found = next((way for way in ways if way.to == to), None)
    if found is None:
        message = (
            f"An action that is '{at[1] or at[0]}' cannot become '{to}'; it can become: "
            f"{', '.join(way.to for way in ways)}."
        )
        raise InputError(message)
    if found.needs_reason and not note.strip():
        message = f"Say why the action becomes '{to}'; the reason stays in its history."
        raise InputError(message)
    return found
