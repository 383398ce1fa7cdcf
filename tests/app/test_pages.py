"""Each page under Streamlit's own test runner: what it holds and what its forms do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from app_pages.pages import PAGES
from hotspot.access.actor import Actor, UserRole
from hotspot.access.sessions import SignInStage
from hotspot.services.actions import lists, recording
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.workspace.folder import Workspace
from hotspot.settings import INSTALLED_AT, SESSION_USER_KEY, WORKSPACE_VARIABLE
from hotspot.store import accounts
from hotspot.store.unit_of_work import reading
from tests.helpers import FORCE, add_person, an_action, log_of, run_of

OpenApp = Callable[..., AppTest]
MAIN = str(INSTALLED_AT / "app_pages" / "main.py")


def press(app: AppTest, label: str) -> None:
    """Press the one button of that label and run the app."""
    (button,) = [button for button in app.button if button.label == label]
    button.click().run()


def session_for(workspace: Workspace, person: str) -> str:
    """Open a session of an account, as the gate does."""
    with reading(workspace.engine) as connection:
        account = accounts.account_by_name(connection, person)
    assert account is not None
    admitted = Doorkeeper(workspace).admit(account, "127.0.0.1", SignInStage.OPEN)
    return admitted.session.session_id


def hotspots_shown(app: AppTest) -> pd.DataFrame:
    """Give the table beside the map."""
    sent = [json.loads(part.proto.json) for part in app.get("bidi_component") if part.proto.json]
    (table,) = [data for data in sent if data["part"] == "table"]
    names = [column["name"] for column in table["columns"]]
    return pd.DataFrame([row["cells"] for row in table["rows"]], columns=names)


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    import streamlit as st

    def open_for(workspace: Workspace, person: str = "drew", **asked: str | list[str]) -> AppTest:
        """Open the app as the account of a name; as nobody where the name is empty."""
        st.cache_resource.clear()
        st.cache_data.clear()
        monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace.folder))
        config.set_option("server.address", "127.0.0.1")
        app = AppTest.from_file(MAIN, default_timeout=60)
        app.user = {SESSION_USER_KEY: session_for(workspace, person)} if person else {}
        for name, value in asked.items():
            app.query_params[name] = value
        return app.run()

    return open_for


def test_the_map_page_says_what_is_found_and_that_it_is_a_demonstration(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo, "asha")
    assert not app.exception
    assert "Demonstration: invented data" in app.warning[0].value
    table = hotspots_shown(app)
    assert table["Hotspot"].tolist() == [f"H-{n:02}" for n in range(1, 9)]
    assert table["Mark"].tolist().count("one child") == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"at": "nan,nan"},
        {"at": "1e400,5"},
        {"at": ","},
        {"at": "-2.18,53.02,7"},
        {"at": "999,99"},
        {"period": "abc"},
        {"period": ["2026-10", "2026-01"]},
        {"resolution": "99"},
        {"reach_m": "nan"},
        {"min_weight": "inf"},
        {"records": "<script>"},
        {"hours": "99"},
        {"weekdays": "Funday"},
        {"compare_with": "zzz"},
        {"view": "nan,nan,nan"},
    ],
)
def test_an_address_with_nonsense_opens_the_map_as_it_is(
    demo: Workspace, open_app: OpenApp, asked: dict[str, str | list[str]]
) -> None:
    app = open_app(demo, "asha", **asked)
    assert not app.exception
    assert len(hotspots_shown(app)) == 8


def test_what_one_child_drives_is_withheld_from_all_but_analysts(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo, "drew")
    table = hotspots_shown(app)
    assert len(table) == 7
    assert "Mark" not in table
    assert any("withheld to protect children" in text.value for text in app.markdown)


def path_of_form(app: AppTest) -> list[int]:
    """Give where on the page the form stands: a form that moves is drawn anew, without what is typed."""

    def search(block: Any, path: list[int]) -> list[int] | None:
        for at, child in getattr(block, "children", {}).items():
            here = [*path, at]
            if child.type == "form":
                return here
            if (found := search(child, here)) is not None:
                return found
        return None

    found = search(app.main, [])
    assert found
    return found


def test_the_form_of_an_action_stays_where_it_is_whatever_the_measure(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo).switch_page("hotspots/hotspot_page.py").run()
    before = path_of_form(app)
    for code in ("HVP", "LA51", "CN76"):
        {box.label: box for box in app.selectbox}["Measure"].select(code).run()
        assert path_of_form(app) == before


def test_the_card_of_a_measure_says_where_it_stands_and_what_waits(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo).switch_page("hotspots/hotspot_page.py").run()
    {box.label: box for box in app.selectbox}["Measure"].select("H116").run()
    assert not app.exception
    said = " ".join(caption.value.replace("\\", "") for caption in app.caption)
    assert "ss.116-118; read at legislation.gov.uk/ukpga/2014/12/section/116 on" in said
    assert "from memory, to be checked: ss.117 and 118" in said
    assert "Before 'information required': Nothing is required under the notice" in said
    assert "once 'issued' is known" in said
    where = next(f.value for f in app.dataframe if "Stands in" in f.value.columns)
    assert len(where) == 2
    assert where["Stands in"].str.contains("s.117(2)", regex=False).sum() == 1
    boxes = [box.label for box in app.checkbox if box.label.startswith("Confirmed: ")]
    assert not any("appeal" in label for label in boxes)  # asked at its stage, not now


def test_an_action_is_recorded_and_listed(demo: Workspace, open_app: OpenApp, lead: Actor) -> None:
    app = open_app(demo)
    app.switch_page("hotspots/hotspot_page.py").run()
    assert not app.exception
    by_label = {box.label: box for box in app.selectbox}
    by_label["Measure"].select("MAKESAFE")
    app.text_input[0].input("Sgt Example")
    app.text_area[0].input("Visit all three")
    press(app, "Record the action")
    assert not app.exception
    assert "registered as HS" in app.success[0].value.replace("\\", "")
    listed = lists.list_actions(demo, lead)
    assert listed[["measure_code", "owner", "note"]].to_numpy().tolist() == [
        ["MAKESAFE", "Sgt Example", "Visit all three"]
    ]
    app.switch_page("actions/actions_page.py").run()
    assert app.dataframe[0].value["Owner"].tolist() == ["Sgt Example"]


def test_a_text_that_may_point_at_a_person_is_asked_about_before_it_is_saved(
    demo: Workspace, open_app: OpenApp, lead: Actor
) -> None:
    recording.record_action(demo, lead, an_action(), run_of(demo, lead), "H-01", FORCE)
    app = open_app(demo)
    app.switch_page("actions/actions_page.py").run()
    (note,) = [box for box in app.text_input if box.label.startswith("What happened, if")]
    note.input("Call Mr Example on 07700 900123")
    press(app, "Save the new state")
    (said,) = [text.value for text in app.warning if "seem to hold" in text.value]
    assert "a telephone number, a person's name" in said.replace("\\", "")
    assert lists.list_actions(demo, lead)["state"].tolist() == ["agreed"]
    ticks = [box for box in app.checkbox if box.label.startswith("The texts name nobody")]
    assert len(ticks) == 3
    ticks[0].check()
    press(app, "Save the new state")
    assert lists.list_actions(demo, lead)["state"].tolist() == ["underway"]


def test_a_page_that_is_drawn_again_is_one_consultation(demo: Workspace, open_app: OpenApp) -> None:
    before = log_of(demo)["operation"].tolist()
    app = open_app(demo)
    app.switch_page("hotspots/hotspot_page.py").run()
    once = log_of(demo)["operation"].tolist()
    app.run()
    app.run()
    again = log_of(demo)["operation"].tolist()
    assert once[len(before) :].count("view hours of the week") == 1
    assert again == once


def test_an_action_is_directed_at_premises(demo: Workspace, open_app: OpenApp, lead: Actor) -> None:
    """The option that is chosen is the one that is stored, though names occur in two registers."""
    app = open_app(demo)
    app.switch_page("hotspots/hotspot_page.py").run()
    boxes = {box.label: box for box in app.selectbox}
    labels = boxes["Directed at"].options
    assert labels[0] == "The place as a whole"
    assert len(set(labels)) == len(labels) > 5
    boxes["Measure"].select("MAKESAFE")
    boxes["Directed at"].set_value(2)
    app.text_input[0].input("Sgt Example")
    press(app, "Record the action")
    assert not app.exception
    name = lists.list_actions(demo, lead)["premises_name"].item()
    assert labels[3].startswith(name)  # after the place as a whole, counted from 0


def test_a_form_without_a_measure_or_owner_records_nothing(
    demo: Workspace, open_app: OpenApp, lead: Actor
) -> None:
    app = open_app(demo)
    app.switch_page("hotspots/hotspot_page.py").run()
    press(app, "Record the action")
    assert app.error[0].value == "Choose a measure."
    {box.label: box for box in app.selectbox}["Measure"].select("HVP")
    press(app, "Record the action")
    assert "no owner" in app.error[0].value
    assert lists.list_actions(demo, lead).empty


def test_a_role_that_may_not_record_sees_no_form(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo, "asha")
    app.switch_page("hotspots/hotspot_page.py").run()
    assert [area.label for area in app.text_area] == ["Harm table"]
    assert any("not record them" in caption.value for caption in app.caption)


def test_other_settings_give_other_hotspots_and_an_empty_map_says_why(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo)
    numbers = {box.label: box for box in app.number_input}
    numbers["Minimum weight"].set_value(60.0).run()
    assert not app.exception
    assert len(hotspots_shown(app)) < 8
    {box.label: box for box in app.number_input}["Minimum weight"].set_value(5000.0).run()
    assert not app.exception
    assert any("No hotspot at these settings" in info.value for info in app.info)
    assert any("Try a minimum weight" in text.value for text in app.markdown)


@pytest.mark.parametrize(
    "page", ["hotspots/hotspot_page.py", "actions/actions_page.py", "premises/premises_page.py"]
)
def test_every_page_draws_its_empty_case(demo: Workspace, open_app: OpenApp, page: str) -> None:
    app = open_app(demo)
    {box.label: box for box in app.number_input}["Minimum weight"].set_value(5000.0).run()
    app.switch_page(page).run()
    assert not app.exception


def test_a_workspace_without_records_says_how_to_import(
    workspace: Workspace, open_app: OpenApp
) -> None:
    app = open_app(workspace, add_person(workspace, UserRole.ANALYST))
    assert not app.exception
    assert any("No records are imported yet" in info.value for info in app.info)
    assert any("OFFICIAL" in info.value for info in app.info)


@pytest.mark.parametrize("role", list(UserRole))
def test_no_page_of_a_new_workspace_is_empty_without_a_word(
    workspace: Workspace, open_app: OpenApp, role: UserRole
) -> None:
    app = open_app(workspace, add_person(workspace, role))
    walked = 0
    for script in (page.script for page in PAGES):
        try:
            app.switch_page(script).run()
        except ValueError:  # not a page of the role
            continue
        assert not app.exception, script
        assert not app.error, script
        words = [part.value for part in [*app.main.info, *app.main.subheader, *app.main.caption]]
        assert len(words) >= 3, script  # the marking, a heading, and a word of what to do
        walked += 1
    assert walked >= 3


@pytest.mark.parametrize("session", [None, "", "0" * 64, 7])
def test_nobody_who_is_not_signed_in_sees_anything(
    demo: Workspace, open_app: OpenApp, session: object
) -> None:
    app = open_app(demo, "")
    app.user = {SESSION_USER_KEY: session}
    app.run()
    assert "not signed in" in app.error[0].value
    assert not app.selectbox
    assert not app.dataframe
    assert not app.sidebar.caption


SCRIPT_OF = {page.path: page.script for page in PAGES}
SCRIPTS = (
    "map",
    "hotspot",
    "overview",
    "actions",
    "papers",
    "premises",
    "register",
    "accounts",
    "log",
    "trace",
)
FORCE_PAGES = {"map", "hotspot", "actions", "premises", "register"}
PAGES_OF = {
    "asha": FORCE_PAGES,
    "lee": FORCE_PAGES,
    "drew": FORCE_PAGES,
    "vic": {"overview", "actions"},
    "cory": {"papers", "register"},
    "addie": {"accounts"},
    "audrey": {"log", "trace"},
}


@pytest.mark.parametrize("person", list(PAGES_OF))
def test_what_a_role_may_not_see_is_never_computed(
    demo: Workspace, open_app: OpenApp, person: str
) -> None:
    """A page that is not the role's does not exist in its session; its own ones draw."""
    app = open_app(demo, person)
    for script in SCRIPTS:
        if script in PAGES_OF[person]:
            app.switch_page(SCRIPT_OF[script]).run()
            assert not app.exception, script
            assert not app.error, script
        else:
            with pytest.raises(ValueError, match="Could not find"):
                app.switch_page(SCRIPT_OF[script])


def test_a_role_that_changes_is_another_app_at_the_next_run(
    demo: Workspace, open_app: OpenApp
) -> None:
    app = open_app(demo, "asha")
    assert len(hotspots_shown(app))
    with demo.engine.begin() as connection:
        known = accounts.account_by_name(connection, "asha")
        assert known is not None
        accounts.change_account(connection, known, roles=frozenset({UserRole.AUDITOR}))
    app.run()
    assert not app.get("bidi_component")
    assert {button.label for button in app.button} >= {"Show"}


def test_a_viewer_sees_bands_and_no_settings(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo, "vic")
    table = hotspots_shown(app)
    assert list(table.columns) == ["Hotspot", "Events", "Children"]
    assert all(str(count).isdigit() and int(count) % 5 == 0 for count in table["Children"])
    assert any("withheld" in text.value for text in app.caption)
    assert not app.number_input
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
    from app_pages.frame.text import plain

    assert plain("![x](https://evil/x.png) :red[a] $b$") == (
        "\\!\\[x\\]\\(https\\:\u2060//evil/x.png\\) \\:red\\[a\\] \\$b\\$"
    )


def test_every_page_is_short() -> None:
    for path in (Path(MAIN).parent).glob("*_page.py"):
        assert path.read_text().count("\n") <= 100


def test_filters_change_the_run_and_are_said_back(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo, "asha")
    before = hotspots_shown(app)["Events"].sum()
    app.multiselect(key="risks").select("high").run()
    assert not app.exception
    assert hotspots_shown(app)["Events"].sum() < before
    assert any("only risk high" in caption.value for caption in app.caption)
    app.text_area(key="harm_text").input("Grooming, 0").run()
    assert any("Line 1 of the harm table" in error.value for error in app.error)
