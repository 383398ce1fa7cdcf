"""Make the layer of hotspot outlines."""

from __future__ import annotations

import json

from hotspot import Run
from hotspot.disclosure.shared_map import SharedMap


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
    features = [
        {
            "type": "Feature",
            "geometry": row.geometry.__geo_interface__,
            "properties": {
                "key": row.key,
                "name": names.get(row.key, row.key).split(" ")[0],
                "label": describe(row, names.get(row.key)),
                "lng": row.lng,
                "lat": row.lat,
            },
        }
        for row in run.hotspots.itertuples()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def shared_layer(shared: SharedMap) -> str:
    """Write what a partner may see of the hotspots as GeoJSON text for the app's map."""
    points = shared.hotspots.geometry.representative_point()
    features = [
        {
            "type": "Feature",
            "geometry": row.geometry.__geo_interface__,
            "properties": {
                "key": row.key,
                "name": row.key,
                "label": f"{row.key}, {row.events} events, {row.children} children",
                "lng": point.x,
                "lat": point.y,
            },
        }
        for row, point in zip(shared.hotspots.itertuples(), points, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def describe(row: object, name: str | None) -> str:
    """Say a hotspot in one line, as its tooltip and as its name for screen readers."""
    parts = [f"Hotspot {row.key}" + (f" ({name})" if name else ""), f"{row.events} events"]  # type: ignore[attr-defined]
    children = row.children  # type: ignore[attr-defined]
    if children is not None and children == children:  # noqa: PLR0124 - NaN means not known
        parts.append(f"{int(children)} children")
    if row.single_child:  # type: ignore[attr-defined]
        parts.append("driven by one child's records")
    if row.approximate:  # type: ignore[attr-defined]
        parts.append("approximate")
    return ", ".join(parts)
