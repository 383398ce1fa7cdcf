"""Every attempt of the threat model against the running app; none succeeds."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from websockets.exceptions import ConnectionClosed

from hotspot.access.actor import UserRole
from hotspot.access.sessions import digest_of
from hotspot.server.gate import CLOSED
from hotspot.services.people import accounts
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.settings import SESSION_HEADER, save_settings
from tests.conftest import served
from tests.helpers import PASSWORD, SHELL, add_person, log_of
from tests.server.client import COOKIE, Client, run_script

EVIL = "http://evil.example"
PEOPLE = {
    "one": UserRole.ANALYST,
    "two": UserRole.ANALYST,
    "lead": UserRole.DISRUPTION_LEAD,
    "council": UserRole.COUNCIL_LICENSING,
    "viewer": UserRole.VIEWER,
    "auditor": UserRole.AUDITOR,
}


@pytest.fixture(scope="module")
def workspace(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The sample's records in a workspace that is no demonstration, with accounts."""
    folder = tmp_path_factory.mktemp("real") / "workspace"
    shutil.copytree(demo_folder, folder)
    opened = open_workspace(folder)
    save_settings(folder / "workspace.json", opened.settings.model_copy(update={"demo": False}))
    opened.engine.dispose()
    opened = open_workspace(folder)
    for name, role in PEOPLE.items():
        add_person(opened, role, name)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def address(workspace: Workspace, hotspot_command: list[str]) -> Iterator[str]:
    with served([*hotspot_command, "serve", "-w", str(workspace.folder)]) as at:
        yield at


@pytest.fixture
def nobody(address: str) -> Client:
    return Client(address)


def enter(address: str, name: str) -> Client:
    client = Client(address)
    answer = client.sign_in(name, PASSWORD)
    assert answer.status == 303, answer.text
    assert COOKIE in client.cookies
    return client


@pytest.fixture
def one(address: str) -> Client:
    return enter(address, "one")


# without a session -------------------------------------------------------------------------

CLOSED_TO_NOBODY = [
    "/",
    "/map",
    "/?hotspot=H-01",
    "/index.html",
    "/static/js/index.js",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/stream",
    "/_stcore/allowed-message-origins",
    "/_stcore/bidi-components/hotspot.map/map.js",
    "/component/x/y",
    "/favicon.png",
    "/manifest.json",
    "/gate/account",
    "/gate/state",
    "/export/abc",
    "/app_pages/main.py",
    "/robots.txt",
    "/%67ate/../map",
    "/gate/../map",
    "//map",
    "/./",
    "/_stcore//health",
]


@pytest.mark.parametrize("path", CLOSED_TO_NOBODY)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_is_served_without_a_session(nobody: Client, path: str, method: str) -> None:
    answer = nobody.ask(path, method, {"Origin": nobody.address})
    assert answer.status in {303, 307, 400, 401, 403, 404, 405}, (path, answer.status)
    assert b"Streamlit" not in answer.body
    assert b"hotspot.map" not in answer.body


NEVER = [
    "/media/0123456789abcdef.html",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/app/static/x",
    "/auth/login",
    "/oauth2callback",
    "/_stcore/script-health-check",
]


@pytest.mark.parametrize("path", NEVER)
def test_some_paths_are_served_to_nobody_at_all(nobody: Client, one: Client, path: str) -> None:
    assert nobody.ask(path).status == 404
    assert one.ask(path).status == 404


def test_uploads_are_taken_from_those_who_may_look_at_files_alone(
    workspace: Workspace, nobody: Client, address: str
) -> None:
    """A viewer of a partner agency may send no file, an analyst no file to a page not open."""
    path, headers = "/_stcore/upload_file/x/y", {"Origin": address}
    assert nobody.ask(path, "PUT", headers).status == 401
    for role, name in ((UserRole.VIEWER, "v up"), (UserRole.ANALYST, "a up")):
        client = enter(address, add_person(workspace, role, name))
        for method in ("GET", "PUT", "POST", "DELETE"):
            assert client.ask(path, method, headers).status in {400, 403, 404, 405}
        assert client.ask(path, "PUT", {"Origin": "https://evil.example"}).status == 403


def test_the_socket_is_refused_without_a_session(nobody: Client) -> None:
    assert nobody.is_socket_refused()
    nobody.cookies[COOKIE] = "nonsense"
    assert nobody.is_socket_refused()


def test_health_tells_nothing_but_that_it_is_well(nobody: Client) -> None:
    for host in (nobody.netloc, "monitor.example"):
        answer = nobody.ask("/health", headers={"Host": host})
        assert (answer.status, answer.text) == (200, "ok")


def test_a_page_leads_to_the_sign_in_and_back(nobody: Client) -> None:
    answer = nobody.page("/hotspot?key=H-02")
    assert answer.status == 303
    assert answer.headers["location"] == "/gate/sign-in?next=%2Fhotspot%3Fkey%3DH-02"
    back = nobody.post(
        "/gate/sign-in", {"name": "one", "password": PASSWORD, "next": "/hotspot?key=H-02"}
    )
    assert back.headers["location"] == "/hotspot?key=H-02"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/gate/sign-out",
        "/x\r\nSet-Cookie: a=b",
        "\\\\evil",
        "/\t/evil.example",
        "//[",
        "/\t/[",
        "http:/evil",
    ],
)
def test_a_sign_in_leads_nowhere_else(nobody: Client, wanted: str) -> None:
    answer = nobody.post("/gate/sign-in", {"name": "one", "password": PASSWORD, "next": wanted})
    assert answer.headers["location"] == "/"
    assert "a" not in answer.cookies


# cookies -----------------------------------------------------------------------------------


def test_the_cookie_is_opaque_and_kept_from_scripts(address: str) -> None:
    answer = Client(address).sign_in("one", PASSWORD)
    line = answer.headers["set-cookie"].lower()
    assert "httponly" in line
    assert "samesite=lax" in line
    assert "max-age" not in line
    assert "one" not in answer.cookies[COOKIE]
    assert len(answer.cookies[COOKIE]) >= 43


def test_a_sign_in_makes_a_new_token_whatever_was_planted(address: str) -> None:
    """Session fixation: a token from before is worth nothing after."""
    client = Client(address, {COOKIE: "planted-by-someone"})
    client.sign_in("one", PASSWORD)
    assert client.cookies[COOKIE] != "planted-by-someone"
    assert Client(address, {COOKIE: "planted-by-someone"}).page().status == 303


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.swapcase(), lambda _: "' OR 1=1 --"]
)
def test_a_changed_cookie_opens_nothing(one: Client, change: object) -> None:
    one.cookies[COOKIE] = change(one.cookies[COOKIE])  # type: ignore[operator]
    assert one.page().status == 303
    assert one.is_socket_refused()


def test_a_cookie_is_dead_after_signing_out(one: Client) -> None:
    old = Client(one.address, dict(one.cookies))
    assert old.page().status == 200
    assert one.post("/gate/sign-out").status == 303
    assert COOKIE not in one.cookies
    assert old.page().status == 303
    assert old.is_socket_refused()
    assert old.ask("/gate/state").status == 401


def test_a_rotated_cookie_is_dead(workspace: Workspace, address: str) -> None:
    name = add_person(workspace, UserRole.ANALYST, "rotating")
    client = enter(address, name)
    old = Client(address, dict(client.cookies))
    answer = client.post(
        "/gate/account",
        {
            "do": "password",
            "old": PASSWORD,
            "new": "candle marmot brisk folder",
            "again": "candle marmot brisk folder",
        },
    )
    assert answer.status == 200, answer.text
    assert client.cookies[COOKIE] != old.cookies[COOKIE]
    assert old.page().status == 303
    assert client.page().status == 200


def test_an_expired_cookie_is_dead(
    workspace: Workspace, hotspot_command: list[str], tmp_path: Path
) -> None:
    """The same server with three seconds of idleness: page, socket and state are closed."""
    folder = tmp_path / "short"
    shutil.copytree(workspace.folder, folder)
    settings = workspace.settings.model_copy(update={"idle_minutes": 0.05})
    save_settings(folder / "workspace.json", settings)
    with served([*hotspot_command, "serve", "-w", str(folder)]) as address:
        client = enter(address, "one")
        socket = client.socket()
        assert client.ask("/gate/state").json["seconds_left"] > 0
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == CLOSED
        assert client.page().status == 303
        assert client.ask("/gate/state").status == 401


# another user's things ---------------------------------------------------------------------


def test_another_users_streamlit_session_is_not_resumed(address: str) -> None:
    """Knowing the id of someone's app session gives a fresh one of one's own, signed in as oneself."""
    lead, viewer = enter(address, "lead"), enter(address, "viewer")
    socket = lead.socket()
    session, text = run_script(socket)
    assert "H-01" in text
    stolen = viewer.socket(session=session)
    own, seen = run_script(stolen)
    assert own != session
    assert "H-01" not in seen
    assert "A viewer" in seen
    socket.close()
    again = viewer.socket(session=session)
    own, seen = run_script(again)
    assert own != session
    assert "H-01" not in seen


def test_a_session_id_without_a_cookie_opens_nothing(address: str, nobody: Client) -> None:
    session, _ = run_script(enter(address, "lead").socket())
    assert nobody.is_socket_refused(session=session)


def test_the_same_user_in_another_sign_in_does_not_share_the_session(address: str) -> None:
    session, _ = run_script(enter(address, "lead").socket())
    other, _ = run_script(enter(address, "lead").socket(session=session))
    assert other != session


@pytest.mark.parametrize(
    "header",
    [SESSION_HEADER, SESSION_HEADER.upper(), SESSION_HEADER.replace("-", "_"), "X-Hotspot-User"],
)
def test_forged_headers_change_nothing(address: str, nobody: Client, header: str) -> None:
    lead, viewer = enter(address, "lead"), enter(address, "viewer")
    forged = digest_of(lead.cookies[COOKIE])
    assert nobody.ask("/", headers={header: forged, "Accept": "text/html"}).status == 303
    assert nobody.is_socket_refused(headers={header: forged})
    _, seen = run_script(viewer.socket(headers={header: forged}))
    assert "A viewer" in seen
    assert "H-01" not in seen


@pytest.mark.parametrize("name", ["X-Forwarded-User", "Remote-User", "X-Remote-User", "X-User"])
def test_headers_of_other_gates_mean_nothing(nobody: Client, name: str) -> None:
    assert nobody.ask("/", headers={name: "lead", "Accept": "text/html"}).status == 303


# other origins and hosts -------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin", [EVIL, "http://127.0.0.1:1", "null", None, "http://localhost:3000", "file://"]
)
def test_another_origin_opens_no_socket_and_sends_no_form(one: Client, origin: str | None) -> None:
    assert one.is_socket_refused(origin=origin)
    assert one.post("/gate/sign-out", origin=origin).status == 403
    assert one.post("/gate/account", {"do": "others"}, origin=origin).status in {401, 403}
    assert (
        one.post("/gate/sign-in", {"name": "two", "password": PASSWORD}, origin=origin).status
        == 403
    )
    assert one.page().status == 200


def test_a_form_of_another_site_is_refused_though_its_origin_is_hidden(one: Client) -> None:
    for site in ("cross-site", "same-site", "none"):
        headers = {"Origin": "null", "Sec-Fetch-Site": site}
        assert one.ask("/gate/sign-out", "POST", headers, b"").status == 403
    assert one.page().status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "", "localhost"])
def test_another_host_is_not_answered(one: Client, host: str) -> None:
    """DNS rebinding: the name in the address must be the house's own, port and all."""
    assert one.ask("/", headers={"Host": host}).status == 400
    assert one.ask("/gate/sign-in", headers={"Host": host}).status == 400
    assert one.is_socket_refused(headers={"Host": host}, origin=f"http://{host}")


def test_every_answer_carries_the_headers(one: Client, nobody: Client) -> None:
    for answer in (
        one.page(),
        nobody.page(),
        nobody.ask("/gate/sign-in"),
        nobody.ask("/media/x"),
        nobody.ask("/health"),
        one.ask("/gate/state"),
        one.ask("/export/x"),
        nobody.ask("/", headers={"Host": "evil.example"}),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy.replace("https:", "")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers


def test_the_page_has_no_inline_script(one: Client) -> None:
    import re

    page = one.page().text
    assert '<script src="/gate/watch.js"' in page
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == []


# open sockets ------------------------------------------------------------------------------


def closes_within(socket: object, seconds: float) -> bool:
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            socket.recv(timeout=max(0.1, end - time.monotonic()))  # type: ignore[attr-defined]
    except ConnectionClosed as closed:
        return closed.rcvd is not None and closed.rcvd.code == CLOSED
    except TimeoutError:
        return False
    return False


def test_signing_out_closes_the_open_socket(one: Client) -> None:
    socket = one.socket()
    run_script(socket)
    one.post("/gate/sign-out")
    assert closes_within(socket, 5)


@pytest.mark.parametrize("how", ["disable", "role", "end sessions"])
def test_a_change_of_the_account_closes_the_open_socket(
    workspace: Workspace, address: str, how: str
) -> None:
    name = add_person(workspace, UserRole.ANALYST, f"to {how}")
    client = enter(address, name)
    socket = client.socket()
    _, text = run_script(socket)
    assert "H-01" in text
    known = accounts.find_account(workspace, SHELL, name)
    if how == "disable":
        accounts.set_disabled(workspace, SHELL, known, is_disabled=True)
    elif how == "role":
        from tests.helpers import a_holder

        accounts.change_holder(workspace, SHELL, known, a_holder(UserRole.VIEWER, name))
    else:
        accounts.end_sessions(workspace, SHELL, known)
    with pytest.raises(ConnectionClosed):
        run_script(socket)
    assert client.page().status == 303
    if how == "role":
        back = enter(address, name)
        _, text = run_script(back.socket())
        assert "H-01" not in text


def test_a_message_after_the_end_is_not_heard(workspace: Workspace, address: str) -> None:
    """Between the end of a session and the next look at it, nothing that is sent runs the app."""
    client = enter(address, "two")
    socket = client.socket()
    run_script(socket)
    rows = len(log_of(workspace))
    known = accounts.find_account(workspace, SHELL, "two")
    accounts.end_sessions(workspace, SHELL, known)
    with pytest.raises(ConnectionClosed):
        run_script(socket)
    new = log_of(workspace)["operation"].tolist()[rows:]
    assert set(new) <= {"view accounts", "change account"}


# exports -----------------------------------------------------------------------------------


@pytest.mark.browser
def test_an_export_link_is_for_one_session_and_one_use(address: str, browser: Browser) -> None:
    """The desk is in the server's process, so the link comes from the real page."""
    lead = enter(address, "lead")
    context = browser.new_context()
    context.add_cookies([{"name": COOKIE, "value": lead.cookies[COOKIE], "url": address}])
    page = context.new_page()
    page.goto(address)
    page.get_by_text("Save this map to share it").click(timeout=30_000)
    page.get_by_role("textbox", name="Who will receive it").fill("MACE")
    page.get_by_role("textbox", name="Why").fill("meeting")
    page.get_by_role("button", name="Prepare the file").click()
    link = page.get_by_role("link", name="Download the file").get_attribute("href", timeout=30_000)
    context.close()
    assert link is not None
    path = link[link.index("/export/") :]
    other = enter(address, "one")
    assert other.ask(path).status == 410
    assert enter(address, "lead").ask(path).status == 410, "another sign-in of the same user"
    assert enter(address, "viewer").ask(path).status == 403
    assert Client(address).ask(path).status == 303
    taken = lead.ask(path)
    assert taken.status == 200
    assert taken.headers["content-disposition"].startswith("attachment")
    assert b"OFFICIAL-SENSITIVE" in taken.body
    assert lead.ask(path).status == 410


@pytest.mark.parametrize("ticket", ["x", "..%2f..%2fhotspot.db", "a" * 5000, "%00", "'--"])
def test_a_guessed_export_link_gives_nothing(one: Client, ticket: str) -> None:
    assert one.ask(f"/export/{ticket}").status in {400, 404, 410, 431}


# forms and errors --------------------------------------------------------------------------


def test_ten_guesses_lock_and_the_answer_is_the_same_for_any_name(
    workspace: Workspace, address: str
) -> None:
    add_person(workspace, UserRole.ANALYST, "target")
    for name in ("no such name", "target"):  # the right password follows at once
        answers = [Client(address).sign_in(name, f"guess {n}") for n in range(6)]
        assert {answer.status for answer in answers} == {401}
        assert ["did not fit" in answer.text for answer in answers][:3] == [True] * 3
        assert any("Too many attempts" in answer.text for answer in answers)
    assert Client(address).sign_in("target", PASSWORD).status == 401


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{7*7}}", "'; DROP TABLE accounts;--"]
)
def test_what_is_typed_at_the_gate_is_not_shown_again(nobody: Client, name: str) -> None:
    answer = nobody.sign_in(name, "x")
    assert name not in answer.text
    assert "49" not in answer.text
    page = nobody.ask(
        "/gate/sign-in?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&said=%3Cb%3E"
    ).text
    assert "<script>alert" not in page
    assert "<b>" not in page


def test_a_form_that_is_too_big_or_no_form_is_refused(nobody: Client) -> None:
    assert nobody.post("/gate/sign-in", {"name": "x" * 20_000}).status == 413
    headers = {"Origin": nobody.address, "Content-Type": "multipart/form-data; boundary=x"}
    assert nobody.ask("/gate/sign-in", "POST", headers, b"nonsense").status in {400, 401}
    assert nobody.ask("/gate/sign-in", "PUT", headers, b"").status == 405


def test_nothing_of_the_server_is_told(nobody: Client, one: Client) -> None:
    for answer in (
        nobody.ask("/gate/nothing"),
        one.ask("/gate/..%2f..%2fapp.py"),
        one.ask("/gate/base.html"),
        nobody.post("/gate/demo", {"person": "asha"}),
        one.ask("/export/"),
    ):
        assert answer.status in {400, 401, 403, 404}, answer.text
        for word in ("Traceback", "site-packages", ".py", "uvicorn", "streamlit"):
            assert word not in answer.text


def test_the_demonstrations_click_opens_no_real_workspace(nobody: Client) -> None:
    answer = nobody.post("/gate/demo", {"person": "asha"})
    assert answer.status == 401
    assert nobody.page().status == 303
