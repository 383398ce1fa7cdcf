"""The chair's Thursday with the keyboard alone: late actions first, by one key each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hotspot.access.actor import Actor
from hotspot.services.actions import lists, recording
from hotspot.services.workspace.folder import Workspace
from tests.app.keyboard import enter, follow, pick, press, reach, turn_to, unfold, use, write
from tests.app.test_browser import open_page, violations
from tests.conftest import served
from tests.helpers import FORCE, an_action, run_of
from tests.stillness import sending, settle

pytestmark = pytest.mark.browser
SHORT, LONG = 15_000, 40_000


@pytest.fixture
def held(demo: Workspace, lead: Actor) -> Workspace:
    """The demonstration with two late actions and one to come."""
    run = run_of(demo, lead)
    for command, key, due in (
        ("later", "H-01", date(2031, 1, 10)),
        ("late", "H-02", date(2026, 10, 20)),
        ("latest", "H-01", date(2026, 10, 1)),
    ):
        action = an_action(command, due_on=due, owner=f"Sgt {command}", note="secret note")
        recording.record_action(demo, lead, action, run, key, FORCE)
    return demo


@pytest.fixture
def address(held: Workspace, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "demo", "-w", str(held.folder)]) as at:
        yield at


def step(page: Page, name: str) -> None:
    """Turn to a step of the meeting, which breaks no rule of WCAG."""
    turn_to(page, name)
    settle(page)
    assert violations(page) == []


def one_key(page: Page, key: str, said: str) -> None:
    settle(page)
    page.keyboard.press(key)
    expect(page.get_by_text(said).first).to_be_visible(timeout=SHORT)


def test_a_meeting_from_who_is_here_to_the_minutes(
    browser: Browser, address: str, held: Workspace, lead: Actor, tmp_path: Path
) -> None:
    page = enter(browser, address, "drew", (1920, 1080))
    follow(page, "Meeting")
    press(page, "Open the meeting")
    page.get_by_role("button", name="Note as present").wait_for(timeout=SHORT)
    write(page, "Name", "Sam Example")
    press(page, "Note as present")
    expect(page.get_by_label("Who is here").first).to_be_visible(timeout=SHORT)

    step(page, "What was agreed before")
    expect(page.get_by_text("3 actions: 2 late, 0 closed, 0 answered.")).to_be_visible(
        timeout=SHORT
    )
    expect(page.get_by_text("1 of 3")).to_be_visible()
    expect(page.get_by_text("Sgt latest")).to_be_visible()
    reach(page, page.get_by_role("button", name=re.compile("^Next")))
    one_key(page, "d", "2 of 3")
    expect(page.get_by_text("Sgt late,")).to_be_visible(timeout=SHORT)
    one_key(page, "k", "3 of 3")
    one_key(page, "ArrowLeft", "2 of 3")
    expect(page.get_by_text("Answered: on track")).to_be_visible(timeout=SHORT)
    assert "secret note" not in page.content()

    agree_and_decide(page)
    step(page, "Agreed today")
    expect(page.get_by_role("button", name="Read back, and agreed")).to_be_visible(timeout=SHORT)
    one_key(page, "a", "Read back and agreed.")
    reach(page, page.get_by_role("textbox", name="Note for the minutes"))
    with sending(page):
        page.keyboard.type("Schools ask for a bulletin")  # and never leaves the box
    page.context.close()  # a sign-out in the middle of a sentence
    again = open_page(browser, address, (1920, 1080))
    follow(again, "Meeting")
    step(again, "Agreed today")
    expect(again.get_by_role("textbox", name="Note for the minutes")).to_have_value(
        "Schools ask for a bulletin", timeout=LONG
    )
    press(again, "Add the note")
    expect(again.get_by_role("listitem").filter(has_text="Schools ask")).to_be_visible(
        timeout=SHORT
    )
    minutes = save_minutes(again, tmp_path)
    for said in (
        "Sam Example",
        "Pat Example",
        "No hotel is near",
        "Schools ask for a bulletin",
        "Read back and agreed.",
        "Done",
        "On track",
    ):
        assert said in minutes
    assert "secret note" not in minutes
    press(again, "Close the meeting")
    expect(again.get_by_text("is closed.")).to_be_visible(timeout=SHORT)
    again.context.close()
    listed = lists.list_actions(held, lead).set_index("owner")
    assert listed.loc["Sgt latest", "state"] == "completed"
    assert listed.loc["Pat Example", "meeting_id"] == 1
    assert set(listed["state"]) == {"agreed", "completed", "decided against"}


def agree_and_decide(page: Page) -> None:
    """Agree an action at the first hotspot, and decide against another."""
    step(page, "Hotspots")
    expect(page.get_by_text("Withheld to protect children")).to_be_visible(timeout=LONG)
    choose_measure(page, "Measure", "Lighting, CCTV")
    write(page, "Owner", "Pat Example")
    press(page, "Record the action")
    expect(page.get_by_text("Agreed: Lighting, CCTV")).to_be_visible(timeout=SHORT)
    turn_to(page, "Decide against one", "tab")
    choose_measure(page, "Measure that was considered", "Hotel guest")
    write(page, "Why it was decided against", "No hotel is near")
    settle(page)
    press(page, "Record the decision")
    expect(page.get_by_text("Decided against: Hotel guest-information notice")).to_be_visible(
        timeout=SHORT
    )


def choose_measure(page: Page, box: str, words: str) -> None:
    pick(page, box, words)
    settle(page)  # the page is drawn anew with the measure's card


def save_minutes(page: Page, folder: Path) -> str:
    step(page, "Minutes")
    unfold(page, "Save the minutes as a web page")
    form = page.locator("[data-testid=stExpander]").filter(has_text="as a web page")
    reach(page, form.get_by_role("textbox", name="Who will receive it"))
    page.keyboard.type("MACE members")
    reach(page, form.get_by_role("textbox", name="Why", exact=True))
    page.keyboard.type("minutes")
    use(page, form.get_by_role("button", name="Prepare the file"))
    with page.expect_download(timeout=LONG) as got:
        follow(page, "Download the file")
    written = folder / got.value.suggested_filename
    got.value.save_as(written)
    return written.read_text(encoding="utf-8")
