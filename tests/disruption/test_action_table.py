"""The list of actions: each column described once, and shown where it belongs."""

from __future__ import annotations

from datetime import date

import pandas as pd

from hotspot.disruption.action_table import COLUMNS, ShownAt, action_table, columns_at


def one_action(**values: object) -> pd.DataFrame:
    row: dict[str, object] = {column.name: "" for column in COLUMNS}
    row |= {"action_id": 1, "due_on": date(2026, 11, 20), "is_overdue": True, "note": "a word"}
    return pd.DataFrame([row | values])


def test_every_column_is_shown_somewhere_under_a_title_of_its_own() -> None:
    assert all(column.places for column in COLUMNS)
    assert len({column.title for column in COLUMNS}) == len(COLUMNS)
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)


def test_a_column_without_a_word_is_left_out_of_a_page_and_kept_in_a_file() -> None:
    quiet = one_action(note="")
    assert "Note" not in action_table(quiet, ShownAt.PAGE)
    assert "Note" in action_table(quiet, ShownAt.EXPORT)
    assert "Note" in action_table(one_action(), ShownAt.PAGE)


def test_papers_of_premises_hold_no_hotspot_and_no_note() -> None:
    shown = {column.name for column in columns_at(ShownAt.PAPERS)}
    assert not shown & {"hotspot", "note", "necessity", "victim_impact", "objective", "outcome"}


def test_a_late_action_is_late_in_words() -> None:
    assert action_table(one_action(), ShownAt.TODAY)["Late"].tolist() == ["late"]
    assert "Late" not in action_table(one_action(is_overdue=False), ShownAt.TODAY)
