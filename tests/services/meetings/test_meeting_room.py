"""A meeting that cannot go wrong: undo, attendance, what counts at once, and its papers."""

from __future__ import annotations

from datetime import date

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.analysis.detection.run import Run
from hotspot.disclosure.forms import FileForm
from hotspot.errors import ConflictError, NotFoundError
from hotspot.services.actions import lists, recording
from hotspot.services.actions.changes import change_action
from hotspot.services.hotspots import snapshots
from hotspot.services.meetings import documents, proceedings, projection
from hotspot.services.meetings.book import Meeting, meeting_of
from hotspot.services.meetings.documents import Paper
from hotspot.services.meetings.proceedings import Answer
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, SHELL, an_action, run_of

DAY = date(2026, 11, 26)


@pytest.fixture
def run(demo: Workspace, lead: Actor) -> Run:
    """Two actions before the meeting: one 57 days late, one to come."""
    found = run_of(demo, lead)
    for command, key, due in (
        ("late", "H-01", date(2026, 9, 30)),
        ("later", "H-02", date(2026, 12, 20)),
    ):
        action = an_action(command, due_on=due, owner=f"Sgt {command}")
        recording.record_action(demo, lead, action, found, key, FORCE)
    return found


@pytest.fixture
def number(demo: Workspace, lead: Actor, run: Run) -> int:
    del run
    return proceedings.open_meeting(demo, lead, "MACE November", DAY)


def held(demo: Workspace, lead: Actor, number: int, run: Run) -> Meeting:
    return meeting_of(demo, lead, number, run, FORCE)


@pytest.mark.parametrize(
    "given",
    [Answer("on track", "half"), Answer("done"), Answer("extended", "late", date(2027, 1, 9))],
)
def test_every_answer_can_be_taken_back(
    demo: Workspace, lead: Actor, number: int, run: Run, given: Answer
) -> None:
    before = lists.list_actions(demo, lead).set_index("action_id").loc[1]
    proceedings.update_action(demo, lead, number, (1, 1), given)
    proceedings.undo_answer(demo, lead, number, 1)
    after = lists.list_actions(demo, lead).set_index("action_id").loc[1]
    for name in ("state", "stage", "stage_before", "outcome", "due_on"):
        assert after[name] == before[name]
    assert held(demo, lead, number, run).updates == []
    history = recording.history_of(demo, lead, 1)
    assert len(history) == 3  # recorded, answered, taken back: nothing is over what was
    assert "taken back in the meeting" in history["note"].iloc[-1]
    proceedings.update_action(demo, lead, number, (1, 3), Answer("done"))
    with pytest.raises(InputError, match="Nothing was answered"):
        proceedings.undo_answer(demo, lead, number, 2)


def test_answers_are_taken_back_one_after_the_other(
    demo: Workspace, lead: Actor, number: int, run: Run
) -> None:
    proceedings.update_action(demo, lead, number, (1, 1), Answer("on track"))
    given = Answer("extended", "late", date(2027, 1, 9))
    proceedings.update_action(demo, lead, number, (1, 2), given)
    proceedings.undo_answer(demo, lead, number, 1)
    said = [one.answer for one in held(demo, lead, number, run).updates]
    assert said == ["on track"]
    proceedings.undo_answer(demo, lead, number, 1)
    assert held(demo, lead, number, run).updates == []
    with pytest.raises(InputError, match="Nothing was answered"):
        proceedings.undo_answer(demo, lead, number, 1)


def test_an_answer_is_not_taken_back_over_somebody_elses_change(
    demo: Workspace, lead: Actor, number: int, run: Run
) -> None:
    proceedings.update_action(demo, lead, number, (1, 1), Answer("on track"))
    change_action(demo, SHELL, 1, 2, "underway", "")
    with pytest.raises(ConflictError, match="just changed action 1"):
        proceedings.undo_answer(demo, lead, number, 1)
    assert len(held(demo, lead, number, run).updates) == 1


def test_who_was_there_last_time_is_noted_at_once_with_apologies_and_corrections(
    demo: Workspace, lead: Actor, number: int, run: Run
) -> None:
    for name, agency in (("Sam", "Health"), ("Pat", "Schools"), ("Lee", "Health")):
        proceedings.attend(demo, lead, number, name, agency)
    for agency in ("Stoke", "health", "", " "):
        with pytest.raises(InputError, match="Agency"):
            proceedings.attend(demo, lead, number, "New", agency)
    with pytest.raises(InputError, match="noted already"):
        proceedings.attend(demo, lead, number, "sam", "Health")
    proceedings.close_meeting(demo, lead, number)
    second = proceedings.open_meeting(demo, lead, "MACE December", date(2026, 12, 17))
    last = held(demo, lead, second, run).last_time
    assert [one.name for one in last] == ["Sam", "Pat", "Lee"]
    noted = [one.model_copy(update={"has_apologised": one.name == "Pat"}) for one in last[:2]]
    proceedings.attend_all(demo, lead, second, noted)
    found = held(demo, lead, second, run)
    assert found.recipients == "Sam (Health)"  # who is away was shown nothing
    assert [one.name for one in found.apologies.values()] == ["Pat"]
    assert [one.name for one in found.last_time] == ["Lee"]
    entry = next(iter(found.attendance))
    with pytest.raises(NotFoundError):
        proceedings.correct_attendance(demo, lead, second, entry + 99)
    proceedings.correct_attendance(demo, lead, second, entry)
    assert held(demo, lead, second, run).attendance == {}
    with pytest.raises(ConflictError):
        proceedings.correct_attendance(demo, lead, number, 1)


def test_the_list_of_the_last_meeting_is_that_of_its_kind(
    demo: Workspace, lead: Actor, number: int, run: Run
) -> None:
    proceedings.attend(demo, lead, number, "Sam", "Health")
    proceedings.close_meeting(demo, lead, number)
    other = proceedings.open_meeting(demo, lead, "MARAC", date(2026, 12, 1), "MARAC")
    assert held(demo, lead, other, run).last_time == []


def test_what_is_agreed_counts_at_once(demo: Workspace, lead: Actor, number: int, run: Run) -> None:
    action = an_action("new", meeting_id=number, owner="Sgt New")
    recording.record_action(demo, lead, action, run, "H-01", FORCE)
    found = held(demo, lead, number, run)
    assert "Sgt New" in found.open_actions["owner"].tolist()
    assert len(found.open_actions) == 3
    assert len(set(found.open_actions["hotspot_id"])) == 2
    late = found.asked[found.asked["action_id"] == 1].iloc[0]
    assert found.days_late(late) == 57


def test_a_hotspot_says_what_became_of_it_in_the_words_of_the_profile(
    demo: Workspace, lead: Actor, analyst: Actor, run: Run
) -> None:
    items = projection.agenda_of(demo, lead, run, FORCE, "MACE").items
    assert {item.news for item in items} == {""}  # no snapshot: nothing is new or gone
    snapshots.freeze(demo, analyst, run_of(demo, analyst), FORCE, "first")
    again = projection.agenda_of(demo, lead, run, FORCE, "MACE").items
    assert {item.news for item in again} == {"New", "Continued"}  # two have actions already
    for item in again:
        assert item.change.startswith("Last three months against the three before: ")


def test_minutes_hold_every_action_and_say_which_were_not_reached(
    demo: Workspace, lead: Actor, number: int, run: Run
) -> None:
    proceedings.attend(demo, lead, number, "Sam", "Health")
    proceedings.attend(demo, lead, number, "Pat", "Schools", has_apologised=True)
    given = Answer("extended", "lamps", date(2027, 1, 9))
    proceedings.update_action(demo, lead, number, (1, 1), given)
    item = projection.agenda_of(demo, lead, run, FORCE, "MACE").items[0]
    for _ in range(2):
        proceedings.discuss(demo, lead, number, item.label, item.numbers)
    with pytest.raises(InputError, match="follows this one"):
        proceedings.plan_next(demo, lead, number, DAY)
    proceedings.plan_next(demo, lead, number, date(2026, 12, 17))
    minutes = documents.minutes_of(demo, lead, held(demo, lead, number, run), "MACE")
    rows = {row[2]: row for row in minutes.asked}
    assert rows["Sgt late"][3:] == (
        "Stoke-on-Trent City Council",
        "30 Sep 2026",
        "57 days late",
        "More time to 09 Jan 2027: lamps",
    )
    assert rows["Sgt later"][4:] == ("20 Dec 2026", "", documents.NOT_REACHED)
    assert minutes.apologies == [("Pat", "Schools")]
    assert minutes.discussed == [(item.label,)]
    assert minutes.next_on == "17 Dec 2026"


def test_agenda_and_mails_leave_with_names_that_others_know(
    demo: Workspace, lead: Actor, number: int, run: Run
) -> None:
    for paper in (Paper.AGENDA, Paper.MAILS):
        file = documents.export_paper(
            demo, lead, number, paper, run, FORCE, recipients="MACE", reason="x"
        )
        text = file.content.decode()
        assert file.form is FileForm.PAGE
        assert demo.settings.marking in text
        assert "57 days late" in text
        assert "HS-0" not in text
        assert "http" not in text.replace("http-equiv", "")
    mails = documents.mails_of(demo, held(demo, lead, number, run)).mails
    assert [one.owner for one in mails] == ["Sgt late", "Sgt later"]
    assert "due 30 Sep 2026, 57 days late" in mails[0].text
    assert "Sgt later" not in mails[0].text
