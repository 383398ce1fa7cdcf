"""The analyst's morning with the keyboard alone: from the month's file to the frozen snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from hotspot.access.actor import Actor, UserRole
from hotspot.services.hotspots import replays, snapshots
from hotspot.services.workspace.folder import init_workspace, open_workspace
from hotspot.settings import SAMPLE_FOLDER
from tests.app.keyboard import (
    follow,
    from_menu,
    hand_in,
    pick,
    press,
    sees,
    tick,
    unfold,
    use,
    write,
)
from tests.app.records.test_import_in_browser import sign_in
from tests.conftest import served
from tests.helpers import SHELL, add_person
from tests.stillness import settle

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
    follow(page, "Import the first file")
    hand_in(page, str(SAMPLE_FOLDER / "missing_episodes.xlsx"))
    expect(page.get_by_text("What each column means")).to_be_visible(timeout=60_000)
    press(page, "Check the file")
    sees(page, "What would happen")
    button = page.get_by_role("button", name="Import", exact=True)
    button.wait_for(timeout=30_000)  # the questions stand above it
    settle(page)
    for question in page.get_by_role("checkbox", name="Yes.").all():
        tick(page, question)
    use(page, button)
    sees(page, "rows in,")

    follow(page, "Map")
    page.wait_for_selector(".map-frame[data-ready]", timeout=60_000)
    expect(page.get_by_text("hotspots from").first).to_be_visible()
    pick(page, "Find on the map", "H-02")
    use(page, page.get_by_role("link", name="Open H-02"))
    expect(page.get_by_text("Month by month")).to_be_visible(timeout=40_000)

    from_menu(page, "Analysis", "Can they be believed?")
    press(page, "Test the hotspots")
    page.get_by_text("The same in words, one hotspot a line").wait_for(timeout=120_000)
    unfold(page, "The same in words, one hotspot a line")
    expect(page.get_by_text("not a probability that abuse happens here").first).to_be_visible()
    expect(page.get_by_text("do not brief as a hotspot")).to_be_visible()
    expect(page.get_by_text("of the later records").first).to_be_visible(timeout=60_000)

    from_menu(page, "Analysis", "Snapshots")
    write(page, "Name", "2026-11")
    press(page, "Freeze this run")
    expect(page.get_by_text("2026-11 is frozen.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Through the snapshots")).to_be_visible(timeout=30_000)
    press(page, "Replay")
    expect(page.get_by_text("the same, byte for byte")).to_be_visible(timeout=60_000)

    from_menu(page, "Analysis", "Findings")
    write(page, "One sentence", "Children meet there on Friday nights.")
    press(page, "Write it")
    sees(page, "not signed yet")
    from_menu(page, "Analysis", "Snapshots")
    assert "Problem profile 2026-11" in save_profile(page, tmp_path)

    follow(page, "Hotspot")
    expect(page.get_by_text("Month by month")).to_be_visible(timeout=30_000)
    chosen = page.get_by_role("combobox", name="Hotspot", exact=True)
    expect(chosen).to_have_value(re.compile(r"H-02 \(HS-0002"))
    workspace = open_workspace(folder)
    assert snapshots.list_snapshots(workspace, analyst)["name"].tolist() == ["2026-11"]
    assert replays.replay(workspace, analyst, 1).is_same
    workspace.engine.dispose()


def save_profile(page: Page, folder: Path) -> list[str]:
    """Save the profile of the snapshot, and give what it says."""
    unfold(page, "Make the profile as a Word document")
    write(page, "Who will receive it", "MACE partners")
    write(page, "Why", "MACE profile")
    press(page, "Prepare the file")
    with page.expect_download(timeout=60_000) as got:
        follow(page, "Download the file")
    written = folder / got.value.suggested_filename
    got.value.save_as(written)
    assert re.fullmatch(r"hotspot-profile-police-.*-OFFICIAL-SENSITIVE\.docx", written.name)
    return [p.text for p in Document(str(written)).paragraphs]
