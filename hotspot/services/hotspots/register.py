"""The register of hotspots: numbers that live for ever, names, and hotspots put in by hand."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import h3
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, is_allowed
from hotspot.analysis.detection.footprint import outline
from hotspot.analysis.detection.run import Run
from hotspot.analysis.time.lineage import Registered, match_registered
from hotspot.disclosure.suppression import MIN_CHILDREN
from hotspot.errors import InputError, NotFoundError
from hotspot.schema import RECORD_RESOLUTION
from hotspot.services.workspace.audit_names import hotspot_name, hotspot_place, premises_place
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import datasets, hotspots, snapshots
from hotspot.store.unit_of_work import Connection, UnitOfWork

KINDS = ("area", "address", "business", "profession")
"""What a hotspot can be, in the words of the strategy."""
ACTIVE, DORMANT, MERGED = "active", "dormant", "merged"
MAX_TEXT = 300
_GREATEST_RADIUS_M, _BUSINESS_RADIUS_M = 2000, 30


@dataclass(frozen=True)
class ByHand:
    """A hotspot that somebody knows of and no run has met.

    Attributes
    ----------
    name
        What it is called.
    kind
        One of `KINDS`.
    told_by
        Where it is known from: an agency, a meeting, a log; never a person's name.
    grade
        Grade of the intelligence (3x5x2), where it is intelligence.
    lng, lat
        Its middle in WGS84 degrees; None for a profession, which has no place.
    radius_m
        How far it reaches.
    """

    name: str
    kind: str
    told_by: str
    grade: str = ""
    lng: float | None = None
    lat: float | None = None
    radius_m: float = 100.0


def register_by_hand(workspace: Workspace, actor: Actor, hotspot: ByHand) -> int:
    """Register a hotspot by hand, and give its number.

    It takes actions and appears in meetings, labelled "not from the analysis" until a snapshot
    meets it.

    Raises
    ------
    InputError
        Its name, source or place is missing or cannot be.
    """
    with work_on(workspace, actor, Operation.REGISTER_HOTSPOT) as work:
        number = _add_by_hand(workspace, work, hotspot)
        work.log(
            hotspot_name(number),
            rows=1,
            shape={"kind": hotspot.kind},
            places={hotspot_place(number)},
        )
    return number


def _add_by_hand(workspace: Workspace, work: UnitOfWork, hotspot: ByHand) -> int:
    cells = _cells_of(workspace, hotspot)
    return hotspots.add_hotspot(
        work.connection,
        registered_at=work.now,
        registered_by=work.actor.name,
        params={},
        sources=[],
        cells=cells,
        outline=outline(cells).wkt if cells else "POLYGON EMPTY",
        approximate=False,
        import_ids=[],
        weights=[1.0] * len(cells),
        name=hotspot.name.strip()[:MAX_TEXT],
        kind=hotspot.kind,
        by_hand=True,
        told_by=hotspot.told_by.strip()[:MAX_TEXT],
        grade=hotspot.grade.strip().upper()[:8],
    )


def business_of(workspace: Workspace, work: UnitOfWork, premises: tuple[str, str]) -> int:
    """Return the number of premises as a hotspot of the kind "business", registered if it is new.

    Raises
    ------
    NotFoundError
        No register has the premises.
    InputError
        They have no place, or none in the force's area.
    """
    told_by = premises_place(*premises)
    table = hotspots.registered_hotspots(work.connection)
    known = table[table["by_hand"] & (table["told_by"] == told_by) & (table["state"] != MERGED)]
    if not known.empty:
        return int(known["hotspot_id"].iloc[0])
    rows = datasets.all_rows(work.connection, "premises")
    row = rows[(rows["source"] == premises[0]) & (rows["premises_ref"] == premises[1])]
    if row.empty:
        message = f"No register has {told_by}."
        raise NotFoundError(message)
    if row["lat"].isna().iloc[0]:
        message = "The register has no place for these premises; register a hotspot by hand first."
        raise InputError(message)
    name, lng, lat = row[["name", "lng", "lat"]].iloc[0]
    business = ByHand(
        str(name), "business", told_by, "", float(lng), float(lat), _BUSINESS_RADIUS_M
    )
    return _add_by_hand(workspace, work, business)


def _cells_of(workspace: Workspace, hotspot: ByHand) -> list[str]:
    """Check a hotspot and give its cells."""
    if not hotspot.name.strip() or not hotspot.told_by.strip():
        message = "Give the hotspot a name, and say where it is known from."
        raise InputError(message)
    if hotspot.kind not in KINDS:
        message = f"'{hotspot.kind}' is no kind of hotspot; choose one of: {', '.join(KINDS)}."
        raise InputError(message)
    if hotspot.lng is None or hotspot.lat is None:
        if hotspot.kind == "profession":
            return []
        message = "Say where the hotspot is; only a profession has no place."
        raise InputError(message)
    if not shapely.contains_xy(workspace.area.boundary.buffer(0.05), hotspot.lng, hotspot.lat):
        message = (
            f"{hotspot.lat:g}, {hotspot.lng:g} does not lie in {workspace.area.name}; check "
            "latitude and longitude."
        )
        raise InputError(message)
    if not 0 < hotspot.radius_m <= _GREATEST_RADIUS_M:
        message = f"The radius is {hotspot.radius_m:g} m; give one of up to {_GREATEST_RADIUS_M} m."
        raise InputError(message)
    middle = h3.latlng_to_cell(hotspot.lat, hotspot.lng, RECORD_RESOLUTION)
    apart = h3.average_hexagon_edge_length(RECORD_RESOLUTION, unit="m") * 3**0.5
    return sorted(h3.grid_disk(middle, round(hotspot.radius_m / apart)))


def register_of_run(work: UnitOfWork, run: Run, key: str, sources: list[str], name: str) -> int:
    """Register a hotspot of a run with the next number."""
    hotspot = run.hotspot(key).iloc[0]
    weights = run.outlines()[key]
    files = datasets.list_record_files(work.connection, sources)
    return hotspots.add_hotspot(
        work.connection,
        registered_at=work.now,
        registered_by=work.actor.name,
        params=run.params.as_dict(),
        sources=sources,
        cells=list(weights),
        outline=hotspot["geometry"].wkt,
        approximate=run.approximate,
        import_ids=sorted({int(number) for number in files["import_id"]}),
        weights=list(weights.values()),
        name=name,
    )


def registered_of(table: gpd.GeoDataFrame) -> list[Registered]:
    """Return registered hotspots that a run may meet: those with a place, asleep or merged too."""
    return [
        Registered(
            int(row["hotspot_id"]),
            weights_of(row),
            row["state"] == DORMANT,
            days_of(row["params"]),
            int(row["merged_into"]) if row["state"] == MERGED else None,
        )
        for row in table.to_dict("records")
        if row["cells"]
    ]


def days_of(params: dict[str, Any]) -> int | None:
    """Return the length of the period of a run's settings in days; None where it is open."""
    if not params.get("start") or not params.get("end"):
        return None
    start, end = (date.fromisoformat(params[name]) for name in ("start", "end"))
    return (end - start).days + 1


def weights_of(row: dict[Any, Any]) -> dict[str, float]:
    """Return the weight of each cell of a registered hotspot; even where none was kept."""
    weights = row["weights"] or [1.0] * len(row["cells"])
    return dict(zip(row["cells"], weights, strict=True))


def carried_by(connection: Connection, run: Run) -> dict[int, str]:
    """Return the key of the hotspot of a run that carries each registered hotspot.

    One that merged is carried where its own ground is, and where that is quiet, with the one that
    it merged into.
    """
    return _carried(hotspots.registered_hotspots(connection), run)


def carried_by_any(connection: Connection, run: Run) -> dict[int, str]:
    """Do the same with the hotspots that were taken out of the run because of one child.

    It is for telling what is to be withheld, and never shown.
    """
    outlines = run.outlines() | run.outlines_withheld()
    return _carried_in(hotspots.registered_hotspots(connection), outlines)


def never_shown(connection: Connection, lineage: pd.DataFrame) -> set[int]:
    """Return the numbers of hotspots of the analysis that no snapshot has: nothing judged them."""
    table = hotspots.registered_hotspots(connection)
    own = table.loc[~table["by_hand"].astype(bool), "hotspot_id"]
    seen = set(lineage.loc[lineage["key"].notna(), "hotspot_id"])
    return {int(number) for number in own if number not in seen}


def _carried(table: gpd.GeoDataFrame, run: Run) -> dict[int, str]:
    return _carried_in(table, run.outlines())


def _carried_in(table: gpd.GeoDataFrame, outlines: dict[str, dict[str, float]]) -> dict[int, str]:
    matched = match_registered(registered_of(table), outlines)
    merged = table[table["state"] == MERGED]
    into = dict(zip(merged["hotspot_id"].astype(int), merged["merged_into"], strict=True))
    for number in into:
        at, seen = number, {number}
        while at not in matched and at in into and int(into[at]) not in seen:
            at = int(into[at])
            seen.add(at)
        if at in matched:
            matched[number] = matched[at]
    return matched


def name_for(workspace: Workspace, place: tuple[float, float], taken: set[str]) -> str:
    """Name a hotspot by the nearest label of the basemap: a town, never a business.

    Parameters
    ----------
    place
        Longitude and latitude, WGS84 degrees.
    taken
        Names that other hotspots have.
    """
    labels = [
        (feature["properties"]["name"], feature["geometry"]["coordinates"])
        for feature in json.loads(workspace.basemap)["features"]
        if feature["properties"].get("layer") == "label" and feature["geometry"]["type"] == "Point"
    ]
    if not labels:
        return ""
    name, at = min(
        labels, key=lambda label: h3.great_circle_distance(label[1][::-1], place[::-1], unit="m")
    )
    side = _side(at, place)
    plain = f"{name}, {side}" if side else str(name)
    names = [plain, *(f"{plain} ({number})" for number in range(2, 1000))]
    return next(one for one in names if one not in taken)


def name_of_shared(
    workspace: Workspace,
    row: dict[Any, Any],
    outline: BaseGeometry | None,
    carried: dict[int, str],
    known: dict[int, str],
) -> str:
    """Name a hotspot of a run for others than the force, before they are numbered among themselves.

    Parameters
    ----------
    row
        Of `run.hotspots`.
    outline
        Its shared outline, if it has one.
    carried, known
        Key of the hotspot that carries each registered one, and the names of these.
    """
    numbers = sorted(number for number, key in carried.items() if key == row["key"])
    name = next((known[number] for number in numbers if known.get(number)), "")
    if name:
        return name
    point = shapely.Point(float(row["lng"]), float(row["lat"]))
    if outline is not None and not outline.is_empty:
        point = outline.representative_point()
    return name_for(workspace, (point.x, point.y), set())


def _side(of: list[float], place: tuple[float, float]) -> str:
    """Say on which side of a label a place lies; nothing within 400 m of it."""
    east, north = (place[0] - of[0]) * 67_000, (place[1] - of[1]) * 111_000
    if east**2 + north**2 < 400**2:
        return ""
    sides = (
        "east",
        "north-east",
        "north",
        "north-west",
        "west",
        "south-west",
        "south",
        "south-east",
    )
    return sides[round(math.degrees(math.atan2(north, east)) / 45) % 8]


def driven_by_one_child(lineage: pd.DataFrame) -> set[int]:
    """Return the numbers of hotspots that one child's records drove when they were last seen."""
    seen = lineage[lineage["key"].notna()].drop_duplicates("hotspot_id", keep="last")
    return set(seen.loc[seen["single_child"].astype(bool), "hotspot_id"].tolist())


def of_few_children(lineage: pd.DataFrame) -> set[int]:
    """Return the numbers of hotspots of too few children to be shared when they were last seen."""
    seen = lineage[lineage["key"].notna()].drop_duplicates("hotspot_id", keep="last")
    few = seen["children"].astype("Float64") < MIN_CHILDREN
    return set(seen.loc[few.fillna(value=False).astype(bool), "hotspot_id"].tolist())


def view_register(workspace: Workspace, actor: Actor) -> gpd.GeoDataFrame:
    """List the registered hotspots: number, name, kind, state, and what they are from.

    What one child's records drove when it was last seen is an analyst's to know.
    """
    with work_on(workspace, actor, Operation.VIEW_SNAPSHOTS) as work:
        table = hotspots.registered_hotspots(work.connection)
        if not is_allowed(actor, Operation.JUDGE):
            driven = driven_by_one_child(snapshots.list_lineage(work.connection))
            table = table[~table["hotspot_id"].isin(driven)].reset_index(drop=True)
        places = {hotspot_place(int(number)) for number in table["hotspot_id"]}
        work.log("register of hotspots", rows=len(table), places=places)
    return table.assign(hotspot=[hotspot_name(number) for number in table["hotspot_id"]])


def names_in(workspace: Workspace, actor: Actor, run: Run) -> dict[str, str]:
    """Return the number and name of the registered hotspots that each hotspot of a run carries."""
    with work_on(workspace, actor, Operation.VIEW_SNAPSHOTS) as work:
        register = hotspots.registered_hotspots(work.connection)
        carried = _carried(register, run)
        work.log(
            "register of hotspots",
            rows=len(carried),
            places={hotspot_place(number) for number in carried},
        )
    table = register.set_index("hotspot_id")
    labels_by_key: dict[str, list[str]] = {}
    for number, key in sorted(carried.items()):
        row = table.loc[number]
        label = f"{hotspot_name(number)} {row['name']}".strip()
        labels_by_key.setdefault(key, []).append(
            f"{label} (not from the analysis)" if row["by_hand"] else label
        )
    return {key: "; ".join(labels) for key, labels in labels_by_key.items()}


def names_of(connection: Connection) -> dict[int, str]:
    """Return the name of each registered hotspot by its number."""
    table = hotspots.registered_hotspots(connection)
    return dict(zip(table["hotspot_id"], table["name"], strict=True))
