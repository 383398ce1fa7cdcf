"""Recognise a registered hotspot in a later run by the ground they share."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

MIN_OVERLAP = 0.3
"""Share of the smaller of two outlines that must be common ground."""


def match_registered(hotspots: gpd.GeoDataFrame, registered: gpd.GeoDataFrame) -> pd.DataFrame:
    """Match registered hotspots to the hotspots of a run.

    Parameters
    ----------
    hotspots
        Columns `key` and `geometry`.
    registered
        Columns `hotspot_id` and `geometry`, same CRS.

    Returns
    -------
    DataFrame
        `hotspot_id`, `key`, `overlap` (common area over the smaller area, 0 to 1). Each
        registered hotspot appears at most once, with the hotspot that it overlaps most (ties:
        the smaller key); a hotspot may carry several registered ones.
    """
    empty = pd.DataFrame({"hotspot_id": [], "key": [], "overlap": []}).astype(
        {"hotspot_id": str, "key": str, "overlap": float}
    )
    if hotspots.empty or registered.empty:
        return empty
    current, known = hotspots.geometry.to_numpy(), registered.geometry.to_numpy()
    known_at, current_at = shapely.STRtree(current).query(known, predicate="intersects")
    common = shapely.area(shapely.intersection(known[known_at], current[current_at]))
    smaller = pd.Series(shapely.area(known[known_at])).clip(
        upper=pd.Series(shapely.area(current[current_at]))
    )
    pairs = pd.DataFrame(
        {
            "hotspot_id": registered["hotspot_id"].to_numpy()[known_at],
            "key": hotspots["key"].to_numpy()[current_at],
            "overlap": common / smaller,
        }
    )
    strong = pairs[pairs["overlap"] >= MIN_OVERLAP]
    best = strong.sort_values(["hotspot_id", "overlap", "key"], ascending=[True, False, True])
    return best.drop_duplicates("hotspot_id").reset_index(drop=True)
