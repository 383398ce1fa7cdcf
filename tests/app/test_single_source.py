"""Every page in a workspace that holds one source and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.pages import PAGES
from hotspot.access.actor import Actor, UserRole
from hotspot.schema import SOURCES
from hotspot.services.records.imports import ImportPlan, import_files
from hotspot.services.workspace.folder import Workspace
from hotspot.settings import SAMPLE_FOLDER
from tests.app.test_pages import OpenApp, open_app
from tests.helpers import add_person
from tests.intake.cases import INCIDENT, STREET, numbered, text_of

__all__ = ["open_app"]
STOP = "Type,Date,Latitude,Longitude,Object of search\nPerson search,{},53.0200,-2.1800,Drugs\n"
OUTCOME = (
    "Crime ID,Month,Longitude,Latitude,Location,Outcome type\nc1,2026-05,-2.18,53.02,On,Charged\n"
)
REPORT = (
    "Intelligence reference,Information date,Grade,Easting,Northing\n"
    "I1,21/05/2026 20:00,B11,387951,345058\n"
)
INTERVIEW = (
    "Interview reference,Person ID,Interview date,Location type,Easting,Northing\n"
    "R1,P1,21/05/2026 20:00,Frequented,387951,345058\n"
)
COUNTS = "Month,District,Recorded,Charge\n2026-04,,12,3\n2026-05,,14,2\n"
MADE = {
    "incidents": text_of(*numbered(40, INCIDENT)),
    "interviews": INTERVIEW,
    "intelligence": REPORT,
    "police-uk": text_of(*numbered(30, STREET)),
    "police-uk-outcomes": OUTCOME,
    "police-uk-stops": STOP.format("2026-05-21T20:00:00+00:00"),
    "outcomes": COUNTS,
}
SAMPLE = {
    "missing": "missing_episodes.xlsx",
    "licensing": "licensing_register.csv",
    "food-hygiene": "food_hygiene.xml",
    "places": "places.geojson",
    "sensitive-sites": "sensitive_sites.csv",
    "boundaries": "area.geojson",
}
OTHERS = tuple(role for role in UserRole if role is not UserRole.ANALYST)
QUESTIONS = frozenset({"outside", "heap", "ragged", "dates:start", "spike"})


@pytest.fixture
def held(workspace: Workspace, analyst: Actor, tmp_path: Path, source: str) -> Workspace:
    """A workspace with one source alone."""
    if source in SAMPLE:
        path = SAMPLE_FOLDER / SAMPLE[source]
    else:
        path = tmp_path / f"{source}.csv"
        path.write_text(MADE[source], encoding="utf-8")
    settings = workspace.settings.model_copy(update={"takes_protected_sources": True})
    opened = Workspace(workspace.folder, settings, workspace.area, workspace.engine, workspace.keys)
    import_files(opened, analyst, source, [path], ImportPlan(accepted=QUESTIONS))
    return workspace


def walk(app: AppTest) -> list[str]:
    """Open each page; name those that broke."""
    broken = []
    for page in (one.script for one in PAGES):
        try:
            app.switch_page(page).run()
        except ValueError:  # not a page of the role
            continue
        broken += [f"{page}: {error.value}" for error in app.exception]
        broken += [f"{page}: {e.value}" for e in app.error if "went wrong" in str(e.value)]
    return broken


def test_every_source_is_tried() -> None:
    assert set(MADE) | set(SAMPLE) == set(SOURCES)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "role", [UserRole.ANALYST, *(pytest.param(r, marks=pytest.mark.soak) for r in OTHERS)]
)
def test_no_page_breaks_where_one_source_is_all_there_is(
    held: Workspace, open_app: OpenApp, role: UserRole
) -> None:
    app = open_app(held, add_person(held, role))
    assert not app.exception
    assert walk(app) == []
