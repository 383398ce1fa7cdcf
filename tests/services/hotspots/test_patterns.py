"""Patterns of the sample's records: what is said of them, against what, and who may see it."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from hotspot.access.actor import Actor
from hotspot.errors import NotAllowedError
from hotspot.services.hotspots import classes, patterns
from hotspot.services.hotspots.runs import detect_hotspots, last_day_of
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, log_of, run_of


@pytest.fixture
def found(demo: Workspace, analyst: Actor) -> patterns.Patterns:
    return patterns.patterns_of(demo, analyst, run_of(demo, analyst), FORCE)


def test_each_pattern_of_the_sample_is_there_and_says_what_it_is(
    found: patterns.Patterns, demo: Workspace, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    assert found.concentration is not None
    assert found.concentration.share < found.concentration.chance
    assert "not why" in found.concentration.sentence
    assert found.repeats["pairs"].sum() > 0
    assert found.repeats["p"].between(0, 1).all()
    assert found.classes["key"].tolist() == run.hotspots["key"].tolist()
    assert set(found.classes["class"]) <= set(classes.CLASSES)
    assert (found.classes["months"] == 12).all()
    assert found.ranks["key"].tolist() == run.hotspots["key"].tolist()
    assert any("registered premises" in one.why for one in found.thresholds)
    assert any("patterns" in row for row in log_of(demo)["subject"])


def test_what_is_watched_lies_outside_the_hotspots(
    found: patterns.Patterns, demo: Workspace, analyst: Actor
) -> None:
    assert found.watched is not None
    taken = {cell for cells in run_of(demo, analyst).hotspots["cells"] for cell in cells}
    assert all(f"{one.cell:x}" not in taken for one in found.watched)
    for one in found.watched:
        lat, lng = patterns.middle_of(one)
        assert np.isfinite([lat, lng]).all()


def test_a_hotspot_is_split_for_analysts_alone(
    demo: Workspace, analyst: Actor, lead: Actor
) -> None:
    run = run_of(demo, analyst)
    assert len(patterns.split_of(demo, analyst, run, "H-01")) >= 1
    with pytest.raises(NotAllowedError):
        patterns.split_of(demo, lead, run, "H-01")
    with pytest.raises(NotAllowedError):
        patterns.patterns_of(demo, lead, run, FORCE)


def test_the_class_of_each_hotspot_is_an_analysts_to_see_and_the_same_everywhere(
    found: patterns.Patterns, demo: Workspace, analyst: Actor, lead: Actor
) -> None:
    run = run_of(demo, analyst)
    alone = classes.classes_of(demo, analyst, run, FORCE)
    assert alone.equals(found.classes)
    with pytest.raises(NotAllowedError):
        classes.classes_of(demo, lead, run, FORCE)


def test_a_month_that_is_held_in_part_is_no_month_of_a_class(
    demo: Workspace, analyst: Actor
) -> None:
    """November, of which one day is held, was a month in which nothing was hot."""
    run = run_of(demo, analyst)
    assert run.params.end is not None
    longer = run.params.replace(end=(run.params.end.replace(day=28) + timedelta(days=33)))
    longer = longer.replace(end=last_day_of(f"{longer.end:%Y-%m}"))
    table = classes.classes_of(demo, analyst, detect_hotspots(demo, analyst, FORCE, longer), FORCE)
    assert set(table["months"]) == {12}
