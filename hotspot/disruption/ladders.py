"""Say how an action can go on: up the ladder of its measure, or up the common one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hotspot.disruption.real_dates import DATES
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
NEEDS_REASON = frozenset(
    {
        ActionState.ON_HOLD,
        ActionState.WITHDRAWN,
        ActionState.DECLINED,
        ActionState.EFFECT_CHECKED,
    }
)
"""What says why: a stop, and a look at the effect, which says what it found."""
BACK = "back"
"""Where a stage beside the ladder leads: to the stage that it was entered from."""
_BETWEEN = " > "
_FORGET = {*CLOSED, ActionState.PROPOSED, ActionState.AGREED} - {ActionState.WITHDRAWN}
"""States in which nothing is left aside any more."""


class Stage(BaseModel):
    """A rung of a measure's own ladder.

    Attributes
    ----------
    name
        What it is called.
    state
        The state of the common ladder that it belongs to.
    to
        The stages that can follow, "completed", or "back" to where it was entered from.
    leads
        By an outcome that is asked here: what can follow after it, in place of `to`.
    is_start
        Whether an action can begin with it once it is agreed. Beginning beyond the first stage
        needs a reason.
    event
        The event of the measure's clock that it is: its day is asked.
    needs_outcome
        Whether one of the measure's outcomes is asked.
    outcomes
        The outcomes that are asked here, where they are not all of the measure's; a single one is
        not asked but kept.
    aside
        Whether it lies beside the ladder: it is remembered where it was entered from.
    from_any
        Whether it can be entered from every stage that is underway.
    moment
        A moment that is asked though no deadline counts from it.
    asks
        Days that are asked (see `real_dates.DATES`): the hearing that is listed, the next review.
    not_before
        The step of the clock before whose last day its event cannot have happened.
    says
        What is to be borne in mind when it is chosen.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    state: Literal["preparing", "underway"]
    to: tuple[str, ...]
    is_start: bool = False
    event: str | None = None
    needs_outcome: bool = False
    outcomes: tuple[str, ...] = ()
    leads: dict[str, tuple[str, ...]] = {}
    aside: bool = False
    from_any: bool = False
    moment: str | None = None
    asks: tuple[str, ...] = ()
    not_before: str | None = None
    says: str = ""


@dataclass(frozen=True)
class Standing:
    """Where an action stands.

    Attributes
    ----------
    state, stage
        State of the common ladder, and stage of its own; the stage is empty on the common one.
    before
        The stages that it left aside, the last one last (see `entered` and `left`).
    outcome
        What was decided so far.
    """

    state: str
    stage: str = ""
    before: str = ""
    outcome: str = ""

    @property
    def came_from(self) -> str:
        """Return the stage from which the one aside was entered; empty where none is known."""
        return self.before.rsplit(_BETWEEN, 1)[-1]

    def latest_of(self, outcomes: Collection[str]) -> str:
        """Return the latest outcome that is one of some; empty where none is.

        What was decided aside, such as interim steps, says nothing of the way on from an appeal.
        """
        decided = reversed(self.outcome.split("; "))
        return next((one for one in decided if one in outcomes), "")

    def after(self, way: Way) -> str:
        """Return the stages that are left aside once a step is taken."""
        if way.state in _FORGET:
            return ""
        kept = self.before.split(_BETWEEN) if self.before else []
        if way.is_back:
            kept = kept[:-1]
        elif way.is_aside and self.stage:
            kept = [*kept, self.stage]
        return _BETWEEN.join(kept)


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
    outcomes, moment, asks, not_before, says
        As the stage has them.
    is_aside, is_back
        Whether it leaves the ladder and remembers from where, or goes back there.
    """

    to: str
    state: ActionState
    stage: str = ""
    needs_reason: bool = False
    event: str | None = None
    needs_outcome: bool = False
    outcomes: tuple[str, ...] = ()
    moment: str | None = None
    asks: tuple[str, ...] = ()
    not_before: str | None = None
    says: str = ""
    is_aside: bool = False
    is_back: bool = False


def check_stages(stages: Sequence[Stage], events: Sequence[str], steps: Sequence[str] = ()) -> None:
    """Refuse a ladder that does not hang together.

    Parameters
    ----------
    events, steps
        Events and steps of the measure's clock.

    Raises
    ------
    ValueError
        A stage is there twice, leads nowhere that is, cannot be reached, names no event or step of
        the clock or no day that can be asked, or none can be the first or lead to the end.
    """
    names = [stage.name for stage in stages]
    ends = {*names, ActionState.COMPLETED.value}
    taken = set(names) & {BACK, *(state.value for state in ActionState)}
    if len(set(names)) < len(names) or taken:
        message = "a stage is there twice, or bears the name of a common state"
        raise ValueError(message)
    for stage in stages:
        if not stage.to or not _targets(stage) <= {*ends, BACK} or not _is_event(stage, events):
            message = f"stage '{stage.name}' leads nowhere, or its event is none of the clock"
            raise ValueError(message)
        if (stage.not_before and stage.not_before not in steps) or not set(stage.asks) <= set(
            DATES
        ):
            message = f"stage '{stage.name}' names a step that the clock has not, or no day of ours"
            raise ValueError(message)
        if not set(stage.leads) <= set(stage.outcomes):
            message = f"stage '{stage.name}' leads on from an outcome that it does not ask"
            raise ValueError(message)
    _check_reached(stages, ends)


def _check_reached(stages: Sequence[Stage], ends: set[str]) -> None:
    reached = {stage.name for stage in stages if stage.is_start}
    for _ in stages:
        reached |= {to for stage in stages if stage.name in reached for to in _targets(stage)}
        reached |= {stage.name for stage in stages if stage.from_any and reached}
    if stages and reached - {BACK} != ends:
        message = f"cannot be reached: {', '.join(sorted(ends - reached))}"
        raise ValueError(message)


def _targets(stage: Stage) -> set[str]:
    """Return everything that a stage can lead to, whatever its outcome."""
    return {*stage.to, *(to for after in stage.leads.values() for to in after)}


def _is_event(stage: Stage, events: Sequence[str]) -> bool:
    return stage.event is None or stage.event in events


def ways_from(stages: Sequence[Stage], at: Standing) -> list[Way]:
    """Return the steps that an action can take from where it stands, the usual one first.

    Parameters
    ----------
    stages
        The measure's own ladder; empty for the common one.
    """
    now = ActionState(at.state)
    here = next((one for one in stages if one.name == at.stage), None)
    if stages and now is ActionState.AGREED:
        starts = [one for one in stages if one.is_start]
        first = [_onto(one, needs_reason=number > 0) for number, one in enumerate(starts)]
        return [*first, *_stops(now)]
    if stages and now is ActionState.ON_HOLD:
        again = _onto(here, asks=False) if here else _common(now, ActionState.AGREED)
        return [again, _stops(now)[1]]
    if stages and now is ActionState.COMPLETED:
        ends = [one for one in stages if ActionState.COMPLETED.value in _targets(one)]
        again_on = [_onto(one, needs_reason=True) for one in ends]
        return [_common(now, ActionState.EFFECT_CHECKED), *again_on]
    if here is not None and now is ActionState.WITHDRAWN:
        return [_onto(here, needs_reason=True, asks=False), _common(now, ActionState.AGREED)]
    if here is not None and now not in CLOSED:
        return _ways_on(stages, here, at)
    return [_common(now, after) for after in LADDER[now]]


def _ways_on(stages: Sequence[Stage], here: Stage, at: Standing) -> list[Way]:
    """Return the steps from an open stage: onward, aside, stops, and corrections."""
    now = ActionState(at.state)
    by_name = {one.name: one for one in stages}
    onward = [
        way
        for to in here.leads.get(at.latest_of(here.outcomes), here.to)
        for way in (_back(by_name, at) if to == BACK else [_step(by_name, now, to, here)])
    ]
    gone = {way.to for way in onward} | {here.name}
    left = {here.name, *at.before.split(_BETWEEN)}
    beside = [
        _onto(one)
        for one in stages
        if one.from_any
        and now is ActionState.UNDERWAY
        and one.name not in gone
        and not left & _within(by_name, one)
    ]
    gone |= {way.to for way in beside}
    again = [
        replace(_onto(one, needs_reason=True), is_aside=False, is_back=here.aside)
        for one in stages
        if here.name in _targets(one) and one.name not in gone
    ]
    return [*onward, *beside, *_stops(now), *again]


def _within(by_name: dict[str, Stage], aside: Stage) -> set[str]:
    """Return the stages through which one aside is gone, itself among them."""
    within: set[str] = set()
    ahead = {aside.name}
    while ahead:
        within |= ahead
        targets = {to for name in ahead for to in _targets(by_name[name])}
        ahead = (targets & set(by_name)) - within
    return within


def _back(by_name: dict[str, Stage], at: Standing) -> list[Way]:
    """Return the way back to where a stage aside was entered; to all, where that is not known."""
    known = [by_name[at.came_from]] if at.came_from in by_name else []
    others = [one for one in by_name.values() if not one.aside and one.name != at.stage]
    return [_onto(one, asks=False, is_back=True) for one in known or others]


def _step(by_name: dict[str, Stage], now: ActionState, to: str, here: Stage) -> Way:
    """Return a step onward; one from where "back" could be chosen ends what lay aside too."""
    if to not in by_name:
        return _common(now, ActionState(to))
    return replace(_onto(by_name[to]), is_back=BACK in _targets(here) and not by_name[to].aside)


def _stops(now: ActionState) -> list[Way]:
    return [_common(now, ActionState.ON_HOLD), _common(now, ActionState.WITHDRAWN)]


def _common(now: ActionState, after: ActionState) -> Way:
    is_back = now in CLOSED and after is not ActionState.EFFECT_CHECKED
    return Way(after.value, after, needs_reason=after in NEEDS_REASON or is_back)


def _onto(
    stage: Stage, *, needs_reason: bool = False, asks: bool = True, is_back: bool = False
) -> Way:
    """Return the step onto a stage; going on where one was asks nothing anew."""
    way = Way(
        stage.name,
        ActionState(stage.state),
        stage.name,
        needs_reason,
        says=stage.says,
        is_back=is_back,
        is_aside=stage.aside and asks,
    )
    if not asks:
        return way
    return replace(
        way,
        event=stage.event,
        needs_outcome=stage.needs_outcome or bool(stage.outcomes),
        outcomes=stage.outcomes,
        moment=stage.moment,
        asks=stage.asks,
        not_before=stage.not_before,
    )


def way_to(stages: Sequence[Stage], at: Standing, to: str, note: str) -> Way:
    """Return the step to a stage or state.

    Parameters
    ----------
    at
        Where the action stands now.

    Raises
    ------
    InputError
        The ladder has no such step, or its reason is missing: the rule, and where it can go.
    """
    ways = ways_from(stages, at)
    chosen = next((way for way in ways if way.to == to), None)
    if chosen is None:
        message = (
            f"An action that is '{at.stage or at.state}' cannot become '{to}'; it can become: "
            f"{', '.join(way.to for way in ways)}."
        )
        raise InputError(message)
    if chosen.needs_reason and not note.strip():
        if chosen.state is ActionState.EFFECT_CHECKED:
            message = "Say what the look at the effect found, or why none is needed."
            raise InputError(message)
        message = f"Say why the action becomes '{to}'; the reason stays in its history."
        raise InputError(message)
    return chosen
