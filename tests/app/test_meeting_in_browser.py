"""The chair's Thursday: late actions first by one key each, a new one, one decided against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hotspot.access.actor import Actor
from hotspot.services import action_lists, actions
from hotspot.services.workspace import Workspace
from tests.app.test_browser import open_page, violations
from tests.conftest import served
from tests.helpers import FORCE, an_action, run_of

pytestmark = pytest.mark.browser
SHORT, LONG = 15_000, 40_000


@pytest.fixture
def held(demo: Workspace, lead: Actor) -> Workspace:
    """The demonstration with two late actions and one to come."""
    run = run_of(demo, lead)
    for command, key, due in (
        ("later", "H-01", date(2031, 1, 10)), ("late", "H-02", date(2026, 10, 20)),
        ("latest", "H-01", date(2026, 10, 1)),
    ):  # fmt: skip
        action = an_action(command, due_on=due, owner=f"Sgt {command}", note="secret note")
        actions.record_action(demo, lead, action, run, key, FORCE)
    return demo


@pytest.fixture
def address(held: Workspace, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "demo", "-w", str(held.folder)]) as at:
        yield at


def step(page: Page, name: str) -> None:
    """Turn to a step of the meeting, which breaks no rule of WCAG."""
    page.get_by_role("radio", name=name, exact=True).click()
    page.locator("[data-test-script-state=notRunning]").first.wait_for(timeout=SHORT)
    page.wait_for_timeout(1000)
    assert violations(page) == []


def press(page: Page, key: str, said: str) -> None:
    page.locator("[data-test-script-state=notRunning]").first.wait_for(timeout=SHORT)
    page.keyboard.press(key)
    expect(page.get_by_text(said).first).to_be_visible(timeout=SHORT)


def test_a_meeting_from_who_is_here_to_the_minutes(
    browser: Browser, address: str, held: Workspace, lead: Actor, tmp_path: Path
) -> None:
    page = open_page(browser, address, (1920, 1080))
    page.get_by_role("link", name="Meeting").click()
    page.get_by_role("button", name="Open the meeting").click(timeout=LONG)
    page.get_by_role("button", name="Note as present").wait_for(timeout=SHORT)
    page.get_by_role("textbox", name="Name").fill("Sam Example")
    page.get_by_role("button", name="Note as present").click(timeout=SHORT)
    expect(page.get_by_label("Who is here").first).to_be_visible(timeout=SHORT)

    step(page, "What was agreed before")
    expect(page.get_by_text("3 actions: 2 late, 0 closed, 0 answered.")).to_be_visible(
        timeout=SHORT
    )
    expect(page.get_by_text("1 of 3")).to_be_visible()
    expect(page.get_by_text("Sgt latest")).to_be_visible()
    page.get_by_text("3 actions:").click()  # nothing that takes keys has the focus
    press(page, "d", "2 of 3")
    expect(page.get_by_text("Sgt late,")).to_be_visible(timeout=SHORT)
    press(page, "k", "3 of 3")
    press(page, "ArrowLeft", "2 of 3")
    expect(page.get_by_text("Answered: on track")).to_be_visible(timeout=SHORT)
    assert "secret note" not in page.content()

    agree_and_decide(page)
    step(page, "Agreed today")
    expect(page.get_by_role("button", name="Read back, and agreed")).to_be_visible(timeout=SHORT)
    press(page, "a", "Read back and agreed.")
    note = page.get_by_role("textbox", name="Note for the minutes")
    note.fill("Schools ask for a bulletin")  # and never leaves the box
    page.wait_for_timeout(4000)
    page.context.close()  # a sign-out in the middle of a sentence
    again = open_page(browser, address, (1920, 1080))
    again.get_by_role("link", name="Meeting").click()
    step(again, "Agreed today")
    expect(again.get_by_role("textbox", name="Note for the minutes")).to_have_value(
        "Schools ask for a bulletin", timeout=LONG
    )
    again.get_by_role("button", name="Add the note").click()
    expect(again.get_by_role("listitem").filter(has_text="Schools ask")).to_be_visible(
        timeout=SHORT
    )
    minutes = save_minutes(again, tmp_path)
    for said in ("Sam Example", "Pat Example", "No hotel is near", "Schools ask for a bulletin",
                 "Read back and agreed.", "Done", "On track"):  # fmt: skip
        assert said in minutes
    assert "secret note" not in minutes
    again.get_by_role("button", name="Close the meeting").click()
    expect(again.get_by_text("is closed.")).to_be_visible(timeout=SHORT)
    again.context.close()
    listed = action_lists.list_actions(held, lead).set_index("owner")
    assert listed.loc["Sgt latest", "state"] == "completed"
    assert listed.loc["Pat Example", "meeting_id"] == 1
    assert set(listed["state"]) == {"agreed", "completed", "decided against"}


def agree_and_decide(page: Page) -> None:
    """Agree an action at the first hotspot, and decide against another."""
    step(page, "Hotspots")
    expect(page.get_by_text("Withheld to protect children")).to_be_visible(timeout=LONG)
    choose_measure(page, "Measure", "Lighting, CCTV")
    page.get_by_role("textbox", name="Owner").fill("Pat Example")
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_text("Agreed: Lighting, CCTV")).to_be_visible(timeout=SHORT)
    page.get_by_role("tab", name="Decide against one").click()
    choose_measure(page, "Measure that was considered", "Hotel guest")
    why = page.get_by_role("textbox", name="Why it was decided against")
    why.fill("No hotel is near")
    why.blur()
    page.locator("[data-test-script-state=notRunning]").first.wait_for(timeout=SHORT)
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("Decided against: Hotel guest-information notice")).to_be_visible(
        timeout=SHORT
    )


def choose_measure(page: Page, box: str, words: str) -> None:
    page.get_by_role("combobox", name=box, exact=True).click(timeout=SHORT)
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_timeout(1000)  # the page is drawn anew with the measure's card
    page.locator("[data-test-script-state=notRunning]").first.wait_for(timeout=SHORT)


def save_minutes(page: Page, folder: Path) -> str:
    step(page, "Minutes")
    page.get_by_text("Save the minutes as a web page").click(timeout=SHORT)
    form = page.locator("[data-testid=stExpander]").filter(has_text="as a web page")
    form.get_by_role("textbox", name="Who will receive it").fill("MACE members")
    form.get_by_role("textbox", name="Why", exact=True).fill("minutes")
    form.get_by_role("button", name="Prepare the file").click()
    with page.expect_download(timeout=LONG) as got:
        page.get_by_role("link", name="Download the file").click()
    written = folder / got.value.suggested_filename
    got.value.save_as(written)
    return written.read_text(encoding="utf-8")
