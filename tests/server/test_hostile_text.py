"""Hostile text in every field, on every page and in every export, in Chromium: nothing happens."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from hotspot.access.accounts import Account
from hotspot.access.actor import UserRole
from hotspot.access.log_filter import LogFilter
from hotspot.access.sessions import SignInStage
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.tabular import harmless
from hotspot.services.actions import lists
from hotspot.services.hotspots import disclosures
from hotspot.services.meetings import projection
from hotspot.services.people import accounts
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.premises import papers
from hotspot.services.upkeep import log
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.settings import save_settings
from layers.portable import map_file
from tests.conftest import served
from tests.helpers import FORCE, PASSWORD, SHELL, add_person, run_of
from tests.server.client import COOKIE
from tests.server.hostile import (
    import_premises_and_places,
    note_and_meet,
    record_actions,
    register_and_freeze,
)
from tests.server.payloads import OUT, payloads
from tests.stillness import rest, settle

pytestmark = pytest.mark.browser
PAGES = {
    "lead": (
        "Map",
        "Hotspot",
        "Actions",
        "Premises nearby",
        "Register",
        "Snapshots",
        "Findings",
        "Meeting",
    ),
    "officer": ("For assessment",),
    "viewer": ("Overview", "Actions"),
    "council": ("Papers and deadlines", "Register"),
    "auditor": ("Log", "Who saw this place"),
}


STEPS = {
    "Meeting": ("What was agreed before", "Hotspots", "Agreed today", "Minutes"),
    "For assessment": (
        "Incidents",
        "Engagement",
        "Comparison",
        "Options and actions",
        "Application",
    ),
}


@dataclass
class Trespass:
    """What a browser did that it should not have done."""

    outside: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("canary") / "hit"


@pytest.fixture(scope="module")
def texts(canary: Path) -> list[str]:
    found = payloads(canary)
    assert len(found) == 24
    return found


@pytest.fixture(scope="module")
def workspace(
    demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> Iterator[Workspace]:
    """The sample with every text field of every table holding the texts."""
    folder = tmp_path_factory.mktemp("hostile") / "workspace"
    shutil.copytree(demo_folder, folder)
    opened = open_workspace(folder)
    settings = opened.settings.model_copy(
        update={"demo": False, "name": texts[0], "marking": texts[1], "handling": " ".join(texts)}
    )
    save_settings(folder / "workspace.json", settings)
    opened.engine.dispose()
    opened = open_workspace(folder)
    import_premises_and_places(opened, folder, texts)
    record_actions(opened, texts)
    register_and_freeze(opened, texts)
    note_and_meet(opened, texts)
    for role in (
        UserRole.DISRUPTION_LEAD,
        UserRole.VIEWER,
        UserRole.COUNCIL_LICENSING,
        UserRole.AUDITOR,
        UserRole.POLICE_LICENSING,
    ):
        name = {
            "disruption_lead": "lead",
            "council_licensing_officer": "council",
            "police_licensing_officer": "officer",
        }.get(role, role)
        add_person(opened, role, name)
        known = accounts.find_account(opened, SHELL, name)
        holder = accounts.Holder(
            name, f"{name} {texts[2]}", known.roles, known.agency, known.districts
        )
        accounts.change_holder(opened, SHELL, known, holder)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def address(workspace: Workspace, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "serve", "-w", str(workspace.folder)]) as at:
        yield at


def watch(context: BrowserContext, own: str) -> Trespass:
    """Note every request to elsewhere, every dialog and every error of a page."""
    seen = Trespass()

    def on_request(url: str) -> None:
        if urlsplit(url).netloc not in {own, ""}:
            seen.outside.append(url)

    def on_dialog(dialog: Dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    def on_page(page: Page) -> None:
        page.on("dialog", on_dialog)
        page.on("pageerror", lambda e: seen.errors.append(str(e)))

    context.on("request", lambda r: on_request(r.url))
    context.on("page", on_page)
    return seen


def untouched(page: Page, seen: Trespass, canary: Path) -> None:
    assert page.evaluate("window.hit") is None
    assert all(frame.evaluate("window.hit") is None for frame in page.frames)
    assert page.locator("iframe").count() == 0
    assert page.locator("[src*='evil.example'], [href*='evil.example']").count() == 0
    assert page.locator("a[href^='javascript:']").count() == 0
    assert seen.outside == []
    assert seen.dialogs == []
    assert seen.errors == []
    assert not canary.exists()


@pytest.mark.parametrize("person", list(PAGES))
def test_nothing_runs_and_nothing_is_fetched_on_any_page(
    browser: Browser, address: str, person: str, canary: Path
) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 1200})
    seen = watch(context, urlsplit(address).netloc)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Name").fill(person)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Sign out").wait_for(timeout=30_000)
    for name in PAGES[person]:
        go_to(page, name)
        settle(page)
        if name == "Map":
            _look_at_the_pins(page)
        for step in STEPS.get(name, ()):
            page.get_by_role("radio", name=step, exact=True).click()
            settle(page)
            untouched(page, seen, canary)
        if name == "Log":
            page.get_by_role("textbox", name="Why you look").fill("<script>window.hit=9</script>")
            page.get_by_role("button", name="Show", exact=True).click()
            settle(page)
        if name == "Who saw this place":
            page.get_by_role("textbox", name="Hotspot (HS-0001)").fill("<script>window.hit=1")
            page.get_by_role("textbox", name="Why you ask").fill("{{7*7}}")
            page.get_by_role("button", name="Ask", exact=True).click()
            page.get_by_text("About:").wait_for(timeout=30_000)
        for box in page.locator("[data-testid=stExpander] summary:visible").all():
            box.click()
        settle(page)
        untouched(page, seen, canary)
    page.goto(f"{address}/gate/account")
    untouched(page, seen, canary)
    context.close()


def go_to(page: Page, name: str) -> None:
    """Open a page, by its menu where it has one."""
    if name in {"Snapshots", "Findings"}:
        page.get_by_text("Analysis", exact=True).click()
        page.get_by_text(name, exact=True).first.click()
    else:
        page.get_by_role("link", name=name, exact=True).first.click()


HOVER_PINS = """(map) => [...map.querySelectorAll(".leaflet-marker-icon")].slice(0, 30)
    .filter((pin) => {
        pin.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
        return map.querySelectorAll(".leaflet-tooltip").length > 0;
    }).length"""


def _look_at_the_pins(page: Page) -> None:
    """Zoom to the first hotspot and let the tooltips of the pins show."""
    page.locator("path[aria-label^='Hotspot H-01']").first.focus()
    page.keyboard.press("Enter")
    settle(page)
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
        settle(page)
    # At one go, and again until it is so: pins are drawn anew while the map comes to rest.
    shown = 0
    for _ in range(20):
        shown = page.locator(".leaflet-container").first.evaluate(HOVER_PINS)
        if shown > 5:
            break
        page.wait_for_timeout(500)
    assert shown > 5


BUTTONS = (
    "Record the action",
    "Save the new state",
    "Prepare the file",
    "Show",
    "Ask",
    "Add the account",
    "Register",
    "Save the decision",
    "Note as present",
)
FORMS = {
    "lead": ("Map", "Hotspot", "Actions", "Register", "Snapshots", "Meeting"),
    "officer": ("For assessment",),
    "council": ("Papers and deadlines", "Register"),
    "auditor": ("Log", "Who saw this place"),
    "boss": ("Accounts",),
}


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("turns", [1, pytest.param(24, marks=pytest.mark.soak)])
@pytest.mark.parametrize("person", list(FORMS))
def test_nothing_runs_that_is_typed_into_any_field(
    browser: Browser, workspace: Workspace, address: str, canary: Path, person: str, turns: int
) -> None:
    """Each turn gives every field another of the texts, and sends every form."""
    context = browser.new_context(viewport={"width": 1400, "height": 1600})
    token = Doorkeeper(workspace).admit(_account_of(workspace, person), "", SignInStage.OPEN).token
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    seen = watch(context, urlsplit(address).netloc)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Sign out").wait_for(timeout=30_000)
    for name in FORMS[person]:
        if person != "boss":
            go_to(page, name)
        settle(page)
        for box in page.locator("[data-testid=stExpander] summary:visible").all():
            box.click()
        settle(page)
        for turn in range(turns):
            assert _type_into_all(page, payloads(canary), turn) >= 1
            untouched(page, seen, canary)
    context.close()


def _type_into_all(page: Page, texts: list[str], turn: int) -> int:
    """Type into every field of a page and press its buttons; give the number of fields."""
    fields = page.locator("input[type=text]:not([role=combobox]):visible, textarea:visible")
    expect(fields.first).to_be_visible(timeout=30_000)
    number = fields.count()
    for n in range(number):
        fields.nth(n).fill(texts[(turn + n) % 24])
        fields.nth(n).blur()
    for label in BUTTONS:
        for button in page.get_by_role("button", name=label, exact=True).all():
            button.click()
            settle(page)
    return number


def _account_of(workspace: Workspace, person: str) -> Account:
    if person == "boss":
        known = [line.account.name for line in accounts.list_accounts(workspace, SHELL)]
        if person not in known:
            add_person(workspace, UserRole.ADMINISTRATOR, person)
    return accounts.find_account(workspace, SHELL, person)


@pytest.mark.parametrize("what", ["minutes", "application"])
def test_a_document_holds_the_texts_and_runs_nothing(
    browser: Browser,
    workspace: Workspace,
    canary: Path,
    tmp_path: Path,
    texts: list[str],
    what: str,
) -> None:
    if what == "application":
        place = ("licensing", f"0 {texts[0]}"[:100].strip())
        file = papers.export_paper(
            workspace, SHELL, place, "served", recipients=texts[3], reason=texts[4]
        )
        with zipfile.ZipFile(io.BytesIO(file.content)) as book:
            assert not [n for n in book.namelist() if "external" in n.lower()]
            whole = "".join(
                book.read(n).decode("utf-8", "replace")
                for n in book.namelist()
                if n.endswith((".xml", ".rels"))
            )
        assert 'TargetMode="External"' not in whole
        return
    file = projection.export_minutes(
        workspace,
        SHELL,
        1,
        FileForm.PAGE,
        run_of(workspace, SHELL),
        FORCE,
        recipients=texts[3],
        reason=texts[4],
    )
    path = tmp_path / "minutes.html"
    path.write_bytes(file.content)
    context = browser.new_context()
    seen = watch(context, "")
    page = context.new_page()
    page.goto(path.as_uri())
    untouched(page, seen, canary)
    assert texts[1] in page.locator(".marking").first.inner_text()
    context.close()


def test_the_map_file_runs_nothing_and_asks_nobody(
    browser: Browser, workspace: Workspace, canary: Path, tmp_path: Path, texts: list[str]
) -> None:
    file = disclosures.export_map(
        workspace,
        SHELL,
        run_of(workspace, SHELL),
        FORCE,
        recipients=" ".join(texts),
        reason=texts[0],
        draw=map_file,
    )
    path = tmp_path / "map.html"
    path.write_bytes(file.content)
    context = browser.new_context()
    seen = watch(context, "")
    page = context.new_page()
    page.goto(path.as_uri())
    page.locator("path.leaflet-interactive").first.wait_for()
    rest(page)
    untouched(page, seen, canary)
    assert texts[1] in page.locator(".marking").first.inner_text()
    context.close()


@pytest.mark.parametrize("form", list(FileForm))
def test_no_cell_of_an_export_is_a_formula(
    workspace: Workspace, texts: list[str], form: FileForm
) -> None:
    file = lists.export_actions(workspace, SHELL, form, texts[16], texts[17])
    if form is FileForm.CSV:
        rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
        cells = [cell for row in rows for cell in row]
        assert any(cell == harmless(texts[15]) for cell in cells)
        assert not [
            c
            for c in cells
            if c.lstrip(" ").startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))
        ]
        return
    with zipfile.ZipFile(io.BytesIO(file.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<f " not in sheet
        assert "hyperlink" not in sheet.lower()
        assert not [n for n in book.namelist() if "external" in n.lower()]
    from python_calamine import CalamineWorkbook

    sheets = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    cells = [str(c) for row in sheets.get_sheet_by_index(0).to_python() for c in row]
    assert harmless(texts[16]) in cells


def test_the_exported_log_holds_no_formula_and_no_forged_line(
    workspace: Workspace, texts: list[str]
) -> None:
    log.view_log(workspace, SHELL, LogFilter(), texts[21])
    file = log.export_log(workspace, SHELL, LogFilter(), texts[15])
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows[4:]}) == 1
    cells = [cell for row in rows for cell in row]
    assert not [c for c in cells if c.startswith(tuple("=+-@\t\r\n"))]
    assert texts[21] in cells
    assert log.verify_log(workspace, SHELL).problems == []


def test_the_texts_are_stored_as_they_were_given(workspace: Workspace, texts: list[str]) -> None:
    """Nothing is lost on the way in: what is shown harmlessly is still what the file said."""
    listed = lists.list_actions(workspace, SHELL)
    assert set(listed["note"]) == {text.strip() for text in texts}
    assert OUT in "".join(listed["premises_name"].dropna())
