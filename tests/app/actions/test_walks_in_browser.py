"""Whole walks on the screen: each action to its end, through an appeal where there is one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hotspot.access.actor import Actor, UserRole
from hotspot.services.actions import lists, recording
from hotspot.services.hotspots.register import ByHand, register_by_hand
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.services.workspace.measure_catalogue import catalogue_of
from tests.app.actions.test_actions_in_browser import choose_measure
from tests.app.test_browser import PICTURES, open_page
from tests.conftest import served
from tests.helpers import FORCE, actor_of_role, an_action, run_of
from tests.stillness import open_list, settle

pytestmark = pytest.mark.browser
LONG = 30_000
PICTURED = {"adjourned", "appealed", "reviewed", "in force", "determined", "heard on interim steps"}
HEARING, UNTIL, REVIEW = "Hearing listed for", "In force until", "Next review"


@dataclass(frozen=True)
class Step:
    """A step up a ladder and what is typed for it."""

    to: str
    on: str = ""
    days: dict[str, str] = field(default_factory=dict)
    outcome: str = ""
    why: str = ""


def end(outcome: str = "") -> list[Step]:
    return [Step("completed", outcome=outcome), Step("effect checked", why="no clear change")]


WALKS = {
    "LA51": [
        Step("application drafted", why="grave"),
        Step("pack signed off"),
        Step("application given", on="02/11/2026"),
        Step("in representations"),
        Step("representations closed", on="30/11/2026"),
        Step("hearing listed", days={HEARING: "15/12/2026"}),
        Step("adjourned"),
        Step("hearing listed", days={HEARING: "22/12/2026"}),
        Step("determined", on="22/12/2026", outcome="revoked"),
        Step("in appeal period", on="29/12/2026"),
        Step("appealed", on="11/01/2027"),
        Step("appeal determined", outcome="modified on appeal"),
        Step("effective"),
        Step("compliance visit due"),
        *end(),
    ],
    "LA53A": [
        Step("certificate signed"),
        Step("application given", on="02/11/2026"),
        Step("interim steps considered", outcome="interim steps"),
        Step("in representations"),
        Step("heard on interim steps", on="06/11/2026", outcome="interim steps modified"),
        Step("in representations"),
        Step("hearing listed", days={HEARING: "25/11/2026"}),
        Step("determined", outcome="suspended"),
        Step("in appeal period", on="27/11/2026"),
        Step("appealed", on="10/12/2026"),
        Step("appeal determined", outcome="upheld on appeal"),
        Step("effective"),
        Step("compliance visit due"),
        *end(),
    ],
    "CO80": [
        Step("application lodged"),
        Step("heard", outcome="made"),
        Step("in force", on="02/11/2026", days={UNTIL: "20/01/2027"}),
        Step("extension applied for"),
        Step("extension heard", outcome="extended"),
        Step("in force", days={UNTIL: "01/04/2027"}),
        Step("appealed", on="20/11/2026"),
        Step("appeal determined", outcome="upheld on appeal"),
        Step("in force"),
        *end("discharged"),
    ],
    "H116": [
        Step("served", on="02/11/2026"),
        Step("appealed", on="10/11/2026"),
        Step("appeal determined", outcome="upheld on appeal"),
        Step("served"),
        Step("in force", on="09/11/2026", days={UNTIL: "01/04/2027"}),
        Step("information required"),
        Step("not returned"),
        Step("expired", on="01/04/2027", outcome="expired"),
        *end(),
    ],
    "CAWN16": [
        Step("statement obtained"),
        Step("served", on="02/11/2026"),
        Step("in force"),
        Step("reviewed", on="20/04/2027", days={REVIEW: "01/09/2027"}),
        Step("reviewed", on="01/09/2027", days={REVIEW: "01/02/2028"}),
        Step("breached", on="03/09/2027"),
        *end("ended"),
    ],
    "LADO": [Step("underway"), *end("substantiated")],
}
HAND = [Step("planned"), Step("briefed"), Step("run"), Step("debriefed"), *end("done")]
BUSINESS = [
    Step("notice served", on="02/11/2026"),
    Step("appealed", on="10/11/2026"),
    Step("appeal determined", outcome="upheld on appeal"),
    Step("notice served"),
    Step("breached", on="20/11/2026"),
    Step("complied with"),
    *end(),
]


@pytest.fixture(scope="module")
def workspace(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A demonstration with an action of each measure that is walked, and an area put in by hand."""
    folder = shutil.copytree(demo_folder, tmp_path_factory.mktemp("walks") / "demo")
    opened, lead = open_workspace(folder), actor_of_role(UserRole.DISRUPTION_LEAD)
    run = run_of(opened, lead)
    for code in WALKS:
        gates = catalogue_of(opened)[code].gates
        command = an_action(code, measure_code=code, confirmed=tuple(one.when for one in gates))
        if code == "LADO":
            coaches = ByHand("Sports coaches", "profession", "an employer")
            recording.record_action_at(
                opened, lead, command, register_by_hand(opened, lead, coaches)
            )
        else:
            recording.record_action(opened, lead, command, run, "H-01", FORCE)
    middle = run.hotspots.geometry.iloc[0].centroid
    square = ByHand("Market square", "area", "MACE", lng=middle.x, lat=middle.y)
    register_by_hand(opened, lead, square)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def page(browser: Browser, workspace: Workspace, hotspot_command: list[str]) -> Iterator[Page]:
    with served([*hotspot_command, "demo", "-w", str(workspace.folder)]) as address:
        opened = open_page(browser, address)
        to_actions(opened)
        for shown in ("completed", "effect checked"):
            opened.get_by_role("button", name=shown, exact=True).click()
            settle(opened)
        yield opened
        opened.context.close()


def to_actions(page: Page) -> None:
    page.get_by_role("link", name="Actions").first.click()
    page.get_by_text("Move an action on").wait_for(timeout=LONG)
    settle(page)


def choose(page: Page, box: Locator, words: str, shown: str = "") -> None:
    """Choose an option by typing, unless it stands there already."""
    if box.get_attribute("value") == words:
        return
    open_list(box)
    page.keyboard.type(words)
    page.get_by_role("option", name=shown or words, exact=not shown).click(timeout=LONG)
    settle(page)


def type_day(page: Page, form: Locator, label: str, day: str) -> None:
    field_of_day = form.locator("[data-testid=stDateInput]").filter(has_text=label)
    field_of_day.get_by_role("spinbutton").first.click()
    page.keyboard.type(day.replace("/", ""))
    page.keyboard.press("Escape")  # the calendar


def take(page: Page, number: int, step: Step) -> None:
    """Move an action on by the form, as somebody would who reads it."""
    choose(page, page.get_by_role("combobox", name="From '"), step.to)
    form = page.locator("[data-testid=stForm]").filter(
        has=page.get_by_role("button", name="Save the new state")
    )
    for label, day in {" on": step.on, **step.days}.items():
        if day:
            type_day(page, form, label, day)
    if step.outcome:
        choose(page, form.get_by_role("combobox", name="Outcome"), step.outcome)
    if step.why:
        form.get_by_role("textbox", name="Why").fill(step.why)
    for gate in form.get_by_text("Confirmed:").all():
        gate.click()
    if step.to in PICTURED:
        keep_picture(page, f"walk {number} to {step.to}")
    form.get_by_role("button", name="Save the new state").click()
    expect(page.get_by_text(f"Action {number} is now '{step.to}'.")).to_be_visible(timeout=LONG)
    settle(page)


def keep_picture(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def walk(page: Page, workspace: Workspace, lead: Actor, number: int, steps: list[Step]) -> None:
    """Take every step with one page, and see where the action stands."""
    box = page.get_by_role("combobox", name="Action", exact=True)
    choose(page, box, f"{number} · ", f"{number} · HS-")
    for step in steps:
        take(page, number, step)
    listed = lists.list_actions(workspace, lead)
    row = listed[listed["action_id"] == number].iloc[0]
    assert row["stands"] == "effect checked"
    history = recording.history_of(workspace, lead, number)
    moved = history[history["event"] == "state changed"].astype(str).agg(" ".join, axis=1)
    for said, step in zip(moved, steps, strict=True):
        assert step.outcome in said


FULL = frozenset({"CO80", "H116", "CAWN16"})
"""Walked on the screen by `make soak`; through the services each time."""


@pytest.mark.parametrize(
    "code", [pytest.param(one, marks=[pytest.mark.soak] * (one in FULL)) for one in WALKS]
)
def test_a_measure_is_walked_to_its_end_on_the_screen(
    page: Page, workspace: Workspace, lead: Actor, code: str
) -> None:
    walk(page, workspace, lead, list(WALKS).index(code) + 1, WALKS[code])


def test_an_action_against_a_hotspot_put_in_by_hand(
    page: Page, workspace: Workspace, lead: Actor
) -> None:
    open_list(page.get_by_role("combobox", name="Record an action against"))
    page.keyboard.type("Market square")
    page.keyboard.press("Enter")
    choose_measure(page, "[HVP]", "none")
    page.get_by_role("textbox", name="Owner").first.fill("Sgt Example")
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_text("registered as HS-")).to_be_visible(timeout=LONG)
    settle(page)
    walk(page, workspace, lead, len(lists.list_actions(workspace, lead)), HAND)


def test_an_action_against_a_business_agreed_in_the_meeting(
    page: Page, workspace: Workspace, lead: Actor
) -> None:
    page.get_by_role("link", name="Meeting", exact=True).first.click()
    page.get_by_role("button", name="Open the meeting").click(timeout=LONG)
    page.get_by_text("Hotspots", exact=True).last.click(timeout=LONG)
    choose_measure(page, "[CPN]", "ss.43-58")
    page.get_by_role("textbox", name="Owner").first.fill("Pat Example")
    target = page.locator("[data-testid=stSelectbox]").filter(has_text="Directed at").first
    open_list(target.get_by_role("combobox"))
    page.get_by_role("option").nth(1).click()
    page.get_by_text("Confirmed: A written warning is given first").click()
    page.get_by_role("button", name="Record the action").click()
    expect(page.get_by_text("Agreed: Community protection notice")).to_be_visible(timeout=LONG)
    to_actions(page)
    listed = lists.list_actions(workspace, lead)
    number = len(listed)
    row = listed[listed["action_id"] == number].iloc[0]
    assert row["premises_ref"]
    assert row["meeting_id"] == 1
    walk(page, workspace, lead, number, BUSINESS)
