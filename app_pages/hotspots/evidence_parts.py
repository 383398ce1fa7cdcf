"""Draw how hotspots were tested, the curve of the reach, and what was held out."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from app_pages.frame import session
from app_pages.frame.charts import show_chart, show_same_as_table
from app_pages.frame.remember import remember
from app_pages.frame.text import plain
from hotspot import HotspotError, Run
from hotspot.access.actor import Actor
from hotspot.analysis.evidence.accuracy import verdict
from hotspot.analysis.evidence.significance import Judgement
from hotspot.analysis.evidence.survival import Survival, badge, reach_curve
from hotspot.services.hotspots import evidence

_CLEAR = 0.05
SHARE = st.column_config.NumberColumn(format="percent")


@remember(spinner="Comparing with chance ...")
def judge(actor: Actor, run: Run, sources: list[str], baseline: str) -> Judgement:  # noqa: ARG001
    """Compare the hotspots of a run with chance."""
    return evidence.judge_hotspots(session.workspace(), actor, run, baseline)


@remember(spinner="Trying other settings ...")
def settings_tried(actor: Actor, run: Run, sources: list[str]) -> Survival:
    """Try other settings on the records of a run."""
    return evidence.try_settings(session.workspace(), actor, run, sources)


@remember(spinner="Holding out the last third ...", is_shared=False)
def _held_out(actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:
    return evidence.accuracy_of(session.workspace(), actor, run, sources)


def show_judged(table: pd.DataFrame, judged: Judgement) -> None:
    """Draw the hotspots with what they were tested by; an even spread describes and has no p."""
    columns = {
        "key": "Hotspot",
        "children": "Children",
        "events": "Events",
        "expected": "Expected weight",
        "ratio": "Times expected",
        "p": "p",
        "stands": "Held in",
        "bootstrap": "Resamples",
        "mark": "Mark",
    }
    if judged.is_even:
        del columns["p"]
    shown = table.assign(ratio=[float(f"{ratio:.2g}") for ratio in table["ratio"]])
    st.dataframe(
        shown[list(columns)].rename(columns=columns),
        hide_index=True,
        column_config={
            "Expected weight": st.column_config.NumberColumn(
                format="%.1f", help=f"What would lie there under {judged.baseline}."
            ),
            "Times expected": st.column_config.NumberColumn(
                format="%g", help="To two figures: where little is expected it says little more."
            ),
            "p": st.column_config.NumberColumn(
                format="%.3f", help="How often chance alone makes a hotspot as strong, anywhere."
            ),
            "Held in": st.column_config.TextColumn(help="Of the settings and moved grids tried."),
            "Resamples": st.column_config.NumberColumn(
                format="percent", help="Share of resampled records in which it is found again."
            ),
        },
        alt="Each hotspot's comparison with chance and how firmly it stands",
    )


def show_in_words(table: pd.DataFrame, judged: Judgement) -> None:
    """Say of each hotspot in one line by what it was tested, against what, and what came of it."""
    with st.expander("The same in words, one hotspot a line"):
        for row in table.to_dict("records"):
            said = f"**{row['key']}**: {badge(row['held'], row['tried'])}"
            st.markdown(f"- {said} {_compared(row, judged)}")


def _compared(row: dict[Hashable, Any], judged: Judgement) -> str:
    """Say how one hotspot compares with the baseline, in one sentence."""
    if row["why_not"]:
        return f"It cannot be compared with {judged.baseline}: {row['why_not']}."
    if judged.is_even:
        return (
            f"It weighs {row['weight']:g}, where {judged.baseline} would put "
            f"{row['expected']:.1f}: a description and no test, for no town is spread evenly."
        )
    chance = "seldom makes" if row["p"] <= _CLEAR else "may well make"
    return (
        f"Compared with {judged.baseline}, chance alone {chance} one as strong "
        f"(p = {row['p']:.3f})."
    )


def show_method(judged: Judgement, tried: Survival) -> None:
    """Say how the hotspots were tested."""
    with st.expander("How this was tested"):
        st.markdown(
            f"- **Against chance.** {_against_chance(judged)}\n"
            f"- **Settings.** {len(tried.settings)} beside yours: {'; '.join(tried.settings)}. "
            f"And {tried.shifts} grids moved by less than a cell. Held: one hotspot there has half "
            "of the weight or more.\n"
            f"- **Resamples.** Children drawn anew {tried.resamples} times, each with all "
            "records.\n"
            "- **What it does not say.** It compares recorded places; where nobody looks, nothing "
            "is recorded. It is not a probability that abuse happens here."
        )


def _against_chance(judged: Judgement) -> str:
    """Say by what hotspots were compared with the baseline, and what that cannot tell."""
    if judged.is_even:
        return (
            f"Times expected compares each with {judged.baseline}. That describes where records "
            "lie; every town centre is above it, so it is no test and has no p. Import open data "
            "or registers of premises of the period to test against where people are."
        )
    return (
        f"In {judged.simulations:,} simulations children and incidents were moved by chance among "
        f"their own places and {judged.baseline}, and hotspots were looked for again in the same "
        "way. p is the share in which the strongest was as strong as this one (Poisson "
        "log-likelihood ratio, Kulldorff 1997, without the child that adds most). Of 1,920 "
        "invented months that lie as the baseline does, 6 in 100 had one with p of 0.05 or less; "
        "it cannot tell whether the baseline lies where children are. All records of a child move "
        "together; records without a child on one day in one cell are one incident. In "
        f"{judged.chance_share:.0%} of the simulations chance made some hotspot. "
        f"Seed {judged.seed}."
    )


def show_reach(run: Run) -> None:
    """Draw how much lies in core cells at each reach."""
    st.markdown("##### Reach: how much lies in core cells")
    curve = reach_curve(run)
    line = (
        alt.Chart(curve)
        .mark_line(point=True)
        .encode(
            x=alt.X("reach_m:Q", title="Reach in metres"),
            y=alt.Y("share:Q", title="Share of the weight", axis=alt.Axis(format="%")),
            tooltip=[
                "rings",
                alt.Tooltip("reach_m:Q", format=".0f"),
                alt.Tooltip("share:Q", format=".0%"),
            ],
        )
    )
    show_chart(line, "Share of the weight in core cells by reach.", 220)
    st.caption("Where the curve bends, a wider reach only joins what lies between.")
    show_same_as_table(curve.round(3), "Share of weight in core cells by reach")


def show_held_out(actor: Actor, run: Run, sources: list[str]) -> None:
    """Draw what the first two thirds of the period foretold of the last."""
    st.markdown("##### What the first two thirds of the period foretold")
    try:
        held_out = _held_out(actor, run, sources)
    except HotspotError as error:
        st.info(plain(str(error)))
    else:
        if held_out.empty:
            st.info("The first two thirds of the period have no hotspot at these settings.")
        else:
            st.dataframe(
                held_out.rename(
                    columns={
                        "method": "Chosen by",
                        "cells": "Cells",
                        "area_share": "Area",
                        "hits": "Hits",
                        "hit_rate": "Hit rate",
                        "pai": "PAI",
                        "pei": "PEI",
                        "rri": "RRI",
                    }
                ).round({"PAI": 1, "PEI": 2, "RRI": 2}),
                hide_index=True,
                column_config={
                    "Area": SHARE,
                    "Hit rate": SHARE,
                    "PAI": st.column_config.NumberColumn(
                        help="Share of the later records over share of the area; 1 is no better "
                        "than chance."
                    ),
                    "PEI": st.column_config.NumberColumn(
                        help="Of what the best choice of as many cells would have held."
                    ),
                    "RRI": st.column_config.NumberColumn(
                        help="Share of the earlier records there over share of the later; above 1 "
                        "it held less than before."
                    ),
                },
                alt="Accuracy in the last third of the period, by way of choosing places",
            )
            st.markdown(verdict(held_out))
            st.caption(
                "The same number of cells each; the kernel's width is chosen on the earlier part. "
                "It says where records come again, not where harm is."
            )
