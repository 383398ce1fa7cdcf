"""The entry point of the app: `hotspot serve` and `hotspot demo` start it."""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# The pages' heavy libraries are loaded with the server, before the first visitor waits for them.
from hotspot.access.actor import UserRole
from hotspot.access.sessions import Session
from hotspot.server.gate import AccessGate
from hotspot.server.gate_setup import make_front
from hotspot.server.gate_sockets import Wire
from hotspot.server.headers import SecurityHeaders
from hotspot.services.upkeep import retention  # noqa: F401
from hotspot.services.workspace.folder import open_workspace
from hotspot.services.workspace.ground_tiles import tiles_of
from hotspot.services.workspace.server_log import note_error, start_logging
from hotspot.services.workspace.serving import serve_alone
from hotspot.settings import APP_FILE, INSTALLED_AT, PRIVATE, WORKSPACE_VARIABLE
from layers import plan, portable  # noqa: F401

HEARD = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"})
"""Kinds of messages of a page that are passed on; the others are for those who make an app."""
OF_ADMINISTRATORS = frozenset({"clear_cache"})
"""Passed on from administrators alone: it empties what was computed for everyone."""


def show_error(error: Exception) -> bool:
    """Say that something went wrong, without a word of what: that is in the server's log."""
    reference = note_error(error)
    st.error(f"Something went wrong here. Tell your administrator the reference {reference}.")
    return True


def is_heard(session: Session, content: bytes) -> bool:
    """Tell whether a message of a page is passed on; what is no message is, to be refused there."""
    message = BackMsg()
    try:
        message.ParseFromString(content)
    except ValueError:
        return True
    kind = message.WhichOneof("type")
    is_administrator = UserRole.ADMINISTRATOR in session.account.roles
    return kind in HEARD or (kind in OF_ADMINISTRATORS and is_administrator)


def told(content: bytes) -> bytes:
    """Leave out of a message to a page where the app lies on the server."""
    if str(INSTALLED_AT).encode() not in content:
        return content
    message = ForwardMsg()
    message.ParseFromString(content)
    if message.HasField("new_session"):
        message.new_session.main_script_path = APP_FILE.name
    return bytes(message.SerializeToString())


def give_tile(request: Request) -> Response:
    """Return one tile of the ground; the gate has let nobody through who is not signed in."""
    tile = tiles and tiles.tile(*(request.path_params[name] for name in "zxy"))
    return Response(tile[0], media_type=tile[1]) if tile else Response(status_code=204)


start_logging()
os.umask(PRIVATE)
workspace = open_workspace(Path(os.environ[WORKSPACE_VARIABLE]))
served_here = serve_alone(workspace)  # until this process ends
front = make_front(workspace, st.get_option("server.port"))
tiles = tiles_of(workspace)
app = st.App(
    "app_pages/main.py",
    routes=[Route("/tiles/{z:int}/{x:int}/{y:int}", give_tile)],
    middleware=[
        Middleware(SecurityHeaders, is_tls=front.house.is_tls),
        Middleware(
            AccessGate,
            keeper=front.keeper,
            house=front.house,
            pages=front.pages,
            wire=Wire(is_heard, told),
        ),
    ],
    on_script_error=show_error,
)
