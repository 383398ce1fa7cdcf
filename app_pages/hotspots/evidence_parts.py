"""Draw how hotspots were tested, the curve of the reach, and what was held out."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from app_pages.frame import session
from app_pages.frame.charts import show_chart, show_same_as_table
from app_pages.frame.remember import remember
from app_pages.frame.text import plain
from hotspot import HotspotError, Run
from hotspot.access.actor import Actor
from hotspot.analysis.evidence.significance import Judgement
from hotspot.analysis.evidence.survival import Survival, reach_curve
from hotspot.services.hotspots import evidence

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


def show_method(judged: Judgement, tried: Survival) -> None:
    """Say how the hotspots were tested."""
    with st.expander("How this was tested"):
        st.markdown(
            f"- **Against chance.** The records were dealt out anew {judged.simulations:,} times "
            f"against {judged.baseline}, each child's records together, and hotspots were looked "
            "for again in the same way. p is the share in which the strongest was as strong as "
            "this one (Poisson log-likelihood ratio; Kulldorff 1997). With no true hotspot, any "
            "one has p of 0.05 or less in at most 5 of 100 months. In "
            f"{judged.chance_share:.0%} of them chance made some hotspot. Seed {judged.seed}.\n"
            f"- **Settings.** {len(tried.settings)} beside yours: {'; '.join(tried.settings)}. "
            f"And {tried.shifts} grids moved by less than a cell. Held: one hotspot there has half "
            "of the weight or more.\n"
            f"- **Resamples.** Children drawn anew {tried.resamples} times, each with all "
            "records.\n"
            "- **What it does not say.** It compares recorded places; where nobody looks, nothing "
            "is recorded. It is not a probability that abuse happens here."
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
                column_config={"Area": SHARE, "Hit rate": SHARE},
                alt="Accuracy in the last third of the period, by way of choosing places",
            )
            st.caption("The same number of cells each; the prior count is the one to beat.")
