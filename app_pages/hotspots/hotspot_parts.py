"""What is known of one hotspot: its numbers, where it lies, what became of it, findings."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st

from app_pages.frame.remember import run_name
from app_pages.frame.session import may
from app_pages.frame.text import plain, show_list, show_picture
from app_pages.hotspots import answers
from app_pages.map.answers import outline_of
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.services.hotspots import findings

_NUMBER = re.compile(r"HS-(\d+)")


def show_measures(row: pd.Series) -> None:
    """Show the measures of one hotspot as big numbers, with the marks in words."""
    children = "not known" if pd.isna(row["children"]) else f"{int(row['children'])}"
    days = "not known" if pd.isna(row["days"]) else f"{int(row['days'])}"
    numbers = [
        ("Distinct children", children),
        ("Events", f"{row['events']:,}"),
        ("Days with an event", days),
        ("Area", f"{row['area_km2']:.2f} km²"),
        ("Events per km²", f"{row['events_per_km2']:,.0f}"),
    ]
    for column, (label, value) in zip(st.columns(len(numbers)), numbers, strict=True):
        column.metric(label, value)
    st.caption(
        f"First event {row['first_on']:%d %b %Y}, last event {row['last_on']:%d %b %Y}. "
        "More records are not bad news in themselves: more may be reported."
    )
    if row["single_child"]:
        st.warning(
            "Driven by one child's records: without that child this hotspot dissolves. Raise it "
            "with the child's lead professional; do not brief it as a hotspot."
        )
    if row["approximate"]:
        st.warning("Approximate: made of street-level open data on snap points.")


def show_place(run: Run, sources: list[str], key: str) -> None:
    """Draw where the hotspot lies, with the way to the map."""
    st.markdown("#### Where it lies")
    shape = run.hotspots.set_index("key").geometry.loc[key]
    picture = outline_of(run_name(run, sources), key, shape)
    show_picture(picture, f"Outline of {key} on the ground")
    st.page_link("map/map_page.py", label=f"{key} on the map")


def show_story(actor: Actor, run: Run, sources: list[str], key: str, known_as: str) -> None:
    """Say what became of the hotspot, what was found about it, and what could be wrong."""
    numbers = [int(number) for number in _NUMBER.findall(known_as)]
    if numbers and may(actor, Operation.VIEW_SNAPSHOTS):
        _show_lineage(actor, numbers)
    if numbers and may(actor, Operation.VIEW_FINDINGS):
        _show_findings(actor, numbers)
    if may(actor, Operation.WRITE_FINDING):
        st.markdown("#### What could be wrong about it")
        caveats = answers.caveats_of(actor, run, sources, key)
        show_list(caveats)
        if not caveats:
            st.caption("The data give no reason to doubt it that the app knows of.")
        st.page_link("hotspots/evidence_page.py", label="Can they be believed?")


def _show_lineage(actor: Actor, numbers: list[int]) -> None:
    lineage = answers.lineage_of(actor)
    own = lineage[lineage["hotspot_id"].isin(numbers)]
    for number, part in own.groupby("hotspot"):
        said = ", ".join(f"{row.event} in {row.snapshot}" for row in part.itertuples())
        st.caption(plain(f"{number}: {said}."))


def _show_findings(actor: Actor, numbers: list[int]) -> None:
    st.markdown("#### Findings")
    listed = pd.concat([answers.findings_of(actor, number) for number in numbers])
    signed = listed[listed["signed_at"].notna()]
    for row in signed.to_dict("records"):
        kind = findings.KINDS[row["kind"]] + (f", {row['grade']}" if row["grade"] else "")
        st.markdown(f"- **{kind}**: {plain(row['text'])}")
    waiting = len(listed) - len(signed)
    if waiting:
        st.caption(f"{waiting} not signed by a second analyst yet.")
    elif signed.empty:
        st.caption("None is signed yet.")
    st.page_link("hotspots/findings_page.py", label="All findings")
