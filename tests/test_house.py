"""The house: who may import whom, sizes, and words that must not appear."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED_BY_ALL = {"schema", "params", "errors"}
ALLOWED = {
    "errors": set(),
    "schema": set(),
    "params": {"errors", "schema"},
    "settings": {"errors"},
    "intake": SHARED_BY_ALL,
    "analysis": SHARED_BY_ALL,
    "disruption": SHARED_BY_ALL,
    "disclosure": SHARED_BY_ALL,
    "access": SHARED_BY_ALL,
    "store": SHARED_BY_ALL | {"disruption", "access"},
    "services": SHARED_BY_ALL
    | {"settings", "intake", "analysis", "disruption", "disclosure", "store", "access"},
    "cli": SHARED_BY_ALL | {"settings", "services", "access"},
    "__main__": {"cli"},
    "__init__": SHARED_BY_ALL | {"analysis"},
}
"""Rooms of `hotspot` and the rooms each may import; its own is always allowed."""


def sources(*folders: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return [ROOT / name for name in listed if name.split("/")[0] in folders]


def imported(path: Path) -> set[str]:
    """Full names of all modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(path: Path) -> str:
    inside = path.relative_to(ROOT / "hotspot")
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


@pytest.mark.parametrize("path", sources("hotspot"), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    room = room_of(path)
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("hotspot.")}
    known = {
        r for r in rooms if (ROOT / "hotspot" / r).is_dir() or (ROOT / f"hotspot/{r}.py").exists()
    }
    assert known - {room} <= ALLOWED[room]


@pytest.mark.parametrize("path", sources("hotspot"), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_domain_imports_no_screen_and_only_the_store_imports_sql(path: Path) -> None:
    tops = {name.split(".")[0] for name in imported(path)}
    assert not tops & {"streamlit", "folium", "branca", "layers", "app_pages", "sample_geo"}
    if room_of(path) != "store":
        assert not tops & {"sqlalchemy", "alembic", "sqlite3"}


@pytest.mark.parametrize("path", sources("app_pages"), ids=lambda p: p.name)
def test_a_page_imports_services_and_layers_only(path: Path) -> None:
    ours = {".".join(n.split(".")[:2]) for n in imported(path) if n.startswith("hotspot.")}
    front_door = {"hotspot.Params", "hotspot.Run", "hotspot.HotspotError", "hotspot.reach_m",
                  "hotspot.rings_for_reach"}  # fmt: skip
    assert ours <= {"hotspot.services", "hotspot.schema", "hotspot.settings"} | front_door


@pytest.mark.parametrize("path", sources("layers"), ids=lambda p: p.name)
def test_a_layer_imports_the_front_door_and_what_may_be_disclosed(path: Path) -> None:
    ours = {".".join(n.split(".")[:2]) for n in imported(path) if n.startswith("hotspot.")}
    assert ours <= {"hotspot.Run", "hotspot.disclosure", "hotspot.schema"}


@pytest.mark.parametrize(
    "path",
    [*sources("hotspot", "layers", "app_pages", "sample_geo", "benchmarks"), ROOT / "app.py"],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_modules_and_functions_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    if "migrations" in path.parts:
        return  # a migration is one list of tables
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            assert not body or (node.end_lineno or 0) - body[0].lineno < 60, node.name


@pytest.mark.parametrize("path", sources("hotspot", "layers", "app_pages"), ids=lambda p: p.name)
def test_no_html_from_data_and_no_blame_of_a_business(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    assert "unsafe_allow_html" not in text
    assert "risky" not in text
    assert "under review" not in text


def test_lock_files_name_no_index() -> None:
    for name in ("requirements.lock", "package-lock.json", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "index-url" not in text
        assert '"resolved"' not in text
        assert "https://" not in text
