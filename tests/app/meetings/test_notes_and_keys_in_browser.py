"""What goes wrong in front of ten people: a note under another action, a key that was typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from hotspot.access.actor import Actor
from hotspot.services.actions import lists, recording
from hotspot.services.meetings import proceedings
from hotspot.services.workspace.folder import Workspace
from tests.app.keyboard import enter, follow, press, use
from tests.conftest import served
from tests.helpers import FORCE, an_action, run_of
from tests.stillness import sending, settle

pytestmark = pytest.mark.browser
SHORT = 20_000
ACTIONS, MOST_PRESSES = 14, 80
COUNT = """(() => {
  addEventListener("keydown", (event) => {
    const at = event.composedPath()[0]
    const isTyped = event.key.length === 1 && at.matches && at.matches("input, textarea")
    if (!isTyped) sessionStorage.presses = Number(sessionStorage.presses || 0) + 1
  }, true)
})()"""

FOCUSED = """(() => {
  let at = document.activeElement
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement
  return at.matches(".keys-card") ? "card" : at === document.body ? "nowhere"
    : at.outerHTML.slice(0, 80)
})()"""
REST = ("card", "nowhere")


@pytest.fixture
def held(demo: Workspace, lead: Actor) -> Workspace:
    """Fourteen actions at seven hotspots, and a meeting before with two who were there."""
    run = run_of(demo, lead)
    for n in range(ACTIONS):
        due = date(2026, 10, 1) + timedelta(days=9 * n)
        key = str(run.hotspots["key"].iloc[n % len(run.hotspots)])
        action = an_action(f"one {n}", due_on=due, owner=f"Sgt {n}")
        recording.record_action(demo, lead, action, run, key, FORCE)
    before = proceedings.open_meeting(demo, lead, "MACE before", date(2026, 10, 29))
    for name in ("Sam Example", "Pat Example"):
        proceedings.attend(demo, lead, before, name, "Health")
    proceedings.close_meeting(demo, lead, before)
    return demo


@pytest.fixture
def address(held: Workspace, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "demo", "-w", str(held.folder)]) as at:
        yield at


def tap(page: Page, key: str, then: str) -> None:
    """Press a single key, and wait for what it leads to."""
    settle(page)
    page.keyboard.press(key)
    expect(page.get_by_text(then).first).to_be_visible(timeout=SHORT)


def said(page: Page) -> str:
    settle(page)
    return page.get_by_role("textbox", name="What was said").input_value()


@pytest.mark.timeout(900)
def test_a_note_stays_with_its_action_and_keys_rest_in_every_control(
    browser: Browser, address: str, held: Workspace, lead: Actor
) -> None:
    page = enter(browser, address, "drew", (1280, 720))
    page.add_init_script(COUNT)
    page.evaluate(COUNT)
    follow(page, "Meeting")
    page.evaluate("sessionStorage.presses = 0")
    press(page, "Open the meeting")
    use(page, page.get_by_role("button", name="Note them"))
    expect(page.get_by_label("Who is here").first).to_be_visible(timeout=SHORT)
    settle(page)
    page.keyboard.press("Escape")
    tap(page, "2", f"1 of {ACTIONS}")
    tap(page, "w", "What was said")
    with sending(page):
        page.keyboard.type("delayed until the lamps come, done by then")
        page.keyboard.press("Escape")
    tap(page, "ArrowRight", f"2 of {ACTIONS}")
    assert said(page) == ""
    tap(page, "ArrowLeft", f"1 of {ACTIONS}")
    assert said(page).startswith("delayed until")
    for n in range(1, ACTIONS):
        tap(page, "k" if n % 2 else "d", f"{n + 1} of {ACTIONS}")
        assert said(page) == ""
    tap(page, "d", f"{ACTIONS} answered")
    tap(page, "3", "1 of 7")
    for n in range(2, 8):
        tap(page, "ArrowRight", f"{n} of 7")
    tap(page, "4", "Not read back yet.")
    tap(page, "a", "Read back and agreed.")
    tap(page, "5", "Actions agreed")
    presses = int(page.evaluate("sessionStorage.presses"))
    print(f"\nthe meeting of {ACTIONS} actions and 7 hotspots: {presses} key presses")  # noqa: T201
    assert presses <= MOST_PRESSES
    a_reload_comes_back(page)
    keys_rest_in_every_control(page, held, lead)
    page.context.close()


def a_reload_comes_back(page: Page) -> None:
    """The step, the action and what is typed about it, and nothing of another's."""
    page.keyboard.press("Escape")
    tap(page, "2", f"{ACTIONS} of {ACTIONS}")
    tap(page, "ArrowLeft", f"{ACTIONS - 1} of {ACTIONS}")
    box = page.get_by_role("textbox", name="What was said")
    with sending(page):
        box.fill("half a sentence")
        page.get_by_role("button", name="Previous", exact=True).click()
    expect(page.get_by_text(f"{ACTIONS - 2} of {ACTIONS}")).to_be_visible(timeout=SHORT)
    assert said(page) == ""
    page.reload()
    expect(page.get_by_text(f"{ACTIONS - 2} of {ACTIONS}")).to_be_visible(timeout=SHORT)
    assert said(page) == ""
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text(f"{ACTIONS - 1} of {ACTIONS}")).to_be_visible(timeout=SHORT)
    assert said(page) == "half a sentence"


def keys_rest_in_every_control(page: Page, held: Workspace, lead: Actor) -> None:
    """Nothing is answered or undone by a letter in any control, nor with the keys off."""
    before = lists.version_of(held)
    settle(page)
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if seen.count(seen[-1]) > 2:
            break
        for key in ("d", "k", "u"):
            if page.evaluate(FOCUSED) not in REST:  # the card of the keys is where they act
                page.keyboard.press(key)
    settle(page)
    assert len(set(seen)) > 15
    assert lists.version_of(held) == before
    page.get_by_role("switch", name="Single keys").or_(
        page.get_by_label("Single keys")
    ).first.press("Space")
    settle(page)
    page.keyboard.press("Escape")
    for key in ("k", "u", "d"):
        page.keyboard.press(key)
    settle(page)
    assert lists.version_of(held) == before
    assert lists.list_actions(held, lead)["action_id"].size == ACTIONS
