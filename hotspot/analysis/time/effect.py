"""Compare before and after an action, with a control and the ground around both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import norm

from hotspot.errors import ParamsError

_SHARE, _POWER = 0.95, 0.8


@dataclass(frozen=True)
class BeforeAfter:
    """Counts of one place before and after.

    Attributes
    ----------
    before, after
        Records.
    area
        How large the place is beside the others: counts are divided by it.
    """

    before: float
    after: float
    area: float = 1.0


@dataclass(frozen=True)
class Displacement:
    """A weighted displacement difference.

    Attributes
    ----------
    difference
        Change of the treated place less that of its control, and the same of the ground around
        them: below 0 where there was less than the control foretells.
    error, z
        Its standard error, and the difference over it.
    low, high
        95 % interval.
    """

    difference: float
    error: float

    @property
    def z(self) -> float:
        """Return the difference over its standard error; 0 where there were no records."""
        return self.difference / self.error if self.error > 0 else 0.0

    @property
    def low(self) -> float:
        """Return the lower end of the 95 % interval."""
        return self.difference - _quantile(_SHARE) * self.error

    @property
    def high(self) -> float:
        """Return the upper end of the 95 % interval."""
        return self.difference + _quantile(_SHARE) * self.error

    def sentence(self, detectable: float) -> str:
        """Say in one sentence what the data carry, and no more.

        Parameters
        ----------
        detectable
            The smallest difference that could have been seen (see `detectable_difference`).
        """
        if self.low <= 0 <= self.high:
            if abs(self.difference) < detectable:
                return "Too few to tell: a change of this size could not have been seen here."
            return "No clear change beside the control."
        way = "Fewer" if self.difference < 0 else "More"
        return (
            f"{way} records here and around than the control foretells; whether the action did it "
            "cannot be said."
        )


def displacement_difference(
    treated: BeforeAfter,
    control: BeforeAfter,
    around_treated: BeforeAfter | None = None,
    around_control: BeforeAfter | None = None,
    *,
    times: tuple[float, float] = (1.0, 1.0),
) -> Displacement:
    """Measure the weighted displacement difference of an action.

    Parameters
    ----------
    treated, control
        The place of the action and one like it without.
    around_treated, around_control
        The ground around each, where the problem may have moved; both or none.
    times
        Lengths of the periods before and after: counts are divided by them.

    Raises
    ------
    ParamsError
        A count is negative, a length or an area is not positive, or one ring is missing.

    Notes
    -----
    Wheeler, A. P. and Ratcliffe, J. H. (2018), A simple weighted displacement difference test to
    evaluate place based crime interventions, Crime Science 7(11). Counts are taken as Poisson, so
    that the variance is the sum of the weighted counts; children with many records make it larger
    than it says.
    """
    if (around_treated is None) != (around_control is None):
        message = "Give the ground around both places, or around none."
        raise ParamsError(message)
    signed = [(1.0, treated), (-1.0, control)]
    if around_treated is not None and around_control is not None:
        signed += [(1.0, around_treated), (-1.0, around_control)]
    for _, place in signed:
        if min(place.before, place.after) < 0 or place.area <= 0 or min(times) <= 0:
            message = "Counts are 0 or more; areas and lengths are more than 0."
            raise ParamsError(message)
    first, then = times
    difference = sum(
        sign * (place.after / then - place.before / first) / place.area for sign, place in signed
    )
    variance = sum(
        (place.after / then**2 + place.before / first**2) / place.area**2 for _, place in signed
    )
    return Displacement(difference, math.sqrt(variance))


def harm_difference(parts: Sequence[tuple[float, Displacement]]) -> Displacement:
    """Add up the differences of kinds of records, each times its harm."""
    difference = sum(harm * part.difference for harm, part in parts)
    return Displacement(
        difference, math.sqrt(sum((harm * part.error) ** 2 for harm, part in parts))
    )


def displacement_quotient(
    treated: BeforeAfter, around: BeforeAfter, control: BeforeAfter
) -> float | None:
    """Measure how the ground around changed beside what changed in the place itself.

    Returns
    -------
    float or None
        Below 0: displacement; above 0: diffusion of the benefit. Null where it must not be read:
        a count of the control is 0, or the place did not go down beside its control.

    Notes
    -----
    Bowers, K. J. and Johnson, S. D. (2003), Measuring the geographical displacement and diffusion
    of benefit effects of crime prevention activity, Journal of Quantitative Criminology 19(3).
    """
    if min(control.before, control.after) <= 0:
        return None
    own = treated.after / control.after - treated.before / control.before
    if own >= 0:
        return None
    return (around.after / control.after - around.before / control.before) / own


def detectable_difference(befores: Sequence[float]) -> float:
    """Return the smallest difference that would be seen in four of five cases.

    Parameters
    ----------
    befores
        Counts before, of all the places that will be compared; as much again is expected after.
    """
    error = math.sqrt(2 * sum(befores))
    return (_quantile(_SHARE) + float(norm.ppf(_POWER))) * error


def _quantile(share: float) -> float:
    return float(norm.ppf((1 + share) / 2))
