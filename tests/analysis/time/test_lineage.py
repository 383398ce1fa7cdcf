"""Identity from run to run: a scripted year, jitter, new snap points, and ids that live for ever."""

from __future__ import annotations

import h3
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import truth_lineage
from hotspot import Params, detect
from hotspot.analysis.detection.run import Run
from hotspot.analysis.time.growth import Size
from hotspot.analysis.time.lineage import (
    LineageEvent,
    Registered,
    Step,
    at_resolution,
    match_registered,
    overlap,
    trace,
)

PARAMS = Params(resolution=10, rings=2, min_weight=20, child_cap_days=None)
KM = 1 / 111.32


def at(
    east_km: float, north_km: float, n: int = 60, spread_m: float = 70, seed: int = 0
) -> pl.DataFrame:
    rng = np.random.default_rng([seed, int(1000 * (east_km + 100)), int(1000 * (north_km + 100))])
    off = rng.normal(0, spread_m / 1000, (n, 2))
    return pl.DataFrame(
        {
            "lng": -2.18 + (east_km + off[:, 0]) * KM / 0.6018,
            "lat": 53.0 + (north_km + off[:, 1]) * KM,
        }
    )


def month(*places: pl.DataFrame) -> Run:
    return detect(pl.concat(places), PARAMS)


class Register:
    """A register as the store keeps it, in memory: what each step does to it."""

    def __init__(self) -> None:
        self.known: dict[int, Registered] = {}
        self.next_id = 1
        self.given: list[int] = []

    def take(self, run: Run) -> dict[int, Step]:
        weights = run.outlines()
        named = {}
        for step in trace(list(self.known.values()), weights):
            number = step.hotspot_id
            if number is None:
                number, self.next_id = self.next_id, self.next_id + 1
                assert number not in self.known
            if step.key is None:
                merged = step.related_id if step.event is LineageEvent.MERGED else None
                last = self.known[number].weights
                self.known[number] = Registered(number, last, merged is None, None, merged)
            else:
                self.known[number] = Registered(number, weights[step.key or ""])
            named[number] = step
        return named

    def from_west_to_east(self) -> list[int]:
        def lng(number: int) -> float:
            return float(np.mean([h3.cell_to_latlng(c)[1] for c in self.known[number].weights]))

        return sorted(self.known, key=lng)


def scripted(number: int) -> Run:
    """Lay out one of fourteen months."""
    places = [at(0, 0, seed=number), at(20, 0, n=50 if number < 12 else 120, seed=number)]
    if number < 4:
        places.append(at(4, 0, n=140, spread_m=140, seed=number))
    else:  # the one hotspot has become two, with a gap between
        places += [at(3.6, 0, n=80, seed=number), at(4.4, 0, n=60, seed=number)]
    if number < 6:
        places += [at(7.65, 0, n=50, seed=number), at(8.35, 0, n=90, seed=number)]
    else:  # the two have grown together
        places.append(at(8, 0, n=240, spread_m=230, seed=number))
    places.append(at(12 + 0.12 * number, 0, seed=number))  # drifts 120 m a month
    if not 7 <= number < 10:
        places.append(at(16, 0, seed=number))
    if number >= 9:
        places.append(at(0, 5, seed=number))
    return month(*places)


def moved_m(step: Step) -> float:
    """How far a hotspot has moved, which is known of it, in metres."""
    assert step.moved_m is not None
    return step.moved_m


def test_a_scripted_sequence_of_fourteen_months_is_named_right() -> None:
    register = Register()
    story = [register.take(scripted(0))]
    steady, splits, smaller, larger, drifts, sleeps, grows = register.from_west_to_east()
    story += [register.take(scripted(number)) for number in range(1, 14)]
    assert {step.event for step in story[0].values()} == {LineageEvent.NEW}
    size = {LineageEvent.CONTINUED, LineageEvent.GREW, LineageEvent.SHRANK}
    told = {
        (number, hotspot): (step.event.value, step.related_id)
        for number, steps in enumerate(story)
        for hotspot, step in steps.items()
        if number and step.event not in size
    }
    child, born = 8, 9
    assert told == {
        (4, splits): ("split", None),
        (4, child): ("split", splits),
        (6, smaller): ("merged", larger),
        (7, sleeps): ("dormant", None),
        (9, born): ("new", None),
        (10, sleeps): ("revived", None),
    }
    assert story[6][larger].event is LineageEvent.GREW
    assert story[12][grows].event is LineageEvent.GREW
    assert all(moved_m(steps[drifts]) > 50 for steps in story[1:])
    assert sum(moved_m(steps[drifts]) for steps in story[1:]) > 1200
    assert all(moved_m(steps[steady]) < 60 for steps in story[1:])
    assert register.next_id == 10


@pytest.mark.parametrize("seed", range(5))
def test_no_id_changes_when_all_points_are_jittered_by_30_m(seed: int) -> None:
    places = pl.concat([at(2 * k, k % 3, seed=1) for k in range(12)])
    rng = np.random.default_rng(seed)
    angle, metres = (
        rng.uniform(0, 2 * np.pi, places.height),
        30 * np.sqrt(rng.random(places.height)),
    )
    moved = places.with_columns(
        lng=pl.col("lng") + metres / 1000 * np.cos(angle) * KM / 0.6018,
        lat=pl.col("lat") + metres / 1000 * np.sin(angle) * KM,
    )
    assert_same_ids(detect(places, PARAMS), detect(moved, PARAMS))


@pytest.mark.parametrize("seed", range(5))
def test_no_id_changes_when_snap_points_are_issued_anew(seed: int) -> None:
    places = pl.concat([at(2 * k, k % 3, n=90, seed=2) for k in range(12)])
    rng = np.random.default_rng(seed)

    def snapped() -> pl.DataFrame:
        grid = 1000 / 90  # a snap point every 90 m or so, at another offset each time
        x0, y0 = rng.random(2)
        return places.with_columns(
            lng=((pl.col("lng") / KM * 0.6018 * grid + x0).round() - x0) / grid * KM / 0.6018,
            lat=((pl.col("lat") / KM * grid + y0).round() - y0) / grid * KM,
        )

    assert_same_ids(detect(snapped(), PARAMS), detect(snapped(), PARAMS))


def assert_same_ids(before: Run, after: Run) -> None:
    register = Register()
    register.take(before)
    assert len(register.known) == 12
    steps = register.take(after)
    assert register.next_id == 13
    assert {step.event for step in steps.values()} <= {
        LineageEvent.CONTINUED,
        LineageEvent.GREW,
        LineageEvent.SHRANK,
    }


DISK = sorted(h3.grid_disk(h3.latlng_to_cell(53.0, -2.18, 10), 6))
outlines = st.dictionaries(
    st.sampled_from(DISK), st.integers(1, 9).map(float), min_size=1, max_size=20
)


@given(st.lists(outlines, min_size=1, max_size=5, unique_by=lambda w: tuple(sorted(w))))
def test_the_same_run_twice_is_continued_throughout(current: list[dict[str, float]]) -> None:
    registered = [Registered(n, weights) for n, weights in enumerate(current)]
    steps = trace(registered, {f"H-{n:02}": weights for n, weights in enumerate(current)})
    assert [(step.event, step.hotspot_id, step.key) for step in steps] == [
        (LineageEvent.CONTINUED, n, f"H-{n:02}") for n in range(len(current))
    ]


@given(
    st.lists(outlines, max_size=5),
    st.lists(outlines, max_size=5),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_every_number_and_key_is_told_of_once(
    before: list[dict[str, float]], now: list[dict[str, float]], asleep: list[bool]
) -> None:
    registered = [Registered(n + 1, w, asleep[n]) for n, w in enumerate(before)]
    current = {f"H-{n:02}": w for n, w in enumerate(now)}
    steps = trace(registered, current)
    numbers = [step.hotspot_id for step in steps if step.hotspot_id is not None]
    keys = [step.key for step in steps if step.key is not None]
    assert len(set(numbers)) == len(numbers)
    assert sorted(keys) == sorted(current)
    silent = {one.hotspot_id for one in registered} - set(numbers)
    assert all(one.is_asleep for one in registered if one.hotspot_id in silent)
    for step in steps:
        assert (step.hotspot_id is None) <= (step.event in {LineageEvent.NEW, LineageEvent.SPLIT})
        if step.event is LineageEvent.SPLIT and step.hotspot_id is None:
            assert step.related_id in numbers
        if step.event is LineageEvent.MERGED:
            assert step.related_id in numbers
    backwards = trace(registered[::-1], current)
    assert sorted(map(repr, steps)) == sorted(map(repr, backwards))


@given(outlines, outlines)
def test_overlap_is_the_same_both_ways_and_full_with_itself(
    one: dict[str, float], other: dict[str, float]
) -> None:
    there, back = overlap(one, other), overlap(other, one)
    assert there[0] == pytest.approx(back[0])
    assert there[1:] == pytest.approx((back[2], back[1]))
    assert overlap(one, one) == pytest.approx((1, 1, 1))
    assert 0 <= there[0] <= min(there[1], there[2]) + 1e-9


def test_a_longer_period_is_not_growth() -> None:
    month_long = month(at(0, 0, n=40, seed=1))
    year_long = month(at(0, 0, n=400, seed=2))
    registered = [Registered(1, month_long.outlines()["H-01"], days=30)]
    (as_counted,) = trace([Registered(1, registered[0].weights)], year_long.outlines())
    (by_day,) = trace(registered, year_long.outlines(), size=Size(300))
    assert as_counted.event is LineageEvent.GREW
    assert by_day.event is LineageEvent.CONTINUED


def test_an_analyst_can_say_otherwise() -> None:
    run = month(at(0, 0, seed=1), at(6, 0, seed=1))
    outline = run.outlines()
    west, east = sorted(outline, key=lambda k: float(run.hotspot(k)["lng"].iloc[0]))
    registered = [Registered(1, outline[west])]
    steps = {step.key: step for step in trace(registered, outline, {east: 1})}
    assert steps[east].hotspot_id == 1
    assert steps[west].hotspot_id is None
    steps = {step.key: step for step in trace(registered, outline, {west: None})}
    assert steps[west].event is LineageEvent.NEW
    assert steps[None].event is LineageEvent.DORMANT


def test_a_run_of_another_cell_size_is_matched_all_the_same() -> None:
    places = pl.concat([at(0, 0, seed=1), at(6, 0, seed=1)])
    registered = [
        Registered(n + 1, weights)
        for n, weights in enumerate(detect(places, PARAMS).outlines().values())
    ]
    for resolution, rings in ((9, 1), (11, 4)):
        other = detect(places, PARAMS.replace(resolution=resolution, rings=rings))
        assert sorted(match_registered(registered, other.outlines())) == [1, 2]
    coarse = at_resolution(registered[0].weights, 9)
    assert sum(coarse.values()) == pytest.approx(sum(registered[0].weights.values()))
    fine = at_resolution(registered[0].weights, 11)
    assert sum(fine.values()) == pytest.approx(sum(registered[0].weights.values()))


def test_two_that_merged_are_both_carried_by_one_hotspot() -> None:
    before = month(at(0, 0, seed=1), at(0.7, 0, seed=1))
    registered = [Registered(n + 1, w) for n, w in enumerate(before.outlines().values())]
    together = month(at(0.35, 0, n=200, spread_m=230, seed=1))
    assert match_registered(registered, together.outlines()) == {1: "H-01", 2: "H-01"}
    assert match_registered(registered, {}) == {}


def bridged(number: int, *, is_bridged: bool) -> Run:
    places = [at(0, 0, seed=number), at(0.8, 0, seed=number)]
    return month(*places, *([at(0.4, 0, spread_m=120, seed=number)] if is_bridged else []))


def test_two_places_with_a_flickering_bridge_keep_two_numbers() -> None:
    """Thirteen numbers before, in 24 months: what had merged was gone for good."""
    register = Register()
    for number in range(24):
        register.take(bridged(number, is_bridged=bool(number % 2)))
    assert sorted(register.known) == [1, 2]


def test_what_merged_wakes_as_itself_when_the_two_come_apart() -> None:
    register = Register()
    register.take(bridged(0, is_bridged=False))
    merged = register.take(bridged(1, is_bridged=True))
    (asleep,) = (n for n, step in merged.items() if step.event is LineageEvent.MERGED)
    (host,) = {1, 2} - {asleep}
    assert (merged[asleep].related_id, register.known[asleep].merged_into) == (host, host)
    apart = register.take(bridged(2, is_bridged=False))
    assert (apart[asleep].event, apart[asleep].related_id) == (LineageEvent.REVIVED, host)
    assert apart[host].event is LineageEvent.SPLIT
    assert register.known[asleep].merged_into is None


def test_the_best_overlap_comes_first_awake_or_asleep() -> None:
    """An awake hotspot took a sleeper's exact outline: 0.41 went before 1.0."""
    outline = dict.fromkeys(sorted(h3.grid_disk(DISK[0], 1)), 1.0)
    beside = dict.fromkeys(sorted(h3.grid_disk(min(h3.grid_ring(DISK[0], 2)), 1)), 1.0)
    assert 0.2 < overlap(beside, outline)[0] < 0.9
    registered = [Registered(1, beside), Registered(2, outline, is_dormant=True)]
    steps = {step.hotspot_id: step for step in trace(registered, {"H-01": outline})}
    assert (steps[2].event, steps[2].key, steps[2].overlap) == (LineageEvent.REVIVED, "H-01", 1.0)
    assert steps[1].key is None
    twins = [Registered(1, outline, is_dormant=True), Registered(2, outline)]
    (step,) = trace(twins, {"H-01": outline})
    assert step.hotspot_id == 2


def test_what_merged_sleeps_on_while_the_two_are_one() -> None:
    register = Register()
    register.take(bridged(0, is_bridged=False))
    for number in range(1, 5):
        steps = register.take(bridged(number, is_bridged=True))
        assert len(steps) == (2 if number == 1 else 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spread_m", "runs", "months"),
    [(160.0, 6, 12), pytest.param(160.0, 60, 24, marks=pytest.mark.soak)],
)
def test_two_lasting_places_seldom_get_a_third_number(
    spread_m: float, runs: int, months: int
) -> None:
    """800 m apart at the defaults, 5 % of the runs at most; 60 % had a third number before."""
    used = [truth_lineage.lasting_pair(spread_m, 60, seed, months) for seed in range(runs)]
    assert sum(number > 2 for number in used) <= 0.05 * runs
    assert np.mean(used) <= 2.1
