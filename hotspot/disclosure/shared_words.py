"""Keep what people typed from telling others of what is withheld."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

TEXT_WITHHELD = "[withheld to protect children]"
"""Stands for a text that speaks of what is withheld."""
_NUMBER = r"(?<![^\W_])(?:hs|hot[\s_-]?spots?)(?:[\W_\d]|no|and)*?(?<!\d)0*{number}(?!\d)"
"""A number behind the word, in a list of others too: "HS-0012 and 7", "hotspot no. 7"."""
_NAME = r"(?<!\w){name}(?!\w|\s*\(\d)"


def clear_of(withheld: Mapping[int, str]) -> Callable[[str], str]:
    """Make the filter of texts for others: one that names a withheld hotspot is withheld whole.

    Parameters
    ----------
    withheld
        Names of the withheld hotspots by their numbers.

    Examples
    --------
    >>> shown = clear_of({7: "Leek, east (2)"})
    >>> shown("Lights at Leek, east"), shown("As at hs-7"), shown("leek, EAST (2) again")
    ('Lights at Leek, east', '[withheld to protect children]', '[withheld to protect children]')
    """
    patterns = [re.compile(one, re.IGNORECASE) for one in _patterns(withheld)]

    def shown(text: str) -> str:
        plain = " ".join(text.split())
        return TEXT_WITHHELD if any(one.search(plain) for one in patterns) else text

    return shown


def _patterns(withheld: Mapping[int, str]) -> Iterable[str]:
    for number, name in withheld.items():
        yield _NUMBER.format(number=number)
        if words := [re.escape(word) for word in re.split(r"[\s,]+", name) if word]:
            yield _NAME.format(name=r"[\s,]+".join(words))
