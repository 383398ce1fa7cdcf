"""One map on a page, drawn by Hotspot, streamlit-folium or pydeck from the same data.

`benchmarks.map_speed` starts it and chooses by the address:
`?kind=hotspot&cells=5000&premises=9000`.
"""

from __future__ import annotations

import json
from typing import Any

import h3
import numpy as np
import pandas as pd
import streamlit as st

LAT, LNG, RESOLUTION, REACH_DEGREES = 52.9, -2.1, 10, 0.12
FILL, LINE, DOT = "#1f4283", "#14305c", "#5a2a6e"
GROUND = '{"type":"FeatureCollection","features":[]}'


@st.cache_data(show_spinner=False)
def cells_of(number: int, turn: int) -> pd.DataFrame:
    """Return hexagons around the middle; every second turn leaves the middle empty."""
    rings = int(np.ceil(np.sqrt(number / 3))) + 3
    disk = h3.grid_disk(h3.latlng_to_cell(LAT, LNG, RESOLUTION), rings)
    middle = set(h3.grid_disk(h3.latlng_to_cell(LAT, LNG, RESOLUTION), 6))
    chosen = [cell for cell in disk if not (turn % 2 and cell in middle)][:number]
    chosen = sorted(chosen)
    weights = np.random.default_rng(turn).integers(1, 60, len(chosen))
    return pd.DataFrame({"cell": chosen, "events": weights, "level": 4})


@st.cache_data(show_spinner=False)
def premises_of(number: int) -> pd.DataFrame:
    """Return points around the middle, none of them in it."""
    dice = np.random.default_rng(7)
    angle, far = dice.uniform(0, 2 * np.pi, number), dice.uniform(0.02, REACH_DEGREES, number)
    hours = dice.choice(["22:00", "23:30", "01:00", "03:00"], number)
    return pd.DataFrame(
        {
            "lat": LAT + far * np.sin(angle),
            "lng": LNG + far * np.cos(angle) / 0.6,
            "name": [f"Invented Tavern {n}" for n in range(number)],
            "kind": dice.choice(["takeaway", "pub, bar or nightclub"], number),
            "postcode": [f"ZZ{n % 20} {n % 9}AB" for n in range(number)],
            "open_until": hours,
        }
    )


def middle_outline() -> dict[str, Any]:
    """Return one outline around the middle, to be clicked."""
    shape = h3.cells_to_geo(h3.grid_disk(h3.latlng_to_cell(LAT, LNG, RESOLUTION), 6))
    about = {
        "key": "H-01",
        "name": "H-01",
        "label": "H-01",
        "lines": ["H-01"],
        "lng": LNG,
        "lat": LAT,
    }
    return {"type": "Feature", "geometry": shape, "properties": about}


def polygons(cells: pd.DataFrame) -> dict[str, Any]:
    """Return hexagons as GeoJSON, as libraries without H3 want them."""
    features = []
    for cell, events in zip(cells["cell"], cells["events"], strict=True):
        ring = [[round(lng, 6), round(lat, 6)] for lat, lng in h3.cell_to_boundary(cell)]
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
                "properties": {"cell": cell, "events": int(events)},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def dots(premises: pd.DataFrame) -> dict[str, Any]:
    """Return premises as GeoJSON."""
    places = zip(premises["lng"], premises["lat"], premises["name"], strict=True)
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Point", "coordinates": [round(lng, 6), round(lat, 6)]},
        }
        for lng, lat, name in places
    ]
    return {"type": "FeatureCollection", "features": features}


def draw_hotspot(cells: pd.DataFrame, premises: pd.DataFrame) -> str | None:
    """Draw with Hotspot's component."""
    from layers.cells import COLUMNS
    from layers.live import Drawing, Ground, show_ground, show_live_map, still_part

    numbers = [int(cell, 16) for cell in cells["cell"]]
    table = cells.assign(cell=numbers, children=None, weight=cells["events"])
    outline = json.dumps({"type": "FeatureCollection", "features": [middle_outline()]})
    turn = str(st.session_state["turn"])
    show_live_map(
        "map",
        drawing=Drawing(outline, table[list(COLUMNS)].astype(COLUMNS), [], turn),
        ground="ground",
        selected=None,
        on_choose=lambda: None,
    )
    none = premises.head(0)
    show_ground(still_part("ground", Ground(GROUND, premises, none)))
    return (st.session_state.get("map") or {}).get("chosen")


def draw_folium(cells: pd.DataFrame, premises: pd.DataFrame) -> str | None:
    """Draw with streamlit-folium, as it is fastest: one layer a kind, on canvas."""
    import folium
    from streamlit_folium import st_folium

    drawn = folium.Map([LAT, LNG], zoom_start=13, tiles=None, prefer_canvas=True)
    group = folium.FeatureGroup()
    style = {"color": LINE, "weight": 0.7, "fillColor": FILL, "fillOpacity": 0.72}
    folium.GeoJson(polygons(cells), style_function=lambda _: style).add_to(group)
    folium.GeoJson(dots(premises), marker=folium.CircleMarker(radius=4, color=DOT)).add_to(group)
    found = st_folium(
        drawn,
        key="map",
        feature_group_to_add=group,
        height=500,
        width=1000,
        returned_objects=["last_active_drawing"],
    )
    clicked = (found or {}).get("last_active_drawing")
    return str(clicked["properties"]) if clicked else None


def draw_pydeck(cells: pd.DataFrame, premises: pd.DataFrame) -> str | None:
    """Draw with pydeck."""
    import pydeck

    fill, dot = [31, 66, 131, 184], [90, 42, 110]
    layers = [
        pydeck.Layer(
            "H3HexagonLayer",
            cells[["cell", "events"]],
            get_hexagon="cell",
            id="cells",
            get_fill_color=fill,
            extruded=False,
            pickable=True,
        ),
        pydeck.Layer(
            "ScatterplotLayer",
            premises[["lng", "lat", "name"]],
            id="premises",
            get_position=["lng", "lat"],
            get_radius=20,
            get_fill_color=dot,
        ),
    ]
    view = pydeck.ViewState(latitude=LAT, longitude=LNG, zoom=12)
    found = st.pydeck_chart(
        pydeck.Deck(layers, initial_view_state=view, map_provider=None),
        height=500,
        width=1000,
        key="map",
        on_select="rerun",
        selection_mode="single-object",
    )
    chosen = found["selection"]["indices"] if found else {}
    return str(chosen) if chosen else None


DRAW = {"hotspot": draw_hotspot, "streamlit-folium": draw_folium, "pydeck": draw_pydeck}

st.set_page_config(layout="wide")
st.session_state.setdefault("turn", 0)
if st.button("Change the filter"):
    st.session_state["turn"] += 1
kind = st.query_params["kind"]
count, points = int(st.query_params["cells"]), int(st.query_params["premises"])
both = [cells_of(count, turn) for turn in (0, 1)]  # made before anything is measured
chosen = DRAW[kind](both[st.session_state["turn"] % 2], premises_of(points))
st.text(f"chosen: {chosen}")
