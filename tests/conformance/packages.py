"""The functions of Hotspot, esda, pointpats and scikit-learn that the vectors are run on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import esda
import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import pointpats
import polars as pl
import shapely
from libpysal.examples import get_path
from libpysal.weights import DistanceBand, Queen
from scipy import sparse
from sklearn.cluster import DBSCAN

from hotspot import Params, detect
from hotspot.analysis.detection.clusters import cluster_points
from hotspot.analysis.evidence.accuracy import accuracy_table
from hotspot.analysis.evidence.cell_grid import grid_of
from hotspot.analysis.evidence.hot_cells import local_g
from hotspot.analysis.evidence.near_repeat import knox
from hotspot.analysis.evidence.significance import judge, likelihood_ratio
from hotspot.analysis.surroundings.own_events import own_events
from hotspot.analysis.time.effect import (
    BeforeAfter,
    Displacement,
    displacement_difference,
    displacement_quotient,
    harm_difference,
)
from hotspot.analysis.time.growth import change_of
from hotspot.analysis.time.trend import mann_kendall

_TREATED_CONTROL = ("treated", "control")
Answers = Mapping[str, Any]
Inputs = dict[str, Any]


def example(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Read places and, where there are any, days of an example that ships with libpysal."""
    table = gpd.read_file(get_path(name))
    if {"X", "Y", "T"} <= set(table.columns):
        return table[["X", "Y"]].to_numpy(float), table["T"].to_numpy(float)
    return shapely.get_coordinates(table.geometry), np.zeros(len(table))


def _our_local_g(given: Inputs) -> Answers:
    at = np.array(given["points"], dtype=float)
    near = np.linalg.norm(at[:, None] - at[None], axis=2) <= given["threshold"]
    graph = sparse.csr_array((near & ~np.eye(len(at), dtype=bool)).astype(float))
    values = np.array(given["values"], dtype=float)
    options = {name: given[name] for name in ("star", "row_standard")}
    return {"z": local_g(values, graph, **options)}


def _esda_local_g(given: Inputs) -> Answers:
    weights = DistanceBand(given["points"], threshold=given["threshold"], silence_warnings=True)
    transform = "R" if given["row_standard"] else "B"
    found = esda.getisord.G_Local(
        given["values"], weights, transform=transform, star=given["star"], permutations=0
    )
    return {"z": found.Zs}


def _our_knox(given: Inputs) -> Answers:
    found = knox(*example(given["example"]), given["near_m"], given["near_days"], permutations=0)
    return {
        "close": found.close,
        "table": found.table,
        "expected": found.expected,
        "poisson_p": found.poisson_p,
    }


def _pointpats_knox(given: Inputs) -> Answers:
    places, days = example(given["example"])
    found = pointpats.Knox(
        places, days.reshape(-1, 1), given["near_m"], given["near_days"], permutations=0
    )
    return {"close": found.statistic_, "poisson_p": found.p_poisson}


def _our_dbscan(given: Inputs) -> Answers:
    labels, core = cluster_points(example(given["example"])[0], given["reach"], given["min_weight"])
    return {"clusters": labels.max() + 1, "noise": (labels < 0).sum(), "core": core.sum()}


def _sklearn_dbscan(given: Inputs) -> Answers:
    found = DBSCAN(eps=given["reach"], min_samples=given["min_weight"]).fit(
        example(given["example"])[0]
    )
    return {
        "clusters": found.labels_.max() + 1,
        "noise": (found.labels_ < 0).sum(),
        "core": len(found.core_sample_indices_),
    }


def _our_accuracy(given: Inputs) -> Answers:
    observed, predicted = (np.array(given[n], dtype=float) for n in ("observed", "predicted"))
    table = accuracy_table(observed, predicted)
    return {name: table[name].to_numpy() for name in ("pai", "pei", "rri")}


def _our_mann_kendall(given: Inputs) -> Answers:
    found = mann_kendall(given["values"])
    return {"s": found.s, "p": found.p}


def _our_displacement(given: Inputs) -> Answers:
    names = ("treated", "control", "around_treated", "around_control")
    areas = given.get("areas", {})
    places = [
        BeforeAfter(float(given[n][0]), float(given[n][1]), areas.get(n, 1.0))
        for n in names
        if n in given
    ]
    found = displacement_difference(*places, times=tuple(given.get("times", (1, 1))))
    return _of_difference(found)


def _of_difference(found: Displacement) -> Answers:
    return {name: getattr(found, name) for name in ("difference", "error", "z", "low", "high")}


def _our_harm(given: Inputs) -> Answers:
    parts = [
        (one["harm"], displacement_difference(*(BeforeAfter(*one[n]) for n in _TREATED_CONTROL)))
        for one in given["kinds"]
    ]
    return _of_difference(harm_difference(parts))


def _our_quotient(given: Inputs) -> Answers:
    places = [BeforeAfter(*given[name]) for name in ("treated", "around", "control")]
    return {"quotient": displacement_quotient(*places)}


def _our_likelihood_ratio(given: Inputs) -> Answers:
    observed, expected = (np.array([float(given[name])]) for name in ("observed", "expected"))
    return {"ratio": likelihood_ratio(observed, expected, given["total"])[0]}


def _areas(given: Inputs) -> tuple[np.ndarray, Queen]:
    table = gpd.read_file(get_path(given["example"]))
    values = table[given["column"]].to_numpy(dtype=float)
    return values, Queen.from_dataframe(table, use_index=False, silence_warnings=True)


def _of_areas(z: np.ndarray) -> Answers:
    return {
        "first": z[:5],
        "greatest": z.max(),
        "greatest_at": z.argmax(),
        "least": z.min(),
        "least_at": z.argmin(),
        "hot": (z > 1.96).sum(),
        "cold": (z < -1.96).sum(),
    }


def _our_local_g_areas(given: Inputs) -> Answers:
    values, near = _areas(given)
    return _of_areas(local_g(values, sparse.csr_array(near.sparse), star=given["star"]))


def _esda_local_g_areas(given: Inputs) -> Answers:
    values, near = _areas(given)
    own = 1.0 if given["star"] else False
    found = esda.getisord.G_Local(values, near, transform="B", star=own, permutations=0)
    return _of_areas(found.Zs)


def _coincident(given: Inputs) -> np.ndarray:
    """Lay places 1 km apart with coincident events, and the rest far apart from one another."""
    side = int(np.ceil(np.sqrt(given["places"])))
    at = np.array([(n % side, n // side) for n in range(given["places"])], dtype=float) * 1000
    rest = given["events"] - given["places"] * given["each"]
    wide = int(np.ceil(np.sqrt(rest)))
    others = np.array([(n % wide, n // wide) for n in range(rest)], dtype=float) * 1000
    return np.vstack([np.repeat(at, given["each"], axis=0), others + 1_000_000])


def _our_coincident(given: Inputs) -> Answers:
    labels, _ = cluster_points(_coincident(given), given["reach"], given["min_weight"])
    return {"clusters": labels.max() + 1}


def _sklearn_coincident(given: Inputs) -> Answers:
    found = DBSCAN(eps=given["reach"], min_samples=given["min_weight"]).fit(_coincident(given))
    return {"clusters": found.labels_.max() + 1}


def _our_expected(given: Inputs) -> Answers:
    """Plant records in one cell among others spread evenly, against an even baseline."""
    around = h3.grid_disk(h3.latlng_to_cell(53.02, -2.18, 9), 20)[: given["cells"]]
    ids = np.sort(np.array([int(cell, 16) for cell in around], dtype=np.uint64))
    ground = grid_of(shapely.Point(0, 0).buffer(1e-9), 9, ids)
    others = [around[n % len(around)] for n in range(given["others"])]
    at = np.array([h3.cell_to_latlng(c) for c in [around[0]] * given["planted"] + others])
    points = pl.DataFrame({"lat": at[:, 0], "lng": at[:, 1]})
    params = Params(resolution=9, rings=1, min_weight=100, min_children=1, child_cap_days=None)
    run = detect(points, params)
    baseline = np.full(len(ground), given["baseline_a_cell"], dtype=np.int64)
    hotspot = judge(run, ground, baseline, simulations=9).table.iloc[0]
    inside = run.hotspots["n_cells"].iloc[0]
    return {"expected": hotspot["expected"] / inside * given["inside"]}


def _our_change(given: Inputs) -> Answers:
    parts = []
    for side in ("before", "after"):
        child = np.repeat([f"{side}{n}" for n in range(len(given[side]))], given[side]).tolist()
        at = pl.Series([datetime(2026, 5, 1, tzinfo=UTC)] * len(child))
        parts.append(pl.DataFrame({"child": child, "occurred_at": at}))
    return {"word": change_of(parts[0], parts[1]).word}


def _our_premises(given: Inputs) -> Answers:
    premises, events = (_in_degrees(given[name]) for name in ("premises_m", "children_at"))
    child = [f"c{n}" for n in range(len(events))]
    found = own_events(pl.from_pandas(events).with_columns(child=pl.Series(child)), premises)
    return {"here": found["here"].to_numpy()}


def _in_degrees(metres: list[list[float]]) -> pd.DataFrame:
    at = np.array(metres, dtype=float)
    lng = -2 + at[:, 0] / (111_320 * np.cos(np.radians(53)))
    return pd.DataFrame({"lng": lng, "lat": 53 + at[:, 1] / 111_320})


PACKAGES = {
    "hotspot": {
        "local_g": _our_local_g,
        "knox": _our_knox,
        "dbscan": _our_dbscan,
        "accuracy": _our_accuracy,
        "mann_kendall": _our_mann_kendall,
        "displacement": _our_displacement,
        "harm": _our_harm,
        "quotient": _our_quotient,
        "likelihood_ratio": _our_likelihood_ratio,
        "local_g_areas": _our_local_g_areas,
        "coincident": _our_coincident,
        "expected": _our_expected,
        "change": _our_change,
        "premises": _our_premises,
    },
    "esda": {"local_g": _esda_local_g, "local_g_areas": _esda_local_g_areas},
    "pointpats": {"knox": _pointpats_knox},
    "scikit-learn": {"dbscan": _sklearn_dbscan, "coincident": _sklearn_coincident},
}
"""Functions by package and statistic."""
