"""Count points into cells: who was left out and why, and what each cell weighs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from hotspot.analysis.cells import add_cells
from hotspot.errors import InputError
from hotspot.params import Params
from hotspot.schema import RECORD_CELL, RECORD_RESOLUTION, TIME_ZONE, Role

COUNTED_BY = ("resolution", "start", "end", "roles_off", "settings_off", "forms_off")
"""The settings that a tally depends on; the others can change without counting anew."""
_BATCH_ROWS = 1_000_000
_MERGE_ROWS = 2_000_000


@dataclass
class Tally:
    """Points counted by cell, child and day.

    Attributes
    ----------
    table
        One row for each `cell` (and `child`, as a number, and `day`, where the points have them),
        with `events` (records), `weight_sum` and `weight_max`.
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
        return _keys(has_child=self.has_child, has_day=self.has_day)


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
    _validate_columns(schema, params)
    has_child, has_day = "child" in schema, "occurred_at" in schema
    keys = _keys(has_child=has_child, has_day=has_day)
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
    found = table.select("child").join(numbers, on="child", how="left", maintain_order="left")
    return table.with_columns(child=found["number"])


def select_used(points: pl.LazyFrame, params: Params) -> pl.DataFrame:
    """Select the points that `tally_points` would count, with all their columns and `cell`."""
    schema = points.collect_schema()
    used = points.filter(_reason(schema, params).is_null()).collect()
    if RECORD_CELL in schema and params.resolution == RECORD_RESOLUTION:
        return used.with_columns(cell=RECORD_CELL)
    return add_cells(used, params.resolution)


def add_weights(tally: Tally, params: Params) -> pl.DataFrame:
    """Return the tally's table with `weight`, each child capped, by cell, child and block.

    With `child_cap_days` set, a child counts at most once per cell and block of that many days
    counted from `Params.start`; records without a child count in full.
    """
    table = tally.table
    if not tally.has_child or params.child_cap_days is None:
        return table.with_columns(weight=pl.col("weight_sum"))
    block: pl.Expr = pl.lit(0)
    if tally.has_day:
        start = params.start or table["day"].min()
        elapsed = (pl.col("day") - pl.lit(start, dtype=pl.Date)).dt.total_days()
        block = elapsed // params.child_cap_days
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


def _validate_columns(schema: pl.Schema, params: Params) -> None:
    for name in ("lng", "lat"):
        if name not in schema:
            message = (
                f"The points have no column '{name}' (they have: {', '.join(schema)}). "
                "Rename the longitude column to 'lng' and the latitude column to 'lat'."
            )
            raise InputError(message)
        if not schema[name].is_numeric():
            message = f"Column '{name}' is {schema[name]}; give WGS84 degrees as numbers."
            raise InputError(message)
    if "occurred_at" not in schema and (params.start or params.end):
        message = (
            "A period was given, but the points have no column 'occurred_at' to apply it to. "
            "Name the column of dates so, or give no start and end."
        )
        raise InputError(message)
    if "occurred_at" in schema and schema["occurred_at"] not in (pl.Date, pl.Datetime):
        message = (
            f"Column 'occurred_at' is {schema['occurred_at']}; give dates or datetimes, for "
            "example with pandas.to_datetime(..., format='%d/%m/%Y %H:%M')."
        )
        raise InputError(message)


def _keys(*, has_child: bool, has_day: bool) -> list[str]:
    return ["cell", *(["child"] if has_child else []), *(["day"] if has_day else [])]


def _prepare(points: pl.LazyFrame, schema: pl.Schema, params: Params) -> pl.LazyFrame:
    """Select what counting needs, with the reason why a row is left out, if any."""
    columns = [pl.col("lng").cast(pl.Float64), pl.col("lat").cast(pl.Float64)]
    if "child" in schema:
        names = pl.Categorical(pl.Categories.random())  # compared as numbers, for this tally only
        columns.append(pl.col("child").cast(pl.String).cast(names))
    if "occurred_at" in schema:
        columns.append(_local_day(schema["occurred_at"]).alias("day"))
    if "weight" in schema:
        columns.append(pl.col("weight").cast(pl.Float64))
    if RECORD_CELL in schema and params.resolution == RECORD_RESOLUTION:
        columns.append(pl.col(RECORD_CELL).alias("cell"))
    return points.select(*columns, reason=_reason(schema, params))


def _local_day(dtype: pl.DataType) -> pl.Expr:
    at = pl.col("occurred_at")
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        at = at.dt.convert_time_zone(TIME_ZONE)
    return at.cast(pl.Date) if dtype == pl.Date else at.dt.date()


def _reason(schema: pl.Schema, params: Params) -> pl.Expr:
    """Say why a row is left out: the first rule that applies, null for none."""
    lat, lng = pl.col("lat"), pl.col("lng")
    missing = lat.is_null() | lng.is_null() | ~lat.is_finite() | ~lng.is_finite()
    rules = [
        ("no_location", missing | ((lat == 0) & (lng == 0))),
        ("coordinates_out_of_range", (lat.abs() > 90) | (lng.abs() > 180)),
    ]
    for column, off in (
        ("role", params.roles_off),
        ("setting", params.settings_off),
        ("form", params.forms_off),
    ):
        if column in schema and off:
            codes = sorted(str(code) for code in off)
            rules.append((f"{column}_off", pl.col(column).cast(pl.String).is_in(codes)))
    if "at_origin" in schema and "role" in schema:
        rules.append(("found_at_origin", pl.col("at_origin") & (pl.col("role") == Role.FOUND)))
    if "weight" in schema:
        weight = pl.col("weight").cast(pl.Float64)
        rules.append(("no_weight", ~(weight.is_finite() & (weight > 0)).fill_null(value=False)))
    if "occurred_at" in schema:
        rules += _period_rules(_local_day(schema["occurred_at"]), params.start, params.end)
    reason: pl.Expr = pl.lit(None, dtype=pl.String)
    for code, applies in reversed(rules):
        reason = pl.when(applies.fill_null(value=False)).then(pl.lit(code)).otherwise(reason)
    return pl.coalesce("set_aside", reason) if "set_aside" in schema else reason


def _period_rules(day: pl.Expr, start: date | None, end: date | None) -> list[tuple[str, pl.Expr]]:
    rules = []
    if start or end:
        rules.append(("no_date", day.is_null()))
    if start:
        rules.append(("outside_period", day < start))
    if end:
        rules.append(("outside_period", day > end))
    return rules


def _count_batch(batch: pl.DataFrame, keys: list[str], params: Params) -> pl.DataFrame:
    kept = batch.filter(pl.col("reason").is_null()).drop("reason")
    if "cell" not in kept.columns:
        kept = add_cells(kept, params.resolution)
    if "weight" in kept.columns:
        weight = pl.col("weight")
        return kept.group_by(keys).agg(
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
