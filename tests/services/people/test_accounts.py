"""Accounts: who may be one, and what a change does at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor, UserRole
from hotspot.access.sessions import SignInStage
from hotspot.errors import ConflictError, NotAllowedError, SignInRefusedError
from hotspot.services.people import accounts
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.people.session import actor_of
from hotspot.services.workspace.folder import Workspace
from tests.helpers import PASSWORD, SHELL, a_holder, add_person
from tests.services.people.signing_in import Clock, account, guess


@pytest.mark.parametrize("how", ["disable", "role", "end"])
def test_a_change_of_the_account_ends_its_sessions_at_once(
    door: Doorkeeper, workspace: Workspace, inside: str, how: str
) -> None:
    session = door.session_of(inside)
    assert session is not None
    known = account(workspace)
    if how == "disable":
        accounts.set_disabled(workspace, SHELL, known, is_disabled=True)
    elif how == "role":
        accounts.change_holder(workspace, SHELL, known, a_holder(UserRole.VIEWER, "analyst"))
    else:
        accounts.end_sessions(workspace, SHELL, known)
    assert door.session_of(inside) is None
    assert door.open_ones([session.session_id]) == set()
    with pytest.raises(NotAllowedError):
        actor_of(workspace, session.session_id)


def test_a_disabled_account_does_not_open(door: Doorkeeper, workspace: Workspace) -> None:
    accounts.set_disabled(workspace, SHELL, account(workspace), is_disabled=True)
    assert "did not fit" in guess(door)
    with pytest.raises(SignInRefusedError, match="did not fit"):
        door.sign_in("analyst", PASSWORD, "")


def test_two_administrators_cannot_overwrite_each_other(
    door: Doorkeeper, workspace: Workspace
) -> None:
    seen = account(workspace)
    accounts.set_disabled(workspace, SHELL, seen, is_disabled=True)
    with pytest.raises(ConflictError, match="Look again"):
        accounts.set_disabled(workspace, SHELL, seen, is_disabled=False)


def test_the_last_administrator_stays(workspace: Workspace) -> None:
    name = add_person(workspace, UserRole.ADMINISTRATOR)
    with pytest.raises(InputError, match="last administrator"):
        accounts.set_disabled(workspace, SHELL, account(workspace, name), is_disabled=True)
    with pytest.raises(InputError, match="last administrator"):
        accounts.change_holder(
            workspace, SHELL, account(workspace, name), a_holder(UserRole.ANALYST, name)
        )
    assert not account(workspace, name).is_disabled


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"roles": frozenset()}, "no role"),
        ({"name": " "}, "needs a name"),
        ({"roles": frozenset({UserRole.VIEWER})}, "own districts"),
        (
            {
                "roles": frozenset({UserRole.VIEWER, UserRole.ANALYST}),
                "districts": frozenset({"Stafford"}),
            },
            "stands alone",
        ),
        ({"roles": frozenset({UserRole.AUDITOR, UserRole.ANALYST})}, "stands alone"),
        ({"districts": frozenset({"Atlantis"})}, "no district of"),
        ({"agency": "Atlantis"}, "no agency"),
    ],
)
def test_an_account_that_would_see_too_much_or_nothing_is_refused(
    workspace: Workspace, changes: dict[str, object], words: str
) -> None:
    holder = replace(a_holder(UserRole.ANALYST), **changes)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=words):
        accounts.add_account(workspace, SHELL, holder, PASSWORD)


def test_a_name_is_taken_once(door: Doorkeeper, workspace: Workspace) -> None:
    with pytest.raises(ConflictError, match="already"):
        accounts.add_account(workspace, SHELL, a_holder(UserRole.ANALYST, " ANALYST "), PASSWORD)


def test_the_demonstration_lets_in_with_a_click_on_this_machine_only(
    demo: Workspace, workspace: Workspace, clock: Clock
) -> None:
    door = Doorkeeper(demo, clock)
    assert {person.name for person in door.demo_people()} >= {"asha", "drew", "audrey"}
    assert door.sign_in_as_demo("asha", "127.0.0.1").session.stage is SignInStage.OPEN
    with pytest.raises(SignInRefusedError):
        door.sign_in_as_demo("asha", "10.0.0.1")
    with pytest.raises(SignInRefusedError):
        door.sign_in_as_demo("nobody", "127.0.0.1")
    with pytest.raises(SignInRefusedError):
        door.sign_in("asha", "", "127.0.0.1")
    real = Doorkeeper(workspace, clock)
    add_person(workspace, UserRole.ANALYST)
    assert real.demo_people() == []
    with pytest.raises(SignInRefusedError):
        real.sign_in_as_demo("analyst", "127.0.0.1")


@pytest.fixture
def signed_in(door: Doorkeeper) -> Actor:
    return door.sign_in("analyst", PASSWORD, "").session.actor


def test_a_first_password_of_the_app_must_be_changed(
    door: Doorkeeper, workspace: Workspace, signed_in: Actor
) -> None:
    """Made on the command line it is the holder's own; made in the app the administrator knows it."""
    admin = replace(signed_in, roles=frozenset({UserRole.ADMINISTRATOR}))
    accounts.add_account(workspace, admin, a_holder(UserRole.AUDITOR), PASSWORD)
    assert account(workspace, "auditor").must_change_password
    assert not account(workspace).must_change_password
