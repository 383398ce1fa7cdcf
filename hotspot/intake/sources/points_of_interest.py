"""Read points of interest: GeoJSON, NaPTAN, OpenStreetMap extracts, or any table by mapping."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.fields.pseudonyms import keyed_numbers
from hotspot.intake.rows.balance import Context, Reading, give_reasons, points_of, settle
from hotspot.intake.rows.canonical import Sheet, open_sheet
from hotspot.intake.rows.placing import place_rows
from hotspot.intake.rows.records import completeness_of
from hotspot.schema import PLACES

SOURCE = "places"
STOPS = {
    "BCT": "bus stop",
    "BCS": "bus station",
    "BCE": "bus station",
    "BCQ": "bus station",
    "BST": "bus station",
    "RLY": "station",
    "RSE": "station",
    "RPL": "station",
    "TXR": "taxi rank",
    "STR": "taxi rank",
    "MET": "tram stop",
    "PLT": "tram stop",
    "TMU": "tram stop",
}
"""Stop types of NaPTAN, in the screens' words."""
TAGS: dict[str, dict[str, str]] = {
    "amenity": {
        "pub": "pub, bar or nightclub",
        "bar": "pub, bar or nightclub",
        "nightclub": "pub, bar or nightclub",
        "biergarten": "pub, bar or nightclub",
        "hookah_lounge": "pub, bar or nightclub",
        "stripclub": "pub, bar or nightclub",
        "restaurant": "restaurant or café",
        "cafe": "restaurant or café",
        "fast_food": "takeaway",
        "taxi": "taxi rank",
        "bus_station": "bus station",
        "parking": "car park",
        "casino": "gambling",
        "gambling": "gambling",
        "fuel": "fuel station",
        "cinema": "cinema",
        "internet_cafe": "internet café",
        "car_wash": "car wash",
    },
    "shop": {
        "alcohol": "off-licence or shop",
        "convenience": "off-licence or shop",
        "tobacco": "off-licence or shop",
        "e-cigarette": "off-licence or shop",
        "mall": "shopping centre",
        "massage": "massage or special treatment",
    },
    "leisure": {
        "adult_gaming_centre": "arcade",
        "amusement_arcade": "arcade",
        "bowling_alley": "arcade",
        "park": "park",
        "playground": "playground",
    },
    "tourism": {
        "hotel": "hotel",
        "motel": "hotel",
        "guest_house": "hotel",
        "hostel": "hotel",
        "apartment": "hotel",
    },
    "railway": {"station": "station", "halt": "station"},
    "highway": {"bus_stop": "bus stop"},
}
"""Tags of OpenStreetMap that are loaded; places of worship and the rest are not."""
SENSITIVE = (
    "place_of_worship",
    "school",
    "kindergarten",
    "hospital",
    "clinic",
    "social_facility",
    "childcare",
    "college",
    "doctors",
    "police",
    "prison",
)
_CLOSED = ("del", "delete", "closed", "inactive")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one file of points; a line or polygon counts as a point on it."""
    sheet = open_sheet(path, name or path.name, SOURCE, mapping, context.kept)
    sheet = place_rows(sheet, context)
    tagged = [tag for tag in TAGS if sheet.has(tag)]
    known = sheet.rows.with_columns(
        name=sheet.text("name").str.slice(0, 200),
        osm_kind=pl.coalesce(
            pl.lit(None, pl.String),
            *(
                pl.col(tag)
                .str.to_lowercase()
                .replace_strict(TAGS[tag], default=None, return_dtype=pl.String)
                for tag in tagged
            ),
        ),
    )
    kind = pl.lit(None, pl.String)
    if sheet.has("kind"):
        stop = pl.col("kind").replace_strict(STOPS, default=None, return_dtype=pl.String)
        kind = pl.coalesce(stop, pl.col("kind"))
    rows = known.with_columns(
        kind=pl.coalesce("osm_kind", kind) if tagged else kind.fill_null("other"),
        source=pl.lit(SOURCE),
    )
    rows = rows.with_columns(kind=pl.col("kind").str.slice(0, 64))
    rows = _with_references(rows, sheet)
    sensitive = pl.any_horizontal(
        pl.lit(value=False), *(pl.col(tag).str.to_lowercase().is_in(SENSITIVE) for tag in tagged)
    )
    unnamed = pl.col("name").is_null()
    rows = give_reasons(
        rows,
        [
            ("sensitive_type", "amenity", sensitive),
            ("other_trade", "kind", pl.col("kind").is_null()),
            ("no_name", "name", unnamed if not tagged else pl.lit(value=False)),
            *sheet.rules,
            ("closed", "status", sheet.text("status").str.to_lowercase().is_in(_CLOSED)),
            ("duplicate_row", "reference", ~pl.struct("place_ref", "kind").is_first_distinct()),
            ("out_of_area", "", pl.col("outside")),
        ],
    )
    rows = rows.with_columns(name=pl.coalesce("name", pl.concat_str(pl.lit("unnamed "), "kind")))
    reading = settle(rows, PLACES, names=sheet.mapping.columns)
    return replace(
        reading,
        notes=sheet.notes,
        questions=sheet.questions,
        completeness=completeness_of(sheet, rows, context),
        mapping=sheet.mapping,
        points=points_of(rows) if context.wants_points else None,
    )


def _with_references(rows: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    """Give each place its own reference, or a number made of its name, kind and place."""
    text = pl.concat_str(
        *(pl.col(c).cast(pl.String).fill_null("") for c in ("name", "kind", "lng", "lat")),
        separator="\x1f",
    )
    numbers = keyed_numbers(rows.select(text).to_series(), SOURCE, b"places are open data")
    made = pl.Series("made", [f"{number:016x}" for number in numbers.tolist()], pl.String)
    own = sheet.text("reference").str.slice(0, 100)
    return rows.with_columns(made).with_columns(place_ref=pl.coalesce(own, "made")).drop("made")
