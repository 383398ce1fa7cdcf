"""Make the pictures of the documents from the running demonstration: `make pictures`."""  # noqa: INP001 - a script beside the documents

from __future__ import annotations

import os
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
SIZE = {"width": 1366, "height": 768}
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


def make_pictures(browser: Browser, address: str) -> None:
    """Walk to each page that is shown in a document."""
    page = enter(browser, address, "drew")
    page.get_by_role("table").get_by_role("button", name="H-02").click()
    take(page, "map")
    page.get_by_role("link", name="Meeting").click()
    page.get_by_role("button", name="Open the meeting").click(timeout=_PATIENCE_MS)
    page.get_by_role("radio", name="What was agreed before").click(timeout=_PATIENCE_MS)
    take(page, "meeting")
    page.context.close()
    page = enter(browser, address, "lee")
    page.get_by_role("link", name="For assessment").click()
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
            executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"]
        )
        make_pictures(chromium, at)
        chromium.close()
