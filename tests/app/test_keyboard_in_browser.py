"""The three working days with the keyboard alone: every control is reached by Tab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.app.test_browser import settle

pytestmark = pytest.mark.browser
MOST_STOPS = 170
IS_FOCUSED = """target => {
  let at = document.activeElement
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement
  return at === target || target.contains(at)
}"""


def reach(page: Page, control: Locator) -> None:
    """Go to a control with Tab alone."""
    control.first.wait_for(timeout=30_000)
    settle(page)
    for _ in range(MOST_STOPS):
        if control.first.evaluate(IS_FOCUSED):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{control} is not reached by Tab")


def use(page: Page, control: Locator) -> None:
    reach(page, control)
    page.keyboard.press("Enter")


def write(page: Page, name: str, text: str) -> None:
    reach(page, page.get_by_role("textbox", name=name, exact=True))
    page.keyboard.type(text)


def pick(page: Page, name: str, text: str) -> None:
    """Choose from a list by typing."""
    reach(page, page.get_by_role("combobox", name=name, exact=True))
    page.keyboard.type(text)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")


def enter(browser: Browser, address: str, person: str) -> Page:
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.goto(address)
    for _ in range(MOST_STOPS):
        if page.evaluate("document.activeElement.value") == person:
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".map-frame[data-ready]").wait_for(timeout=30_000)
    return page


def test_the_analyst_finds_a_hotspot_and_freezes_the_month(browser: Browser, address: str) -> None:
    page = enter(browser, address, "asha")
    reach(page, page.get_by_role("combobox", name="Find on the map"))
    page.keyboard.type("H-01")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    use(page, page.get_by_role("link", name="Open H-01"))
    expect(page.get_by_role("heading", name="Month by month")).to_be_visible(timeout=40_000)
    use(page, page.get_by_role("button", name="Analysis"))
    item = page.get_by_role("menuitem", name="Snapshots")
    item.wait_for()
    while not item.evaluate(IS_FOCUSED):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    write(page, "Name", "2026-11")
    use(page, page.get_by_role("button", name="Freeze this run"))
    expect(page.get_by_text("2026-11 is frozen.")).to_be_visible(timeout=60_000)
    page.context.close()


def test_the_licensing_officer_lists_premises(browser: Browser, address: str) -> None:
    page = enter(browser, address, "lee")
    use(page, page.get_by_role("link", name="For assessment"))
    pick(page, "Premises", "Umber Wines · 130")
    write(page, "Why", "two officers ask about it")
    use(page, page.get_by_role("button", name="Save the decision"))
    expect(page.get_by_text("Saved: for assessment.")).to_be_visible(timeout=30_000)
    reach(page, page.get_by_role("radio", name="Incidents").or_(
        page.get_by_role("radiogroup").filter(has_text="Incidents").get_by_role("radio").first
    ))  # fmt: skip
    page.context.close()


def test_the_chair_holds_a_meeting(browser: Browser, address: str) -> None:
    page = enter(browser, address, "drew")
    use(page, page.get_by_role("link", name="Meeting"))
    use(page, page.get_by_role("button", name="Open the meeting"))
    write(page, "Name", "Sam Example")
    use(page, page.get_by_role("button", name="Note as present"))
    expect(page.get_by_label("Who is here").first).to_be_visible(timeout=30_000)
    reach(page, page.get_by_role("radio", name="Present", exact=True))
    for key in ("ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)
        settle(page)
    expect(page.get_by_role("button", name=re.compile("^Next"))).to_be_visible(timeout=30_000)
    reach(page, page.get_by_role("button", name=re.compile("^Next")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2:")).to_be_visible(timeout=30_000)
    page.context.close()
