"""Use a page with the keyboard alone: every control is reached by Tab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.stillness import settle

MOST_STOPS = 200
LONG = 40_000
IS_FOCUSED = """target => {
  let at = document.activeElement
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement
  return at === target || target.contains(at)
}"""
NEXT_KEY = """target => {
  const host = target.getRootNode().host
  let at = document.activeElement
  if (host && at === host) at = target.getRootNode().activeElement
  else if (host) target = host
  const isAfter = !at || at === document.body
    || at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING
  return isAfter ? "Tab" : "Shift+Tab"
}"""


def enter(browser: Browser, address: str, person: str, size: tuple[int, int] = (1366, 768)) -> Page:
    """Sign in to the demonstration."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.goto(address)
    while page.evaluate("document.activeElement.value") != person:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".map-frame[data-ready]").wait_for(timeout=LONG)
    return page


def reach(page: Page, control: Locator) -> None:
    """Go to a control with Tab, or Shift and Tab where it lies before."""
    target = control.first
    target.wait_for(state="attached", timeout=LONG)
    settle(page)
    for _ in range(MOST_STOPS):
        if target.evaluate(IS_FOCUSED):
            return
        page.keyboard.press(target.evaluate(NEXT_KEY))
    pytest.fail(f"{control} is not reached by Tab")


def use(page: Page, control: Locator) -> None:
    """Press a button, follow a link, open what is folded."""
    reach(page, control)
    page.keyboard.press("Enter")


def press(page: Page, name: str) -> None:
    use(page, page.get_by_role("button", name=name, exact=True))


def follow(page: Page, name: str) -> None:
    use(page, page.get_by_role("link", name=name, exact=True))


def unfold(page: Page, words: str) -> None:
    use(page, page.locator("summary").filter(has_text=words))


def from_menu(page: Page, menu: str, name: str) -> None:
    """Choose a page from a menu of the navigation."""
    press(page, menu)
    item = page.get_by_role("menuitem", name=name)
    item.wait_for()
    for _ in range(MOST_STOPS):
        if item.evaluate(IS_FOCUSED):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"{name} is not reached in the menu {menu}")


def write(page: Page, name: str, text: str) -> None:
    """Write into a box, in place of what stood there."""
    reach(page, page.get_by_role("textbox", name=name, exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def pick(page: Page, name: str, text: str) -> None:
    """Choose from a list by typing."""
    reach(page, page.get_by_role("combobox", name=name, exact=True))
    page.keyboard.type(text)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")


def turn_to(page: Page, name: str, role: str = "radio") -> None:
    """Choose one of a row of choices with the arrow keys."""
    choice = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    choice.first.wait_for(state="attached", timeout=LONG)
    group = page.get_by_role("radiogroup" if role == "radio" else "tablist").filter(has=choice)
    reach(page, group)
    for _ in range(MOST_STOPS):
        if choice.first.evaluate(IS_FOCUSED):
            page.keyboard.press("Space")
            settle(page)
            return
        is_after = choice.first.evaluate(NEXT_KEY) == "Tab"
        page.keyboard.press("ArrowRight" if is_after else "ArrowLeft")
    pytest.fail(f"{name} is not reached with the arrow keys")


def tick(page: Page, box: Locator) -> None:
    reach(page, box)
    page.keyboard.press("Space")
    settle(page)


def hand_in(page: Page, path: str) -> None:
    """Give a file to the page."""
    button = page.get_by_test_id("stFileUploader").locator("button").filter(has_text="Upload")
    reach(page, button)
    settle(page)
    for _ in range(5):
        reach(page, button)
        try:
            with page.expect_file_chooser(timeout=5_000) as chooser:
                page.keyboard.press("Enter")
        except PlaywrightTimeoutError:
            continue  # a key that meets a page which is drawn anew is lost
        chooser.value.set_files(path)
        return
    pytest.fail("the button opens no choice of a file")


def sees(page: Page, words: str) -> None:
    expect(page.get_by_text(re.compile(re.escape(words))).first).to_be_visible(timeout=LONG)
