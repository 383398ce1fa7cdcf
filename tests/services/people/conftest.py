"""The door of an empty workspace with one analyst, at an hour that the test sets."""

from __future__ import annotations

import pytest

from hotspot.access.actor import UserRole
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.workspace.folder import Workspace
from tests.helpers import PASSWORD, add_person
from tests.services.people.signing_in import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(workspace: Workspace, clock: Clock) -> Doorkeeper:
    add_person(workspace, UserRole.ANALYST)
    return Doorkeeper(workspace, clock)


@pytest.fixture
def inside(door: Doorkeeper) -> str:
    return door.sign_in("analyst", PASSWORD, "10.0.0.1").token
