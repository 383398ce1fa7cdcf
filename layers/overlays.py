"""Make the layers of outlines beside the hotspots: each brings its name, look and legend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from layers.hotspots import NOTHING, collection, feature

MASKED = (
    "Masked area",
    "Records around a sensitive site are left out: nothing shown is not nothing happened.",
)


@dataclass(frozen=True)
class Overlay:
    """A layer of outlines, with a line of its own in the list of layers and in the legend.

    Attributes
    ----------
    name
        Stands in the page's address where the layer is off.
    title
        Line in the list of layers.
    legend
        Line in the legend.
    shapes
        GeoJSON text; each feature has the `lines` of its card.
    line, fill
        Names of colours in `map.css`; empty for no fill.
    dashes
        Lengths of dashes and gaps in pixels; empty for a whole line.
    """

    name: str
    title: str
    legend: str
    shapes: str
    line: str
    fill: str = ""
    dashes: str = ""


def last_frozen(registered: gpd.GeoDataFrame | None) -> Overlay:
    """Return the registered hotspots as they were last frozen.

    Parameters
    ----------
    registered
        `hotspot` (its number), `name`, `state` and `geometry`; None without any.
    """
    shapes = NOTHING
    if registered is not None:
        placed = registered[~registered.geometry.is_empty & ~registered.geometry.isna()]
        rows: Iterable[Any] = placed.itertuples(index=False)
        shapes = collection(
            feature(
                row.geometry,
                lines=[f"{row.hotspot} {row.name}".strip(), f"as last frozen, {row.state}"],
            )
            for row in rows
        )
    said = "As last frozen"
    return Overlay("ghosts", said, said, shapes, "--ghost", dashes="3 5")


def masked(areas: Iterable[BaseGeometry]) -> Overlay:
    """Return masked areas: where records are left out, not why."""
    shapes = collection(feature(area, lines=list(MASKED)) for area in areas)
    said = "Masked: records left out"
    return Overlay("masked", "Masked areas", said, shapes, "--text", fill="--rail", dashes="1 4")
