"""Withhold and band what would point at a child, and say so: the rule and its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

MIN_CHILDREN = 3
DOMINANT_SHARE = 0.5
SHORTEST_WEEKS = 12
"""Nothing of a shorter period is shared: small counts of few weeks point at children."""
_SMALL, _ROUND_TO = 5, 5

SHARED_COLUMNS = ("key", "events", "children", "approximate")
"""What may be shared of a hotspot beside its ground (see `disclosure.ground`): no cells, weights,
days, exact counts or single-child mark."""

WITHHELD = "to protect children"
"""The one reason that is given: a reason of its own would tell about one child."""
BAND_SENTENCE = (
    f"Counts under {_SMALL} are written <{_SMALL} and others rounded to the nearest {_ROUND_TO}."
)
BAND_WORDS = f"written as a band (<{_SMALL}) or rounded to {_ROUND_TO}"
SHARE_SENTENCE = f"Counts under {_SMALL} are <{_SMALL} and their shares are withheld."
RULE_SENTENCE = (
    f"Hotspots of fewer than {MIN_CHILDREN} children, or that the records of one child drive, "
    "are withheld."
)
PERIOD_SENTENCE = f"What is shared covers {SHORTEST_WEEKS} weeks or more."
_NUMBERED = re.compile(r" \(\d+\)$")


def band(count: float | None) -> str:
    """Write a count as shared views show it: "<5" for 1 to 4, else rounded to 5.

    Examples
    --------
    >>> band(3), band(7), band(0), band(None)
    ('<5', '5', '0', 'not known')
    """
    if count is None or pd.isna(count):
        return "not known"
    if 0 < count < _SMALL:
        return f"<{_SMALL}"
    return str(int(_ROUND_TO * ((count + _ROUND_TO / 2) // _ROUND_TO)))


def withheld_in_words(count: int) -> str:
    """Say how many hotspots are withheld: banded, and never why each is.

    Examples
    --------
    >>> withheld_in_words(0), withheld_in_words(2)
    ('No hotspot is withheld.', 'Fewer than 5 hotspots are withheld to protect children.')
    """
    if not count:
        return "No hotspot is withheld."
    few = f"Fewer than {_SMALL} hotspots" if count < _SMALL else f"About {band(count)} hotspots"
    return f"{few} are withheld {WITHHELD}."


def suppress(hotspots: pd.DataFrame) -> tuple[pd.DataFrame, Counter[str]]:
    """Reduce hotspots to what may be shared of them outside the force, beside their ground.

    Parameters
    ----------
    hotspots
        `run.hotspots`.

    Returns
    -------
    (DataFrame, Counter)
        Hotspots in `SHARED_COLUMNS` with counts banded, numbered anew so that the gaps do not tell
        which were withheld; and how many were withheld. Withheld are hotspots of fewer
        than 3 distinct children (where children are known at all), and those that one child
        dominates: it dissolves without that child, or that child has half the events or more.
    """
    shown = is_shown(hotspots)
    shared = pd.DataFrame(hotspots.loc[shown, list(SHARED_COLUMNS)]).reset_index(drop=True)
    shared["key"] = [f"Hotspot {number}" for number in range(1, len(shared) + 1)]
    for column in ("events", "children"):
        shared[column] = [band(count) for count in shared[column]]
    return shared, +Counter({WITHHELD: int((~shown).sum())})


def is_shown(hotspots: pd.DataFrame) -> pd.Series[bool]:
    """Tell which hotspots may be shared outside the force."""
    shown: pd.Series[bool] = ~_few(hotspots) & ~_dominated(hotspots)
    return shown


def names_among(names: Iterable[str]) -> list[str]:
    """Return names with numbers where one occurs twice among those that are shown.

    A number given over all hotspots would tell that another one is withheld.

    Examples
    --------
    >>> names_among(["Stafford, east (2)", "Leek", "Stafford, east (3)"])
    ['Stafford, east', 'Leek', 'Stafford, east (2)']
    """
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        plain = _NUMBERED.sub("", name)
        seen[plain] += 1
        numbered.append(f"{plain} ({seen[plain]})" if plain and seen[plain] > 1 else plain)
    return numbered


def _few(hotspots: pd.DataFrame) -> pd.Series[bool]:
    few: pd.Series[bool] = hotspots["children"].notna() & (hotspots["children"] < MIN_CHILDREN)
    return few


def _dominated(hotspots: pd.DataFrame) -> pd.Series[bool]:
    share = hotspots["largest_child_share"].fillna(0.0).astype(float)
    dominated: pd.Series[bool] = hotspots["single_child"].astype(bool) | (share >= DOMINANT_SHARE)
    return dominated
