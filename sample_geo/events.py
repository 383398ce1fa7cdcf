"""Say what the sample's invented events are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Point = tuple[float, float]


@dataclass(frozen=True)
class Location:
    """One location of one episode, or the place of one incident."""

    role: str
    setting: str
    point: Point | None
    text: str
    at: datetime | None
    quality: str = "Address"


@dataclass(frozen=True)
class Episode:
    """One missing episode of one child, with its locations."""

    child: str
    start: datetime
    end: datetime
    risk: str
    locations: tuple[Location, ...]


@dataclass(frozen=True)
class Incident:
    """One incident."""

    offence: str
    form: str
    child: str
    start: datetime
    end: datetime | None
    location: Location
