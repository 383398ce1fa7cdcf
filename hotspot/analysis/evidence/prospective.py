"""Scan for new places before they are hotspots: where more came of late than is to be expected.

What it finds is to be watched, and no hotspot: it rests on few records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from hotspot.analysis.detection.cells import CellIds, disks_of, neighbour_graph
from hotspot.analysis.evidence.near_repeat import Exchange, Floats, Numbers
from hotspot.schema import how_many

MOST_RINGS, WINDOWS, SIMULATIONS, LEAST = 2, 8, 199, 3
"""Rings of a disk and weeks of a window at most, simulations, and the children (or records without
one) in a finding at least: one child's records are no place to be watched."""
LISTED = 0.05
"""Greatest p that is listed: chance alone makes one as strong once in twenty monthly scans."""
_WEEK = 7


@dataclass(frozen=True)
class Watched:
    """A disk of cells in which more came of late than was to be expected.

    Attributes
    ----------
    cell
        Middle of the disk, an H3 cell.
    rings, weeks
        How far the disk reaches, and how long ago the window begins.
    records, expected
        What came in the window, each child once a week and cell, and what was to be expected.
    p
        Share of the simulations, and this, in which anything as strong was found anywhere.
    """

    cell: int
    rings: int
    weeks: int
    records: int
    expected: float
    p: float

    @property
    def sentence(self) -> str:
        """Say what was found, against what, and what it cannot tell, in two sentences."""
        months = int(1 / self.p + 1e-9)
        return (
            f"{self.records} records came in the last {how_many(self.weeks, 'week')} of the period "
            f"where {self.expected:.1f} were expected; by chance alone one as strong comes up once "
            f"in {months} months or more seldom. To be watched: it is no hotspot at these "
            "settings, and this does not say why."
        )


def scan(
    records: pl.DataFrame, known: CellIds, *, simulations: int = SIMULATIONS, seed: int = 1
) -> list[Watched]:
    """Scan the last weeks for disks in which more came than elsewhere and before foretell.

    Parameters
    ----------
    records
        `cell` (H3 id of one resolution), `day` and, if known, `child`.
    known
        Cells of hotspots: what touches them is no news.
    simulations
        How often times are permuted.

    Returns
    -------
    list of Watched
        The strongest first, each of three children or records without a child at least, none
        sharing a cell with a stronger one.

    Notes
    -----
    The prospective space-time permutation scan: Kulldorff, M. and others (2005), PLoS Medicine
    2(3). The expected count of a disk and window is its share of the place times that of the time.
    Units are children: their times are exchanged together (see `near_repeat.Exchange`).
    """
    if records.height < LEAST:
        return []
    capped = _capped(records)
    cells, at = np.unique(capped["cell"].to_numpy(), return_inverse=True)
    if len(capped) < LEAST:
        return []
    week, units = capped["week"].to_numpy().astype(np.int64), capped["unit"].to_numpy()
    disks = [neighbour_graph(cells, np.arange(len(cells)), k) for k in range(MOST_RINGS + 1)]
    strength, observed, expected = _strengths(disks, at, week)
    rng = np.random.default_rng(seed)
    exchange = Exchange(units.astype(np.int64))
    greatest = np.array(
        [
            _strengths(disks, at, exchange.permuted(week.astype(np.float64), rng))[0].max()
            for _ in range(simulations)
        ]
    )
    found: list[Watched] = []
    taken = set(known.tolist())
    for flat in np.argsort(-strength, axis=None, kind="stable").tolist():
        rings, cell, window = np.unravel_index(flat, strength.shape)
        p = (1 + int((greatest >= strength.flat[flat] - 1e-9).sum())) / (1 + simulations)
        if strength.flat[flat] <= 0 or p > LISTED:
            break
        disk = set(disks_of(cells[cell : cell + 1], int(rings))[1].tolist())
        inside = np.isin(cells[at], list(disk)) & (week <= window)
        if disk & taken or len(np.unique(units[inside])) < LEAST:
            continue
        taken |= disk
        found.append(
            Watched(
                int(cells[cell]),
                int(rings),
                int(window) + 1,
                int(observed.flat[flat]),
                float(expected.flat[flat]),
                p,
            )
        )
    return found


def _capped(records: pl.DataFrame) -> pl.DataFrame:
    """Count each child once a cell and week: `cell`, `week` (0: the last) and `unit`."""
    last = records["day"].max()
    table = records.drop_nulls(["cell", "day"]).with_columns(
        week=(pl.lit(last) - pl.col("day")).dt.total_days() // _WEEK
    )
    row = pl.format("r{}", pl.int_range(pl.len()))
    unit = row
    if "child" in table.columns:
        named = pl.col("child").cast(pl.String)
        unit = pl.when(named.is_null()).then(row).otherwise(pl.format("c{}", named))
    table = table.with_columns(unit=unit).unique(["cell", "week", "unit"])
    return table.with_columns(unit=pl.col("unit").rank("dense")).sort("unit", "cell", "week")


def _strengths(
    disks: list[sparse.csr_array[Any]], at: Numbers, week: Numbers | Floats
) -> tuple[Floats, Floats, Floats]:
    """Return Poisson log-likelihood ratios, observed and expected: (disks, cells, windows)."""
    recent = np.zeros((disks[0].shape[0], WINDOWS))
    inside = week < WINDOWS
    np.add.at(recent, (at[inside], np.asarray(week[inside], dtype=np.int64)), 1)
    recent = np.cumsum(recent, axis=1)
    by_place, total = np.bincount(at, minlength=len(recent)), len(at)
    by_time = recent.sum(axis=0) / total
    observed = np.stack([disk @ recent for disk in disks])
    expected = np.stack([np.outer(disk @ by_place, by_time) for disk in disks])
    return _ratio(observed, expected, total), observed, expected


def _ratio(observed: Floats, expected: Floats, total: int) -> NDArray[np.float64]:
    rest = total - observed
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = observed * np.log(observed / expected)
        outer = np.where(rest > 0, rest * np.log(rest / (total - expected)), 0.0)
    return np.where((observed > expected) & (observed >= LEAST), inner + outer, 0.0)
