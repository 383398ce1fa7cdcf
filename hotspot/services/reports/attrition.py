"""Follow the files that were referred to the CPS: charge, conviction, reasons, and how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from hotspot.disclosure.suppression import band

STAGES = ("referred_charged", "referred_convicted")
REASONS = (
    "referred_no_evidence",
    "referred_no_interest",
    "referred_no_support",
    "referred_not_convicted",
)
TIMES = ("days_to_charge", "days_to_verdict")
MONTHS = 12
FEWEST = 5
"""Counts below it are banded, and a share that would tell one is withheld."""
WITHHELD = "withheld: fewer than 5"


@dataclass(frozen=True)
class Attrition:
    """What became of the files that were referred in some months.

    Attributes
    ----------
    months
        Months of referral, in words; empty where none is counted.
    referred
        How many files were referred in them, banded where they are few.
    stages, reasons
        `what`, `n` (files referred in the months for which it is known), `number` and `share`, as
        words: small counts are banded and their shares withheld.
    times
        `what`, `days` (the median of the months' medians), `n`, likewise.
    """

    months: str
    referred: str
    stages: pd.DataFrame
    reasons: pd.DataFrame
    times: pd.DataFrame


def attrition(counts: pd.DataFrame) -> Attrition:
    """Follow the files that were referred to the CPS in the last twelve months that are counted.

    A month counts the files referred in it, whenever they were decided: the shares are of the same
    files. Files of late months may still be open.

    Parameters
    ----------
    counts
        As `outcome_counts.view_counts` gives them; those of the whole force are taken.
    """
    force = counts[(counts["district"] == "") & counts["referred"].notna()]
    force = force.sort_values("month").tail(MONTHS)
    if force.empty:
        return Attrition("", "0", *(pd.DataFrame() for _ in range(3)))
    first, last = (f"{pd.Period(force['month'].iloc[at], 'M'):%b %Y}" for at in (0, -1))
    return Attrition(
        f"{first} to {last}",
        _banded(force["referred"].sum()),
        _shares(force, STAGES),
        _shares(force, REASONS),
        _times(force),
    )


def _shares(force: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    rows = []
    for what in names:
        known = force[force[what].notna()]
        if known.empty:
            continue
        n, number = int(known["referred"].sum()), int(known[what].sum())
        is_small = n < FEWEST or 0 < number < FEWEST or 0 < n - number < FEWEST
        share = WITHHELD if is_small else f"{number / n:.0%}"
        rows.append({"what": what, "n": _banded(n), "number": _banded(number), "share": share})
    return pd.DataFrame(rows)


def _times(force: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for what in TIMES:
        known = force[force[what].notna()]
        if known.empty:
            continue
        n = int(known["referred"].sum())
        days = WITHHELD if n < FEWEST else f"{known[what].median():.0f}"
        rows.append({"what": what, "days": days, "n": _banded(n)})
    return pd.DataFrame(rows)


def _banded(count: float) -> str:
    """Write a count in full, or as "<5" where it is small."""
    return band(count) if 0 < count < FEWEST else f"{int(count):,}"
