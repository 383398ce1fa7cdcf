"""Answer what lies in an area that was drawn on the map, and say which areas are masked."""

from __future__ import annotations

import logging

import pandas as pd
import polars as pl
from shapely.geometry.base import BaseGeometry

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.run import Run
from hotspot.analysis.surroundings.districts import ground_of_cells
from hotspot.analysis.surroundings.drawn_area import InArea, area_of_ring, lies_in, masked_areas
from hotspot.errors import InputError
from hotspot.intake.places.lookups import ReferenceFiles
from hotspot.intake.places.postcodes import postcodes_in
from hotspot.services.hotspots.runs import shape_of
from hotspot.services.workspace.audit_names import ground_place, places_of_premises
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import datasets

_log = logging.getLogger(__name__)


def what_is_in(
    workspace: Workspace, actor: Actor, run: Run, sources: list[str], ring: list[list[float]]
) -> InArea:
    """Say what of a run, premises and points of interest lies in an area.

    Parameters
    ----------
    ring
        Corners of the area as latitude and longitude, WGS84 degrees.

    Raises
    ------
    InputError
        The corners do not enclose an area that can be asked about.
    """
    area = area_of_ring(ring)
    with work_on(workspace, actor, Operation.ASK_AREA) as work:
        premises = datasets.all_rows(work.connection, "premises")
        places = datasets.all_rows(work.connection, "places")
        answer = lies_in(area, run, premises, places)
        ground = {ground_place(cell) for cell in ground_of_cells(answer.cells)}
        work.log(
            "area drawn on the map",
            rows=len(answer.cells),
            shape=shape_of(run, sources),
            places=ground | set(places_of_premises(answer.premises)),
        )
    return answer


def postcodes_of(workspace: Workspace) -> pd.DataFrame:
    """Return the postcodes of the area, by the force's own file of them; none where it has none.

    Returns
    -------
    DataFrame
        `postcode`, `lng`, `lat` (WGS84 degrees).
    """
    try:
        postcodes = postcodes_in(
            workspace.area.boundary.bounds, ReferenceFiles(workspace.reference)
        )
    except InputError as error:  # the map does without; an import that needs it says so too
        _log.warning("postcodes cannot be searched", extra={"why": str(error)})
        postcodes = pl.DataFrame({"postcode": [], "lng": [], "lat": []})
    return postcodes.to_pandas()


def masked_on_map(workspace: Workspace, actor: Actor) -> list[BaseGeometry]:
    """Return the ground around sensitive sites, where records are left out; never the sites."""
    with work_on(workspace, actor, Operation.VIEW_PLACES) as work:
        masked = masked_areas(datasets.list_sites(work.connection))
        work.log("masked areas", rows=len(masked))
    return masked
