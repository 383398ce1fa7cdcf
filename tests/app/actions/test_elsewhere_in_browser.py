"""A lead records an action against a profession that was put in by hand, and moves it on."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from hotspot.access.actor import Actor
from hotspot.services.actions import clocks, lists
from hotspot.services.hotspots.register import ByHand, register_by_hand
from hotspot.services.workspace.folder import open_workspace
from tests.app.actions.test_actions_in_browser import choose_measure
from tests.app.test_browser import open_page
from tests.stillness import open_list, settle

pytestmark = pytest.mark.browser


def test_a_profession_takes_an_action_with_what_families_said_and_its_next_review(
    browser: Browser, address: str, folder: Path, lead: Actor
) -> None:
    workspace = open_workspace(folder)
    number = register_by_hand(workspace, lead, ByHand("Sports coaches", "profession", "LADO"))
    page = open_page(browser, address)
    page.get_by_role("link", name="Actions").first.click()
    open_list(page.get_by_role("combobox", name="Record an action against"))
    page.keyboard.type("Sports coaches")
    page.keyboard.press("Enter")
    choose_measure(page, "Child Abduction Warning Notice (CAWN), child under 16", "none; evidences")
    page.get_by_role("textbox", name="Owner").fill("Sgt Example")
    page.get_by_role("textbox", name="Views of children and families").fill("Parents asked for it")
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_text(f"registered as HS-{number:04}")).to_be_visible(timeout=30_000)
    for stage in ("statement obtained", "served"):
        settle(page)  # the form of the step before goes when the new one stands
        page.get_by_role("button", name="Save the new state").click(timeout=30_000)
        expect(page.get_by_text(f"Action 1 is now '{stage}'.")).to_be_visible(timeout=30_000)
    page.context.close()
    row = lists.list_actions(workspace, lead).iloc[0]
    assert (row["hotspot_id"], row["stands"]) == (number, "served")
    assert row["family_views"] == "Parents asked for it"
    assert "served" in clocks.deadlines_of_action(workspace, lead, 1)[0]
    workspace.engine.dispose()
