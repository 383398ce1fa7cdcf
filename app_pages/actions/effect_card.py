"""Did it work? Before and after an action, in one sentence that claims no more than the records."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.remember import run_name
from app_pages.frame.session import may
from app_pages.frame.text import plain
from hotspot import HotspotError, Run
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.ladders import ActionState
from hotspot.services.actions import effects, lists
from hotspot.services.actions.changes import change_action
from hotspot.services.actions.effects import Effect

Asked = tuple[tuple[date, date] | None, tuple[str, ...], tuple[str, ...]]
"""Days on which it was done, kinds left out, sources."""
_DONE = (ActionState.UNDERWAY, ActionState.COMPLETED, ActionState.EFFECT_CHECKED)


@st.cache_resource(scope="session", max_entries=50, show_spinner="Comparing before and after ...")
def _effect(
    version: str, number: int, actor: str, asked: Asked, _run: Run, _actor: Actor
) -> Effect:
    """Compare before and after an action as it was at a version of actions and run."""
    del version, actor
    days, without, sources = asked
    return effects.effect_of(
        session.workspace(), _actor, number, _run, list(sources), days=days, without=without
    )


def effect_for(
    actor: Actor,
    run: Run,
    sources: list[str],
    number: int,
    days: tuple[date, date] | None = None,
    without: tuple[str, ...] = (),
) -> Effect:
    """Compare before and after an action."""
    version = f"{lists.version_of(session.workspace())} {run_name(run, sources)}"
    asked = (days, without, tuple(sources))
    return _effect(version, number, actor.name, asked, run, actor)


@st.cache_data(scope="session", max_entries=20, show_spinner=False)
def _beforehand(
    run_id: str, key: str, actor: str, sources: tuple[str, ...], _run: Run, _actor: Actor
) -> str:
    del run_id, actor
    return effects.seen_beforehand(session.workspace(), _actor, _run, list(sources), key)


def show_beforehand(actor: Actor, run: Run, sources: list[str], key: str) -> None:
    """Say which change could be seen of what is done at a hotspot, before it is done."""
    name = run_name(run, sources)
    said = _beforehand(name, key, actor.name, tuple(sources), run, actor)
    st.caption(plain(f"What could be seen of an action: {said}"))


def show_effect(actor: Actor, run: Run, sources: list[str], actions_shown: pd.DataFrame) -> None:
    """Draw the effect of one of some actions (with a `label` each), and save the look at it."""
    done = actions_shown[actions_shown["state"].isin([one.value for one in _DONE])]
    if done.empty:
        return
    by_id = done.set_index("action_id")
    with st.expander("Did it work? Before and after an action"):
        st.caption(
            "What came in the eight weeks after, or since, is compared with the year before and "
            "with the other hotspots, each child counted once in four weeks and graded "
            "intelligence left out. The eight weeks before are not used: what was just high falls "
            "by itself."
        )
        number = st.selectbox(
            "Effect of",
            [int(one) for one in by_id.index],
            format_func=lambda i: f"{i} · {by_id.loc[i, 'label']} · {by_id.loc[i, 'measure']}",
        )
        first, last = effects.days_of_action(session.workspace(), number)
        left, middle, right = st.columns([1, 1, 2])
        first = left.date_input("First day", first, format="DD/MM/YYYY", key=f"first {number}")
        last = middle.date_input("Last day", last, format="DD/MM/YYYY", key=f"last {number}")
        without = right.multiselect(
            "Left out: kinds of records that the action makes itself",
            effects.kinds_recorded(session.workspace(), sources),
        )
        effect = effect_for(actor, run, sources, number, (first, last), tuple(without))
        st.markdown(f"**{plain(effect.sentence())}**")
        if effect.counts is not None:
            _show_counts(effect)
        row = by_id.loc[number].to_dict()
        if row["state"] == ActionState.COMPLETED and may(actor, Operation.CHANGE_ACTION):
            _save(actor, number, int(row["version"]), effect.sentence())


def _show_counts(effect: Effect) -> None:
    counts = effect.counts
    if counts is None:
        return
    window = counts.window
    rows = {"The hotspot": counts.place}
    if counts.around is not None:
        rows["Around the hotspot"] = counts.around
    st.dataframe(
        {
            "Place": list(rows),
            "To be expected": [round(one.expected, 1) for one in rows.values()],
            "After": [one.after for one in rows.values()],
            "Times as many (95 %)": [
                f"{one.ratio:.2f} ({one.low:.2f} to {one.high:.2f})" for one in rows.values()
            ],
            "": [one.word for one in rows.values()],
        },
        hide_index=True,
        width="content",
        alt="What came after against what was to be expected",
    )
    st.caption(
        plain(
            f"{window.days} days from {window.after[0]:%d %b %Y}, against {counts.blocks} times as "
            f"long before {window.called_for[0]:%d %b %Y} and {counts.controls} other hotspots "
            f"(Hauer 1997). {effects.fall_seen(counts.place.detectable)} In the eight weeks before "
            f"it was done there were {counts.just_before:g}."
        )
    )


def _save(actor: Actor, number: int, version: int, sentence: str) -> None:
    if not st.button("Save this as the look at its effect"):
        return
    try:
        change_action(
            session.workspace(), actor, number, version, ActionState.EFFECT_CHECKED.value, sentence
        )
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.FLASH] = f"The effect of action {number} is looked at."
    st.rerun()
