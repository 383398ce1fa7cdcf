"""Importing on screen as a new user does it: the sample workbook, then one with other column names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from hotspot.access.actor import UserRole
from hotspot.services.workspace.folder import init_workspace, open_workspace
from hotspot.settings import SAMPLE_FOLDER
from tests.conftest import served
from tests.helpers import PASSWORD, SHELL, add_person
from tests.intake.cases import DEGREES, numbered, text_of
from tests.stillness import open_list, settle

pytestmark = pytest.mark.browser

RENAMED = {
    "Occurrence Number": "Log",
    "Person ID": "Nominal",
    "Date/Time From": "Begun",
    "Date/Time Found": "Ended",
    "Risk Level": "R",
    "Location Type": "Link kind",
    "Location Setting": "Sort of place",
    "Location Date/Time": "When there",
    "Location Text": "Where about",
    "Easting": "E metres",
    "Northing": "N metres",
    "Geocode Quality": "GQ",
}
MEANT = {
    "Occurrence number": "Log",
    "Date/time from": "Begun",
    "Location type": "Link kind",
}
MORE = {
    "Location setting": "Sort of place",
    "Date/time found": "Ended",
    "Easting": "E metres",
    "Northing": "N metres",
    "Risk level": "R",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty workspace with one analyst."""
    made = tmp_path_factory.mktemp("import") / "workspace"
    workspace = init_workspace(SHELL, made, "sample")
    add_person(workspace, UserRole.ANALYST, "ana")
    workspace.engine.dispose()
    return made


@pytest.fixture(scope="module")
def address(folder: Path, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "serve", "-w", str(folder)]) as at:
        yield at


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """Some rows of the sample under other names, with two that cannot be used."""
    sheet = CalamineWorkbook.from_path(SAMPLE_FOLDER / "missing_episodes.xlsx").get_sheet_by_index(
        0
    )
    cells = sheet.to_python()
    path = tmp_path / "export of another system.xlsx"
    with xlsxwriter.Workbook(path) as book:
        out = book.add_worksheet()
        out.write_row(0, 0, ["OFFICIAL-SENSITIVE"])
        out.write_row(2, 0, [*(RENAMED[str(name)] for name in cells[3]), "Forename"])
        for n, row in enumerate(cells[4:204], start=3):
            out.write_row(n, 0, [f"X{row[0]}", *row[1:], "Zed"])
        bad = ["X1", "P1", "45/13/2026 10:00", "", "High", "Sighting", "Street", "", "x", 388000.5]
        out.write_row(203, 0, [*bad, 345000.5, "Address", "Zed"])
        out.write_row(
            204,
            0,
            [
                "X2",
                "P1",
                "01/02/2026 10:00",
                "",
                "High",
                "Arcade",
                "Street",
                "",
                "x",
                388000.5,
                345000.5,
                "Address",
                "Zed",
            ],
        )
    return path


def sign_in(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1366, "height": 1000}).new_page()
    page.goto(address)
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Sign out").wait_for(timeout=30_000)
    return page


def choose(page: Page, field: str, column: str) -> None:
    """Choose the column of a field with the keyboard."""
    box = page.get_by_role("combobox", name=field, exact=True)
    open_list(box)
    box.fill(column)
    page.get_by_role("option", name=column, exact=True).click()
    settle(page)


def check_and_import(page: Page) -> None:
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("What would happen")).to_be_visible(timeout=60_000)
    button = page.get_by_role("button", name="Import", exact=True)
    button.wait_for(timeout=30_000)  # the questions stand above it
    settle(page)
    for question in page.get_by_role("checkbox", name="Yes.").all():
        question.check(force=True)
        settle(page)
    expect(button).to_be_enabled(timeout=30_000)
    button.click()
    expect(page.get_by_text("rows in,")).to_be_visible(timeout=60_000)


def test_a_new_user_imports_the_sample_and_then_a_file_with_other_names(
    browser: Browser, address: str, folder: Path, renamed: Path
) -> None:
    page = sign_in(browser, address)
    page.get_by_text("Import the first file").click(timeout=30_000)
    page.locator("input[type=file]").set_input_files(SAMPLE_FOLDER / "missing_episodes.xlsx")
    expect(page.get_by_text("What each column means")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("25000100000")).to_be_visible()
    check_and_import(page)
    expect(page.get_by_text("Import 1: 8,330 rows in")).to_be_visible()

    page.get_by_role("button", name="Import another file").click()
    page.locator("input[type=file]").set_input_files(renamed)
    expect(page.get_by_text("Forename (a name of a person)")).to_be_visible(timeout=60_000)
    assert page.get_by_text("Zed").count() == 0
    page.get_by_text("more fields, which seem not to be in the file").click()
    for field, column in (MEANT | MORE).items():
        choose(page, field, column)
    check_and_import(page)
    expect(page.get_by_text("Import 2: 202 rows in")).to_be_visible()

    settle(page)  # a run that still draws would take what is written with it
    page.get_by_text("Save the rows that are not used").click()
    page.get_by_role("textbox", name="Why").fill("to mend the export")
    page.get_by_role("button", name="Prepare the file").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the file").click()
    rows = list(csv.reader(io.StringIO(waiting.value.path().read_text("utf-8-sig"))))
    refused = {row[0]: row[1:] for row in rows if len(row) == 4}
    assert refused["204"][0] == "bad_date"
    assert refused["204"][2] == "Begun"
    assert refused["205"][0] == "unknown_role"

    page.goto(f"{address}/datasets")
    expect(page.get_by_role("heading", name="Datasets")).to_be_visible(timeout=30_000)
    workspace = open_workspace(folder)
    assert list(workspace.uploads.iterdir()) == []
    workspace.engine.dispose()
    page.goto(address)
    page.locator(".map-frame[data-ready]").wait_for(timeout=30_000)


def test_an_upload_can_be_given_up_and_leaves_nothing(
    browser: Browser, address: str, folder: Path
) -> None:
    page = sign_in(browser, address)
    page.goto(f"{address}/import")
    before = set((folder / "uploads").iterdir())
    page.locator("input[type=file]").set_input_files(SAMPLE_FOLDER / "incidents.csv")
    expect(
        page.get_by_text("lacks the column").or_(page.get_by_text("What each column means"))
    ).to_be_visible(timeout=60_000)
    held = set((folder / "uploads").iterdir()) - before
    assert len(held) == 1
    give_up = page.get_by_role("button", name="Choose another file")
    give_up.click()
    expect(give_up).to_be_hidden()  # the page is drawn after the file is gone
    expect(page.locator("input[type=file]")).to_be_attached()
    assert not held & set((folder / "uploads").iterdir())


COUNT_CLICKS = """
window.clicks = 0;
window.addEventListener('click', event => { window.clicks += event.isTrusted; }, true);
"""


def messy(path: Path) -> Path:
    """A force's own sheet: title rows, its own headers and words, and rows that are wrong."""
    head = ["Occ Ref", "Nominal URN", "MISPER From Dt", "Loc Type", "Venue Type", "Risk Lvl"]
    good = ["24/05/2026 21:30", "Frequents", "Street", "High", 388000.5, 345000.5]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Report")
        sheet.write_row(0, 0, ["MISPER monthly return"])
        sheet.write_row(1, 0, ["Run by: Performance", "OFFICIAL-SENSITIVE"])
        sheet.write_row(3, 0, [*head, "GeoX", "GeoY"])
        for n in range(40):
            sheet.write_row(4 + n, 0, [f"M{n}", f"U{n}", *good])
        sheet.write_row(44, 0, ["M40", "U40", *good[:2], "Misc - see notes", *good[3:]])
        sheet.write_row(45, 0, ["M41", "U41", *good[:1], "Hang-out", *good[2:]])
        sheet.write_row(46, 0, ["M42", "U42", "32/13/2026", *good[1:]])
        sheet.write_row(47, 0, ["Total", 43])
    return path


def mean(page: Page, label: str, meaning: str) -> None:
    """Say what a word means with two clicks."""
    open_list(page.get_by_role("combobox", name=label))
    page.get_by_role("option", name=meaning, exact=True).click()
    settle(page)


def checked(page: Page) -> None:
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("What would happen")).to_be_visible(timeout=60_000)
    settle(page)


def test_a_forces_own_sheet_takes_eight_clicks(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """The file, check, a role and a setting (two clicks each), check, import: eight."""
    page = sign_in(browser, address)
    page.goto(f"{address}/import")
    page.locator("input[type=file]").wait_for(state="attached", timeout=30_000)
    settle(page)
    page.evaluate(COUNT_CLICKS)
    page.locator("input[type=file]").set_input_files(messy(tmp_path / "return.xlsx"))
    expect(page.get_by_text("What each column means")).to_be_visible(timeout=60_000)
    checked(page)
    mean(page, "Role: Hang", "frequented")
    mean(page, "Setting: Misc", "public space")
    checked(page)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("42 used")).to_be_visible(timeout=60_000)
    clicks = 1 + page.evaluate("window.clicks")  # choosing the file is one
    assert clicks <= 8


def test_a_csv_with_longitude_and_latitude_takes_three_clicks(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    path = tmp_path / "incidents.csv"
    path.write_text(text_of(*numbered(30, DEGREES)))
    page = sign_in(browser, address)
    page.goto(f"{address}/import")
    page.locator("input[type=file]").wait_for(state="attached", timeout=30_000)
    settle(page)
    page.evaluate(COUNT_CLICKS)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("By its columns the file holds")).to_be_visible(timeout=60_000)
    checked(page)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("30 used")).to_be_visible(timeout=60_000)
    assert 1 + page.evaluate("window.clicks") == 3
