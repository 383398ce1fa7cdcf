"""Hold the features of a file: what is said of each, and its shape."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from hotspot.errors import InputError

MAX_VERTICES = 500_000
_UNREADABLE = (
    *(ShapelyError, GEOSException, AttributeError, KeyError, TypeError),
    *(ValueError, IndexError, RecursionError, OverflowError),
)


class Shapes:
    """The features of a file: properties as text and shapes in WGS84 degrees."""

    def __init__(
        self,
        name: str,
        layers: tuple[str, ...] = (),
        layer: str = "",
        notes: list[str] | None = None,
    ) -> None:
        self.name = name
        self.layers, self.layer = layers, layer
        self.notes = notes or []
        self.properties: list[dict[str, Any]] = []
        self.shapes: list[BaseGeometry | None] = []
        self.unreadable: list[int] = []
        self._vertices = 0

    def add(self, properties: dict[str, Any], ground: BaseGeometry | None) -> None:
        """Take one feature; NaN and empty shapes count as none."""
        usable = ground is not None and not ground.is_empty
        self.properties.append(properties)
        self.shapes.append(shapely.force_2d(ground) if usable else None)
        self._vertices += int(shapely.get_num_coordinates(ground)) if usable else 0
        if self._vertices > MAX_VERTICES:
            message = f"{self.name} has more than {MAX_VERTICES:,} vertices; simplify its outlines."
            raise InputError(message)

    def add_geojson(self, properties: object, geometry: Any) -> None:  # noqa: ANN401 - what a file says
        """Take one feature of GeoJSON; a geometry that cannot be read counts as none, and is noted.

        Raises
        ------
        InputError
            The file has too many vertices.
        """
        try:
            ground = shape(geometry) if geometry else None
        except _UNREADABLE:
            ground = None
            self.unreadable.append(len(self.shapes) + 1)
        self.add(dict(properties) if isinstance(properties, dict) else {}, ground)

    def note_unreadable(self) -> None:
        """Note the features whose geometry could not be read.

        Raises
        ------
        InputError
            No feature of several has one that can.
        """
        if not self.unreadable:
            return
        shown = ", ".join(map(str, self.unreadable[:5]))
        if len(self.unreadable) == len(self.shapes):
            message = (
                f"{self.name}, feature {self.unreadable[0]} has a geometry that cannot be read, as "
                "all others have. Export it again."
            )
            raise InputError(message)
        self.notes.append(
            f"{self.name}: {len(self.unreadable):,} features have a geometry that cannot be read "
            f"(features {shown}); they have no location."
        )
