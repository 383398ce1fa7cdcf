"""Measure the map in a real browser beside streamlit-folium and pydeck, and the app's own pages.

python -m benchmarks.map_speed [--cells N ...] [--runs N]
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks import report
from benchmarks.gate import running
from hotspot.settings import INSTALLED_AT, STREAMLIT_OPTIONS

PORT, APP_PORT = 8721, 8722
KINDS = ("hotspot", "streamlit-folium", "pydeck")
MAPS = {"hotspot": ".map", "streamlit-folium": "iframe", "pydeck": "canvas"}
PREMISES = 9000
WAIT_S = 60.0
WIDTH = 1000
CANVASES = {
    "hotspot": ".leaflet-cells-pane canvas",
    "streamlit-folium": ".leaflet-overlay-pane canvas",
    "pydeck": "canvas",
}
MEAN = """const mean = canvas => {
  const small = document.createElement("canvas"), side = 8
  small.width = small.height = side
  const context = small.getContext("2d"), scale = canvas.width / canvas.clientWidth
  const x = canvas.width / 2 - 36 * scale, y = canvas.height / 2 + 34 * scale
  context.drawImage(canvas, x, y, side, side, 0, 0, side, side)
  const found = context.getImageData(0, 0, side, side).data, sums = [0, 0, 0]
  for (let at = 0; at < found.length; at += 4) {
    sums[0] += found[at]; sums[1] += found[at + 2]; sums[2] += found[at + 3]
  }
  return sums.map(sum => sum / side / side)
}"""
"""Returns the mean red, blue and alpha of a spot that is filled every second turn."""
WATCH = (
    """(canvas, [selector, isFilled]) => {
  const root = canvas.getRootNode()
  """
    + MEAN
    + """
  const look = () => {
    const [red, blue, alpha] = mean(root.querySelector(selector) ?? canvas)
    if ((alpha > SEEN && blue - red > BLUE) !== isFilled) return setTimeout(look, 25)
    requestAnimationFrame(() => requestAnimationFrame(() => {
      document.defaultView.painted = performance.timeOrigin + performance.now()
    }))
  }
  document.defaultView.painted = null
  look()
}""".replace("SEEN", "80").replace("BLUE", "25")
)
"""Notes when that spot has been painted; it looks from within the page, forty times a second."""
TOUCHED = """addEventListener("pointerdown", () => {
  top.touched = performance.timeOrigin + performance.now()
}, true)"""
"""Notes when the pointer went down."""
SINCE_TOUCHED = """new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
  done((performance.timeOrigin + performance.now() - touched) / 1000))))"""
"""Returns the seconds since the pointer went down, after the next painted frame."""
READABLE = """const get = HTMLCanvasElement.prototype.getContext
HTMLCanvasElement.prototype.getContext = function (kind, wishes) {
  const asked = kind.startsWith("webgl") ? { ...wishes, preserveDrawingBuffer: true } : wishes
  return get.call(this, kind, asked)
}"""
"""Lets a WebGL canvas be looked at."""
VENDOR = INSTALLED_AT / "hotspot" / "frontend" / "vendor"


def page_command() -> list[str]:
    """Return the command that serves `map_page`."""
    options = STREAMLIT_OPTIONS | {"server.port": str(PORT)}
    options.pop("server.trustedUserHeaders")
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    page = str(Path(__file__).with_name("map_page.py"))
    return [sys.executable, "-m", "streamlit", "run", page, *flags]


def local_assets(route: Route) -> None:
    """Answer what streamlit-folium would fetch: Leaflet from here, the rest empty."""
    url = route.request.url
    name = "leaflet.umd.js" if url.endswith("leaflet.js") else "leaflet.css"
    is_leaflet = url.endswith(("leaflet.js", "leaflet.css"))
    body = (VENDOR / name).read_text(encoding="utf-8") if is_leaflet else ""
    route.fulfill(body=body, content_type="text/css" if url.endswith("css") else "text/javascript")


class CountedPage:
    """A page whose messages are counted, and whose map is looked at."""

    def __init__(self, browser: Browser, kind: str) -> None:
        self.kind = kind
        self.page: Page = browser.new_context(viewport={"width": 1366, "height": 900}).new_page()
        self.page.add_init_script(READABLE)
        self.page.add_init_script(TOUCHED)
        self.page.route(lambda url: "127.0.0.1" not in url, local_assets)
        self.received = 0
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, payload: str | bytes) -> None:
        self.received += len(payload)

    def middle(self) -> tuple[float, float]:
        """Return where the middle of the map is on the page."""
        box = self.page.locator(MAPS[self.kind]).first.bounding_box()
        if box is None:
            return 0.0, 0.0
        width = box["width"] if self.kind == "hotspot" else WIDTH  # an iframe is wider than its map
        return box["x"] + width / 2, box["y"] + box["height"] / 2

    def watch(self, *, is_filled: bool) -> Locator:
        """Begin to look for hexagons, or for none, near the middle of the map's canvas."""
        inside = self.page.frame_locator("iframe") if self.kind == "streamlit-folium" else self.page
        canvas = inside.locator(CANVASES[self.kind]).first
        canvas.wait_for(state="attached", timeout=WAIT_S * 1000)
        canvas.evaluate(WATCH, [CANVASES[self.kind], is_filled])
        return canvas

    def painted(self, canvas: Locator) -> float:
        """Wait until that was painted, and give when, in seconds of the browser's clock."""
        since = time.perf_counter()
        while time.perf_counter() - since < WAIT_S:
            if found := canvas.evaluate("canvas => canvas.ownerDocument.defaultView.painted"):
                return float(found) / 1000
            self.page.wait_for_timeout(100)
        return float("inf")

    def touched(self) -> float:
        """Return when the pointer went down last, in seconds of the browser's clock."""
        return float(self.page.evaluate("window.touched")) / 1000


def measure_kind(browser: Browser, kind: str, cells: int, runs: int) -> dict[str, Any]:
    """Measure one library with one number of cells; medians of the runs."""
    found = [measure_once(CountedPage(browser, kind), cells) for _ in range(runs)]
    names = ("first_s", "change_s", "click_s", "change_kb")
    medians = {name: statistics.median(one[name] for one in found) for name in names}
    return {**medians, "kept": all(one["kept"] for one in found)}


def measure_once(seen: CountedPage, cells: int) -> dict[str, Any]:
    """Open the page, change the filter there and back, and choose what lies in the middle."""
    page, kind = seen.page, seen.kind
    asked = f"kind={kind}&cells={cells}&premises={PREMISES}&view=52.90000,-2.10000,13"
    page.goto(f"http://127.0.0.1:{PORT}/?{asked}")
    first = (
        seen.painted(seen.watch(is_filled=True)) - page.evaluate("performance.timeOrigin") / 1000
    )
    page.wait_for_timeout(1500)
    page.locator(MAPS[kind]).first.evaluate("map => { map.dataset.mark = 'same' }")
    changes, sizes = [], []
    for is_filled in (False, True):
        before = seen.received
        canvas = seen.watch(is_filled=is_filled)
        page.get_by_role("button", name="Change the filter").click()
        changes.append(seen.painted(canvas) - seen.touched())
        page.wait_for_timeout(1200)
        sizes.append(seen.received - before)
    x, y = seen.middle()
    page.mouse.move(x - 34, y + 28)  # pydeck chooses what it has seen the pointer over
    page.wait_for_timeout(500)
    page.mouse.move(x - 32, y + 30)
    page.wait_for_timeout(500)
    since = time.perf_counter()
    page.mouse.down()
    page.mouse.up()
    try:
        page.locator("text=chosen: None").wait_for(state="detached", timeout=WAIT_S * 1000)
        click = time.perf_counter() - since
    except PlaywrightTimeout:
        click = float("inf")
    kept = page.locator(MAPS[kind]).first.get_attribute("data-mark") == "same"
    page.context.close()
    return {
        "first_s": first,
        "change_s": max(changes),
        "click_s": click,
        "change_kb": max(sizes) / 1000,
        "kept": kept,
    }


def measure_app(browser: Browser, runs: int) -> dict[str, float]:
    """Measure the app itself on the sample: first map, another filter, a hotspot chosen."""
    firsts, changes, clicks = [], [], []
    for _ in range(runs + 1):
        page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        page.add_init_script(TOUCHED)
        page.goto(f"http://127.0.0.1:{APP_PORT}/")
        since = time.perf_counter()
        page.locator("button[value=asha]").click()
        page.locator(".map-frame[data-ready]").wait_for(timeout=60_000)
        firsts.append(time.perf_counter() - since)
        page.wait_for_timeout(2500)
        for band in ("18-22", "22-02"):
            ready = page.locator(".map-frame").get_attribute("data-ready")
            page.get_by_role("button", name=band).or_(page.get_by_role("radio", name=band)).click()
            page.wait_for_selector(f".map-frame[data-ready]:not([data-ready='{ready}'])")
            changes.append(page.evaluate(SINCE_TOUCHED))
            page.wait_for_timeout(1500)
        path = page.locator("path.leaflet-interactive[role=button]").first
        since = time.perf_counter()
        path.press("Enter")
        page.get_by_text("measures, premises, actions").wait_for(timeout=20_000)
        clicks.append(time.perf_counter() - since)
        page.context.close()
    return {
        "after_start_s": firsts[0],
        "first_s": statistics.median(firsts[1:]),
        "change_s": statistics.median(changes),
        "click_s": statistics.median(clicks),
    }


def main() -> None:
    """Run the measurements and save them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, nargs="+", default=[5000, 50_000])
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    found: dict[str, Any] = {"premises": PREMISES, "runs": asked.runs, "cells": {}}
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"],
        )
        with running(page_command(), PORT, "/_stcore/health"):
            for cells in asked.cells:
                runs = asked.runs if cells <= 10_000 else 1
                found["cells"][str(cells)] = {
                    kind: measure_kind(browser, kind, cells, runs) for kind in KINDS
                }
        with tempfile.TemporaryDirectory() as folder:
            demo = [
                sys.executable,
                "-m",
                "hotspot",
                "demo",
                "-w",
                f"{folder}/demo",
                "--port",
                str(APP_PORT),
            ]
            with running(demo, APP_PORT, "/health"):
                found["app"] = measure_app(browser, asked.runs)
        browser.close()
    report.save("map_speed", found)
    sys.stdout.write(f"{found}\n")


if __name__ == "__main__":
    main()
