"""Hostile text in every field, on every page and in every export, in Chromium: nothing happens."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hotspot.access.accounts import Account
from hotspot.access.actor import Actor, UserRole
from hotspot.access.log_filter import LogFilter
from hotspot.access.sessions import Stage
from hotspot.disclosure.forms import FileForm, harmless
from hotspot.disruption.actions import RecordAction
from hotspot.services.actions import lists, recording
from hotspot.services.hotspots import disclosures, findings, snapshots
from hotspot.services.hotspots.register import KINDS, ByHand, register_by_hand
from hotspot.services.meetings import proceedings, projection
from hotspot.services.meetings.proceedings import Answer
from hotspot.services.people import accounts
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.premises import applications, journal, papers
from hotspot.services.records import imports
from hotspot.services.upkeep import log
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.settings import save_settings
from layers.portable import map_file
from tests.app.test_browser import settle
from tests.conftest import served
from tests.helpers import AGENCY, FORCE, PASSWORD, SHELL, add_person, run_of
from tests.server.client import COOKIE
from tests.server.payloads import OUT, payloads

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
OFFICER = Actor("officer", frozenset({UserRole.POLICE_LICENSING}), "Staffordshire Police")


@dataclass
class Watched:
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
    _import_premises_and_places(opened, folder, texts)
    _record_actions(opened, texts)
    _register_and_freeze(opened, texts)
    _note_and_meet(opened, texts)
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


def _import_premises_and_places(opened: Workspace, folder: Path, texts: list[str]) -> None:
    """A register and points of interest around the first hotspot, by the real way in."""
    run = run_of(opened, SHELL)
    lng, lat = run.hotspots[["lng", "lat"]].iloc[0]
    from pyproj import Transformer

    to_grid = Transformer.from_crs(4326, 27700, always_xy=True)
    east, north = to_grid.transform(lng, lat)
    register = folder / "register.csv"
    with register.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "Licence Number",
                "Premises Name",
                "Address",
                "Postcode",
                "Licensing Authority",
                "Activities",
                "Terminal Hour",
                "Status",
                "Easting",
                "Northing",
            ]
        )
        for n, text in enumerate(texts):
            writer.writerow(
                [
                    f"{n} {text}"[:100],
                    text,
                    text,
                    text[:16],
                    text,
                    f"alcohol on sales {text}",
                    text[:30],
                    "Current",
                    round(east) + n * 4 - 48,
                    round(north) + n % 5 * 8,
                ]
            )
    report = imports.import_files(opened, SHELL, "licensing", [register])
    assert report.balance.used == len(texts), report.as_dict()
    points = [
        {
            "type": "Feature",
            "properties": {"name": text, "kind": "railway station"},
            "geometry": {"type": "Point", "coordinates": [lng + n * 1e-4, lat + 5e-4]},
        }
        for n, text in enumerate(texts)
    ]
    places = folder / "places.geojson"
    places.write_text(json.dumps({"type": "FeatureCollection", "features": points}))
    imports.import_files(opened, SHELL, "places", [places])


def _record_actions(opened: Workspace, texts: list[str]) -> None:
    run = run_of(opened, SHELL)
    for n, text in enumerate(texts):
        command = RecordAction(
            f"c{n}",
            "MAKESAFE",
            text,
            AGENCY if n % 2 else text,
            date(2026, 12, 1),
            text,
            ("licensing", f"{n} {text}"[:100].strip()),
            necessity=text,
            victim_impact=text,
            reference=text,
            confirmed=(text,),
        )
        recording.record_action(opened, SHELL, command, run, "H-01", FORCE)


def _register_and_freeze(opened: Workspace, texts: list[str]) -> None:
    """Hotspots by hand on the second one's ground, and snapshots with names, notes and reasons."""
    run = run_of(opened, SHELL)
    lng, lat = run.hotspots[["lng", "lat"]].iloc[1]
    for n, text in enumerate(texts):
        kind = KINDS[n % len(KINDS)]
        hand = ByHand(text, kind, text, text[:8], float(lng), float(lat) + n * 1e-5, 100)
        register_by_hand(opened, SHELL, hand)
    for text in texts[:3]:
        why = {"H-03": snapshots.Override(None, " ".join(texts)[:2000])}
        snapshots.freeze(opened, SHELL, run, FORCE, text, note=" ".join(texts), overrides=why)
    second = Actor(" ".join(texts)[:200], SHELL.roles)
    for text in texts:
        one = re.sub(r"([.!?])\s+", r"\1", text)[:500]
        number = findings.write_finding(opened, SHELL, 1, "fact", one)
        findings.sign_finding(opened, second, number)


def _note_and_meet(opened: Workspace, texts: list[str]) -> None:
    """Entries about premises, an application, and a meeting that is open."""
    place = ("licensing", f"0 {texts[0]}"[:100].strip())
    day = date(2026, 10, 1)
    for text in texts:
        short = text.strip()[:60] or "x"
        journal.link_incident(
            opened,
            SHELL,
            place,
            {"reference": short, "on_day": day, "what": text[:300], "where": "at"},
        )
        journal.note_engagement(
            opened, SHELL, place, {"kind": "visit", "on_day": day, "said": text[:300]}
        )
        journal.decide(opened, SHELL, place, "listed", text[:300])
    applications.save_pack(
        opened,
        OFFICER,
        place,
        {
            "applicant": texts[0][:300],
            "holder": texts[1][:300],
            "objectives": ["children"],
            "grounds": " ".join(texts)[:4000],
            "steps": [text[:300] for text in texts],
            "statements": texts,
            "left_out": texts,
            "given_on": day,
            "straight_why": texts[2][:300],
        },
    )
    number = proceedings.open_meeting(opened, SHELL, texts[3][:100], day)
    for text in texts:
        proceedings.attend(opened, SHELL, number, text[:100], text[:100])
        proceedings.note(opened, SHELL, number, text)
    run = run_of(opened, SHELL)
    against = RecordAction(
        "against",
        "ENV",
        texts[4],
        texts[5],
        day,
        texts[7],
        declined_why=" ".join(texts)[:300],
        meeting_id=number,
    )
    recording.record_action(opened, SHELL, against, run, "H-01", FORCE)
    proceedings.update_action(opened, SHELL, number, (1, 1), Answer("on track", texts[6][:300]))


@pytest.fixture(scope="module")
def address(workspace: Workspace, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "serve", "-w", str(workspace.folder)]) as at:
        yield at


def watch(context: BrowserContext, own: str) -> Watched:
    """Note every request to elsewhere, every dialog and every error of a page."""
    seen = Watched()

    def on_request(url: str) -> None:
        if urlsplit(url).netloc not in {own, ""}:
            seen.outside.append(url)

    def on_page(page: Page) -> None:
        page.on("dialog", lambda d: (seen.dialogs.append(d.message), d.dismiss()))
        page.on("pageerror", lambda e: seen.errors.append(str(e)))

    context.on("request", lambda r: on_request(r.url))
    context.on("page", on_page)
    return seen


def untouched(page: Page, seen: Watched, canary: Path) -> None:
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
            page.wait_for_timeout(1500)
        if name == "Who saw this place":
            page.get_by_role("textbox", name="Hotspot (HS-0001)").fill("<script>window.hit=1")
            page.get_by_role("textbox", name="Why you ask").fill("{{7*7}}")
            page.get_by_role("button", name="Ask", exact=True).click()
            page.get_by_text("About:").wait_for(timeout=30_000)
        for box in page.locator("[data-testid=stExpander] summary:visible").all():
            box.click()
        page.wait_for_timeout(500)
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


def _look_at_the_pins(page: Page) -> None:
    """Zoom to the first hotspot and let the tooltips of the pins show."""
    page.locator("path[aria-label^='Hotspot H-01']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(400)
    pins = page.locator(".leaflet-marker-icon:visible")
    shown = 0
    for pin in pins.all()[:30]:
        pin.dispatch_event("mouseover")
        page.wait_for_timeout(30)
        shown += page.locator(".leaflet-tooltip").count() > 0
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
    token = Doorkeeper(workspace).admit(_account_of(workspace, person), "", Stage.OPEN).token
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    seen = watch(context, urlsplit(address).netloc)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Sign out").wait_for(timeout=30_000)
    for name in FORMS[person]:
        if person != "boss":
            go_to(page, name)
        page.wait_for_timeout(2500)
        for box in page.locator("[data-testid=stExpander] summary:visible").all():
            box.click()
        page.wait_for_timeout(400)
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
            page.wait_for_timeout(300)
            page.locator("[data-test-script-state=notRunning]").first.wait_for(timeout=30_000)
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
        workspace, SHELL, 1, FileForm.PAGE, frozenset(), recipients=texts[3], reason=texts[4]
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
    page.wait_for_timeout(2000)
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
