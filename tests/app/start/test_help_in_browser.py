"""Help, the tour to one's own area, and a projected screen that goes blank by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from hotspot.services.workspace.folder import open_workspace
from hotspot.settings import save_settings
from tests.app.test_browser import open_page, settle
from tests.conftest import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(
    demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, hotspot_command: list[str]
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("help") / "demo"
    shutil.copytree(demo_folder, folder)
    workspace = open_workspace(folder)
    settings = workspace.settings.model_copy(update={"meeting_blank_minutes": 0.1})
    save_settings(folder / "workspace.json", settings)
    workspace.engine.dispose()
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


def test_a_projected_meeting_goes_blank_and_comes_back_with_a_key(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, address)
    page.wait_for_timeout(8000)
    blank = page.get_by_text("Blank, because nothing was done for a while.")
    expect(blank).to_be_hidden()  # elsewhere nothing goes blank
    page.get_by_role("link", name="Meeting").click()
    expect(page.get_by_role("button", name="Open the meeting")).to_be_visible(timeout=30_000)
    settle(page)
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
