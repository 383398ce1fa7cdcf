"""The licensing officer's Wednesday: premises for assessment, incidents by hand, the application."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from hotspot.access.actor import Actor, UserRole
from hotspot.services import assessments
from hotspot.services.workspace import open_workspace
from tests.app.test_browser import open_page, violations
from tests.helpers import actor_of_role

pytestmark = pytest.mark.browser
SHORT, LONG = 15_000, 40_000


def part(page: Page, name: str) -> None:
    """Turn to a part of the card, which breaks no rule of WCAG."""
    page.get_by_role("radio", name=name, exact=True).click()
    page.locator("[data-test-script-state=notRunning]").first.wait_for(timeout=SHORT)
    page.wait_for_timeout(1000)
    assert violations(page) == []


def choose(page: Page, box: str, words: str) -> None:
    page.get_by_role("combobox", name=box, exact=True).click()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def save(page: Page, button: str, said: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(said).first).to_be_visible(timeout=SHORT)


def test_from_a_look_to_a_signed_application(
    browser: Browser, address: str, folder: Path, tmp_path: Path
) -> None:
    page = open_page(browser, address, person="lee")
    page.get_by_role("link", name="For assessment").click()
    expect(page.get_by_text("No premises are for assessment.")).to_be_visible(timeout=LONG)

    page.get_by_text("Premises that deserve a look: 0").click()
    expect(page.get_by_text("None beyond those that were looked at.")).to_be_visible()
    choose(page, "Premises", "Umber Wines · 130")
    page.get_by_role("textbox", name="Why", exact=True).fill("two officers ask about it")
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
    page.get_by_text("Records within 100 m").click()
    page.get_by_role("textbox", name="Why you look").fill("assessment")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_label("Records within 100 m, the newest first").first).to_be_visible(
        timeout=SHORT
    )
    page.get_by_role("textbox", name="Crime or log reference").fill("21DA/1/26")
    page.get_by_role("textbox", name="What happened").fill("A child was served at 23:40")
    page.get_by_role("button", name="Link the incident").click()
    expect(page.get_by_text("Say whether it was at the premises")).to_be_visible(timeout=SHORT)
    page.get_by_text("At the premises", exact=True).click()
    page.get_by_text("Within licensed hours", exact=True).click()
    save(page, "Link the incident", "21DA/1/26 is linked.")
    page.get_by_role("textbox", name="Crime or log reference").fill("LOG 7")
    page.get_by_role("textbox", name="What happened").fill("A child was seen near by")
    page.get_by_text("Nearby: context, never grounds", exact=True).click()
    save(page, "Link the incident", "LOG 7 is linked.")
    expect(page.get_by_text("1 nearby (context)").first).to_be_attached()


def write_application(page: Page) -> None:
    """Write the application: asked for an early warning first, then with one."""
    part(page, "Application")
    expect(page.get_by_text("No early warning is recorded: send one")).to_be_visible(timeout=SHORT)
    page.get_by_role("textbox", name="Holder of the licence").fill("Example Ltd")
    page.get_by_role("textbox", name="Grounds").fill("A child was served after hours.")
    choose(page, "Steps sought", "Challenge")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save the application").click()
    expect(page.get_by_text("or say why the application is made").first).to_be_visible(
        timeout=SHORT
    )
    part(page, "Engagement")
    page.get_by_role("textbox", name="What was agreed or found").fill("Action plan, CCTV")
    save(page, "Save what was done", "Saved: early warning letter.")
    part(page, "Application")
    page.get_by_role("textbox", name="Holder of the licence").fill("Example Ltd")
    page.get_by_role("textbox", name="Grounds").fill("A child was served after hours.")
    choose(page, "Steps sought", "Challenge")
    page.keyboard.press("Escape")
    save(page, "Save the application", "The application is saved")
    expect(page.get_by_text("Police: not signed")).to_be_visible()
    assert page.get_by_role("button", name="I have read it, and sign").count() == 0


def download(page: Page, folder: Path) -> Path:
    page.get_by_text("Save the application as Word").click()
    page.get_by_role("textbox", name="Who will receive it").fill("Legal services")
    page.get_by_role("textbox", name="Why", exact=True).fill("to be read")
    page.get_by_role("button", name="Prepare the file").click()
    with page.expect_download(timeout=LONG) as got:
        page.get_by_role("link", name="Download the file").click()
    written = folder / got.value.suggested_filename
    got.value.save_as(written)
    return written


def sign_as_another(browser: Browser, address: str) -> None:
    page = open_page(browser, address, person="drew")
    page.get_by_role("link", name="For assessment").click()
    expect(page.get_by_text("For assessment: 1 incident at").first).to_be_visible(timeout=LONG)
    part(page, "Application")
    save(page, "I have read it, and sign", "Police: signed by Drew Disruption")
    page.context.close()


def test_a_council_officer_says_what_happened_to_its_own_paper(
    browser: Browser, address: str, folder: Path, lead: Actor
) -> None:
    """The council moves its own action on, with its day, and notes a visit."""
    from hotspot.services import action_clocks, actions, premises
    from tests.helpers import FORCE, an_action, run_of

    workspace = open_workspace(folder)
    run = run_of(workspace, lead)
    near = premises.premises_near(workspace, lead, run, 0)
    row = near[near["key"] == "H-01"].iloc[0]
    command = an_action("own", measure_code="TEST", agency="Stoke-on-Trent City Council",
                        premises=(str(row["source"]), str(row["premises_ref"])))  # fmt: skip
    actions.record_action(workspace, lead, command, run, "H-01", FORCE)
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    page.goto(address)
    page.locator("button[value=cory]").click()
    page.get_by_role("link", name="Papers and deadlines").click()
    choose(page, "From 'agreed' to", "run")
    page.get_by_role("textbox", name="Why", exact=True).fill("no briefing was needed")
    save(page, "Save the new state", "Action 1 is now 'run'.")
    choose(page, "Premises", str(row["name"]))
    page.get_by_role("textbox", name="What was agreed or found").fill("CCTV is kept 31 days")
    save(page, "Save what was done", "Saved: early warning letter.")
    context.close()
    happened, deadlines = action_clocks.deadlines_of_action(workspace, lead, 1)
    assert list(happened) == ["run"]
    assert len(deadlines) == 1
    workspace.engine.dispose()
