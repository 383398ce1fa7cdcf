"""Count points into cells: who was left out and why, and what each cell weighs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from hotspot.analysis.detection.cells import add_cells
from hotspot.analysis.detection.left_out import harm_of, local_day, reason_of, validate_columns
from hotspot.params import Params
from hotspot.schema import RECORD_CELL, RECORD_RESOLUTION

COUNTED_BY = (
    "resolution",
    "start",
    "end",
    "roles_off",
    "settings_off",
    "forms_off",
    "only_kinds",
    "only_risks",
    "only_precisions",
    "only_weekdays",
    "only_hours",
    "harm",
)
"""The settings that a tally depends on; the others can change without counting anew."""
_BATCH_ROWS = 1_000_000
_MERGE_ROWS = 2_000_000


@dataclass
class Tally:
    """Points counted by cell, child and day.

    Attributes
    ----------
    table
        One row for each `cell` (and `child`, as a number, `day`, and `each`, the weight of one
        record, where the points have them), with `events` (records), `weight_sum` and `weight_max`.
    has_child, has_day
        Whether the points told children and days apart.
    records_in
        Points offered.
    left_out
        Points not counted, by reason code; `records_in` = events + these.
    """

    table: pl.DataFrame
    has_child: bool
    has_day: bool
    records_in: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def records_used(self) -> int:
        """Count the points that went into cells."""
        return self.records_in - self.left_out.total()

    @property
    def keys(self) -> list[str]:
        """Name the columns that tell rows of the table apart."""
        has_weight = "each" in self.table.columns
        return _keys(has_child=self.has_child, has_day=self.has_day, has_weight=has_weight)


def tally_points(points: pl.LazyFrame | pl.DataFrame, params: Params) -> Tally:
    """Count points by cell, child and day, in batches, so that memory stays bounded.

    Parameters
    ----------
    points
        Columns `lng` and `lat` (WGS84 degrees); optionally `occurred_at` (a date, a local
        datetime or one with a time zone), `child`, `role`, `setting`, `form`, `weight`,
        `at_origin` and `set_aside` (a reason why the record must not be counted).
    params
        Resolution, period and what is left out.

    Raises
    ------
    InputError
        A column is missing or has a type that cannot be used.
    """
    schema = points.collect_schema()
    validate_columns(schema, params)
    has_child, has_day = "child" in schema, "occurred_at" in schema
    has_weight = "weight" in schema or params.harm is not None
    keys = _keys(has_child=has_child, has_day=has_day, has_weight=has_weight)
    needed = _prepare(points.lazy(), schema, params)
    tally = Tally(pl.DataFrame(), has_child, has_day)
    parts: list[pl.DataFrame] = []
    for batch in needed.collect_batches(chunk_size=_BATCH_ROWS, maintain_order=False):
        tally.records_in += batch.height
        reasons = batch["reason"].drop_nulls().value_counts()
        tally.left_out.update(dict(reasons.iter_rows()))
        parts.append(_count_batch(batch, keys, params))
        if sum(part.height for part in parts[1:]) > max(_MERGE_ROWS, parts[0].height):
            parts = [_merge(parts, keys)]
    if not parts:
        parts = [_count_batch(needed.head(0).collect(), keys, params)]
    tally.table = _merge(parts, keys)
    if has_child and tally.table["child"].null_count() == tally.table.height:
        tally.has_child = False  # an empty column tells no children apart
        tally.table = tally.table.drop("child")
    elif has_child:
        tally.table = _with_numbered_children(tally.table)
    return tally


def _with_numbered_children(table: pl.DataFrame) -> pl.DataFrame:
    """Put a number in the place of each child: from here on it only matters who is another."""
    children = table.select(pl.col("child").drop_nulls().unique())
    numbers = children.sort(pl.col("child").cast(pl.String)).with_row_index("number")
    numbered = table.select("child").join(numbers, on="child", how="left", maintain_order="left")
    return table.with_columns(child=numbered["number"])


def select_used(points: pl.LazyFrame, params: Params) -> pl.DataFrame:
    """Select the points that `tally_points` would count, with all their columns and `cell`."""
    schema = points.collect_schema()
    used = points.filter(reason_of(schema, params).is_null()).collect()
    if RECORD_CELL in schema and params.resolution == RECORD_RESOLUTION:
        return used.with_columns(cell=RECORD_CELL)
    return add_cells(used, params.resolution)


def add_weights(tally: Tally, params: Params) -> pl.DataFrame:
    """Return the tally's table with `weight`, each child capped, by cell, child and block.

    With `child_share` set, a child's records in a cell weigh one together, however many.

    With `child_cap_days` set, a child counts at most once per cell and block of that many days
    counted from `Params.start`; records without a child count in full.
    """
    table = tally.table
    if tally.has_child and params.child_share:
        own = pl.col("weight_sum") / pl.col("events").sum().over("cell", "child")
        known = pl.col("child").is_not_null()
        return table.with_columns(weight=pl.when(known).then(own).otherwise("weight_sum"))
    if not tally.has_child or params.child_cap_days is None:
        return table.with_columns(weight=pl.col("weight_sum"))
    block = block_of(table, params)
    counts_once = pl.col("child").is_not_null()
    repeated = pl.all_horizontal(
        (pl.col(name) == pl.col(name).shift()).fill_null(value=False)
        for name in ("cell", "child", "block")
    )
    return (
        table.with_columns(block=block)
        .sort("cell", "child", "block", -pl.col("weight_max"), *tally.keys[2:])
        .with_columns(
            weight=pl.when(counts_once & repeated)
            .then(0.0)
            .when(counts_once)
            .then("weight_max")
            .otherwise("weight_sum")
        )
        .drop("block")
    )


def block_of(table: pl.DataFrame, params: Params) -> pl.Expr:
    """Build the number of the block of `Params.child_cap_days` days that a row's day lies in.

    All of one block where no day is known.
    """
    if "day" not in table.columns or params.child_cap_days is None:
        return pl.lit(0)
    start = params.start or table["day"].min()
    return (pl.col("day") - pl.lit(start, dtype=pl.Date)).dt.total_days() // params.child_cap_days


def sum_cells(weighted: pl.DataFrame, *, has_child: bool) -> pl.DataFrame:
    """Add up a weighted tally by cell: `cell`, `events`, `children`, `weight`, ascending by cell.

    `children` is null where children are not known. The sum of `events` is the records used.
    """
    if weighted.columns[:2] == ["cell", "events"]:  # one row a cell already
        return weighted.select(
            "cell", "events", pl.lit(None, pl.UInt32).alias("children"), "weight"
        ).sort("cell")
    children = pl.col("child").drop_nulls().n_unique() if has_child else pl.lit(None, pl.UInt32)
    return (
        weighted.group_by("cell")
        .agg(pl.col("events").sum(), children.alias("children"), pl.col("weight").sum().round(9))
        .sort("cell")
    )


def _keys(*, has_child: bool, has_day: bool, has_weight: bool) -> list[str]:
    named = {"child": has_child, "day": has_day, "each": has_weight}
    return ["cell", *(name for name, is_there in named.items() if is_there)]


def _prepare(points: pl.LazyFrame, schema: pl.Schema, params: Params) -> pl.LazyFrame:
    """Select what counting needs, with the reason why a row is left out, if any."""
    columns = [pl.col("lng").cast(pl.Float64), pl.col("lat").cast(pl.Float64)]
    if "child" in schema:
        names = pl.Categorical(pl.Categories.random())  # compared as numbers, for this tally only
        columns.append(pl.col("child").cast(pl.String).cast(names))
    if "occurred_at" in schema:
        columns.append(local_day(schema["occurred_at"]).alias("day"))
    weight = pl.col("weight").cast(pl.Float64) if "weight" in schema else pl.lit(1.0)
    if params.harm is not None:
        weight = weight * harm_of(params.harm)
    if "weight" in schema or params.harm is not None:
        columns.append(weight.alias("weight"))
    if RECORD_CELL in schema and params.resolution == RECORD_RESOLUTION:
        columns.append(pl.col(RECORD_CELL).alias("cell"))
    return points.select(*columns, reason=reason_of(schema, params))


def _count_batch(batch: pl.DataFrame, keys: list[str], params: Params) -> pl.DataFrame:
    kept = batch.filter(pl.col("reason").is_null()).drop("reason")
    if "cell" not in kept.columns:
        kept = add_cells(kept, params.resolution)
    if "weight" in kept.columns:
        weight = pl.col("weight")
        return kept.group_by([*keys[:-1], weight.alias("each")]).agg(
            events=pl.len(), weight_sum=weight.sum(), weight_max=weight.max()
        )
    counted = kept.group_by(keys).agg(events=pl.len())
    return counted.with_columns(
        weight_sum=pl.col("events").cast(pl.Float64), weight_max=pl.lit(1.0)
    )


def _merge(parts: list[pl.DataFrame], keys: list[str]) -> pl.DataFrame:
    if len(parts) == 1:
        return parts[0]
    together = pl.concat(parts)
    return together.group_by(keys).agg(
        pl.col("events").sum(), pl.col("weight_sum").sum(), pl.col("weight_max").max()
    )
