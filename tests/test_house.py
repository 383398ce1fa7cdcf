"""The house: who may import whom, sizes, and words that must not appear."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED_BY_ALL = {"schema", "params", "errors", "people", "hours"}
PURE = SHARED_BY_ALL | {"intake", "analysis", "disruption", "disclosure", "access"}
"""Rooms that read and write nothing: their data classes and words are everybody's."""
ALLOWED = {
    "errors": set(),
    "schema": set(),
    "people": set(),
    "hours": set(),
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
    "server": SHARED_BY_ALL | {"settings", "services", "access"},
    "cli": PURE | {"settings", "services", "server"},
    "__main__": {"cli"},
    "front": SHARED_BY_ALL | {"analysis", "intake", "access", "services"},
    "__init__": SHARED_BY_ALL | {"analysis", "front"},
}
"""Rooms of `hotspot` and the rooms each may import; its own is always allowed."""
SERVICES = (
    {"workspace"},
    {"people", "records"},
    {"hotspots"},
    {"actions"},
    {"premises", "meetings"},
    {"reports"},
    {"upkeep"},
)
"""Rooms of the services by floor: each imports from itself and the floors below."""
FILES_OF_SQLITE = {"hotspot/intake/files/coordinate_systems.py"}
"""A GeoPackage that is taken in is a SQLite file, and is asked before GDAL opens it."""
LONGEST_MODULE, LONGEST_BODY = 200, 30
"""In statements; a typical body has 8."""
LONGEST_TESTS = 300
"""Statements of a file of tests: more is more than one subject."""


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def sources(*folders: str) -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return tuple(ROOT / name for name in listed if name.split("/")[0] in folders)


def imported(path: Path) -> set[str]:
    """Full names of all modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(path: Path) -> str:
    inside = path.relative_to(ROOT / "hotspot")
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def our_modules(path: Path) -> set[str]:
    return {".".join(n.split(".")[:2]) for n in imported(path) if n.startswith("hotspot.")}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def statements_in(node: ast.AST) -> int:
    """Count statements, docstrings left out: the formatter decides about lines."""
    return sum(
        isinstance(part, ast.stmt)
        and not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        for part in ast.walk(node)
    )


def test_a_module_imports_only_what_its_room_may() -> None:
    wrong = []
    for path in sources("hotspot"):
        room = room_of(path)
        rooms = {name.split(".")[1] for name in imported(path) if name.startswith("hotspot.")}
        known = {r for r in rooms if (ROOT / "hotspot" / r).is_dir()}
        known |= {r for r in rooms if (ROOT / f"hotspot/{r}.py").exists()}
        wrong += [f"{name_of(path)} imports {r}" for r in known - {room} - ALLOWED[room]]
    assert not wrong


def test_a_service_imports_its_own_room_and_lower_floors_only() -> None:
    floors = {room: number for number, rooms in enumerate(SERVICES) for room in rooms}
    wrong = []
    for path in sources("hotspot"):
        place = name_of(path).split("/")
        if place[1] != "services" or len(place) < 4:
            continue
        for name in imported(path):
            parts = name.split(".")
            is_other = parts[:2] == ["hotspot", "services"] and parts[2:3] not in ([], [place[2]])
            if is_other and floors[parts[2]] >= floors[place[2]]:
                wrong.append(f"{name_of(path)} imports {name}")
    assert not wrong


def test_nothing_imports_in_a_circle() -> None:
    modules = {
        name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__"): path
        for path in sources("hotspot", "layers", "app_pages", "app.py")
    }
    needs = {name: (imported(path) & modules.keys()) - {name} for name, path in modules.items()}
    packages = {name for name, path in modules.items() if path.name == "__init__.py"}
    bare = {name: {need for need in known if need not in packages} for name, known in needs.items()}
    try:
        TopologicalSorter(bare).prepare()
    except CycleError as error:
        message = f"a circle of imports: {error.args[1]}"
        raise AssertionError(message) from None


def test_the_domain_imports_no_screen_and_only_the_store_imports_sql() -> None:
    screen = {"streamlit", "folium", "branca", "layers", "app_pages", "sample_geo"}
    sql = {"sqlalchemy", "alembic", "sqlite3"}
    wrong = []
    for path in sources("hotspot"):
        banned = screen if room_of(path) == "store" else screen | sql
        banned -= {"sqlite3"} if name_of(path) in FILES_OF_SQLITE else set()
        tops = {name.split(".")[0] for name in imported(path)} & banned
        wrong += [f"{name_of(path)} imports {top}" for top in tops]
    assert not wrong


def test_a_page_imports_services_layers_and_the_pure_rooms_only() -> None:
    front_door = {"Params", "Run", "HotspotError", "reach_m", "rings_for_reach"}
    open_to_pages = PURE | front_door | {"services", "settings"}
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in sources("app_pages")
        for module in our_modules(path) - {f"hotspot.{name}" for name in open_to_pages}
    ]
    assert not wrong


def test_names_are_imported_from_where_they_live() -> None:
    doors = [ROOT / "hotspot/__init__.py", ROOT / "hotspot/cli/__init__.py"]
    wrong = [
        name_of(path)
        for path in sources("hotspot", "layers", "app_pages")
        if path not in doors and "__all__ =" in path.read_text(encoding="utf-8")
    ]
    assert not wrong


def test_a_layer_imports_the_front_door_and_what_may_be_disclosed() -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in sources("layers")
        for module in our_modules(path)
        - {"hotspot.Run", "hotspot.disclosure", "hotspot.schema", "hotspot.hours"}
    ]
    assert not wrong


def test_modules_and_functions_stay_short() -> None:
    long = []
    for path in sources("hotspot", "layers", "app_pages", "sample_geo", "benchmarks", "app.py"):
        if "migrations" in path.parts:
            continue  # a migration is one list of tables
        tree = tree_of(path)
        if (count := statements_in(tree)) > LONGEST_MODULE:
            long.append(f"{name_of(path)}: {count} statements")
        long += [
            f"{name_of(path)}: {node.name} has {count} statements"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (count := statements_in(node) - 1) > LONGEST_BODY
        ]
    assert not long


def test_a_file_of_tests_has_one_subject() -> None:
    counts = {name_of(path): statements_in(tree_of(path)) for path in sources("tests")}
    assert {name: count for name, count in counts.items() if count > LONGEST_TESTS} == {}


def test_the_formatter_decides_about_lines() -> None:
    skip = "fmt: " + "skip"
    folders = ("hotspot", "layers", "app_pages", "sample_geo", "benchmarks", "tests", "app.py")
    assert not [name_of(p) for p in sources(*folders) if skip in p.read_text(encoding="utf-8")]


def test_no_html_from_data_and_no_blame_of_a_business() -> None:
    wrong = [
        f"{name_of(path)} says {word!r}"
        for path in sources("hotspot", "layers", "app_pages")
        for word in ("unsafe_allow_html", "risky", "under review")
        if word in path.read_text(encoding="utf-8").lower()
    ]
    assert not wrong


def test_lock_files_name_no_index() -> None:
    for name in ("requirements.lock", "package-lock.json", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "index-url" not in text
        assert '"resolved"' not in text
        text = re.sub(r'"funding": \{[^}]*\}', "", text)  # who may be paid, not where from
        assert "https://" not in text
