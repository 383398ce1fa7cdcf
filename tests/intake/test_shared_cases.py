"""Every line of the shared table of cases, each run through the product as a user would."""

from __future__ import annotations

import pytest

from hotspot.access.actor import Actor
from hotspot.services.workspace.folder import Workspace

pytest.register_assert_rewrite(
    "tests.intake.check_files", "tests.intake.check_rows", "tests.intake.shared_cases"
)

from tests.intake import check_files, check_rows  # noqa: E402 - what is rewritten is imported after
from tests.intake.shared_cases import CHECKS, FOLDER, Bench, Case, read_cases  # noqa: E402

BROUGHT_BY = (check_rows, check_files)
"""The modules whose functions check the lines: one a subject."""
CASES = read_cases()


@pytest.fixture
def bench(workspace: Workspace, analyst: Actor) -> Bench:
    return Bench(workspace, analyst)


def test_the_table_of_cases_is_beside_the_checkout() -> None:
    if not CASES:
        pytest.skip(f"no {FOLDER.parent.name}/{FOLDER.name}/cases.csv beside the checkout")
    assert len({case.number for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.number)
def test_a_case_gives_its_right_answer(bench: Bench, case: Case) -> None:
    check = CHECKS.get(case.number)
    if check is None:
        pytest.skip(f"{case.number} has no check: {case.situation} ({case.given}): {case.right}")
    check(bench, case)
