"""Two periods beside each other: which hotspots were there before."""

from __future__ import annotations

from datetime import date

from hotspot.access.actor import Actor
from hotspot.services.hotspots import lineages, runs
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, run_of


def test_a_run_beside_itself_has_everything_before(demo: Workspace, analyst: Actor) -> None:
    run = run_of(demo, analyst)
    table = lineages.beside(run, run)
    assert (table["what"] == "there before").all()
    assert table["now"].tolist() == table["before"].tolist() == run.hotspots["key"].tolist()
    assert (table["events_now"] == table["events_before"]).all()


def test_every_hotspot_of_both_periods_is_in_the_table_once(
    demo: Workspace, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    early = runs.detect_hotspots(
        demo,
        analyst,
        FORCE,
        run.params.replace(start=date(2025, 9, 1), end=date(2026, 2, 28), min_weight=10),
    )
    table = lineages.beside(run, early)
    assert set(run.hotspots["key"]) == set(table["now"]) - {""}
    before = [key for keys in table["before"] for key in keys.split(", ") if key]
    assert sorted(before) == sorted(early.hotspots["key"])
    empty = lineages.beside(
        run, runs.detect_hotspots(demo, analyst, FORCE, run.params.replace(min_weight=100_000))
    )
    assert (empty["what"] == "only now").all()
