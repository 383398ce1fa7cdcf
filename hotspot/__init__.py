"""Find hotspots of child exploitation on the map, and keep what is done about them.

What stands here is imported when it is first asked for, so that `import hotspot` is light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hotspot.analysis.detection.cells import reach_m, rings_for_reach
    from hotspot.analysis.detection.run import Run
    from hotspot.errors import HotspotError, InputError, NotAllowedError, StoreError
    from hotspot.front.detection import detect
    from hotspot.front.estimator import H3DBSCAN
    from hotspot.front.workspaces import open_workspace
    from hotspot.params import FORCE_RECORDS, STREET_CRIME, Params

__version__ = "0.7.0"
__all__ = [
    "FORCE_RECORDS",
    "H3DBSCAN",
    "STREET_CRIME",
    "HotspotError",
    "InputError",
    "NotAllowedError",
    "Params",
    "Run",
    "StoreError",
    "detect",
    "open_workspace",
    "reach_m",
    "rings_for_reach",
]

_AT = {
    "reach_m": "analysis.detection.cells",
    "rings_for_reach": "analysis.detection.cells",
    "Run": "analysis.detection.run",
    "HotspotError": "errors",
    "InputError": "errors",
    "NotAllowedError": "errors",
    "StoreError": "errors",
    "detect": "front.detection",
    "H3DBSCAN": "front.estimator",
    "open_workspace": "front.workspaces",
    "FORCE_RECORDS": "params",
    "STREET_CRIME": "params",
    "Params": "params",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    """Import what is asked for (PEP 562)."""
    if name not in _AT:
        message = f"module 'hotspot' has no attribute '{name}'"
        raise AttributeError(message)
    member = getattr(import_module(f"hotspot.{_AT[name]}"), name)
    globals()[name] = member
    return member


def __dir__() -> list[str]:
    """List what can be asked for."""
    return sorted({*globals(), *__all__})
