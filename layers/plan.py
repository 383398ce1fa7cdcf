"""Draw still pictures for documents: a place on the ground, and its hours of the week."""

from __future__ import annotations

import io
import json
import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from shapely.geometry.base import BaseGeometry

from hotspot.disclosure.ground import SENTENCE
from hotspot.disclosure.profile import Profile, ProfilePlace
from hotspot.disclosure.shared_map import SharedMap
from hotspot.disclosure.suppression import BAND_SENTENCE, withheld_in_words
from layers.style import DARK_SCREEN, PAPER, SCREEN, PictureStyle

_WIDTH_CM, _HEIGHT_CM, _DPI = 15.0, 9.0, 160
_PAGE_INCHES = (11.7, 8.3)
_AROUND_M, _METRES_A_DEGREE = 900.0, 111_320.0
_OTHER_INK = "#5a6b85"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def place_picture(profile: Profile, place: ProfilePlace) -> bytes:
    """Draw the outline of a hotspot on the ground, with the others near it, as PNG.

    Parameters
    ----------
    profile
        What may leave; only its hotspots and its basemap are drawn.
    place
        The one to draw large.
    """

    def draw(axes: Axes, seen: BaseGeometry) -> None:
        for other in profile.places:
            if other is not place and other.shape.intersects(seen):
                _draw(axes, other.shape, edgecolor=_OTHER_INK, facecolor="none", linewidth=1.2)
        _draw_hotspot(axes, place.shape, 2.4, PAPER)

    return _picture(profile.basemap, place.shape, draw)


def outline_picture(basemap: str, shape: BaseGeometry, *, is_dark: bool) -> bytes:
    """Draw the outline of one hotspot on the ground and nothing else, for a screen, as PNG.

    Parameters
    ----------
    basemap
        GeoJSON text of the ground.
    shape
        The outline, WGS84.
    is_dark
        Whether it stands on a dark page.
    """
    look = DARK_SCREEN if is_dark else SCREEN
    return _picture(basemap, shape, lambda axes, _: _draw_hotspot(axes, shape, 3, look), look)


def map_picture(shared: SharedMap) -> bytes:
    """Draw a shared map on one page as PNG, marked at top and bottom, with its numbers beside it.

    Parameters
    ----------
    shared
        What may leave, already suppressed (`hotspot.services.hotspots.disclosures.share_map`).
    """
    figure = Figure(figsize=_PAGE_INCHES, dpi=_DPI)
    ground = json.loads(shared.basemap)["features"]
    shapes = [*shared.hotspots.geometry, *(shapely.geometry.shape(f["geometry"]) for f in ground)]
    seen = shapely.box(*shapely.total_bounds(shapes)) if shapes else None
    left, bottom, width, height = 0.02, 0.07, 0.62, 0.83
    if seen is not None:
        axes = _axes(figure, seen.bounds, (left, bottom, width, height))
        _draw_ground(axes, shared.basemap, seen, PAPER)
        badges = []
        row: Any
        for row in shared.hotspots.itertuples():
            _draw(
                axes,
                row.geometry,
                edgecolor=PAPER.outline,
                facecolor=PAPER.fill,
                linewidth=2,
                alpha=0.5,
            )
            point = row.geometry.representative_point()
            badges.append(
                axes.annotate(
                    str(row.key).removeprefix("Hotspot "),
                    (point.x, point.y),
                    fontsize=9,
                    color="white",
                    ha="center",
                    va="center",
                    zorder=9,
                    bbox={"boxstyle": "round", "facecolor": PAPER.outline, "edgecolor": "white"},
                )
            )
        _draw_names(axes, shared.basemap, seen, PAPER, badges)
    lines = [
        *(
            f"{row.key}: {row.events} events, {row.children} children"
            for row in shared.hotspots.itertuples()
        ),
        withheld_in_words(shared.withheld.total()),
        "Approximate: street-level open data." if shared.approximate else "",
        "",
        shared.period,
        BAND_SENTENCE,
        SENTENCE,
        f"Made {shared.made_at:%d %b %Y} by {shared.made_by}.",
        shared.attribution,
    ]
    said = "\n".join(textwrap.fill(line, 44) for line in lines)
    figure.text(left + width + 0.02, 0.89, said.replace("$", r"\$"), fontsize=9, va="top")
    marking = "Demonstration: invented data" if shared.is_demo else shared.marking
    for y, va in ((0.985, "top"), (0.015, "bottom")):
        figure.text(0.5, y, marking, ha="center", va=va, fontsize=11, fontweight="bold")
    figure.text(0.5, 0.945, shared.handling, ha="center", va="top", fontsize=8)
    return _png(figure)


def hours_picture(profile: Profile, place: ProfilePlace) -> bytes:
    """Draw the events of a hotspot by weekday and hour as PNG; the numbers stand in the boxes."""
    del profile
    grid = np.asarray(place.grid)
    figure = Figure(figsize=(_WIDTH_CM / 2.54, 5.2 / 2.54), dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(grid, cmap="Blues", aspect="auto", vmin=0, vmax=max(float(grid.max()), 1.0))
    axes.set_yticks(range(7), _DAYS, fontsize=7)
    axes.set_xticks(range(0, 24, 2), [f"{hour:02}" for hour in range(0, 24, 2)], fontsize=7)
    axes.set_xlabel("Hour of the day (local time)", fontsize=7)
    middle = grid.max() / 2
    for (day, hour), events in np.ndenumerate(grid):
        if events >= 0.5:
            colour = "white" if events > middle else "black"
            axes.text(
                hour, day, f"{events:.0f}", ha="center", va="center", fontsize=6, color=colour
            )
    return _png(figure)


def spot_picture(basemap: str, lng: float, lat: float) -> bytes:
    """Draw the ground with one place on it and nothing else, as PNG.

    Parameters
    ----------
    basemap
        GeoJSON text of the ground.
    lng, lat
        The place, WGS84 degrees.
    """

    def draw(axes: Axes, _seen: BaseGeometry) -> None:
        axes.plot(
            [lng], [lat], marker="o", markersize=9, color=PAPER.outline, markeredgecolor="white"
        )

    return _picture(basemap, shapely.Point(lng, lat), draw)


def _picture(
    basemap: str,
    around: BaseGeometry,
    draw: Callable[[Axes, BaseGeometry], None],
    look: PictureStyle = PAPER,
) -> bytes:
    """Draw the ground around a shape, what `draw` puts on it, and names and scale over it."""
    size = (_WIDTH_CM / 2.54, _HEIGHT_CM / 2.54)
    figure = Figure(figsize=size, dpi=_DPI, facecolor=look.beyond)
    window = _window(around)
    axes, seen = _axes(figure, window), shapely.box(*window)
    _draw_ground(axes, basemap, seen, look)
    draw(axes, seen)
    _draw_names(axes, basemap, seen, look)
    _draw_scale(axes, window, look)
    return _png(figure)


def _axes(
    figure: Figure,
    window: tuple[float, float, float, float],
    place: tuple[float, float, float, float] = (0, 0, 1, 1),
) -> Axes:
    """Return axes that show a window of the ground without stretching it; they fill the figure."""
    west, south, east, north = window
    axes = figure.add_axes(place)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect(1 / math.cos(math.radians((south + north) / 2)))
    axes.set_axis_off()
    return axes


def _window(shape: BaseGeometry) -> tuple[float, float, float, float]:
    """Choose what is seen: the shape with some ground around it, as wide as the picture asks."""
    west, south, east, north = shape.bounds
    x, y = (west + east) / 2, (south + north) / 2
    shrink = math.cos(math.radians(y))
    half_height = (north - south) / 2 + _AROUND_M / _METRES_A_DEGREE
    half_width = (east - west) / 2 + _AROUND_M / _METRES_A_DEGREE / shrink
    half_width = max(half_width, half_height * _WIDTH_CM / _HEIGHT_CM / shrink)
    half_height = half_width * shrink * _HEIGHT_CM / _WIDTH_CM
    return x - half_width, y - half_height, x + half_width, y + half_height


def _draw_ground(axes: Axes, basemap: str, seen: BaseGeometry, look: PictureStyle) -> None:
    for feature in json.loads(basemap)["features"]:
        layer = feature["properties"]["layer"]
        shape = shapely.geometry.shape(feature["geometry"])
        if layer == "label":
            continue
        part = shapely.clip_by_rect(shape, *seen.bounds)  # takes outlines that touch themselves
        style = look.ground.get(layer)
        if style is None or part.is_empty:
            continue
        if style.fill:
            _draw(axes, part, facecolor=style.fill, edgecolor="none", linewidth=0)
        if style.line:
            line = shapely.clip_by_rect(shape.boundary, *seen.bounds) if shape.area else part
            _draw(
                axes,
                line,
                facecolor="none",
                edgecolor=style.line,
                linewidth=style.width,
                linestyle="--" if style.is_dashed else "-",
            )


def _draw_names(
    axes: Axes, basemap: str, seen: BaseGeometry, look: PictureStyle, over: Sequence[Text] = ()
) -> None:
    """Write the names of towns, the greater first: none over another or over what is in `over`."""
    halo = [withStroke(linewidth=2.5, foreground=look.halo)]
    axes.apply_aspect()  # where things will stand once drawn
    measure = FigureCanvasAgg(axes.get_figure(root=True)).get_renderer()  # type: ignore[no-untyped-call]
    taken = [one.get_window_extent(measure).padded(4) for one in over]
    labels = [f for f in json.loads(basemap)["features"] if f["properties"]["layer"] == "label"]
    for feature in sorted(labels, key=lambda label: label["properties"].get("rank", 3)):
        place = shapely.geometry.shape(feature["geometry"])
        if not seen.contains(place):
            continue
        name = feature["properties"]["name"].replace("$", r"\$")  # no formula
        x, y = place.coords[0]
        text = axes.annotate(
            name,
            (x, y),
            fontsize=look.points,
            ha="center",
            va="center",
            color=look.text,
            path_effects=halo,
            textcoords="offset points",
            xytext=(0, 0),
        )
        for away in (0.0, -1.6, 1.6):  # on the town, below it, above it
            text.set_position((0, away * look.points))
            box = text.get_window_extent(measure)
            if not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
        else:
            text.remove()


def _draw(axes: Axes, shape: BaseGeometry, **style: object) -> None:
    """Draw lines or areas, holes and all, as one path."""
    points, codes = [], []
    for part in getattr(shape, "geoms", [shape]):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            places = list(ring.coords)
            if len(places) < 2:
                continue
            points += places
            codes += [Path.MOVETO, *[Path.LINETO] * (len(places) - 1)]
    if points:
        axes.add_patch(PathPatch(Path(points, codes), **style))


def _draw_hotspot(axes: Axes, shape: BaseGeometry, width: float, look: PictureStyle) -> None:
    _draw(axes, shape, edgecolor=look.outline, facecolor=look.fill, linewidth=width, alpha=0.28)
    _draw(axes, shape, edgecolor=look.outline, facecolor="none", linewidth=width)


def _draw_scale(axes: Axes, window: tuple[float, float, float, float], look: PictureStyle) -> None:
    """Draw a bar of 500 m and which way north is."""
    west, south, east, north = window
    length = 500 / _METRES_A_DEGREE / math.cos(math.radians(south))
    x, y = west + (east - west) * 0.03, south + (north - south) * 0.05
    axes.plot([x, x + length], [y, y], color=look.text, linewidth=2.5)
    axes.text(x, y + (north - south) * 0.02, "500 m", fontsize=look.points - 1, color=look.text)
    axes.annotate(
        "N",
        xy=(0.965, 0.96),
        xytext=(0.965, 0.86),
        xycoords="axes fraction",
        ha="center",
        fontsize=look.points,
        color=look.text,
        arrowprops={"arrowstyle": "-|>", "color": look.text},
    )


def _png(figure: Figure) -> bytes:
    content = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(content, format="png")
    return content.getvalue()
