"""One form of a name: made once, where a name comes in, so that two places never fold it apart."""

from __future__ import annotations

import unicodedata

MAX_NAME = 100
_UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
"""Categories of characters that nobody sees: format, control, halves, private use, none."""


def canonical_name(typed: str) -> str:
    """Return a typed name in its one form, or an empty text where it is no name.

    Compatibility forms are folded (NFKC), every run of blanks of any script is one space, capitals
    are small, and what nobody sees is left out. A text of more than `MAX_NAME` characters before
    or after that is no name.

    Examples
    --------
    >>> canonical_name("  J\u00a0SMITH\u200b "), canonical_name("x" * 101)
    ('j smith', '')
    """
    if len(typed) > MAX_NAME:
        return ""
    folded = unicodedata.normalize("NFKC", typed).casefold()
    seen = "".join(c for c in folded if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    name = unicodedata.normalize("NFKC", " ".join(seen.split()))
    return name if len(name) <= MAX_NAME else ""
