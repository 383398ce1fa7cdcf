"""Signing in: passwords, guesses, the second factor; with a clock that the test sets."""

from __future__ import annotations

import runpy
import threading
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from hypothesis import given
from hypothesis import strategies as st

from hotspot import InputError
from hotspot.access import accounts as rules
from hotspot.access.accounts import (
    LOCKED_AFTER,
    Failures,
    check_password,
    hash_password,
    is_password,
    step_of_code,
)
from hotspot.access.actor import UserRole
from hotspot.access.sessions import SignInStage, digest_of
from hotspot.errors import NotAllowedError, SignInRefusedError
from hotspot.services.people import accounts
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.people.refusals import failures_key
from hotspot.services.people.session import actor_of
from hotspot.services.upkeep import log
from hotspot.services.workspace.folder import Workspace, init_workspace
from hotspot.store import accounts as store
from hotspot.store.unit_of_work import keeping_time, reading
from tests.helpers import PASSWORD, SHELL, a_holder, add_person, log_of
from tests.services.people.signing_in import NEW, Clock, account, guess, with_factor

# passwords ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "password1234",
        "Passw0rd2024!",
        "aaaaaaaaaaaaaaaa",
        "123456789012345",
        "hotspot hotspot",
        "qwertyuiopasdf",
        "Staffordshire1",
        "jo analyst jo an",
    ],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(InputError, match=r"characters|guessed"):
        check_password(password, "jo", "Jo Analyst")


@pytest.mark.parametrize(
    "password", [PASSWORD, "x7!kQz-pw0Lm_92", "žluťoučký kůň běží", "a" + "bQ9~" * 31]
)
def test_a_long_password_of_any_characters_is_taken(password: str) -> None:
    check_password(password)
    hashed = hash_password(password)
    assert hashed.startswith("$argon2id$")
    assert is_password(hashed, password)
    assert not is_password(hashed, password[:-1])
    assert not is_password(hashed, password + " ")
    assert not is_password(None, password)


def test_the_products_own_hashes_cost_what_rfc_9106_asks() -> None:
    """Other tests of services hash at a small cost; the module as it is loaded does not."""
    loaded = runpy.run_path(rules.__file__)
    for hashed in (loaded["hash_password"](PASSWORD), loaded["_NO_ACCOUNT"]):
        assert extract_parameters(hashed) == RFC_9106_LOW_MEMORY


def test_an_account_has_no_password_by_default(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="first password"):
        accounts.add_account(workspace, SHELL, a_holder(UserRole.ANALYST), None)
    with pytest.raises(InputError, match="characters"):
        accounts.add_account(workspace, SHELL, a_holder(UserRole.ANALYST), "")
    with reading(workspace.engine) as connection:
        assert store.list_accounts(connection) == []


# signing in --------------------------------------------------------------------------------


def test_the_right_name_and_password_open_a_session(door: Doorkeeper, workspace: Workspace) -> None:
    admitted = door.sign_in(" Analyst ", PASSWORD, "10.0.0.1")
    session = door.session_of(admitted.token)
    assert session is not None
    assert session.stage is SignInStage.OPEN
    assert actor_of(workspace, session.session_id).roles == {UserRole.ANALYST}
    assert actor_of(workspace, session.session_id).account_id == session.account.account_id
    row = log_of(workspace).iloc[-1]
    assert (row["operation"], row["actor"], row["client"]) == ("sign in", "A analyst", "10.0.0.1")
    assert row["session"] == session.reference


def test_the_token_is_nowhere_on_the_server(inside: str, workspace: Workspace) -> None:
    assert len(inside) >= 43
    for path in workspace.folder.rglob("*"):
        if path.is_file():
            assert inside.encode() not in path.read_bytes()
    assert digest_of(inside) != inside


@pytest.mark.parametrize(
    ("name", "password"), [("analyst", "wrong"), ("nobody", "wrong"), ("", "")]
)
def test_a_refusal_does_not_say_which_half_was_wrong(
    door: Doorkeeper, workspace: Workspace, name: str, password: str
) -> None:
    with pytest.raises(SignInRefusedError) as refused:
        door.sign_in(name, password, "")
    assert str(refused.value) == "That did not fit. Check what you typed and try again."
    row = log_of(workspace).iloc[-1]
    assert row["operation"] == "refuse sign-in"
    assert name not in {row["subject"], row["actor"]} or not name


def test_what_was_typed_is_not_logged(door: Doorkeeper, workspace: Workspace) -> None:
    """People type their password into the name's field."""
    with pytest.raises(SignInRefusedError):
        door.sign_in("my real password", "x", "")
    text = log_of(workspace).to_csv()
    assert "my real password" not in text
    assert "unknown name" in text


def refused_in(workspace: Workspace) -> int:
    """How many refused attempts the log tells of."""
    rows = log_of(workspace)
    return int(rows[rows["operation"] == "refuse sign-in"]["rows"].sum())


@pytest.mark.parametrize("name", ["analyst", "nobody"])
def test_guessing_is_slowed_down_and_locked_for_any_name(
    door: Doorkeeper, clock: Clock, name: str
) -> None:
    waits = []
    for n in range(1, LOCKED_AFTER + 1):
        assert "did not fit" in guess(door, name)
        if n >= 3:
            assert "Too many attempts" in guess(door, name)
            with reading(door.workspace.engine) as connection:
                key = failures_key(door.workspace, store.account_by_name(connection, name), name)
                until = store.failures_of(connection, key).wait_until(clock.now)
            assert until is not None
            waits.append((until - clock.now).total_seconds())
            clock.now = until
    assert waits == [1, 2, 4, 8, 16, 32, 64, 900]


def test_a_locked_account_opens_to_the_right_password_only_after_the_wait(
    door: Doorkeeper, clock: Clock
) -> None:
    for _ in range(LOCKED_AFTER):
        clock.on(minutes=3)
        guess(door)
    with pytest.raises(SignInRefusedError, match="Wait 15 minutes"):
        door.sign_in("analyst", PASSWORD, "")
    clock.on(minutes=15)
    assert door.sign_in("analyst", PASSWORD, "").session.stage is SignInStage.OPEN
    assert "did not fit" in guess(door)


def test_an_administrator_unlocks(door: Doorkeeper, clock: Clock, workspace: Workspace) -> None:
    for _ in range(LOCKED_AFTER):
        clock.on(minutes=3)
        guess(door)
    accounts.unlock(workspace, SHELL, account(workspace))
    assert door.sign_in("analyst", PASSWORD, "").session.stage is SignInStage.OPEN


def test_a_burst_cannot_outrun_the_count(door: Doorkeeper, workspace: Workspace) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(guess(door))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("did not fit" in answer for answer in answers) == 3
    door.refusals.settle()
    assert refused_in(workspace) == 3


@given(st.integers(0, 40))
def test_the_wait_never_shrinks_with_more_failures(count: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    one, more = Failures(count, at).wait_until(at), Failures(count + 1, at).wait_until(at)
    assert (one or at) <= (more or at)


def test_failures_of_another_day_are_forgotten() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert Failures(9, at).and_another(at + timedelta(hours=25)).count == 1
    assert Failures(9, at).and_another(at + timedelta(hours=23)).count == 10


@pytest.mark.soak
def test_ten_thousand_wrong_passwords_open_nothing(door: Doorkeeper, clock: Clock) -> None:
    """Three a minute for two days and more: the right password is among them, while locked."""
    looked_at = 0
    for n in range(10_000):
        clock.on(seconds=20)
        if n % 500 == 499:
            with pytest.raises(SignInRefusedError):
                door.sign_in("analyst", PASSWORD, "")
            continue
        looked_at += "did not fit" in guess(door)
    assert looked_at < 10_000 * 20 / 900 + 30
    door.refusals.settle()
    assert refused_in(door.workspace) == looked_at
    rows = (log_of(door.workspace)["operation"] == "refuse sign-in").sum()
    assert rows < looked_at / 2, "the log gathers them"


# the second factor -------------------------------------------------------------------------


def test_an_administrator_cannot_be_one_without_a_second_factor(
    door: Doorkeeper, clock: Clock, workspace: Workspace
) -> None:
    name = add_person(workspace, UserRole.ADMINISTRATOR)
    first = door.sign_in(name, PASSWORD, "")
    assert first.session.stage is SignInStage.NEEDS_SECOND_FACTOR
    with pytest.raises(NotAllowedError, match="not signed in"):
        actor_of(workspace, first.session.session_id)
    with pytest.raises(SignInRefusedError):
        door.set_second_factor(first.token, "000000", "", "")
    with pytest.raises(SignInRefusedError, match="over"):
        door.change_password(first.token, PASSWORD, NEW, "")


def test_a_code_opens_once_and_only_in_its_time(door: Doorkeeper, clock: Clock) -> None:
    name, app = with_factor(door, clock, UserRole.ADMINISTRATOR)
    code = app.at(clock.now)
    first = door.sign_in(name, PASSWORD, "")
    assert first.session.stage is SignInStage.NEEDS_CODE
    second = door.give_code(first.token, code, "")
    assert second.session.stage is SignInStage.OPEN
    assert second.token != first.token
    assert door.session_of(first.token) is None
    again = door.sign_in(name, PASSWORD, "")
    with pytest.raises(SignInRefusedError):
        door.give_code(again.token, code, "")
    old = app.at(clock.now - timedelta(minutes=3))
    with pytest.raises(SignInRefusedError):
        door.give_code(again.token, old, "")


def test_guessing_codes_is_slowed_down_like_passwords(door: Doorkeeper, clock: Clock) -> None:
    name, _ = with_factor(door, clock, UserRole.ADMINISTRATOR)
    first = door.sign_in(name, PASSWORD, "")
    for _ in range(3):
        with pytest.raises(SignInRefusedError, match="did not fit"):
            door.give_code(first.token, "000000", "")
    with pytest.raises(SignInRefusedError, match="Too many"):
        door.give_code(first.token, "000000", "")


def test_a_half_sign_in_ends_after_five_minutes(door: Doorkeeper, clock: Clock) -> None:
    name, app = with_factor(door, clock, UserRole.ADMINISTRATOR)
    first = door.sign_in(name, PASSWORD, "")
    clock.on(minutes=5)
    with pytest.raises(SignInRefusedError, match="over"):
        door.give_code(first.token, app.at(clock.now), "")


def test_the_secret_of_the_second_factor_is_sealed(
    door: Doorkeeper, clock: Clock, workspace: Workspace
) -> None:
    name, app = with_factor(door, clock, UserRole.ADMINISTRATOR)
    sealed = account(workspace, name).second_factor
    assert sealed is not None
    assert app.secret not in sealed
    assert workspace.keys.unseal(sealed) == app.secret


def test_any_role_may_set_up_a_second_factor_with_its_password(
    door: Doorkeeper, clock: Clock, inside: str
) -> None:
    session = door.session_of(inside)
    assert session is not None
    app = pyotp.TOTP(door.new_second_factor(session))
    with pytest.raises(SignInRefusedError):
        door.set_second_factor(inside, app.at(clock.now), "wrong", "")
    entered = door.set_second_factor(inside, app.at(clock.now), PASSWORD, "")
    assert door.session_of(inside) is None
    assert door.session_of(entered.token) is not None
    assert door.sign_in("analyst", PASSWORD, "").session.stage is SignInStage.NEEDS_CODE


def test_codes_of_rfc_6238() -> None:
    """Appendix B of RFC 6238 (SHA-1), the last six of the eight digits."""
    import base64

    secret = base64.b32encode(b"12345678901234567890").decode()
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        now = datetime.fromtimestamp(seconds, UTC)
        assert step_of_code(secret, code, now, 0) == seconds // 30
        assert step_of_code(secret, f"{code[:3]} {code[3:]}", now, seconds // 30) is None


# other databases, other writers --------------------------------------------------------------


def test_accounts_and_sessions_live_on_postgresql_too(
    workspace: Workspace, empty_postgres_url: str, clock: Clock
) -> None:
    folder = workspace.folder.with_name("served")
    served = init_workspace(SHELL, folder, "sample", url=empty_postgres_url)
    door = Doorkeeper(served, clock)
    name, app = with_factor(door, clock, UserRole.ADMINISTRATOR)
    first = door.sign_in(name, PASSWORD, "10.0.0.1")
    code = app.at(clock.now)
    entered = door.give_code(first.token, code, "10.0.0.1")
    again = door.sign_in(name, PASSWORD, "")
    with pytest.raises(SignInRefusedError):
        door.give_code(again.token, code, "")
    other = add_person(served, UserRole.VIEWER)
    inside = door.sign_in(other, PASSWORD, "").token
    accounts.set_disabled(served, SHELL, account(served, other), is_disabled=True)
    assert door.session_of(inside) is None
    assert door.session_of(entered.token) is not None
    clock.on(minutes=15)
    assert door.session_of(entered.token) is None
    assert log.verify_log(served, SHELL).problems == []
    served.engine.dispose()


def test_a_long_write_keeps_no_session_waiting(door: Doorkeeper, inside: str) -> None:
    """While a writer holds the database, sessions are looked up: only writers wait for writers."""
    found: list[object] = []
    with keeping_time(door.workspace.engine) as connection:
        store.put_failures(connection, "x", Failures(1, datetime.now(UTC)))
        reader = threading.Thread(target=lambda: found.append(door.session_of(inside)))
        reader.start()
        reader.join(8)
        assert not reader.is_alive()
    assert found[0] is not None
