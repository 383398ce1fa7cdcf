"""Write the map file: one self-contained HTML page with folium that asks no host for anything.

Text never enters folium: it compiles text as a template. The page's words lie in a data block that
a few lines of our own script read with `textContent`.
"""

from __future__ import annotations

import base64
import json
import re
from importlib import resources
from typing import Any

import folium
from folium.elements import JSCSSMixin

from hotspot.disclosure.ground import SENTENCE
from hotspot.disclosure.shared_map import SharedMap
from hotspot.disclosure.suppression import BAND_SENTENCE, withheld_in_words
from layers.style import GROUND

_STYLES = {
    layer: {
        "fillColor": style.fill,
        "fillOpacity": 1,
        "fill": bool(style.fill),
        "color": style.line,
        "weight": style.width,
        "stroke": bool(style.line),
        "dashArray": "5 4" if style.is_dashed else None,
    }
    for layer, style in GROUND.items()
}


def map_file(shared: SharedMap) -> bytes:
    """Write a shared map as one HTML file.

    Parameters
    ----------
    shared
        What may leave, already suppressed (`hotspot.services.hotspots.disclosures.share_map`).

    Returns
    -------
    bytes
        UTF-8 HTML with Leaflet inside, marked at top and bottom, that opens from a disk.
    """
    chart = folium.Map(tiles=None, prefer_canvas=False, zoom_control=True)
    chart.options["attribution_control"] = False
    chart.options["max_zoom"] = 17
    ground = _ground(shared.basemap)
    if ground["features"]:
        folium.GeoJson(
            ground, style_function=lambda f: _STYLES[f["properties"]["layer"]], interactive=False
        ).add_to(chart)
    outlines = _outlines(shared)
    if outlines["features"]:
        layer = folium.GeoJson(outlines, style_function=lambda _: {"color": "#14305c", "weight": 3})
        layer.add_to(chart)
        name = layer.get_name()
    else:
        name = ""
    west, south, east, north = _bounds(shared, ground)
    chart.fit_bounds([[south, west], [north, east]])
    _drop_links(chart)
    page = chart.get_root().render()
    return _assemble(page, shared, name, chart.get_name()).encode("utf-8")


def _ground(basemap: str) -> dict[str, Any]:
    """Keep the shapes of the basemap, without their names."""
    features = [
        {
            "type": "Feature",
            "geometry": f["geometry"],
            "properties": {"layer": f["properties"]["layer"]},
        }
        for f in json.loads(basemap)["features"]
        if f["properties"]["layer"] in _STYLES
    ]
    return {"type": "FeatureCollection", "features": features}


def _outlines(shared: SharedMap) -> dict[str, Any]:
    features = [
        {"type": "Feature", "geometry": shape.__geo_interface__, "properties": {"row": row}}
        for row, shape in enumerate(shared.hotspots.geometry)
    ]
    return {"type": "FeatureCollection", "features": features}


def _bounds(shared: SharedMap, ground: dict[str, Any]) -> tuple[float, float, float, float]:
    if len(shared.hotspots):
        west, south, east, north = shared.hotspots.total_bounds
        return west - 0.02, south - 0.02, east + 0.02, north + 0.02
    points = re.findall(r"\[(-?\d+\.\d+), (-?\d+\.\d+)\]", json.dumps(ground)) or [("-2", "53")]
    lngs, lats = [float(x) for x, _ in points], [float(y) for _, y in points]
    return min(lngs), min(lats), max(lngs), max(lats)


def _drop_links(chart: folium.Map) -> None:
    """Take every link to a script or style sheet out of the map and its layers."""
    waiting: list[Any] = [chart]
    while waiting:
        element = waiting.pop()
        waiting.extend(element._children.values())  # noqa: SLF001 - branca has no public walk
        if isinstance(element, JSCSSMixin):
            element.default_js, element.default_css = [], []


def _asset(name: str) -> str:
    return (resources.files("hotspot") / "frontend" / "vendor" / name).read_text(encoding="utf-8")


def _style_sheet() -> str:
    """Read Leaflet's style sheet with its pictures inside."""
    images = resources.files("hotspot") / "frontend" / "vendor" / "images"

    def inline(match: re.Match[str]) -> str:
        picture = (images / match.group(1)).read_bytes()
        return f"url(data:image/png;base64,{base64.b64encode(picture).decode()})"

    return re.sub(r"url\(images/([\w.-]+)\)", inline, _asset("leaflet.css"))


def _assemble(page: str, shared: SharedMap, outlines: str, chart: str) -> str:
    """Put Leaflet, the words and our script into the page that folium made."""
    page = re.sub(r"<script src=[^>]*></script>|<link [^>]*>", "", page)
    words = json.dumps(_words(shared) | {"layer": outlines, "map": chart}, ensure_ascii=True)
    words = words.replace("<", "\\u003c").replace("&", "\\u0026")
    script = _asset("leaflet.umd.js").replace("</script", "<\\/script")
    script = re.sub(r"//# sourceMappingURL=\S*", "", script)
    head = (
        '<meta charset="utf-8"><title>Hotspot map</title>'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:\">"
        f"<style>{_style_sheet()}</style><style>{_asset_text('portable.css')}</style>"
        f"<script>{script}</script>"
    )
    tail = (
        f'<script type="application/json" id="words">{words}</script>'
        f"<script>{_labels_script()}\n{_asset_text('portable.js')}</script>"
    )
    page = page.replace("<head>", f"<head>{head}", 1).replace("<html>", '<html lang="en-GB">', 1)
    at = page.rindex("</html>")
    return page[:at] + tail + page[at:]


def _asset_text(name: str) -> str:
    return (resources.files("hotspot") / "frontend" / name).read_text(encoding="utf-8")


def _labels_script() -> str:
    """Return the script that places names, as the app's map has it, for a page without modules."""
    return _asset_text("labels.js").replace("export function", "function")


def _words(shared: SharedMap) -> dict[str, Any]:
    notes = [
        f"Hotspots of {shared.period}. {BAND_SENTENCE}",
        withheld_in_words(shared.withheld.total()),
        SENTENCE,
        f"Made {shared.made_at:%d %B %Y %H:%M} UTC by {shared.made_by}.",
    ]
    if shared.attribution:
        notes.append(shared.attribution)
    if shared.approximate:
        notes.insert(0, "Approximate: street-level open data on snap points.")
    if shared.is_demo:
        notes.insert(0, "Demonstration: invented data.")
    rows = [
        {
            "name": row.key,
            "events": row.events,
            "children": row.children,
            "period": shared.period,
        }
        for row in shared.hotspots.itertuples()
    ]
    towns = [
        {
            "name": f["properties"]["name"],
            "at": f["geometry"]["coordinates"][::-1],
            "rank": f["properties"].get("rank", 3),
        }
        for f in json.loads(shared.basemap)["features"]
        if f["properties"]["layer"] == "label"
    ]
    return {
        "towns": towns,
        "marking": shared.marking,
        "handling": shared.handling,
        "notes": notes,
        "rows": rows,
    }
