"""The wheel: everything a Windows desktop needs, without make, Node or a network."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT, served

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def clean_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of the locked libraries (hard links) and the wheel, nothing of the checkout."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=False)
    here = Path(sysconfig.get_path("purelib"))
    there = folder / here.relative_to(sys.prefix)
    for path in here.rglob("*"):
        relative = path.relative_to(here)
        if relative.parts[0].lower().startswith(("hotspot", "_editable", "__editable__")):
            continue
        if path.suffix == ".pth" or "__pycache__" in relative.parts:
            continue
        if path.is_dir():
            (there / relative).mkdir(parents=True, exist_ok=True)
        else:
            (there / relative).parent.mkdir(parents=True, exist_ok=True)
            os.link(path, there / relative)
    python = folder / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--no-index", "--no-deps", "--quiet", str(wheel)],
        check=True,
        cwd=folder,
        env={"PATH": str(folder / "bin"), "PIP_NO_INDEX": "1"},
    )
    return python


def test_the_wheel_holds_app_pages_layers_sample_and_the_maps_assets(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "app.py",
        "start.py",
        "app_pages/main.py",
        "layers/live.py",
        "hotspot/pyproject.toml",
        "hotspot/frontend/map.js",
        "hotspot/frontend/map.css",
        "hotspot/frontend/portable.js",
        "hotspot/frontend/vendor/leaflet.js",
        "hotspot/frontend/vendor/leaflet.umd.js",
        "hotspot/frontend/vendor/leaflet.css",
        "hotspot/frontend/vendor/h3.js",
        "hotspot/frontend/vendor/supercluster.js",
        "hotspot/frontend/dom.js",
        "hotspot/frontend/vendor/leaflet.LICENSE",
        "hotspot/frontend/vendor/h3.LICENSE",
        "hotspot/disruption/measures/premises.yaml",
        "hotspot/store/migrations/env.py",
        "hotspot/store/migrations/versions/0001_first_tables.py",
        "hotspot/store/migrations/versions/0002_access.py",
        "hotspot/server/pages/sign_in.html",
        "hotspot/server/pages/style.css",
        "hotspot/server/pages/watch.js",
        "sample_geo/truth.json",
        "sample_geo/missing_episodes.xlsx",
        "sample_geo/area.geojson",
        "sample_geo/basemap.geojson",
    } <= names
    assert not [
        name
        for name in names
        if name.startswith(("tests/", "benchmarks/", "node_modules/"))
        or name.endswith((".test.js", ".testing.js"))
    ]


def test_the_installed_wheel_draws_the_map(
    clean_python: Path, browser: Browser, tmp_path: Path
) -> None:
    environment = {
        "PATH": str(clean_python.parent),
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    where = subprocess.run(
        [clean_python, "-c", "import hotspot; print(hotspot.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(clean_python.parents[1]) in where
    command = [str(clean_python), "-m", "hotspot", "demo", "-w", str(tmp_path / "demo")]
    with served(command, environment, tmp_path) as address:
        page = browser.new_page()
        page.goto(address)
        page.locator("button[value=drew]").click()
        page.locator(".map-frame[data-ready]").wait_for(timeout=30_000)
        assert page.locator("path[aria-label^='Hotspot H-']").count() >= 7
        page.close()
