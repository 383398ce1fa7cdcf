"""What falls due in fourteen days: deadlines, entered days, due days, looks at the effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.services.actions import clocks
from hotspot.services.actions.changes import change_action
from hotspot.services.actions.recording import record_action_at
from hotspot.services.actions.reminders import LOOK_AFTER, digest, list_reminders
from hotspot.services.hotspots.register import ByHand, register_by_hand
from hotspot.services.workspace.folder import Workspace
from tests.helpers import an_action, log_of

TODAY = date(2026, 11, 27)


def recorded(workspace: Workspace, lead: Actor, command: str = "a", **changes: object) -> int:
    number = register_by_hand(workspace, lead, ByHand("Coaches", "profession", "LADO"))
    return record_action_at(workspace, lead, an_action(command, **changes), number).action_id


def test_what_is_late_or_falls_due_in_fourteen_days_is_listed_and_nothing_else(
    demo: Workspace, lead: Actor
) -> None:
    number = recorded(demo, lead, due_on=TODAY - timedelta(days=1))
    recorded(demo, lead, "later", due_on=TODAY + timedelta(days=15))
    clocks.record_moment(demo, lead, number, 1, "next_review", TODAY + timedelta(days=14))
    clocks.record_moment(demo, lead, number, 2, "last_day_in_force", TODAY + timedelta(days=15))
    found = list_reminders(demo, lead, TODAY)
    assert found[["action_id", "says", "is_late"]].to_numpy().tolist() == [
        [number, "The action is due", True],
        [number, "Next review", False],
    ]


def test_a_listed_hearing_and_the_notice_that_counts_back_from_it_are_reminded(
    demo: Workspace, lead: Actor
) -> None:
    number = recorded(demo, lead, measure_code="LA51", due_on=date(2027, 3, 1))
    clocks.record_moment(demo, lead, number, 1, "given", date(2026, 11, 2))
    clocks.record_moment(demo, lead, number, 2, "hearing_listed_for", date(2026, 12, 16))
    found = list_reminders(demo, lead, TODAY).set_index("says")["due_on"]
    assert found["Notice of hearing given by"] == date(2026, 12, 2)
    assert "Hearing listed for" not in found.index
    later = list_reminders(demo, lead, date(2026, 12, 3)).set_index("says")["due_on"]
    assert later["Hearing listed for"] == date(2026, 12, 16)


def test_a_completed_action_reminds_of_a_look_at_its_effect_until_it_was_looked_at(
    demo: Workspace, lead: Actor
) -> None:
    number = recorded(demo, lead)
    change_action(demo, lead, number, 1, "completed", "done")
    done = log_of(demo)["at"].iloc[-1].date()
    assert list_reminders(demo, lead, done).empty
    due = done + LOOK_AFTER
    assert list_reminders(demo, lead, due)["says"].tolist() == ["Look at the effect"]
    change_action(demo, lead, number, 2, "effect checked", "no clear change")
    assert list_reminders(demo, lead, due).empty


def test_the_digest_names_measures_owners_and_days_and_is_a_disclosure(
    demo: Workspace, lead: Actor
) -> None:
    recorded(
        demo, lead, due_on=TODAY, note="Behind the shops", reference="REF 1", owner="Sgt Brook"
    )
    text = digest(demo, lead, TODAY, "owners", "weekly mail")
    assert "27 Nov 2026" in text
    assert "YOUTH REF 1" in text
    assert "Sgt Brook" in text
    assert demo.settings.marking in text
    assert "shops" not in text
    row = log_of(demo).iloc[-1]
    assert (row["category"], row["recipients"], row["reason"]) == (
        "disclosure",
        "owners",
        "weekly mail",
    )
    with pytest.raises(InputError):
        digest(demo, lead, TODAY, " ", "weekly mail")


def test_the_command_writes_the_digest_to_a_file(
    demo: Workspace, tmp_path: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    path = tmp_path / "digest.txt"
    done = run_cli("digest", "-w", demo.folder, "--to-file", path)
    assert done.returncode == 0, done.stderr
    assert "Nothing is due." in path.read_text(encoding="utf-8")
