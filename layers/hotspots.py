"""Make the layer of the hotspots, and the flags of open actions at them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pandas as pd
from shapely.geometry.base import BaseGeometry

from hotspot import Run
from hotspot.disclosure.shared_map import SharedMap

NOTHING = '{"type": "FeatureCollection", "features": []}'
_DIGITS = 6


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
    return collection(
        feature(
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
            feature(
                row.geometry,
                key=row.key,
                name=row.key,
                label=label,
                lines=[row.key, f"{row.events} events, {row.children} children"],
                lng=point.x,
                lat=point.y,
            )
        )
    return collection(features)


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


def feature(shape: BaseGeometry, **properties: object) -> dict[str, Any]:
    """Return a GeoJSON feature with coordinates of six digits, WGS84 degrees."""
    return {
        "type": "Feature",
        "geometry": _rounded(shape.__geo_interface__),
        "properties": properties,
    }


def _rounded(shape: dict[str, Any]) -> dict[str, Any]:
    def part(of: Any) -> Any:  # noqa: ANN401 - numbers at the bottom of nested lists
        return [part(one) for one in of] if isinstance(of, list | tuple) else round(of, _DIGITS)

    return {"type": shape["type"], "coordinates": part(shape["coordinates"])}


def collection(features: Iterable[dict[str, Any]]) -> str:
    """Write features as GeoJSON text."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)})
