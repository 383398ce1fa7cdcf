"""Read Food Hygiene Rating Scheme files (FHRS XML) as an inventory of premises."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import polars as pl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from hotspot.errors import InputError
from hotspot.intake.balance import Context, Reading, first_reason, settle
from hotspot.intake.places import add_degrees, outside_area
from hotspot.schema import PREMISES

SOURCE = "food-hygiene"
KINDS = {
    "1": "restaurant or café",
    "7843": "pub, bar or nightclub",
    "7844": "takeaway",
    "7842": "hotel or guest house",
    "7841": "other licensed premises",
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


def read(path: Path, context: Context) -> Reading:
    """Read one authority's file. Ratings are not read: they say nothing about exploitation."""
    rows = add_degrees(_read_establishments(path), "longitude", "latitude")
    rows = rows.with_columns(
        outside_area(rows, context.area),
        source=pl.lit(SOURCE),
        kind=pl.col("type_id").replace_strict(KINDS, default=None, return_dtype=pl.String),
        activities=pl.lit(None, pl.String),
        open_until=pl.lit(None, pl.String),
    )
    rows = rows.with_columns(
        rejected=first_reason(
            ("no_reference", pl.col("premises_ref").is_null()),
            ("no_name", pl.col("name").is_null()),
            ("bad_coordinates", pl.col("coordinates_bad")),
        ),
        set_aside=first_reason(
            ("duplicate_row", ~pl.col("premises_ref").is_first_distinct()),
            ("sensitive_type", pl.col("type_id").is_in(SENSITIVE)),
            ("other_trade", pl.col("kind").is_null()),
            ("no_location", pl.col("lng").is_null()),
            ("out_of_area", pl.col("outside")),
        ),
    )
    return settle(rows, PREMISES)


def _read_establishments(path: Path) -> pl.DataFrame:
    rows: list[dict[str, str | int | None]] = []
    try:
        for _, element in iterparse(path, events=("end",), forbid_dtd=True):
            if element.tag == "EstablishmentDetail":
                rows.append(_row(element) | {"line": len(rows) + 1})
                element.clear()
            elif element.tag == "FHRSEstablishment" and not rows:
                break
    except (ParseError, DefusedXmlException) as error:
        message = f"{path.name} is not a readable FHRS XML file ({error}). Download it again."
        raise InputError(message) from error
    if not rows:
        message = f"{path.name} holds no establishment; is it an FHRS file?"
        raise InputError(message)
    columns = (*_FIELDS, "address")
    return pl.DataFrame(rows, schema={**dict.fromkeys(columns, pl.String), "line": pl.UInt32})


def _row(element: Element) -> dict[str, str | int | None]:
    row: dict[str, str | int | None] = {
        name: (element.findtext(tag) or "").strip() or None for name, tag in _FIELDS.items()
    }
    lines = [(element.findtext(tag) or "").strip() for tag in _ADDRESS]
    row["address"] = ", ".join(line for line in lines if line) or None
    return row
