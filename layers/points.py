"""Make the layers of premises and points of interest."""

from __future__ import annotations

import pandas as pd

from layers.style import OTHER_LETTER, PLACE_LETTERS, PREMISES_LETTERS


def premises_layer(premises: pd.DataFrame) -> pd.DataFrame:
    """Give each premises a letter for its kind and a line of text."""
    return _points(premises, PREMISES_LETTERS)


def places_layer(places: pd.DataFrame) -> pd.DataFrame:
    """Give each point of interest a letter for its kind and a line of text."""
    return _points(places, PLACE_LETTERS)


def _points(frame: pd.DataFrame, letters: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "lng": frame["lng"].astype(float),
            "lat": frame["lat"].astype(float),
            "letter": frame["kind"].map(letters).fillna(OTHER_LETTER).astype(str),
            "text": (frame["name"].astype(str) + " (" + frame["kind"].astype(str) + ")"),
        }
    )
