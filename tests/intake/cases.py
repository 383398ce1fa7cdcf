"""What the tests of bad inputs share: a small area, rows of each source, ways to write and read."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shapely.geometry import box

from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.rows.balance import Context, Reading
from hotspot.intake.sources.registry import READERS
from hotspot.schema import Area

AREA = Area(
    "Test",
    box(-2.5, 52.4, -1.5, 53.3),
    {"North": box(-2.5, 52.9, -1.5, 53.3), "South": box(-2.5, 52.4, -1.5, 52.9)},
)
CONTEXT = Context(AREA, (b"k" * 32,))
EAST, NORTH = "387951", "345058"
INCIDENT = {
    "Crime Number": "21DA/1/26",
    "Offence": "Grooming",
    "Form of Abuse": "Child sexual exploitation",
    "Person ID": "P1",
    "Date/Time From": "21/05/2026 20:00",
    "Date/Time To": "",
    "Location Setting": "Hotel",
    "Location Text": "x",
    "Easting": EAST,
    "Northing": NORTH,
}
DEGREES = {k: v for k, v in INCIDENT.items() if k not in ("Easting", "Northing")} | {
    "Longitude": "-2.180000",
    "Latitude": "53.020000",
}
LICENCE = {
    "Licence Number": "L1",
    "Premises Name": "Opal Grill",
    "Address": "1 Kiln Street",
    "Postcode": "ZZ1 1ZZ",
    "Licensing Authority": "Test",
    "Activities": "alcohol on sales",
    "Terminal Hour": "23:00",
    "Status": "Current",
    "Easting": EAST,
    "Northing": NORTH,
}
STREET_COLUMNS = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
STREET = dict.fromkeys(STREET_COLUMNS, "") | {
    "Crime ID": "c1",
    "Month": "2026-05",
    "Longitude": "-2.18",
    "Latitude": "53.0",
    "Crime type": "Drugs",
}

CASES: dict[str, list[str]] = {}
"""Tests by the number of the case that they stand for."""


def case(*numbers: str) -> Callable[[Any], Any]:
    """Note which cases a test stands for."""

    def note(test: Any) -> Any:
        for number in numbers:
            CASES.setdefault(number, []).append(test.__name__)
        return test

    return note


def text_of(*rows: dict[str, str]) -> str:
    """Rows as CSV."""
    from io import StringIO

    out = StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def numbered(
    count: int, row: dict[str, str], **changes: Callable[[int], str]
) -> list[dict[str, str]]:
    """Rows with references of their own, and fields that depend on their number."""
    key = next(iter(row))
    names = {name.replace("_", " "): change for name, change in changes.items()}
    return [
        row | {key: f"R{n}"} | {name: change(n) for name, change in names.items()}
        for n in range(count)
    ]


def read(
    folder: Path,
    content: str | bytes,
    source: str = "incidents",
    name: str = "file.csv",
    mapping: Mapping | None = None,
    context: Context = CONTEXT,
) -> Reading:
    """Write a file and read it, as the worker would."""
    path = folder / "upload"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    reading = READERS[source](path, context, mapping, name)
    assert reading.balance.is_balanced
    assert reading.rejects.height == reading.balance.rows_in - reading.balance.used
    return reading


def reasons(reading: Reading) -> dict[str, int]:
    """Rows not used, by reason."""
    return dict(reading.balance.set_aside) | dict(reading.balance.rejected)


def codes(reading: Reading) -> list[str]:
    """Codes of the questions."""
    return [question.code for question in reading.questions]


def geojson(*features: dict[str, Any] | None, **members: Any) -> str:
    """A feature collection of geometries."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            **members,
            "features": [
                {"type": "Feature", "properties": {"name": f"P{n}", "kind": "park"}, "geometry": g}
                for n, g in enumerate(features)
            ],
        }
    )


def point(*at: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(at)}
