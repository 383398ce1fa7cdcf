"""Draft from the data what could be wrong about a hotspot."""

from __future__ import annotations

import pandas as pd
import polars as pl

from hotspot.params import Params
from hotspot.store import outcomes
from hotspot.store.unit_of_work import Connection

_VAGUE = ("postcode", "locality")
_GREAT_SHARE, _VAGUE_SHARE = 0.3, 0.25


def caveats_in(
    row: pd.Series,
    inside: pl.DataFrame,
    sources: list[str],
    changes: list[str],
    *,
    is_shared: bool = False,
) -> list[str]:
    """Draft what could be wrong about a hotspot, a sentence each.

    Parameters
    ----------
    row
        Its row of `run.hotspots`.
    inside
        Its records.
    changes
        Recording changes in the period (see `changes_in`).
    is_shared
        For readers outside the force: nothing about one child, and no exact count.
    """
    said = _of_children(row, is_shared=is_shared)
    said += _of_records(inside, sources, is_shared=is_shared)
    if row["approximate"]:
        said.append("The points are snap points of open data: the place is approximate.")
    return [*said, *changes]


def changes_in(connection: Connection, params: Params, sources: list[str]) -> list[str]:
    """Say which changes of recording of some sources fall into a period."""
    changes = outcomes.list_changes(connection)
    days = changes["on_day"]
    in_period = changes["source"].isin(sources)
    if params.start is not None:
        in_period &= days >= params.start
    if params.end is not None:
        in_period &= days <= params.end
    return [
        f"Recording changed on {change['on_day']:%d %B %Y}: {change['note']}"
        for change in changes[in_period].to_dict("records")
    ]


def _of_children(row: pd.Series, *, is_shared: bool) -> list[str]:
    said = []
    if pd.isna(row["children"]):
        said.append("Children cannot be told apart in these records.")
    if is_shared:
        return said
    if row["single_child"]:
        said.append("Without one child's records this hotspot dissolves.")
    elif pd.notna(row["largest_child_share"]) and row["largest_child_share"] >= _GREAT_SHARE:
        said.append(f"One child has {row['largest_child_share']:.0%} of the records.")
    return said


def _of_records(inside: pl.DataFrame, sources: list[str], *, is_shared: bool) -> list[str]:
    said, total = [], max(inside.height, 1)
    vague = inside.filter(pl.col("precision").is_in(_VAGUE)).height
    if vague / total >= _VAGUE_SHARE:
        many = "Many" if is_shared else f"{vague} of {inside.height}"
        said.append(f"{many} records are known no better than to a postcode.")
    unknown = inside.filter(pl.col("precision") == "unknown").height
    if unknown / total >= _VAGUE_SHARE:
        many = "many" if is_shared else f"{unknown} of {inside.height}"
        said.append(f"How exactly the place of {many} records is known is not recorded.")
    untimed = inside.filter(pl.col("time_precision") != "minute").height
    if untimed:
        some = "Some" if is_shared else f"{untimed} of {inside.height}"
        said.append(f"{some} records have no hour.")
    most = inside["source"].value_counts(sort=True)
    if len(sources) > 1 and inside.height and most["count"][0] == inside.height:
        said.append("All records are of one source.")
    if "interviews" in sources:
        said.append("Disclosed places are known only from children who were interviewed.")
    said.append("Where nobody looks, nothing is recorded.")
    return said
