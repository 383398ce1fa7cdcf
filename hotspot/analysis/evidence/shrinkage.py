"""Rank hotspots of few records fairly: rates drawn towards the common one (gamma-Poisson)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import gamma

from hotspot.analysis.evidence.cell_grid import Floats


def shrunk_rates(counts: Floats, exposures: Floats) -> pd.DataFrame:
    """Draw the rates of some places towards their common one, the more the fewer they rest on.

    Parameters
    ----------
    counts
        Records of each place, shape (n,).
    exposures
        What they are divided by (an area, a length of time), above 0, shape (n,).

    Returns
    -------
    DataFrame
        `rate` (as counted), `shrunk`, and the 95 % interval `low`, `high` of the rate.

    Notes
    -----
    Rates are gamma, counts Poisson. The gamma's mean is that of all; its variance that of the
    rates beyond Poisson's, by moments: Marshall, R. J. (1991), Journal of the Royal Statistical
    Society C 40(2). Where rates do not vary beyond Poisson's, all are the common one.
    """
    total, whole = float(counts.sum()), float(exposures.sum())
    rate = counts / exposures
    if not len(counts) or total <= 0:
        return pd.DataFrame({"rate": rate, "shrunk": rate, "low": rate, "high": rate})
    mean = total / whole
    spread = float((exposures * (rate - mean) ** 2).sum()) / whole - mean * len(counts) / whole
    if spread <= mean**2 * 1e-9:
        same = np.full(len(counts), mean)
        low, high = (gamma.ppf(share, total, scale=1 / whole) for share in (0.025, 0.975))
        return pd.DataFrame({"rate": rate, "shrunk": same, "low": low, "high": high})
    shape, prior = mean**2 / spread, mean / spread
    known, scale = counts + shape, 1 / (exposures + prior)
    ends = {
        name: gamma.ppf(share, known, scale=scale)
        for name, share in (("low", 0.025), ("high", 0.975))
    }
    return pd.DataFrame({"rate": rate, "shrunk": known * scale, **ends})
