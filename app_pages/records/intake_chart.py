"""Draw the points of a file before it is imported, by what would happen to them."""

from __future__ import annotations

import altair as alt
import geopandas as gpd
import pandas as pd
import streamlit as st

from hotspot.intake.rows.balance import REASONS
from hotspot.schema import WGS84, Area

_MARGIN = 0.4
_SHAPES = [
    "circle",
    "cross",
    "diamond",
    "triangle-up",
    "square",
    "triangle-down",
    "triangle-left",
    "stroke",
]
_COLOURS = ["#6f7f8f", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]


def show_points(area: Area, points: pd.DataFrame) -> None:
    """Draw the area with the located rows: shape and colour tell the reason, the table the rest."""
    west, south, east, north = area.boundary.bounds
    near = points["lng"].between(west - _MARGIN, east + _MARGIN) & points["lat"].between(
        south - _MARGIN, north + _MARGIN
    )
    shown = points[near].copy()
    order = ["used", *[r for r in shown["reason"].value_counts().index if r != "used"]]
    order, others = order[: len(_SHAPES) - 1], order[len(_SHAPES) - 1 :]
    names = {reason: reason.replace("_", " ") for reason in order}
    names |= dict.fromkeys(others, "other reasons")
    shown["what"] = shown["reason"].map(names)
    shown["why"] = shown["reason"].map(REASONS).fillna("goes into the analysis")
    ground = gpd.GeoDataFrame(geometry=[area.boundary.simplify(0.002)], crs=WGS84)
    outline = alt.InlineData(values=_reversed(ground)["features"])
    land = alt.Chart(outline).mark_geoshape(fill="#8a97a61f", stroke="#7a8794")
    domain = list(dict.fromkeys(names.values()))
    shown = shown.sort_values("reason", key=lambda column: column != "used")
    shapes = alt.Scale(domain=domain, range=_SHAPES[: len(domain)])
    colours = alt.Scale(domain=domain, range=_COLOURS[: len(domain)])
    dots = (
        alt.Chart(shown)
        .mark_point(filled=True, size=34, opacity=0.75)
        .encode(
            longitude="lng:Q",
            latitude="lat:Q",
            shape=alt.Shape("what:N", scale=shapes, title=None),
            color=alt.Color("what:N", scale=colours, title=None),
            tooltip=[
                alt.Tooltip("what", title="What"),
                alt.Tooltip("why", title="Each row"),
                alt.Tooltip("rows", title="Rows"),
            ],
        )
    )
    chart = (land + dots).project("mercator").properties(height=420)
    st.altair_chart(chart, width="stretch")
    away = int(points.loc[~near, "rows"].sum())
    text = f"{int(shown['rows'].sum()):,} located rows, drawn at {len(shown):,} points."
    st.caption(f"{text} {away:,} lie outside this picture." if away else text)


def _reversed(ground: gpd.GeoDataFrame) -> dict[str, list[dict[str, object]]]:
    """Return the outline as GeoJSON, its rings turned as the drawing library wants them."""
    from shapely import get_parts
    from shapely.geometry import mapping
    from shapely.geometry.polygon import orient

    return {
        "features": [
            {"type": "Feature", "geometry": mapping(orient(part, -1.0)), "properties": {}}
            for part in get_parts(ground.geometry.to_numpy())
        ]
    }
