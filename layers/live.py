"""Show the map in the app, in two parts.

The still part (ground, premises, points of interest, layers that do not change) is sent once and
stays with the browser; the live part changes with the filters and is small.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

from hotspot import Run
from hotspot.disclosure.shared_map import SharedMap
from layers.cells import cell_layer, no_cells
from layers.component import MAP
from layers.hotspots import action_flags, hotspot_layer, shared_layer
from layers.overlays import Overlay
from layers.points import kinds_of_premises, places_layer, postcodes_layer, premises_layer
from layers.style import PLACE_LETTERS, PREMISES_LETTERS

Ring = list[list[float]]
"""Corners of an area that was drawn: latitude and longitude, WGS84 degrees."""


@dataclass(frozen=True)
class Ground:
    """What the map draws whatever the filters are.

    Attributes
    ----------
    basemap
        GeoJSON text of the ground.
    premises, places
        Points, with `lng`, `lat`, `name` and `kind`; premises also `postcode`, `open_until`.
    overlays
        Further layers that do not change with the filters.
    tiles
        Where tiles come from, if a workspace has some: `address`, `from`, `to` (zoom levels).
    attribution
        Whose data are drawn.
    postcodes
        What can be searched beside premises' own: `postcode`, `lng`, `lat`; None without any.
    """

    basemap: str
    premises: pd.DataFrame
    places: pd.DataFrame
    overlays: tuple[Overlay, ...] = ()
    tiles: dict[str, Any] | None = None
    attribution: str = ""
    postcodes: pd.DataFrame | None = None


@dataclass(frozen=True)
class Drawing:
    """What the map draws of hotspots.

    Attributes
    ----------
    hotspots
        Outlines as GeoJSON text.
    cells
        Cells with the columns of `cells.cell_layer`; empty for partners.
    legend
        Lines of the legend.
    version
        Changes with what is drawn, not with names.
    names
        Changes with the names alone.
    overlays
        Further layers that change with the filters.
    flags
        Open actions at hotspots.
    starts
        The smallest weight of each level of the cells.
    """

    hotspots: str
    cells: pd.DataFrame
    legend: list[dict[str, Any]]
    version: str
    names: str = ""
    overlays: tuple[Overlay, ...] = ()
    flags: tuple[dict[str, Any], ...] = ()
    starts: tuple[float, ...] = ()


def drawing_of_run(
    run: Run,
    names: dict[str, str],
    *,
    has_premises: bool = False,
    as_in: Drawing | None = None,
) -> Drawing:
    """Draw a run in full, for the force: outlines, cells and the registered names.

    Parameters
    ----------
    run
        The run.
    names
        Key to registered number and name.
    has_premises
        Whether the ground below has some, for the legend.
    as_in
        The drawing beside it, whose levels are taken: a colour is the same number in both.
    """
    cells, starts = cell_layer(run, as_in.starts if as_in else ())
    hotspots = hotspot_layer(run, names)
    version = _digest(hotspots, str(run.params.as_dict()), str(len(cells)), str(starts))
    legend = _legend(starts, run, has_premises=has_premises)
    named = _digest(str(sorted(names.items())))
    return Drawing(hotspots, cells, legend, version, named, starts=tuple(starts))


def with_marks(
    drawing: Drawing, run: Run, actions: pd.DataFrame, overlays: tuple[Overlay, ...] = ()
) -> Drawing:
    """Add the open actions at a run's hotspots, and further layers."""
    flags = tuple(action_flags(run, actions))
    legend = list(drawing.legend)
    if flags:
        said = "Flag: open actions, and how many are late"
        if legend and (signs := legend[-1].get("more")):
            legend[-1] = legend[-1] | {"more": [said, *signs]}
        else:
            legend.append({"text": said})
    return replace(drawing, legend=legend, overlays=overlays, flags=flags)


def drawing_of_shared(shared: SharedMap) -> Drawing:
    """Draw what a partner may see: outlines with banded counts, no cells."""
    hotspots = shared_layer(shared)
    legend: list[dict[str, Any]] = [{"outline": "--outline", "text": "Hotspot"}]
    if shared.approximate:
        legend.append({"text": "Approximate: street-level open data on snap points."})
    return Drawing(hotspots, no_cells(), legend, _digest(hotspots))


def still_part(name: str, ground: Ground) -> dict[str, Any]:
    """Prepare the still part of maps: worth keeping, for it does not change with the filters.

    Parameters
    ----------
    name
        Key of its widget; `show_live_map` names it.
    ground
        What is drawn whatever the filters are.
    """
    premises, places = premises_layer(ground.premises), places_layer(ground.places)
    overlays = [asdict(overlay) for overlay in ground.overlays]
    postcodes = postcodes_layer(ground.postcodes)
    frames = (_text(frame) for frame in (premises, places, postcodes))
    digest = _digest(ground.basemap, str(ground.tiles), *frames, str(overlays))
    return {
        "part": "still",
        "name": name,
        "basemap": ground.basemap,
        "tiles": ground.tiles,
        "premises": premises,
        "places": places,
        "postcodes": postcodes,
        "kinds": kinds_of_premises(),
        "overlays": overlays,
        "attribution": ground.attribution,
        "version": digest,
    }


def show_ground(part: dict[str, Any]) -> None:
    """Send the still part that maps draw from; it shows nothing by itself."""
    MAP(key=part["name"], data=part, height="content")


def show_live_map(  # noqa: PLR0913 - what is drawn, and what is asked back
    key: str,
    *,
    drawing: Drawing,
    ground: str,
    selected: str | None,
    on_choose: Callable[[], None],
    on_area: Callable[[], None] | None = None,
    area: Ring | None = None,
    linked: str = "",
    is_second: bool = False,
    may_open: bool = False,
) -> str | None:
    """Draw the map; `on_choose` is called when a hotspot is chosen on it.

    Parameters
    ----------
    key
        Key of the widget.
    drawing
        The hotspots.
    ground
        Name of the still part.
    selected
        Key of the hotspot to mark.
    on_choose
        Callback; the state of the widget then has the hotspot's key as `chosen`, once.
    on_area
        Callback when an area is drawn or cleared; the state then has its corners as `area`. Without
        it areas cannot be drawn.
    area
        The area that is asked about.
    linked
        Maps with the same text move together.
    is_second
        Whether another map stands beside it, whose view is kept in the address.
    may_open
        Whether the chosen hotspot has a page to open.

    Returns
    -------
    str or None
        Key of the hotspot whose page was just asked for.
    """
    overlays = [asdict(overlay) for overlay in drawing.overlays]
    data: dict[str, Any] = {
        "part": "live",
        "name": key,
        "title": "Map of hotspots; the table beside it has the same content",
        "still": ground,
        "group": linked,
        "is_second": is_second,
        "may_ask": on_area is not None,
        "may_open": may_open,
        "cells": drawing.cells,
        "hotspots": drawing.hotspots,
        "run_version": drawing.version,
        "names_version": drawing.names,
        "overlays": overlays,
        "actions": list(drawing.flags),
        "marks_version": _digest(str(overlays), str(drawing.flags)),
        "legend": drawing.legend,
        "selected": selected,
        "area": area,
    }
    shown = MAP(
        key=key,
        data=data,
        height="content",
        on_chosen_change=on_choose,
        on_area_change=on_area or (lambda: None),
        on_open_change=lambda: None,
    )
    return shown.get("open")


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
    if run.approximate:
        lines.append({"text": "Approximate: street-level open data on snap points."})
    if has_premises:
        lines.append({"text": "What the signs mean", "more": _letters_in_words()})
    return lines


def _letters_in_words() -> list[str]:
    """Explain what stands on premises and points of interest."""
    return [
        f"Round, closer in: premises; {_letters(PREMISES_LETTERS)}",
        f"Square, closer in: points of interest; {_letters(PLACE_LETTERS)}",
        "A number in a circle counts several premises; a second ring: some close late",
        "A small number beside a letter: the hour of closing, where that is midnight or later",
    ]


def _letters(letters: dict[str, str]) -> str:
    return ", ".join(f"{letter} {re.split(r',| or ', kind)[0]}" for kind, letter in letters.items())


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()


def _text(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False)
