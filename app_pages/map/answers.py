"""What the pages with a map ask, remembered: layers that cost more to make than to send."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st
from shapely.geometry.base import BaseGeometry

from app_pages.actions.answers import actions_of
from app_pages.frame import session, state
from app_pages.frame.remember import (
    actions_state,
    data_state,
    records_state,
    registers_state,
    remember,
)
from app_pages.frame.session import may
from app_pages.hotspots.answers import names_in, registered_outlines
from app_pages.premises.answers import register_of
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disclosure.attribution import attribution_of
from hotspot.disclosure.shared_map import SharedMap
from hotspot.disruption.ladders import CLOSED
from hotspot.services.hotspots import areas, disclosures, runs
from hotspot.services.premises import nearby
from hotspot.services.workspace import ground_tiles
from layers import overlays
from layers.live import Drawing, Ground, drawing_of_run, still_part, with_marks
from layers.plan import outline_picture


@st.cache_resource(show_spinner=False)
def tile_source() -> ground_tiles.TileSource | None:
    """Open the tiles of the ground, if the workspace has some."""
    return ground_tiles.tiles_of(session.workspace())


@st.cache_resource(ttl=3600, show_spinner=False)
def postcodes() -> pd.DataFrame:
    """Read the postcodes of the area, if the force has laid their file into the workspace."""
    return areas.postcodes_of(session.workspace())


@remember(registers_state, data_state)
def masked_areas(actor: Actor) -> tuple[BaseGeometry, ...]:
    """Return the areas around sensitive sites."""
    return tuple(areas.masked_on_map(session.workspace(), actor))


@remember(records_state, registers_state, data_state)
def ground_of(actor: Actor) -> dict[str, Any]:
    """Return the still part of the map."""
    workspace, register, tiles = session.workspace(), register_of(actor), tile_source()
    whose = (tiles.attribution if tiles else "", _attribution(register))
    ground = Ground(
        workspace.basemap,
        register,
        nearby.all_places(workspace, actor),
        (overlays.masked(masked_areas(actor)),),
        tiles.for_map() if tiles else None,
        " ".join(part for part in whose if part),
        postcodes(),
    )
    return still_part(state.GROUND, ground)


def _attribution(register: pd.DataFrame) -> str:
    """Name the open data on the map; the demonstration has none."""
    if session.workspace().settings.demo:
        return ""
    return attribution_of([*register["source"].unique()])


def drawing_in(actor: Actor, run: Run, sources: list[str], ground: dict[str, Any]) -> Drawing:
    """Return what the map draws of a run, with open actions and what was frozen last."""
    return _drawing(actor, run, sources, not ground["premises"].empty)


@remember(actions_state, data_state, entries=9, seconds=60)
def _drawing(actor: Actor, run: Run, sources: list[str], has_premises: bool) -> Drawing:
    frozen: gpd.GeoDataFrame | None = None
    if may(actor, Operation.VIEW_SNAPSHOTS):
        frozen = registered_outlines(actor)
    names, actions = names_in(actor, run, sources), actions_of(actor, run, sources)
    drawing = drawing_of_run(run, names, has_premises=has_premises)
    open_ones = actions[~actions["state"].isin(list(CLOSED))]
    return with_marks(drawing, run, open_ones, (overlays.last_frozen(frozen),))


def outline_of(version: str, key: str, shape: BaseGeometry) -> bytes:
    """Return the picture of one hotspot on the ground, light or dark as the page is.

    Parameters
    ----------
    version
        Changes with what the shape is made of.
    key, shape
        The hotspot and its outline, WGS84.
    """
    return _outline(version, key, st.context.theme.type == "dark", shape)


@remember(entries=50, is_shared=False)
def _outline(version: str, key: str, is_dark: bool, _shape: BaseGeometry) -> bytes:  # noqa: ARG001
    return outline_picture(session.workspace().basemap, _shape, is_dark=is_dark)


def _stored_records() -> str:
    """Return what changes with the records of the store, where a page draws no settings."""
    return runs.holdings(session.workspace()).digest


@remember(_stored_records, spinner="Finding hotspots ...")
def overview_of(actor: Actor) -> SharedMap | None:
    """Prepare the partner's overview; None while there are no records."""
    return disclosures.shared_overview(session.workspace(), actor)
