"""Show the map in the app: a packaged Streamlit component with Leaflet, brought at set-up."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from hotspot import Run
from hotspot.disclosure.shared_map import SharedMap
from layers.cells import cell_layer
from layers.hotspots import hotspot_layer, shared_layer
from layers.points import places_layer, premises_layer
from layers.style import PLACE_LETTERS, PREMISES_LETTERS

_MAP = st.components.v2.component(
    "hotspot.map",
    html='<div class="map-frame"><div class="map"></div></div>',
    css="map.css",
    js="map.js",
)


@dataclass(frozen=True)
class Drawing:
    """What the map draws of hotspots.

    Attributes
    ----------
    hotspots
        Outlines as GeoJSON text.
    cells
        Cells with `cell`, `level` and `text`; empty for partners.
    legend
        Lines of the legend.
    version
        Changes with what is drawn, not with names.
    names
        Changes with the names alone.
    """

    hotspots: str
    cells: pd.DataFrame
    legend: list[dict[str, Any]]
    version: str
    names: str = ""


def drawing_of_run(run: Run, names: dict[str, str], *, has_premises: bool) -> Drawing:
    """Draw a run in full, for the force: outlines, cells and the registered names."""
    cells, starts = cell_layer(run)
    hotspots = hotspot_layer(run, names)
    version = _digest(hotspots, str(run.params.as_dict()), str(len(cells)))
    legend = _legend(starts, run, has_premises=has_premises)
    return Drawing(hotspots, cells, legend, version, _digest(str(sorted(names.items()))))


def drawing_of_shared(shared: SharedMap) -> Drawing:
    """Draw what a partner may see: outlines with banded counts, no cells."""
    hotspots = shared_layer(shared)
    cells = pd.DataFrame({"cell": [], "level": [], "text": []}).astype(
        {"cell": str, "level": int, "text": str}
    )
    legend: list[dict[str, Any]] = [{"outline": "--outline", "text": "Hotspot"}]
    if shared.approximate:
        legend.append({"text": "Approximate: street-level open data on snap points."})
    return Drawing(hotspots, cells, legend, _digest(hotspots))


def show_live_map(  # noqa: PLR0913 - one argument a layer
    key: str,
    *,
    drawing: Drawing,
    premises: pd.DataFrame,
    places: pd.DataFrame,
    basemap: str,
    selected: str | None,
    on_select: Callable[[], None],
) -> None:
    """Draw the map; `on_select` is called when a hotspot is chosen on it.

    Parameters
    ----------
    key
        Key of the widget.
    drawing
        The hotspots.
    premises, places
        Points to draw, with `lng`, `lat`, `name` and `kind`.
    basemap
        GeoJSON text of the ground.
    selected
        Key of the hotspot to mark.
    on_select
        Callback; the state of the widget then has the hotspot's key as `selected`.
    """
    premises, places = premises_layer(premises), places_layer(places)
    data: dict[str, Any] = {
        "title": "Map of hotspots; the table beside it has the same content",
        "basemap": basemap,
        "basemap_version": _digest(basemap),
        "cells": drawing.cells,
        "hotspots": drawing.hotspots,
        "run_version": drawing.version,
        "names_version": drawing.names,
        "premises": premises,
        "places": places,
        "points_version": _digest(_text(premises), _text(places)),
        "legend": drawing.legend,
        "selected": selected,
    }
    _MAP(key=key, data=data, height="content", on_selected_change=on_select)


def _legend(starts: list[float], run: Run, *, has_premises: bool) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [{"outline": "--outline", "text": "Hotspot"}]
    lines.append({"outline": "--chosen", "text": "Chosen hotspot"})
    if starts:
        name = "records" if run.params.child_cap_days is None else "child-capped records"
        lines.append({"text": f"Cells by weight ({name})"})
    for level, start in enumerate(starts):
        end = f" to {starts[level + 1] - 1:g}" if level + 1 < len(starts) else " or more"
        same = level + 1 < len(starts) and starts[level + 1] - 1 <= start
        lines.append({"level": level, "text": f"{start:g}" if same else f"{start:g}{end}"})
    if has_premises:
        lines.append({"text": f"Closer in, round: premises ({_letters(PREMISES_LETTERS)})"})
        lines.append({"text": f"Square: points of interest ({_letters(PLACE_LETTERS)})"})
    if run.approximate:
        lines.append({"text": "Approximate: street-level open data on snap points."})
    return lines


def _letters(letters: dict[str, str]) -> str:
    return ", ".join(f"{letter} {re.split(r',| or ', kind)[0]}" for kind, letter in letters.items())


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()


def _text(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False)
