"""Single sign-on against a directory on this machine: the app and the directory both real."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from hotspot.access.actor import UserRole
from hotspot.access.claims import known_from
from hotspot.errors import SignInRefusedError, StoreError
from hotspot.server.gate_setup import make_front
from hotspot.services.people import accounts
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.services.workspace.keys import SIGN_ON_SECRET
from hotspot.settings import SignOn, save_settings
from tests.conftest import served
from tests.helpers import SHELL, log_of
from tests.server.client import COOKIE, Answer, Client, run_script
from tests.server.directory import CLIENT, SECRET, Directory

GROUPS = {"HS-Analysts": "analyst", "HS-Admins": "administrator", "HS-Partners": "viewer"}


def terms(issuer: str = "http://x") -> SignOn:
    return SignOn(issuer=issuer, client_id=CLIENT, roles=GROUPS, agency="Staffordshire Police")


@pytest.fixture(scope="module")
def directory() -> Iterator[Directory]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = Directory(probe.getsockname()[1])
    server = made.start()
    yield made
    server.should_exit = True


@pytest.fixture(scope="module")
def workspace(
    demo_folder: Path, directory: Directory, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("sso") / "workspace"
    shutil.copytree(demo_folder, folder)
    opened = open_workspace(folder)
    changes = {"demo": False, "sign_on": terms(directory.issuer)}
    save_settings(folder / "workspace.json", opened.settings.model_copy(update=changes))
    opened.engine.dispose()
    (folder / "secrets" / SIGN_ON_SECRET).write_text(SECRET)
    opened = open_workspace(folder)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def address(workspace: Workspace, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "serve", "-w", str(workspace.folder)]) as at:
        yield at


@pytest.fixture(autouse=True)
def honest(directory: Directory) -> None:
    directory.claims = {"name": "Jo Officer", "roles": ["HS-Analysts", "Everyone"]}
    directory.issuer_said, directory.sign_with, directory.use_other_key = "", "RS256", False


def keep(client: Client, answer: Answer) -> Answer:
    client.cookies |= answer.cookies
    return answer


def go(client: Client, wanted: str = "/") -> Answer:
    """Walk the whole way: gate, directory, and back."""
    start = keep(client, client.ask(f"/gate/sso?next={wanted}"))
    if start.status != 302:
        return start
    there = Client(start.headers["location"])
    parts = urlsplit(start.headers["location"])
    led = there.ask(f"{parts.path}?{parts.query}")
    back = urlsplit(led.headers["location"])
    return keep(client, client.ask(f"{back.path}?{back.query}"))


def test_the_directory_signs_in_with_the_roles_of_its_groups(
    workspace: Workspace, address: str
) -> None:
    client = Client(address)
    assert "Sign in with your force account" in client.ask("/gate/sign-in").text
    answer = go(client, "/hotspot")
    assert (answer.status, answer.headers["location"]) == (303, "/hotspot")
    _, text = run_script(client.socket())
    assert "Jo Officer" in text
    assert "H-01" in text
    row = log_of(workspace).query("operation == 'sign in'").iloc[-1]
    assert (row["actor"], row["roles"]) == ("Jo Officer", "analyst")


def test_it_asks_with_state_nonce_and_pkce(address: str) -> None:
    asked = parse_qs(urlsplit(Client(address).ask("/gate/sso").headers["location"]).query)
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [f"{address}/gate/sso/return"]


def refused(answer: Answer, client: Client) -> None:
    assert answer.status == 401, answer.status
    assert COOKIE not in client.cookies
    assert client.page().status == 303


@pytest.mark.parametrize(
    "lie",
    [
        {"aud": "another app"},
        {"iss": "http://evil.example"},
        {"nonce": "replayed"},
        {"exp": 1},
        {"roles": []},
        {"roles": ["administrator"]},
        {"roles": {"HS-Analysts": True}},
        {"roles": ["HS-Admins"]},
        {"roles": ["HS-Partners"]},
        {"aud": [CLIENT, "x"], "azp": "x"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_or_gives_no_role_opens_nothing(
    address: str, directory: Directory, lie: dict[str, object]
) -> None:
    directory.claims |= lie
    client = Client(address)
    refused(go(client), client)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_the_directorys_signature_opens_nothing(
    address: str, directory: Directory, algorithm: str
) -> None:
    directory.sign_with = algorithm
    client = Client(address)
    refused(go(client), client)


def test_a_token_signed_with_another_key_opens_nothing(address: str, directory: Directory) -> None:
    directory.use_other_key = True
    client = Client(address)
    refused(go(client), client)


def test_a_directory_that_is_out_of_order_is_said_so(address: str, directory: Directory) -> None:
    directory.is_broken = True
    client = Client(address)
    answer = go(client)
    directory.is_broken = False
    refused(answer, client)
    assert "directory did" in answer.text or "does not answer" in answer.text


def test_an_answer_to_nobodys_question_opens_nothing(address: str) -> None:
    """Login CSRF: the state must be this browser's own, and works once."""
    mine, other = Client(address), Client(address)
    start = keep(other, other.ask("/gate/sso"))
    parts = urlsplit(start.headers["location"])
    led = Client(start.headers["location"]).ask(f"{parts.path}?{parts.query}")
    back = urlsplit(led.headers["location"])
    path = f"{back.path}?{back.query}"
    assert mine.ask(path).status == 401
    for made_up in (
        "/gate/sso/return",
        "/gate/sso/return?code=x&state=y",
        "/gate/sso/return?error=access_denied",
    ):
        assert mine.ask(made_up).status == 401
    assert keep(other, other.ask(path)).status == 303
    assert other.ask(path).status == 401


def test_an_administrator_needs_a_second_factor_there(
    workspace: Workspace, address: str, directory: Directory
) -> None:
    directory.claims |= {"sub": "9", "roles": ["HS-Admins"], "amr": ["pwd", "mfa"]}
    client = Client(address)
    assert go(client).status == 303
    _, text = run_script(client.socket())
    assert "Accounts" in text
    assert "H-01" not in text


def test_roles_follow_the_directory_and_a_disabled_account_stays_out(
    workspace: Workspace, address: str, directory: Directory
) -> None:
    directory.claims |= {"sub": "7", "name": "Pat Partner"}
    first = Client(address)
    assert go(first).status == 303
    directory.claims |= {"roles": "HS-Partners", "districts": ["Stoke-on-Trent", "Atlantis"]}
    second = Client(address)
    assert go(second).status == 303
    assert first.page().status == 303, "the session with the old role has ended"
    _, text = run_script(second.socket())
    assert "H-01" not in text
    (known,) = [
        line.account
        for line in accounts.list_accounts(workspace, SHELL)
        if line.account.shown_as == "Pat Partner"
    ]
    assert known.roles == {UserRole.VIEWER}
    assert known.districts == {"Stoke-on-Trent"}
    accounts.set_disabled(workspace, SHELL, known, is_disabled=True)
    third = Client(address)
    refused(go(third), third)


def test_claims_map_to_roles_and_to_nothing_else() -> None:
    claims = {"iss": "i", "sub": "s", "roles": ["HS-Analysts", "HS-Admins"]}
    known = known_from(claims, terms(), frozenset({"administrator"}))
    assert known.roles == {UserRole.ANALYST}
    assert known.subject == "i|s"
    both = known_from({**claims, "amr": ["otp"]}, terms(), frozenset({"administrator"}))
    assert both.roles == {UserRole.ANALYST, UserRole.ADMINISTRATOR}
    with pytest.raises(SignInRefusedError, match="no role"):
        known_from({"iss": "i", "sub": "s"}, terms(), frozenset())


def test_settings_that_cannot_work_are_told_before_the_server_starts(
    demo: Workspace, tmp_path: Path
) -> None:
    def front(**changes: object) -> None:
        save_settings(demo.folder / "workspace.json", demo.settings.model_copy(update=changes))
        opened = open_workspace(demo.folder)
        try:
            make_front(opened, 8501)
        finally:
            opened.engine.dispose()

    with pytest.raises(StoreError, match="client secret"):
        front(sign_on=terms())
    (demo.folder / "secrets" / SIGN_ON_SECRET).write_text("x")
    with pytest.raises(StoreError, match="gives the role 'boss'"):
        front(sign_on=terms().model_copy(update={"roles": {"x": "boss"}}))
    with pytest.raises(StoreError, match="this machine only"):
        front(sign_on=None, public_address="https://hotspot.example")


def test_under_tls_cookies_are_for_tls_and_this_host_only(workspace: Workspace) -> None:
    served_at = workspace.settings.model_copy(
        update={"public_address": "https://hotspot.example", "sign_on": None}
    )
    save_settings(workspace.folder / "tls.json", served_at)
    front = make_front(type(workspace)(**{**vars(workspace), "settings": served_at}), 8501)
    assert front.house.cookie == "__Host-hotspot_session"
    assert front.house.is_tls
    assert front.house.hosts == {"hotspot.example"}
    (workspace.folder / "tls.json").unlink()
