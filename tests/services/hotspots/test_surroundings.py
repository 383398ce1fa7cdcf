"""What lies around hotspots, and whether they can be believed, asked of the sample."""

from __future__ import annotations

import pytest

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor
from hotspot.analysis.surroundings.nearness import BANDS_M
from hotspot.services.hotspots import evidence, runs, surroundings
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, log_of, run_of


@pytest.mark.parametrize("asked", list(surroundings.ASKED))
def test_every_question_has_an_answer_in_the_sample(
    demo: Workspace, analyst: Actor, asked: str
) -> None:
    run = run_of(demo, analyst)
    before = len(log_of(demo))
    found = surroundings.nearness_of(demo, analyst, run, FORCE, asked)
    assert found.used + found.snapped == run.records_used
    assert found.table["expected"].gt(0).any()
    assert set(found.table["within_m"]) == set(BANDS_M)
    assert len(log_of(demo)) == before + 1


def test_access_points_are_listed_as_rising_only_where_they_are(
    demo: Workspace, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    rising = surroundings.rising_access_points(demo, analyst, run, FORCE)
    assert (rising["after"] > rising["before"]).all()
    assert (rising["after"] >= 3).all()


def test_what_is_not_there_cannot_be_asked_about(
    workspace: Workspace, demo: Workspace, analyst: Actor, lead: Actor
) -> None:
    run = run_of(demo, analyst)
    with pytest.raises(InputError, match="import them first"):
        surroundings.nearness_of(workspace, analyst, run, FORCE, "kinds")
    with pytest.raises(NotAllowedError):
        surroundings.nearness_of(demo, lead, run, FORCE, "kinds")
    with pytest.raises(InputError, match="import it first"):
        evidence.judge_hotspots(demo, analyst, run, "incidents")


@pytest.mark.slow
def test_hotspots_are_tested_against_every_baseline_that_there_is(
    demo: Workspace, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    assert evidence.baselines_of(demo, run) == ["premises", "even"]
    even = evidence.judge_hotspots(demo, analyst, run, "even", simulations=39).table
    assert (even["p"] <= 0.1).all()
    premises = evidence.judge_hotspots(demo, analyst, run, "premises", simulations=39).table
    assert (premises["expected"] > even["expected"]).any()
    tried = evidence.try_settings(demo, analyst, run, FORCE)
    assert set(tried.table["key"]) == set(run.hotspots["key"])
    held_out = evidence.accuracy_of(demo, analyst, run, FORCE)
    pai = dict(zip(held_out["method"], held_out["pai"], strict=True))
    assert pai["hotspots"] > pai["random"]


def test_what_lies_outside_the_force_is_told_by_area(demo: Workspace, analyst: Actor) -> None:
    run = run_of(demo, analyst)
    found = surroundings.places_outside(demo, analyst, run, FORCE)
    assert 0 < found["events"].sum() < run.left_out["out_of_area"]  # roles and settings are off
    off: frozenset[str] = frozenset()
    every = runs.run_on(
        demo,
        FORCE,
        run.params.replace(start=None, end=None, roles_off=off, settings_off=off, forms_off=off),
    )
    whole = surroundings.places_outside(demo, analyst, every, FORCE)
    assert whole["events"].sum() == every.left_out["out_of_area"]
    assert found["place"].str.startswith("to the ").all()
    assert (found["nearest_km"] > 2).all()
    narrow = run.params.replace(only_kinds=frozenset({"nothing"}))
    assert surroundings.places_outside(demo, analyst, runs.run_on(demo, FORCE, narrow), FORCE).empty


def test_a_population_that_the_force_lays_in_leads_and_is_tested_against(
    workspace: Workspace, demo: Workspace, analyst: Actor
) -> None:
    """It was not offered: no file of it was read."""
    run = run_of(demo, analyst)
    assert "population" not in evidence.baselines_of(demo, run)
    with pytest.raises(InputError, match="reference/population"):
        evidence.judge_hotspots(demo, analyst, run, "population")
    file = demo.reference / "population" / "people.csv"
    file.parent.mkdir(parents=True)
    try:
        west, south, east, north = demo.area.boundary.bounds
        rows = [
            f"{south + (north - south) * y / 40},{west + (east - west) * x / 40},500"
            for x in range(41)
            for y in range(41)
        ]
        file.write_text("\n".join(["lat,lng,population", *rows]), encoding="utf-8")
        assert evidence.baselines_of(demo, run) == ["population", "premises", "even"]
        judged = evidence.judge_hotspots(demo, analyst, run, simulations=39)
        assert judged.baseline == evidence.BASELINES["population"]
        assert not judged.is_even
        assert judged.table["p"].notna().all()
        file.write_text("ward,number\nA,1\n", encoding="utf-8")
        with pytest.raises(InputError, match="needs a column Population"):
            evidence.judge_hotspots(demo, analyst, run)
    finally:
        file.unlink()
