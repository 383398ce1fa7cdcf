"""Read OpenStreetMap extracts (.osm XML) as a table of tagged things with a point each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
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


def read_osm_table(
    path: Path, name: str, known: Collection[str], choices: Choices | None = None
) -> RawTable:
    """Read the tagged nodes and ways of an extract; a way lies at the middle of its nodes.

    Raises
    ------
    InputError
        It is no OpenStreetMap XML, or holds declarations that such a file never has.
    """
    del known, choices
    columns: dict[str, list[str | None]] = {
        column: [] for column in ("@id", *TAGS, LONGITUDE, LATITUDE)
    }
    try:
        for row in _things(path):
            for column, values in columns.items():
                values.append(row.get(column))
    except (ParseError, DefusedXmlException, ValueError) as error:
        message = f"{name} is not readable as OpenStreetMap XML ({error}). Extract it again."
        raise InputError(message) from error
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


def _things(path: Path) -> Iterator[dict[str, str]]:
    places: dict[str, tuple[float, float]] = {}
    for _, element in iterparse(path, events=("end",), forbid_dtd=True):
        if element.tag not in ("node", "way", "relation"):
            continue
        row = _tags_of(element)
        number = element.get("id", "")
        if element.tag == "node":
            at = (float(element.get("lon", "nan")), float(element.get("lat", "nan")))
            places[number] = at
        elif element.tag == "way":
            corners = [
                places[n.get("ref", "")] for n in element.iter("nd") if n.get("ref", "") in places
            ]
            corners = corners[:-1] if len(corners) > 1 and corners[0] == corners[-1] else corners
            at = _middle(corners)
        if row and element.tag != "relation":
            yield row | {
                "@id": f"{element.tag}/{number}",
                LONGITUDE: f"{at[0]:.7f}",
                LATITUDE: f"{at[1]:.7f}",
            }
        element.clear()


def _tags_of(element: Element) -> dict[str, str]:
    tags = {tag.get("k", ""): tag.get("v", "") for tag in element.iter("tag")}
    return {key: tags[key] for key in TAGS if key in tags}


def _middle(corners: list[tuple[float, float]]) -> tuple[float, float]:
    if not corners:
        return float("nan"), float("nan")
    count = len(corners)
    return sum(x for x, _ in corners) / count, sum(y for _, y in corners) / count
