"""Test whether records come more and more, or less and less, by children and not by rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from hotspot.schema import TIME_ZONE

SHUFFLES = 999
FEWEST_UNITS = 6
"""With fewer children and incidents no order of theirs could have p of 0.05 or less."""


@dataclass(frozen=True)
class Rise:
    """Whether the records of some months lie late or early in them.

    Attributes
    ----------
    later
        Mean month of the records less the middle of the months: above 0 where they rise.
    p
        Two-sided: how often as much comes of turning children about the middle by chance.
    units
        Children, and incidents without a child, that were turned.
    """

    later: float
    p: float
    units: int

    @property
    def is_enough(self) -> bool:
        """Whether any rise or fall could have been told from chance."""
        return self.units >= FEWEST_UNITS


def rise_of(
    records: pl.DataFrame, months: Sequence[date], *, shuffles: int = SHUFFLES, seed: int = 1
) -> Rise:
    """Test whether records rise or fall over some months.

    Parameters
    ----------
    records
        Of one place; columns `occurred_at` (UTC) and, where known, `child` and `cell`.
    months
        First days of whole months, one after the other; other records are left out.

    Returns
    -------
    Rise
        p is exact where nothing changes, whatever the bursts: a child's records then lie as likely
        so many months before the middle as after it, so the sign of what each child adds is thrown
        anew. Records without a child of one day and cell are one incident.

    Notes
    -----
    A sign-flipping test of the linear trend (Fisher 1935, The Design of Experiments, section 21).
    Mann and Kendall's test of the monthly counts takes them as independent: where children have
    six records within two months it called 14 of 100 steady years a rise or a fall.
    """
    local = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date()
    number = {month: at for at, month in enumerate(months)}
    own = records.with_columns(
        on=local, at=local.dt.truncate("1mo").replace_strict(number, default=None)
    ).drop_nulls("at")
    if own.is_empty() or len(months) < 2:
        return Rise(0.0, 1.0, 0)
    away = own["at"].to_numpy().astype(np.float64) - (len(months) - 1) / 2
    unit = _units(own)
    added = np.bincount(unit, weights=away)
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (shuffles, len(added)))
    reached = int((np.abs(signs @ added) >= abs(added.sum()) - 1e-9).sum())
    return Rise(float(away.mean()), (1 + reached) / (1 + shuffles), len(added))


def _units(own: pl.DataFrame) -> np.ndarray:
    """Give what comes together one number: a child's records, and those of one day and cell."""
    child = pl.lit(None, pl.String)
    if "child" in own.columns:
        child = pl.col("child").cast(pl.String)
    incident = pl.concat_str("cell", "on", separator=" ") if "cell" in own.columns else pl.col("on")
    apart = pl.when(child.is_null()).then(incident.cast(pl.String))
    name = pl.concat_str(child, apart, separator=" ", ignore_nulls=True)
    return own.select(name.rank("dense")).to_series().to_numpy().astype(np.int64) - 1
