"""Services are asked in this process: passwords are hashed at a small cost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from hotspot.access import accounts


@pytest.fixture(scope="package", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    """Tests make hundreds of accounts; `test_doorkeeper.py` holds what the product's hashes cost."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", cheap)
        patch.setattr(accounts, "_NO_ACCOUNT", cheap.hash("nobody"))
        yield
