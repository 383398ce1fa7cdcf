"""Compare what came after with what is expected from the year before and other places (Hauer 1997).

Actions are taken where it was just high, and what was just high falls by itself. So the weeks that
called for the action foretell nothing here: the reference is the time before them, and how the
other places went on from theirs. Places come and go in bursts, so that the counts of a place vary
more than Poisson counts do: by how much is measured over places and blocks of time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm, t

from hotspot.errors import InputError

Floats = NDArray[np.float64]
SHARE, POWER = 0.95, 0.8
LEAST_BLOCKS = 3
"""Blocks of the reference below which nothing is said."""
_HALF = 0.5
_NEVER = 50.0


@dataclass(frozen=True)
class AgainstReference:
    """What was counted after, against what was to be expected.

    Attributes
    ----------
    after, expected
        Count after, and what is expected from its reference and the other places.
    error
        Standard error of the logarithm of their ratio.
    freedom
        Degrees of freedom with which the bursts were measured.
    detectable
        Smallest fall, as a share of what is expected, that is seen in four of five cases; None
        where none would be.
    """

    after: float
    expected: float
    error: float
    freedom: int
    detectable: float | None

    @property
    def ratio(self) -> float:
        """Return how many times the expected count came."""
        return (self.after + _HALF) / (self.expected + _HALF)

    @property
    def low(self) -> float:
        """Return the lower end of the 95 % interval of the ratio."""
        return float(self.ratio * np.exp(-_quantile(self.freedom) * self.error))

    @property
    def high(self) -> float:
        """Return the upper end of the 95 % interval of the ratio."""
        return float(self.ratio * np.exp(_quantile(self.freedom) * self.error))

    @property
    def word(self) -> str:
        """Say which way it went: "fewer", "more", "no clear change" or "too few to tell"."""
        if self.high < 1:
            return "fewer"
        if self.low > 1:
            return "more"
        return "too few to tell" if self.low < _HALF else "no clear change"


def against_reference(blocks: Floats, after: Floats) -> AgainstReference:
    """Compare the first of some places with its reference and with the others.

    Parameters
    ----------
    blocks
        Counts of each place (the first is the place asked about) in blocks of the reference, each
        as long as the time after: shape (places, blocks).
    after
        Counts of each place after, shape (places,).

    Raises
    ------
    InputError
        There is no other place, too short a reference, or nothing to compare with.

    Notes
    -----
    The expected count is the place's mean over the reference times how the others, pooled, went on
    from theirs. The variance of its logarithm is that of the counts and of the bursts, whose
    variance `burst_variance` measures; the interval is t's. Where there are bursts, one block lies
    below the mean of many more often than not: expected is the middle, not the mean. Hauer, E.
    (1997), Observational before-after studies in road safety, Pergamon: the reference must not be
    what selected the place.
    """
    places, length = blocks.shape
    if places < 2 or blocks[1:].sum() <= 0 or after[1:].sum() <= 0:
        message = "No other hotspot can serve as control, so nothing can be said of the effect."
        raise InputError(message)
    if length < LEAST_BLOCKS:
        message = (
            f"The records before are too few: {LEAST_BLOCKS} times as long as after is needed."
        )
        raise InputError(message)
    own = float(blocks[0].sum())
    if own <= 0:
        message = "Nothing was recorded here in the time that it would be compared with."
        raise InputError(message)
    others, then = blocks[1:].sum(axis=1), float(after[1:].sum())
    burst = burst_variance(blocks)
    shares = others / others.sum()
    uneven = float((shares**2).sum())
    beside = 1 / then + 1 / others.sum() + burst * uneven * (1 + 1 / length)
    reference = beside + 1 / own + burst * (1 + 1 / length)
    typical = np.exp(-np.log1p(burst) / 2 * (1 - uneven) * (1 - 1 / length))
    expected = float(own * then / others.sum() * typical)
    error = np.sqrt(reference + 1 / (after[0] + _HALF))
    freedom = (places - 1) * (length - 1)
    least = _detectable(expected, reference, freedom)
    return AgainstReference(float(after[0]), expected, float(error), freedom, least)


def burst_variance(blocks: Floats) -> float:
    """Measure how much counts vary beside Poisson's, as the squared coefficient of variation.

    Parameters
    ----------
    blocks
        Counts, shape (places, blocks).

    Notes
    -----
    The model is a mean of each place times a level of each block. The variance a is that at which
    Pearson's sum of (x - m)^2 / (m + a m^2) is its degrees of freedom; 0 where Poisson suffices.
    """
    fitted = np.outer(blocks.sum(axis=1), blocks.sum(axis=0)) / max(blocks.sum(), 1.0)
    some = fitted > 0
    squares, means = (blocks[some] - fitted[some]) ** 2, fitted[some]
    freedom = (blocks.shape[0] - 1) * (blocks.shape[1] - 1)

    def surplus(variance: float) -> float:
        return float((squares / (means + variance * means**2)).sum() - freedom)

    if surplus(0.0) <= 0:
        return 0.0
    if surplus(_NEVER) >= 0:
        return _NEVER
    variance: float = brentq(surplus, 0.0, _NEVER)
    return variance


def _detectable(expected: float, reference: float, freedom: int) -> float | None:
    """Return the smallest fall that is seen in four of five cases."""
    falls = np.arange(0.01, 1.0, 0.01)
    left = expected * (1 - falls)
    error = np.sqrt(reference + 1 / (left + _HALF))
    seen = np.log((left + _HALF) / (expected + _HALF))
    is_seen = -seen >= (_quantile(freedom) + float(norm.ppf(POWER))) * error
    return float(falls[np.argmax(is_seen)]) if is_seen.any() else None


def _quantile(freedom: int) -> float:
    return float(t.ppf((1 + SHARE) / 2, max(freedom, 1)))
