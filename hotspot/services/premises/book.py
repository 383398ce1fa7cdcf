"""Read the journal of premises with the registers that it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from hotspot.access.permissions import Scope
from hotspot.analysis.surroundings.districts import points_in
from hotspot.disruption.premises import SAME, SamePremises
from hotspot.schema import PREMISES, PREMISES_SOURCES
from hotspot.services.workspace.audit_names import premises_place
from hotspot.services.workspace.folder import Workspace
from hotspot.store import datasets, journals
from hotspot.store.unit_of_work import Connection, UnitOfWork

Place = tuple[str, str]
"""Source and reference of premises in a register."""
PREFIX = "premises "
_MAP_KINDS = ("hotel", "pub", "bar", "nightclub", "restaurant", "takeaway", "taxi")
"""Kinds of points of interest that may be premises of a register."""


class Book:
    """The journal of premises, read once, with the registers that it speaks of."""

    def __init__(self, connection: Connection) -> None:
        self.rows = every_premises(connection)
        entries = journals.list_entries(connection, starts=PREFIX)
        self._by_place: dict[str, list[dict[Any, Any]]] = {}
        for entry in entries.to_dict("records"):
            self._by_place.setdefault(str(entry["about"]), []).append(entry)
        self._at = {
            premises_place(source, reference): (source, reference)
            for source, reference in zip(
                self.rows["source"], self.rows["premises_ref"], strict=True
            )
        }
        self._groups = self._joined()

    def group_of(self, place: Place) -> list[Place]:
        """Return the entries of registers that are the same premises, the listed one first."""
        return self._groups.get(place, [place])

    def places(self) -> list[Place]:
        """Return the premises about which anything is noted, each once."""
        noted = [self._at[about] for about in self._by_place if about in self._at]
        return list(dict.fromkeys(self.group_of(place)[0] for place in noted))

    def of(self, place: Place, kind: str) -> list[tuple[int, dict[str, Any]]]:
        """Return number and text of the entries of a kind about premises, the newest first."""
        return [(int(e["entry_id"]), dict(e["body"])) for e in self.entries_of(place, kind)]

    def entries_of(self, place: Place, kind: str) -> list[dict[Any, Any]]:
        """Return the entries of a kind about premises, as stored, the newest first."""
        entries = [
            entry
            for one in self.group_of(place)
            for entry in self._by_place.get(premises_place(*one), [])
            if entry["kind"] == kind
        ]
        return sorted(entries, key=lambda entry: -int(entry["entry_id"]))

    def said_of_pairs(self) -> dict[tuple[Place, Place], bool]:
        """Return what was last said of each pair of entries: whether they are the same premises."""
        said: dict[tuple[Place, Place], bool] = {}
        entries = sorted(
            (int(e["entry_id"]), about, SamePremises.model_validate(e["body"]))
            for about, own in self._by_place.items()
            for e in own
            if e["kind"] == SAME and about in self._at
        )
        for _, about, entry in entries:
            one, other = sorted([self._at[about], (entry.other_source, entry.other_ref)])
            said[one, other] = entry.is_same
        return said

    def _joined(self) -> dict[Place, list[Place]]:
        groups: dict[Place, list[Place]] = {}
        for (one, other), is_same in self.said_of_pairs().items():
            if is_same:
                joined = list(dict.fromkeys([*groups.get(one, [one]), *groups.get(other, [other])]))
                joined.sort(key=_rank)
                groups.update(dict.fromkeys(joined, joined))
        return groups


def _rank(place: Place) -> tuple[int, str]:
    order = [*PREMISES_SOURCES, "places"]
    return (order.index(place[0]) if place[0] in order else len(order), place[1])


def every_premises(connection: Connection) -> pd.DataFrame:
    """Read the registers, and what the map has of the like, in the columns of `PREMISES`."""
    registers = datasets.all_rows(connection, "premises")
    mapped = datasets.all_rows(connection, "places")
    mapped = mapped[mapped["kind"].isin(_MAP_KINDS)].rename(columns={"place_ref": "premises_ref"})
    if mapped.empty:
        return registers
    joined = pd.concat([registers, mapped.reindex(columns=list(PREMISES))], ignore_index=True)
    text = [name for name in PREMISES if name not in ("lat", "lng")]
    return joined.astype(dict.fromkeys(text, object)).where(joined.notna(), None)


def lies_with(workspace: Workspace, work: UnitOfWork, book: Book, place: Place) -> bool:
    """Tell whether premises lie in the ground that the permission covers."""
    if work.scope is Scope.ALL:
        return True
    own = rows_of(book, [place])
    inside = points_in(workspace.area, work.actor.districts, own)
    return bool(inside.any() or (own["lat"].isna() & (own["authority"] == work.actor.agency)).any())


def rows_of(book: Book, places: Iterable[Place]) -> pd.DataFrame:
    """Return the entries of registers of some premises."""
    wanted = set(places)
    pairs = zip(book.rows["source"], book.rows["premises_ref"], strict=True)
    return book.rows[np.array([pair in wanted for pair in pairs], dtype=bool)].reset_index(
        drop=True
    )


def name_of(book: Book, place: Place) -> str:
    """Return the name of premises as their register has it."""
    own = rows_of(book, [place])
    return str(own["name"].iloc[0]) if len(own) else f"{place[0]} {place[1]}"
