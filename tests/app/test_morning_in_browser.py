"""The analyst's morning, from the month's file to the frozen snapshot, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, expect

from hotspot.access.actor import Actor, UserRole
from hotspot.services import replays, snapshots
from hotspot.services.workspace import init_workspace, open_workspace
from hotspot.settings import SAMPLE_FOLDER
from tests.app.test_import_in_browser import check_and_import, sign_in
from tests.conftest import served
from tests.helpers import SHELL, add_person

pytestmark = pytest.mark.browser


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    workspace = init_workspace(SHELL, tmp_path / "workspace", "sample")
    add_person(workspace, UserRole.ANALYST, "ana")
    workspace.engine.dispose()
    return workspace.folder


@pytest.fixture
def address(folder: Path, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "serve", "-w", str(folder)]) as at:
        yield at


def test_an_analyst_goes_from_the_months_file_to_a_frozen_snapshot(
    browser: Browser, address: str, folder: Path, analyst: Actor, tmp_path: Path
) -> None:
    page = sign_in(browser, address)
    page.get_by_text("Import the first file").click(timeout=30_000)
    page.locator("input[type=file]").set_input_files(SAMPLE_FOLDER / "missing_episodes.xlsx")
    expect(page.get_by_text("What each column means")).to_be_visible(timeout=60_000)
    check_and_import(page)

    page.get_by_role("link", name="Map", exact=True).click()
    page.wait_for_selector(".map-frame[data-ready]", timeout=60_000)
    expect(page.get_by_text("hotspot\\(s\\) from").or_(page.get_by_text("hotspot(s) from")).first
           ).to_be_visible()  # fmt: skip

    page.get_by_text("Analysis", exact=True).click()
    page.get_by_text("Can they be believed?").first.click()
    page.get_by_role("button", name="Test the hotspots").click(timeout=30_000)
    page.get_by_text("The same in words, one hotspot a line").click(timeout=120_000)
    expect(page.get_by_text("not a probability that abuse happens here").first).to_be_visible()
    expect(page.get_by_text("do not brief as a hotspot")).to_be_visible()
    expect(page.get_by_text("the prior count is the one to beat")).to_be_visible(timeout=60_000)

    page.get_by_text("Analysis", exact=True).click()
    page.get_by_text("Snapshots").first.click()
    name = page.get_by_role("textbox", name="Name", exact=True)
    name.wait_for(timeout=30_000)
    name.fill("2026-11")
    page.get_by_role("button", name="Freeze this run").click()
    expect(page.get_by_text("2026-11 is frozen.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Through the snapshots")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.get_by_text("the same, byte for byte")).to_be_visible(timeout=60_000)

    page.get_by_text("Make the profile as a Word document").click()
    page.get_by_role("textbox", name="Who will receive it").fill("MACE partners")
    page.get_by_role("textbox", name="Why", exact=True).fill("MACE profile")
    page.get_by_role("button", name="Prepare the file").click()
    with page.expect_download(timeout=60_000) as got:
        page.get_by_role("link", name="Download the file").click()
    written = tmp_path / got.value.suggested_filename
    got.value.save_as(written)
    assert re.fullmatch(r"hotspot-profile-police-.*-OFFICIAL-SENSITIVE\.docx", written.name)
    assert "Problem profile 2026-11" in [p.text for p in Document(str(written)).paragraphs]

    page.get_by_role("link", name="Hotspot", exact=True).click()
    expect(page.get_by_text("Month by month")).to_be_visible(timeout=30_000)
    chosen = page.get_by_role("combobox", name="Hotspot", exact=True)
    expect(chosen).to_have_value(re.compile("HS-0001"))
    workspace = open_workspace(folder)
    assert snapshots.list_snapshots(workspace, analyst)["name"].tolist() == ["2026-11"]
    assert replays.replay(workspace, analyst, 1).is_same
    workspace.engine.dispose()
