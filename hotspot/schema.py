"""Name the columns, codes and small value objects that every part of Hotspot shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl
from shapely.geometry.base import BaseGeometry

TIME_ZONE = "Europe/London"
WGS84 = "EPSG:4326"
BRITISH_NATIONAL_GRID = "EPSG:27700"

RECORD_RESOLUTION = 10
"""The H3 resolution at which stored records carry their cell."""
RECORD_CELL = f"cell_{RECORD_RESOLUTION}"


class Role(StrEnum):
    """What a location is to an episode."""

    MISSING_FROM = "missing_from"
    LAST_SEEN = "last_seen"
    SIGHTED = "sighted"
    FOUND = "found"
    RETURNED_TO = "returned_to"
    FREQUENTED = "frequented"
    DISCLOSED = "disclosed"
    INTEL = "intel"
    INCIDENT = "incident"
    ASSOCIATE_ADDRESS = "associate_address"


class Setting(StrEnum):
    """What kind of place a location is."""

    DWELLING = "dwelling"
    CARE = "care"
    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    COMMERCIAL = "commercial"
    TRANSPORT = "transport"
    PUBLIC_SPACE = "public_space"
    UNKNOWN = "unknown"


class Form(StrEnum):
    """The strategy's forms of child sexual abuse that an incident may be recorded as."""

    EXPLOITATION = "child_sexual_exploitation"
    INTRA_FAMILIAL = "intra_familial"
    ONLINE = "online"
    PEER = "peer_on_peer"
    FGM = "female_genital_mutilation"
    FORCED_MARRIAGE = "forced_marriage"
    HONOUR_BASED = "honour_based_abuse"
    TRAFFICKING = "trafficking"
    OTHER = "other"


ROLES_OFF = frozenset({Role.MISSING_FROM, Role.RETURNED_TO, Role.ASSOCIATE_ADDRESS})
"""Origins and people's addresses: they would make a map of children's homes."""
SETTINGS_OFF = frozenset(
    {Setting.DWELLING, Setting.CARE, Setting.SCHOOL, Setting.HEALTH, Setting.POLICE}
)
"""Places where a fine hexagon would identify a child."""
FORMS_OFF = frozenset({Form.INTRA_FAMILIAL, Form.FGM, Form.FORCED_MARRIAGE, Form.HONOUR_BASED})
"""Forms of abuse that happen at home."""

PRECISIONS = ("uprn", "building", "street", "postcode", "locality", "unknown")
"""How exactly a place is known; a record's place may also be "snapped", in open data."""
SNAPPED = "snapped"


class Family(StrEnum):
    """What a source's rows become, and what they may be mixed with."""

    FORCE = "force"
    OPEN = "open"
    PREMISES = "premises"
    PLACES = "places"
    SITES = "sites"
    BOUNDARIES = "boundaries"
    COUNTS = "counts"


@dataclass(frozen=True)
class Source:
    """One kind of file that is imported.

    Attributes
    ----------
    name, label
        What commands and screens call it.
    family
        What its rows become. A force's own records may be clustered together; street-level open
        data lie on snap points, are labelled approximate and are never mixed with them.
    needs_place
        Whether a file must tell where each row lies.
    attribution
        What the licence of open data asks to be said.
    """

    name: str
    label: str
    family: Family
    needs_place: bool = False
    attribution: str = ""


_STREET = "Contains data.police.uk information, Open Government Licence v3.0."
_FOOD = "Contains Food Standards Agency information, Open Government Licence v3.0."
SOURCES = {
    source.name: source
    for source in (
        Source("missing", "Missing episodes", Family.FORCE, needs_place=True),
        Source("incidents", "Incidents", Family.FORCE, needs_place=True),
        Source("interviews", "Return home interviews", Family.FORCE, needs_place=True),
        Source("intelligence", "Graded intelligence", Family.FORCE, needs_place=True),
        Source(
            "police-uk",
            "Street crime (open data, approximate)",
            Family.OPEN,
            attribution=_STREET,
        ),
        Source(
            "police-uk-outcomes",
            "Outcomes of street crime (open data, approximate)",
            Family.OPEN,
            attribution=_STREET,
        ),
        Source(
            "police-uk-stops",
            "Stop and search (open data, approximate)",
            Family.OPEN,
            attribution=_STREET,
        ),
        Source("licensing", "Licensing register", Family.PREMISES),
        Source("food-hygiene", "Food hygiene register", Family.PREMISES, attribution=_FOOD),
        Source("places", "Points of interest", Family.PLACES, needs_place=True),
        Source("sensitive-sites", "Sensitive sites", Family.SITES, needs_place=True),
        Source("boundaries", "Boundaries", Family.BOUNDARIES),
        Source("outcomes", "Monthly outcome counts", Family.COUNTS),
    )
}
"""Every source by its name, in the order of screens; `intake.sources.registry` reads them."""


def sources_of(*families: Family) -> tuple[str, ...]:
    """Return the names of the sources of some families, in the order of screens."""
    return tuple(source.name for source in SOURCES.values() if source.family in families)


FORCE_SOURCES = sources_of(Family.FORCE)
OPEN_SOURCES = sources_of(Family.OPEN)
RECORD_SOURCES = sources_of(Family.FORCE, Family.OPEN)
PREMISES_SOURCES = sources_of(Family.PREMISES)
SOURCE_LABELS = {source.name: source.label for source in SOURCES.values()}

RECORDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "record_id": pl.UInt64,
    "source": pl.String,
    "occurred_at": pl.Datetime("us", "UTC"),
    "occurred_to": pl.Datetime("us", "UTC"),
    "time_precision": pl.String,
    "child": pl.String,
    "role": pl.String,
    "setting": pl.String,
    "form": pl.String,
    "kind": pl.String,
    "risk": pl.String,
    "age_band": pl.String,
    "grade": pl.String,
    "lat": pl.Float64,
    "lng": pl.Float64,
    "precision": pl.String,
    "at_origin": pl.Boolean,
    "weight": pl.Float64,
    "set_aside": pl.String,
    "reference_id": pl.UInt64,
    "content_id": pl.UInt64,
}
"""Columns of a record; a stored one has `RECORD_CELL` too.

Times are UTC, coordinates WGS84 degrees, and `child` is a keyed pseudonym. `record_id` names the
record for good, `reference_id` the episode or crime that it belongs to, and `content_id` changes
when any of what was read of it does: all three are keyed.
"""

PREMISES: dict[str, pl.DataType | type[pl.DataType]] = {
    "premises_ref": pl.String,
    "source": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "address": pl.String,
    "postcode": pl.String,
    "authority": pl.String,
    "activities": pl.String,
    "open_until": pl.String,
    "ends_on": pl.Date,
    "lat": pl.Float64,
    "lng": pl.Float64,
}
PLACES: dict[str, pl.DataType | type[pl.DataType]] = {
    "place_ref": pl.String,
    "source": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "lat": pl.Float64,
    "lng": pl.Float64,
}
SITES: dict[str, pl.DataType | type[pl.DataType]] = {
    "name": pl.String,
    "kind": pl.String,
    "within_m": pl.Float64,
    "lat": pl.Float64,
    "lng": pl.Float64,
}
BOUNDARIES: dict[str, pl.DataType | type[pl.DataType]] = {
    "layer": pl.String,
    "code": pl.String,
    "name": pl.String,
    "outline": pl.String,
}
"""Named polygons, their outline as WKT in WGS84 degrees."""
OUTCOMES: dict[str, pl.DataType | type[pl.DataType]] = {
    "month": pl.String,
    "district": pl.String,
    "what": pl.String,
    "number": pl.Int64,
}
"""Monthly counts; `district` is empty for the whole force."""


@dataclass(frozen=True)
class Area:
    """A police force area: its boundary and districts in WGS84 degrees.

    Attributes
    ----------
    name
        What the force calls its area.
    boundary
        Polygon or multipolygon, longitude before latitude.
    districts
        District name to polygon; may be empty.
    margin_m
        How far outside the boundary, in metres, a point still counts as inside.
    outside_limit
        The share of an import's located rows that may lie outside before the user is asked.
    """

    name: str
    boundary: BaseGeometry
    districts: dict[str, BaseGeometry] = field(default_factory=dict)
    margin_m: float = 2000.0
    outside_limit: float = 0.2


def how_many(number: int, what: str) -> str:
    """Write how many of something there are.

    Examples
    --------
    >>> how_many(1, "hotspot"), how_many(1200, "hotspot")
    ('1 hotspot', '1,200 hotspots')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"
