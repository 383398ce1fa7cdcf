"""Withhold and band what would point at a child."""

from __future__ import annotations

from collections import Counter

import geopandas as gpd
import pandas as pd

MIN_CHILDREN = 3
DOMINANT_SHARE = 0.5
_SMALL, _ROUND_TO = 5, 5

SHARED_COLUMNS = ("key", "events", "children", "first_on", "last_on", "approximate", "geometry")
"""What a shared map may hold of a hotspot: no cells, weights, exact counts or single-child mark."""


def band(count: float | None) -> str:
    """Write a count as shared views show it: "<5" for 1 to 4, else rounded to 5.

    Examples
    --------
    >>> band(3), band(7), band(0), band(None)
    ('<5', '5', '0', 'not known')
    """
    if count is None or pd.isna(count):
        return "not known"
    if 0 < count < _SMALL:
        return f"<{_SMALL}"
    return str(int(_ROUND_TO * ((count + _ROUND_TO / 2) // _ROUND_TO)))


def suppress(hotspots: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Counter[str]]:
    """Reduce hotspots to what may be shared outside the force.

    Parameters
    ----------
    hotspots
        `run.hotspots`.

    Returns
    -------
    (GeoDataFrame, Counter)
        Hotspots in `SHARED_COLUMNS` with counts banded, numbered anew so that the gaps do not tell
        which were withheld; and how many were withheld, by reason. Withheld are hotspots of fewer
        than 3 distinct children (where children are known at all), and those that one child
        dominates: it dissolves without that child, or that child has half the events or more.
    """
    few, dominated = _few(hotspots), _dominated(hotspots)
    withheld = Counter({"fewer than 3 children": int(few.sum())})
    withheld["driven by one child"] = int((dominated & ~few).sum())
    shared = hotspots[is_shown(hotspots)][list(SHARED_COLUMNS)].reset_index(drop=True)
    shared["key"] = [f"Hotspot {number}" for number in range(1, len(shared) + 1)]
    for column in ("events", "children"):
        shared[column] = [band(count) for count in shared[column]]
    return shared, +withheld


def is_shown(hotspots: pd.DataFrame) -> pd.Series[bool]:
    """Tell which hotspots may be shared outside the force."""
    shown: pd.Series[bool] = ~_few(hotspots) & ~_dominated(hotspots)
    return shown


def _few(hotspots: pd.DataFrame) -> pd.Series[bool]:
    few: pd.Series[bool] = hotspots["children"].notna() & (hotspots["children"] < MIN_CHILDREN)
    return few


def _dominated(hotspots: pd.DataFrame) -> pd.Series[bool]:
    share = hotspots["largest_child_share"].fillna(0.0).astype(float)
    dominated: pd.Series[bool] = hotspots["single_child"].astype(bool) | (share >= DOMINANT_SHARE)
    return dominated
