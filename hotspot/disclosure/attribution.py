"""Name the open data that a map or file is made of, as their licences ask."""

from __future__ import annotations

from collections.abc import Iterable

ATTRIBUTIONS = {
    "police-uk": "Contains data.police.uk information, Open Government Licence v3.0.",
    "food-hygiene": "Contains Food Standards Agency information, Open Government Licence v3.0.",
}


def attribution_of(sources: Iterable[str]) -> str:
    """Write the attribution of some sources as one line; empty where none asks for one."""
    return " ".join(
        ATTRIBUTIONS[source] for source in sorted(set(sources)) if source in ATTRIBUTIONS
    )
