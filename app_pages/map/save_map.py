"""Save the map for named recipients: suppressed, marked, logged."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app_pages.frame import session
from app_pages.frame.exporting import show_export
from app_pages.frame.remember import run_name
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.geographic import geographic_file
from hotspot.disclosure.ground import SENTENCE
from hotspot.disclosure.shared_map import SharedMap
from hotspot.disclosure.suppression import RULE_SENTENCE
from hotspot.services.hotspots import disclosures
from hotspot.services.workspace.exports import ExportFile
from layers.plan import map_picture
from layers.portable import map_file


def show_save_map(actor: Actor, run: Run, sources: list[str]) -> None:
    """Prepare a map file for named recipients: suppressed, marked, logged."""
    forms: dict[FileForm, tuple[str, str, Callable[[SharedMap], bytes]]] = {
        FileForm.PAGE: ("Save this map to share it", "The file opens without a network", map_file),
        FileForm.PICTURE: (
            "Save this map as a picture",
            "One page, for a document or a wall",
            map_picture,
        ),
        FileForm.GEOPACKAGE: (
            "Save the hotspots for QGIS or ArcGIS (GeoPackage)",
            "A layer in the National Grid that QGIS opens with its colours",
            partial(geographic_file, form=FileForm.GEOPACKAGE),
        ),
        FileForm.GEOPARQUET: (
            "Save the hotspots for a notebook or Power BI (GeoParquet)",
            "A table with outlines in longitude and latitude",
            partial(geographic_file, form=FileForm.GEOPARQUET),
        ),
    }
    for form, (title, about, draw) in forms.items():

        def prepare(
            recipients: str,
            reason: str,
            form: FileForm = form,
            draw: Callable[[SharedMap], bytes] = draw,
        ) -> ExportFile:
            return disclosures.export_map(
                session.workspace(),
                actor,
                run,
                sources,
                recipients=recipients,
                reason=reason,
                draw=draw,
                form=form,
            )

        said = f"{about}. It holds outlines and banded counts only. {RULE_SENTENCE} {SENTENCE}"
        show_export(actor, f"map {form.value} {run_name(run, sources)}", title, said, prepare)
