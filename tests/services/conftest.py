"""Services are asked in this process: passwords are hashed at a small cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from hotspot.access import accounts
from hotspot.services.actions import days

LATER = datetime(2030, 1, 2, 12, tzinfo=UTC)
"""When the tests of services take place: days of their stories have come, whatever today is."""


@pytest.fixture(scope="package", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    """Tests make hundreds of accounts; `test_doorkeeper.py` holds what the product's hashes cost."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", cheap)
        patch.setattr(accounts, "_NO_ACCOUNT", cheap.hash("nobody"))
        yield


@pytest.fixture(scope="package", autouse=True)
def _later() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(days, "now", lambda: LATER)
        yield
