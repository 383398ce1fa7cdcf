"""What the map's page keeps per session: layers that cost more to make than to send."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st
from shapely.geometry.base import BaseGeometry

from app_pages.frame import cache, state, widgets
from app_pages.hotspots import analysis_cache
from hotspot import Run
from hotspot.services.actions import lists
from hotspot.services.actions.recording import CLOSED
from hotspot.services.people.session import Actor, Operation
from hotspot.services.premises import nearby
from layers.hotspots import NOTHING
from layers.live import Drawing, Ground, drawing_of_run, still_part, with_marks
from layers.plan import outline_picture


@st.cache_resource(scope="session", max_entries=3, show_spinner=False)
def _ground(version: str, actor: str, _actor: Actor) -> dict[str, Any]:
    del version, actor
    workspace = cache.workspace()
    held = nearby.version_of(workspace)
    register = widgets.register_of(_actor)
    tiles = cache.tile_source()
    whose = (tiles.attribution if tiles else "", widgets.attribution([], register))
    ground = Ground(
        workspace.basemap,
        register,
        cache.places(held, _actor.name, _actor),
        cache.masked(held, state.data_turn(), _actor.name, _actor),
        tiles.for_map() if tiles else None,
        " ".join(part for part in whose if part),
        cache.postcodes(),
    )
    return still_part(state.GROUND, ground)


def ground_of(actor: Actor) -> dict[str, Any]:
    """Give the still part of the map."""
    held = f"{st.session_state[state.DIGEST]} {nearby.version_of(cache.workspace())}"
    return _ground(f"{held} {state.data_turn()}", actor.name, actor)


@st.cache_resource(scope="session", max_entries=9, ttl=60, show_spinner=False)
def _drawing(
    version: str,
    run_id: str,
    actor: str,
    _run: Run,
    _names: dict[str, str],
    _actions: pd.DataFrame,
    _frozen: gpd.GeoDataFrame | None,
    has_premises: bool,
    has_masked: bool,
) -> Drawing:
    del version, run_id, actor
    drawing = drawing_of_run(_run, _names, has_premises=has_premises, has_masked=has_masked)
    open_ones = _actions[~_actions["state"].isin(list(CLOSED))]
    return with_marks(drawing, _run, open_ones, _frozen)


def drawing_in(
    actor: Actor, run: Run, sources: list[str], actions: pd.DataFrame, ground: dict[str, Any]
) -> Drawing:
    """Give what the map draws of a run, with open actions and what was frozen last."""
    frozen = None
    if widgets.may(actor, Operation.VIEW_SNAPSHOTS):
        frozen = analysis_cache.outlines_registered(state.data_turn(), actor.name, actor)
    names = widgets.names_in(actor, run, sources)
    version = f"{lists.version_of(cache.workspace())} {state.data_turn()}"
    name = widgets.run_id(run, sources)
    has_premises, has_masked = not ground["premises"].empty, ground["masked"] != NOTHING
    return _drawing(
        version, name, actor.name, run, names, actions, frozen, has_premises, has_masked
    )


@st.cache_data(scope="session", max_entries=50, show_spinner=False)
def _outline(version: str, key: str, is_dark: bool, _shape: BaseGeometry) -> bytes:
    del version, key
    return outline_picture(cache.workspace().basemap, _shape, is_dark=is_dark)


def outline_of(version: str, key: str, shape: BaseGeometry) -> bytes:
    """Give the picture of one hotspot on the ground, light or dark as the page is.

    Parameters
    ----------
    version
        Changes with what the shape is made of.
    key, shape
        The hotspot and its outline, WGS84.
    """
    return _outline(version, key, st.context.theme.type == "dark", shape)
