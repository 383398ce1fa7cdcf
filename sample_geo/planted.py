"""Plant the truth: what is in the sample, where and when, and what a run must make of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import h3

MONTHS = [(2025, month) for month in range(9, 13)] + [(2026, month) for month in range(1, 11)]
"""The fourteen months of the sample, September 2025 to October 2026."""
LAST_TWELVE = tuple(range(2, 14))
ALL = tuple(range(14))
TRUTH_RESOLUTION = 10


@dataclass(frozen=True)
class Planted:
    """One planted place.

    Attributes
    ----------
    name
        Invented name of the place.
    expect
        What a run of the last twelve months at the defaults must make of it: "hotspot",
        "single_child" (a hotspot with that mark), "too_few_children" (set aside),
        "too_weak" (not a cluster) or "never" (kept out of clustering altogether).
    story
        Why it is there.
    centres
        (lng, lat, first month, last month) of its parts, months as indices of `MONTHS`.
    visits
        Records planted over its months, before other records happen to fall there.
    spread_m
        Standard deviation of the places around each centre, in metres.
    days, hours
        Days of the week (0 = Monday) and first and last hour (local time, may pass midnight).
    children
        How many children the visits are spread over.
    main_share
        Share of the visits that one child makes.
    incidents
        Share of the records that are incidents instead of missing-episode locations.
    """

    name: str
    expect: str
    story: str
    centres: tuple[tuple[float, float, int, int], ...]
    visits: int
    spread_m: float = 90.0
    days: tuple[int, ...] = (4, 5)
    hours: tuple[int, int] = (21, 2)
    children: int = 12
    main_share: float = 0.0
    incidents: float = 0.3

    def as_truth(self) -> dict[str, Any]:
        """Return the entry of the truth file, with the cells around each centre."""
        entry = asdict(self)
        cells = {
            cell
            for lng, lat, _, _ in self.centres
            for cell in h3.grid_disk(h3.latlng_to_cell(lat, lng, TRUTH_RESOLUTION), 1)
        }
        entry["cells"] = sorted(cells)
        entry["months"] = sorted(
            {
                "{}-{:02}".format(*MONTHS[month])
                for *_, first, last in self.centres
                for month in range(first, last + 1)
            }
        )
        return entry


PLANTED = (
    Planted(
        "Brindle Street",
        "hotspot",
        "Strong, all year, weekend nights.",
        ((-2.1790, 53.0255, 0, 13),),
        130,
        children=16,
    ),
    Planted(
        "Lantern Yard",
        "hotspot",
        "Strong, all year, a shopping precinct after school.",
        ((-2.1185, 52.8045, 0, 13),),
        110,
        days=(0, 1, 2, 3, 4),
        hours=(15, 20),
        children=14,
    ),
    Planted(
        "Malt Cross",
        "hotspot",
        "Strong, mostly incidents of the night-time economy.",
        ((-1.6400, 52.8080, 0, 13),),
        100,
        days=(3, 4, 5),
        hours=(20, 3),
        children=10,
        incidents=0.8,
    ),
    Planted(
        "Quarry Bank Parade",
        "hotspot",
        "Middling, all year, early evening.",
        ((-2.0280, 52.6915, 0, 13),),
        62,
        days=(1, 2, 3, 4),
        hours=(17, 22),
        children=9,
    ),
    Planted(
        "Ironmarket Steps",
        "hotspot",
        "New: nothing before August 2026.",
        ((-2.2290, 53.0125, 11, 13),),
        55,
        children=10,
    ),
    Planted(
        "Strand and Market Square",
        "hotspot",
        "Splits: one string of places until April 2026, its two ends only from May on.",
        ((-2.1360, 52.9880, 0, 13), (-2.1300, 52.9880, 0, 7), (-2.1240, 52.9880, 0, 13)),
        150,
        spread_m=70,
        days=(2, 3, 4, 5),
        hours=(18, 23),
        children=15,
    ),
    Planted(
        "Castle Arcade",
        "hotspot",
        "Fades: busy until March 2026, quiet since.",
        ((-1.6960, 52.6345, 0, 6),),
        110,
        days=(5, 6),
        hours=(14, 19),
        children=11,
    ),
    Planted(
        "Haywood Row",
        "single_child",
        "Driven by one child: it dissolves without that child.",
        ((-2.1960, 53.0455, 0, 13),),
        70,
        children=4,
        main_share=0.86,
        incidents=0.0,
        days=(0, 1, 2, 3, 4, 5, 6),
        hours=(17, 23),
    ),
    Planted(
        "Chase Lay-by",
        "too_few_children",
        "The records of one child alone, away from any town.",
        ((-1.9950, 52.7700, 0, 13),),
        60,
        children=1,
        main_share=1.0,
        incidents=0.0,
        days=(0, 1, 2, 3, 4, 5, 6),
        hours=(19, 23),
    ),
    Planted(
        "Minster Walk",
        "too_weak",
        "Too weak to be told from chance at the defaults.",
        ((-1.8280, 52.6840, 0, 13),),
        9,
        children=6,
    ),
    Planted(
        "Cruso Close",
        "never",
        "A heap of incidents at dwellings on one quiet street.",
        ((-2.0180, 53.1020, 0, 13),),
        48,
        spread_m=35,
        children=0,
        incidents=1.0,
        days=(0, 1, 2, 3, 4, 5, 6),
        hours=(9, 22),
    ),
)

HOMES = {
    # Children's homes, by code only, with the share of children who live there.
    "Site-A": (-2.1500, 53.0300, 0.30),
    "Site-B": (-1.6600, 52.8000, 0.07),
    "Site-C": (-2.1000, 52.7950, 0.05),
}
HEAP = (-2.1905, 53.0352)
"""Potters Gate bus station, where the force's system puts what it cannot place."""
HEAP_VISITS = 84
POLICE_STATION = (-2.2050, 53.0180)
HOSPITAL = (-2.2130, 53.0030)

NEVER_POINTS = {
    "Site-A (a children's home)": HOMES["Site-A"][:2],
    "Potters Gate bus station (default coordinate)": HEAP,
    "Police station": POLICE_STATION,
    "Hospital": HOSPITAL,
}


def truth() -> dict[str, Any]:
    """Return the truth as the file that tests read has it."""
    return {
        "note": "Invented. Cells at H3 resolution 10; months and hours are local time.",
        "period": {"from": "2025-11-01", "to": "2026-10-31"},
        "planted": [place.as_truth() for place in PLANTED],
        "never": {
            name: h3.latlng_to_cell(lat, lng, TRUTH_RESOLUTION)
            for name, (lng, lat) in NEVER_POINTS.items()
        },
    }
