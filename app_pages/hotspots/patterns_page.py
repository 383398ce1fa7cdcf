"""Patterns of a run's records: new places, classes, near repeats, concentration, cores."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session
from app_pages.frame.page_end import end_page
from app_pages.frame.text import plain
from app_pages.hotspots.answers import patterns_of, split_of
from app_pages.hotspots.pattern_parts import (
    show_classes,
    show_cores,
    show_ranks,
    show_repeats,
    show_thresholds,
    show_watched,
)
from hotspot.analysis.detection.size import size_cautions

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
st.subheader("Patterns")
st.caption("For analysts only: none of this is shown in meetings or leaves the force.")
for caution in size_cautions(run):
    st.warning(plain(caution))
if not run.records_used:
    st.info(plain(run.explain()))
    end_page()
patterns = patterns_of(actor, run, sources)
show_watched(patterns)
if patterns.concentration is not None:
    st.markdown("#### Concentration")
    st.markdown(plain(patterns.concentration.sentence))
show_repeats(patterns)
if not run.hotspots.empty:
    show_classes(patterns)
    show_ranks(patterns)
    st.markdown("#### Split a hotspot")
    key = st.selectbox("Show the cores inside", list(run.hotspots["key"]))
    show_cores(split_of(actor, run, sources, key))
show_thresholds(patterns, run)
