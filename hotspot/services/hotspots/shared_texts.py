"""Make the filter of typed texts for those outside the force."""

from __future__ import annotations

from collections.abc import Callable, Collection

from hotspot.disclosure.shared_words import TEXT_WITHHELD, clear_of
from hotspot.disclosure.suppression import names_among
from hotspot.disruption.wording import doubts_in
from hotspot.services.hotspots.register import (
    driven_by_one_child,
    names_of,
    never_shown,
    of_few_children,
)
from hotspot.store import snapshots
from hotspot.store.unit_of_work import Connection


def withheld_when_last_seen(connection: Connection) -> frozenset[int]:
    """Return the numbers of hotspots that were withheld, or that nothing judged, at their last."""
    lineage = snapshots.list_lineage(connection)
    few = driven_by_one_child(lineage) | of_few_children(lineage)
    return frozenset(few | never_shown(connection, lineage))


def names_for_others(connection: Connection, withheld: Collection[int]) -> dict[int, str]:
    """Return the names of hotspots that are not withheld, numbered among themselves alone."""
    names = {n: name for n, name in sorted(names_of(connection).items()) if n not in withheld}
    return dict(zip(names, names_among(names.values()), strict=True))


def texts_for_others(connection: Connection, withheld: Collection[int]) -> Callable[[str], str]:
    """Make the filter that withholds a text which names a withheld hotspot.

    A name that others know for a hotspot that is shown tells of nothing.
    """
    known = set(names_for_others(connection, withheld).values())
    names = names_of(connection)
    return clear_of({n: names[n] if names[n] not in known else "" for n in withheld if n in names})


def clear_of_persons(text: str) -> str:
    """Withhold a text that may point at a person: its writer was asked, its readers were not."""
    return TEXT_WITHHELD if doubts_in(text) else text
