"""Hold the settings of one run, checked once and never changed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotspot.errors import ParamsError
from hotspot.schema import FORMS_OFF, ROLES_OFF, SETTINGS_OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """The settings of one run of the detection.

    Attributes
    ----------
    resolution
        H3 resolution of the cells, 7 to 11.
    rings
        Neighbourhood of a cell in grid steps, 1 to 12 (see `hotspot.rings_for_reach`).
    min_weight
        Weight that a cell's neighbourhood, itself included, must reach to be a core cell.
    min_children
        Distinct children a cluster needs to be a hotspot, where children are known.
    start, end
        First and last day of the period, both included; `None` means as far as the data go.
    child_cap_days
        Length in days of the blocks in which each child counts at most once a cell;
        `None` counts every record.
    roles_off, settings_off, forms_off
        Codes of location roles, settings and forms of abuse that are left out of clustering.

    Raises
    ------
    ParamsError
        A value is out of range.

    Notes
    -----
    The clustering is DBSCAN (Ester, Kriegel, Sander and Xu, KDD 1996) on the graph of occupied
    H3 cells; `rings` plays the part of eps and `min_weight` that of MinPts, on weights.
    """

    resolution: int = 10
    rings: int = 2
    min_weight: float = 20.0
    min_children: int = 3
    start: date | None = None
    end: date | None = None
    child_cap_days: int | None = 28
    roles_off: frozenset[str] = ROLES_OFF
    settings_off: frozenset[str] = SETTINGS_OFF
    forms_off: frozenset[str] = FORMS_OFF

    def __post_init__(self) -> None:
        """Refuse values that no run could mean, and take any collection of codes."""
        for name in ("roles_off", "settings_off", "forms_off"):
            codes = frozenset(str(code) for code in getattr(self, name))
            object.__setattr__(self, name, codes)
        _require_whole("resolution", self.resolution, 7, 11)
        _require_whole("rings", self.rings, 1, 12)
        _require_whole("min_children", self.min_children, 1, 1000)
        if not 0 < self.min_weight < float("inf"):
            message = f"min_weight is {self.min_weight}; give a number above 0, for example 20."
            raise ParamsError(message)
        if self.child_cap_days is not None:
            _require_whole("child_cap_days", self.child_cap_days, 1, 3660)
        if self.start and self.end and self.start > self.end:
            message = f"The period starts on {self.start} after it ends on {self.end}; swap them."
            raise ParamsError(message)

    def replace(self, **changes: Any) -> Params:  # noqa: ANN401 - mirrors dataclasses.replace
        """Return a copy with some settings changed, checked again."""
        return dataclasses.replace(self, **changes)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Params:
        """Read what `as_dict` wrote, also by an older version: what it lacked is as it was then."""
        days = {n: date.fromisoformat(values[n]) for n in ("start", "end") if values.get(n)}
        return cls(**{**values, **days})

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain JSON values, sets sorted and days in ISO form."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}


def _require_whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        message = f"{name} is {value!r}; give a whole number from {low} to {high}."
        raise ParamsError(message)


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(str(item) for item in value)
    return value.isoformat() if isinstance(value, date) else value


FORCE_RECORDS = Params(resolution=10, rings=2, min_weight=20.0)
"""Defaults for a force's own records over 12 months."""
STREET_CRIME_A_MONTH = 240.0
"""Weight a month that a neighbourhood of street crime must hold (chosen on Staffordshire)."""
STREET_CRIME = Params(
    resolution=8, rings=1, min_weight=12 * STREET_CRIME_A_MONTH, child_cap_days=None
)
"""Defaults for street-level open data: coarse cells, because the points are snap points."""
