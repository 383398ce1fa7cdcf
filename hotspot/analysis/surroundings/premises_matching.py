"""Find the entries of different registers that may be the same premises; a person decides."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from scipy.spatial import cKDTree

from hotspot.analysis.surroundings.nearness import to_plane

WITHIN_M = 50.0
LEAST_LIKE = 80.0
"""Least likeness of two names, of 100 (see `_likeness`)."""
COLUMNS = [
    "source",
    "premises_ref",
    "name",
    "other_source",
    "other_ref",
    "other_name",
    "likeness",
    "same_postcode",
    "distance_m",
]
_COMPANY = re.compile(r"\b(ltd|limited|plc|llp|the|and|co)\b")
_TRADING_AS = re.compile(r".*\b(?:t/a|trading as)\b")
_NO_WORD = re.compile(r"[^a-z0-9]+")


def plain_name(name: str) -> str:
    """Write a business's name so that registers can be compared.

    Examples
    --------
    >>> plain_name("Example Foods Ltd t/a The Café & Grill")
    'cafe grill'
    """
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    traded = _TRADING_AS.sub("", folded)
    return " ".join(_COMPANY.sub(" ", _NO_WORD.sub(" ", traded)).split())


def match_registers(premises: pd.DataFrame, within_m: float = WITHIN_M) -> pd.DataFrame:
    """Pair entries of different registers whose names are alike, at one postcode or one place.

    Parameters
    ----------
    premises
        `source`, `premises_ref`, `name`, `postcode`, `lng`, `lat` (WGS84 degrees; may be null).
    within_m
        How far apart the places of a pair may be, in metres, where the postcodes are not the same.

    Returns
    -------
    DataFrame
        `COLUMNS`, the likeliest pairs first. A pair is a suggestion: nothing is joined by it.
    """
    table = premises.reset_index(drop=True)
    pairs = sorted(_at_one_postcode(table) | _at_one_place(table, within_m))
    sources, names = table["source"].tolist(), [plain_name(str(n)) for n in table["name"]]
    alike = [
        (a, b, like)
        for a, b in pairs
        if sources[a] != sources[b]
        and names[a]
        and (like := _likeness(names[a], names[b])) >= LEAST_LIKE
    ]
    if not alike:
        return pd.DataFrame(columns=COLUMNS)
    left, right, likeness = (list(column) for column in zip(*alike, strict=True))
    one, other = table.iloc[left].reset_index(drop=True), table.iloc[right].reset_index(drop=True)
    matches = pd.DataFrame(
        {
            "source": one["source"],
            "premises_ref": one["premises_ref"],
            "name": one["name"],
            "other_source": other["source"],
            "other_ref": other["premises_ref"],
            "other_name": other["name"],
            "likeness": likeness,
            "same_postcode": _postcodes(one).eq(_postcodes(other)) & _postcodes(one).ne(""),
            "distance_m": _apart_m(one, other),
        }
    )
    order = ["likeness", "same_postcode", "distance_m"]
    return matches.sort_values(order, ascending=[False, False, True], ignore_index=True)


def _likeness(one: str, other: str) -> float:
    """Compare names word by word; where the shorter has two words or more, what it lacks is free.

    "Opal Lodge, Hanley" is "Opal Lodge"; but "Opal" alone is nobody.
    """
    is_long = min(len(one.split()), len(other.split())) > 1
    return fuzz.token_set_ratio(one, other) if is_long else fuzz.token_sort_ratio(one, other)


def _postcodes(table: pd.DataFrame) -> pd.Series[str]:
    return table["postcode"].fillna("").str.replace(" ", "").str.upper()


def _at_one_postcode(table: pd.DataFrame) -> set[tuple[int, int]]:
    codes = _postcodes(table)
    pairs = set()
    for _, rows in codes[codes != ""].groupby(codes):
        at = rows.index.tolist()
        pairs |= {(a, b) for n, a in enumerate(at) for b in at[n + 1 :]}
    return pairs


def _at_one_place(table: pd.DataFrame, within_m: float) -> set[tuple[int, int]]:
    located = table.dropna(subset=["lng", "lat"])
    if len(located) < 2:
        return set()
    near = cKDTree(to_plane(located, located)).query_pairs(within_m)
    at = located.index.tolist()
    return {(min(at[a], at[b]), max(at[a], at[b])) for a, b in near}


def _apart_m(
    one: pd.DataFrame, other: pd.DataFrame
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    known = (one["lng"].notna() & other["lng"].notna()).to_numpy()
    apart = np.full(len(one), np.nan)
    if known.any():
        ends = to_plane(one[known], one[known]), to_plane(one[known], other[known])
        apart[known] = np.hypot(*(ends[0] - ends[1]).T)
    return apart
