"""Say how counts go from month to month, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray
from scipy.stats import beta, chi2, norm

from hotspot.errors import ParamsError
from hotspot.schema import TIME_ZONE

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_HOT_SHARE = 0.9
_RECENT, _PERSISTENT, _ANY = 0.2, 0.8, 0.1


@dataclass(frozen=True)
class MannKendall:
    """Mann and Kendall's test for a trend that only goes up or only down.

    Attributes
    ----------
    s
        Pairs of times that rise less those that fall.
    variance
        Of `s` if there is no trend, ties counted.
    z, p
        Normal score with correction for continuity, and two-sided p.
    """

    s: int
    variance: float
    z: float
    p: float


def mann_kendall(values: Sequence[float] | Floats) -> MannKendall:
    """Test a series for a trend.

    Notes
    -----
    Mann (1945), Econometrica 13(3); Kendall (1975), Rank Correlation Methods.
    """
    series = np.asarray(values, dtype=np.float64)
    n = len(series)
    s = int(np.sign(series[None, :] - series[:, None])[np.triu_indices(n, 1)].sum())
    _, ties = np.unique(series, return_counts=True)
    variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    z = (s - np.sign(s)) / math.sqrt(variance) if variance > 0 else 0.0
    return MannKendall(s, variance, float(z), float(2 * norm.sf(abs(z))))


def month_counts(records: pl.DataFrame, start: date | None, end: date | None) -> pd.DataFrame:
    """Count records and distinct children by whole month of a period, the empty ones too.

    Parameters
    ----------
    records
        Columns `occurred_at` (UTC) and, if known, `child`.
    start, end
        First and last day of the period. A month that it covers in part is left out: its count
        would look like a fall.

    Returns
    -------
    DataFrame
        `month` (its first day), `events`, `children`, `low` and `high` (see `poisson_interval`).
    """
    columns = ["month", "events", "children", "low", "high"]
    if start is None or end is None:
        return pd.DataFrame(columns=columns)
    every = [
        month.date()
        for month in pd.date_range(start, end, freq="MS")
        if (month + pd.offsets.MonthEnd(0)).date() <= end
    ]
    local = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date().dt.truncate("1mo")
    child = pl.col("child").drop_nulls().n_unique() if "child" in records.columns else pl.lit(0)
    counted = {
        row[0]: row[1:]
        for row in records.group_by(month=local).agg(events=pl.len(), children=child).iter_rows()
    }
    rows = [(month, *counted.get(month, (0, 0))) for month in every]
    return pd.DataFrame([(*row, *poisson_interval(row[1])) for row in rows], columns=columns)


def poisson_interval(count: float, share: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of the mean of a Poisson count.

    Notes
    -----
    Garwood, F. (1936), Biometrika 28.
    """
    tail = (1 - share) / 2
    low = chi2.ppf(tail, 2 * count) / 2 if count > 0 else 0.0
    return float(low), float(chi2.ppf(1 - tail, 2 * count + 2) / 2)


@dataclass(frozen=True)
class Change:
    """How many times as much there is in a later period as in an earlier one.

    Attributes
    ----------
    before, after
        Counts.
    ratio, low, high
        Rate after over rate before, with its 95 % interval; None where there was nothing before.
    """

    before: float
    after: float
    ratio: float | None
    low: float
    high: float | None

    @property
    def word(self) -> str:
        """Say which way it goes, if the interval says so."""
        if self.before + self.after == 0:
            return "none"
        if self.low > 1:
            return "more"
        if self.high is not None and self.high < 1:
            return "fewer"
        return "too few to tell"


def change_between(
    before: float,
    after: float,
    time_before: float = 1.0,
    time_after: float = 1.0,
    burst: float = 1.0,
) -> Change:
    """Compare two counts of periods of some lengths.

    Parameters
    ----------
    burst
        By how much the variance is larger than that of single counts: records come in bursts of a
        child's. The interval is that of the counts divided by it (see `growth.change_of`).

    Notes
    -----
    Given their sum, the later count is binomial; the interval is that of Clopper and Pearson
    (1934), Biometrika 26, turned into a ratio of rates.
    """
    total, odds = before + after, time_before / time_after
    was, now = before / burst, after / burst
    low_share = beta.ppf(0.025, now, was + 1) if after else 0.0
    high_share = beta.ppf(0.975, now + 1, was) if before else 1.0
    low = low_share / (1 - low_share) * odds if total else 0.0
    high = high_share / (1 - high_share) * odds if before else None
    ratio = after / before * odds if before else None
    return Change(before, after, ratio, float(low), None if high is None else float(high))


Rules = Literal["arcgis", "sfhotspot"]


def emerging_class(
    hot: Bools, cold: Bools | None = None, scores: Floats | None = None, rules: Rules = "arcgis"
) -> str:
    """Name the pattern of one place over the periods, the oldest first.

    Parameters
    ----------
    hot, cold
        Whether the place was a significant hot (cold) spot in each period, shape (t,).
    scores
        Local G of each period, shape (t,): its trend tells intensifying from diminishing.
    rules
        Whose published definitions: those of Esri's Emerging Hot Spot Analysis ("new",
        "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating",
        "historical", "none"), or those of the R package sfhotspot, `hotspot_classify`
        ("persistent", "emerging", "intermittent", "former", "none").

    Raises
    ------
    ParamsError
        There is no period, or the lengths differ.

    Notes
    -----
    "arcgis", in this order: *new*: hot in the last period and never before. *Consecutive*: one run
    of two or more hot periods that ends with the last, never hot before it, hot in less than 90 %.
    *Intensifying*, *diminishing*, *persistent*: hot in 90 % or more, the last among them, with
    scores that rise, fall, or neither (Mann and Kendall, p < 0.05). *Historical*: hot in 90 % or
    more, not in the last. *Oscillating*: hot in the last, cold in some period. *Sporadic*: hot in
    the last, on and off before, never cold.

    "sfhotspot", as version 1.1.0 codes it, with its defaults (`hotspot_prop` 0.1, `persistent_prop`
    0.8, `recent_prop` 0.2): the recent periods are the last fifth, rounded down, one at least; the
    code counts the hot ones among these and the one before, over their number, so that its share
    can be above 1, where its documentation says the last fifth alone. *Persistent*: hot in 80 % or
    more of all. *Emerging*: a recent share of 0.2 or more, and hot in less than 10 % of the earlier
    periods. *Former*: hot in 10 % or more of the earlier, and a recent share below 0.1.
    *Intermittent*: hot in 10 % or more of all, otherwise.
    """
    cold = np.zeros(len(hot), dtype=bool) if cold is None else cold
    if not len(hot) or len(cold) != len(hot) or (scores is not None and len(scores) != len(hot)):
        message = "Give as many cold marks and scores as hot marks, for one period or more."
        raise ParamsError(message)
    return _by_sfhotspot(hot) if rules == "sfhotspot" else _by_arcgis(hot, cold, scores)


def _by_arcgis(hot: Bools, cold: Bools, scores: Floats | None) -> str:
    share, now = hot.mean(), bool(hot[-1])
    if now and not hot[:-1].any():
        return "new"
    if not now:
        return "historical" if share >= _HOT_SHARE else "none"
    if share >= _HOT_SHARE:
        trend = mann_kendall(scores) if scores is not None else None
        if trend is not None and trend.p < 0.05:
            return "intensifying" if trend.s > 0 else "diminishing"
        return "persistent"
    last_run = len(hot) - int(np.flatnonzero(~hot)[-1]) - 1
    if last_run >= 2 and hot.sum() == last_run:
        return "consecutive"
    return "oscillating" if cold.any() else "sporadic"


def _by_sfhotspot(hot: Bools) -> str:
    recent = max(1, math.floor(_RECENT * len(hot) + 1e-9))
    older, late = hot[:-recent], hot[-recent - 1 :]
    share = late.sum() / recent
    was = bool(len(older)) and older.mean() >= _ANY
    if hot.mean() >= _PERSISTENT:
        return "persistent"
    if share >= _RECENT and not was:
        return "emerging"
    if was and share < _ANY:
        return "former"
    return "intermittent" if hot.mean() >= _ANY else "none"
