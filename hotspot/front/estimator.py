"""Be at home in scikit-learn: the clustering as an estimator."""

from __future__ import annotations

from typing import Any, Self

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_array, validate_data

from hotspot.analysis.detection.cells import cells_to_strings, index_points
from hotspot.analysis.detection.clusters import cluster_cells
from hotspot.errors import InputError
from hotspot.front.points import as_points
from hotspot.params import Params


class H3DBSCAN(ClusterMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """DBSCAN over weighted H3 cells.

    Parameters
    ----------
    resolution
        H3 resolution of the cells, 7 to 11.
    rings
        Neighbourhood of a cell in grid steps, 1 to 12 (see `hotspot.rings_for_reach`).
    min_weight
        Weight that a cell's neighbourhood, itself included, must reach to be a core cell.

    Attributes
    ----------
    labels_
        Cluster of each point, 0, 1, ... by falling weight, -1 for noise, shape (n,).
    core_sample_indices_
        Indices of the points in core cells.
    cells_
        H3 cell of each point, as text, shape (n,).

    Notes
    -----
    DBSCAN (Ester, Kriegel, Sander and Xu, KDD 1996) on the graph of occupied H3 cells: core points
    and noise equal `sklearn.cluster.DBSCAN` on the grid distances of the cells; a border cell joins
    the neighbouring core cell with the greatest weight, so that the order of points never matters.

    Examples
    --------
    >>> import numpy as np
    >>> places = np.array([[53.02, -2.18]] * 30 + [[52.80, -2.12]])
    >>> H3DBSCAN(min_weight=20).fit_predict(places)[[0, -1]].tolist()
    [0, -1]
    """

    def __init__(self, resolution: int = 10, rings: int = 2, min_weight: float = 20.0) -> None:
        self.resolution = resolution
        self.rings = rings
        self.min_weight = min_weight

    def fit(self, X: Any, y: object = None, sample_weight: ArrayLike | None = None) -> Self:  # noqa: ANN401, ARG002, N803 - scikit-learn's signature
        """Cluster points.

        Parameters
        ----------
        X
            Array of (latitude, longitude) in WGS84 degrees, shape (n, 2); or a GeoDataFrame of
            points, or a pandas or polars frame with columns as `hotspot.detect` takes them.
        y
            Not used.
        sample_weight
            Weight of each point, shape (n,); one each by default.

        Returns
        -------
        H3DBSCAN
            Itself.

        Raises
        ------
        InputError
            The points, the weights or a setting cannot be used.
        """
        Params(resolution=self.resolution, rings=self.rings, min_weight=self.min_weight)
        places = self._places_of(X)
        weights = _weights_of(sample_weight, len(places))
        cells = index_points(
            np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1]), self.resolution
        )
        occupied, at = np.unique(cells, return_inverse=True)
        total = np.bincount(at, weights=weights, minlength=len(occupied)).astype(np.float64)
        clusters = cluster_cells(occupied, total, self.rings, float(self.min_weight))
        self.labels_ = clusters.labels[at]
        self.core_sample_indices_ = np.flatnonzero(clusters.core[at])
        self.cells_ = np.array(cells_to_strings(occupied))[at]
        return self

    def _places_of(self, X: Any) -> NDArray[np.float64]:  # noqa: ANN401, N803 - scikit-learn's name
        """Return latitude and longitude of each point, checked."""
        if isinstance(X, pl.LazyFrame):
            X = X.collect()  # noqa: N806 - scikit-learn's name
        is_frame = isinstance(X, gpd.GeoDataFrame | gpd.GeoSeries | pl.DataFrame | pd.DataFrame)
        names = ["lat", "lng"] if is_frame else None
        if is_frame:
            X = as_points(X).lazy().select("lat", "lng").collect().to_numpy()  # noqa: N806
        try:
            places = np.asarray(
                validate_data(self, X, dtype=np.float64, ensure_min_features=2), dtype=np.float64
            )
        except ValueError as error:
            raise InputError(str(error)) from error
        if names:
            self.feature_names_in_ = np.array(names, dtype=object)
        if places.shape[1] != 2:
            message = (
                f"X has {places.shape[1]} columns; give two, latitude and longitude in degrees."
            )
            raise InputError(message)
        beyond = (np.abs(places[:, 0]) > 90) | (np.abs(places[:, 1]) > 180)
        if beyond.any():
            row = int(np.flatnonzero(beyond)[0])
            message = (
                f"X has {places[row, 0]:g}, {places[row, 1]:g} in row {row}: latitude (first) is "
                "at most 90 and longitude at most 180 degrees. Turn metres into degrees, or give "
                "a GeoDataFrame with its coordinate system."
            )
            raise InputError(message)
        return places


def _weights_of(sample_weight: ArrayLike | None, count: int) -> NDArray[np.float64]:
    """Check weights: one for each point, finite and not below zero."""
    if sample_weight is None:
        return np.ones(count)
    try:
        weights = check_array(sample_weight, ensure_2d=False, dtype=np.float64)
    except (ValueError, TypeError) as error:
        message = f"sample_weight cannot be used: {error}"
        raise InputError(message) from error
    if weights.shape != (count,) or (weights < 0).any():
        message = (
            f"sample_weight has the shape {weights.shape}; give a number of 0 or more for each of "
            f"the {count:,} points."
        )
        raise InputError(message)
    if not weights.any():
        message = "sample_weight is zero for all points; at least one weight must be above 0."
        raise InputError(message)
    return np.asarray(weights, dtype=np.float64)
