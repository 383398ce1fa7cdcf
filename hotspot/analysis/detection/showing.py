"""Show a run in a notebook and hand it to other tools: a map, a picture, a table, a file."""

from __future__ import annotations

import base64
import html
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspot.errors import InputError
from hotspot.schema import WGS84

DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".fgb": "FlatGeobuf"}
_VENDOR = Path(__file__).resolve().parents[2] / "frontend" / "vendor"
_SHOWN = ("key", "events", "children", "days", "area_km2", "first_on", "last_on", "single_child")
_COLOUR = "#b5541c"


def table_of(hotspots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the hotspots as other tools can take them: cells as one text, days as text."""
    table = hotspots.copy()
    table["cells"] = [" ".join(cells) for cells in table["cells"]]
    for column in ("first_on", "last_on"):
        table[column] = [None if pd.isna(day) else str(day)[:10] for day in table[column]]
    for column in ("children", "days"):
        table[column] = pd.array(table[column].to_list(), dtype="Int64")
    return table.assign(largest_child_share=table["largest_child_share"].astype(float))


def write_file(
    hotspots: gpd.GeoDataFrame, path: str | Path, crs: Any = WGS84, **options: Any
) -> None:
    """Write the hotspots as GeoJSON, GeoPackage, FlatGeobuf or shapefile, by the ending.

    Raises
    ------
    InputError
        The ending or the coordinate system is not known, or the folder cannot be written.
    """
    driver = DRIVERS.get(Path(path).suffix.lower())
    if driver is None and "driver" not in options:
        message = (
            f"{Path(path).name} has no ending that is written; use one of: {', '.join(DRIVERS)}."
        )
        raise InputError(message)
    try:
        moved = table_of(hotspots).to_crs(crs)
        moved.to_file(path, **{"driver": driver, "engine": "pyogrio", **options})
    except (ValueError, TypeError, RuntimeError, OSError) as error:
        message = f"The hotspots cannot be written to {Path(path).name}: {error!s:.120}"
        raise InputError(message) from error


def write_parquet(hotspots: gpd.GeoDataFrame, path: str | Path, crs: Any = WGS84) -> None:
    """Write the hotspots as GeoParquet.

    Raises
    ------
    InputError
        The coordinate system is not known, or the folder cannot be written.
    """
    try:
        table_of(hotspots).to_crs(crs).to_parquet(path)
    except (ValueError, TypeError, RuntimeError, OSError) as error:
        message = f"The hotspots cannot be written to {Path(path).name}: {error!s:.120}"
        raise InputError(message) from error


def map_of(hotspots: gpd.GeoDataFrame, **options: Any) -> Any:
    """Draw the hotspots on a folium map that asks no other host: no tiles, Leaflet within it."""
    _refuse_nothing(hotspots)
    table = table_of(hotspots)[[*_SHOWN, "geometry"]].round({"area_km2": 3})
    chosen = {"tiles": None, "tooltip": list(_SHOWN), "popup": False, "color": _COLOUR, **options}
    drawn = table.explore(**chosen)
    if _VENDOR.joinpath("leaflet.js").exists():
        drawn.default_js = [("leaflet", _inline("leaflet.js", "text/javascript"))]
        drawn.default_css = [("leaflet_css", _inline("leaflet.css", "text/css"))]
    return drawn


def _refuse_nothing(table: gpd.GeoDataFrame) -> None:
    if table.empty:
        message = "There is nothing to draw; explain() says why, and what to try."
        raise InputError(message)


def _inline(name: str, kind: str) -> str:
    content = base64.b64encode((_VENDOR / name).read_bytes()).decode()
    return f"data:{kind};base64,{content}"


def draw(
    hotspots: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    ax: Any = None,
    **options: Any,
) -> Any:
    """Draw the cells and the outlines of the hotspots, with their keys; give the axes."""
    _refuse_nothing(cells)
    ax = cells.plot(ax=ax, column="events", cmap="Greys", alpha=0.6)
    ax.set_axis_off()
    if hotspots.empty:
        return ax
    ax = hotspots.boundary.plot(ax=ax, **{"color": _COLOUR, "linewidth": 2, **options})
    for row in hotspots.itertuples():
        ax.annotate(row.key, (row.lng, row.lat), ha="center", va="center")
    return ax


def as_html(hotspots: gpd.GeoDataFrame, sentence: str) -> str:
    """Write the run as a notebook shows it: its sentence, and the hotspots as a table."""
    table = table_of(hotspots)[list(_SHOWN)].round({"area_km2": 3})
    rows = table.to_html(index=False, escape=True, na_rep="", max_rows=30)
    return f"<p>{html.escape(sentence)}</p>{rows}"
