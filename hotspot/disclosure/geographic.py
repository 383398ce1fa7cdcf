"""Write shared places as files that other programs open: GeoPackage, GeoParquet, GeoJSON."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio

from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.ground import SENTENCE
from hotspot.disclosure.shared_map import SharedMap
from hotspot.disclosure.suppression import BAND_SENTENCE, RULE_SENTENCE, withheld_in_words
from hotspot.schema import BRITISH_NATIONAL_GRID, WGS84

LAYER = "hotspots"
_COLUMNS = {
    "key": "hotspot",
    "events": "records",
    "children": "children",
    "approximate": "approximate",
}


def geographic_file(shared: SharedMap, form: FileForm) -> bytes:
    """Write a shared map as a file for a geographic information system.

    Parameters
    ----------
    shared
        What may leave, already suppressed (`hotspot.services.hotspots.disclosures.share_map`).
    form
        One of `FORMS`.

    Returns
    -------
    bytes
        One row a place: its name, banded counts (text) and outline (MultiPolygon). A GeoPackage is
        in EPSG:27700 with its style for QGIS inside (`layer_styles`) and what it is in the table
        `about`; GeoParquet (version 1.1) and GeoJSON are in longitude and latitude (WGS84), with
        what they are under the key `about`.
    """
    places = shared.hotspots.rename(columns=_COLUMNS)
    places = places[[*_COLUMNS.values(), "geometry"]]
    return _WRITERS[form](places, about(shared))


def about(shared: SharedMap) -> dict[str, str]:
    """Return what a file says of itself, by the name of what is said."""
    said = {
        "marking": shared.marking,
        "handling": shared.handling,
        "period": shared.period,
        "made": f"{shared.made_at:%d %B %Y %H:%M} UTC by {shared.made_by}",
        "recipients": shared.recipients,
        "sources": "; ".join(shared.sources),
        "settings": shared.settings,
        "rule": f"{RULE_SENTENCE} {BAND_SENTENCE} {SENTENCE}",
        "withheld": withheld_in_words(shared.withheld.total()),
        "attribution": shared.attribution,
    }
    if shared.approximate:
        said["places"] = "The records lie at snap points: places are approximate."
    if shared.is_demo:
        said["demonstration"] = "Invented data."
    return {name: text for name, text in said.items() if text}


def _geopackage(places: gpd.GeoDataFrame, said: dict[str, str]) -> bytes:
    tables = {
        "about": pd.DataFrame({"what": list(said), "text": list(said.values())}),
        "layer_styles": pd.DataFrame([_style()]),
    }
    with TemporaryDirectory() as folder:
        path = Path(folder) / "places.gpkg"
        pyogrio.write_dataframe(
            places.to_crs(BRITISH_NATIONAL_GRID),
            path,
            layer=LAYER,
            geometry_type="MultiPolygon",
            promote_to_multi=True,
            layer_options={"GEOMETRY_NAME": "geom", "IDENTIFIER": "Hotspots"},
        )
        for name, table in tables.items():
            pyogrio.write_dataframe(table, path, layer=name, layer_options={"FID": "id"})
        return path.read_bytes()


def _style() -> dict[str, object]:
    """Describe the layer's look in the row that QGIS keeps for it in a GeoPackage."""
    look = resources.files("hotspot.disclosure").joinpath("hotspots.qml")
    return {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": LAYER,
        "f_geometry_column": "geom",
        "styleName": "Hotspots",
        "styleQML": look.read_text(encoding="utf-8"),
        "styleSLD": "",
        "useAsDefault": True,
        "description": "Hotspots with their names",
        "owner": "",
        "ui": "",
    }


def _geoparquet(places: gpd.GeoDataFrame, said: dict[str, str]) -> bytes:
    file = io.BytesIO()
    places.to_crs(WGS84).to_parquet(file, index=False, schema_version="1.1.0")
    table = pq.read_table(io.BytesIO(file.getvalue()))
    known = table.schema.metadata or {}
    table = table.replace_schema_metadata({**known, b"about": json.dumps(said).encode()})
    marked = io.BytesIO()
    pq.write_table(table, marked)
    return marked.getvalue()


def _geojson(places: gpd.GeoDataFrame, said: dict[str, str]) -> bytes:
    collection = json.loads(places.to_crs(WGS84).to_json(drop_id=True))
    return json.dumps({**collection, "about": said}, ensure_ascii=False).encode()


_WRITERS: dict[FileForm, Callable[[gpd.GeoDataFrame, dict[str, str]], bytes]] = {
    FileForm.GEOPACKAGE: _geopackage,
    FileForm.GEOPARQUET: _geoparquet,
    FileForm.GEOJSON: _geojson,
}
FORMS = tuple(_WRITERS)
