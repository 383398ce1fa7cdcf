"""A force's own words, a file without names of columns and the way on, under Streamlit's runner."""

from __future__ import annotations

import io
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from app_pages.frame import state
from hotspot.access.actor import UserRole
from hotspot.services.records.uploads import keep_upload
from hotspot.services.workspace.folder import Workspace
from tests.app.test_pages import OpenApp, open_app, press
from tests.helpers import add_person
from tests.intake.cases import DEGREES, INCIDENT, numbered, text_of

__all__ = ["open_app"]
WORDS = "##### Words that are not known"


def with_file(workspace: Workspace, open_app: OpenApp, content: str) -> AppTest:
    """Open the page of imports with a file of incidents that was sent."""
    add_person(workspace, UserRole.ANALYST, "ana")
    app = open_app(workspace, "ana").switch_page("records/import_page.py").run()
    app.selectbox(key=state.IMPORT_SOURCE).set_value("incidents").run()
    sent = keep_upload(workspace, "odd.csv", io.BytesIO(content.encode()))
    app.session_state[state.IMPORT_FILE] = sent
    return app.run()


def wait_for(app: AppTest, key: str) -> None:
    """Run the page until a job has left what it brought."""
    for _ in range(120):
        if key in app.session_state and state.IMPORT_JOB not in app.session_state:
            app.run()
            return
        time.sleep(0.5)
        app.run()
    raise AssertionError([error.value for error in app.error])


def test_a_meaning_stays_when_the_file_is_checked_again(
    workspace: Workspace, open_app: OpenApp
) -> None:
    rows = numbered(3, INCIDENT, Location_Setting=lambda n: ("Park", "Unit 4", "Unit 4")[n])
    app = with_file(workspace, open_app, text_of(*rows))
    press(app, "Check the file")
    wait_for(app, state.IMPORT_CHECKED)
    assert WORDS in [text.value for text in app.markdown]
    assert not [text.value for text in app.info if "has changed" in text.value]
    app.selectbox(key="word setting Unit 4").set_value("care").run()
    press(app, "Check the file")
    wait_for(app, state.IMPORT_CHECKED)
    assert app.selectbox(key="word setting Unit 4").value == "care"
    reading = app.session_state[state.IMPORT_CHECKED][1]
    assert reading.balance.set_aside == {"setting_off": 2}
    assert not reading.questions
    press(app, "Import")
    wait_for(app, state.IMPORT_DONE)
    assert not app.exception
    assert any("1 row went to the records" in text.value for text in app.caption)
    assert app.get("page_link")


def test_a_file_without_names_of_columns_can_be_said_to_be_one(
    workspace: Workspace, open_app: OpenApp, tmp_path: Path
) -> None:
    rows = "\n".join(f"R{n},2{n}/05/2026 20:00,38795{n},345058" for n in range(4))
    app = with_file(workspace, open_app, rows + "\n")
    press(app, "The file has no row of column names")
    assert not app.exception
    assert "Column 1" in app.selectbox(key="map incidents reference").options


def test_the_persons_column_is_asked_for_by_name(workspace: Workspace, open_app: OpenApp) -> None:
    row = {name: text for name, text in INCIDENT.items() if name != "Person ID"}
    app = with_file(workspace, open_app, text_of(row))
    assert app.selectbox(key="map incidents person").value == "not in the file"
    assert any("children cannot be counted" in text.value for text in app.warning)


def test_what_a_file_holds_is_told_by_its_columns_until_it_is_chosen(
    workspace: Workspace, open_app: OpenApp
) -> None:
    """A CSV with longitude and latitude is imported with three clicks: file, check, import."""
    add_person(workspace, UserRole.ANALYST, "ana")
    app = open_app(workspace, "ana").switch_page("records/import_page.py").run()
    content = text_of(*numbered(3, DEGREES)).encode()
    app.session_state[state.IMPORT_FILE] = keep_upload(workspace, "odd.csv", io.BytesIO(content))
    app.run()
    assert app.selectbox(key=state.IMPORT_SOURCE).value == "incidents"
    assert any("By its columns the file holds" in text.value for text in app.info)
    press(app, "Check the file")
    wait_for(app, state.IMPORT_CHECKED)
    press(app, "Import")
    wait_for(app, state.IMPORT_DONE)
    assert app.session_state[state.IMPORT_DONE].balance.used == 3

    press(app, "Import another file")
    app.session_state[state.IMPORT_FILE] = keep_upload(workspace, "odd.csv", io.BytesIO(content))
    app.selectbox(key=state.IMPORT_SOURCE).set_value("missing").run()
    assert app.selectbox(key=state.IMPORT_SOURCE).value == "missing"
    assert state.IMPORT_FILE in app.session_state
    assert not [text.value for text in app.info if "By its columns" in text.value]
