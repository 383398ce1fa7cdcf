"""What tests of signing in share: a clock that the test sets, accounts, a wrong guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from hotspot.access.accounts import Account
from hotspot.access.actor import UserRole
from hotspot.access.sessions import SignInStage
from hotspot.errors import SignInRefusedError
from hotspot.services.people import accounts
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.workspace.folder import Workspace
from tests.helpers import PASSWORD, SHELL, add_person

NEW = "candle marmot brisk folder"


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, **by: float) -> None:
        self.now += timedelta(**by)


def account(workspace: Workspace, name: str = "analyst") -> Account:
    return accounts.find_account(workspace, SHELL, name)


def with_factor(door: Doorkeeper, clock: Clock, role: UserRole) -> tuple[str, pyotp.TOTP]:
    """An account with its second factor set up, and its authenticator."""
    name = add_person(door.workspace, role)
    first = door.sign_in(name, PASSWORD, "")
    assert first.session.stage is SignInStage.NEEDS_SECOND_FACTOR
    app = pyotp.TOTP(door.new_second_factor(first.session))
    entered = door.set_second_factor(first.token, app.at(clock.now), "", "")
    assert entered.session.stage is SignInStage.OPEN
    clock.on(minutes=2)
    return name, app


def guess(door: Doorkeeper, name: str = "analyst") -> str:
    with pytest.raises(SignInRefusedError) as refused:
        door.sign_in(name, "wrong", "")
    return str(refused.value)
