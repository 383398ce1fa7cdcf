"""A client that says what it likes: raw requests and sockets against the running app."""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

COOKIE = "hotspot_session"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cookies: dict[str, str]

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """One browser, more or less: it keeps cookies, and sends what a test tells it to."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def netloc(self) -> str:
        return urlsplit(self.address).netloc

    def ask(
        self,
        path: str,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection(self.netloc, timeout=20)
        sent = {"Cookie": self.cookie_header} if self.cookies else {}
        sent |= headers or {}
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        set_cookies = response.headers.get_all("set-cookie") or []
        found = dict(line.split(";")[0].split("=", 1) for line in set_cookies)
        answer = Answer(
            response.status,
            {k.lower(): v for k, v in response.getheaders()},
            response.read(),
            found,
        )
        connection.close()
        return answer

    def page(self, path: str = "/") -> Answer:
        return self.ask(path, headers={"Accept": "text/html"})

    def post(
        self, path: str, fields: dict[str, str] | None = None, origin: str | None = ""
    ) -> Answer:
        """Send a form, from a page of the house unless the test says otherwise."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if origin is not None:
            headers["Origin"] = origin or self.address
        answer = self.ask(path, "POST", headers, urlencode(fields or {}).encode())
        for name, value in answer.cookies.items():
            if value in {"", '""'}:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def sign_in(self, name: str, password: str) -> Answer:
        return self.post("/gate/sign-in", {"name": name, "password": password})

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def socket(
        self, *, origin: str | None = "", session: str = "", headers: dict[str, str] | None = None
    ) -> ClientConnection:
        """Open Streamlit's socket, as its own page does."""
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = self.cookie_header
        protocols = ["streamlit", "xsrf", session] if session else ["streamlit"]
        said = None if origin is None else Origin(origin or self.address)
        return connect(
            f"ws://{self.netloc}/_stcore/stream",
            origin=said,
            additional_headers=sent,
            subprotocols=[Subprotocol(name) for name in protocols],
            open_timeout=10,
            max_size=None,
            legacy=True,
        )

    def is_socket_refused(self, **how: Any) -> bool:
        try:
            self.socket(**how).close()
        except (InvalidStatus, ConnectionClosed, OSError):
            return True
        return False


def run_script(socket: ClientConnection, seconds: float = 15.0) -> tuple[str, str]:
    """Let the app run once; give Streamlit's session id and all the text that was sent."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    socket.send(message.SerializeToString())
    text, session = "", ""
    while True:
        data = socket.recv(timeout=seconds)
        forward = ForwardMsg()
        forward.ParseFromString(data if isinstance(data, bytes) else data.encode())
        if forward.HasField("new_session"):
            session = forward.new_session.initialize.session_id or session
        text += str(forward)
        if forward.WhichOneof("type") == "script_finished":
            return session, text


def tokens_in(text: str) -> list[str]:
    """Links to prepared files in what the app sent."""
    return re.findall(r"/export/([\w-]{20,})", text)
