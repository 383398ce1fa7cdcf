"""The licensing officer's Wednesday with the keyboard alone: from a look to the application."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from hotspot.access.actor import Actor, UserRole
from hotspot.services.premises import assessments
from hotspot.services.workspace.folder import open_workspace
from tests.app import keyboard
from tests.app.keyboard import follow, pick, turn_to, unfold, write
from tests.app.test_browser import open_page, violations
from tests.helpers import actor_of_role
from tests.stillness import settle

pytestmark = pytest.mark.browser
SHORT, LONG = 15_000, 40_000


def part(page: Page, name: str) -> None:
    """Turn to a part of the card, which breaks no rule of WCAG."""
    turn_to(page, name)
    settle(page)
    assert violations(page) == []


def save(page: Page, button: str, said: str) -> None:
    keyboard.press(page, button)
    expect(page.get_by_text(said).first).to_be_visible(timeout=SHORT)


def test_from_a_look_to_a_signed_application(
    browser: Browser, address: str, folder: Path, tmp_path: Path
) -> None:
    page = keyboard.enter(browser, address, "lee")
    follow(page, "For assessment")
    expect(page.get_by_text("No premises are for assessment.")).to_be_visible(timeout=LONG)

    unfold(page, "Premises that deserve a look: 0")
    expect(page.get_by_text("None beyond those that were looked at.")).to_be_visible()
    pick(page, "Premises", "Umber Wines · 130")
    write(page, "Why", "two officers ask about it")
    save(page, "Save the decision", "Saved: for assessment.")
    expect(page.get_by_text("an officer's reason: two officers ask about it").first).to_be_visible()

    link_two(page)
    part(page, "Comparison")
    expect(page.get_by_text("others alike")).to_be_visible(timeout=LONG)
    part(page, "Options and actions")
    expect(page.get_by_label("Routes, and which are open here").first).to_be_visible(timeout=SHORT)
    write_application(page)
    written = download(page, tmp_path)
    text = "\n".join(p.text for p in Document(str(written)).paragraphs)
    assert "draft" in written.name
    assert "A child was served after hours." in text
    page.context.close()

    sign_as_another(browser, address)
    workspace = open_workspace(folder)
    officer: Actor = actor_of_role(UserRole.POLICE_LICENSING)
    listed = assessments.list_assessments(workspace, officer)
    assert len(listed) == 1
    assert "1 incident at since" in listed["why"].iloc[0]
    workspace.engine.dispose()


def link_two(page: Page) -> None:
    """Look the records up, and link one incident at the premises and one nearby."""
    part(page, "Incidents")
    unfold(page, "Records within 100 m")
    write(page, "Why you look", "assessment")
    keyboard.press(page, "Look up")
    expect(page.get_by_label("Records within 100 m, the newest first").first).to_be_visible(
        timeout=SHORT
    )
    write(page, "Crime or log reference", "21DA/1/26")
    write(page, "What happened", "A child was served at 23:40")
    keyboard.press(page, "Link the incident")
    expect(page.get_by_text("Say whether it was at the premises")).to_be_visible(timeout=SHORT)
    turn_to(page, "At the premises")
    turn_to(page, "Within licensed hours")
    save(page, "Link the incident", "21DA/1/26 is linked.")
    write(page, "Crime or log reference", "LOG 7")
    write(page, "What happened", "A child was seen near by")
    turn_to(page, "Nearby: context, never grounds")
    save(page, "Link the incident", "LOG 7 is linked.")
    expect(page.get_by_text("1 nearby (context)").first).to_be_attached()


def write_application(page: Page) -> None:
    """Write the application: asked for an early warning first, then with one."""
    part(page, "Application")
    expect(page.get_by_text("No early warning is recorded: send one")).to_be_visible(timeout=SHORT)
    write(page, "Holder of the licence", "Example Ltd")
    write(page, "Grounds", "A child was served after hours.")
    pick(page, "Steps sought", "Challenge")
    page.keyboard.press("Escape")
    keyboard.press(page, "Save the application")
    expect(page.get_by_text("or say why the application is made").first).to_be_visible(
        timeout=SHORT
    )
    part(page, "Engagement")
    write(page, "What was agreed or found", "Action plan, CCTV")
    save(page, "Save what was done", "Saved: early warning letter.")
    part(page, "Application")
    write(page, "Holder of the licence", "Example Ltd")
    write(page, "Grounds", "A child was served after hours.")
    pick(page, "Steps sought", "Challenge")
    page.keyboard.press("Escape")
    save(page, "Save the application", "The application is saved")
    expect(page.get_by_text("Police: not signed")).to_be_visible()
    assert page.get_by_role("button", name="I have read it, and sign").count() == 0


def download(page: Page, folder: Path) -> Path:
    unfold(page, "Save the paper as Word")
    write(page, "Who will receive it", "Legal services")
    write(page, "Why", "to be read")
    keyboard.press(page, "Prepare the file")
    with page.expect_download(timeout=LONG) as got:
        follow(page, "Download the file")
    written = folder / got.value.suggested_filename
    got.value.save_as(written)
    return written


def sign_as_another(browser: Browser, address: str) -> None:
    page = open_page(browser, address, person="drew")
    follow(page, "For assessment")
    expect(page.get_by_text("For assessment: 1 incident at").first).to_be_visible(timeout=LONG)
    part(page, "Application")
    save(page, "I have read it, and sign", "Police: signed by Drew Disruption")
    page.context.close()


def test_a_council_officer_says_what_happened_to_its_own_paper(
    browser: Browser, address: str, folder: Path, lead: Actor
) -> None:
    """The council moves its own action on, with its day, and notes a visit."""
    from hotspot.services.actions import clocks, recording
    from hotspot.services.premises import nearby
    from tests.helpers import FORCE, an_action, run_of

    workspace = open_workspace(folder)
    run = run_of(workspace, lead)
    near = nearby.premises_near(workspace, lead, run, 0)
    row = near[near["key"] == "H-01"].iloc[0]
    command = an_action(
        "own",
        measure_code="TEST",
        agency="Stoke-on-Trent City Council",
        premises=(str(row["source"]), str(row["premises_ref"])),
    )
    recording.record_action(workspace, lead, command, run, "H-01", FORCE)
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    page.goto(address)
    page.locator("button[value=cory]").click()
    follow(page, "Papers and deadlines")
    pick(page, "From 'agreed' to", "run")
    write(page, "Why", "no briefing was needed")
    save(page, "Save the new state", "Action 1 is now 'run'.")
    pick(page, "Premises", str(row["name"]))
    write(page, "What was agreed or found", "CCTV is kept 31 days")
    save(page, "Save what was done", "Saved: early warning letter.")
    context.close()
    happened, deadlines = clocks.deadlines_of_action(workspace, lead, 1)
    assert list(happened) == ["run"]
    assert len(deadlines) == 1
    workspace.engine.dispose()
