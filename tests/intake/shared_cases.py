"""What checks of the shared cases have in common: the cases themselves and a bench to try them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.errors import QuestionError
from hotspot.intake.fields.mapping import Mapping
from hotspot.schema import SOURCES
from hotspot.services.hotspots import runs
from hotspot.services.records import imports
from hotspot.services.records.imports import ImportPlan, ImportReport
from hotspot.services.workspace.folder import Workspace

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "cases"
"""The cases and their inputs, beside the checkout."""


@dataclass(frozen=True)
class Case:
    """A line of `cases.csv`."""

    number: str
    situation: str
    given: str
    right: str

    @property
    def files(self) -> list[Path]:
        """The inputs that the line names, in its order; a lost one skips the test."""
        named = self.given.replace(" + ", " ").replace(" / ", " ").replace(",", " ").split()
        paths = [FOLDER / name.strip("()") for name in named if "." in name.strip("().")]
        lost = [path.name for path in paths if not path.exists()]
        if lost:
            pytest.skip(f"{self.number}: {', '.join(lost)} is not in the folder of the cases")
        return paths


def read_cases() -> list[Case]:
    """The lines of the table; none where the folder is absent."""
    table = FOLDER / "cases.csv"
    if not table.is_file():
        return []
    with table.open(encoding="utf-8", newline="") as file:
        return [
            Case(row["id"], row["situation"], row["input"], row["right (how derived)"])
            for row in csv.DictReader(file)
        ]


@dataclass(frozen=True)
class Bench:
    """A workspace of the sample's area to try a case in, and who tries it."""

    workspace: Workspace
    actor: Actor

    def bring(
        self,
        source: str,
        *files: Path,
        accept: tuple[str, ...] = (),
        mapping: Mapping | None = None,
    ) -> ImportReport:
        """Import files as a user would; the balance must hold."""
        plan = ImportPlan(mapping, frozenset(accept))
        report = imports.import_files(self.workspace, self.actor, source, list(files), plan)
        assert report.balance.is_balanced
        return report

    def bring_asked(self, source: str, *files: Path) -> tuple[ImportReport, tuple[str, ...]]:
        """Import files, say yes to what is asked, and give the codes of the questions too."""
        try:
            return self.bring(source, *files), ()
        except QuestionError as question:
            return self.bring(source, *files, accept=question.codes), question.codes

    def detect(self, *sources: str, min_weight: float = 20.0) -> Run:
        """Find hotspots with the defaults, in all records that were brought."""
        assert set(sources) <= set(SOURCES)
        params = runs.default_params(runs.holdings(self.workspace), list(sources))
        params = params.replace(min_weight=min_weight)
        return runs.detect_hotspots(self.workspace, self.actor, list(sources), params)


Check = Callable[[Bench, Case], None]
CHECKS: dict[str, Check] = {}


def checks(*numbers: str) -> Callable[[Check], Check]:
    """Say which lines of the table a function checks."""

    def mark(check: Check) -> Check:
        for number in numbers:
            assert number not in CHECKS, f"{number} is checked twice"
            CHECKS[number] = check
        return check

    return mark
