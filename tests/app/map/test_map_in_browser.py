"""The tools of the map in Chromium: searching, measuring, areas, two periods, the address, tiles."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hotspot.services.workspace.folder import open_workspace
from hotspot.settings import Tiles, save_settings
from tests.app.test_browser import enter, open_page
from tests.conftest import served
from tests.services.workspace.test_tiles import THERE, middle_of_tile, vector_tile, write_mbtiles
from tests.stillness import open_list, settle

pytestmark = pytest.mark.browser
READY = ".map-frame[data-ready]"


def set_tiles(folder: Path, where: str) -> None:
    workspace = open_workspace(folder)
    tiles = Tiles(kind="mbtiles", where=where, attribution="Invented ground <b>x</b>")
    save_settings(folder / "workspace.json", workspace.settings.model_copy(update={"tiles": tiles}))
    workspace.engine.dispose()


@pytest.fixture(scope="module")
def folder(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration with tiles of its own."""
    copy = tmp_path_factory.mktemp("map") / "demo"
    shutil.copytree(demo_folder, copy)
    write_mbtiles(copy / "ground.mbtiles")
    set_tiles(copy, "ground.mbtiles")
    return copy


@pytest.fixture(scope="module")
def address(folder: Path, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "demo", "-w", str(folder)]) as at:
        yield at


def zoom_of(page: Page) -> str:
    settle(page)
    found = re.search(r"view=[^&]*%2C([\d.]+)(&|$)", page.url)
    return found[1] if found else ""


def search(page: Page, text: str) -> None:
    box = page.get_by_role("combobox", name="Find on the map")
    box.fill(text)
    page.get_by_role("option").first.wait_for()


def test_what_is_searched_is_found_with_the_keyboard(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    box = page.get_by_role("combobox", name="Find on the map")
    search(page, "stafford")
    expect(page.get_by_role("option", name="Stafford place")).to_be_visible()
    box.press("Enter")
    expect(page.get_by_text("Stafford is in the middle of the map.")).to_be_visible()
    assert zoom_of(page) == "14"
    search(page, "zz17 1s")
    expect(page.get_by_role("option").first).to_contain_text("premises there")
    box.press("Enter")
    assert zoom_of(page) == "16"
    box.fill("nothing is called that")
    expect(page.get_by_text("Nothing of that name is on this map.")).to_be_visible()
    search(page, "H-02")
    box.press("ArrowDown")
    box.press("ArrowUp")
    box.press("Enter")
    expect(page.get_by_role("link", name="Open H-02")).to_be_visible()
    page.context.close()


def test_an_area_is_drawn_and_asked_about_with_the_keyboard(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    search(page, "H-01")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Open H-01")).to_be_visible()
    page.get_by_role("button", name="Draw an area").press("Enter")
    for steps in (
        ("ArrowUp", "ArrowLeft"),
        ("ArrowDown", "ArrowDown"),
        ("ArrowRight", "ArrowRight"),
    ):
        for key in steps:
            page.keyboard.press(key)
            settle(page)
        page.keyboard.press("Enter")
    expect(page.get_by_text('3 corners. Press "What is in here?"')).to_be_visible()
    page.keyboard.press("Backspace")
    expect(page.get_by_role("button", name="What is in here?")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="What is in here?").press("Enter")
    expect(page.get_by_role("heading", name="In the area drawn")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("hotspots that reach in: H-01")).to_be_visible()
    page.get_by_role("button", name="Clear", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="In the area drawn")).to_be_hidden()
    page.context.close()


def test_a_distance_is_measured(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    page.get_by_role("button", name="Measure").click()
    box = page.locator(".map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.55, box["y"] + 60)
    page.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + 120)
    said = page.locator(".map-said")
    expect(said).to_contain_text("km along 2 points")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(said).to_have_text("")
    page.context.close()


def test_two_periods_stand_side_by_side_and_move_together(browser: Browser, address: str) -> None:
    page = open_page(browser, address, (1920, 1080))
    page.get_by_role("button", name="Last month").click()
    open_list(page.get_by_role("combobox", name="Show"))
    page.get_by_role("option", name="beside the period before").click()
    expect(page.locator(READY)).to_have_count(2, timeout=30_000)
    settle(page)
    scales = page.locator(".leaflet-control-scale-line")
    before = scales.nth(1).inner_text()
    page.get_by_role("button", name="Zoom in").first.click()
    settle(page)
    assert scales.nth(0).inner_text() == scales.nth(1).inner_text() != before
    expect(page.get_by_role("heading", name="Sep 2026")).to_be_visible()
    page.context.close()


def test_a_link_opens_the_same_map(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    search(page, "H-03")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Open H-03")).to_be_visible()
    page.get_by_role("radio", name="22-02").or_(page.get_by_role("button", name="22-02")).click()
    expect(page).to_have_url(re.compile("hours="))
    settle(page)
    link = page.url
    words = page.get_by_text(re.compile("hotspots? from")).inner_text()
    page.context.close()
    other = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    other.goto(link)
    other.locator("button[value=drew]").click()
    other.locator(READY).wait_for(timeout=30_000)
    settle(other)
    assert other.get_by_text(re.compile("hotspots? from")).inner_text() == words
    assert zoom_of(other) == re.search(r"view=[^&]*%2C([\d.]+)", link)[1]  # type: ignore[index]
    assert "at=" in other.url
    other.context.close()


def test_a_link_opens_the_same_layers_and_premises(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    page.locator(".leaflet-control-layers").hover()
    page.get_by_role("checkbox", name="Cells").uncheck()
    page.get_by_text("Premises shown").click()
    page.get_by_role("checkbox", name="takeaway").uncheck()
    page.get_by_role("combobox", name="Open until").select_option("02:00 or later")
    search(page, "H-03")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("at="))
    settle(page)
    link = page.url
    page.context.close()
    other = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    other.goto(link)
    other.locator("button[value=drew]").click()
    other.locator(READY).wait_for(timeout=30_000)
    other.locator(".leaflet-control-layers").hover()
    expect(other.get_by_role("checkbox", name="Cells")).not_to_be_checked()
    expect(other.get_by_role("checkbox", name="Hotspots")).to_be_checked()
    other.get_by_text("Premises shown").click()
    expect(other.get_by_role("checkbox", name="takeaway")).not_to_be_checked()
    expect(other.get_by_role("combobox", name="Open until")).to_have_value("840")
    other.get_by_role("link", name="Today", exact=True).click()
    other.get_by_role("link", name="Map", exact=True).click()
    other.locator(READY).wait_for(timeout=30_000)
    other.locator(".leaflet-control-layers").hover()
    expect(other.get_by_role("checkbox", name="Cells")).not_to_be_checked()
    assert "map_off=cells" in other.url
    assert "premises_off=T" in other.url
    other.context.close()


def test_tiles_are_for_the_signed_in_and_name_whose_they_are(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    tiles: list[int] = []
    context.on("response", lambda r: tiles.append(r.status) if "/tiles/" in r.url else None)
    page = enter(context, address)
    page.locator(READY).wait_for(timeout=30_000)
    page.get_by_role("button", name="Zoom in").click()
    settle(page)
    assert 200 in tiles
    assert set(tiles) <= {200, 204}
    expect(page.locator(".leaflet-control-attribution")).to_have_text("Invented ground <b>x</b>")
    context.close()
    stranger = browser.new_context()
    assert stranger.request.get(f"{address}/tiles/10/505/335").status == 401
    stranger.close()


def test_vector_tiles_are_drawn_by_the_browser(
    browser: Browser, demo_folder: Path, tmp_path: Path, hotspot_command: list[str]
) -> None:
    folder = shutil.copytree(demo_folder, tmp_path / "demo")
    write_mbtiles(folder / "ground.mbtiles", "pbf", gzip.compress(vector_tile("water")))
    set_tiles(folder, "ground.mbtiles")
    z, x, y = THERE
    lat, lng = middle_of_tile(z, x, y)
    drawn = """canvases => canvases.map(canvas => {
      const [r, g, b, a] = canvas.getContext("2d").getImageData(9, 9, 1, 1).data
      return b > r && b >= g && a === 255  // as water is painted
    })"""
    with served([*hotspot_command, "demo", "-w", str(folder)]) as address:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        errors: list[str] = []
        context.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page = enter(context, address)
        page.goto(f"{address}/?view={lat:.5f},{lng:.5f},12")
        page.locator(READY).wait_for(timeout=30_000)
        settle(page)
        assert any(page.locator(".leaflet-tiles-pane canvas").evaluate_all(drawn))
        expect(page.locator(".leaflet-control-attribution")).to_have_text(
            "Invented ground <b>x</b>"
        )
        assert errors == []
        context.close()


def test_premises_are_chosen_by_kind_and_closing_hour(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    search(page, "Hanley")
    page.keyboard.press("Enter")
    settle(page)
    drawn = page.locator(".pin.premises, .many")
    everything = drawn.count()
    page.get_by_text("Premises shown").click()
    page.get_by_role("combobox", name="Open until").select_option("03:00 or later")
    settle(page)
    late = drawn.count()
    assert 0 < late < everything
    page.get_by_role("checkbox", name="takeaway").uncheck()
    settle(page)
    assert drawn.count() < late
    page.context.close()


OVERLAPS = """() => {
  const found = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)
    .flatMap((root) => [...root.querySelectorAll(".key, .flag, .label")])
    .filter((e) => getComputedStyle(e).visibility === "visible" && e.offsetWidth)
    .map((e) => [e.textContent, e.getBoundingClientRect()])
  return found.flatMap(([one, a], n) => found.slice(n + 1)
    .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
    .map(([other]) => `${one} / ${other}`)).concat(found.length > 3 ? [] : ["too few to tell"])
}"""


def test_no_name_on_the_map_covers_another_and_every_hotspot_is_seen(
    browser: Browser, demo_folder: Path, tmp_path: Path, hotspot_command: list[str]
) -> None:
    folder = shutil.copytree(demo_folder, tmp_path / "demo")
    with served([*hotspot_command, "demo", "--story", "-w", str(folder)]) as address:
        page = open_page(browser, address, person="asha")
        settle(page)
        for _ in range(4):
            assert page.evaluate(OVERLAPS) == []
            shown = (
                page.locator(".dot:not([hidden])").count()
                + page.locator("path[aria-label^='Hotspot']").count()
            )
            assert shown >= 8
            page.get_by_role("button", name="Zoom in").click()
            settle(page)
        page.get_by_role("button", name="Whole area").click()
        page.get_by_role("table").get_by_role("button", name="H-02", exact=True).click()
        expect(page.locator(".key.chosen")).to_have_css("visibility", "visible")
        page.get_by_role("button", name="Whole area").click()
        settle(page)
        expect(page.locator(".key.chosen")).to_have_css("visibility", "visible")
        assert page.evaluate(OVERLAPS) == []
        row = page.get_by_role("table").get_by_role("row").filter(has_text="H-07")
        expect(row.get_by_role("rowheader")).to_contain_text("one child")
        expect(row.get_by_role("rowheader")).to_contain_text("HS-0007 Burslem")
        page.context.close()


def test_postcodes_of_the_forces_own_file_are_found(
    browser: Browser, demo_folder: Path, tmp_path: Path, hotspot_command: list[str]
) -> None:
    folder = shutil.copytree(demo_folder, tmp_path / "demo")
    codes = folder / "reference" / "code-point-open"
    codes.mkdir(parents=True)
    (codes / "zz.csv").write_text('"ZZ99 9XY",10,387951,345058,"E92000001"\n')
    with served([*hotspot_command, "demo", "-w", str(folder)]) as address:
        page = open_page(browser, address)
        search(page, "zz999x")
        expect(page.get_by_role("option").first).to_have_text("ZZ99 9XYpostcode")
        page.keyboard.press("Enter")
        assert zoom_of(page) == "16"
        assert "view=53.00" in page.url
        page.context.close()


def test_an_area_that_encloses_nothing_is_said_and_the_page_goes_on(
    browser: Browser, address: str
) -> None:
    page = open_page(browser, address)
    page.get_by_role("button", name="Draw an area").press("Enter")
    for _ in range(3):
        page.keyboard.press("Enter")
    page.get_by_role("button", name="What is in here?").press("Enter")
    expect(page.get_by_role("alert").filter(has_text="area")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Save this map to share it")).to_be_visible()
    page.context.close()
