"""What the documents say is so."""

from __future__ import annotations

import doctest
import importlib
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pandas as pd
import pytest

from app_pages.pages import PAGES
from hotspot.access.actor import UserRole
from hotspot.intake.rows.balance import REASONS
from hotspot.settings import SignOn, WorkspaceSettings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["hotspot.analysis.detection.pipeline", "hotspot.disclosure.suppression"]
)
def test_examples_in_docstrings_hold(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_the_readmes_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    block = re.search(r"(    import hotspot, pandas as pd\n(?:    .*\n)+)", README)
    assert block
    pd.DataFrame({"lng": [-2.18] * 30, "lat": [53.02] * 30}).to_csv(tmp_path / "points.csv")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(re.sub("^    ", "", block[1], flags=re.MULTILINE), names)  # noqa: S102 - our own README
    assert len(names["run"].hotspots) == 1  # type: ignore[attr-defined]


def test_every_command_of_the_readme_exists(run_cli: Callable[..., CompletedProcess[str]]) -> None:
    named = set(re.findall(r"hotspot (init|import|detect|serve|demo)\b", README))
    assert named == {"init", "import", "detect", "serve", "demo"}
    for command in named:
        assert run_cli(command, "--help").returncode == 0


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in ("README.md", "CONTRIBUTING.md", "sample_geo/README.md", "docs/decisions.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"(?:`|^    )make ([a-z]+)", text, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (name, target)


def test_every_source_and_format_is_documented() -> None:
    from hotspot.intake.files.opening import ENDINGS
    from hotspot.intake.sources.registry import READERS

    text = (ROOT / "docs" / "import-layouts.md").read_text(encoding="utf-8")
    for source in READERS:
        assert f"`{source}`" in text
    for ending in ENDINGS:
        if ending not in (".xls", ".xlsm"):  # refused with what to do
            assert ending in text or "zipped" in text


def test_every_file_of_the_sample_is_documented() -> None:
    page = (ROOT / "sample_geo" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "sample_geo").iterdir():
        if path.suffix in {".csv", ".xlsx", ".xml", ".json", ".geojson"}:
            assert f"`{path.name}`" in page


def test_reasons_are_written_as_the_end_of_a_sentence() -> None:
    assert all(
        words and words[0].islower() and not words.endswith(".") for words in REASONS.values()
    )


def test_every_test_that_the_threat_model_names_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    named = set(re.findall(r"`(test_\w+)`", page))
    assert len(named) > 50
    assert [name for name in named if f"def {name}(" not in written] == []
    for path in re.findall(r"`(hotspot/[\w/]+\.py)`", page):
        assert (ROOT / path).exists(), path


def test_the_settings_that_the_deployment_guide_shows_are_settings() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    shown = re.search(r'"sign_on": (\{.*?\n    \})', page, re.DOTALL)
    assert shown is not None
    terms = SignOn.model_validate_json(shown[1])
    assert set(terms.roles.values()) <= set(UserRole)
    names = re.findall(r"^\| `([^|]+)` \|", page, re.MULTILINE)
    fields = {name.strip("` ") for line in names for name in line.split(",")}
    assert fields <= set(WorkspaceSettings.model_fields)
    assert WorkspaceSettings(name="x").reasons_for == ("exports", "row views")


def test_the_documents_name_commands_that_exist() -> None:
    from typer.main import get_command

    from hotspot.cli.common import app

    group = get_command(app)
    for path in (*(ROOT / "docs").glob("*.md"), ROOT / "README.md"):
        for words in re.findall(r"hotspot ((?:user |audit )?[a-z][a-z-]+)", _commands(path)):
            found = group
            for word in words.split():
                found = getattr(found, "commands", {}).get(word)
                assert found is not None, f"{path.name}: hotspot {words}"


def _commands(path: Path) -> str:
    """What stands in code: indented blocks and back-ticks."""
    text = path.read_text(encoding="utf-8")
    blocks = [line for line in text.splitlines() if line.startswith("    ")]
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", text)])


def test_the_guide_names_every_page_and_every_picture_is_shown() -> None:
    titles = [page.title for page in PAGES]
    assert len(titles) > 20
    guide = (ROOT / "docs" / "using.md").read_text(encoding="utf-8")
    assert [title for title in titles if title not in guide] == []
    taken = set(
        re.findall(r'take\(page, "([\w-]+)"\)', (ROOT / "docs" / "pictures.py").read_text())
    )
    there = {path.stem for path in (ROOT / "docs").glob("*.png")}
    shown = set(re.findall(r"!\[[^\]]+\]\((?:docs/)?([\w-]+)\.png\)", guide + README))
    assert taken == there == shown
