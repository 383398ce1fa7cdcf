"""The door under load, by raw sockets and messages made by hand."""

from __future__ import annotations

import socket
import struct
import threading
import time
import unicodedata
from urllib.parse import urlencode

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from hotspot.access.actor import UserRole
from hotspot.access.permissions import Operation
from hotspot.errors import NotAllowedError, SignInRefusedError
from hotspot.server import connections
from hotspot.server.bounds import (
    MAX_MESSAGE_BYTES,
    MAX_SOCKETS,
    MESSAGES_A_SECOND,
    MESSAGES_AT_ONCE,
)
from hotspot.server.gate_sockets import TOO_BIG
from hotspot.services.people import accounts
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.people.session import actor_of
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.settings import INSTALLED_AT
from tests.attacks.conftest import entered
from tests.helpers import PASSWORD, SHELL, add_person, log_of
from tests.server.client import Client, run_script

LOADS = [
    pytest.param(40, 4.0, id="reduced"),
    pytest.param(100, 60.0, id="full", marks=pytest.mark.soak),
]
WITHIN_S = 2.0


def raw(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def says(connection: socket.socket) -> bytes:
    """All that the server says until it closes."""
    told = b""
    try:
        while part := connection.recv(65536):
            told += part
    except ConnectionResetError:
        pass
    return told


def head_of_form(client: Client, length: str) -> bytes:
    return (
        f"POST /gate/sign-in HTTP/1.1\r\nHost: {client.netloc}\r\nOrigin: {client.address}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n{length}\r\n\r\n"
    ).encode()


# load --------------------------------------------------------------------------------------


def hammer(address: str, until: float, seen: list[int]) -> None:
    """Try to sign in, one try after the other, each under another name."""
    netloc = address.removeprefix("http://")
    number = 0
    while time.monotonic() < until:
        number += 1
        form = urlencode({"name": f"nobody {threading.get_ident()} {number}", "password": "guess"})
        try:
            with raw(address) as connection:
                connection.sendall(
                    f"POST /gate/sign-in HTTP/1.1\r\nHost: {netloc}\r\nOrigin: {address}\r\n"
                    "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
                    f"Content-Length: {len(form)}\r\n\r\n{form}".encode()
                )
                seen.append(int(says(connection)[9:12] or b"0"))
        except (OSError, ValueError):
            seen.append(0)


@pytest.mark.parametrize(("guessers", "seconds"), LOADS)
def test_a_crowd_at_the_door_keeps_nobody_waiting_who_is_in(
    address: str, ana: Client, house: Workspace, guessers: int, seconds: float
) -> None:
    """A hundred connections for ten seconds once froze a signed-in user for 54 seconds."""
    before = len(log_of(house))
    until = time.monotonic() + seconds
    seen: list[int] = []
    crowd = [
        threading.Thread(target=hammer, args=(address, until, seen), daemon=True)
        for _ in range(guessers)
    ]
    for one in crowd:
        one.start()
    waits = []
    while time.monotonic() < until:
        began = time.monotonic()
        assert ana.ask("/gate/state").status == 200
        assert ana.ask("/_stcore/health").status == 200
        waits.append(time.monotonic() - began)
        time.sleep(0.05)
    for one in crowd:
        one.join(60)
    assert max(waits) < 2 * WITHIN_S, "two requests"
    assert seen.count(503) > len(seen) / 4, "most are turned away at once"
    assert set(seen) <= {401, 503, 0}
    rows = log_of(house)["operation"].tolist()[before:]
    assert rows.count("refuse sign-in") <= 4 + seconds / 10, "and do not fill the log"


# names -------------------------------------------------------------------------------------

BLANKS = ["\u00a0", "\u2003", "\u3000", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u202e", "\t", " "]


def forms_of(name: str) -> list[str]:
    """The same name to everyone who reads it."""
    wide = "".join(chr(ord(c) + 0xFEE0) for c in name)
    around = [blank + name for blank in BLANKS] + [name + blank * 3 for blank in BLANKS]
    within = [name[0] + blank + name[1:] for blank in BLANKS if unicodedata.category(blank) == "Cf"]
    return [name, name.upper(), wide, *around, *within, name + " " * 90]


def test_guesses_are_counted_in_whatever_form_the_name_is_written(workspace: Workspace) -> None:
    """Sixty guesses once went uncounted through Unicode blanks."""
    add_person(workspace, UserRole.ANALYST, "ana")
    door = Doorkeeper(workspace)
    answers = []
    for form in forms_of("ana"):
        with pytest.raises(SignInRefusedError) as refused:
            door.sign_in(form, "guess", "")
        answers.append(str(refused.value))
    assert len(answers) > 25
    assert sum("did not fit" in answer for answer in answers) == 3
    with pytest.raises(SignInRefusedError, match="Too many"):
        door.sign_in("ana", PASSWORD, "")


@pytest.mark.parametrize("name", ["x" * 101, "ana" + " " * 98, "\u200b" * 5, "", "\ufdfa" * 20])
def test_what_can_be_no_name_is_refused_and_not_cut(workspace: Workspace, name: str) -> None:
    add_person(workspace, UserRole.ANALYST, "ana")
    door = Doorkeeper(workspace)
    for _ in range(5):  # and locks nobody
        with pytest.raises(SignInRefusedError, match="did not fit"):
            door.sign_in(name, PASSWORD, "")
    assert door.sign_in("ana", PASSWORD, "").token


def test_an_account_is_counted_by_its_number_whatever_it_is_called(workspace: Workspace) -> None:
    add_person(workspace, UserRole.ANALYST, "ana")
    door = Doorkeeper(workspace)
    for _ in range(3):
        with pytest.raises(SignInRefusedError):
            door.sign_in("ana", "guess", "")
    known = accounts.find_account(workspace, SHELL, "ana")
    holder = accounts.Holder("anabel", "Ana", known.roles, known.agency, known.districts)
    accounts.change_holder(workspace, SHELL, known, holder)
    with pytest.raises(SignInRefusedError, match="Too many"):
        door.sign_in("anabel", PASSWORD, "")


# requests that never become whole ----------------------------------------------------------


def test_a_request_with_two_lengths_is_refused(address: str, ana: Client) -> None:
    for path, method in (
        ("/gate/sign-in", "POST"),
        ("/", "GET"),
        ("/_stcore/upload_file/a/b", "PUT"),
    ):
        with raw(address) as connection:
            connection.sendall(
                f"{method} {path} HTTP/1.1\r\nHost: {ana.netloc}\r\nOrigin: {address}\r\n"
                f"Cookie: {ana.cookie_header}\r\nContent-Length: 5\r\n"
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /gate/account HTTP/1.1\r\n"
                f"Host: {ana.netloc}\r\n\r\n".encode()
            )
            told = says(connection)
        assert told.startswith(b"HTTP/1.1 400")
        assert told.count(b"HTTP/1.1") == 1, "what follows is no request"


def test_a_head_that_does_not_end_is_given_up(address: str, ana: Client) -> None:
    """One byte a second once held a connection for ever."""
    began = time.monotonic()
    with raw(address) as silent, raw(address) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        ended = 0.0
        while not ended and time.monotonic() - began < 3 * connections.HEAD_WITHIN_S:
            time.sleep(1)
            try:
                slow.sendall(b"a")
                slow.setblocking(False)
                if slow.recv(1) == b"":
                    ended = time.monotonic() - began
            except BlockingIOError:
                slow.setblocking(True)
            except OSError:
                ended = time.monotonic() - began
        assert 0 < ended < connections.HEAD_WITHIN_S + 4
        assert says(silent) == b"", "a connection that says nothing is closed too"
    assert ana.ask("/gate/state").status == 200


def test_a_form_that_does_not_end_is_given_up(address: str, ana: Client) -> None:
    began = time.monotonic()
    with raw(address) as slow:
        slow.sendall(head_of_form(ana, "Content-Length: 100") + b"name=a")
        told = says(slow)
    assert told.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began < 15


def test_a_flood_of_silent_connections_leaves_room(address: str, ana: Client) -> None:
    crowd = [raw(address) for _ in range(connections.MAX_WAITING + 100)]
    try:
        assert ana.ask("/gate/state").status == 200
        crowd[0].settimeout(5)
        assert crowd[0].recv(1) == b"", "the oldest made room"
    except ConnectionResetError:
        pass
    finally:
        for one in crowd:
            one.close()


# sockets -----------------------------------------------------------------------------------


def opened(ana: Client) -> ClientConnection:
    socket_ = ana.socket()
    run_script(socket_)
    return socket_


def test_a_session_has_so_many_pages_open_and_no_more(ana: Client) -> None:
    held: list[ClientConnection] = []
    try:
        with pytest.raises((InvalidStatus, ConnectionClosed, OSError)):
            held.extend(ana.socket() for _ in range(MAX_SOCKETS + 1))
        assert len(held) == MAX_SOCKETS
    finally:
        for one in held:
            one.close()


@pytest.mark.parametrize("content", [b"\0" * (MAX_MESSAGE_BYTES + 1), "text"], ids=["long", "text"])
def test_a_message_too_long_or_of_text_ends_the_socket(ana: Client, content: bytes | str) -> None:
    socket_ = opened(ana)
    with pytest.raises(ConnectionClosed) as closed:
        socket_.send(content)
        while True:
            socket_.recv(timeout=20)
    told = closed.value.rcvd  # none where the connection was cut while the rest was being sent
    assert told is None or told.code == TOO_BIG


def test_a_frame_that_says_it_is_huge_is_not_waited_for(ana: Client) -> None:
    """The head of a frame alone once made the server wait for 200 MB."""
    socket_ = opened(ana)
    socket_.socket.sendall(b"\x82\xff" + struct.pack("!Q", 190 << 20) + b"mask" + b"x" * 1000)
    with pytest.raises(ConnectionClosed):
        while True:
            socket_.recv(timeout=20)


def test_a_message_in_endless_pieces_is_not_waited_for(ana: Client) -> None:
    socket_ = opened(ana)
    piece = b"\x00\x80mask"  # a continuation with nothing in it
    with pytest.raises((ConnectionClosed, OSError)):
        socket_.socket.sendall(b"\x02\x80mask")
        for _ in range(connections.MAX_FRAGMENTS + 100):
            socket_.socket.sendall(piece)
        while True:
            socket_.recv(timeout=20)


def test_a_flood_of_pings_ends_the_socket_and_others_are_served(address: str, ana: Client) -> None:
    """A partner's pings, each answered, once kept a signed-in user waiting for more than 20 s."""
    flooding = opened(entered(address, "partner"))
    pings = b"\x89\x80mask" * 2000
    ended = threading.Event()

    def flood() -> None:
        try:
            for _ in range(500):
                flooding.socket.sendall(pings)
        except OSError:
            ended.set()

    sender = threading.Thread(target=flood, daemon=True)
    sender.start()
    for _ in range(10):
        began = time.monotonic()
        assert ana.ask("/gate/state").status == 200
        assert time.monotonic() - began < WITHIN_S
    sender.join(10)
    assert ended.is_set()


def test_a_message_that_unpacks_to_more_is_too_long(ana: Client) -> None:
    """Four hundred megabytes of nothing are four hundred kilobytes on the wire."""
    socket_ = opened(ana)
    with pytest.raises(ConnectionClosed) as closed:
        socket_.send(bytes(400 << 20))
        while True:
            socket_.recv(timeout=20)
    assert closed.value.rcvd is None or closed.value.rcvd.code == TOO_BIG


def test_a_flood_of_messages_is_heard_slowly_and_others_are_served(
    address: str, ana: Client
) -> None:
    flooding = entered(address, "partner")
    socket_ = opened(flooding)
    message = BackMsg()
    message.app_heartbeat = True
    content = message.SerializeToString()
    number = int(MESSAGES_AT_ONCE + 3 * MESSAGES_A_SECOND)

    def flood() -> None:
        try:
            for _ in range(number):
                socket_.send(content)
        except (ConnectionClosed, OSError):
            pass

    sender = threading.Thread(target=flood, daemon=True)
    sender.start()
    began = time.monotonic()
    assert ana.ask("/gate/state").status == 200
    assert time.monotonic() - began < WITHIN_S
    run_script(socket_, seconds=30)  # comes after all of them
    assert time.monotonic() - began > 2.0
    sender.join(10)


def test_nobody_empties_what_was_computed_for_all(ana: Client) -> None:
    """`clear_cache` of one page once emptied the server's for everyone."""
    socket_ = opened(ana)
    message = BackMsg()
    message.clear_cache = True
    socket_.send(message.SerializeToString())
    with pytest.raises(TimeoutError):
        while True:
            socket_.recv(timeout=2)  # an answer would be a script run anew
    assert run_script(socket_)[1], "the socket goes on"


def test_no_message_tells_where_the_server_keeps_its_files(ana: Client, house: Workspace) -> None:
    _, text = run_script(ana.socket())
    assert "new_session" in text
    for private in (str(INSTALLED_AT), str(house.folder), "site-packages"):
        assert private not in text


# work that goes on -------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["disabled", "changed", "ended"])
def test_work_of_a_disabled_account_is_not_kept(workspace: Workspace, how: str) -> None:
    """An import that ran while its user was disabled was once kept."""
    add_person(workspace, UserRole.ANALYST, "ana")
    door = Doorkeeper(workspace)
    inside = door.sign_in("ana", PASSWORD, "")
    actor = actor_of(workspace, inside.session.session_id)
    known = accounts.find_account(workspace, SHELL, "ana")
    if how == "disabled":
        accounts.set_disabled(workspace, SHELL, known, is_disabled=True)
    elif how == "changed":
        holder = accounts.Holder("ana", "Ana", frozenset({UserRole.AUDITOR}), known.agency)
        accounts.change_holder(workspace, SHELL, known, holder)
    else:
        accounts.end_sessions(workspace, SHELL, known)
    before = len(log_of(workspace))
    with (
        pytest.raises(NotAllowedError, match="nothing was kept"),
        work_on(workspace, actor, Operation.IMPORT) as work,
    ):
        work.log("what ran meanwhile")
    assert len(log_of(workspace)) == before


def test_work_begun_before_a_sign_out_is_kept(workspace: Workspace) -> None:
    add_person(workspace, UserRole.ANALYST, "ana")
    door = Doorkeeper(workspace)
    inside = door.sign_in("ana", PASSWORD, "")
    actor = actor_of(workspace, inside.session.session_id)
    door.sign_out(inside.token)
    with work_on(workspace, actor, Operation.IMPORT) as work:
        work.log("what ran meanwhile")
    assert log_of(workspace)["subject"].iloc[-1] == "what ran meanwhile"
