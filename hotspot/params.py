"""Hold the settings of one run, checked once and never changed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Real
from typing import Any

from hotspot.errors import ParamsError
from hotspot.schema import FORMS_OFF, ROLES_OFF, SETTINGS_OFF


@dataclass(frozen=True, slots=True)
class HarmTable:
    """How heavily each kind of offence weighs, by a table that a user brought.

    Attributes
    ----------
    name, version
        Whose table it is and which one, said wherever its weights are used.
    weights
        Weight of each kind, above 0.

    Raises
    ------
    ParamsError
        The name or version is missing, or a weight is not above 0.
    """

    name: str
    version: str
    weights: dict[str, float]

    def __post_init__(self) -> None:
        """Refuse a table that cannot be named or used."""
        if not self.name.strip() or not self.version.strip():
            message = "Give the harm table a name and a version; both are said with its weights."
            raise ParamsError(message)
        for kind, weight in self.weights.items():
            if not 0 < weight < float("inf"):
                message = f"The weight of '{kind}' is {weight}; give a number above 0."
                raise ParamsError(message)

    @classmethod
    def from_text(cls, name: str, version: str, text: str) -> HarmTable:
        """Read a table of lines "kind, weight" (or kind and weight parted by a tab).

        Raises
        ------
        ParamsError
            A line is not of that form, or a kind stands twice.
        """
        weights: dict[str, float] = {}
        for number, line in enumerate(text.strip().splitlines(), start=1):
            kind, _, written = line.strip().rpartition("\t" if "\t" in line else ",")
            kind = kind.strip().strip('"')
            try:
                weight = float(written)
            except ValueError:
                weight = 0.0
            if not kind or kind in weights or not 0 < weight < float("inf"):
                message = (
                    f"Line {number} of the harm table is '{line.strip()[:60]}'; write each kind "
                    "once, a comma, and a weight above 0."
                )
                raise ParamsError(message)
            weights[kind] = weight
        return cls(name.strip(), version.strip(), weights)

    def __hash__(self) -> int:
        """Hash what tells tables apart."""
        return hash((self.name, self.version, tuple(sorted(self.weights.items()))))


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
    child_share
        Whether each child's records in a cell share a weight of one (1/n each) instead.
    roles_off, settings_off, forms_off
        Codes of location roles, settings and forms of abuse that are left out of clustering.
    only_kinds, only_risks, only_precisions
        Kinds of offence, levels of risk and classes of precision to count; `None` counts all.
    only_weekdays
        Days of the week to count, 0 for Monday to 6, by when a record begins; `None` counts all.
        Together with `only_hours` a day lasts from 06:00 to 06:00 of the next: Friday and the hours
        22 to 1 are Friday night, with the small hours of Saturday and without those of Friday.
    only_hours
        Hours of the day to count, 0 to 23, in local time; `None` counts all. Records without an
        hour are then left out.
    harm
        Weights of kinds by a table of the user's; a kind that it lacks is left out. `None` weighs
        all kinds alike.

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
    child_share: bool = False
    only_kinds: frozenset[str] | None = None
    only_risks: frozenset[str] | None = None
    only_precisions: frozenset[str] | None = None
    only_weekdays: frozenset[int] | None = None
    only_hours: frozenset[int] | None = None
    harm: HarmTable | None = None

    def __post_init__(self) -> None:
        """Refuse values that no run could mean, and take any collection of codes."""
        for name in ("roles_off", "settings_off", "forms_off"):
            codes = frozenset(str(code) for code in getattr(self, name))
            object.__setattr__(self, name, codes)
        for name in ("only_kinds", "only_risks", "only_precisions"):
            wanted = getattr(self, name)
            if wanted is not None:
                object.__setattr__(self, name, frozenset(str(code) for code in wanted))
        for name, last in (("only_weekdays", 6), ("only_hours", 23)):
            numbers = getattr(self, name)
            if numbers is not None:
                for number in numbers:
                    _require_whole(name, number, 0, last)
                object.__setattr__(self, name, frozenset(numbers))
        _require_whole("resolution", self.resolution, 7, 11)
        _require_whole("rings", self.rings, 1, 12)
        _require_whole("min_children", self.min_children, 1, 1000)
        self._take_days()
        _require_weight(self.min_weight)
        if self.child_cap_days is not None:
            _require_whole("child_cap_days", self.child_cap_days, 1, 3660)

    def _take_days(self) -> None:
        """Take days, datetimes and text for the period, which must not be the wrong way round."""
        for name in ("start", "end"):
            object.__setattr__(self, name, _day_of(name, getattr(self, name)))
        if self.start and self.end and self.start > self.end:
            message = f"The period starts on {self.start} after it ends on {self.end}; swap them."
            raise ParamsError(message)

    def replace(self, **changes: Any) -> Params:  # noqa: ANN401 - mirrors dataclasses.replace
        """Return a copy with some settings changed, checked again."""
        return dataclasses.replace(self, **changes)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Params:
        """Read what `as_dict` wrote, also by an older version: what it lacked is as it was then."""
        read: dict[str, Any] = {
            n: date.fromisoformat(values[n]) for n in ("start", "end") if values.get(n)
        }
        if values.get("harm"):
            read["harm"] = HarmTable(**values["harm"])
        return cls(**{**values, **read})

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain JSON values, sets sorted and days in ISO form."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}


def _require_whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        message = f"{name} is {value!r}; give a whole number from {low} to {high}."
        raise ParamsError(message)


def _require_weight(value: object) -> None:
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or not 0 < float(value) < float("inf"):  # type: ignore[arg-type]
        shown = value if is_number else repr(value)
        message = f"min_weight is {shown}; give a number above 0, for example 20."
        raise ParamsError(message)


def _day_of(name: str, value: object) -> date | None:
    """Take a day, a datetime (its day) or text in ISO form."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            message = f"{name} is {value!r}; give a date, or text such as '2026-06-01'."
            raise ParamsError(message) from error
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    message = f"{name} is {value!r}; give a date, or text such as '2026-06-01'."
    raise ParamsError(message)


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, HarmTable):
        return dataclasses.asdict(value)
    return value.isoformat() if isinstance(value, date) else value


FORCE_RECORDS = Params(resolution=10, rings=2, min_weight=20.0)
"""Defaults for a force's own records over 12 months."""
STREET_CRIME_A_MONTH = 240.0
"""Weight a month that a neighbourhood of street crime must hold (chosen on Staffordshire)."""
STREET_CRIME = Params(
    resolution=8, rings=1, min_weight=12 * STREET_CRIME_A_MONTH, child_cap_days=None
)
"""Defaults for street-level open data: coarse cells, because the points are snap points."""
