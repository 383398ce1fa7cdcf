"""Make the layer of cells: ids and numbers, no shapes; the browser draws the hexagons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hotspot import Run
from layers.style import levels_of

COLUMNS = {
    "cell": "uint64",
    "level": "uint8",
    "events": "uint32",
    "children": "Int32",
    "weight": "float32",
}


def cell_layer(run: Run, as_in: Sequence[float] = ()) -> tuple[pd.DataFrame, list[float]]:
    """Return the occupied cells of a run and where their levels start.

    Parameters
    ----------
    as_in
        Where the levels of a map beside it start, so that a colour is the same number in both.

    Returns
    -------
    (DataFrame, list)
        Columns `cell` (H3 id as a number: half the bytes of its text), `level` (0 to 4), `events`,
        `children` (null where not known) and `weight`, by cell; the smallest weight of each level.
    """
    frame = run.cell_frame()
    levels, starts = levels_of(frame["weight"].to_numpy(dtype=np.float64), as_in)
    columns = {
        "cell": [int(cell, 16) for cell in frame["cell"]],
        "level": levels,
        "events": frame["events"],
        "children": frame["children"],
        "weight": frame["weight"],
    }
    # neighbours one after another, so that the browser fills compact pieces: much faster
    return pd.DataFrame(columns).astype(COLUMNS).sort_values("cell", ignore_index=True), starts


def no_cells() -> pd.DataFrame:
    """Return the layer without cells."""
    return pd.DataFrame({name: [] for name in COLUMNS}).astype(COLUMNS)
