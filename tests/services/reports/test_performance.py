"""The pictures of the outcomes' page: what was done, in time or late, and what came of it."""

from __future__ import annotations

from datetime import date

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.services.actions import lists, recording
from hotspot.services.actions.changes import Outcome, change_action
from hotspot.services.reports import performance
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, an_action, run_of


def table(**columns: list[object]) -> pd.DataFrame:
    length = len(next(iter(columns.values())))
    usual = {
        "action_id": list(range(1, length + 1)),
        "measure": ["Patrol"] * length,
        "agency": ["Police"] * length,
        "state": ["agreed"] * length,
        "due_on": [date(2026, 5, 1)] * length,
        "is_overdue": [False] * length,
        "results": [None] * length,
    }
    return pd.DataFrame(usual | columns)


def ended(*days: tuple[int, date, str]) -> pd.DataFrame:
    return pd.DataFrame(days, columns=["action_id", "completed_on", "effect"])


def test_what_was_decided_against_was_not_done() -> None:
    found = performance.interventions(
        table(state=["agreed", "completed", "decided against", "withdrawn"])
    )
    assert found.to_dict("records") == [{"measure": "Patrol", "agency": "Police", "actions": 2}]


def test_each_action_is_in_time_or_not() -> None:
    actions_shown = table(
        state=["completed", "completed", "agreed", "agreed", "withdrawn"],
        is_overdue=[False, False, False, True, False],
    )
    done = ended((1, date(2026, 5, 1), ""), (2, date(2026, 5, 2), ""))
    found = performance.in_time(actions_shown, done)
    assert dict(zip(found["how"], found["actions"], strict=True)) == {
        "done in time": 1,
        "done late": 1,
        "open, not due yet": 1,
        "open and overdue": 1,
    }


def test_looks_at_the_effect_are_gathered_by_measure() -> None:
    shown = table(
        measure=["Patrol", "Patrol", "Patrol", "Letter"],
        state=["effect checked", "effect checked", "completed", "agreed"],
        results=[{"stops": 3}, {"stops": 1, "arrests": 1}, None, None],
    )
    done = ended(
        (1, date(2026, 5, 1), "Fewer records here and around than the control foretells."),
        (2, date(2026, 5, 1), "Too few to tell: a change could not have been seen."),
        (3, date(2026, 5, 1), ""),
    )
    first, second = performance.by_measure(shown, done).to_dict("records")
    assert first == {
        "measure": "Patrol",
        "recorded": 3,
        "done": 3,
        "looked_at": 2,
        "fewer": 1,
        "more": 0,
        "cannot_tell": 1,
        "results": "stops 4, arrests 1",
    }
    assert (second["measure"], second["recorded"], second["done"]) == ("Letter", 1, 0)
    assert performance.by_measure(shown.head(0), done.head(0)).empty


def test_the_steps_are_sums_of_twelve_months_of_the_whole_force() -> None:
    months = [f"2025-{month:02}" for month in range(1, 13)] + ["2026-01"]
    counts = pd.DataFrame(
        {
            "month": months,
            "district": [""] * 13,
            "recorded": [10.0] * 13,
            "charge": [1.0] * 13,
            "nfa_victim": [None] * 12 + [2.0],
        }
    ).reindex(columns=["month", "district", *performance.FUNNEL, *performance.NFA])
    steps, reasons, said = performance.counts_by_step(counts)
    assert said == "Feb 2025 to Jan 2026"
    assert steps["what"].tolist() == ["recorded", "charge"]
    assert steps["number"].tolist() == [120, 12]
    assert "share" not in steps
    assert reasons.to_dict("records") == [{"what": "nfa_victim", "number": 2}]
    district = counts.assign(district="Stoke-on-Trent")
    assert performance.counts_by_step(district)[0].empty


def test_months_add_up_to_what_was_counted(demo: Workspace, analyst: Actor) -> None:
    run = run_of(demo, analyst)
    months = performance.by_month(run)
    assert months["events"].sum() == run.records_used
    assert months["month"].is_monotonic_increasing
    assert (months["children"] <= months["events"]).all()


def test_a_look_taken_back_changes_neither_the_day_nor_counts() -> None:
    days = pd.to_datetime(["2026-05-01", "2026-06-01", "2026-06-09"], utc=True)
    moves = pd.DataFrame(
        {
            "action_id": 1,
            "at": days,
            "note": ["", "Fewer records.", "Wrong one."],
            "state": ["completed", "effect checked", "completed"],
        }
    )
    one = {"action_id": 1, "completed_on": date(2026, 5, 1)}
    assert performance.ends_of(moves.head(2)).to_dict("records") == [
        one | {"effect": "Fewer records."}
    ]
    assert performance.ends_of(moves).to_dict("records") == [one | {"effect": ""}]


def test_the_day_on_which_an_action_ended_comes_from_its_history(
    demo: Workspace, lead: Actor
) -> None:
    run = run_of(demo, lead)
    recording.record_action(demo, lead, an_action("one"), run, "H-01", FORCE)
    assert performance.completions(demo, lead).empty
    change_action(demo, lead, 1, 1, "completed", "", ended=Outcome("done", {}))
    change_action(demo, lead, 1, 2, "effect checked", "No clear change.")
    found = performance.completions(demo, lead)
    assert found[["action_id", "effect"]].to_dict("records") == [
        {"action_id": 1, "effect": "No clear change."}
    ]
    shown = lists.list_actions(demo, lead, run)
    assert performance.in_time(shown, found)["how"].tolist() == ["done in time"]
