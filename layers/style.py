"""Choose how things look on both maps: neutral colours, and never a meaning by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVELS = 5
"""Levels of a cell, light to dark: more records, not worse ones (map.js has the colours)."""

PREMISES_LETTERS = {
    "pub, bar or nightclub": "P",
    "takeaway": "T",
    "restaurant or café": "R",
    "hotel or guest house": "H",
    "off-licence or shop": "S",
    "taxi operator": "X",
    "other licensed premises": "L",
    "other catering premises": "C",
}
PLACE_LETTERS = {
    "taxi rank": "X",
    "railway station": "R",
    "bus station": "B",
    "park": "G",
    "hotel": "H",
}


@dataclass(frozen=True)
class LayerStyle:
    """How a layer of the ground is drawn: colours (empty for none), width in points, dashes."""

    fill: str = ""
    line: str = ""
    width: float = 1.0
    is_dashed: bool = False


GROUND = {
    "land": LayerStyle(fill="#fbfaf7"),
    "town": LayerStyle(fill="#e6e1d8"),
    "park": LayerStyle(fill="#dcebd8"),
    "road": LayerStyle(line="#c9a86a", width=1.6),
    "rail": LayerStyle(line="#8a8f98", width=1.3, is_dashed=True),
    "canal": LayerStyle(line="#8fb7d4", width=1.3),
    "district": LayerStyle(line="#7b6f8f", is_dashed=True),
    "force": LayerStyle(line="#7b6f8f", width=2.5),
}
"""The ground of pictures and of the map file, from the bottom up."""
DARK_GROUND = {
    "land": LayerStyle(fill="#1a222c"),
    "town": LayerStyle(fill="#263241"),
    "park": LayerStyle(fill="#1f3329"),
    "road": LayerStyle(line="#7d6a45", width=1.6),
    "rail": LayerStyle(line="#66707d", width=1.3, is_dashed=True),
    "canal": LayerStyle(line="#3c6684", width=1.3),
    "district": LayerStyle(line="#8d7fa8", is_dashed=True),
    "force": LayerStyle(line="#8d7fa8", width=2.5),
}
"""The same on a dark screen, in the colours of the map (map.css)."""


@dataclass(frozen=True)
class PictureStyle:
    """How a picture of a place looks.

    Attributes
    ----------
    ground
        The layers of the ground.
    beyond
        Colour of what is no land.
    outline, fill
        Colours of a hotspot.
    text, halo
        Colours of names and of what keeps them readable over lines.
    points
        Size of names.
    """

    ground: dict[str, LayerStyle]
    beyond: str = "#ffffff"
    outline: str = "#14305c"
    fill: str = "#3a78b8"
    text: str = "#22252b"
    halo: str = "#ffffff"
    points: float = 8


PAPER = PictureStyle(GROUND)
SCREEN = PictureStyle(GROUND, "#e9eef2", points=11)
DARK_SCREEN = PictureStyle(
    DARK_GROUND,
    "#10151c",
    outline="#9cc4ff",
    fill="#5c8fcf",
    text="#e6e9ee",
    halo="#10151c",
    points=11,
)
OTHER_LETTER = "\u2022"


def levels_of(
    values: NDArray[np.float64], as_in: Sequence[float] = ()
) -> tuple[NDArray[np.int64], list[float]]:
    """Class values into up to five levels by quantiles of the distinct values.

    Parameters
    ----------
    as_in
        The starts of another map's levels, to class as it does.

    Returns
    -------
    (levels, starts)
        The level of each value, 0 to 4, and the smallest value of each level.
    """
    if not len(values):
        return np.array([], dtype=np.int64), []
    if as_in:
        edges = np.asarray(as_in[1:])
    else:
        quantiles = np.quantile(np.unique(values), np.linspace(0, 1, LEVELS + 1)[1:-1])
        edges = np.unique(np.ceil(quantiles))
    least = min([float(values.min()), *as_in[:1]])
    return np.digitize(values, edges), [least, *edges.tolist()]
