"""Make the pictures of the documents from the running demonstration: `make pictures`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent
SIZE, PROJECTOR = {"width": 1366, "height": 768}, {"width": 1280, "height": 720}
_PATIENCE_MS = 60_000


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """Serve the demonstration with its story on a free port; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "hotspot", "demo", "--story", "-w", str(folder)]
    server = subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--port", str(port)], start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                with urllib.request.urlopen(f"{address}/health", timeout=1):  # noqa: S310 - ours
                    break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        os.killpg(server.pid, 15)
        server.wait(20)


def enter(browser: Browser, address: str, person: str) -> Page:
    """Sign in as one of the invented people."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.goto(address)
    page.locator(f"button[value={person}]").click()
    page.locator(".map-frame[data-ready]").wait_for(timeout=_PATIENCE_MS)
    return page


def take(page: Page, name: str) -> None:
    """Keep what a page shows, once it stands still."""
    page.locator("[data-test-script-state=notRunning]").first.wait_for(timeout=_PATIENCE_MS)
    page.wait_for_timeout(2500)
    page.screenshot(path=FOLDER / f"{name}.png")


def _chromium() -> str | None:
    """Find the browser of the machine, as the tests do."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def turn_to(page: Page, name: str, menu: str = "") -> None:
    """Open a page by the navigation."""
    if menu:
        page.get_by_role("button", name=menu, exact=True).click()
        page.get_by_role("menuitem", name=name).click()
    else:
        page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_timeout(800)


def show_analyst(browser: Browser, address: str) -> None:
    """Take the pictures of the analyst's morning."""
    page = enter(browser, address, "asha")
    turn_to(page, "Today")
    take(page, "today")
    turn_to(page, "Can they be believed?", "Analysis")
    page.get_by_role("button", name="Test the hotspots").click(timeout=_PATIENCE_MS)
    page.get_by_text("How this was tested").wait_for(timeout=_PATIENCE_MS)
    take(page, "belief")
    turn_to(page, "Hotspot")
    take(page, "hotspot")
    page.context.close()


def show_lead(browser: Browser, address: str) -> None:
    """Take the pictures of the disruption lead's map, meeting and outcomes."""
    page = enter(browser, address, "drew")
    page.get_by_role("table").get_by_role("button", name="H-02").click()
    take(page, "map")
    turn_to(page, "Outcomes")
    take(page, "outcomes")
    turn_to(page, "Meeting")
    page.get_by_role("button", name="Open the meeting").click(timeout=_PATIENCE_MS)
    page.get_by_role("radio", name="What was agreed before").click(timeout=_PATIENCE_MS)
    take(page, "meeting")
    page.set_viewport_size(PROJECTOR)
    page.emulate_media(color_scheme="dark")
    page.reload()
    page.get_by_role("radio", name="Hotspots").click(timeout=_PATIENCE_MS)
    take(page, "meeting-hotspot")
    page.context.close()


def show_officer(browser: Browser, address: str) -> None:
    """Take the pictures of the licensing officer's day."""
    page = enter(browser, address, "lee")
    turn_to(page, "Today")
    take(page, "door")
    turn_to(page, "For assessment")
    page.get_by_role("radio", name="Incidents").click(timeout=_PATIENCE_MS)
    take(page, "assessment")
    page.context.close()


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder) / "demo") as at,
        sync_playwright() as driver,
    ):
        chromium = driver.chromium.launch(
            executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        show_analyst(chromium, at)
        show_lead(chromium, at)
        show_officer(chromium, at)
        chromium.close()
