"""The running app for browser tests: each test its own demonstration, unless a module has another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import served


@pytest.fixture
def folder(demo_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(demo_folder, tmp_path / "demo")


@pytest.fixture
def address(folder: Path, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "demo", "-w", str(folder)]) as at:
        yield at
