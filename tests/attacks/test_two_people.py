"""Sign twice as one person under two names, and be taken for somebody of one's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from hotspot.access.actor import Actor, UserRole
from hotspot.access.log_filter import LogFilter
from hotspot.errors import NotAllowedError
from hotspot.services.actions import changes, lists, recording, views
from hotspot.services.hotspots import findings, snapshots
from hotspot.services.meetings import proceedings
from hotspot.services.people import accounts
from hotspot.services.upkeep import log
from hotspot.services.workspace import drafts
from hotspot.services.workspace.folder import Workspace
from hotspot.store.tables.core import metadata
from hotspot.store.unit_of_work import reading
from tests.helpers import FORCE, SHELL, a_holder, an_action, log_of, run_of

ONE = Actor("Sam Example", frozenset({UserRole.ANALYST}), account_id=11)


@pytest.fixture
def written(demo: Workspace) -> int:
    snapshots.freeze(demo, ONE, run_of(demo, ONE), FORCE, "first")
    return findings.write_finding(demo, ONE, 1, "fact", "Most are on Fridays.")


def test_another_name_is_not_another_person(demo: Workspace, written: int) -> None:
    with pytest.raises(NotAllowedError, match="second analyst"):
        findings.sign_finding(demo, replace(ONE, name="Sam Married"), written)


def test_a_namesake_is_another_person(demo: Workspace, written: int) -> None:
    findings.sign_finding(demo, replace(ONE, account_id=12), written)
    row = findings.list_findings(demo, ONE, 1).iloc[0]
    assert (row["written_by_id"], row["signed_by_id"]) == (11, 12)


def test_nobody_signs_without_an_account(demo: Workspace, written: int) -> None:
    for name in (ONE.name, "Somebody else"):
        with pytest.raises(NotAllowedError, match="two accounts"):
            findings.sign_finding(demo, replace(ONE, name=name, account_id=None), written)


def test_what_was_written_without_an_account_is_signed_by_nobody(demo: Workspace) -> None:
    """Its writer may bear another name by now: only a number tells two people apart."""
    snapshots.freeze(demo, ONE, run_of(demo, ONE), FORCE, "first")
    older = replace(ONE, account_id=None)
    number = findings.write_finding(demo, older, 1, "fact", "Most are on Fridays.")
    with pytest.raises(NotAllowedError, match="write it anew"):
        findings.sign_finding(demo, replace(ONE, name="Sam Married"), number)


def test_the_log_seals_the_account(demo: Workspace, written: int) -> None:
    assert written
    assert log_of(demo)["account_id"].iloc[-1] == 11
    assert log.verify_log(demo, SHELL).problems == []


def test_the_log_tells_two_of_one_name_apart(demo: Workspace, written: int) -> None:
    findings.sign_finding(demo, replace(ONE, account_id=12), written)
    findings.list_findings(demo, replace(ONE, name="Sam Married"), 1)
    for number, names in ((11, {"Sam Example", "Sam Married"}), (12, {"Sam Example"})):
        rows, _ = log.view_log(demo, SHELL, LogFilter(actor=f"#{number}"), "a question")
        assert set(rows["account_id"]) == {number}
        assert set(rows["actor"]) == names


def test_every_name_in_a_row_has_its_account_beside_it() -> None:
    """A table that says who did something by name alone would be found here."""
    bare = []
    for table in metadata.tables.values():
        names = {c.name for c in table.columns if c.name.endswith("_by") or c.name == "actor"}
        own = {name for name in names if not name.startswith(("told", "superseded"))}
        bare += [f"{table.name}.{name}" for name in own if f"{name}_id" not in table.columns]
    assert bare == ["audit.actor"]
    assert "account_id" in metadata.tables["audit"].columns


LEAD = Actor(
    "Sam Example",
    frozenset({UserRole.DISRUPTION_LEAD, UserRole.ANALYST}),
    "Staffordshire Police",
    account_id=31,
)


def rows(workspace: Workspace, table: str) -> pd.DataFrame:
    engine: Engine = workspace.engine
    with reading(engine) as connection:
        found = connection.execute(select(metadata.tables[table]))
        return pd.DataFrame(found.all(), columns=list(found.keys()))


def test_what_is_written_bears_the_account(demo: Workspace) -> None:
    run = run_of(demo, LEAD)
    done = recording.record_action(demo, LEAD, an_action(owner="Sam Example"), run, "H-01", FORCE)
    changes.note_event(demo, LEAD, done.action_id, 1, "breached", "Said so")
    meeting = proceedings.open_meeting(demo, LEAD, "MACE", date(2026, 11, 2))
    proceedings.note(demo, replace(LEAD, account_id=32), meeting, "Somebody else wrote this")
    proceedings.close_meeting(demo, replace(LEAD, account_id=33), meeting)
    assert rows(demo, "hotspots")["registered_by_id"].tolist() == [31]
    assert rows(demo, "actions")[["recorded_by_id", "owner_id"]].to_numpy().tolist() == [[31, 31]]
    assert rows(demo, "action_events")["actor_id"].tolist() == [31, 31]
    assert rows(demo, "meetings")[["opened_by_id", "closed_by_id"]].to_numpy().tolist() == [
        [31, 33]
    ]
    assert rows(demo, "journal")["recorded_by_id"].tolist() == [32]


def mine(workspace: Workspace, actor: Actor) -> int:
    listed = lists.list_actions(workspace, actor)
    return len(views.chosen(listed, views.MINE, actor, date(2026, 11, 27)))


def test_an_owner_who_gets_an_account_later_finds_their_action_once_it_is_given_them(
    demo: Workspace,
) -> None:
    """Naming the same owner again changed nothing, so that the action stayed nobody's."""
    action = an_action(owner="Sgt Brook")
    done = recording.record_action(demo, LEAD, action, run_of(demo, LEAD), "H-01", FORCE)
    holder = replace(a_holder(UserRole.DISRUPTION_LEAD, "brook"), shown_as="Sgt Brook")
    number = accounts.add_account(demo, SHELL, holder, None)
    assert rows(demo, "actions")["owner_id"].isna().all()
    again = changes.Amendment("Sgt Brook", action.agency, action.due_on, "now has an account")
    changes.amend_action(demo, LEAD, done.action_id, 1, again)
    assert rows(demo, "actions")["owner_id"].tolist() == [number]


def test_a_new_name_keeps_ones_actions_and_a_formers_name_brings_none(demo: Workspace) -> None:
    holder = replace(a_holder(UserRole.DISRUPTION_LEAD, "brook"), shown_as="Sgt Brook")
    number = accounts.add_account(demo, SHELL, holder, None)
    brook = accounts.find_account(demo, SHELL, "brook")
    done = recording.record_action(
        demo, LEAD, an_action(owner="sgt  BROOK"), run_of(demo, LEAD), "H-01", FORCE
    )
    assert rows(demo, "actions")["owner_id"].tolist() == [number]
    accounts.change_holder(demo, SHELL, brook, replace(holder, shown_as="Insp Brook"))
    namesake = replace(holder, name="brook2")
    accounts.add_account(demo, SHELL, namesake, None)
    now, other = (accounts.find_account(demo, SHELL, n).actor() for n in ("brook", "brook2"))
    assert (now.name, other.name) == ("Insp Brook", "Sgt Brook")
    assert (mine(demo, now), mine(demo, other)) == (1, 0)
    kept = changes.Amendment("sgt  BROOK", "Staffordshire Police", date(2027, 1, 5), "More time")
    changes.amend_action(demo, LEAD, done.action_id, 1, kept)
    assert (mine(demo, now), mine(demo, other)) == (1, 0)
    handed = replace(kept, owner="Sgt Brook", why="Handed over")
    changes.amend_action(demo, LEAD, done.action_id, 2, handed)
    assert (mine(demo, now), mine(demo, other)) == (0, 1)


def test_of_two_of_one_name_neither_is_taken_for_the_owner(demo: Workspace) -> None:
    for name in ("one", "two"):
        holder = replace(a_holder(UserRole.DISRUPTION_LEAD, name), shown_as="Sgt Brook")
        accounts.add_account(demo, SHELL, holder, None)
    recording.record_action(
        demo, LEAD, an_action(owner="Sgt Brook"), run_of(demo, LEAD), "H-01", FORCE
    )
    people = [accounts.find_account(demo, SHELL, name).actor() for name in ("one", "two")]
    assert [mine(demo, one) for one in people] == [0, 0]


def test_an_unsent_text_is_the_accounts_and_no_namesakes(demo: Workspace) -> None:
    drafts.keep_draft(demo, LEAD, "note", "Not said yet")
    assert drafts.draft_of(demo, replace(LEAD, name="Sam Married"), "note") == "Not said yet"
    assert not drafts.draft_of(demo, replace(LEAD, account_id=32), "note")
    assert not drafts.draft_of(demo, replace(LEAD, account_id=None), "note")
