"""A lead chooses a measure, sees its clock and gates, records what happened and hands it over."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hotspot.access.actor import Actor
from hotspot.services.actions import clocks, lists, recording
from hotspot.services.workspace.folder import open_workspace
from tests.app.test_browser import open_page
from tests.stillness import open_list

pytestmark = pytest.mark.browser


def choose_measure(page: Page, words: str, basis: str) -> None:
    open_list(page.get_by_role("combobox", name="Measure"))
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Basis: {basis}")).to_be_visible(timeout=30_000)


def test_from_choosing_a_measure_to_handing_the_action_over(
    browser: Browser, address: str, folder: Path, lead: Actor
) -> None:
    page = open_page(browser, address)
    page.get_by_role("link", name="Hotspot", exact=True).click()
    choose_measure(page, "Closure notice [CN76]", "ss.76-79")
    expect(page.get_by_text("Not settled:")).to_be_visible()
    expect(page.get_by_text("not yet checked by your legal team").first).to_be_visible()
    page.get_by_role("textbox", name="Owner").fill("Sgt Example")
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_text("Confirm first: A closure notice is issued by")).to_be_visible(
        timeout=30_000
    )

    choose_measure(page, "Application for review of a premises", "s.51")
    page.get_by_text("Deadlines if 'given' were today").click()
    page.get_by_role("textbox", name="Owner").fill("Sgt Example")
    page.get_by_role("textbox", name="Note").fill("Seen with Mr Example")
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_text("seem to hold a person's name")).to_be_visible(timeout=30_000)
    page.get_by_role("textbox", name="Note").fill("Late hours")
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_text("registered as HS-0001")).to_be_visible(timeout=30_000)

    page.get_by_role("link", name="Actions").first.click()
    page.get_by_text("Deadlines and days of actions").click(timeout=30_000)
    page.get_by_role("button", name="Save the day").click()
    expect(page.get_by_text("'given' is saved")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Save the day")).to_be_visible()  # stays open
    page.get_by_text("Hand an action over").click()
    page.get_by_role("textbox", name="Owner from now on").fill("Sgt New")
    page.get_by_role("textbox", name="Why it is changed").fill("the owner has left")
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_text("Action 1 is changed.")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Save the new state").click()
    expect(page.get_by_text("Action 1 is now 'early warning given'.")).to_be_visible(timeout=30_000)
    page.context.close()

    workspace = open_workspace(folder)
    row = lists.list_actions(workspace, lead).iloc[0]
    assert (row["owner"], row["state"], row["note"]) == ("Sgt New", "preparing", "Late hours")
    assert list(clocks.deadlines_of_action(workspace, lead, 1)[0]) == ["given"]
    assert recording.history_of(workspace, lead, 1)["event"].tolist() == [
        "recorded",
        "happened",
        "amended",
        "state changed",
    ]
    workspace.engine.dispose()
