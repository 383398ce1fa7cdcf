"""Read OpenStreetMap extracts (XML, PBF, Overpass JSON) as a table of tagged things with a point.

The parts of a file may come in any order: they are kept, and put together at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import polars as pl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from hotspot.errors import InputError
from hotspot.intake.files.raw import LATITUDE, LONGITUDE, Choices, RawTable, tidy

TAGS = (
    "name",
    "amenity",
    "shop",
    "leisure",
    "tourism",
    "railway",
    "highway",
    "club",
    "opening_hours",
)
_DEPTH = 3
"""Relations of relations are followed so far."""
Place = tuple[float, float]


@dataclass
class Extract:
    """The parts of an extract.

    Attributes
    ----------
    places
        Longitude and latitude by the identity of a node, or of what gives a middle of its own.
    members
        What ways and relations are made of, by their identity.
    tagged
        Identity and tags of the things that are told of, in the order of the file.
    """

    places: dict[str, Place] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    tagged: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _found: dict[tuple[str, int], Place] = field(default_factory=dict)

    def rows(self) -> Iterator[dict[str, str]]:
        """Return a row for each tagged thing; one that cannot be placed has no coordinates."""
        for identity, tags in self.tagged:
            lng, lat = self._place_of(identity, _DEPTH)
            placed = {LONGITUDE: f"{lng:.7f}", LATITUDE: f"{lat:.7f}"} if lng == lng else {}  # noqa: PLR0124 - NaN
            yield tags | {"@id": identity} | placed

    def _place_of(self, identity: str, depth: int) -> Place:
        """Return a thing's own place, or the middle of its parts; NaN where it has none.

        Each is looked for once: relations of relations, each with all others in it, never end.
        """
        own = self.places.get(identity)
        if own is not None or depth == 0:
            return own or (float("nan"), float("nan"))
        if (identity, depth) not in self._found:
            self._found[identity, depth] = self._middle_of(identity, depth)
        return self._found[identity, depth]

    def _middle_of(self, identity: str, depth: int) -> Place:
        members = self.members.get(identity, [])
        if len(members) > 1 and members[0] == members[-1]:
            members = members[:-1]
        places = [self._place_of(member, depth - 1) for member in members]
        return _middle([place for place in places if place[0] == place[0]])


def read_osm_table(
    path: Path, name: str, known: Collection[str], choices: Choices | None = None
) -> RawTable:
    """Read the tagged nodes, ways and relations of an extract in XML or PBF.

    A way lies at the middle of its nodes, a relation at the middle of its members.

    Raises
    ------
    InputError
        It is no OpenStreetMap extract, or holds declarations that such a file never has.
    """
    del known, choices
    with path.open("rb") as file:
        is_xml = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
    if not is_xml:
        return table_of(_read_pbf(path, name), name)
    try:
        return table_of(_read_xml(path), name)
    except (ParseError, DefusedXmlException, ValueError) as error:
        message = f"{name} is not readable as OpenStreetMap XML ({error}). Extract it again."
        raise InputError(message) from error


def table_of(extract: Extract, name: str) -> RawTable:
    """Return the tagged things of an extract as a table.

    Raises
    ------
    InputError
        It has none.
    """
    columns: dict[str, list[str | None]] = {
        column: [] for column in ("@id", *TAGS, LONGITUDE, LATITUDE)
    }
    for row in extract.rows():
        for column, values in columns.items():
            values.append(row.get(column))
    if not columns["@id"]:
        message = f"{name} holds nothing with a tag; is it an OpenStreetMap extract?"
        raise InputError(message)
    rows = tidy(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))).with_columns(
        line=pl.int_range(1, 1 + pl.len(), dtype=pl.UInt32),
        blank=pl.lit(value=False),
        footer=pl.lit(value=False),
        ragged=pl.lit(value=False),
    )
    return RawTable(name, tuple(columns), rows, 0)


def extract_of_elements(elements: Iterable[Any]) -> Extract:
    """Put together the elements of an Overpass answer in JSON."""
    extract = Extract()
    for element in elements:
        if not isinstance(element, dict) or element.get("type") not in _KINDS:
            continue
        identity = f"{element['type']}/{element.get('id', '')}"
        at = element.get("center") or element
        if "lat" in at and "lon" in at:
            extract.places[identity] = (float(at["lon"]), float(at["lat"]))
        elif isinstance(element.get("geometry"), list):
            corners = [(float(p["lon"]), float(p["lat"])) for p in element["geometry"] if p]
            extract.places[identity] = _middle(_open_ring(corners))
        extract.members[identity] = [
            *(f"node/{number}" for number in element.get("nodes", [])),
            *(f"{m.get('type')}/{m.get('ref')}" for m in element.get("members", [])),
        ]
        _add_tags(extract, identity, element.get("tags") or {})
    return extract


_KINDS = ("node", "way", "relation")


def _read_xml(path: Path) -> Extract:
    extract = Extract()
    for _, element in iterparse(path, events=("end",), forbid_dtd=True):
        if element.tag not in _KINDS:
            continue
        identity = f"{element.tag}/{element.get('id', '')}"
        at = element if element.tag == "node" else element.find("center")
        if at is not None and at.get("lon") and at.get("lat"):
            extract.places[identity] = (float(at.get("lon", "")), float(at.get("lat", "")))
        if element.tag != "node":
            extract.members[identity] = _members_of(element)
        tags = {tag.get("k", ""): tag.get("v", "") for tag in element.iter("tag")}
        _add_tags(extract, identity, tags)
        element.clear()
    return extract


def _members_of(element: Element) -> list[str]:
    return [
        *(f"node/{each.get('ref', '')}" for each in element.iter("nd")),
        *(f"{each.get('type')}/{each.get('ref', '')}" for each in element.iter("member")),
    ]


def _read_pbf(path: Path, name: str) -> Extract:
    """Read a PBF file in two passes: what is tagged and of what it is made, then the places."""
    try:
        import osmium  # the extra `osm`, and only for such files
    except ImportError as error:
        message = (
            f"{name} is OpenStreetMap PBF, which needs the extra 'osm' (pip install hotspot[osm]); "
            "or convert it to .osm."
        )
        raise InputError(message) from error
    file = osmium.io.File(str(path), "pbf")
    extract, wanted = Extract(), set[int]()
    try:
        for thing in osmium.FileProcessor(file).with_filter(osmium.filter.KeyFilter(*TAGS[1:8])):
            identity = f"{_KINDS['nwr'.index(thing.type_str())]}/{thing.id}"
            _add_tags(extract, identity, {tag.k: tag.v for tag in thing.tags})
            if isinstance(thing, osmium.osm.Relation):
                extract.members[identity] = [_pbf_member(member) for member in thing.members]
                wanted |= {member.ref for member in thing.members if member.type == "w"}
        tagged = {identity for identity, _ in extract.tagged}
        tagged |= {member for members in extract.members.values() for member in members}
        for thing in osmium.FileProcessor(file).with_locations():
            if isinstance(thing, osmium.osm.Node) and f"node/{thing.id}" in tagged:
                if not thing.location.valid():
                    continue
                extract.places[f"node/{thing.id}"] = (thing.location.lon, thing.location.lat)
            elif isinstance(thing, osmium.osm.Way) and f"way/{thing.id}" in tagged:
                corners = [
                    (n.location.lon, n.location.lat) for n in thing.nodes if n.location.valid()
                ]
                extract.places[f"way/{thing.id}"] = _middle(_open_ring(corners))
    except (RuntimeError, ValueError) as error:
        message = f"{name} is not readable as OpenStreetMap PBF ({error}). Extract it again."
        raise InputError(message) from error
    return extract


def _pbf_member(member: Any) -> str:  # noqa: ANN401 - osmium has no types
    return f"{_KINDS['nwr'.index(member.type)]}/{member.ref}"


def _add_tags(extract: Extract, identity: str, tags: dict[str, Any]) -> None:
    told = {key: str(tags[key]) for key in TAGS if key in tags}
    if told:
        extract.tagged.append((identity, told))


def _open_ring(corners: list[Place]) -> list[Place]:
    return corners[:-1] if len(corners) > 1 and corners[0] == corners[-1] else corners


def _middle(corners: list[Place]) -> Place:
    if not corners:
        return float("nan"), float("nan")
    count = len(corners)
    return sum(x for x, _ in corners) / count, sum(y for _, y in corners) / count
