"""A served workspace to attack: real, empty, with an analyst, a partner and an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotspot.access.actor import UserRole
from hotspot.services.workspace.folder import Workspace, init_workspace
from tests.conftest import served
from tests.helpers import PASSWORD, SHELL, add_person
from tests.server.client import COOKIE, Client


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    made = init_workspace(SHELL, tmp_path_factory.mktemp("attacked") / "workspace", "sample")
    add_person(made, UserRole.ANALYST, "ana")
    add_person(made, UserRole.VIEWER, "partner")
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def address(house: Workspace, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "serve", "-w", str(house.folder)]) as at:
        yield at


@pytest.fixture(scope="module")
def ana(address: str) -> Client:
    return entered(address, "ana")


def entered(address: str, name: str) -> Client:
    """Someone who is in."""
    client = Client(address)
    answer = client.sign_in(name, PASSWORD)
    assert answer.status == 303, answer.text
    assert COOKIE in client.cookies
    return client


@pytest.fixture
def sample_crime(tmp_path: Path) -> Path:
    """A file to import."""
    from hotspot.settings import SAMPLE_FOLDER

    return SAMPLE_FOLDER / "missing_episodes.csv"
