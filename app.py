"""The entry point of the app: `hotspot serve` and `hotspot demo` start it."""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

# The pages' heavy libraries are loaded with the server, before the first visitor waits for them.
from hotspot.server.gate import Gate
from hotspot.server.gate_setup import make_front
from hotspot.server.headers import SecurityHeaders
from hotspot.services.upkeep import retention  # noqa: F401
from hotspot.services.workspace.folder import open_workspace
from hotspot.services.workspace.ground_tiles import tiles_of
from hotspot.services.workspace.server_log import note_error, start_logging
from hotspot.settings import WORKSPACE_VARIABLE
from layers import plan, portable  # noqa: F401


def show_error(error: Exception) -> bool:
    """Say that something went wrong, without a word of what: that is in the server's log."""
    reference = note_error(error)
    st.error(f"Something went wrong here. Tell your administrator the reference {reference}.")
    return True


def give_tile(request: Request) -> Response:
    """Give one tile of the ground; the gate has let nobody through who is not signed in."""
    found = tiles and tiles.tile(*(request.path_params[name] for name in "zxy"))
    return Response(found[0], media_type=found[1]) if found else Response(status_code=204)


start_logging()
workspace = open_workspace(Path(os.environ[WORKSPACE_VARIABLE]))
front = make_front(workspace, st.get_option("server.port"))
tiles = tiles_of(workspace)
app = st.App(
    "app_pages/main.py",
    routes=[Route("/tiles/{z:int}/{x:int}/{y:int}", give_tile)],
    middleware=[
        Middleware(SecurityHeaders, is_tls=front.house.is_tls),
        Middleware(Gate, keeper=front.keeper, house=front.house, pages=front.pages),
    ],
    on_script_error=show_error,
)
