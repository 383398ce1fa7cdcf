"""Name hotspots for others than the force: one name each, the same in all that they get."""

from __future__ import annotations

from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from hotspot.analysis.detection.run import Run
from hotspot.disclosure.ground import SharedGround
from hotspot.disclosure.suppression import is_shown, names_among
from hotspot.services.hotspots.register import MERGED, carried_by, name_for
from hotspot.services.hotspots.shared_texts import name_for_others
from hotspot.services.hotspots.sharing import Guarded
from hotspot.services.workspace.folder import Workspace
from hotspot.store import hotspots
from hotspot.store.unit_of_work import Connection


@dataclass(frozen=True)
class SharedNames:
    """What others call the hotspots of a run.

    Attributes
    ----------
    by_key
        Name of each hotspot that may be shared, by its key in the run.
    of_places
        Name of each shared place, in the order of `Guarded.table`.
    ground
        The shared ground, whose places keep the names that they have: one that no hotspot is in
        any more is called as before, for a change would tell why.
    """

    by_key: dict[str, str]
    of_places: list[str]
    ground: SharedGround


def shared_names(
    workspace: Workspace, connection: Connection, run: Run, shared: Guarded, ground: SharedGround
) -> SharedNames:
    """Name what is shared of a run: registered hotspots by the number that others know."""
    own = _own_names(workspace, connection, run, shared)
    at = {number: key for key, number in shared.places.items()}
    called = {place.number: place.called for place in ground.places}
    first = [
        own.get(at.get(number, ""), "") or called[number] or _near(workspace, shape)
        for number, shape in zip(shared.numbers, shared.table.geometry, strict=True)
    ]
    others = [key for key in own if key not in shared.places]
    names = names_among([*first, *(own[key] for key in others)])
    by_place = dict(zip(shared.numbers, names, strict=False))
    rest = dict(zip(others, names[len(first) :], strict=True))
    kept = tuple(replace(one, called=by_place[one.number]) for one in ground.places)
    return SharedNames(
        {key: rest[key] if key in rest else by_place[shared.places[key]] for key in own},
        [by_place[number] for number in shared.numbers],
        replace(ground, places=kept),
    )


def _own_names(
    workspace: Workspace, connection: Connection, run: Run, shared: Guarded
) -> dict[str, str]:
    """Name each hotspot that may be shared, before those of one name are told apart."""
    table = hotspots.registered_hotspots(connection).set_index("hotspot_id")
    carried = carried_by(connection, run)
    ranked = sorted(carried, key=lambda number: (table.loc[number, "state"] == MERGED, number))
    named: dict[str, str] = {}
    for number in ranked:
        name = name_for_others(workspace, number, str(table.loc[number, "name"]))
        named.setdefault(carried[number], name)
    shown = run.hotspots[is_shown(run.hotspots)]
    return {
        str(row["key"]): named.get(str(row["key"]))
        or _near(workspace, shared.outlines.get(row["key"]), (row["lng"], row["lat"]))
        for row in shown.to_dict("records")
    }


def _near(
    workspace: Workspace,
    outline: BaseGeometry | None,
    place: tuple[float, float] = (0.0, 0.0),
) -> str:
    """Name a place by the nearest town: from what is shared of it, where something is."""
    point = shapely.Point(place)
    if outline is not None and not outline.is_empty:
        point = outline.representative_point()
    return name_for(workspace, (point.x, point.y), set())
