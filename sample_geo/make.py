"""Write the sample's files: `python -m sample_geo.make [FOLDER] [--seed N]`.

The same seed gives the same bytes. Everything about people and businesses is invented.
"""

from __future__ import annotations

import argparse
import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import xlsxwriter
from pyproj import Transformer
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from sample_geo.businesses import Business, invent_businesses, invent_places
from sample_geo.episodes import Inventor
from sample_geo.events import Episode, Incident, Location
from sample_geo.geography import CANALS, DISTRICTS, FORCE, PARKS, RAIL, ROADS, STATIONS, TOWNS
from sample_geo.planted import HOMES, truth

SEED = 20261031
HERE = Path(__file__).parent
_TO_GRID = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)

MISSING_HEADER = (
    "Occurrence Number",
    "Person ID",
    "Date/Time From",
    "Date/Time Found",
    "Risk Level",
    "Location Type",
    "Location Setting",
    "Location Date/Time",
    "Location Text",
    "Easting",
    "Northing",
    "Geocode Quality",
)
INCIDENT_HEADER = (
    "Crime Number",
    "Offence",
    "Form of Abuse",
    "Person ID",
    "Date/Time From",
    "Date/Time To",
    "Location Setting",
    "Location Text",
    "Easting",
    "Northing",
    "Geocode Quality",
)
LICENCE_HEADER = (
    "Licence Number",
    "Premises Name",
    "Address",
    "Postcode",
    "Licensing Authority",
    "Activities",
    "Terminal Hour",
    "Status",
    "Easting",
    "Northing",
)

SITE_HEADER = ("Reference", "Site Type", "Radius m", "Easting", "Northing")


def write_sample(folder: Path, seed: int = SEED) -> None:
    """Write every file of the sample into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    episodes, incidents = Inventor(seed).invent()
    businesses = invent_businesses(seed)
    _write_missing(folder / "missing_episodes.xlsx", episodes)
    _write_incidents(folder / "incidents.csv", incidents)
    _write_licences(folder / "licensing_register.csv", businesses)
    _write_food_hygiene(folder / "food_hygiene.xml", businesses)
    _write_sites(folder / "sensitive_sites.csv")
    _write_json(folder / "places.geojson", _places(seed))
    _write_json(folder / "area.geojson", _area())
    _write_json(folder / "basemap.geojson", _basemap())
    _write_json(folder / "truth.json", truth())


def _grid(location: Location) -> tuple[int | str, int | str]:
    return _to_grid(location.point)


def _to_grid(point: tuple[float, float] | None) -> tuple[int | str, int | str]:
    if point is None:
        return "", ""
    easting, northing = _TO_GRID.transform(*point)
    return round(easting), round(northing)


def _stamp(at: datetime | None) -> str:
    return f"{at:%d/%m/%Y %H:%M}" if at else ""


def _write_missing(path: Path, episodes: list[Episode]) -> None:
    """Write the workbook as a force's system exports it: marking, titles, header in row 4."""
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"created": datetime(2026, 11, 3, tzinfo=UTC), "title": "Invented sample"})
    sheet = book.add_worksheet("Missing locations")
    bold = book.add_format({"bold": True})
    sheet.write(0, 0, "OFFICIAL-SENSITIVE (invented sample data)", bold)
    sheet.write(1, 0, "Missing episodes by location")
    sheet.write(2, 0, "Period 01/09/2025 to 31/10/2026; one row per occurrence and location")
    sheet.write_row(3, 0, MISSING_HEADER, bold)
    row = 4
    for number, episode in enumerate(episodes):
        for position, location in enumerate(episode.locations):
            sheet.write_row(row, 0, _missing_row(number, episode, location))
            row += 1
            if position == 1 and number % 40 == 0:  # a join to two officers repeats the row
                sheet.write_row(row, 0, _missing_row(number, episode, location))
                row += 1
    sheet.write(row + 1, 0, "Printed by SAMPLE on 03/11/2026 08:12")
    sheet.set_column(0, len(MISSING_HEADER) - 1, 18)
    book.close()


def _missing_row(number: int, episode: Episode, location: Location) -> list[str | int]:
    easting, northing = _grid(location)
    return [
        f"{25_000_100_000 + number * 7}",
        episode.child,
        _stamp(episode.start),
        _stamp(episode.end),
        episode.risk,
        location.role,
        location.setting,
        _stamp(location.at),
        location.text,
        easting,
        northing,
        location.quality,
    ]


def _write_rows(path: Path, header: tuple[str, ...], rows: list[list[str | int]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _write_incidents(path: Path, incidents: list[Incident]) -> None:
    rows: list[list[str | int]] = []
    for number, incident in enumerate(incidents):
        easting, northing = _grid(incident.location)
        rows.append(
            [
                f"21DA/{30_000 + number}/{incident.start:%y}",
                incident.offence,
                incident.form,
                incident.child,
                _stamp(incident.start),
                _stamp(incident.end),
                incident.location.setting,
                incident.location.text,
                easting,
                northing,
                incident.location.quality,
            ]
        )
    _write_rows(path, INCIDENT_HEADER, rows)


def _write_licences(path: Path, businesses: list[Business]) -> None:
    rows: list[list[str | int]] = []
    for business in businesses:
        if business.number % 5 == 0:  # not every business holds a licence
            continue
        easting, northing = _to_grid(business.point)
        rows.append(
            [
                f"PREM/{business.number:04}",
                business.name,
                f"{business.address}, {business.town}",
                business.postcode,
                f"{business.town} (invented register)",
                business.activities,
                business.open_until,
                "Current" if business.number % 23 else "Surrendered",
                easting,
                northing,
            ]
        )
    _write_rows(path, LICENCE_HEADER, rows)


def _write_food_hygiene(path: Path, businesses: list[Business]) -> None:
    """Write an FHRS file: the element names of the scheme, invented establishments."""
    root = ET.Element("FHRSEstablishment")
    collection = ET.Element("EstablishmentCollection")
    for business in businesses:
        if business.fhrs_type is None or business.number % 3 == 0:
            continue
        kind, code = business.fhrs_type
        detail = ET.SubElement(collection, "EstablishmentDetail")
        fields = {
            "FHRSID": str(900_000 + business.number),
            "BusinessName": business.name,
            "BusinessType": kind,
            "BusinessTypeID": str(code),
            "AddressLine1": business.address,
            "AddressLine3": business.town,
            "PostCode": business.postcode,
            "RatingValue": str(business.number % 6),
            "LocalAuthorityName": business.town,
        }
        for name, text in fields.items():
            ET.SubElement(detail, name).text = text
        geocode = ET.SubElement(detail, "Geocode")
        if business.point:
            ET.SubElement(geocode, "Longitude").text = f"{business.point[0]:.6f}"
            ET.SubElement(geocode, "Latitude").text = f"{business.point[1]:.6f}"
    header = ET.SubElement(root, "Header")
    ET.SubElement(header, "ExtractDate").text = "2026-11-01"
    ET.SubElement(header, "ItemCount").text = str(len(collection))
    ET.SubElement(header, "ReturnCode").text = "Success"
    root.append(collection)
    ET.indent(root)
    path.write_bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _feature(geometry: BaseGeometry, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": mapping(geometry)}


def _places(seed: int) -> list[dict[str, object]]:
    return [
        _feature(Point(lng, lat), name=name, kind=kind)
        for name, kind, lng, lat in invent_places(seed)
    ]


def _write_sites(path: Path) -> None:
    """Write the children's homes by code: ground that is left out and shown as masked."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(SITE_HEADER)
        for code, (lng, lat, _) in HOMES.items():
            writer.writerow((code, "Children's home", 100, *_to_grid((lng, lat))))


def _area() -> list[dict[str, object]]:
    name = "Staffordshire (sample)"
    force = _feature(Polygon(FORCE), level="force", name=name, margin_m=2000, outside_limit=0.2)
    districts = _districts().items()
    return [force, *(_feature(shape, level="district", name=n) for n, shape in districts)]


def _districts() -> dict[str, BaseGeometry]:
    """Cut the districts out of the force outline, each from what the ones before left."""
    left: BaseGeometry = Polygon(FORCE)
    districts = {}
    for name, ring in DISTRICTS.items():
        districts[name] = _polygons_of(left.intersection(Polygon(ring)))
        left = left.difference(districts[name])
    return districts


def _polygons_of(shape: BaseGeometry) -> BaseGeometry:
    """Drop the points and lines that cutting along a shared border leaves behind."""
    parts = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon)]
    return MultiPolygon(parts) if len(parts) > 1 else parts[0]


def _basemap() -> list[dict[str, object]]:
    features = [_feature(Polygon(FORCE), layer="land", name="Staffordshire")]
    features += [_feature(_blob(x, y, r), layer="park", name=n) for n, x, y, r in PARKS]
    features += [_feature(_blob(x, y, r), layer="town", name=n) for n, x, y, r, _ in TOWNS]
    for layer, lines in (("canal", CANALS), ("rail", RAIL), ("road", ROADS)):
        features += [_feature(LineString(line), layer=layer, name=n) for n, line in lines.items()]
    features += [_feature(shape, layer="district", name=n) for n, shape in _districts().items()]
    features.append(_feature(LineString([*FORCE, FORCE[0]]), layer="force", name="Force boundary"))
    features += [_feature(Point(x, y), layer="station", name=n) for n, x, y in STATIONS]
    features += [
        _feature(Point(x, y), layer="label", name=n, rank=rank) for n, x, y, _, rank in TOWNS
    ]
    return features


def _blob(lng: float, lat: float, radius_km: float) -> Polygon:
    """Draw a built-up area as an ellipse that is round on the ground."""
    circle = Point(0, 0).buffer(radius_km, quad_segs=6)
    return Polygon([(lng + x / 67.0, lat + y / 111.3) for x, y in circle.exterior.coords])


def _write_json(path: Path, content: dict[str, object] | list[dict[str, object]]) -> None:
    if isinstance(content, list):
        content = {"type": "FeatureCollection", "features": content}
    text = json.dumps(_rounded(content), ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, 5) if isinstance(value, float) else value


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=HERE)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    write_sample(arguments.folder, arguments.seed)
