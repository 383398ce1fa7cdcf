"""Every line of the shared table of cases, each run through the product as a user would."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest

from hotspot.access.actor import Actor
from hotspot.services.workspace.folder import Workspace

SUBJECTS = ("files", "front", "law", "public", "rows", "tables")
"""What the modules are about whose functions check the lines."""
pytest.register_assert_rewrite(
    *(f"tests.intake.check_{subject}" for subject in SUBJECTS), "tests.intake.shared_cases"
)

from tests.intake.shared_cases import CHECKS, FOLDER, Bench, Case, read_cases  # noqa: E402

for subject in SUBJECTS:
    import_module(f"tests.intake.check_{subject}")
CASES = read_cases()


@pytest.fixture
def bench(workspace: Workspace, analyst: Actor) -> Bench:
    return Bench(workspace, analyst)


def test_every_line_of_the_table_has_a_check(
    record_property: Callable[[str, object], None],
) -> None:
    """A line without a check fails; how many lines were checked is said by the report."""
    if not CASES:
        pytest.skip(f"no {FOLDER.parent.name}/{FOLDER.name}/cases.csv beside the checkout")
    numbers = [case.number for case in CASES]
    assert len(set(numbers)) == len(numbers)
    without = [f"{case.number}: {case.situation}" for case in CASES if case.number not in CHECKS]
    record_property("lines checked", len(numbers) - len(without))
    assert without == [], f"{len(numbers) - len(without)} of {len(numbers)} lines are checked"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.number)
def test_a_case_gives_its_right_answer(bench: Bench, case: Case) -> None:
    CHECKS[case.number](bench, case)
