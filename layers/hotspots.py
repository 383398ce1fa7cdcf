"""Make the layers that have outlines: hotspots, those of the last snapshot, masked areas."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from hotspot import Run
from hotspot.disclosure.shared_map import SharedMap

NOTHING = '{"type": "FeatureCollection", "features": []}'
_DIGITS = 6
MASKED = (
    "Masked area",
    "Records around a sensitive site are left out: nothing shown is not nothing happened.",
)


def hotspot_layer(run: Run, names: dict[str, str]) -> str:
    """Write the hotspots of a run as GeoJSON text for the app's map.

    Parameters
    ----------
    run
        The run.
    names
        Key to registered number and name ("HS-0001 Hanley"), for hotspots that have one; the map's
        badge shows the number.
    """
    rows: Iterable[Any] = run.hotspots.itertuples()
    return _collection(
        _feature(
            row.geometry,
            key=row.key,
            name=names.get(row.key, row.key).split(" ")[0],
            label=describe(row, names.get(row.key)),
            lines=_card(row, names.get(row.key)),
            lng=row.lng,
            lat=row.lat,
        )
        for row in rows
    )


def shared_layer(shared: SharedMap) -> str:
    """Write what a partner may see of the hotspots as GeoJSON text for the app's map."""
    points: Iterable[Any] = shared.hotspots.geometry.representative_point()
    rows: Iterable[Any] = shared.hotspots.itertuples()
    features = []
    for row, point in zip(rows, points, strict=True):
        label = f"{row.key}, {row.events} events, {row.children} children"
        features.append(
            _feature(
                row.geometry,
                key=row.key,
                name=row.key,
                label=label,
                lines=[row.key, f"{row.events} events, {row.children} children"],
                lng=point.x,
                lat=point.y,
            )
        )
    return _collection(features)


def ghost_layer(registered: gpd.GeoDataFrame | None) -> str:
    """Write the registered hotspots as they were last frozen, as GeoJSON text.

    Parameters
    ----------
    registered
        `hotspot` (its number), `name`, `state` and `geometry`; None without any.
    """
    if registered is None:
        return NOTHING
    placed = registered[~registered.geometry.is_empty & ~registered.geometry.isna()]
    rows: Iterable[Any] = placed.itertuples(index=False)
    return _collection(
        _feature(
            row.geometry,
            lines=[f"{row.hotspot} {row.name}".strip(), f"as last frozen, {row.state}"],
        )
        for row in rows
    )


def masked_layer(areas: list[BaseGeometry]) -> str:
    """Write masked areas as GeoJSON text: where records are left out, not why."""
    return _collection(_feature(area, lines=list(MASKED)) for area in areas)


def action_flags(run: Run, actions: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a flag for each hotspot with open actions that says how many, and how many are late.

    Parameters
    ----------
    actions
        Open actions: `key`, `measure`, `is_overdue`.
    """
    places: Any = run.hotspots.set_index("key")[["lng", "lat"]]
    flags = []
    for key, part in actions[actions["key"].isin(places.index)].groupby("key"):
        late = int(part["is_overdue"].sum())
        said = f"{len(part)} open action{'s' if len(part) > 1 else ''}"
        flags.append(
            {
                "key": str(key),
                "lng": float(places.loc[key, "lng"]),
                "lat": float(places.loc[key, "lat"]),
                "count": len(part),
                "late": late,
                "said": f"{said}, {late} late" if late else said,
                "text": [
                    f"{said} at {key}",
                    *([f"{late} late"] if late else []),
                    *part["measure"].unique(),
                ],
            }
        )
    return flags


def describe(row: object, name: str | None) -> str:
    """Say a hotspot in one line, as its name for screen readers and in the search."""
    return ", ".join(_card(row, name)[:1] + _facts(row))


def _card(row: object, name: str | None) -> list[str]:
    first = f"Hotspot {row.key}" + (f" ({name})" if name else "")  # type: ignore[attr-defined]
    return [first, *_facts(row), f"last event {row.last_on:%d %b %Y}"]  # type: ignore[attr-defined]


def _facts(row: object) -> list[str]:
    parts = [f"{row.events} events"]  # type: ignore[attr-defined]
    children = row.children  # type: ignore[attr-defined]
    if children is not None and children == children:  # noqa: PLR0124 - NaN means not known
        parts.append(f"{int(children)} children")
    else:
        parts.append("children not known")
    if row.single_child:  # type: ignore[attr-defined]
        parts.append("driven by one child's records: do not brief it")
    if row.approximate:  # type: ignore[attr-defined]
        parts.append("approximate")
    return parts


def _feature(shape: BaseGeometry, **properties: object) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": _rounded(shape.__geo_interface__),
        "properties": properties,
    }


def _rounded(shape: dict[str, Any]) -> dict[str, Any]:
    def part(of: Any) -> Any:  # noqa: ANN401 - numbers at the bottom of nested lists
        return [part(one) for one in of] if isinstance(of, list | tuple) else round(of, _DIGITS)

    return {"type": shape["type"], "coordinates": part(shape["coordinates"])}


def _collection(features: Any) -> str:  # noqa: ANN401 - an iterable of features
    return json.dumps({"type": "FeatureCollection", "features": list(features)})
