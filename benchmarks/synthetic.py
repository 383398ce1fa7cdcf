"""Write synthetic points of England's size: towns by a Zipf law, snap points, and noise."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

SOUTH, NORTH, WEST, EAST = 50.7, 55.0, -3.0, 0.3
_SITES_PER_MILLION = 20_000
_CHUNK = 1_000_000


def write_points(path: Path, rows: int, seed: int = 20261122) -> None:
    """Write `rows` points to a CSV file with `lng` and `lat`, six decimals.

    70 % lie on snap points whose use follows a Zipf law within towns that do too; 30 % are
    uniform noise, all of them distinct.
    """
    rng = np.random.default_rng(seed)
    towns = rng.uniform((SOUTH, WEST), (NORTH, EAST), size=(2000, 2))
    share = 1 / np.arange(1, 2001)
    sites_town = rng.choice(2000, size=_SITES_PER_MILLION * 20, p=share / share.sum())
    sites = towns[sites_town] + rng.normal(0, 0.02, size=(len(sites_town), 2))
    use = 1 / (np.arange(1, len(sites) + 1) ** 0.6)
    use /= use.sum()
    with path.open("wb") as file:
        for first in range(0, rows, _CHUNK):
            count = min(_CHUNK, rows - first)
            snapped = int(count * 0.7)
            noise = rng.uniform((SOUTH, WEST), (NORTH, EAST), size=(count - snapped, 2))
            points = np.vstack([sites[rng.choice(len(sites), snapped, p=use)], noise])
            points = rng.permutation(points)
            frame = pl.DataFrame({"lng": points[:, 1], "lat": points[:, 0]})
            frame.write_csv(file, include_header=first == 0, float_precision=6)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("rows", type=int)
    arguments = parser.parse_args()
    write_points(arguments.path, arguments.rows)
