"""The page of the map in Chromium: how much of the screen is map, what stands still, what it does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.test_browser import PICTURES, enter, open_page
from tests.conftest import served
from tests.stillness import open_list, settle

pytestmark = pytest.mark.browser
READY = ".map-frame[data-ready]"
SIZES = [(1366, 768), (1280, 720), (1920, 1080)]
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SHARE = """() => {
  const deepest = (x, y) => {
    let at = document.elementFromPoint(x, y)
    for (let n = 0; n < 3 && at?.shadowRoot; n++) at = at.shadowRoot.elementFromPoint(x, y) ?? at
    return at
  }
  let all = 0, map = 0
  for (let y = 3; y < innerHeight; y += 8) {
    for (let x = 3; x < innerWidth; x += 8) {
      const at = deepest(x, y)
      all += 1
      if (at?.closest(".map") && !at.closest(".leaflet-control")) map += 1
    }
  }
  return map / all
}"""
"""What share of the screen is map, by looking at every eighth pixel each way."""
SHIFTS = """(() => {
  window.__shifts = []
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!document.querySelector(".st-key-sheet")) continue  // the page of the map is not drawn
      for (const { previousRect: a, currentRect: b, node } of entry.sources) {
        if (a.width && b.width)
          window.__shifts.push([Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y)), node?.className ?? ""])
      }
    }
  }).observe({ type: "layout-shift", buffered: true })
})()"""


@pytest.fixture(scope="module")
def address(
    demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, hotspot_command: list[str]
) -> Iterator[str]:
    folder = shutil.copytree(demo_folder, tmp_path_factory.mktemp("page") / "demo")
    with served([*hotspot_command, "demo", "--story", "-w", str(folder)]) as at:
        yield at


def fold(page: Page, name: str, *, is_open: bool) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    if (button.get_attribute("aria-expanded") == "true") != is_open:
        button.click()
    expect(button).to_have_attribute("aria-expanded", str(is_open).lower())


def test_most_of_the_screen_is_map_and_nothing_scrolls_sideways(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, address)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        for is_open, least in ((True, 0.45), (False, 0.60)):
            for name in ("Hotspots", "Timeline"):
                fold(page, name, is_open=is_open)
            settle(page)
            share = page.evaluate(SHARE)
            assert share >= least, f"{share:.2f} at {width} by {height}, open: {is_open}"
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
    page.context.close()


def test_nothing_jumps_once_the_map_is_painted_nor_when_a_hotspot_is_chosen(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = enter(context, address)
    page.locator(READY).wait_for()
    page.add_init_script(SHIFTS)
    page.reload()
    page.locator(READY).wait_for()
    page.evaluate("window.__shifts.length = 0")
    settle(page)
    assert [shift for shift in page.evaluate("window.__shifts") if shift[0] > 4] == []
    before = page.locator(".map").bounding_box()
    page.get_by_role("table").get_by_role("button", name="HS-0002").click()
    settle(page)
    assert page.locator(".map").bounding_box() == before
    context.close()


def test_settings_that_are_in_the_address_go_back_to_the_defaults(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, address)
    page.get_by_role("button", name="Last month", exact=True).click()
    page.get_by_role("button", name="Use a weight of 2").click()
    expect(page).to_have_url(re.compile("min_weight=2"))
    page.get_by_text("Detection settings").click()
    page.get_by_role("button", name="Back to the defaults").click()
    settle(page)
    assert "min_weight" not in page.url
    assert "month" not in page.url
    expect(page.get_by_role("spinbutton", name="Minimum weight")).to_have_value("20")
    page.context.close()


def test_an_action_is_recorded_from_the_map_without_leaving_it(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, address)
    page.get_by_role("table").get_by_role("button", name="HS-0004").click()
    expect(page.get_by_text("A hotspot because")).to_be_visible()
    page.get_by_role("button", name="Record an action").click()
    open_list(page.get_by_role("combobox", name="Measure"))
    page.keyboard.type("patrol")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Record the action").click()
    settle(page)
    expect(page.get_by_role("dialog")).to_be_visible()  # refused without an owner, and still there
    page.get_by_role("textbox", name="Owner").fill("Sgt Example")
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_text("registered as HS-0004")).to_be_visible(timeout=30_000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(READY)).to_be_visible()
    page.get_by_role("link", name="Open HS-0004").click()
    expect(page).to_have_url(re.compile(r"/hotspot\?.*at=-?\d"))
    page.context.close()


def test_map_and_picture_follow_the_theme_at_once(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    frame = page.locator(READY)
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        is_dark = re.compile(r"(^| )dark( |$)")
        if theme == "dark":
            expect(frame).to_have_class(is_dark)
        else:
            expect(frame).not_to_have_class(is_dark)
    page.get_by_role("link", name="Hotspot", exact=True).click()
    picture = page.get_by_role("img", name=re.compile("^Outline of"))
    light = picture.get_attribute("src", timeout=30_000)
    page.emulate_media(color_scheme="dark")
    expect(picture).not_to_have_attribute("src", str(light))
    page.emulate_media(color_scheme="light")
    expect(picture).to_have_attribute("src", str(light))
    page.context.close()


def test_months_are_brushed_with_the_pointer_and_the_keyboard(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, address)
    months = page.locator(".month")
    first, last = months.nth(4).bounding_box(), months.nth(9).bounding_box()
    assert first
    assert last
    page.mouse.move(first["x"] + 5, first["y"] + 30)
    page.mouse.down()
    page.mouse.move(last["x"] + 5, last["y"] + 30, steps=8)
    assert page.locator(".month.in").count() == 6
    page.mouse.up()
    expect(page.get_by_text("Jan 2026 to Jun 2026").first).to_be_visible(timeout=30_000)
    months.nth(9).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_text("Jan 2026 to Jul 2026").first).to_be_visible(timeout=30_000)
    settle(page)
    page.get_by_role("button", name="Fri and Sat nights").click()
    expect(page).to_have_url(re.compile("weekdays=Fri&weekdays=Sat"))
    expect(page.get_by_role("button", name="Whole week")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("theme", THEMES)
def test_every_size_is_kept_as_a_picture(
    browser: Browser, address: str, theme: Literal["light", "dark"]
) -> None:
    """Two periods on the right, a hotspot chosen on the left: to be looked at."""
    PICTURES.mkdir(exist_ok=True)
    context = browser.new_context(color_scheme=theme)
    page = enter(context, address)
    page.locator(READY).wait_for()
    page.get_by_role("table").get_by_role("button", name="HS-0002").click()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        page.screenshot(path=PICTURES / f"map-{theme}-{width}.png")
    page.get_by_role("button", name="Last month", exact=True).click()
    page.get_by_role("button", name="Use a weight of 2").click()
    open_list(page.get_by_role("combobox", name="Compare"))
    page.get_by_role("option", name="Previous period").click()
    expect(page.locator(READY)).to_have_count(2, timeout=30_000)
    settle(page)
    heights = [
        box["height"] for box in (one.bounding_box() for one in page.locator(READY).all()) if box
    ]
    assert len(set(heights)) == 1
    expect(page.get_by_test_id("stDataFrame").first).to_be_attached()
    page.screenshot(path=PICTURES / f"map-periods-{theme}.png", full_page=True)
    context.close()
