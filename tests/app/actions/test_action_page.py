"""The page of an action: errors at their fields, two editors, a double press, its days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from hotspot.access.actor import Actor, UserRole
from hotspot.services.actions import clocks, days, lists, recording
from hotspot.services.actions.changes import change_action, note_event
from hotspot.services.workspace.folder import Workspace
from tests.app.test_pages import open_app, press
from tests.helpers import FORCE, an_action, run_of

__all__ = ["open_app"]
OpenApp = Callable[..., AppTest]
OTHER = Actor("Jo Other", frozenset({UserRole.DISRUPTION_LEAD}), account_id=103)


def recorded(demo: Workspace, lead: Actor, code: str = "YOUTH", **changes: object) -> int:
    action = an_action(code, measure_code=code, **changes)
    return recording.record_action(demo, lead, action, run_of(demo, lead), "H-01", FORCE).action_id


def page_of(app: AppTest, number: object) -> AppTest:
    app.switch_page("actions/action_page.py")
    app.query_params["id"] = str(number)
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.info, *app.success]
    return "\n".join(part.value for part in parts).replace("\\", "")


def box(app: AppTest, label: str) -> Any:
    """Give the one field whose label begins so."""
    fields = [*app.text_input, *app.selectbox, *app.checkbox, *app.date_input]
    (found,) = [field for field in fields if field.label.startswith(label)]
    return found


def test_an_address_that_names_no_action_says_so(demo: Workspace, open_app: OpenApp) -> None:
    app = open_app(demo)
    for number in ("9", "", "x", "-1", "9" * 30):
        said = words(page_of(app, number))
        assert "There is no action 9" in said or "Choose an action in the list" in said


def test_the_past_stays_on_the_line_of_days(
    demo: Workspace, open_app: OpenApp, lead: Actor
) -> None:
    """A plan check that was due yesterday is there today, though it leads to no event."""
    number = recorded(demo, lead, "LA-EARLY")
    clocks.record_moment(demo, lead, number, 1, "sent", days.today() - timedelta(days=29))
    _, (deadline, *_) = clocks.deadlines_of_action(demo, lead, number)
    assert deadline.due_on < days.today()
    said = words(page_of(open_app(demo), number))
    assert f"{deadline.due_on:%a %d %b %Y}" in said
    assert f"{deadline.says} (" in said
    assert ":orange-badge[passed]" in said
    assert ":green-badge[done]" in said


@pytest.mark.parametrize("is_same", [True, False])
def test_the_second_editor_sees_the_first_ones_change_and_no_note_is_lost(
    demo: Workspace, open_app: OpenApp, lead: Actor, *, is_same: bool
) -> None:
    number = recorded(demo, lead)
    app = page_of(open_app(demo), number)
    change_action(demo, OTHER, number, 1, "underway", "Started by Jo")
    box(app, "From 'agreed' to").select("underway" if is_same else "completed").run()
    box(app, "What happened, if").input("Second note")
    press(app, "Save the new state")
    assert not app.exception
    assert lists.list_actions(demo, lead)["version"].tolist() == [2]
    said = words(app)
    assert "was changed while you were at it" in said
    assert "Jo Other, state changed, now underway: Started by Jo" in said
    assert "Second note" in said
    labels = [button.label for button in app.button]
    assert ("Save mine as well" in labels) is not is_same
    press(app, "Add only my note to it" if is_same else "Save mine as well")
    history = recording.history_of(demo, lead, number)
    assert history["note"].tolist()[1:] == ["Started by Jo", "Second note"]
    assert history["event"].iloc[-1] == ("noted" if is_same else "state changed")
    assert "was changed while" not in words(app)


def test_a_third_editor_between_sight_and_decision_is_shown_too(
    demo: Workspace, open_app: OpenApp, lead: Actor
) -> None:
    number = recorded(demo, lead)
    app = page_of(open_app(demo), number)
    note_event(demo, OTHER, number, 1, "breached", "First")
    press(app, "Save the new state")
    note_event(demo, OTHER, number, 2, "breached", "Third")
    press(app, "Save mine as well")
    assert "Third" in words(app)
    assert lists.list_actions(demo, lead)["stands"].tolist() == ["agreed"]
    press(app, "Leave it as it is now")
    assert "was changed while" not in words(app)
    assert lists.list_actions(demo, lead)["version"].tolist() == [3]


def test_what_is_wrong_stands_at_its_field_and_a_day_that_has_passed_is_asked_about(
    demo: Workspace, open_app: OpenApp, lead: Actor
) -> None:
    number = recorded(demo, lead, due_on=days.today() + timedelta(days=30))
    app = page_of(open_app(demo), number)
    past = days.today() - timedelta(days=1)
    box(app, "Owner from now on").input(" ")
    box(app, "Due").set_value(past)
    press(app, "Save the change")
    errors = [error.value.replace("\\", "") for error in app.error]
    assert [error.split(":")[0].split(";")[0] for error in errors] == [
        "The action has no owner",
        f"{past.day} {past:%B %Y} has passed",
        "Say why it is changed",
    ]
    box(app, "Owner from now on").input("Sgt New")
    box(app, "Why it is changed").input("agreed by telephone")
    box(app, "The due date has passed").check()
    press(app, "Save the change")
    assert not app.error
    row = lists.list_actions(demo, lead).iloc[0]
    assert (row["owner"], row["due_on"]) == ("Sgt New", past)


def test_a_form_that_has_saved_is_gone(demo: Workspace, open_app: OpenApp, lead: Actor) -> None:
    """A second press of the same button finds no form: it would record another action."""
    app = open_app(demo)
    app.switch_page("hotspots/hotspot_page.py").run()
    box(app, "Measure").select("MAKESAFE").run()
    box(app, "Owner").input("Sgt Example")
    (button,) = [one for one in app.button if one.label == "Record the action"]
    button.click().run()
    assert not app.exception
    assert "registered as HS" in words(app)
    assert "Record the action" not in [one.label for one in app.button]
    assert len(lists.list_actions(demo, lead)) == 1
    press(app, "Record another action here")
    assert button.proto.id not in [one.proto.id for one in app.button]  # nothing to press twice
    assert box(app, "Measure").value is None


def test_the_button_that_has_saved_is_another_one_then(
    demo: Workspace, open_app: OpenApp, lead: Actor
) -> None:
    number = recorded(demo, lead)
    app = page_of(open_app(demo), number)
    for label, fields in (
        ("Save the new state", {}),
        ("Note it", {"In a line": "A door was broken"}),
        ("Save the change", {"Owner from now on": "Sgt New", "Why it is changed": "left"}),
    ):
        before = len(recording.history_of(demo, lead, number))
        for name, text in fields.items():
            box(app, name).input(text)
        (button,) = [one for one in app.button if one.label == label]
        button.click().run()
        assert len(recording.history_of(demo, lead, number)) == before + 1, label
        assert button.proto.id not in [one.proto.id for one in app.button], label


def test_an_action_is_found_in_the_picker_and_on_the_board(
    demo: Workspace, open_app: OpenApp, lead: Actor
) -> None:
    number = recorded(demo, lead, "ENV")
    change_action(demo, lead, number, 1, "survey", "")
    app = open_app(demo)
    app.switch_page("actions/actions_page.py").run()
    (board,) = [one for one in app.segmented_control if one.label == "Shown as"]
    board.set_value("Board").run()
    assert "HS-0001, survey, Sgt, due 01 Dec" in words(app)
    stages = next(one for one in app.multiselect if one.label == "Stages")
    assert stages.options == ["survey"]
    box(app, "Open an action").select(number).run()
    assert not app.exception
    assert f"Action {number}. Sgt" in words(app)
