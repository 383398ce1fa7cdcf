"""Find hotspots of child exploitation on the map, and keep what is done about them."""

from hotspot.analysis.detection.cells import reach_m, rings_for_reach
from hotspot.analysis.detection.pipeline import detect
from hotspot.analysis.detection.run import Run
from hotspot.errors import HotspotError, InputError, NotAllowedError, StoreError
from hotspot.params import FORCE_RECORDS, STREET_CRIME, Params

__version__ = "0.7.0"
__all__ = [
    "FORCE_RECORDS",
    "STREET_CRIME",
    "HotspotError",
    "InputError",
    "NotAllowedError",
    "Params",
    "Run",
    "StoreError",
    "detect",
    "reach_m",
    "rings_for_reach",
]
