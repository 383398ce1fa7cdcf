"""The project as strangers meet it: licence, version, change log, and what runs their changes."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from datetime import date

import hotspot
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASE = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", re.MULTILINE)
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


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
        for line in filter(None, body.splitlines()):
            is_kind = line.startswith("### ") and line.removeprefix("### ") in KINDS
            assert is_kind or line.startswith("- "), f"{title}: {line!r} is no line of a change"
