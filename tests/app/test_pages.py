"""Each page under Streamlit's own test runner: what it holds and what its forms do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from hotspot.access.actor import Actor
from hotspot.services import actions
from hotspot.services.workspace import Workspace
from hotspot.settings import INSTALLED_AT, ONLY_USER_VARIABLE, WORKSPACE_VARIABLE
from hotspot.store import repository
from hotspot.store.unit_of_work import reading

OpenApp = Callable[..., AppTest]
MAIN = str(INSTALLED_AT / "app_pages" / "main.py")


def press(app: AppTest, label: str) -> None:
    """Press the one button of that label and run the app."""
    (button,) = [button for button in app.button if button.label == label]
    button.click().run()


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    import streamlit as st

    def open_for(workspace: Workspace, only_user: str = "") -> AppTest:
        st.cache_resource.clear()
        st.cache_data.clear()
        monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace.folder))
        monkeypatch.setenv(ONLY_USER_VARIABLE, only_user)
        config.set_option("server.address", "127.0.0.1")
        return AppTest.from_file(MAIN, default_timeout=60).run()

    return open_for


def test_the_map_page_says_what_is_found_and_that_it_is_a_demonstration(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo)
    assert not app.exception
    assert "Demonstration: invented data" in app.warning[0].value
    table = app.dataframe[0].value
    assert table["Hotspot"].tolist() == [f"H-{n:02}" for n in range(1, 9)]
    assert table["Mark"].tolist().count("one child") == 1


def test_an_action_is_recorded_and_listed(demo: Workspace, open_app: OpenApp, lead: Actor) -> None:
    app = open_app(demo)
    app.switch_page("hotspot_page.py").run()
    assert not app.exception
    by_label = {box.label: box for box in app.selectbox}
    by_label["Measure"].select("MAKESAFE")
    app.text_input[0].input("Sgt Example")
    app.text_area[0].input("Visit all three")
    press(app, "Record the action")
    assert not app.exception
    assert "registered as HS" in app.success[0].value.replace("\\", "")
    listed = actions.list_actions(demo, lead)
    assert listed[["measure_code", "owner", "note"]].to_numpy().tolist() == [
        ["MAKESAFE", "Sgt Example", "Visit all three"]
    ]
    app.switch_page("actions_page.py").run()
    assert app.dataframe[0].value["Owner"].tolist() == ["Sgt Example"]


def test_a_page_that_is_drawn_again_is_one_consultation(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo)
    app.switch_page("hotspot_page.py").run()
    with reading(demo.engine) as connection:
        once = repository.audit_rows(connection)["operation"].tolist()
    app.run()
    app.run()
    with reading(demo.engine) as connection:
        again = repository.audit_rows(connection)["operation"].tolist()
    assert once.count("view hours of the week") == 1
    assert again == once


def test_an_action_is_directed_at_premises(demo: Workspace, open_app: OpenApp, lead: Actor) -> None:
    """The option that is chosen is the one that is stored, though names occur in two registers."""
    app = open_app(demo)
    app.switch_page("hotspot_page.py").run()
    boxes = {box.label: box for box in app.selectbox}
    labels = boxes["Directed at"].options
    assert labels[0] == "The place as a whole"
    assert len(set(labels)) == len(labels) > 5
    boxes["Measure"].select("MAKESAFE")
    boxes["Directed at"].set_value(2)
    app.text_input[0].input("Sgt Example")
    press(app, "Record the action")
    assert not app.exception
    name = actions.list_actions(demo, lead)["premises_name"].item()
    assert labels[3].startswith(name)  # after the place as a whole, counted from 0


def test_a_form_without_a_measure_or_owner_records_nothing(
    demo: Workspace, open_app: OpenApp, lead: Actor
) -> None:
    app = open_app(demo)
    app.switch_page("hotspot_page.py").run()
    press(app, "Record the action")
    assert app.error[0].value == "Choose a measure."
    {box.label: box for box in app.selectbox}["Measure"].select("HVP")
    press(app, "Record the action")
    assert "no owner" in app.error[0].value
    assert actions.list_actions(demo, lead).empty


def test_a_role_that_may_not_record_sees_no_form(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo)
    app.selectbox[0].select("Asha Analyst (demo)").run()
    app.switch_page("hotspot_page.py").run()
    assert not app.text_area
    assert any("not record them" in caption.value for caption in app.caption)


def test_other_settings_give_other_hotspots_and_an_empty_map_says_why(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo)
    numbers = {box.label: box for box in app.number_input}
    numbers["Minimum weight"].set_value(60.0).run()
    assert not app.exception
    assert len(app.dataframe[0].value) < 8
    {box.label: box for box in app.number_input}["Minimum weight"].set_value(5000.0).run()
    assert not app.exception
    assert any("No hotspot at these settings" in info.value for info in app.info)
    assert any("Try a minimum weight" in text.value for text in app.markdown)


@pytest.mark.parametrize("page", ["hotspot_page.py", "actions_page.py", "premises_page.py"])
def test_every_page_draws_its_empty_case(demo: Workspace, open_app: OpenApp, page: str) -> None:
    app = open_app(demo)
    {box.label: box for box in app.number_input}["Minimum weight"].set_value(5000.0).run()
    app.switch_page(page).run()
    assert not app.exception


def test_a_workspace_without_records_says_how_to_import(
    workspace: Workspace, open_app: OpenApp
) -> None:
    app = open_app(workspace, "Jo Analyst")
    assert not app.exception
    assert any("hotspot import" in info.value for info in app.info)
    assert any("OFFICIAL" in info.value for info in app.info)


def test_a_real_workspace_without_its_one_user_shows_nothing(
    workspace: Workspace, open_app: OpenApp
) -> None:
    app = open_app(workspace)
    assert "only\\-user" in app.error[0].value
    assert not app.selectbox


def test_the_app_refuses_to_run_on_another_address(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo)
    config.set_option("server.address", "0.0.0.0")  # noqa: S104 - what must be refused
    try:
        app.run()
        assert "hotspot demo" in app.error[0].value
        assert not app.selectbox
    finally:
        config.set_option("server.address", "127.0.0.1")


def test_markdown_in_text_is_shown_as_it_is() -> None:
    from app_pages.widgets import plain

    assert plain("![x](https://evil/x.png) :red[a] $b$") == (
        r"\!\[x\]\(https\://evil/x.png\) \:red\[a\] \$b\$"
    )


def test_every_page_is_short() -> None:
    for path in (Path(MAIN).parent).glob("*_page.py"):
        assert path.read_text().count("\n") <= 100
