"""Keep the register of hotspots: numbers that live for ever, names, outlines."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
from shapely import from_wkt
from sqlalchemy import Connection, insert, select, update

from hotspot.schema import WGS84
from hotspot.store.reading import frame, new_number
from hotspot.store.tables.core import hotspots

_REGISTERED = (
    "hotspot_id",
    "cells",
    "weights",
    "name",
    "kind",
    "state",
    "merged_into",
    "by_hand",
    "told_by",
    "grade",
    "registered_at",
    "params",
    "outline",
)


def add_hotspot(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - columns
    """Register a hotspot and return its number."""
    result = connection.execute(insert(hotspots).values(**values))
    return new_number(result)


def registered_hotspots(connection: Connection) -> gpd.GeoDataFrame:
    """Read the registered hotspots: `hotspot_id`, `cells`, `weights` (of the cells, null where
    they were registered without), `name`, `kind`, `state`, `merged_into`, `by_hand`, `told_by`,
    `grade`, `params` (of the run that last had it), `geometry` (WGS84).
    """  # noqa: D205 - one list of columns
    columns = [hotspots.c[name] for name in _REGISTERED]
    table = frame(connection, select(*columns).order_by(hotspots.c.hotspot_id))
    shapes = from_wkt(table.pop("outline").to_numpy(dtype=object))
    return gpd.GeoDataFrame(table, geometry=list(shapes), crs=WGS84)


def change_hotspot(connection: Connection, hotspot_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
    """Set columns of a registered hotspot."""
    table = hotspots
    connection.execute(update(table).where(table.c.hotspot_id == hotspot_id).values(**values))


def imports_of_hotspots(connection: Connection) -> dict[int, list[int]]:
    """Read which imports held when each hotspot was registered, by its number."""
    query = select(hotspots.c.hotspot_id, hotspots.c.import_ids)
    return {int(number): list(imports or []) for number, imports in connection.execute(query)}
