"""The machine's clock is set: nobody stays in, gets in or is kept out by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotspot.access.accounts import LOCKED_AFTER, Failures
from hotspot.access.actor import UserRole
from hotspot.access.steady import SteadyClock, ticks
from hotspot.errors import SignInRefusedError
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.workspace.folder import Workspace
from tests.helpers import PASSWORD, add_person

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Machine:
    """A machine with a clock that is set, and one that is not."""

    def __init__(self) -> None:
        self.wall, self.since_boot = NOW, 1000.0

    def pass_on(self, **by: float) -> None:
        self.wall += timedelta(**by)
        self.since_boot += timedelta(**by).total_seconds()

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.wall, lambda: self.since_boot)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_set_clock_moves_no_idle_end(workspace: Workspace, machine: Machine, hours: int) -> None:
    add_person(workspace, UserRole.ANALYST, "ana")
    door = Doorkeeper(workspace, machine.clock())
    token = door.sign_in("ana", PASSWORD, "").token
    machine.pass_on(minutes=10)
    machine.wall += timedelta(hours=hours)
    assert door.session_of(token) is not None
    machine.pass_on(minutes=6)
    assert door.session_of(token) is None


def test_a_set_clock_ends_no_lock(workspace: Workspace, machine: Machine) -> None:
    add_person(workspace, UserRole.ANALYST, "ana")
    door = Doorkeeper(workspace, machine.clock())
    for _ in range(LOCKED_AFTER):
        machine.pass_on(minutes=6)
        with pytest.raises(SignInRefusedError):
            door.sign_in("ana", "guess", "")
    machine.wall += timedelta(days=2)
    with pytest.raises(SignInRefusedError, match="Too many"):
        door.sign_in("ana", PASSWORD, "")
    machine.pass_on(minutes=16)
    assert door.sign_in("ana", PASSWORD, "").token


def test_a_session_from_the_future_is_over(workspace: Workspace, machine: Machine) -> None:
    """The server was stopped, the clock set back, and the server started again."""
    add_person(workspace, UserRole.ANALYST, "ana")
    token = Doorkeeper(workspace, machine.clock()).sign_in("ana", PASSWORD, "").token
    machine.wall -= timedelta(hours=8)
    assert Doorkeeper(workspace, machine.clock()).session_of(token) is None


def test_a_failure_from_the_future_keeps_nobody_out_and_counts_on() -> None:
    ahead = Failures(LOCKED_AFTER, NOW + timedelta(days=300))
    assert ahead.wait_until(NOW) is None
    again = ahead.and_another(NOW)
    assert again.wait_until(NOW) == NOW + timedelta(minutes=15)


def test_the_steady_clock_goes_on() -> None:
    first = ticks()
    assert ticks() >= first
    clock = SteadyClock()
    assert abs(clock() - datetime.now(UTC)) < timedelta(seconds=1)
