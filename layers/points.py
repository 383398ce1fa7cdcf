"""Make the layers of premises and points of interest."""

from __future__ import annotations

import pandas as pd

from hotspot.hours import latest_closing
from layers.style import OTHER_LETTER, PLACE_LETTERS, PREMISES_LETTERS

KINDS = [*PREMISES_LETTERS, "other"]


def premises_layer(premises: pd.DataFrame) -> pd.DataFrame:
    """Return what the map needs of premises, in few bytes.

    Parameters
    ----------
    premises
        `lng`, `lat`, `name`, `kind`, and if known `postcode` and `open_until` ("03:00", or as
        `hotspot.hours` reads it).

    Returns
    -------
    DataFrame
        `lng`, `lat` (WGS84 degrees), `name`, `kind` (a place in `KINDS`), `postcode` and `until`,
        the closing hour in minutes after noon: three at night comes after eleven. Rows without a
        place are left out.
    """
    placed = premises[premises["lat"].notna()]
    kind = placed["kind"].map({name: n for n, name in enumerate(KINDS)}).fillna(len(KINDS) - 1)
    return pd.DataFrame(
        {
            "lng": placed["lng"].astype("float32"),
            "lat": placed["lat"].astype("float32"),
            "name": placed["name"].astype(str),
            "kind": kind.astype("uint8"),
            "postcode": _column(placed, "postcode").fillna("").astype(str),
            "until": minutes_after_noon(_column(placed, "open_until")),
        }
    )


def minutes_after_noon(closing: pd.Series[str]) -> pd.Series[int]:
    """Return closing hours as minutes after noon, null where they are not known.

    Examples
    --------
    >>> minutes_after_noon(pd.Series(["23:00", "03:00", None])).tolist()
    [660, 900, <NA>]
    """
    return closing.map(latest_closing, na_action="ignore").astype("Int32")


def kinds_of_premises() -> list[dict[str, str]]:
    """Name each place in `KINDS` with its letter."""
    return [{"name": kind, "letter": PREMISES_LETTERS.get(kind, OTHER_LETTER)} for kind in KINDS]


def places_layer(places: pd.DataFrame) -> pd.DataFrame:
    """Give each point of interest a letter for its kind and a line of text."""
    return pd.DataFrame(
        {
            "lng": places["lng"].astype("float32"),
            "lat": places["lat"].astype("float32"),
            "letter": places["kind"].map(PLACE_LETTERS).fillna(OTHER_LETTER).astype(str),
            "text": places["name"].astype(str) + " (" + places["kind"].astype(str) + ")",
        }
    )


def postcodes_layer(postcodes: pd.DataFrame | None) -> pd.DataFrame:
    """Return what the search needs of postcodes, in few bytes."""
    if postcodes is None:
        postcodes = pd.DataFrame({"postcode": [], "lng": [], "lat": []})
    return pd.DataFrame(
        {
            "lng": postcodes["lng"].astype("float32"),
            "lat": postcodes["lat"].astype("float32"),
            "text": postcodes["postcode"].astype(str),
        }
    )


def _column(frame: pd.DataFrame, name: str) -> pd.Series[str]:
    return frame[name] if name in frame else pd.Series(None, index=frame.index, dtype="string")
