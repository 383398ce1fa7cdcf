"""Say what a map that leaves the force may hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd


@dataclass(frozen=True)
class SharedMap:
    """What a map that leaves may hold.

    Attributes
    ----------
    hotspots
        Outlines with banded counts (see `disclosure.suppression.suppress`).
    withheld
        How many hotspots were withheld, by reason.
    marking, handling
        Protective marking and handling line.
    period
        What the run covered, in words.
    made_at, made_by
        When and by whom.
    approximate
        Whether the points were snap points.
    is_demo
        Whether the data are invented.
    attribution
        The open data that it is made of.
    basemap
        GeoJSON text of the ground.
    recipients
        Who will receive it, as the log of disclosures names them.
    sources
        What it was found in, each with its newest month, in words.
    settings
        With what settings, in words.
    """

    hotspots: gpd.GeoDataFrame
    withheld: Counter[str]
    marking: str
    handling: str
    period: str
    made_at: datetime
    made_by: str
    approximate: bool
    is_demo: bool
    attribution: str
    basemap: str
    recipients: str = ""
    sources: tuple[str, ...] = ()
    settings: str = ""
