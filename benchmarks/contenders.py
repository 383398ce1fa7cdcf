"""Run one contender on one file in a process of its own and print what it took, as JSON.

    python -m benchmarks.contenders NAME FILE

Every contender takes the same CSV to hotspot polygons with the same reach and minimum. The time
starts after the imports; the peak memory is that of the whole process.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path

RESOLUTION, RINGS, MIN_WEIGHT = 9, 2, 400
REACH_M = 755.0
"""What two rings reach at resolution 9 in the middle of England, by the area rule."""
_EARTH_M = 6_371_008.8


def hotspot_run() -> Callable[[Path], int]:
    """Hotspot itself, reading the CSV in batches."""
    import polars as pl

    import hotspot

    params = hotspot.Params(resolution=RESOLUTION, rings=RINGS, min_weight=MIN_WEIGHT)
    return lambda path: len(hotspot.detect(pl.scan_csv(path), params).hotspots)


def cells_in_a_loop() -> Callable[[Path], int]:
    """pandas, h3 in a loop, scikit-learn's DBSCAN on the cells' centres, hexagons united."""
    import h3
    import numpy as np
    import pandas as pd
    from shapely import union_all
    from shapely.geometry import Polygon
    from sklearn.cluster import DBSCAN

    def hexagon(cell: str) -> Polygon:
        return Polygon([(lng, lat) for lat, lng in h3.cell_to_boundary(cell)])

    def run(path: Path) -> int:
        points = pd.read_csv(path)
        pairs = zip(points["lat"], points["lng"], strict=True)
        counts = pd.Series([h3.latlng_to_cell(y, x, RESOLUTION) for y, x in pairs]).value_counts()
        centres = np.radians([h3.cell_to_latlng(cell) for cell in counts.index])
        labels = DBSCAN(
            eps=REACH_M / _EARTH_M,
            min_samples=MIN_WEIGHT,
            metric="haversine",
            algorithm="ball_tree",
        ).fit_predict(centres, sample_weight=counts.to_numpy())
        cells = pd.Series(counts.index)[labels >= 0]
        shapes = cells.groupby(labels[labels >= 0]).apply(
            lambda group: union_all([hexagon(cell) for cell in group])
        )
        return len(shapes)

    return run


def points_directly() -> Callable[[Path], int]:
    """pandas, scikit-learn's DBSCAN on the points (haversine), convex hulls."""
    import numpy as np
    import pandas as pd
    from shapely.geometry import MultiPoint
    from sklearn.cluster import DBSCAN

    def run(path: Path) -> int:
        points = pd.read_csv(path)
        labels = DBSCAN(
            eps=REACH_M / _EARTH_M,
            min_samples=MIN_WEIGHT,
            metric="haversine",
            algorithm="ball_tree",
        ).fit_predict(np.radians(points[["lat", "lng"]].to_numpy()))
        clustered = points[labels >= 0]
        hulls = clustered.groupby(labels[labels >= 0])[["lng", "lat"]].apply(
            lambda group: MultiPoint(group.to_numpy()).convex_hull
        )
        return len(hulls)

    return run


CONTENDERS = {
    "hotspot": hotspot_run,
    "pandas-h3-loop": cells_in_a_loop,
    "pandas-point-dbscan": points_directly,
}


def main() -> None:
    """Run the contender that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(CONTENDERS))
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()
    run = CONTENDERS[arguments.name]()
    started = time.perf_counter()
    found = run(arguments.file)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak, "hotspots": found}))  # noqa: T201


if __name__ == "__main__":
    main()
