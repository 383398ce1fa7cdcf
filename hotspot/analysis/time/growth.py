"""Say whether there is more than before, by units that are independent: children, not rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from hotspot.analysis.detection.run import Run
from hotspot.analysis.time.trend import Change, Floats, change_between
from hotspot.schema import TIME_ZONE

GREW, SHRANK, CONTINUED = "grew", "shrank", "continued"


def change_of(
    before: pl.DataFrame, after: pl.DataFrame, time_before: float = 1.0, time_after: float = 1.0
) -> Change:
    """Compare the records of two periods of some lengths, with a variance by child.

    Parameters
    ----------
    before, after
        Records with `occurred_at` (UTC) and, where known, `child` and `cell`. The records of a
        child are one unit, and those without a child on one day in one cell: they come in bursts,
        so that their number says more than it knows.

    Returns
    -------
    Change
        Counts of records, with the interval of counts divided by what the units make the variance
        larger where each lies in one of the periods (a quasi-binomial: McCullagh and Nelder 1989,
        Generalized Linear Models, section 4.5): the sum of their squares over their sum. Residuals
        from the share of time would be larger the more has changed, and hide it.
    """
    units = _by_unit(before, after)
    burst = max(1.0, float((units**2).sum() / units.sum())) if len(units) else 1.0
    return change_between(before.height, after.height, time_before, time_after, burst)


def bursts_of(run: Run) -> dict[str, float]:
    """Return by how much the units of each hotspot make the variance of its weight larger.

    It is the sum of squares over the sum of what each child, and each day in a cell without a
    child, adds to the weight.
    """
    if run.approximate:  # of open data the day is not known: each record is one unit
        return dict.fromkeys(map(str, run.hotspots["key"]), 1.0)
    labels = pl.DataFrame({"cell": run.clustering.cells, "label": run.clustering.labels})
    inside = run.weighted.filter(pl.col("weight") > 0).join(labels, on="cell")
    if "day" not in inside.columns:
        inside = inside.with_columns(day=pl.lit(None, dtype=pl.Date))
    day = pl.col("day").cast(pl.String).fill_null("")
    unit = pl.concat_str([pl.col("cell").cast(pl.String), day], separator=" ")
    if "child" in inside.columns:
        unit = pl.coalesce(pl.col("child").cast(pl.String), unit)
    sums = inside.group_by("label", unit.alias("unit")).agg(pl.col("weight").sum())
    squares = sums.group_by("label").agg(
        burst=(pl.col("weight") ** 2).sum() / pl.col("weight").sum()
    )
    by_label = dict(squares.select("label", "burst").iter_rows())
    pairs = zip(run.hotspots["key"], run.hotspots["label"], strict=True)
    return {str(key): max(1.0, float(by_label[label])) for key, label in pairs}


@dataclass(frozen=True)
class Size:
    """What the size of a hotspot is compared by.

    Attributes
    ----------
    days
        Length of the run's period; None where the periods are of one length.
    bursts
        See `bursts_of`; 1 for a hotspot that is absent.
    """

    days: int | None = None
    bursts: Mapping[str, float] | None = None

    def word(self, key: str, before: float, after: float, days_before: int | None) -> str:
        """Say "grew" or "shrank" where the 95 % interval of the ratio says so, else "continued"."""
        times = (days_before, self.days) if self.days and days_before else (1, 1)
        burst = (self.bursts or {}).get(key, 1.0)
        change = change_between(before, after, float(times[0] or 1), float(times[1] or 1), burst)
        return {"more": GREW, "fewer": SHRANK}.get(change.word, CONTINUED)


def _by_unit(before: pl.DataFrame, after: pl.DataFrame) -> Floats:
    """Count the records of each unit: a child, a day in a cell, or a record that knows no day."""
    known = ("occurred_at", "cell", "child", "time_precision")
    names = [name for name in known if name in before.columns and name in after.columns]
    records = pl.concat([before.select(names), after.select(names)])
    day = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date().cast(pl.String)
    cell = pl.col("cell").cast(pl.String) if "cell" in names else pl.lit("")
    unit = pl.concat_str([day, cell], separator=" ")
    if "time_precision" in names:
        own = pl.format("record {}", pl.int_range(pl.len()))
        unit = pl.when(pl.col("time_precision") == "month").then(own).otherwise(unit)
    if "child" in names:
        unit = pl.coalesce(pl.col("child").cast(pl.String), unit)
    return records.group_by(unit=unit).agg(n=pl.len())["n"].to_numpy().astype(float)
