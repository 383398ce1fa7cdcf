"""The estimator among scikit-learn's: its own checks, and the DBSCAN that it must agree with."""

from __future__ import annotations

from typing import Any, Self

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.cluster import DBSCAN
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import validate_data

import hotspot
from hotspot.errors import InputError

NO_PLACES = "the data of this check are no places: not two columns, or no degrees"
EXPECTED = dict.fromkeys(
    [
        "check_all_zero_sample_weights_error",
        "check_clustering",
        "check_dict_unchanged",
        "check_dont_overwrite_parameters",
        "check_dtype_object",
        "check_estimators_dtypes",
        "check_estimators_nan_inf",
        "check_estimators_pickle",
        "check_f_contiguous_array_estimator",
        "check_fit2d_1sample",
        "check_fit2d_predict1d",
        "check_fit_check_is_fitted",
        "check_fit_idempotent",
        "check_fit_score_takes_y",
        "check_methods_sample_order_invariance",
        "check_methods_subset_invariance",
        "check_n_features_in",
        "check_n_features_in_after_fitting",
        "check_pipeline_consistency",
        "check_positive_only_tag_during_fit",
        "check_sample_weight_equivalence_on_dense_data",
        "check_sample_weights_list",
        "check_sample_weights_pandas_series",
    ],
    NO_PLACES,
)
"""Checks that the estimator itself cannot pass: `OnPlaces` passes them on the same data as places."""


class OnPlaces(hotspot.H3DBSCAN):
    """The estimator on scikit-learn's data, brought into degrees around a town."""

    def _places_of(self, X: Any) -> Any:  # noqa: N803
        data = validate_data(self, X, dtype=np.float64)
        lng = data[:, 1] if data.shape[1] > 1 else np.zeros(len(data))
        return np.column_stack([53.0 + 0.02 * data[:, 0], -2.0 + 0.032 * lng])

    def fit(self, X: Any, y: object = None, sample_weight: Any = None) -> Self:  # noqa: N803
        return super().fit(X, y, sample_weight)


@pytest.fixture(scope="module")
def places() -> np.ndarray[Any, Any]:
    """Three dense places and noise, as (latitude, longitude)."""
    rng = np.random.default_rng(5)
    towns = [rng.normal(at, 0.002, (200, 2)) for at in ((53.02, -2.18), (52.80, -2.12), (53.1, -2))]
    return np.vstack([*towns, rng.uniform((52.5, -2.4), (53.2, -1.8), (150, 2))])


def test_scikit_learns_checks_hold_where_its_data_can_be_places() -> None:
    check_estimator(hotspot.H3DBSCAN(), expected_failed_checks=EXPECTED)


def test_scikit_learns_checks_hold_on_its_data_brought_into_degrees() -> None:
    check_estimator(OnPlaces(resolution=8, rings=1, min_weight=3))


def test_core_points_and_noise_equal_scikit_learns_on_the_same_cells(
    places: np.ndarray[Any, Any],
) -> None:
    ours = hotspot.H3DBSCAN(resolution=9, rings=2, min_weight=10).fit(places)
    cells = [h3.latlng_to_cell(lat, lng, 9) for lat, lng in places]
    distinct = sorted(set(cells))
    near = {cell: set(h3.grid_disk(cell, 2)) for cell in distinct}
    at = [distinct.index(cell) for cell in cells]
    apart = np.array([[0.0 if b in near[a] else 9.0 for b in distinct] for a in distinct])
    theirs = DBSCAN(eps=1, min_samples=10, metric="precomputed").fit(apart[np.ix_(at, at)])
    assert ours.core_sample_indices_.tolist() == theirs.core_sample_indices_.tolist()
    assert ((ours.labels_ == -1) == (theirs.labels_ == -1)).all()
    assert ours.cells_.tolist() == cells


def test_frames_of_any_kind_give_what_the_array_gives(places: np.ndarray[Any, Any]) -> None:
    wanted = hotspot.H3DBSCAN(min_weight=8).fit_predict(places)
    frame = pd.DataFrame(places, columns=["latitude", "longitude"])
    geo = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(frame["longitude"], frame["latitude"]), crs=4326
    )
    for form in (frame, pl.from_pandas(frame), pl.from_pandas(frame).lazy(), geo):
        assert hotspot.H3DBSCAN(min_weight=8).fit_predict(form).tolist() == wanted.tolist()


def test_a_weight_of_two_is_a_point_twice(places: np.ndarray[Any, Any]) -> None:
    weights = np.where(np.arange(len(places)) % 3 == 0, 2.0, 1.0)
    once = hotspot.H3DBSCAN(min_weight=12).fit(places, sample_weight=weights).labels_
    twice = hotspot.H3DBSCAN(min_weight=12).fit(np.repeat(places, weights.astype(int), axis=0))
    starts = np.cumsum([0, *weights[:-1].astype(int)])
    assert once.tolist() == twice.labels_[starts].tolist()


def test_it_is_cloned_set_and_put_into_a_pipeline(places: np.ndarray[Any, Any]) -> None:
    estimator = clone(hotspot.H3DBSCAN(resolution=9)).set_params(min_weight=10)
    assert repr(estimator) == "H3DBSCAN(min_weight=10, resolution=9)"
    pipeline = make_pipeline(FunctionTransformer(), estimator)
    assert set(pipeline.fit_predict(places)) == {-1, 0, 1, 2}


@pytest.mark.parametrize(
    ("data", "weights", "said"),
    [
        ([[388000.0, 347000.0]] * 2, None, r"388000, 347000 in row 0: latitude \(first\)"),
        ([[53.0, -2.0, 1.0]], None, "X has 3 columns"),
        ([[np.nan, -2.0]], None, "NaN"),
        ([[53.0, -2.0]], [-1.0], "sample_weight"),
        ([[53.0, -2.0]], [1.0, 2.0], "sample_weight"),
        ([[53.0, -2.0]], [0.0], "zero"),
    ],
)
def test_what_is_no_place_or_no_weight_is_told(data: Any, weights: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        hotspot.H3DBSCAN().fit(data, sample_weight=weights)


def test_a_setting_out_of_range_is_told() -> None:
    with pytest.raises(InputError, match="resolution is 20"):
        hotspot.H3DBSCAN(resolution=20).fit([[53.0, -2.0]])
