"""Guard what is shared: what may be at all, and of which ground. Every disclosure asks here."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import polars as pl
from shapely.geometry.base import BaseGeometry

from hotspot.analysis.detection.cells import cells_to_strings
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.disclosure.ground import (
    RunGround,
    SharedGround,
    children_in_pieces,
    is_due,
    outline_of,
    piece_of,
    pieces_near,
    places_of,
    redraw,
    safe_pieces,
    without,
)
from hotspot.disclosure.suppression import (
    MIN_CHILDREN,
    PERIOD_SENTENCE,
    SHORTEST_WEEKS,
    WITHHELD,
    band,
    is_shown,
)
from hotspot.errors import InputError
from hotspot.params import Params
from hotspot.schema import FORCE_SOURCES, FORMS_OFF, ROLES_OFF, SETTINGS_OFF, WGS84, Setting
from hotspot.services.hotspots.runs import default_params, holdings, run_on, scan
from hotspot.services.workspace.folder import Workspace
from hotspot.store import datasets
from hotspot.store.facts import read_fact, write_fact
from hotspot.store.unit_of_work import Connection, UnitOfWork, reading

RESOLUTIONS = frozenset({8, 9, 10})
"""Finer cells are never shared: a street corner is a child's."""
_FILTERS = (
    "only_kinds",
    "only_risks",
    "only_precisions",
    "only_weekdays",
    "only_hours",
    "harm",
)


@dataclass(frozen=True)
class Guarded:
    """What may be shared of a run.

    Attributes
    ----------
    table
        Places in the order in which they are shown (GeoDataFrame, WGS84): `key`, `events`,
        `children`, `approximate`, `geometry`. A place stays until it may go, also where the run
        has no hotspot in it any more.
    outlines
        The shared outline of each hotspot of the run that has one, by its key.
    withheld
        How many hotspots of the run are withheld.
    """

    table: gpd.GeoDataFrame
    outlines: Mapping[str, BaseGeometry]
    withheld: Counter[str]


def shareable(workspace: Workspace, params: Params, sources: list[str]) -> None:
    """Refuse to share what was found with settings or records that would point at a child.

    Raises
    ------
    InputError
        The period is short or open, the cells are too fine, a filter narrows the records, or
        origins, homes and sensitive sites are not known to be left out.
    """
    _check_period(params.start, params.end)
    if params.resolution not in RESOLUTIONS:
        offered = ", ".join(map(str, sorted(RESOLUTIONS)))
        message = (
            f"Cells of resolution {params.resolution} are not shared (those of {offered} are)."
        )
        raise InputError(message)
    narrowed = [name for name in _FILTERS if getattr(params, name) is not None]
    if narrowed:
        message = (
            "What is shared is not filtered: two views that differ by a filter would tell by "
            f"subtraction what is withheld. Take off: {', '.join(narrowed)}."
        )
        raise InputError(message)
    for name, off in (
        ("roles_off", ROLES_OFF),
        ("settings_off", SETTINGS_OFF),
        ("forms_off", FORMS_OFF),
    ):
        missing = {str(code) for code in off} - getattr(params, name)
        if missing:
            message = (
                f"Origins, homes and the like are never shared. Leave out: "
                f"{', '.join(sorted(missing))}."
            )
            raise InputError(message)
    if params.min_children < MIN_CHILDREN:
        message = f"Hotspots of fewer than {MIN_CHILDREN} children are not shared."
        raise InputError(message)
    _check_records(workspace, params, sources)


def _check_period(start: date | None, end: date | None) -> None:
    days = (end - start).days + 1 if start and end else None
    if days is None or timedelta(days=days) < timedelta(weeks=SHORTEST_WEEKS):
        covered = f"covers {days} days" if days is not None else "has no period"
        message = f"What was found {covered}. {PERIOD_SENTENCE} Choose a longer period."
        raise InputError(message)


def _check_records(workspace: Workspace, params: Params, sources: list[str]) -> None:
    """Refuse records that do not tell origins and homes, unless the sensitive sites are entered."""
    if not set(sources) & set(FORCE_SOURCES):
        return
    used = select_used(scan(workspace, sources), params)
    with reading(workspace.engine) as connection:
        has_sites = not datasets.list_sites(connection).empty
    no_role = used["role"].null_count() if "role" in used.columns else used.height
    if no_role:
        message = f"{no_role:,} records have no role: origins among them would be shared."
        raise InputError(message)
    no_setting = used.filter(
        pl.col("setting").is_null() | (pl.col("setting") == Setting.UNKNOWN.value)
    ).height
    if no_setting and not has_sites:
        message = (
            f"{no_setting:,} records do not say what kind of place they are at, and no sensitive "
            "site is entered: children's homes would be drawn. Import the sensitive sites first."
        )
        raise InputError(message)


def pieces_of(run: Run) -> pd.DataFrame:
    """List what the shown hotspots of a run rest on: `key`, `piece`, `child`, `day`, `events`."""
    shown = run.hotspots[is_shown(run.hotspots)]
    keys = dict(zip(shown["label"], shown["key"], strict=True))
    table = run.weighted
    cells = pl.DataFrame(
        {"cell": run.clustering.cells, "label": run.clustering.labels}, strict=False
    ).filter(pl.col("label").is_in(list(keys)))
    names = cells_to_strings(cells["cell"].to_numpy())
    cells = cells.with_columns(
        key=pl.Series([keys[label] for label in cells["label"]], dtype=pl.String),
        piece=pl.Series([piece_of(name) for name in names], dtype=pl.String),
    )
    joined = table.join(cells.select("cell", "key", "piece"), on="cell")
    columns = {
        name: joined[name] if name in joined.columns else pl.Series([None] * joined.height)
        for name in ("key", "piece", "child", "day", "events")
    }
    frame = pl.DataFrame(columns)
    return pd.DataFrame(frame.to_dict(as_series=False))


def ground_for(workspace: Workspace, sources: list[str]) -> SharedGround:
    """Return the shared ground of the force's own records, or of open data, as it is to be drawn.

    It never depends on the settings of a run: two runs that are shared differ in no outline.

    Raises
    ------
    InputError
        The workspace's records cannot be shared (see `shareable`).
    """
    own = _canonical(workspace, sources)
    with reading(workspace.engine) as connection:
        before = _read(connection, sources)
        table = datasets.list_sites(connection)
    params = default_params(holdings(workspace), own) if own else Params()
    digests = [_digest(row) for row in table.to_dict("records")]
    sites = tuple(sorted(digests))
    if before is not None and before.sites != sites:
        is_new = pd.Series([digest not in before.sites for digest in digests], table.index, bool)
        masked = _masked(workspace, before, own, params, table[is_new])
        before = without(before, masked, sites)
    if before is not None and (params.end is None or not is_due(before, params.end)):
        return before
    shareable(workspace, params, own)
    run = run_on(workspace, own, params)
    return redraw(before, _found(workspace, run, before, own, sites))


def _digest(site: Mapping[Any, Any]) -> str:
    """Digest a sensitive site by where it is and how far it reaches."""
    text = json.dumps([site[name] for name in ("lat", "lng", "within_m")])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _masked(
    workspace: Workspace,
    before: SharedGround,
    own: list[str],
    params: Params,
    new: pd.DataFrame,
) -> frozenset[str]:
    """Find the shared pieces near new sites that rest on too few children without them.

    They are counted in the period of the last drawing, so that nothing of a later day is told.
    """
    drawn = pieces_near((piece for one in before.places for piece in one.pieces), new)
    if not own or not drawn:
        return frozenset(drawn)
    run = run_on(workspace, own, params.replace(start=before.start, end=before.end))
    safe = safe_pieces(children_in_pieces(pieces_of(run)))
    return frozenset(drawn - {piece for part in safe.values() for piece in part})


def keep_ground(work: UnitOfWork, sources: list[str], ground: SharedGround) -> None:
    """Keep the shared ground, so that the next drawing knows what was shared."""
    name = _fact(sources)
    text = json.dumps(ground.as_dict(), sort_keys=True)
    if read_fact(work.connection, name) != text:
        write_fact(work.connection, name, text)


def _found(
    workspace: Workspace,
    run: Run,
    before: SharedGround | None,
    own: list[str],
    sites: tuple[str, ...],
) -> RunGround:
    records = pieces_of(run)
    came: dict[str, int] = {}
    went: dict[str, int] = {}
    start, end = run.params.start, run.params.end
    if start is None or end is None:
        message = f"This run has no period. {PERIOD_SENTENCE}"
        raise InputError(message)
    if before is not None:
        came = _children_outside(records, before.start, before.end)
        earlier = run_on(workspace, own, run.params.replace(start=before.start, end=before.end))
        went = _children_outside(pieces_of(earlier), start, end)
    shown = run.hotspots[is_shown(run.hotspots)]
    return RunGround(
        start=start,
        end=end,
        counts=children_in_pieces(records),
        came=came,
        went=went,
        events=dict(zip(shown["key"], shown["events"], strict=True)),
        children=dict(zip(shown["key"], shown["children"], strict=True)),
        sites=sites,
    )


def _children_outside(records: pd.DataFrame, start: date, end: date) -> dict[str, int]:
    """Count the children in each piece who have records outside a period."""
    outside = records[(records["day"] < start) | (records["day"] > end)]
    counts = outside.groupby("piece")["child"].nunique()
    return {str(piece): int(count) for piece, count in counts.items()}


def guarded(workspace: Workspace, run: Run, sources: list[str], ground: SharedGround) -> Guarded:
    """Reduce a run to what may be shared: banded counts on the shared ground.

    Raises
    ------
    InputError
        Nothing of the run may be shared (see `shareable`).
    """
    shareable(workspace, run.params, sources)
    shown = run.hotspots[is_shown(run.hotspots)]
    counts = children_in_pieces(pieces_of(run))
    return _guarded(shown, len(run.hotspots) + len(run.withheld), counts, ground)


def guarded_hotspots(hotspots: gpd.GeoDataFrame, ground: SharedGround) -> Guarded:
    """Do the same for hotspots that a snapshot keeps; its caller asks `shareable` of its settings.

    Parameters
    ----------
    hotspots
        As `run.hotspots`; what each rests on is taken from its `cells`.
    """
    shown = hotspots[is_shown(hotspots)]
    rows = [
        {"key": row["key"], "piece": piece_of(cell), "child": None, "events": 1}
        for row in shown.to_dict("records")
        for cell in row["cells"]
    ]
    columns = ["key", "piece", "child", "events"]
    counts = children_in_pieces(pd.DataFrame(rows, columns=columns))
    return _guarded(shown, len(hotspots), counts, ground)


def _guarded(
    shown: pd.DataFrame, total: int, counts: pd.DataFrame, ground: SharedGround
) -> Guarded:
    at = places_of(counts, ground)
    drawn = {place.number: outline_of(place.pieces) for place in ground.places}
    current = {at[row["key"]]: row for row in shown.to_dict("records") if row["key"] in at}
    rows: list[dict[str, Any]] = []
    for place in ground.places:
        row = current.get(place.number)
        rows.append(
            {
                "events": band(row["events"]) if row else place.events,
                "children": band(row["children"]) if row else place.children,
                "approximate": bool(shown["approximate"].any()),
                "geometry": drawn[place.number],
                "number": place.number,
            }
        )
    rows.sort(key=lambda row: (-_least(row["events"]), row["number"]))
    table = pd.DataFrame(rows, columns=["events", "children", "approximate", "geometry"])
    table.insert(0, "key", [f"Hotspot {number}" for number in range(1, len(rows) + 1)])
    return Guarded(
        gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84),
        {key: drawn[number] for key, number in at.items()},
        +Counter({WITHHELD: total - len(shown)}),
    )


def _least(banded: str) -> int:
    return int(banded) if banded.isdigit() else 0


def _canonical(workspace: Workspace, sources: list[str]) -> list[str]:
    """Return the sources whose ground is shared: all of the force's own, or some open data."""
    if not set(sources) & set(FORCE_SOURCES):
        return [source for source in sorted(sources) if source in holdings(workspace).sources]
    return [source for source in holdings(workspace).sources if source in FORCE_SOURCES]


def _fact(sources: list[str]) -> str:
    is_own = bool(set(sources) & set(FORCE_SOURCES))
    return f"shared ground {'force' if is_own else ' '.join(sorted(sources))}"[:64]


def _read(connection: Connection, sources: list[str]) -> SharedGround | None:
    kept = read_fact(connection, _fact(sources))
    return SharedGround.from_dict(json.loads(kept)) if kept else None
