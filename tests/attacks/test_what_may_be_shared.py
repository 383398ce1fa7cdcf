"""Ask for what may not be shared, of every service that shares; and find one that does not ask."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document

import hotspot.services
from hotspot.access.actor import Actor, UserRole
from hotspot.access.permissions import PERMISSIONS, LogCategory, Operation
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.profile import Audience
from hotspot.disclosure.shared_words import TEXT_WITHHELD, clear_of
from hotspot.disclosure.suppression import names_among
from hotspot.errors import InputError
from hotspot.params import FORCE_RECORDS, HarmTable, Params
from hotspot.services.actions import lists, recording, reminders
from hotspot.services.hotspots import disclosures, runs, sharing, snapshots
from hotspot.services.hotspots.register import name_for, names_of
from hotspot.services.meetings import proceedings, projection
from hotspot.services.meetings.book import meeting_of
from hotspot.services.meetings.proceedings import Answer
from hotspot.services.reports import profiles
from hotspot.services.workspace.folder import Workspace
from hotspot.store.unit_of_work import reading
from tests.helpers import FORCE, SHELL, actor_of_role, an_action, run_of
from tests.intake.cases import INCIDENT, numbered
from tests.services.records.bringing import LOOSE, bring

YEAR = FORCE_RECORDS.replace(start=date(2025, 11, 1), end=date(2026, 10, 31))
WEEK = YEAR.replace(start=date(2026, 10, 25), end=date(2026, 10, 31))
REFUSED = [
    (WEEK, "12 weeks"),
    (YEAR.replace(start=None), "12 weeks"),
    (YEAR.replace(resolution=11), "resolution 11"),
    (YEAR.replace(resolution=7), "resolution 7"),
    (YEAR.replace(only_kinds=frozenset({"x"})), "only_kinds"),
    (YEAR.replace(only_weekdays=frozenset({0})), "only_weekdays"),
    (YEAR.replace(only_hours=frozenset({1})), "only_hours"),
    (YEAR.replace(only_risks=frozenset({"high"})), "only_risks"),
    (YEAR.replace(only_precisions=frozenset({"uprn"})), "only_precisions"),
    (YEAR.replace(harm=HarmTable("x", "1", {"a": 1.0})), "harm"),
    (YEAR.replace(roles_off=frozenset()), "missing_from"),
    (YEAR.replace(settings_off=frozenset({"care"})), "dwelling"),
    (YEAR.replace(forms_off=frozenset()), "intra_familial"),
    (YEAR.replace(min_children=2), "fewer than 3 children"),
]
NOT_OF_RUNS = {
    Operation.SERVE_WORKSPACE: "names an address",
    Operation.BACK_UP: "goes to the force's own keepers, with the keys",
    Operation.EXPORT_UNUSED: "goes to the analyst who brought the file",
    Operation.EXPORT_PACK: "holds no hotspot: incidents at one premises",
    Operation.EXPORT_ACTIONS: "holds no count and no outline",
    Operation.EXPORT_LOG: "goes to the auditor",
    Operation.COLLECT_EXPORT: "hands out what another operation prepared",
}


@pytest.mark.parametrize(("params", "words"), REFUSED)
def test_what_would_point_at_a_child_is_refused(
    demo: Workspace, params: Params, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        sharing.shareable(demo, params, FORCE)
    sharing.shareable(demo, YEAR, FORCE)


def test_seven_days_at_the_finest_cells_leave_by_no_door(demo: Workspace) -> None:
    run = runs.run_on(demo, FORCE, WEEK.replace(resolution=11, min_weight=2))
    snapshots.freeze(demo, SHELL, run, FORCE, "week")
    proceedings.open_meeting(demo, SHELL, "MACE", date(2026, 11, 1))
    doors: list[Callable[[], object]] = [
        lambda: disclosures.share_map(demo, SHELL, run, FORCE, "MACE", "x"),
        lambda: projection.agenda_of(demo, SHELL, run, FORCE, "MACE"),
        lambda: meeting_of(demo, SHELL, 1, run, FORCE),
        lambda: projection.export_minutes(
            demo, SHELL, 1, FileForm.PAGE, run, FORCE, recipients="MACE", reason="x"
        ),
        lambda: profiles.export_profile(
            demo,
            SHELL,
            1,
            Audience.PARTNERS,
            recipients="MACE",
            reason="x",
            draw_map=lambda *_: b"",
            draw_hours=lambda *_: b"",
        ),
    ]
    for door in doors:
        with pytest.raises(InputError, match="12 weeks"):
            door()


def test_a_file_without_settings_needs_the_sensitive_sites(
    workspace: Workspace, tmp_path: Path
) -> None:
    """A children's home that no column names would be drawn."""
    rows = [
        {k: v for k, v in row.items() if k != "Location Setting"} | {"Person ID": f"P{n}"}
        for n, row in enumerate(numbered(30, INCIDENT))
    ]
    bring(workspace, tmp_path, *rows)
    params = LOOSE.replace(min_children=3, start=date(2026, 1, 1), end=date(2026, 12, 31))
    run = runs.run_on(workspace, ["incidents"], params)
    assert len(run.hotspots) == 1
    with pytest.raises(InputError, match="Import the sensitive sites first"):
        disclosures.share_map(workspace, SHELL, run, ["incidents"], "MACE", "x")


def test_no_name_and_no_minute_tells_of_a_withheld_hotspot(
    demo: Workspace, analyst: Actor, lead: Actor
) -> None:
    whole = run_of(demo, analyst)
    driven = str(whole.hotspots.loc[whole.hotspots["single_child"].astype(bool), "key"].iloc[0])
    meeting = proceedings.open_meeting(demo, lead, "MACE", date(2026, 11, 1))
    recording.record_action(
        demo, SHELL, an_action("driven", owner="Sgt Hidden"), whole, driven, FORCE
    )
    recording.record_action(demo, SHELL, an_action("other", owner="Sgt Seen"), whole, "H-01", FORCE)
    for number in (1, 2):
        proceedings.update_action(demo, lead, meeting, (number, 1), Answer("on track", "said"))
    for run in (whole, run_of(demo, lead)):
        file = projection.export_minutes(
            demo, lead, meeting, FileForm.PAGE, run, FORCE, recipients="MACE", reason="x"
        )
        text = file.content.decode()
        assert "Sgt Seen" in text
        assert "Sgt Hidden" not in text
    agenda = projection.agenda_of(demo, lead, whole, FORCE, "MACE")
    names = [item.label.split(": ", 1)[1] for item in agenda.items]
    assert names == names_among(names)


def test_a_partner_reads_where_a_place_is_from_its_shared_outline_alone(demo: Workspace) -> None:
    seen = disclosures.shared_overview(demo, actor_of_role(UserRole.VIEWER))
    assert seen is not None
    assert len(seen.hotspots) > 1
    for number, row in enumerate(seen.hotspots.to_dict("records"), 1):
        middle = row["geometry"].representative_point()
        name = name_for(demo, (middle.x, middle.y), set())
        assert str(row["key"]).startswith(f"Hotspot {number}: {name}")


def test_names_are_numbered_among_those_that_are_shown() -> None:
    assert names_among(["Stafford, east (2)"]) == ["Stafford, east"]


def _called(tree: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        call.id if isinstance(call, ast.Name) else call.attr
        for call in calls
        if isinstance(call, ast.Name | ast.Attribute)
    }


def test_every_service_that_discloses_a_run_asks_the_one_guard() -> None:
    """A service that works under an operation of disclosure calls `shareable`, if not directly."""
    functions: dict[str, ast.FunctionDef] = {}
    for path in Path(hotspot.services.__path__[0]).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions |= {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    asks = {"shareable"}
    while more := {n for n, f in functions.items() if n not in asks and _called(f) & asks}:
        asks |= more
    disclosing = {
        operation.name: operation
        for operation, rule in PERMISSIONS.items()
        if rule.category is LogCategory.DISCLOSURE and operation not in NOT_OF_RUNS
    }
    assert len(disclosing) == 5
    seen = set()
    for name, function in functions.items():
        used = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
        for operation in used & set(disclosing):
            seen.add(operation)
            assert name in asks, f"{name} discloses ({operation}) and does not ask `shareable`"
    assert seen == set(disclosing)


# what was typed ----------------------------------------------------------------------------


def words_in(content: bytes) -> str:
    """The words of a page or of a Word document."""
    if not content.startswith(b"PK"):
        return content.decode()
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_minute_that_names_what_is_withheld_is_withheld(
    demo: Workspace, analyst: Actor, lead: Actor
) -> None:
    """By its number in any spelling or by its name: in notes, answers, reasons and the title."""
    whole = run_of(demo, analyst)
    driven = str(whole.hotspots.loc[whole.hotspots["single_child"].astype(bool), "key"].iloc[0])
    recording.record_action(demo, SHELL, an_action("driven"), whole, driven, FORCE)
    other = an_action("other", necessity="Hidden 1, see hs 1 too")
    recording.record_action(demo, SHELL, other, whole, "H-01", FORCE)
    with reading(demo.engine) as connection:
        name = names_of(connection)[1]
    meeting = proceedings.open_meeting(demo, lead, f"MACE on {name}", date(2026, 11, 1))
    hidden = ("HS-0001", "hs1", "Hs \u2013 01", name, name.upper(), name.replace(" ", "\u00a0 "))
    for text in hidden:
        proceedings.note(demo, lead, meeting, f"Hidden 2, {text}: a boy")
    proceedings.note(demo, lead, meeting, "Seen: HS-0010 and the lights")
    proceedings.update_action(demo, lead, meeting, (2, 1), Answer("on track", "Hidden 3: HS-0001"))
    for form in (FileForm.PAGE, FileForm.WORD):
        file = projection.export_minutes(
            demo, lead, meeting, form, whole, FORCE, recipients="MACE", reason="x"
        )
        text = words_in(file.content)
        assert "Hidden" not in text
        assert name not in text
        assert "Seen: HS-0010" in text
    assert "Hidden" not in repr(meeting_of(demo, lead, meeting, whole, FORCE))


def test_a_partner_reads_of_its_own_actions_what_it_is_to_do(
    demo: Workspace, analyst: Actor
) -> None:
    """Not why the force acts, nor of which child, nor what officers typed of persons and places."""
    whole = run_of(demo, analyst)
    snapshots.freeze(demo, analyst, whole, FORCE, "first")
    driven = whole.hotspots["single_child"].astype(bool)
    keys = [
        str(whole.hotspots.loc[~driven, "key"].iloc[0]),
        str(whole.hotspots.loc[driven, "key"].iloc[0]),
    ]
    hidden = int(driven.to_numpy().nonzero()[0][0]) + 1
    texts = {"necessity": "Secret a", "victim_impact": "Secret b", "family_views": "Secret c"}
    for key in keys:
        for n, note in enumerate(("Lights", "Secret, Mr Example", f"Secret, near hs{hidden}")):
            action = an_action(f"{key}{n}", note=note, reference=note, **texts)
            recording.record_action(demo, SHELL, action, whole, key, FORCE)
    everywhere = replace(actor_of_role(UserRole.VIEWER), districts=frozenset(demo.area.districts))
    listed = lists.list_actions(demo, everywhere, whole)
    assert len(listed) == 6
    assert "key" not in listed or listed["key"].isna().all()
    for number in listed["action_id"]:
        told = recording.history_of(demo, everywhere, int(number))
        assert "Secret" not in told.to_csv()
    assert "Secret" not in listed.to_csv()
    assert listed["note"].eq("Lights").sum() == 2
    assert not listed["hotspot"].str.contains("HS-").any()
    assert listed["hotspot"].eq("").sum() == 3  # what one child drives is not named
    assert "Secret" not in listed["reference"].to_csv()
    due = reminders.list_reminders(demo, everywhere, date(2030, 1, 1))
    assert len(due) == 6
    assert not due["hotspot"].str.contains("HS-").any()
    assert "Secret" not in due.to_csv()
    mailed = reminders.digest(demo, SHELL, date(2030, 1, 1), "owners", "x")
    assert "Secret" not in mailed
    assert "HS-" not in mailed
    file = lists.export_actions(demo, SHELL, FileForm.CSV, "Council", "x")
    left = file.content.decode("utf-8-sig")
    assert "Secret" not in left
    assert "HS-" not in left


@pytest.mark.parametrize(
    "text",
    [
        *("hs-7", "HS_7", "hs#0007", "HS no. 7", "hotspot 7", "Hotspots 12 and 7", "HS-0012, 7"),
        *("hot spot 7", "Hot-spots 3, 12 and 07", "HS-7a"),
        *("Leek East again", "leek,east", "at Leek ,  EAST"),
    ],
)
def test_a_text_that_names_what_is_withheld_is_withheld(text: str) -> None:
    shown = clear_of({7: "Leek, east"})
    assert shown(text) == TEXT_WITHHELD
    assert shown("HS-0017 and 70, Leek, north") == "HS-0017 and 70, Leek, north"
