"""Scenarios of places: hotspots that are none, and planted ones.

A month is 300 records (or the children and incidents that are said) over 100 km2 of H3 resolution 9
where nothing else is said; the smaller area of resolution 10 is a town of 16 km2.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import h3
import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from benchmarks.scenarios import scenario
from hotspot import Params, detect
from hotspot.analysis.evidence.baseline import counts_in, people_in, scattered
from hotspot.analysis.evidence.cell_grid import CellGrid, grid_of
from hotspot.analysis.evidence.significance import judge

ALPHA, SIMULATIONS = 0.05, 99
BOX = shapely.box(-2.25, 52.98, -2.10, 53.07)
TOWN = shapely.box(-2.21, 53.00, -2.15, 53.036)
LOOSE = Params(resolution=9, rings=1, min_weight=8, min_children=1, child_cap_days=None)
FINE = Params(resolution=10, rings=1, min_weight=6, min_children=1, child_cap_days=None)
CAPPED = LOOSE.replace(min_weight=20, min_children=3, child_cap_days=28)
M_A_DEGREE = 111_320.0

Places = NDArray[np.float64]
"""Latitudes and longitudes, shape (n, 2)."""


@cache
def ground_of(resolution: int) -> CellGrid:
    """Return the cells of the area of a resolution."""
    return grid_of(BOX if resolution == 9 else TOWN, resolution, np.array([], dtype=np.uint64))


@cache
def middles_of(resolution: int) -> Places:
    """Return the middle of each cell of the area of a resolution."""
    cells = ground_of(resolution).cells.tolist()
    return np.array([h3.cell_to_latlng(f"{cell:x}") for cell in cells])


@cache
def density(shape: str, resolution: int = 9) -> NDArray[np.float64]:
    """Return the chance of each cell: even, a town centre, or streets (a tenth of the cells)."""
    at = middles_of(resolution)
    if shape == "town":
        chance = np.exp(-(((at - [53.02, -2.18]) / [0.012, 0.02]) ** 2).sum(axis=1) / 2)
    elif shape == "streets":
        lines = np.random.default_rng(9).uniform(0, np.pi, 12)
        across = (at - at.mean(axis=0)) * [M_A_DEGREE, M_A_DEGREE * 0.6]
        offset = np.random.default_rng(10).uniform(-4000, 4000, 12)
        far = np.abs(across @ np.array([np.cos(lines), np.sin(lines)]) - offset).min(axis=1)
        chance = np.where(far < 120, 1.0, 0.02)
    else:
        chance = np.ones(len(at))
    share: NDArray[np.float64] = chance / chance.sum()
    return share


def drawn(rng: np.random.Generator, shape: str, n: int, resolution: int = 9) -> Places:
    """Draw the middles of cells by a density."""
    chance = density(shape, resolution)
    return middles_of(resolution)[rng.choice(len(chance), n, p=chance)]


def points(at: Places, **columns: Any) -> pl.DataFrame:  # noqa: ANN401 - columns of a frame
    """Return a frame of places and other columns."""
    return pl.DataFrame({"lat": at[:, 0], "lng": at[:, 1], **columns})


def is_called(
    table: pl.DataFrame,
    params: Params,
    number: int,
    baseline: Places | None = None,
    people: NDArray[np.float64] | None = None,
) -> bool:
    """Tell whether any hotspot of a month has p <= 0.05; `people` live at the baseline's places."""
    run = detect(table, params)
    if run.hotspots.empty:
        return False
    ground = grid_of(
        BOX if params.resolution == 9 else TOWN, params.resolution, run.clustering.cells
    )
    counts = None
    if baseline is not None and people is not None:
        counts = people_in(ground, baseline[:, 0], baseline[:, 1], people, params.resolution)
    elif baseline is not None:
        counts = counts_in(ground, baseline[:, 0], baseline[:, 1], params.resolution)
    p = judge(run, ground, counts, simulations=SIMULATIONS, seed=number).table["p"]
    return bool((p <= ALPHA).any())


@scenario("false alarms", "even, against an even spread", at_most=0.05, months=400)
def even(number: int) -> bool:
    """300 records, each cell as likely as another."""
    return is_called(points(drawn(np.random.default_rng([5, number]), "even", 300)), LOOSE, number)


@scenario(
    "false alarms", "town centre, against 600 records of its density", at_most=0.05, months=400
)
def town(number: int) -> bool:
    """300 records around a town centre."""
    rng = np.random.default_rng([6, number])
    return is_called(points(drawn(rng, "town", 300)), LOOSE, number, drawn(rng, "town", 600))


@scenario("false alarms", "streets, against 600 records of their density", at_most=0.05, months=400)
def streets(number: int) -> bool:
    """300 records along twelve streets."""
    rng = np.random.default_rng([7, number])
    return is_called(points(drawn(rng, "streets", 300)), LOOSE, number, drawn(rng, "streets", 600))


@cache
def population_by(shape: str, resolution: int) -> tuple[Places, NDArray[np.float64]]:
    """Count 60,000 people of a density by areas, each known by the middle of where they live."""
    at, people = middles_of(9), density(shape) * 60_000
    cells = [h3.cell_to_parent(f"{cell:x}", resolution) for cell in ground_of(9).cells.tolist()]
    _, area = np.unique(cells, return_inverse=True)
    of_area = np.bincount(area, weights=people).astype(np.float64)
    middle = [np.bincount(area, weights=people * part) / of_area for part in at.T]
    return np.column_stack(middle), of_area


def _against_people(number: int, shape: str, resolution: int) -> bool:
    at, people = population_by(shape, resolution)
    rng = np.random.default_rng([16, number])
    return is_called(points(drawn(rng, shape, 300)), LOOSE, number, at, people)


@scenario("false alarms", "town centre, against the people of each cell", at_most=0.05, months=400)
def town_against_people(number: int) -> bool:
    """300 records that lie as people do, who are counted as finely as records are."""
    return _against_people(number, "town", 9)


@scenario("false alarms", "town centre, against people by 0.7 km2 (not promised)", months=200)
def town_against_areas(number: int) -> bool:
    """Count people by areas of seven cells: the middle of a town then looks too empty."""
    return _against_people(number, "town", 8)


@scenario("false alarms", "streets, against people by 0.7 km2 (not promised)", months=100)
def streets_against_areas(number: int) -> bool:
    """Streets are finer than the areas by which people are counted."""
    return _against_people(number, "streets", 8)


@scenario("false alarms", "town centre, against an even spread (not promised)", months=100)
def town_against_even(number: int) -> bool:
    """Every town centre is above an even spread: that is why it is called a description."""
    return is_called(points(drawn(np.random.default_rng([6, number]), "town", 300)), LOOSE, number)


@scenario(
    "false alarms", "repeat children in a town, against its density", at_most=0.05, months=400
)
def repeat_children(number: int) -> bool:
    """Sixty children with one to twelve records each around a place of their own."""
    rng = np.random.default_rng([8, number])
    times = rng.integers(1, 13, 60)
    home = np.repeat(drawn(rng, "town", 60), times, axis=0)
    at = home + rng.normal(0, 0.004, home.shape)
    child = np.repeat([f"c{n}" for n in range(60)], times)
    on = [
        date.fromordinal(date(2025, 1, 1).toordinal() + int(n))
        for n in rng.integers(0, 365, len(at))
    ]
    table = points(at, child=child, occurred_at=on)
    params = CAPPED.replace(min_weight=12)
    return is_called(table, params, number, drawn(rng, "town", 600))


def _duplicates(number: int, shape: str) -> tuple[pl.DataFrame, np.random.Generator]:
    rng = np.random.default_rng([9, number])
    on = [date(2026, 1, 1 + int(day)) for day in rng.integers(0, 28, 150)]
    table = points(drawn(rng, shape, 150), occurred_at=on)
    return table[np.repeat(np.arange(150), rng.integers(1, 4, 150))], rng


@scenario("false alarms", "duplicates without a child, even", at_most=0.07, months=400)
def duplicates(number: int) -> bool:
    """150 incidents of one to three records each, of one day and place."""
    return is_called(_duplicates(number, "even")[0], LOOSE, number)


@scenario("false alarms", "duplicates without a child, town", at_most=0.07, months=400)
def duplicates_in_town(number: int) -> bool:
    """Put the same around a town centre, against its density."""
    table, rng = _duplicates(number, "town")
    return is_called(table, LOOSE, number, drawn(rng, "town", 600))


@scenario("false alarms", "undated records with harm weights", at_most=0.07, months=400)
def weighted(number: int) -> bool:
    """200 undated records, a quarter of which weigh six times as much as others."""
    rng = np.random.default_rng([10, number])
    weight = rng.choice([1.0, 1.0, 1.0, 6.0], 200)
    return is_called(points(drawn(rng, "even", 200), weight=weight), LOOSE, number)


SNAP_M, STREETS = 160.0, 40
"""How far snap points lie from one another in a street, and how many streets the fine town has."""


def _in_streets(rng: np.random.Generator, n: int, *, is_snapped: bool) -> Places:
    """Draw places in the streets of the fine town, busy and quiet; or their snap points."""
    fixed = np.random.default_rng(12)
    west, south, east, north = TOWN.bounds
    busy = fixed.exponential(1.0, STREETS)
    across, offset = np.arange(STREETS) % 2 == 0, fixed.uniform(0.02, 0.98, STREETS)
    street = rng.choice(STREETS, n, p=busy / busy.sum())
    along, aside = rng.uniform(0.01, 0.99, n), rng.normal(0, 8, n) / M_A_DEGREE
    if is_snapped:
        length = np.where(across[street], (east - west) * 0.6, north - south) * M_A_DEGREE
        along, aside = np.round(along * length / SNAP_M) * SNAP_M / length, np.zeros(n)
    lat = np.where(across[street], offset[street], along) * (north - south) + south
    lng = np.where(across[street], along, offset[street]) * (east - west) + west
    return np.column_stack(
        [lat + np.where(across[street], aside, 0), lng + np.where(across[street], 0, aside / 0.6)]
    )


def _snapped(number: int, *, is_scattered: bool) -> bool:
    rng = np.random.default_rng([13, number])
    exact, usual = _in_streets(rng, 400, is_snapped=False), _in_streets(rng, 3000, is_snapped=True)
    if is_scattered:
        usual = np.column_stack(scattered(usual[:, 0], usual[:, 1], number))
    return is_called(points(exact), FINE, number, usual)


@scenario("false alarms", "snapped baseline, resolution 10, scattered", at_most=0.07, months=200)
def snapped(number: int) -> bool:
    """400 exact records on streets against 3,000 of the same density on snap points."""
    return _snapped(number, is_scattered=True)


@scenario("false alarms", "snapped baseline, resolution 10, as it is (not used)", months=100)
def snapped_as_it_is(number: int) -> bool:
    """Leave the snap points where they are: why they are scattered."""
    return _snapped(number, is_scattered=False)


def _power(number: int, planted: int) -> bool:
    rng = np.random.default_rng([14, number])
    at = np.vstack([drawn(rng, "town", 300), np.repeat([[53.0, -2.14]], planted, axis=0)])
    return is_called(points(at), LOOSE, number, drawn(rng, "town", 600))


@scenario("power", "8 records planted on the outskirts of a town of 300", months=200)
def planted_8(number: int) -> bool:
    """Eight records in one cell, where 0.6 are expected around."""
    return _power(number, 8)


@scenario("power", "12 records planted on the outskirts of a town of 300", months=200)
def planted_12(number: int) -> bool:
    """Twelve records in one cell."""
    return _power(number, 12)


@scenario("power", "24 records planted on the outskirts of a town of 300", months=200)
def planted_24(number: int) -> bool:
    """Twenty-four records in one cell."""
    return _power(number, 24)


@scenario("power", "40 records planted on the outskirts of a town of 300", months=200)
def planted_40(number: int) -> bool:
    """Forty records in one cell: missed alone where the baseline has none around, so not tested."""
    return _power(number, 40)


@scenario("power", "20 new children at one place, among 60 who go far", at_least=0.9, months=200)
def wide_ranging(number: int) -> bool:
    """Sixty children with twenty records all over 100 km2, and twenty new ones at one place."""
    rng = np.random.default_rng([15, number])
    at = np.vstack([drawn(rng, "even", 1200), np.repeat([[53.02, -2.18]], 20, axis=0)])
    child = [f"w{n % 60}" for n in range(1200)] + [f"n{n}" for n in range(20)]
    return is_called(points(at, child=child), CAPPED, number)
