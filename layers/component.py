"""Register the map and the table beside it: one packaged Streamlit component, with Leaflet."""

from __future__ import annotations

import streamlit as st

MAP = st.components.v2.component(
    "hotspot.map", html='<div class="map-root"></div>', css="map.css", js="map.js"
)
