"""The gate in Chromium: two tabs, idleness, the keyboard, the second factor."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from hotspot.access.actor import UserRole
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.settings import save_settings
from tests.conftest import served
from tests.helpers import PASSWORD, SHELL, add_person
from tests.stillness import rest, settle

pytestmark = pytest.mark.browser


@contextmanager
def gated(demo_folder: Path, folder: Path) -> Iterator[Workspace]:
    """Make a real workspace of the demonstration, with accounts."""
    shutil.copytree(demo_folder, folder)
    opened = open_workspace(folder)
    settings = opened.settings.model_copy(update={"demo": False})
    save_settings(folder / "workspace.json", settings)
    opened.engine.dispose()
    opened = open_workspace(folder)
    add_person(opened, UserRole.ANALYST, "ana")
    add_person(opened, UserRole.ADMINISTRATOR, "boss")
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def workspace(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with gated(demo_folder, tmp_path_factory.mktemp("gate") / "workspace") as opened:
        yield opened


@pytest.fixture(scope="module")
def address(workspace: Workspace, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "serve", "-w", str(workspace.folder)]) as at:
        yield at


SET_CLOCK = '''
"""Let the door of the server go by a clock that a test puts forward, in minutes."""
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotspot.services.people.doorkeeper import Doorkeeper

FORWARD = Path(os.environ["CLOCK_FORWARD"])
Doorkeeper.__init__.__defaults__ = (
    lambda: datetime.now(UTC) + timedelta(minutes=float(FORWARD.read_text())),
)
'''


@dataclass
class Served:
    """An app and the file that says how many minutes its door's clock is put forward."""

    address: str
    forward: Path

    def pass_minutes(self, minutes: float) -> None:
        later = self.forward.with_suffix(".later")
        later.write_text(str(float(self.forward.read_text()) + minutes))
        later.replace(self.forward)


@pytest.fixture
def clocked(demo_folder: Path, tmp_path: Path, hotspot_command: list[str]) -> Iterator[Served]:
    """An app whose sessions end after 15 idle minutes, by a clock that the test puts forward."""
    (tmp_path / "sitecustomize.py").write_text(SET_CLOCK)
    forward = tmp_path / "forward"
    forward.write_text("0")
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "CLOCK_FORWARD": str(forward)}
    with (
        gated(demo_folder, tmp_path / "workspace") as opened,
        served([*hotspot_command, "serve", "-w", str(opened.folder)], environment) as at,
    ):
        yield Served(at, forward)


def sign_in(page: Page, address: str, name: str = "ana") -> None:
    """Sign in with the keyboard alone."""
    page.goto(address)
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_signing_out_in_one_tab_closes_the_other(browser: Browser, address: str) -> None:
    context = browser.new_context()
    first, second = context.new_page(), context.new_page()
    sign_in(first, address)
    first.locator(".map-frame[data-ready]").wait_for(timeout=30_000)
    second.goto(address)
    second.locator(".map-frame[data-ready]").wait_for(timeout=30_000)
    first.get_by_role("link", name="Sign out").click()
    expect(first.get_by_text("You are signed out.")).to_be_visible(timeout=30_000)
    second.wait_for_url("**/gate/sign-in**", timeout=30_000)
    assert second.locator(".map-frame").count() == 0
    second.go_back()
    second.wait_for_url("**/gate/sign-in**", timeout=30_000)
    rest(second)
    assert second.locator(".map-frame").count() == 0
    context.close()


def test_an_idle_session_warns_stays_on_request_and_then_leads_away(
    browser: Browser, clocked: Served
) -> None:
    page = browser.new_context().new_page()
    sign_in(page, clocked.address)
    page.locator(".map-frame[data-ready]").wait_for(timeout=30_000)
    settle(page)
    warning = page.get_by_role("dialog")
    clocked.pass_minutes(13.5)
    for _ in range(2):  # the first may have been asked before
        with page.expect_response("**/gate/state") as answer:
            pass
    assert answer.value.json()["seconds_left"] <= 90  # to ask is no use of the session
    expect(warning).to_have_count(0)
    clocked.pass_minutes(0.75)
    expect(warning).to_contain_text("You will be signed out in", timeout=30_000)
    stay = page.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_focused()
    page.keyboard.press("Enter")
    expect(warning).to_have_count(0, timeout=5_000)
    clocked.pass_minutes(14.25)
    expect(warning).to_contain_text("signed out in", timeout=30_000)
    clocked.pass_minutes(0.75)
    page.wait_for_url("**/gate/sign-in?said=idle**", timeout=30_000)
    expect(page.get_by_text("because nothing was done")).to_be_visible()
    assert page.locator(".map-frame").count() == 0
    page.context.close()


def test_an_administrator_sets_up_the_second_factor_and_makes_an_account(
    browser: Browser, address: str, workspace: Workspace
) -> None:
    page = browser.new_context().new_page()
    sign_in(page, address, "boss")
    expect(page.get_by_role("heading", name="Set up the second factor")).to_be_visible()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    app = pyotp.TOTP(page.locator("code").inner_text())
    page.get_by_label("Code (6 digits)").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("did not fit")
    page.get_by_label("Code (6 digits)").fill(app.now())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Add an account")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_text("set up", exact=True)).to_be_visible()
    page.context.close()


def test_a_wrong_password_is_told_in_words_and_read_out(browser: Browser, address: str) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{address}/gate/sign-in")
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not fit")
    assert page.get_by_label("Password").input_value() == ""
    page.context.close()


def test_a_password_of_the_administrators_is_changed_at_the_first_sign_in(
    browser: Browser, address: str, workspace: Workspace
) -> None:
    from hotspot.services.people import accounts

    add_person(workspace, UserRole.AUDITOR, "audrey2")
    known = accounts.find_account(workspace, SHELL, "audrey2")
    accounts.set_password(workspace, SHELL, known, PASSWORD)
    page = browser.new_context().new_page()
    sign_in(page, address, "audrey2")
    expect(page.get_by_role("heading", name="Choose your own password")).to_be_visible()
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("candle marmot brisk folder")
    page.get_by_label("The new password again").fill("something else altogether")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert")).to_contain_text("differ")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("candle marmot brisk folder")
    page.get_by_label("The new password again").fill("candle marmot brisk folder")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("Why you look")).to_be_visible(timeout=30_000)
    page.context.close()
