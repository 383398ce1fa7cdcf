"""Deal what moves together out anew over the cells of an area: children and incidents, not rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from hotspot.analysis.detection.counts import block_of
from hotspot.analysis.detection.run import Run
from hotspot.analysis.evidence.cell_grid import CellGrid, Floats, Numbers

NO_BLOCK = -1


@dataclass(frozen=True, eq=False)
class Sets:
    """What moves together: one set a child, and one an incident without a child.

    Attributes
    ----------
    cell, weight, of, block
        Of each part: number of its cell, weight, number of its set, and the block of days in which
        its child counts once a cell (`NO_BLOCK` where nothing is capped). Parts of children first.
    anchor
        Cell of one part of each set.
    children
        How many of the sets are children.
    """

    cell: Numbers
    weight: Floats
    of: Numbers
    block: Numbers
    anchor: Numbers
    children: int

    def dealt(
        self, ground: CellGrid, places: Numbers | None, rng: np.random.Generator
    ) -> tuple[Numbers, Numbers, Floats]:
        """Deal the sets out anew; return each set's new place, each part's cell and its weight.

        Parameters
        ----------
        places
            Cells that can be dealt out, one entry a place; None where all cells are alike.

        Notes
        -----
        The parts of a set keep their distances. A part that would leave the area is dealt again by
        itself, and each child counts once a cell and block again: what leaves would else lie on
        one cell and make a hotspot of a child that goes far.
        """
        size = len(self.anchor)
        if places is None:
            to = rng.integers(0, len(ground), size)
        else:
            to = rng.choice(places, size, replace=False)
        cell = ground.moved(self.cell, self.anchor[self.of], to[self.of])
        left = np.flatnonzero(cell < 0)
        if not len(left):
            return to, cell, self.weight
        some = rng.integers(0, len(ground) if places is None else len(places), len(left))
        cell[left] = some if places is None else places[some]
        return to, cell, self._capped(cell, left, len(ground))

    def _capped(self, cell: Numbers, left: Numbers, size: int) -> Floats:
        """Let each child count once a cell and block, where some parts were dealt by themselves."""
        has_left = np.zeros(len(self.anchor), dtype=bool)
        has_left[self.of[left]] = True
        at = np.flatnonzero(has_left[self.of] & (self.block != NO_BLOCK))
        if not len(at):
            return self.weight
        blocks = int(self.block.max()) + 1
        key = (self.of[at] * blocks + self.block[at]) * size + cell[at]
        order = np.lexsort((-self.weight[at], key))
        again = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
        weight = self.weight.copy()
        weight[at[order[again]]] = 0.0
        return weight


def sets_of(run: Run, ground: CellGrid, rng: np.random.Generator) -> Sets:
    """Part the weighted records of a run into what moves together.

    Each child's records are one set. Records without a child on one day in one cell are one
    incident, for one incident often makes several records; where no day is known, as in open data
    that know the month, each record is a set.
    """
    names = [name for name in ("cell", "child", "day", "each") if name in run.weighted.columns]
    table = run.weighted.sort(names).filter(pl.col("weight") > 0)
    has_child = "child" in table.columns
    known = table.filter(pl.col("child").is_not_null()) if has_child else table.clear()
    alone = _incidents(table.filter(pl.col("child").is_null()) if has_child else table, run)
    of = known["child"].rank("dense").to_numpy().astype(np.int64) - 1 if has_child else _none()
    children = int(of.max(initial=-1)) + 1
    own_cell, lone_cell = (ground.at(part["cell"].to_numpy()) for part in (known, alone))
    order = np.lexsort((rng.random(len(of)), of))
    _, first = np.unique(of[order], return_index=True)
    lone_of = children + alone["incident"].to_numpy().astype(np.int64)
    _, lone_first = np.unique(lone_of, return_index=True)
    return Sets(
        cell=np.concatenate([own_cell, lone_cell]),
        weight=np.concatenate([known["weight"].to_numpy(), alone["weight"].to_numpy()]),
        of=np.concatenate([of, lone_of]),
        block=np.concatenate([_blocks(known, run), np.full(len(alone), NO_BLOCK)]),
        anchor=np.concatenate([own_cell[order[first]], lone_cell[lone_first]]),
        children=children,
    )


def _incidents(alone: pl.DataFrame, run: Run) -> pl.DataFrame:
    """Give incidents of records without a child a number: those of one cell and day are one."""
    day = pl.lit(None, dtype=pl.Date)
    if "day" in alone.columns and not run.approximate:
        day = pl.col("day")
    alone = alone.with_columns(on=day)
    dated = alone.filter(pl.col("on").is_not_null()).group_by("cell", "on", maintain_order=True)
    together = dated.agg(pl.col("weight").sum()).select("cell", "weight")
    apart = alone.filter(pl.col("on").is_null()).select(
        "cell", pl.col("weight").truediv("events").repeat_by("events")
    )
    return pl.concat([together, apart.explode("weight")]).with_row_index("incident")


def _blocks(known: pl.DataFrame, run: Run) -> Numbers:
    if run.params.child_cap_days is None or run.params.child_share or not known.height:
        return np.full(known.height, NO_BLOCK, dtype=np.int64)
    block = known.with_columns(block=block_of(run.weighted, run.params))["block"]
    if block.null_count() == len(block):
        return np.zeros(len(block), dtype=np.int64)
    own = (block - block.min()).fill_null(block.max()).to_numpy()
    return np.asarray(own, dtype=np.int64)


def _none() -> Numbers:
    return np.array([], dtype=np.int64)
