"""Did it work? What is said of an action on the sample, where the truth is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hotspot.access.actor import Actor
from hotspot.services.actions import effects, recording
from hotspot.services.actions.changes import change_action
from hotspot.services.actions.effects import Effect
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, an_action, log_of, run_of

DAYS = (date(2026, 4, 1), date(2026, 4, 14))
FADES = (-1.6960, 52.6345)
"""Castle Arcade: busy until March 2026, quiet since."""


def effect_at(demo: Workspace, lead: Actor, key: str, **how: Any) -> Effect:
    run = run_of(demo, lead)
    number = recording.record_action(demo, lead, an_action(key), run, key, FORCE).action_id
    return effects.effect_of(demo, lead, number, run, FORCE, **({"days": DAYS} | how))


def key_at(demo: Workspace, lead: Actor, lng: float, lat: float) -> str:
    hotspots = run_of(demo, lead).hotspots
    apart = (hotspots["lng"] - lng).abs() + (hotspots["lat"] - lat).abs()
    return str(hotspots["key"].iloc[int(apart.argmin())])


def test_a_place_that_went_quiet_is_told_without_saying_why(demo: Workspace, lead: Actor) -> None:
    found = effect_at(demo, lead, key_at(demo, lead, *FADES))
    assert found.counts is not None
    assert found.counts.place.after == 0
    assert found.counts.place.high < 1
    assert found.sentence().startswith(
        "Fewer records than expected from its year before and the other hotspots; whether the "
        "action did it cannot be said."
    )
    assert found.shared_sentence().startswith(
        "Fewer records here than expected from the year before"
    )


def test_a_place_where_nothing_changed_is_said_to_show_no_change(
    demo: Workspace, lead: Actor
) -> None:
    found = effect_at(demo, lead, "H-01")
    assert found.counts is not None
    assert found.counts.place.low < 1 < found.counts.place.high
    assert found.sentence().startswith("No clear change")
    assert found.shared_sentence().startswith("No clear change")
    assert not any(character.isdigit() for character in found.shared_sentence())


def test_what_the_action_recorded_itself_is_left_out(demo: Workspace, lead: Actor) -> None:
    kinds = effects.kinds_recorded(demo, FORCE)
    whole = effect_at(demo, lead, "H-01").counts
    part = effect_at(demo, lead, "H-01", without=tuple(kinds)).counts
    assert whole is not None
    assert part is not None
    assert part.just_before < whole.just_before


def test_too_early_is_said_and_nothing_else(demo: Workspace, lead: Actor) -> None:
    found = effect_at(demo, lead, "H-01", days=(date(2026, 10, 20), date(2026, 10, 21)))
    assert found.counts is None
    for said in (found.sentence(), found.shared_sentence()):
        assert said.startswith("Too early: the records reach to 31 October 2026")


def test_the_days_of_an_action_come_from_its_history(demo: Workspace, lead: Actor) -> None:
    run = run_of(demo, lead)
    command = an_action("a", measure_code="MAKESAFE")
    number = recording.record_action(demo, lead, command, run, "H-01", FORCE).action_id
    change_action(demo, lead, number, 1, "run", "at once", on=date(2026, 5, 4))
    assert effects.days_of_action(demo, number)[0] == date(2026, 5, 4)


def test_one_look_is_one_row_of_the_log(demo: Workspace, lead: Actor) -> None:
    effect_at(demo, lead, "H-01")
    row = log_of(demo).iloc[-1]
    assert row["operation"] == "view effect of action"
    assert row["places"] == ["hotspot HS-0001"]


def test_what_could_be_seen_is_said_before_anything_is_done(demo: Workspace, lead: Actor) -> None:
    said = effects.seen_beforehand(demo, lead, run_of(demo, lead), FORCE, "H-01")
    assert said.startswith("In 56 days about ")
    assert "be told from chance" in said


@pytest.mark.parametrize("days", [(date(2026, 4, 14), date(2026, 4, 1))])
def test_days_the_wrong_way_round_are_said(
    demo: Workspace, lead: Actor, days: tuple[date, date]
) -> None:
    assert "lies before" in effect_at(demo, lead, "H-01", days=days).sentence()
