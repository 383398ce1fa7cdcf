"""Find in free text what may point at a person, before it is saved."""

from __future__ import annotations

import re

_PATTERNS = {
    "a telephone number": re.compile(r"(?<!\d)(?:\+44\s?|0)(?:\d[\s-]?){9,10}(?!\d)"),
    "a date that may be one of birth": re.compile(
        r"\b(?:dob|d\.o\.b\.?|born)\b|\b\d{1,2}[/.-]\d{1,2}[/.-](?:19[4-9]\d|20[01]\d|\d{2})\b",
        re.IGNORECASE,
    ),
    "an address": re.compile(
        r"\b\d{1,4}[a-z]?\s+(?:[A-Z][a-z'\u2019]+\s+){1,3}(?:street|st|road|rd|lane|avenue|ave|close|"
        r"drive|grove|way|court|crescent|terrace|place)\b",
        re.IGNORECASE,
    ),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b"),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "a person's name": re.compile(
        r"\b(?:Mr|Mrs|Ms|Miss|Master|Dr)\.?\s+[A-Z][a-z]+|\b(?:named|called|aka)\s+[A-Z][a-z]+"
    ),
}
NO_PERSONS = "No names, dates of birth, addresses or phone numbers."
"""Stands at every box for free text."""


def doubts_in(text: str) -> list[str]:
    """Say what in a text may point at a person.

    It finds patterns, not people: a name alone is not known for one.

    Examples
    --------
    >>> doubts_in("Seen with Mr Example, 01632 960 199")
    ['a telephone number', "a person's name"]
    >>> doubts_in("Visit on 3 December, 22:00 to 02:00")
    []
    """
    return [what for what, pattern in _PATTERNS.items() if pattern.search(text)]
