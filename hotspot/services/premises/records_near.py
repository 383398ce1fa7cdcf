"""Look at the records around premises: candidates to link, and a fair comparison with the like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.footprint import WGS84_ELLIPSOID
from hotspot.analysis.detection.run import Run
from hotspot.analysis.surroundings.nearness import closing_of
from hotspot.analysis.surroundings.own_events import AT_M, own_events
from hotspot.disruption.premises import DECISION, INCIDENT
from hotspot.errors import InputError
from hotspot.schema import (
    FORCE_SOURCES,
    FORMS_OFF,
    ROLES_OFF,
    SETTINGS_OFF,
    SNAPPED,
    TIME_ZONE,
    Role,
)
from hotspot.services.hotspots.runs import scan
from hotspot.services.premises.book import Book, Place, rows_of
from hotspot.services.workspace.audit_names import places_of_premises, premises_place
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store.unit_of_work import reading

_NOT_SHOWN = ROLES_OFF | {Role.DISCLOSED}
"""Origins, people's addresses, and what children told."""
_REACH_M = 100.0
_DEGREES = 0.002
"""More than `_REACH_M` in Great Britain, both ways."""


@dataclass(frozen=True)
class Comparison:
    """Premises beside the like, by the same rule for all.

    Attributes
    ----------
    alike
        What they have in common: kind and closing time, in words.
    others
        How many others there are.
    here
        What was recorded within `own_events.AT_M`: children once each, and records without a child.
    expected
        What the premises around make one expect.
    table
        `recorded` ("none", "1 or 2", "3 or more") and `premises`, of the others.
    """

    alike: str
    others: int
    here: int
    expected: float
    table: pd.DataFrame

    def sentence(self) -> str:
        """Say it in one sentence."""
        more = int(self.table.set_index("recorded")["premises"].get("3 or more", 0))
        return (
            f"{self.here} recorded within {AT_M:g} m; {self.expected:.1f} to be expected from the "
            f"premises around. Of {self.others} others alike ({self.alike}), {more} have 3 or more."
        )


def records_at(workspace: Workspace, actor: Actor, place: Place, reason: str) -> pd.DataFrame:
    """List the records within 100 m of premises that a person may link, the newest first.

    Returns
    -------
    DataFrame
        `record`, `on_day`, `at` (local time, empty where not known), `what`, `distance_m`,
        `precision`, `linked`: nothing of a child. Records at homes, care, school, health and police
        places, what children told, and forms of abuse that happen at home, are not among them.

    Raises
    ------
    InputError
        The premises have no place.
    """
    permit(workspace, actor, Operation.FIND_INCIDENTS, reason)
    with reading(workspace.engine) as connection:
        book = Book(connection)
    own = rows_of(book, book.group_of(place)).dropna(subset=["lat", "lng"])
    if own.empty:
        message = "No register knows where these premises are."
        raise InputError(message)
    lng, lat = float(own["lng"].iloc[0]), float(own["lat"].iloc[0])
    linked = {str(body["record"]) for _, body in book.of(place, INCIDENT)}
    records = _near(workspace, lng, lat)
    records = records.assign(linked=records["record"].isin(linked))
    with work_on(workspace, actor, Operation.FIND_INCIDENTS, reason) as work:
        work.log("records at premises", rows=len(records), places={premises_place(*place)})
    return records


def _near(workspace: Workspace, lng: float, lat: float) -> pd.DataFrame:
    held = [source for source in FORCE_SOURCES if source != "interviews"]
    local = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE)
    rows = (
        scan(workspace, held)
        .filter(
            pl.col("lat").is_between(lat - _DEGREES, lat + _DEGREES),
            pl.col("lng").is_between(lng - _DEGREES, lng + _DEGREES),
            pl.col("set_aside").is_null(),
            ~pl.col("role").is_in([str(role) for role in _NOT_SHOWN]).fill_null(value=False),
            ~pl.col("setting").is_in([str(one) for one in SETTINGS_OFF]).fill_null(value=False),
            ~pl.col("form").is_in([str(form) for form in FORMS_OFF]).fill_null(value=False),
            (pl.col("precision") != SNAPPED).fill_null(value=True),
        )
        .select(
            pl.col("record_id").cast(pl.String).alias("record"),
            local.dt.date().alias("on_day"),
            pl.when(pl.col("time_precision") == "minute")
            .then(local.dt.strftime("%H:%M"))
            .otherwise(pl.lit(""))
            .alias("at"),
            pl.coalesce("kind", "role").alias("what"),
            "precision",
            "lng",
            "lat",
        )
        .collect()
        .to_pandas()
    )
    count = len(rows)
    _, _, metres = WGS84_ELLIPSOID.inv([lng] * count, [lat] * count, rows["lng"], rows["lat"])
    rows = rows.drop(columns=["lng", "lat"]).assign(distance_m=metres)
    rows = rows[rows["distance_m"] <= _REACH_M]
    return rows.sort_values("on_day", ascending=False, ignore_index=True)


def compare(
    workspace: Workspace, actor: Actor, run: Run, sources: list[str], place: Place
) -> Comparison:
    """Compare premises with others of their kind and closing time, by the same rule for all.

    Raises
    ------
    InputError
        The run is approximate, or no register knows where the premises are.
    """
    permit(workspace, actor, Operation.COMPARE_PREMISES)
    book, counted = _counted(workspace, run, sources)
    group = set(book.group_of(place))
    pairs = list(zip(counted["source"], counted["premises_ref"], strict=True))
    own = counted[np.array([pair in group for pair in pairs], dtype=bool)]
    if own.empty:
        message = "No register knows where these premises are."
        raise InputError(message)
    first = own.iloc[0]
    alike = counted[
        (counted["source"] == first["source"])
        & (counted["kind"] == first["kind"])
        & (counted["closing"] == first["closing"])
    ]
    others = alike[alike["premises_ref"] != first["premises_ref"]]
    bins = pd.cut(others["here"], [-1, 0, 2, float("inf")], labels=["none", "1 or 2", "3 or more"])
    table = bins.value_counts(sort=False).rename_axis("recorded").rename("premises").reset_index()
    said = f"{first['kind']}, closing {first['closing']}"
    comparison = Comparison(
        said,
        len(others),
        int(first["here"]),
        float(first["expected"]),
        table.astype({"recorded": str}),
    )
    with work_on(workspace, actor, Operation.COMPARE_PREMISES) as work:
        work.log("premises beside the like", rows=len(alike), places={premises_place(*place)})
    return comparison


def suggestions(workspace: Workspace, actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:
    """List premises at which more was recorded than their surroundings explain: worth a look.

    A suggestion lists nobody: a person confirms it or declines it, with a reason, and it is not
    made again.

    Returns
    -------
    DataFrame
        `source`, `premises_ref`, `name`, `kind`, `here`, `expected`, `neighbours`.
    """
    permit(workspace, actor, Operation.COMPARE_PREMISES)
    if run.approximate:
        columns = ["source", "premises_ref", "name", "kind", "here", "expected", "neighbours"]
        return pd.DataFrame(columns=columns)
    book, counted = _counted(workspace, run, sources)
    out = counted[counted["stands_out"]].sort_values("p")
    pairs = list(zip(out["source"], out["premises_ref"], strict=True))
    first = [book.group_of(pair)[0] for pair in pairs]
    is_new = [
        not book.of(pair, DECISION) and not book.of(pair, INCIDENT) and one not in first[:number]
        for number, (pair, one) in enumerate(zip(pairs, first, strict=True))
    ]
    suggested = out[pd.Series(is_new, index=out.index, dtype=bool)].reset_index(drop=True)
    with work_on(workspace, actor, Operation.COMPARE_PREMISES) as work:
        work.log(
            "premises that deserve a look",
            rows=len(suggested),
            places=places_of_premises(suggested),
        )
    return suggested[["source", "premises_ref", "name", "kind", "here", "expected", "neighbours"]]


def _counted(workspace: Workspace, run: Run, sources: list[str]) -> tuple[Book, pd.DataFrame]:
    if run.approximate:
        message = "Street-level open data are snap points: nothing in them is at any premises."
        raise InputError(message)
    with reading(workspace.engine) as connection:
        book = Book(connection)
    located = book.rows.dropna(subset=["lat", "lng"]).reset_index(drop=True)
    located = located.astype({"lat": float, "lng": float})
    counted = own_events(select_used(scan(workspace, sources), run.params), located)
    return book, counted.assign(closing=closing_of(counted["open_until"]))
