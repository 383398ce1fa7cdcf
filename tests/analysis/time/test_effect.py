"""Before and after: published differences, what chance gives, and sentences that claim no more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.analysis.time.effect import (
    BeforeAfter,
    Displacement,
    detectable_difference,
    displacement_difference,
    displacement_quotient,
    harm_difference,
)
from hotspot.errors import ParamsError

TREATED, CONTROL = BeforeAfter(207, 110), BeforeAfter(308, 318)
AROUND_TREATED, AROUND_CONTROL = BeforeAfter(178, 157), BeforeAfter(150, 140)


def test_the_published_case() -> None:
    found = displacement_difference(TREATED, CONTROL, AROUND_TREATED, AROUND_CONTROL)
    assert found.difference == -118
    assert found.error == pytest.approx(math.sqrt(1568))
    assert (round(found.z, 2), round(found.low), round(found.high)) == (-2.98, -196, -40)


def test_periods_of_other_lengths() -> None:
    found = displacement_difference(BeforeAfter(80, 20), BeforeAfter(100, 50), times=(2, 1))
    assert found.difference == -20
    assert found.error == pytest.approx(math.sqrt(115))


def test_places_of_other_sizes() -> None:
    found = displacement_difference(
        BeforeAfter(207, 110, 1.2),
        BeforeAfter(308, 318, 0.9),
        BeforeAfter(178, 157, 1.5),
        BeforeAfter(150, 140, 1.6),
    )
    assert found.difference == pytest.approx(-99.69444444, abs=5e-9)
    assert found.error == pytest.approx(35.4280755, abs=5e-8)
    assert found.z == pytest.approx(-2.813995483, abs=5e-10)
    assert (found.low, found.high) == pytest.approx((-169.1321965, -30.25669241), abs=5e-8)


def test_kinds_weighed_by_harm() -> None:
    counts = {
        3: ((133, 91), (130, 74)),
        2: ((388, 305), (327, 202)),
        5: ((148, 97), (398, 190)),
        7: ((86, 64), (144, 92)),
        10: ((94, 67), (183, 96)),
    }
    found = harm_difference(
        [
            (harm, displacement_difference(BeforeAfter(*treated), BeforeAfter(*control)))
            for harm, (control, treated) in counts.items()
        ]
    )
    assert found.difference == -1721
    assert found.error == pytest.approx(304.10360077, abs=5e-9)
    assert found.z == pytest.approx(-5.65925558, abs=5e-9)
    assert (round(found.low, 2), round(found.high, 2)) == (-2317.03, -1124.97)


def test_the_quotient_is_read_only_where_it_may_be() -> None:
    assert displacement_quotient(TREATED, AROUND_TREATED, CONTROL) == pytest.approx(
        0.258186, abs=5e-7
    )
    assert displacement_quotient(BeforeAfter(10, 12), AROUND_TREATED, CONTROL) is None
    assert displacement_quotient(TREATED, AROUND_TREATED, BeforeAfter(0, 3)) is None
    moved = displacement_quotient(BeforeAfter(100, 50), BeforeAfter(50, 90), BeforeAfter(80, 80))
    assert moved is not None
    assert moved < 0


@pytest.mark.parametrize(
    ("treated", "times"),
    [
        (BeforeAfter(-1, 1), (1, 1)),
        (BeforeAfter(1, 1, 0), (1, 1)),
        (BeforeAfter(1, 1), (0, 1)),
    ],
)
def test_what_cannot_be_is_refused(treated: BeforeAfter, times: tuple[float, float]) -> None:
    with pytest.raises(ParamsError, match="Counts are 0 or more"):
        displacement_difference(treated, CONTROL, times=times)
    with pytest.raises(ParamsError, match="around both"):
        displacement_difference(TREATED, CONTROL, AROUND_TREATED)


def test_a_sentence_claims_no_more_than_the_data() -> None:
    far = detectable_difference([20, 20])
    assert "Too few to tell" in displacement_difference(
        BeforeAfter(20, 15), BeforeAfter(20, 20)
    ).sentence(far)
    clear = displacement_difference(BeforeAfter(200, 90), BeforeAfter(200, 200))
    assert clear.sentence(50).startswith("Fewer records here and around")
    assert "cannot be said" in clear.sentence(50)
    assert Displacement(60, 10).sentence(50).startswith("More")
    assert Displacement(60, 40).sentence(50) == "No clear change beside the control."
    assert Displacement(0, 0).z == 0


def test_nothing_is_found_where_nothing_changed_in_more_than_one_of_twenty() -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson([30, 30, 60, 60, 40, 40, 80, 80], (4000, 8))
    beyond = 0
    for t0, t1, c0, c1, rt0, rt1, rc0, rc1 in counts.tolist():
        found = displacement_difference(
            BeforeAfter(t0, t1), BeforeAfter(c0, c1), BeforeAfter(rt0, rt1), BeforeAfter(rc0, rc1)
        )
        beyond += not found.low <= 0 <= found.high
    assert beyond / 4000 <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 4000)


def test_a_detectable_difference_is_seen_in_four_of_five() -> None:
    rng = np.random.default_rng(5)
    size = detectable_difference([100, 100])
    after = rng.poisson(100 - size, 4000)
    seen = 0
    for t0, t1, c0, c1 in zip(
        rng.poisson(100, 4000), after, rng.poisson(100, 4000), rng.poisson(100, 4000), strict=True
    ):
        found = displacement_difference(BeforeAfter(t0, t1), BeforeAfter(c0, c1))
        seen += found.high < 0
    assert 0.75 <= seen / 4000 <= 0.9


counts = st.integers(0, 500)


@given(counts, counts, counts, counts)
def test_swapping_treated_and_control_turns_the_sign(a: int, b: int, c: int, d: int) -> None:
    one = displacement_difference(BeforeAfter(a, b), BeforeAfter(c, d))
    other = displacement_difference(BeforeAfter(c, d), BeforeAfter(a, b))
    assert one.difference == -other.difference
    assert one.error == pytest.approx(other.error)
