"""Scenarios of change: places that stay as they are, and places that have more children."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from benchmarks.scenarios import scenario
from hotspot import Params, Run, detect
from hotspot.analysis.time.growth import Size, bursts_of, change_of
from hotspot.analysis.time.lineage import Registered, trace
from hotspot.analysis.time.rise import rise_of

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
SITE = Params(resolution=10, rings=2, min_weight=10, min_children=3)
LNG, LAT = -2.18, 53.02


def _periods(
    number: int, children: int, burst: float, times: float = 1.0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw two periods of children whose records come in bursts (geometric, of a mean)."""
    rng = np.random.default_rng([31, number, children])
    parts = []
    for side, rate in (("b", children), ("a", children * times)):
        sizes = rng.geometric(1 / burst, rng.poisson(rate))
        child = np.repeat([f"{side}{n}" for n in range(len(sizes))], sizes).tolist()
        parts.append(
            pl.DataFrame(
                {"child": child, "occurred_at": [AT] * len(child)},
                schema={"child": pl.String, "occurred_at": pl.Datetime("us", "UTC")},
            )
        )
    return parts[0], parts[1]


def _changed(number: int, children: int, burst: float) -> bool:
    return change_of(*_periods(number, children, burst)).word in {"more", "fewer"}


@scenario("change words", "steady, 20 children with one record", at_most=0.05, months=1000)
def steady_singles(number: int) -> bool:
    """Twenty children a period, one record each."""
    return _changed(number, 20, 1)


@scenario("change words", "steady, 20 children with bursts of three", at_most=0.05, months=1000)
def steady_bursts(number: int) -> bool:
    """Twenty children a period, three records each in the middle."""
    return _changed(number, 20, 3)


@scenario("change words", "steady, 8 children with bursts of six", at_most=0.07, months=1000)
def steady_few(number: int) -> bool:
    """Eight children a period, six records each in the middle."""
    return _changed(number, 8, 6)


def _trend(number: int, children: int, records: int, days: int, times: float = 1.0) -> bool:
    """Draw a year of children with records within some days; tell whether it rises or falls."""
    rng = np.random.default_rng([33, number, children, days])
    late = rng.uniform(0, 1, 20 * children)
    late = late[rng.uniform(0, times, len(late)) < 1 + (times - 1) * late]
    begins = np.sort(rng.permutation(late)[: rng.poisson(children)] * (365 + days) - days)
    at = begins[:, None] + rng.uniform(0, days, (len(begins), records))
    child = np.repeat(np.arange(len(begins)), records)[(at.ravel() >= 0) & (at.ravel() < 365)]
    start = datetime(2025, 6, 1, tzinfo=UTC)
    on = [start + timedelta(days=float(one)) for one in at.ravel() if 0 <= one < 365]
    frame = pl.DataFrame({"child": child.astype(str).tolist(), "occurred_at": on})
    months = [date(2025 + (n > 6), (n + 5) % 12 + 1, 1) for n in range(12)]
    return rise_of(frame, months, shuffles=199, seed=number).p <= 0.05


@scenario("trend words", "steady, 60 children with one record", at_most=0.05, months=1000)
def steady_year(number: int) -> bool:
    """Sixty children a year, one record each."""
    return _trend(number, 60, 1, 1)


@scenario("trend words", "steady, 20 children with six in two months", at_most=0.05, months=1000)
def steady_year_of_bursts(number: int) -> bool:
    """Twenty children a year with six records within two months: 14 of 100 by rows."""
    return _trend(number, 20, 6, 60)


@scenario("trend words: power", "three times as many at the end, 100 children", months=300)
def risen_year(number: int) -> bool:
    """Draw a hundred children a year, three times as many at its end as at its beginning."""
    return _trend(number, 100, 1, 1, 3.0)


@scenario("change words: power", "twice as many children, 20 with bursts of three", months=500)
def doubled(number: int) -> bool:
    """Forty children after twenty."""
    return change_of(*_periods(number, 20, 3, 2.0)).word == "more"


STEADY = {
    "singles": steady_singles,
    "bursts of three": steady_bursts,
    "bursts of six": steady_few,
}
"""Scenarios in which nothing changes."""


def _site(number: int, times: float = 1.0) -> list[str]:
    """Trace a site of twenty records a month through six windows of three months."""
    rng = np.random.default_rng([32, number])
    months = [_month(rng, month, 20 * (times if month >= 6 else 1)) for month in range(9)]
    said, known = [], None
    for last in range(2, 9):
        run = _run(pl.concat(months[last - 2 : last + 1]), last)
        outlines = run.outlines()
        if known and outlines:
            key = next(iter(outlines))
            size = Size(89, bursts_of(run))
            steps = trace([Registered(1, known, days=89)], {key: outlines[key]}, size=size)
            said += [step.event.value for step in steps if step.key]
        known = next(iter(outlines.values()), None)
    return said


def _month(rng: np.random.Generator, month: int, rate: float) -> pl.DataFrame:
    sizes = rng.geometric(0.5, rng.poisson(rate / 2))
    n = int(sizes.sum())
    return pl.DataFrame(
        {
            "lng": LNG + rng.normal(0, 60, n) / 67_000,
            "lat": LAT + rng.normal(0, 60, n) / 111_320,
            "child": np.repeat([f"{month}-{k}" for k in range(len(sizes))], sizes),
            "occurred_at": [date(2025, month + 1, int(day)) for day in rng.integers(1, 29, n)],
        },
        schema_overrides={"child": pl.String, "occurred_at": pl.Date},
    )


def _run(points: pl.DataFrame, last: int) -> Run:
    period = {"start": date(2025, last - 1, 1), "end": date(2025, last + 1, 28)}
    return detect(points, SITE.replace(**period))


@scenario("grew or shrank", "a steady site, share of months", at_most=0.05, months=60)
def steady_site(number: int) -> float:
    """Share of the months in which a site of twenty records a month is said to change."""
    said = _site(number)
    return float(np.mean([word in {"grew", "shrank"} for word in said])) if said else 0.0


@scenario("grew or shrank", "three times as much, said within three months", months=60)
def tripled_site(number: int) -> bool:
    """Tell whether the growth is said at all."""
    return "grew" in _site(number, 3.0)
