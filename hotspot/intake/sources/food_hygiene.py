"""Read Food Hygiene Rating Scheme files (FHRS, XML or JSON) as an inventory of premises."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import polars as pl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from hotspot.errors import InputError
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.files.json_files import parse_json
from hotspot.intake.files.sniffing import check_size
from hotspot.intake.places.coordinates import add_degrees
from hotspot.intake.places.whereabouts import far_from_postcode, is_outside
from hotspot.intake.rows.balance import Context, Reading, give_reasons, points_of, settle
from hotspot.schema import PREMISES

SOURCE = "food-hygiene"
KINDS = {
    "1": "restaurant or café",
    "7843": "pub, bar or nightclub",
    "7844": "takeaway",
    "7842": "hotel or guest house",
    "7841": "other catering premises",
    "7846": "takeaway",
    "7840": "off-licence or shop",
    "4613": "off-licence or shop",
}
"""Business types of the scheme that are part of the night-time economy, in the screens' words."""
SENSITIVE = ("5", "7845")
"""Hospitals, childcare and care, and schools: not stored."""
_FIELDS = {
    "premises_ref": "FHRSID",
    "name": "BusinessName",
    "type_id": "BusinessTypeID",
    "postcode": "PostCode",
    "authority": "LocalAuthorityName",
    "longitude": "Geocode/Longitude",
    "latitude": "Geocode/Latitude",
}
_ADDRESS = ("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one authority's file. Ratings are not read: they say nothing about exploitation."""
    del mapping
    name = name or path.name
    check_size(path, name)
    entries = _from_json(path, name) if _is_json(path) else _from_xml(path, name)
    rows = add_degrees(entries, "longitude", "latitude")
    rows = rows.with_columns(
        is_outside(rows, context.area),
        source=pl.lit(SOURCE),
        kind=pl.col("type_id").replace_strict(KINDS, default=None, return_dtype=pl.String),
        activities=pl.lit(None, pl.String),
        open_until=pl.lit(None, pl.String),
        ends_on=pl.lit(None, pl.Date),
        blank=pl.lit(value=False),
        footer=pl.lit(value=False),
        ragged=pl.lit(value=False),
    )
    problems = sorted(rows["problem"].drop_nulls().unique())
    rows = give_reasons(
        rows,
        [
            ("no_reference", "FHRSID", pl.col("premises_ref").is_null()),
            ("no_name", "BusinessName", pl.col("name").is_null()),
            *((code, "Geocode", pl.col("problem") == code) for code in problems),
            ("duplicate_row", "FHRSID", ~pl.col("premises_ref").is_first_distinct()),
            ("sensitive_type", "BusinessTypeID", pl.col("type_id").is_in(SENSITIVE)),
            ("other_trade", "BusinessTypeID", pl.col("kind").is_null()),
            ("no_location", "Geocode", pl.col("lng").is_null()),
            ("out_of_area", "Geocode", pl.col("outside")),
            ("postcode_disagrees", "PostCode", far_from_postcode("postcode")),
        ],
    )
    reading = settle(rows, PREMISES)
    return replace(
        reading,
        completeness={
            "": {
                tag: 1 - rows[column].null_count() / rows.height for column, tag in _FIELDS.items()
            }
        },
        points=points_of(rows) if context.wants_points else None,
    )


def _is_json(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _from_xml(path: Path, name: str) -> pl.DataFrame:
    rows: list[dict[str, str | int | None]] = []
    try:
        for _, element in iterparse(path, events=("end",), forbid_dtd=True):
            if element.tag == "EstablishmentDetail":
                rows.append(_row(element) | {"line": len(rows) + 1})
                element.clear()
            elif element.tag == "FHRSEstablishment" and not rows:
                break
    except (ParseError, DefusedXmlException, ValueError) as error:
        message = f"{name} is not a readable FHRS XML file ({error}). Download it again."
        raise InputError(message) from error
    return _table(rows, name)


def _row(element: Element) -> dict[str, str | int | None]:
    row: dict[str, str | int | None] = {
        name: (element.findtext(tag) or "").strip() or None for name, tag in _FIELDS.items()
    }
    lines = [(element.findtext(tag) or "").strip() for tag in _ADDRESS]
    row["address"] = ", ".join(line for line in lines if line) or None
    return row


def _from_json(path: Path, name: str) -> pl.DataFrame:
    """Read the JSON form, whose names begin in capitals or not."""
    try:
        content = parse_json(path.read_text(encoding="utf-8-sig"), name)
    except UnicodeDecodeError as error:
        message = f"{name} is not UTF-8 text, as JSON must be. Download it again."
        raise InputError(message) from error
    items = _find_list(content)
    rows = []
    for number, item in enumerate(items, start=1):
        flat = _flat(item) if isinstance(item, dict) else {}
        row: dict[str, str | int | None] = {
            field: _said(flat.get(tag.replace("/", "").casefold()))
            for field, tag in _FIELDS.items()
        }
        lines = [_said(flat.get(tag.casefold())) for tag in _ADDRESS]
        row["address"] = ", ".join(line for line in lines if line) or None
        rows.append(row | {"line": number})
    return _table(rows, name)


def _find_list(content: Any) -> list[Any]:  # noqa: ANN401 - whatever the file holds
    """Find the list of establishments, however deep the scheme's API wraps it."""
    for _ in range(5):
        if isinstance(content, list):
            return content
        if not isinstance(content, dict):
            return []
        named = {key.casefold(): value for key, value in content.items()}
        if "fhrsid" in named:  # one establishment alone is no list
            return [content]
        content = next(
            (
                named[key]
                for key in (
                    "fhrsestablishment",
                    "establishmentcollection",
                    "establishmentdetail",
                    "establishments",
                )
                if key in named
            ),
            None,
        )
    return []


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    flat = {key.casefold(): value for key, value in item.items()}
    geocode = flat.get("geocode")
    if isinstance(geocode, dict):
        flat |= {f"geocode{key.casefold()}": value for key, value in geocode.items()}
    return flat


def _said(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None or isinstance(value, dict | list) else str(value).strip() or None


def _table(rows: list[dict[str, str | int | None]], name: str) -> pl.DataFrame:
    if not rows:
        message = f"{name} holds no establishment; is it an FHRS file?"
        raise InputError(message)
    columns = (*_FIELDS, "address")
    return pl.DataFrame(rows, schema={**dict.fromkeys(columns, pl.String), "line": pl.UInt32})
