"""Small files that are imported, and how many of their records count."""

from __future__ import annotations

from pathlib import Path

from hotspot import Params
from hotspot.services.hotspots import runs
from hotspot.services.records import imports
from hotspot.services.records.imports import ImportPlan
from hotspot.services.workspace.folder import Workspace
from tests.helpers import SHELL
from tests.intake.cases import text_of

LOOSE = Params(min_weight=1, min_children=1)


def bring(
    workspace: Workspace,
    folder: Path,
    *rows: dict[str, str],
    source: str = "incidents",
    name: str = "f.csv",
    plan: ImportPlan | None = None,
) -> imports.ImportReport:
    path = folder / name
    path.write_text(text_of(*rows))
    return imports.import_files(workspace, SHELL, source, [path], plan)


def counted(workspace: Workspace) -> int:
    return runs.run_on(workspace, ["incidents"], LOOSE).records_in
