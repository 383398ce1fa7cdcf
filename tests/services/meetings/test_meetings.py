"""The meeting: late actions first, answers as events, suppression, decisions, minutes, drafts."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from docx import Document

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor
from hotspot.analysis.detection.run import Run
from hotspot.disclosure.forms import FileForm
from hotspot.errors import ConflictError, NotFoundError
from hotspot.services.actions import lists, recording
from hotspot.services.actions.changes import change_action
from hotspot.services.hotspots import snapshots
from hotspot.services.meetings import proceedings, projection
from hotspot.services.meetings.book import meeting_of
from hotspot.services.meetings.proceedings import Answer
from hotspot.services.workspace import drafts
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, SHELL, an_action, log_of, run_of

DAY = date(2026, 11, 26)


@pytest.fixture
def run(demo: Workspace, lead: Actor) -> Run:
    """Four actions before the meeting: two late, one closed, one to come."""
    found = run_of(demo, lead)
    for command, key, due in (
        ("later", "H-01", date(2026, 12, 20)),
        ("late", "H-02", date(2026, 11, 10)),
        ("latest", "H-03", date(2026, 11, 1)),
        ("done", "H-01", date(2026, 10, 1)),
    ):
        action = an_action(
            command, due_on=due, owner=f"Sgt {command}", note="secret note", reference="REF-9"
        )
        recording.record_action(demo, lead, action, found, key, FORCE)
    change_action(demo, lead, 4, 1, "completed", "")
    return found


def opened(demo: Workspace, lead: Actor) -> int:
    return proceedings.open_meeting(demo, lead, "MACE November", DAY)


def test_actions_are_asked_after_late_ones_first(demo: Workspace, lead: Actor, run: Run) -> None:
    number = opened(demo, lead)
    recording.record_action(demo, lead, an_action("new"), run, "H-01", FORCE)
    asked = meeting_of(demo, lead, number, run, FORCE).asked
    assert asked["owner"].tolist() == ["Sgt latest", "Sgt late", "Sgt later", "Sgt done"]
    assert "secret" not in asked.to_csv()
    assert "REF-9" not in asked.to_csv()


def test_what_was_closed_before_the_last_meeting_is_not_asked_after_again(
    demo: Workspace, lead: Actor, run: Run
) -> None:
    first = opened(demo, lead)
    proceedings.close_meeting(demo, lead, first)
    second = proceedings.open_meeting(demo, lead, "MACE December", date(2026, 12, 17))
    asked = meeting_of(demo, lead, second, run, FORCE).asked
    assert asked["owner"].tolist() == ["Sgt latest", "Sgt late", "Sgt later"]


def test_an_answer_is_an_event_and_never_over_what_was(
    demo: Workspace, lead: Actor, run: Run
) -> None:
    number = opened(demo, lead)
    proceedings.update_action(demo, lead, number, (3, 1), Answer("on track", "half is done"))
    proceedings.update_action(demo, lead, number, (3, 2), Answer("done"))
    later = Answer("extended", "the lamps are late", date(2027, 1, 15))
    proceedings.update_action(demo, lead, number, (2, 1), later)
    with pytest.raises(ConflictError, match="just changed action 2"):
        proceedings.update_action(demo, lead, number, (2, 1), Answer("done"))
    with pytest.raises(InputError, match="needs its new day and the reason"):
        proceedings.update_action(demo, lead, number, (1, 1), Answer("extended", "", None))
    with pytest.raises(InputError, match="Choose an answer"):
        proceedings.update_action(demo, lead, number, (1, 1), Answer("exploded"))
    history = recording.history_of(demo, lead, 3)
    assert history["event"].tolist() == ["recorded", "on track", "state changed"]
    listed = lists.list_actions(demo, lead).set_index("action_id")
    assert listed.loc[3, "state"] == "completed"
    assert listed.loc[2, "due_on"] == date(2027, 1, 15)
    after = meeting_of(demo, lead, number, run, FORCE)
    assert after.asked["action_id"].tolist() == [3, 2, 1, 4]  # answers move nothing
    said = [(one.action_id, one.answer) for one in after.updates]
    assert said == [(3, "on track"), (3, "done"), (2, "extended")]


def test_one_that_cannot_be_done_yet_is_refused_whole(
    demo: Workspace, lead: Actor, run: Run
) -> None:
    command = an_action(
        "own ladder",
        measure_code="H116",
        confirmed=("rank_below_inspector", "over_6_months", "no_hotel"),
    )
    recording.record_action(demo, lead, command, run, "H-01", FORCE)
    number = opened(demo, lead)
    with pytest.raises(InputError, match="cannot become 'completed'"):
        proceedings.update_action(demo, lead, number, (5, 1), Answer("done"))
    assert meeting_of(demo, lead, number, run, FORCE).updates == []


def test_what_is_agreed_and_decided_against_stands_in_the_meeting(
    demo: Workspace, lead: Actor, run: Run
) -> None:
    number = opened(demo, lead)
    agreed = an_action("agreed", meeting_id=number, necessity="complaints of residents")
    against = an_action(
        "against", measure_code="H116", meeting_id=number, declined_why="no hotel is near"
    )
    for command in (agreed, against, against):
        recording.record_action(demo, lead, command, run, "H-02", FORCE)
    found = meeting_of(demo, lead, number, run, FORCE)
    assert found.agreed["why"].tolist() == ["complaints of residents"]
    assert found.declined["measure"].tolist() == ["Hotel guest-information notice"]
    assert found.declined["why"].tolist() == ["no hotel is near"]
    listed = lists.list_actions(demo, lead).set_index("action_id")
    assert listed.loc[6, "state"] == "decided against"
    assert not listed.loc[6, "is_overdue"]


def test_only_one_meeting_is_open_and_a_closed_one_stays_as_it_is(
    demo: Workspace, lead: Actor, run: Run
) -> None:
    number = opened(demo, lead)
    with pytest.raises(ConflictError, match="still open"):
        opened(demo, lead)
    proceedings.close_meeting(demo, lead, number)
    changes: tuple[Callable[[], object], ...] = (
        lambda: proceedings.note(demo, lead, number, "late word"),
        lambda: proceedings.attend(demo, lead, number, "Sgt", "Police"),
        lambda: proceedings.close_meeting(demo, lead, number),
    )
    for change in changes:
        with pytest.raises(ConflictError):
            change()
    with pytest.raises(NotFoundError):
        meeting_of(demo, lead, 99, run, FORCE)
    with pytest.raises(InputError, match="name"):
        proceedings.open_meeting(demo, lead, " ", DAY)


def test_who_is_there_is_the_record_of_the_disclosure(
    demo: Workspace, lead: Actor, run: Run
) -> None:
    number = opened(demo, lead)
    proceedings.attend(demo, lead, number, "Sam Example", "Health")
    with pytest.raises(InputError, match="Name: is missing"):
        proceedings.attend(demo, lead, number, " ", "Health")
    found = meeting_of(demo, lead, number, run, FORCE)
    projection.agenda_of(demo, lead, run, FORCE, found.recipients)
    rows = log_of(demo).iloc[-2:]
    assert set(rows["recipients"]) == {"Sam Example (Health)"}
    assert set(rows["category"]) == {"disclosure"}


def test_the_agenda_is_banded_and_withholds_what_one_child_drives(
    demo: Workspace, lead: Actor, analyst: Actor, run: Run
) -> None:
    agenda = projection.agenda_of(demo, lead, run, FORCE, "MACE")
    assert agenda.withheld == "Fewer than 5 hotspots are withheld to protect children."
    for item in agenda.items:
        for number in (item.children, item.events):
            assert number == "<5" or int(number) % 5 == 0
        assert item.trend in projection.TREND.values()
        assert "H-0" not in item.label
    labels = [item.label.split(":")[0] for item in agenda.items]
    assert labels == [str(n) for n in range(1, len(labels) + 1)]
    whole = run_of(demo, analyst)
    assert len(agenda.items) < len(whole.hotspots)


def test_actions_at_a_hotspot_that_one_child_drives_are_not_projected(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    whole = run_of(demo, analyst)
    snapshots.freeze(demo, analyst, whole, FORCE, "first")
    driven = str(whole.hotspots.loc[whole.hotspots["single_child"].astype(bool), "key"].iloc[0])
    recorded = recording.record_action(demo, SHELL, an_action("driven"), whole, driven, FORCE)
    assert recorded.is_new
    number = opened(demo, lead)
    assert meeting_of(demo, lead, number, run_of(demo, lead), FORCE).asked.empty
    assert meeting_of(demo, lead, number, whole, FORCE).asked.empty


@pytest.mark.parametrize("form", [FileForm.WORD, FileForm.PAGE])
def test_the_minutes_hold_what_was_said_and_no_note_of_an_action(
    demo: Workspace, lead: Actor, run: Run, form: FileForm
) -> None:
    number = opened(demo, lead)
    proceedings.attend(demo, lead, number, "Sam <Example>", "Health")
    proceedings.update_action(demo, lead, number, (3, 1), Answer("on track", "half & half"))
    agreed = an_action("agreed", meeting_id=number, owner="Sgt New")
    against = an_action("no", measure_code="ENV", meeting_id=number, declined_why="lit already")
    for command in (agreed, against):
        recording.record_action(demo, lead, command, run, "H-02", FORCE)
    proceedings.note(demo, lead, number, "Schools ask for a bulletin.")
    proceedings.read_back(demo, lead, number, agreed=True)
    file = projection.export_minutes(
        demo, lead, number, form, run, FORCE, recipients="MACE members", reason="minutes"
    )
    assert file.name.endswith(f".{form.value}")
    if form is FileForm.PAGE:
        text = file.content.decode()
        assert "Sam &lt;Example&gt;" in text
        assert "half &amp; half" in text
        assert "http" not in text.replace("http-equiv", "")
    else:
        document = Document(io.BytesIO(file.content))
        cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
        text = "\n".join([*(p.text for p in document.paragraphs), *cells])
        assert "Sam <Example>" in text
        foot = document.sections[0].footer.paragraphs[0].text
        assert "MACE members" in foot
        assert demo.settings.marking in document.sections[0].header.paragraphs[0].text
    for said in ("Sgt New", "lit already", "Schools ask for a bulletin.", "Read back and agreed."):
        assert said in text
    assert "secret note" not in text
    assert "REF-9" not in text
    row = log_of(demo).iloc[-1]
    assert (row["operation"], row["recipients"]) == ("export minutes", "MACE members")


def test_what_is_typed_outlives_the_session_and_is_nobody_elses(
    demo: Workspace, lead: Actor, analyst: Actor
) -> None:
    drafts.keep_draft(demo, lead, "meeting_note", "half a sent")
    drafts.keep_draft(demo, lead, "meeting_note", "half a sentence")
    assert drafts.draft_of(demo, lead, "meeting_note") == "half a sentence"
    assert drafts.draft_of(demo, SHELL, "meeting_note") == ""
    with pytest.raises(NotAllowedError):
        drafts.draft_of(demo, analyst, "meeting_note")
    drafts.keep_draft(demo, lead, "meeting_note", "")
    assert drafts.draft_of(demo, lead, "meeting_note") == ""
