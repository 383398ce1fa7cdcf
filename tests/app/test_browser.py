"""The running app in Chromium: as a new user would use it, and where its requests go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import ROOT, served
from tests.stillness import open_list, settle

pytestmark = pytest.mark.browser
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = [(1366, 768), (1920, 1080)]
PICTURE_SIZES = {"laptop": (1366, 768), "desk": (1920, 1080), "projector": (1280, 720)}
BOXES = """all => all.filter(e => getComputedStyle(e).visibility === "visible").map(e => {
  const { left, top, right, bottom } = e.getBoundingClientRect()
  return [e.textContent, left, top, right, bottom]
})"""
PICTURES = ROOT / "test-pictures"
FIRST_PAINT_MS = 20_000  # a bound for a loaded machine; `make bench` measures


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser") / "demo"


@pytest.fixture(scope="module")
def address(folder: Path, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "demo", "-w", str(folder)]) as at:
        yield at


def enter(context: BrowserContext, address: str, person: str = "drew") -> Page:
    """Sign in to the demonstration with one click."""
    page = context.new_page()
    page.goto(address)
    page.locator(f"button[value={person}]").click()
    return page


def open_page(
    browser: Browser, address: str, size: tuple[int, int] = SIZES[0], person: str = "drew"
) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = enter(context, address, person)
    page.locator(".map-frame[data-ready]").wait_for(timeout=FIRST_PAINT_MS)
    return page


def outside(requests: list[str], address: str) -> list[str]:
    host = urlsplit(address).netloc
    return [url for url in requests if urlsplit(url).netloc not in {host, ""}]


def test_a_new_user_finds_a_hotspot_records_an_action_and_finds_it_after_a_restart(
    browser: Browser, tmp_path: Path, hotspot_command: list[str]
) -> None:
    """On a laptop before the restart, on a desk's screen after it."""
    command = [*hotspot_command, "demo", "-w", str(tmp_path / "demo")]
    with served(command) as address:
        page = open_page(browser, address, SIZES[0])
        expect(page.get_by_text("Demonstration: invented data.")).to_be_visible()
        shape = page.locator("path[aria-label^='Hotspot H-02']").first
        shape.focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Open H-02").click()
        open_list(page.get_by_role("combobox", name="Measure"))
        page.keyboard.type("patrol")
        page.keyboard.press("Enter")
        page.get_by_role("textbox", name="Owner").fill("Sgt Example")
        page.get_by_role("textbox", name="Note").fill("Friday nights")
        page.get_by_role("button", name="Record the action").click()
        expect(page.get_by_text("registered as HS-0001")).to_be_visible(timeout=30_000)
        page.context.close()
    with served(command) as address:
        page = open_page(browser, address, SIZES[1])
        assert page.locator("path[aria-label*='HS-0001']").count() >= 1
        page.get_by_role("link", name="Actions").first.click()
        expect(page.get_by_text("1 recorded, 1 open, 0 overdue")).to_be_visible(timeout=30_000)
        page.context.close()


def test_every_response_carries_the_security_headers(browser: Browser, address: str) -> None:
    context = browser.new_context()
    found = []
    context.on(
        "response", lambda r: found.append((r.url, r.headers.get("content-security-policy")))
    )
    errors: list[str] = []
    context.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page = enter(context, address)
    page.locator(".map-frame[data-ready]").wait_for(timeout=FIRST_PAINT_MS)
    assert [url for url, policy in found if not policy and url.startswith("http")] == []
    assert all("http" not in policy for _, policy in found if policy)
    assert errors == []
    context.close()


def test_the_saved_map_opens_from_disk_and_asks_nobody(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    page = open_page(browser, address)
    page.get_by_text("Save this map to share it").click()
    page.get_by_role("textbox", name="Who will receive it").fill("MACE partners")
    page.get_by_role("textbox", name="Why").fill("meeting")
    page.get_by_role("button", name="Prepare the file").click()
    with page.expect_download(timeout=30_000) as download:
        page.get_by_role("link", name="Download the file").click()
    path = tmp_path / "map.html"
    download.value.save_as(path)
    page.context.close()
    context = browser.new_context()
    requests: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    saved = context.new_page()
    saved.on("pageerror", lambda error: errors.append(str(error)))
    saved.goto(path.as_uri())
    expect(saved.locator(".marking").first).to_contain_text("OFFICIAL-SENSITIVE")
    expect(saved.get_by_text("Fewer than 5 hotspots are withheld")).to_be_visible()
    assert saved.locator("tbody tr").count() == 7
    assert saved.locator("path.leaflet-interactive").count() == 7
    names = saved.locator(".key, .label").evaluate_all(BOXES)
    assert sum(name.startswith("Hotspot") for name, *_ in names) == 7
    assert [
        (a[0], b[0])
        for a, b in combinations(names, 2)
        if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
    ] == []
    assert requests == [path.as_uri()]
    assert errors == []
    text = path.read_text()
    assert not re.search(r"\b8a[0-9a-f]{13}\b", text)
    assert "Tavern" not in text
    context.close()


def test_the_map_keeps_its_zoom_when_a_setting_changes(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    before = page.locator(".leaflet-control-scale-line").inner_text()
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
        settle(page)
    zoomed = page.locator(".leaflet-control-scale-line").inner_text()
    assert zoomed != before
    weight = page.get_by_role("spinbutton", name="Minimum weight")
    ready = page.locator(".map-frame").get_attribute("data-ready")
    weight.fill("40")
    weight.press("Enter")
    page.wait_for_function(
        "old => document.querySelector('[data-testid=stBidiComponentRegular], .stBidiComponent, body')"
        " && [...document.querySelectorAll('*')].some(e => e.shadowRoot?.querySelector("
        "`.map-frame[data-ready]:not([data-ready='${old}'])`))",
        arg=ready,
    )
    assert page.locator(".leaflet-control-scale-line").inner_text() == zoomed
    page.context.close()


def test_the_table_chooses_on_the_map(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    table = page.get_by_role("table", name="Hotspots, strongest first")
    shape = page.locator("path[aria-label^='Hotspot H-03']").first
    table.get_by_role("row").nth(3).click()
    expect(page.get_by_role("link", name="Open H-03")).to_be_visible(timeout=30_000)
    expect(shape).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Open H-02")).to_be_visible(timeout=30_000)
    settle(page)
    expect(table.get_by_role("button", name="H-02", exact=True)).to_be_focused()
    shape.press("Enter")
    expect(table.get_by_role("button", name="H-03", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    settle(page)
    table.get_by_role("button", name="H-02", exact=True).click()
    settle(page)
    shape.press("Enter")  # what was chosen there before can be chosen again
    settle(page)
    expect(page.get_by_role("link", name="Open H-03")).to_be_visible()
    page.context.close()


def test_the_table_is_sorted_by_any_column(browser: Browser, address: str) -> None:
    page = open_page(browser, address)
    table = page.get_by_role("table", name="Hotspots, strongest first")
    for name, direction in (
        ("Children", "descending"),
        ("Children", "ascending"),
        ("Last", "descending"),
    ):
        table.get_by_role("button", name=name, exact=False).first.click()
        heading = table.get_by_role("columnheader", name=name)
        expect(heading).to_have_attribute("aria-sort", direction)
    rows = table.get_by_role("row").all_inner_texts()[1:]
    days = pd.to_datetime([re.findall(r"\d\d \w{3} \d{4}", row)[0] for row in rows])
    assert days.is_monotonic_decreasing
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_follows_the_theme(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    context: BrowserContext = browser.new_context(color_scheme=scheme)
    page = enter(context, address)
    frame = page.locator(".map-frame[data-ready]")
    frame.wait_for(timeout=FIRST_PAINT_MS)
    assert ("dark" in (frame.get_attribute("class") or "")) == (scheme == "dark")
    context.close()


PAGES_OF = {
    "drew": (
        "Map",
        "Today",
        "Hotspot",
        "Actions",
        "Premises nearby",
        "Register",
        "For assessment",
        "Meeting",
        "Outcomes",
        "Help",
    ),
    "vic": ("Overview", "Actions", "Help"),
    "cory": ("Papers and deadlines", "Register"),
    "addie": ("Accounts", "Retention"),
    "asha": (
        "Today",
        "Import",
        "Datasets",
        "Data quality",
        "Outcome counts",
        "Retention",
        "Belief",
        "What lies around",
        "Findings",
        "Snapshots",
    ),
    "audrey": ("Log", "Who saw this place"),
}
DATA_PAGES = {
    "Today": "today",
    "Import": "import",
    "Datasets": "datasets",
    "Data quality": "quality",
    "Outcome counts": "outcomes",
    "Retention": "retention",
    "Belief": "belief",
    "What lies around": "around",
    "Findings": "findings",
    "Snapshots": "snapshots",
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds on a page."""
    source = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        pytest.skip("axe-core is not installed (make setup brings it)")
    page.evaluate(source.read_text(encoding="utf-8"))
    result = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [(r["id"], [n["html"][:160] for n in r["nodes"]]) for r in result["violations"]]


@pytest.mark.parametrize("person", list(PAGES_OF))
def test_no_page_breaks_a_rule_of_wcag_or_asks_another_host(
    browser: Browser, address: str, person: str
) -> None:
    """axe-core, rules of WCAG 2.2 A and AA, on every page; Streamlit's own parts included."""
    context: BrowserContext = browser.new_context()
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    context.on("page", lambda page: page.on("websocket", lambda s: requests.append(s.url)))
    page = enter(context, address, person)
    found = {}
    for scheme, name in product(SCHEMES, PAGES_OF[person]):
        page.emulate_media(color_scheme=scheme)  # a page that is opened afterwards knows it
        link = page.get_by_role("link", name=name, exact=True)
        if name in DATA_PAGES:
            page.goto(f"{address}/{DATA_PAGES[name]}")
            page.get_by_role("heading").first.wait_for(timeout=FIRST_PAINT_MS)
        elif len(PAGES_OF[person]) > 1:
            link.first.click(timeout=FIRST_PAINT_MS)
        settle(page)
        found[scheme, name] = violations(page)
        keep_pictures(page, f"{scheme} {person} {name}".lower())
    assert found == {name: [] for name in found}
    assert len(requests) > 20
    assert outside(requests, address) == []
    context.close()


def keep_pictures(page: Page, name: str) -> None:
    """Keep the page in every size, in the dark in one, to be looked at; it fits, and is not empty."""
    PICTURES.mkdir(exist_ok=True)
    before = page.viewport_size
    sizes = PICTURE_SIZES if name.startswith("light") else {"laptop": PICTURE_SIZES["laptop"]}
    for size, (width, height) in sizes.items():
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{name} is wider than the screen ({size})"
        page.screenshot(path=PICTURES / f"{name.replace(' ', '-')}-{size}.png")
    assert len(page.locator("[data-testid=stMainBlockContainer]").inner_text()) > 60
    if before is not None:
        page.set_viewport_size(before)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_gates_own_pages_break_no_rule_of_wcag(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    found = {"sign in": violations(page)}
    page.locator("button[value=drew]").click()
    for path in ("account", "sign-out"):
        page.goto(f"{address}/gate/{path}")
        found[path] = violations(page)
    assert found == {name: [] for name in found}
    context.close()
