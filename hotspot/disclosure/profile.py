"""Say what the profile of a month may hold, for whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shapely.geometry.base import BaseGeometry


class Audience(StrEnum):
    """Who a profile is for."""

    POLICE = "police"
    """True counts, graded intelligence, every open action."""
    PARTNERS = "partners"
    """Banded counts, facts and assessments, actions at places; nothing that points at a child."""


@dataclass(frozen=True)
class ProfileAction:
    """An open action, without its note, its premises or any person.

    Attributes
    ----------
    measure, agency, state
        In words; the agency is empty where the reader may not know it.
    due_on
        When it is due.
    is_overdue
        Whether that day is past.
    """

    measure: str
    agency: str
    state: str
    due_on: date
    is_overdue: bool


@dataclass(frozen=True)
class ProfilePlace:
    """One hotspot of a profile.

    Attributes
    ----------
    label
        Number and name, as this audience knows it.
    shape
        Outline, WGS84 degrees, longitude before latitude.
    change
        What became of it since the last snapshot.
    events, children
        Counts, banded for partners.
    period
        First and last month in which something was recorded.
    hours
        When of the week, a sentence.
    grid
        Events by weekday and hour, 7 rows of 24; empty for partners.
    year
        How it goes over months and school holidays, sentences.
    findings
        Kind (with grade and who signed) and sentence of each.
    caveats
        What could be wrong about it, sentences.
    actions
        Open actions.
    """

    label: str
    shape: BaseGeometry
    change: str
    events: str
    children: str
    period: str
    hours: str
    grid: list[list[float]]
    year: list[str]
    findings: list[tuple[str, str]]
    caveats: list[str]
    actions: list[ProfileAction]


@dataclass(frozen=True)
class DataSource:
    """A source of a profile: what it is, the months held, records, and when last refreshed."""

    label: str
    months: str
    records: str
    refreshed_on: date


@dataclass(frozen=True)
class Profile:
    """The month's briefing, already suppressed for its audience.

    Attributes
    ----------
    name
        Of the frozen snapshot.
    force
        What the workspace is called.
    audience, recipients
        For whom.
    period
        What the run covered, in words.
    made_at, made_by
        When and by whom the profile was made.
    frozen_at, frozen_by
        When and by whom the snapshot was.
    marking, handling
        Protective marking and handling line.
    places
        The hotspots, in their order.
    withheld
        How many hotspots were withheld, by reason.
    gone
        Hotspots of the last snapshot that are none now; empty for partners.
    people
        Open actions directed at persons: measure and how many; by number only.
    themes
        What the hotspots have in common, sentences.
    sources
        What it rests on.
    method
        How it was made and how it can be checked, sentences.
    basemap
        GeoJSON text of the ground.
    is_demo
        Whether the data are invented.
    attribution
        The open data in it.
    """

    name: str
    force: str
    audience: Audience
    recipients: str
    period: str
    made_at: datetime
    made_by: str
    frozen_at: datetime
    frozen_by: str
    marking: str
    handling: str
    places: list[ProfilePlace]
    withheld: Counter[str]
    gone: list[str]
    people: list[tuple[str, str]]
    themes: list[str]
    sources: list[DataSource]
    method: list[str]
    basemap: str
    is_demo: bool
    attribution: str
