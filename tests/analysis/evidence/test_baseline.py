"""The records and people that hotspots are compared with, in the cells of an area."""

from __future__ import annotations

import numpy as np
import shapely

from hotspot.analysis.detection.cells import centres
from hotspot.analysis.evidence.baseline import people_in
from hotspot.analysis.evidence.cell_grid import grid_of

GROUND = grid_of(shapely.box(-2.25, 52.98, -2.10, 53.07), 9, np.array([], dtype=np.uint64))


def test_people_of_an_area_lie_over_its_ground_and_not_in_its_middle() -> None:
    """All in one cell left the cells around it empty, and records there stood out."""
    x, y = np.meshgrid(np.linspace(-2.26, -2.09, 12), np.linspace(52.97, 53.08, 12))
    lat, lng = y.ravel(), x.ravel()
    counts = people_in(GROUND, lat, lng, np.full(len(lat), 1500.0), 9)
    assert (counts > 0).mean() > 0.95
    middle = np.abs(centres(GROUND.cells)[0] - 53.025) < 0.03
    assert counts[middle].max() < 4 * np.median(counts[middle])


def test_no_one_inside_is_lost_and_no_one_outside_is_counted() -> None:
    lat, lng = np.array([53.0, 53.0, 53.05, 54.0]), np.array([-2.2, -2.2, -2.15, -2.2])
    people = np.array([10.0, 5.5, 7.5, 900.0])
    assert people_in(GROUND, lat, lng, people, 9).sum() == 23
    outside = people_in(GROUND, np.array([54.0]), np.array([-2.2]), np.array([5.0]), 9)
    assert outside.sum() == 0


def test_points_nearer_together_than_cells_stay_in_their_cells() -> None:
    at = centres(GROUND.cells)
    lat, lng = np.repeat(at[0][:50], 3), np.repeat(at[1][:50], 3)
    lng = lng + np.tile([-0.0004, 0.0, 0.0004], 50)
    counts = people_in(GROUND, lat, lng, np.ones(150), 9)
    assert (counts[:50] == 3).all()
    assert counts[50:].sum() == 0
