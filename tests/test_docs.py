"""What the documents say is so."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pandas as pd
import pytest

import hotspot
from app_pages.pages import PAGES
from hotspot.access.actor import UserRole
from hotspot.access.permissions import Operation
from hotspot.disruption.measures import load_catalogue
from hotspot.intake.rows.balance import REASONS
from hotspot.settings import SignOn, WorkspaceSettings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = tuple(
    path for path in sorted((ROOT / "docs").rglob("*.md")) if "generated" not in path.parts
)
DOCUMENTS = (*sorted(ROOT.glob("*.md")), ROOT / "sample_geo" / "README.md", *GUIDES)


@pytest.mark.parametrize(
    "name",
    [
        "hotspot.analysis.detection.pipeline",
        "hotspot.disclosure.suppression",
        "hotspot.front.detection",
        "hotspot.front.estimator",
    ],
)
def test_examples_in_docstrings_hold(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_a_stranger_finishes_the_readme() -> None:
    lines = README.splitlines()
    assert len(lines) <= 90
    assert [line for line in lines if len(line) > 100] == []
    first = [line.split()[:2] for line in lines[:30] if line.startswith("    make ")]
    assert first == [["make", "run"], ["make", "test"]]


@pytest.mark.parametrize("name", ["README.md", "docs/notebook.md"])
def test_the_notebook_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    section = text[text.index("    import hotspot, pandas as pd\n") :].partition("\n## ")[0]
    code = [line[4:] for line in section.splitlines() if line.startswith("    ")]
    pd.DataFrame({"lng": [-2.18] * 30, "lat": [53.02] * 30}).to_csv(tmp_path / "points.csv")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec("\n".join(code), names)  # noqa: S102 - our own documents
    assert len(names["run"].hotspots) == 1  # type: ignore[attr-defined]


def test_every_command_of_the_readme_exists(run_cli: Callable[..., CompletedProcess[str]]) -> None:
    page = (ROOT / "docs" / "own-data.md").read_text(encoding="utf-8")
    named = set(re.findall(r"hotspot (init|import|detect|serve|demo)\b", page))
    assert named == {"init", "import", "detect", "serve", "demo"}
    for command in named:
        assert run_cli(command, "--help").returncode == 0


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for path in DOCUMENTS:
        for target in re.findall(r"(?:`|^    )make ([a-z][a-z-]*)", path.read_text(), re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (path.name, target)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_from_the_front_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        assert (ROOT / path).is_file(), link
        titles = re.findall(
            r"^#+ (.+)$", (ROOT / path).read_bytes().decode(errors="ignore"), re.MULTILINE
        )
        slugs = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
        assert not anchor or anchor in slugs, link


def _site(folder: Path, **pages: str) -> list[str]:
    for name, text in pages.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    check = runpy.run_path(str(ROOT / "docs" / "check_site.py"))
    return list(check["faults_of"](folder))


def test_a_site_that_asks_nobody_and_leads_somewhere_is_whole(tmp_path: Path) -> None:
    page = '<a href="b.html#there">b</a> <a href="https://example.org/">away</a> <img src="a.css">'
    assert not _site(tmp_path, a__html=page, b__html='<p id="there">', a__css="p { top: 0 }")


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link href="//fonts.example/x.css" rel="stylesheet">',
        '<img src="http://example.org/x.png">',
        "<style>@import 'https://fonts.example/x.css'</style>",
        '<p style="background: url(https://example.org/x.png)">',
        '<a href="gone.html">gone</a>',
        '<a href="#nowhere">gone</a>',
    ],
)
def test_a_page_that_asks_another_host_or_leads_nowhere_is_found(tmp_path: Path, page: str) -> None:
    assert len(_site(tmp_path, a__html=page)) == 1


def test_styles_and_scripts_that_ask_another_host_are_found(tmp_path: Path) -> None:
    faults = _site(
        tmp_path,
        a__css="@font-face { src: url('//fonts.example/x.woff') }",
        a__js="import x from 'https://cdn.example/x.js'",
    )
    assert len(faults) == 2


def test_the_pages_made_from_the_code_say_all_that_the_code_has(tmp_path: Path) -> None:
    made = runpy.run_path(str(ROOT / "docs" / "generated_pages.py"))
    made["write_pages"](tmp_path)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.md")}
    assert all(f"\n## {code} " in texts["measures"] for code in load_catalogue())
    assert all(f"\n| {operation.value} |" in texts["permissions"] for operation in Operation)
    assert "\n## hotspot user add\n" in texts["commands"]
    assert "`-w, --workspace <path>`" in texts["commands"]


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


def test_the_reference_has_every_name_of_the_front_door() -> None:
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^   (\w+)$", page, re.MULTILINE)) == set(hotspot.__all__)


def test_the_files_that_how_tos_name_are_there() -> None:
    named = {
        path
        for guide in (ROOT / "docs" / "contributing").glob("*.md")
        for path in re.findall(
            r"`((?:hotspot|app_pages|layers|tests)/[\w/.-]+)`", guide.read_text()
        )
    }
    assert len(named) > 30
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


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

    from hotspot.cli import COMMANDS, load_all

    group = get_command(load_all())
    known = getattr(group, "commands", {})
    lines = {name: (command.help or "").split("\n\n")[0] for name, command in known.items()}
    assert {name: " ".join(text.split()) for name, text in lines.items()} == {
        name: line for name, (_, line) in COMMANDS.items()
    }
    for path in (*GUIDES, ROOT / "README.md"):
        for words in re.findall(r"hotspot ((?:user |audit )?[a-z][a-z-]+)", _commands(path)):
            found: Any = group
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


def classes_of_the_product() -> list[str]:
    folders = ("hotspot", "layers", "app_pages")
    paths = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [
        node.name
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]


def test_one_word_is_one_class() -> None:
    names = classes_of_the_product()
    assert sorted({name for name in names if names.count(name) > 1}) == []
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    defined = re.findall(r"^\| [^|]+ \| `(\w+)` \|", glossary, re.MULTILINE)
    assert len(defined) > 15
    assert sorted(set(defined) - set(names)) == []


def test_every_page_script_is_listed_once() -> None:
    scripts = [page.script for page in PAGES]
    there = {
        path.relative_to(ROOT / "app_pages").as_posix()
        for path in (ROOT / "app_pages").rglob("*_page.py")
    }
    assert sorted(scripts) == sorted(there - {"start/elsewhere_page.py"})
    assert len({page.path for page in PAGES}) == len(scripts)
