"""Make the layer of cells: ids and levels, no shapes; the browser draws the hexagons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hotspot import Run
from layers.style import levels_of


def cell_layer(run: Run) -> tuple[pd.DataFrame, list[float]]:
    """Give the occupied cells of a run and where their levels start.

    Returns
    -------
    (DataFrame, list)
        Columns `cell` (H3 id), `level` (0 to 4) and `text`; the smallest weight of each level.
    """
    frame = run.cell_frame()
    levels, starts = levels_of(frame["weight"].to_numpy(dtype=np.float64))
    known = frame["children"].notna()
    children = frame["children"].fillna(0).astype(int).astype(str) + " children, "
    text = (
        frame["events"].astype(str)
        + " events, "
        + children.where(known, "")
        + "weight "
        + frame["weight"].map("{:g}".format)
    )
    return pd.DataFrame({"cell": frame["cell"], "level": levels, "text": text}), starts
