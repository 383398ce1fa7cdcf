"""Name the open data that a map or file is made of, as their licences ask."""

from __future__ import annotations

from collections.abc import Iterable

from hotspot.schema import SOURCES


def attribution_of(sources: Iterable[str]) -> str:
    """Write the attribution of some sources as one line; empty where none asks for one."""
    asked = (SOURCES[name].attribution for name in sorted(set(sources)) if name in SOURCES)
    return " ".join(dict.fromkeys(text for text in asked if text))
