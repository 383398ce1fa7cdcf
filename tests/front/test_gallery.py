"""The notebooks of the gallery run as they stand."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import matplotlib as mpl
import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def test_there_are_three_notebooks() -> None:
    assert len(NOTEBOOKS) == 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mpl.use("Agg")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert all(not cell.get("outputs") for cell in cells)
    names: dict[str, object] = {}
    for text in code:
        tree = ast.parse(text.rstrip().rstrip(";"))
        last = tree.body[-1]
        exec(compile(tree, path.name, "exec"), names)  # noqa: S102 - our own notebooks
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), path.name, "eval"), names)  # noqa: S307
            draw = getattr(shown, "_repr_html_", None)
            assert draw is None or draw()
