"""Help, the tour to one's own area, and a projected screen that goes blank by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.test_browser import enter, open_page
from tests.conftest import served
from tests.stillness import settle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(
    demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, hotspot_command: list[str]
) -> Iterator[str]:
    folder = shutil.copytree(demo_folder, tmp_path_factory.mktemp("help") / "demo")
    with served([*hotspot_command, "demo", "-w", str(folder)]) as at:
        yield at


def test_the_tour_leads_through_the_pages_to_ones_own_area(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    page.get_by_role("link", name="Help", exact=True).click()
    page.get_by_role("textbox", name="Find a word").fill("banded")
    page.keyboard.press("Enter")
    expect(page.get_by_text("One hexagon of the H3 grid")).to_be_hidden()
    expect(page.get_by_text("A small count written as a band")).to_have_count(1)  # once drawn anew
    page.get_by_role("button", name="Take the tour").click()
    expect(page.get_by_text("1 of 7. Where the hotspots are.")).to_be_visible()
    page.get_by_role("link", name="Go to where the hotspots are").click()
    page.locator(".map-frame[data-ready]").wait_for(timeout=30_000)
    for number in range(2, 8):
        page.get_by_role("button", name="Next", exact=True).click()
        expect(page.get_by_text(f"{number} of 7.")).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Start your own area.")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="End the tour").click()
    expect(page.get_by_text("Start your own area.")).to_be_hidden()
    page.context.close()


def pass_minutes(page: Page, minutes: int) -> None:
    """Turn the page's clock on, and wait until it has asked for its state twice."""
    settle(page)
    page.clock.fast_forward(minutes * 60_000)
    for _ in range(2):
        with page.expect_response("**/gate/state", timeout=30_000):
            page.clock.run_for(3_000)
    settle(page)


def test_a_projected_meeting_goes_blank_and_comes_back_with_a_key(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.clock.install()
    page = enter(context, address)
    page.locator(".map-frame[data-ready]").wait_for(timeout=30_000)
    pass_minutes(page, 4)
    blank = page.get_by_text("Blank, because nothing was done for a while.")
    expect(blank).to_be_hidden()  # elsewhere nothing goes blank
    page.get_by_role("link", name="Meeting").click()
    expect(page.get_by_role("button", name="Open the meeting")).to_be_visible(timeout=30_000)
    pass_minutes(page, 2)
    expect(blank).to_be_hidden()
    pass_minutes(page, 2)
    expect(blank).to_be_visible(timeout=30_000)
    box = page.locator("#gate-blank").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1366, 768)
    page.keyboard.press("Enter")  # wakes the screen and does nothing else
    expect(blank).to_be_hidden()
    expect(page.get_by_role("button", name="Open the meeting")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("path", ["/", "/hotspot", "/performance", "/help", "/meeting"])
def test_at_twice_the_size_nothing_is_cut(browser: Browser, address: str, path: str) -> None:
    """A laptop's page at 200 % is a page half as wide (WCAG 1.4.4 and 1.4.10)."""
    context = browser.new_context(viewport={"width": 683, "height": 384}, device_scale_factor=2)
    page = context.new_page()
    page.goto(f"{address}{path}")
    page.locator("button[value=drew]").click()
    page.locator("[data-testid=stMainBlockContainer]").wait_for(timeout=30_000)
    settle(page)
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    context.close()


def test_a_link_to_a_start_page_or_to_a_page_of_another_role_opens_with_a_word(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, address)
    page.goto(f"{address}/map?view=53.02000,-2.18000,13")
    page.locator(".map-frame[data-ready]").wait_for(timeout=30_000)
    settle(page)
    assert "view=53.02" in page.url
    expect(page.get_by_text("Page not found")).to_be_hidden()
    page.goto(f"{address}/accounts")
    expect(page.get_by_text("Not a page of your role")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Page not found")).to_be_hidden()
    page.get_by_role("link", name="Map", exact=True).click()
    page.locator(".map-frame[data-ready]").wait_for(timeout=30_000)
    page.context.close()
