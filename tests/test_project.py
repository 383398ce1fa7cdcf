"""The project as strangers meet it: licence, version, change log, and what runs their changes."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from datetime import date
from typing import Any

import pytest
import yaml

import hotspot
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASE = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", re.MULTILINE)
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


@pytest.mark.slow
def test_the_version_is_the_one_in_the_front_door_and_stands_nowhere_else() -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert built.stdout.strip() == hotspot.__version__
    for name in ("pyproject.toml", "hotspot/pyproject.toml", "package.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r'^\s*"?version"? *[=:]', text, re.MULTILINE), name
    assert "version" in PROJECT["dynamic"]


def test_the_map_component_is_found_without_a_version_of_its_own() -> None:
    from streamlit.components.v2.manifest_scanner import scan_component_manifests

    manifests = {manifest.name: manifest for manifest, _ in scan_component_manifests()}
    assert [component.name for component in manifests["hotspot"].components] == ["map"]
    assert manifests["hotspot"].version


def test_the_licence_is_declared_and_shipped() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License")
    assert "Hotspot contributors" in text
    assert (PROJECT["license"], PROJECT["license-files"]) == ("MIT", ["LICENSE"])
    assert (ROOT / "hotspot" / "py.typed").exists()


def test_the_newest_release_of_the_change_log_is_the_version() -> None:
    releases = RELEASE.findall(CHANGES)
    assert releases[0][0] == hotspot.__version__
    numbers = [tuple(map(int, number.split("."))) for number, _ in releases]
    days = [date.fromisoformat(day) for _, day in releases]
    assert numbers == sorted(set(numbers), reverse=True)
    assert days == sorted(days, reverse=True)


def test_the_change_log_keeps_its_form() -> None:
    sections = CHANGES.split("\n## ")[1:]
    assert sections[0].startswith("[Unreleased]\n")
    for section in sections:
        title, _, body = section.partition("\n")
        assert title == "[Unreleased]" or RELEASE.fullmatch(f"## {title}")
        kinds = re.findall(r"^### (\w+)$", body, re.MULTILINE)
        assert len(kinds) == len(set(kinds)), f"{title}: a kind stands twice"
        for line in filter(None, body.splitlines()):
            is_kind = line.startswith("### ") and line.removeprefix("### ") in KINDS
            assert is_kind or line.startswith("- "), f"{title}: {line!r} is no line of a change"


MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))


def _targets(text: str) -> set[str]:
    return set(re.findall(r"\bmake ([a-z][a-z-]*)", text))


def _runs(workflow: dict[str, Any]) -> list[str]:
    return [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step
    ]


def test_whatever_runs_a_change_calls_targets_that_exist() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]]
    assert entries == ["make check"]
    assert {hook["language"] for repo in hooks["repos"] for hook in repo["hooks"]} == {"system"}
    called = _targets("\n".join([*entries, *_runs(WORKFLOW)]))
    called |= _targets((ROOT / ".github/pull_request_template.md").read_text(encoding="utf-8"))
    assert called
    for target in called:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


def test_a_pull_request_runs_what_ci_run_does() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert _targets(script) <= _targets("\n".join(_runs(WORKFLOW)))
    assert {"check", "docs", "test"} <= _targets(script)


def test_every_python_that_is_declared_is_tried_locked_and_the_oldest_with_the_lowest() -> None:
    matrix = WORKFLOW["jobs"]["test"]["strategy"]["matrix"]
    declared = re.findall(r":: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), re.MULTILINE)
    assert matrix["python"] == declared
    oldest = PROJECT["requires-python"].removeprefix(">=")
    lowest = {"python": oldest, "lock": "requirements.lowest.lock"}
    assert (matrix["lock"], matrix["include"]) == (["requirements.lock"], [lowest])
    assert declared[0] == oldest


def test_every_library_has_a_lowest_version() -> None:
    extras = PROJECT["optional-dependencies"].values()
    named = [one for group in (PROJECT["dependencies"], *extras) for one in group]
    assert [one for one in named if ">=" not in one and not one.startswith("hotspot[")] == []


def test_the_forms_for_strangers_can_be_read() -> None:
    folder = ROOT / ".github"
    for path in (folder / "ISSUE_TEMPLATE").glob("*.yml"):
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.stem != "config":
            assert {"name", "description", "body"} <= set(form)
            named = [part["id"] for part in form["body"] if part["type"] != "markdown"]
            assert len(set(named)) == len(named)
    updates = yaml.safe_load((folder / "dependabot.yml").read_text(encoding="utf-8"))["updates"]
    assert {one["package-ecosystem"] for one in updates} == {"pip", "npm", "github-actions"}
