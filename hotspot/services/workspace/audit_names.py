"""Name places as the log does, so that "who saw what about this place" can be asked."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from hotspot.analysis.surroundings.districts import ground_of_cells

WHOLE_REGISTER = "premises of a whole register"


def hotspot_name(hotspot_id: int) -> str:
    """Write a registered hotspot's number as people say it."""
    return f"HS-{hotspot_id:04}"


def hotspot_place(hotspot_id: int) -> str:
    """Name a registered hotspot."""
    return f"hotspot {hotspot_name(hotspot_id)}"


def premises_place(source: str, reference: str) -> str:
    """Name premises by their register and reference."""
    return f"premises {source} {reference}"


def ground_place(cell: str) -> str:
    """Name a piece of ground."""
    return f"ground {cell}"


def places_of_hotspots(hotspots: gpd.GeoDataFrame) -> set[str]:
    """Name the ground of the hotspots of a run."""
    return {
        ground_place(cell) for cells in hotspots["cells"] for cell in ground_of_cells(list(cells))
    }


def places_of_premises(premises: pd.DataFrame) -> set[str]:
    """Name the premises of a table with `source` and `premises_ref`."""
    pairs = premises[["source", "premises_ref"]].dropna().drop_duplicates()
    return {premises_place(*pair) for pair in pairs.itertuples(index=False)}


def places_of_actions(actions: pd.DataFrame) -> set[str]:
    """Name the hotspots and premises of a table of actions."""
    premises = actions[["premises_source", "premises_ref"]].rename(
        columns={"premises_source": "source"}
    )
    hotspots = {hotspot_place(int(number)) for number in actions["hotspot_id"].unique()}
    return hotspots | places_of_premises(premises)
