"""Sessions: when they end, who ends them, and what a new password does to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotspot import InputError
from hotspot.access.actor import UserRole
from hotspot.access.sessions import SignInStage
from hotspot.errors import SignInRefusedError
from hotspot.services.people import accounts
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.workspace.folder import Workspace
from tests.helpers import PASSWORD, SHELL, add_person, log_of
from tests.services.people.signing_in import NEW, Clock, account


def test_a_session_ends_when_idle_and_use_keeps_it(
    door: Doorkeeper, clock: Clock, inside: str
) -> None:
    for _ in range(5):
        clock.on(minutes=14)
        session = door.session_of(inside)
        assert session is not None
        door.use(session)
    clock.on(minutes=14, seconds=59)
    assert door.session_of(inside) is not None
    clock.on(seconds=1)
    assert door.session_of(inside) is None
    clock.on(minutes=-10)
    assert door.session_of(inside) is None


def test_a_session_ends_after_ten_hours_whatever_is_done(
    door: Doorkeeper, clock: Clock, inside: str
) -> None:
    for _ in range(59):
        clock.on(minutes=10)
        session = door.session_of(inside)
        assert session is not None
        door.use(session)
    changed = door.change_password(inside, PASSWORD, NEW, "")
    clock.on(minutes=10)
    assert door.session_of(changed.token) is None


def test_the_administrator_counts_only_sessions_that_are_open(workspace: Workspace) -> None:
    add_person(workspace, UserRole.ANALYST)
    door = Doorkeeper(workspace)
    door.sign_in("analyst", PASSWORD, "")
    old = Doorkeeper(workspace, lambda: datetime.now(UTC) - timedelta(minutes=16))
    old.sign_in("analyst", PASSWORD, "")
    (line,) = accounts.list_accounts(workspace, SHELL)
    assert line.open_sessions == 1


def test_another_process_sees_that_a_session_was_used(
    door: Doorkeeper, clock: Clock, inside: str
) -> None:
    clock.on(minutes=10)
    session = door.session_of(inside)
    assert session is not None
    door.use(session)
    clock.on(minutes=10)
    assert Doorkeeper(door.workspace, clock).session_of(inside) is not None


def test_signing_out_ends_it_and_signing_out_twice_is_quiet(
    door: Doorkeeper, inside: str, workspace: Workspace
) -> None:
    door.sign_out(inside)
    assert door.session_of(inside) is None
    rows = len(log_of(workspace))
    door.sign_out(inside)
    door.sign_out("nonsense")
    assert len(log_of(workspace)) == rows


def test_a_new_password_ends_all_other_sessions_and_rotates_this_one(
    door: Doorkeeper, inside: str, workspace: Workspace
) -> None:
    other = door.sign_in("analyst", PASSWORD, "").token
    with pytest.raises(SignInRefusedError):
        door.change_password(inside, "wrong", NEW, "")
    with pytest.raises(SignInRefusedError, match="old one"):
        door.change_password(inside, PASSWORD, PASSWORD, "")
    with pytest.raises(InputError):
        door.change_password(inside, PASSWORD, "short", "")
    changed = door.change_password(inside, PASSWORD, NEW, "")
    assert door.session_of(other) is None
    assert door.session_of(inside) is None
    assert door.session_of(changed.token) is not None
    with pytest.raises(SignInRefusedError):
        door.sign_in("analyst", PASSWORD, "")
    assert log_of(workspace)["operation"].tolist().count("change own account") == 1


def test_others_can_be_signed_out_from_the_account_page(door: Doorkeeper, inside: str) -> None:
    others = [door.sign_in("analyst", PASSWORD, "").token for _ in range(3)]
    assert door.sign_out_others(inside) == 3
    assert [door.session_of(token) for token in others] == [None] * 3
    assert door.session_of(inside) is not None


def test_a_password_that_the_administrator_knows_must_be_changed(
    door: Doorkeeper, workspace: Workspace, inside: str
) -> None:
    accounts.set_password(workspace, SHELL, account(workspace), NEW)
    assert door.session_of(inside) is None
    first = door.sign_in("analyst", NEW, "")
    assert first.session.stage is SignInStage.NEEDS_PASSWORD
    changed = door.change_password(first.token, NEW, PASSWORD, "")
    assert changed.session.stage is SignInStage.OPEN
    assert door.sign_in("analyst", PASSWORD, "").session.stage is SignInStage.OPEN
