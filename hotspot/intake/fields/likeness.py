"""Compare names of columns by what their words mean: "Occ Ref" is "Occurrence Number"."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz

CLOSE = 88.0
"""Likeness, of 100, from which one name is proposed for another."""
_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_SHORT = {
    **dict.fromkeys(("ref", "refs", "reference", "no", "nos", "num", "nr", "nbr"), "number"),
    **dict.fromkeys(("id", "identifier", "urn", "number", "numbers"), "number"),
    **dict.fromkeys(("occ", "occur", "occurrences", "occno"), "occurrence"),
    **dict.fromkeys(("mp", "misper", "mispers", "missper"), "missing"),
    **dict.fromkeys(("dt", "dte", "dates"), "date"),
    **dict.fromkeys(("tm", "tme", "times"), "time"),
    **dict.fromkeys(("frm", "start", "started", "commenced"), "from"),
    **dict.fromkeys(("lvl", "lev"), "level"),
    **dict.fromkeys(("loc", "locn", "locations"), "location"),
    **dict.fromkeys(("addr", "add", "addresses"), "address"),
    **dict.fromkeys(("prem", "prems", "premise"), "premises"),
    **dict.fromkeys(("lic", "licences", "license"), "licence"),
    **dict.fromkeys(("auth", "council"), "authority"),
    **dict.fromkeys(("nom", "nominals", "subject"), "nominal"),
    **dict.fromkeys(("pers", "persons", "people"), "person"),
    **dict.fromkeys(("inc", "incidents"), "incident"),
    **dict.fromkeys(("off", "offences", "offense"), "offence"),
    **dict.fromkeys(("cat", "categ"), "category"),
    **dict.fromkeys(("typ", "tp", "types"), "type"),
    **dict.fromkeys(("rel", "relationship"), "link"),
    **dict.fromkeys(("pc", "pcode", "pcd"), "postcode"),
    **dict.fromkeys(("eastings", "east"), "easting"),
    **dict.fromkeys(("northings", "north"), "northing"),
    **dict.fromkeys(("lng", "lon", "long"), "longitude"),
    **dict.fromkeys(("lat",), "latitude"),
    **dict.fromkeys(("hrs", "hour"), "hours"),
    **dict.fromkeys(("rpt", "rep", "rptd"), "reported"),
    **dict.fromkeys(("qual",), "quality"),
}
"""How exports of police and council systems shorten words, and words that mean the same there."""
_IDLE = frozenset(("of", "the", "and", "a", "in", "at"))


@cache
def meaning(column: str) -> str:
    """Write a name as the words it stands for, in one order.

    Examples
    --------
    >>> meaning("MISPER From Dt") == meaning("Missing From Date")
    True
    """
    words = [word.lower() for word in _WORD.findall(column)]
    full = [_SHORT.get(word, word) for word in words if word not in _IDLE]
    return " ".join(sorted(dict.fromkeys(full)))


def likeness(column: str, synonym: str) -> float:
    """Return how alike two names are, from 0 to 100."""
    ours, theirs = meaning(column), meaning(synonym)
    if ours == theirs:
        return 100.0
    return float(fuzz.ratio(ours, theirs)) if min(len(ours), len(theirs)) > 4 else 0.0
