"""The words that say what is suppressed come from the rule, and from nowhere else."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from hotspot.disclosure import suppression
from tests.conftest import ROOT

OWN = {"hotspot/disclosure/suppression.py", "hotspot/intake/sources/outcome_counts.py"}
"""The rule itself, and the reader of counts that others have banded."""


def sentences(path: Path) -> list[str]:
    """Texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def test_no_other_module_types_the_bands_by_hand() -> None:
    typed = [
        f"{path.relative_to(ROOT)}: {text!r}"
        for folder in ("hotspot", "layers", "app_pages")
        for path in (ROOT / folder).rglob("*.py")
        if path.relative_to(ROOT).as_posix() not in OWN
        for text in sentences(path)
        if re.search(r"<5\b|rounded to (the nearest )?5|[Cc]ounts under 5", text)
    ]
    assert typed == []


def test_another_constant_is_other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(suppression.__file__).read_text(encoding="utf-8")
    changed = source.replace("_SMALL, _ROUND_TO = 5, 5", "_SMALL, _ROUND_TO = 7, 10")
    assert changed != source
    other = importlib.util.module_from_spec(suppression.__spec__)
    exec(compile(changed, "suppression", "exec"), other.__dict__)  # noqa: S102 - our own module
    assert other.band(6) == "<7"
    for sentence in (other.BAND_SENTENCE, other.BAND_WORDS, other.SHARE_SENTENCE):
        assert "<7" in sentence
        assert "5" not in sentence
