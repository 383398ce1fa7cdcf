"""The month's profile as Word: what it holds for whom, and what it never holds."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from sqlalchemy import update

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor, UserRole
from hotspot.disclosure.profile import Audience, Profile, ProfilePlace
from hotspot.disclosure.suppression import withheld_in_words
from hotspot.errors import NotFoundError
from hotspot.services.actions import recording
from hotspot.services.hotspots import findings, runs, snapshots
from hotspot.services.records import datasets
from hotspot.services.reports import profiles
from hotspot.services.upkeep import retention
from hotspot.services.workspace.folder import Workspace
from hotspot.store.tables import core
from layers.plan import hours_picture, place_picture
from tests.helpers import FORCE, an_action, log_of, run_of
from tests.intake.cases import INCIDENT, numbered
from tests.server.payloads import payloads
from tests.services.records.bringing import LOOSE, bring

pytestmark = pytest.mark.slow

SECOND = Actor("Second Analyst", frozenset({UserRole.ANALYST}), account_id=103)
POLICE, PARTNERS = Audience.POLICE, Audience.PARTNERS


@pytest.fixture
def frozen(demo: Workspace, analyst: Actor) -> Workspace:
    snapshots.freeze(demo, analyst, run_of(demo, analyst), FORCE, "2026-11")
    return demo


def made(workspace: Workspace, actor: Actor, audience: Audience, number: int = 1) -> bytes:
    return profiles.export_profile(
        workspace,
        actor,
        number,
        audience,
        recipients="MACE partners",
        reason="MACE",
        draw_map=place_picture,
        draw_hours=hours_picture,
    ).content


def opened(content: bytes) -> WordDocument:
    return Document(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """All words of a document: paragraphs, tables, header, footer."""
    document = opened(content)
    parts = [p.text for p in document.paragraphs]
    parts += [c.text for t in document.tables for r in t.rows for c in r.cells]
    section = document.sections[0]
    parts += [p.text for part in (section.header, section.footer) for p in part.paragraphs]
    return "\n".join(parts)


def table_of(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in opened(content).tables[0].rows[1:]]


def test_the_force_gets_true_counts_and_partners_get_bands(
    frozen: Workspace, analyst: Actor
) -> None:
    run = run_of(frozen, analyst)
    shown = run.hotspots[~run.hotspots["single_child"].astype(bool)]
    inside = table_of(made(frozen, analyst, POLICE))
    assert [row[2] for row in inside] == [str(n) for n in shown["events"]]
    assert [row[3] for row in inside] == [str(n) for n in shown["children"]]
    assert all(row[0].startswith("HS-0") for row in inside)
    outside = table_of(made(frozen, analyst, PARTNERS))
    assert len(outside) == len(inside)
    assert all(int(row[2]) % 5 == int(row[3]) % 5 == 0 for row in outside)
    assert [row[0].split(":")[0] for row in outside] == [
        f"Hotspot {n}" for n in range(1, len(outside) + 1)
    ]
    assert "HS-0" not in text_of(made(frozen, analyst, PARTNERS))


@pytest.mark.parametrize("audience", [POLICE, PARTNERS])
def test_what_one_child_drives_is_left_out_and_counted(
    frozen: Workspace, analyst: Actor, lead: Actor, audience: Audience
) -> None:
    run = run_of(frozen, analyst)
    driven = run.hotspots["single_child"].astype(bool)
    assert driven.sum() == 1
    number = int(driven.to_numpy().nonzero()[0][0]) + 1
    for actor in (analyst, lead):
        text = text_of(made(frozen, actor, audience))
        assert f"HS-{number:04}" not in text
        words = {
            POLICE: "1 hotspot withheld: driven by one child",
            PARTNERS: withheld_in_words(1),
        }
        assert words[audience] in text


def test_partners_get_no_hotspot_that_a_child_dominates(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    rows = [
        {**row, "Person ID": f"P{n if n < 5 else 9}"}
        for n, row in enumerate(numbered(30, INCIDENT))
    ]
    bring(workspace, tmp_path, *rows)
    params = LOOSE.replace(min_children=3, start=date(2026, 1, 1), end=date(2026, 12, 31))
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], params)
    assert len(run.hotspots) == 1
    snapshots.freeze(workspace, analyst, run, ["incidents"], "few")
    assert table_of(made(workspace, analyst, PARTNERS)) == []
    text = text_of(made(workspace, analyst, PARTNERS))
    assert run.hotspots["children"].tolist() == [6]
    assert withheld_in_words(1) in text
    few = params.replace(min_children=1)
    snapshots.freeze(
        workspace, analyst, runs.run_on(workspace, ["incidents"], few), ["incidents"], "of any"
    )
    with pytest.raises(InputError, match="fewer than 3 children are not shared"):
        made(workspace, analyst, PARTNERS, 2)


def test_findings_are_signed_and_told_by_audience(frozen: Workspace, analyst: Actor) -> None:
    sentences = {
        "fact": "Most records are of Friday evenings.",
        "assessment": "The car park draws young people.",
        "intelligence": "Cars wait beside the canal.",
        "told": "Children say that they are driven here.",
    }
    for kind, text in sentences.items():
        grade = "1BP" if kind == "intelligence" else ""
        number = findings.write_finding(frozen, analyst, 1, kind, text, grade)
        findings.sign_finding(frozen, SECOND, number)
    findings.write_finding(frozen, analyst, 1, "fact", "This is not signed.")
    inside, outside = (text_of(made(frozen, analyst, one)) for one in (POLICE, PARTNERS))
    assert [sentences[kind] in inside for kind in sentences] == [True, True, True, False]
    assert [sentences[kind] in outside for kind in sentences] == [True, True, False, False]
    assert "Intelligence 1BP" in inside
    assert "not signed" not in inside


def test_open_actions_are_told_without_people_premises_or_notes(
    frozen: Workspace, analyst: Actor, lead: Actor
) -> None:
    run = run_of(frozen, analyst)
    recording.record_action(
        frozen, lead, an_action("a", note="secret note", owner="Sgt Ownername"), run, "H-01", FORCE
    )
    recording.record_action(frozen, lead, an_action("b", measure_code="CAWN16"), run, "H-01", FORCE)
    recording.record_action(frozen, lead, an_action("c", measure_code="SRO"), run, "H-01", FORCE)
    inside, outside = (text_of(made(frozen, analyst, one)) for one in (POLICE, PARTNERS))
    for text in (inside, outside):
        assert "Detached youth work" in text
        assert "secret note" not in text
        assert "Ownername" not in text
    assert inside.count("Child Abduction Warning Notice") == 2  # at the hotspot, and counted
    assert outside.count("Child Abduction Warning Notice") == 1
    people = opened(made(frozen, analyst, PARTNERS)).tables[1]
    assert {row.cells[1].text for row in people.rows[1:]} == {"<5"}


def test_the_next_month_says_what_became_of_each(frozen: Workspace, analyst: Actor) -> None:
    run = run_of(frozen, analyst)
    params = run.params
    assert params.start is not None
    assert params.end is not None
    later = params.replace(start=params.start + timedelta(days=184), min_weight=12)
    half = runs.detect_hotspots(frozen, analyst, FORCE, later)
    snapshots.freeze(frozen, analyst, half, FORCE, "2026-12")
    inside, outside = (table_of(made(frozen, analyst, one, 2)) for one in (POLICE, PARTNERS))
    events = dict(zip(range(1, len(run.hotspots) + 1), run.hotspots["events"], strict=True))
    told = 0
    for label, change, *_ in inside:
        number = int(label[3:7])
        if number in events and not change.startswith("New"):
            assert f"({events[number]} records before)" in change
            told += 1
    assert told >= 3
    assert all(
        int(found) % 5 == 0
        for _, change, *_ in outside
        for found in re.findall(r"\((\d+) records before\)", change)
    )


@pytest.mark.parametrize("person", ["", "P{}"])
def test_a_second_month_without_known_children_has_a_profile_too(
    workspace: Workspace, tmp_path: Path, analyst: Actor, person: str
) -> None:
    rows = [
        {**row, "Person ID": person.format(n % 9)} for n, row in enumerate(numbered(30, INCIDENT))
    ]
    bring(workspace, tmp_path, *rows)
    year = LOOSE.replace(min_children=3, start=date(2026, 1, 1), end=date(2026, 12, 31))
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], year)
    for name in ("first", "second"):
        snapshots.freeze(workspace, analyst, run, ["incidents"], name)
    for audience in (POLICE, PARTNERS):
        assert table_of(made(workspace, analyst, audience, 2))[0][1] == (
            "Continued (30 records before)."
        )


def test_partners_are_not_told_a_count_of_when_one_child_dominated(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    def people(person: Callable[[int], str], file: str, first: int) -> None:
        rows = [
            {**row, "Crime Number": f"R{first + n}", "Person ID": person(n)}
            for n, row in enumerate(numbered(30, INCIDENT))
        ]
        bring(workspace, tmp_path, *rows, name=file)

    year = LOOSE.replace(min_children=3, start=date(2026, 1, 1), end=date(2026, 12, 31))
    people(lambda n: f"P{n if n < 9 else 99}", "one.csv", 0)
    for name in ("dominated", "shared"):
        run = runs.detect_hotspots(workspace, analyst, ["incidents"], year)
        snapshots.freeze(workspace, analyst, run, ["incidents"], name)
        people(lambda n: f"Q{n}", f"{name}.csv", 100)
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], year)
    snapshots.freeze(workspace, analyst, run, ["incidents"], "last")
    assert "records before" not in table_of(made(workspace, analyst, PARTNERS, 2))[0][1]
    assert "(30 records before)" in table_of(made(workspace, analyst, POLICE, 2))[0][1]
    assert "(60 records before)" in table_of(made(workspace, analyst, PARTNERS, 3))[0][1]


def test_a_profile_can_be_made_after_the_records_are_erased(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    rows = [
        {**row, "Person ID": f"P{n % 9}", "Date/Time From": f"{n % 28 + 1:02}/03/2025 20:00"}
        for n, row in enumerate(numbered(30, INCIDENT))
    ]
    bring(workspace, tmp_path, *rows)
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], LOOSE)
    snapshots.freeze(workspace, analyst, run, ["incidents"], "spring")
    before = text_of(made(workspace, analyst, POLICE))
    retention.purge(workspace, analyst, is_dry=False, today=date(2026, 6, 1))
    after = text_of(made(workspace, analyst, POLICE))
    assert "between 17:00 and 21:00" in before
    assert "between 17:00 and 21:00" in after
    assert "source erased on" in after


def test_a_short_period_is_not_for_partners(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    bring(workspace, tmp_path, *numbered(30, INCIDENT))
    month = LOOSE.replace(start=date(2026, 9, 1), end=date(2026, 10, 31))
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], month)
    snapshots.freeze(workspace, analyst, run, ["incidents"], "short")
    assert made(workspace, analyst, POLICE)
    with pytest.raises(InputError, match="12 weeks or more"):
        made(workspace, analyst, PARTNERS)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"briefing": None}, "before there were profiles"),
        ({"briefing_sha256": "0" * 64}, "digests do not agree"),
        ({"result_sha256": "0" * 64}, "digests do not agree"),
    ],
)
def test_no_profile_is_made_of_what_is_not_whole(
    frozen: Workspace, analyst: Actor, values: dict[str, object], message: str
) -> None:
    with frozen.engine.begin() as connection:
        connection.execute(update(core.snapshots).values(values))
    with pytest.raises(InputError, match=message):
        made(frozen, analyst, POLICE)


def test_it_is_asked_for_whom_and_why(frozen: Workspace, analyst: Actor, lead: Actor) -> None:
    known = {"draw_map": place_picture, "draw_hours": hours_picture}
    with pytest.raises(InputError, match="Name who will receive it"):
        profiles.export_profile(frozen, analyst, 1, POLICE, recipients=" ", reason="x", **known)
    with pytest.raises(InputError, match="why"):
        profiles.export_profile(frozen, analyst, 1, POLICE, recipients="x", reason=" ", **known)
    with pytest.raises(NotFoundError):
        made(frozen, analyst, POLICE, 9)
    officer = Actor("Officer", frozenset({UserRole.POLICE_LICENSING}))
    with pytest.raises(NotAllowedError):
        made(frozen, officer, POLICE)
    made(frozen, lead, PARTNERS)
    row = log_of(frozen).iloc[-1]
    assert (row["operation"], row["recipients"], row["reason"]) == (
        "export profile",
        "MACE partners",
        "MACE",
    )
    assert "hotspot HS-0001" in row["places"]


def test_the_document_is_marked_accessible_and_asks_nobody(
    frozen: Workspace, analyst: Actor
) -> None:
    content = made(frozen, analyst, POLICE)
    document = opened(content)
    section = document.sections[0]
    for part in (section.header, section.footer):
        assert "OFFICIAL-SENSITIVE" in part.paragraphs[0].text
    assert "MACE partners" in section.footer.paragraphs[0].text
    assert document.core_properties.language == "en-GB"
    shapes = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(shapes) == 2 * len(table_of(content))
    assert all(shapes)
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == ["Victims", "Offenders", "Locations", "Themes", "What this rests on"]
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        names = whole.namelist()
        words = whole.read("word/document.xml").decode()
        assert not any(b'TargetMode="External"' in whole.read(n) for n in names if "rels" in n)
    assert words.count("w:tblHeader") == len(document.tables)


def test_hostile_text_is_only_text(frozen: Workspace, analyst: Actor, tmp_path: Path) -> None:
    def on_odd_ground(profile: Profile, place: ProfilePlace) -> bytes:
        odd = profile.basemap.replace("Longton", "$\\\\frac{x}{y$")
        assert odd != profile.basemap
        return place_picture(replace(profile, basemap=odd), place)

    for text in [*payloads(tmp_path / "hit"), "a\x00b\x0bc\ud800d"]:
        settings = frozen.settings.model_copy(update={"name": text, "handling": text})
        content = profiles.export_profile(
            replace(frozen, settings=settings),
            analyst,
            1,
            PARTNERS,
            recipients="MACE",
            reason="MACE",
            draw_map=on_odd_ground,
            draw_hours=hours_picture,
        ).content
        readable = re.sub("[\x00-\x20\ud800-\udfff]", "", text)
        assert readable in re.sub(r"\s", "", text_of(content))
        with zipfile.ZipFile(io.BytesIO(content)) as whole:
            assert "hyperlink" not in whole.read("word/document.xml").decode()
    assert not (tmp_path / "hit").exists()


def test_an_empty_month_makes_a_profile_too(
    workspace: Workspace, tmp_path: Path, analyst: Actor
) -> None:
    bring(workspace, tmp_path, *numbered(3, INCIDENT))
    run = runs.detect_hotspots(workspace, analyst, ["incidents"], LOOSE.replace(min_weight=99))
    snapshots.freeze(workspace, analyst, run, ["incidents"], "quiet")
    assert table_of(made(workspace, analyst, POLICE)) == []
    assert datasets.changes_under(workspace, 1) == []
