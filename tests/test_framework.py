"""Canaries: what the gate relies on in Streamlit, hidden parts too; an update that breaks it fails."""

from __future__ import annotations

import inspect
import json

import streamlit
from starlette.datastructures import Headers
from streamlit import config
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager
from streamlit.web.server.starlette import starlette_app, starlette_websocket
from streamlit.web.server.starlette.starlette_websocket import gather_user_info

from hotspot.server import watch
from hotspot.server.gate import _NEVER, _UPLOADS
from hotspot.server.watch import modules_of_widgets
from hotspot.settings import SESSION_HEADER, SESSION_USER_KEY, STREAMLIT_OPTIONS
from tests.conftest import ROOT


def test_streamlit_is_the_version_that_was_looked_into() -> None:
    assert streamlit.__version__.startswith("1.67.")
    assert '"streamlit>=1.67,<1.68"' in (ROOT / "pyproject.toml").read_text()


def test_every_option_exists_and_takes_its_value() -> None:
    known = config.get_config_options(force_reparse=True)
    assert set(STREAMLIT_OPTIONS) <= set(known)
    assert json.loads(STREAMLIT_OPTIONS["server.trustedUserHeaders"]) == {
        SESSION_HEADER: SESSION_USER_KEY
    }
    assert STREAMLIT_OPTIONS["client.showErrorDetails"] == "none"
    assert STREAMLIT_OPTIONS["client.disableDataExport"] == "true"
    assert STREAMLIT_OPTIONS["server.address"] == "127.0.0.1"


def test_the_session_header_reaches_the_pages_user() -> None:
    old = config.get_option("server.trustedUserHeaders")
    config.set_option("server.trustedUserHeaders", {SESSION_HEADER: SESSION_USER_KEY})
    try:
        found = gather_user_info(Headers({SESSION_HEADER: "abc"}))
    finally:
        config.set_option("server.trustedUserHeaders", old)
    assert found == {SESSION_USER_KEY: "abc"}


def test_a_session_is_resumed_only_by_the_same_user() -> None:
    """What keeps a stolen session id from opening another user's app session."""
    assert "matches_user_info" in inspect.getsource(WebsocketSessionManager._resume_stored_session)
    assert "matches_user_info" in inspect.getsource(WebsocketSessionManager.connect_session)
    assert "_user_info" in inspect.getsource(AppSession.matches_user_info)


def test_the_app_takes_middleware_before_everything_of_its_own() -> None:
    parameters = inspect.signature(streamlit.App.__init__).parameters
    assert {"middleware", "on_script_error"} <= set(parameters)
    assert "user_info.update(gather_user_info" in inspect.getsource(starlette_websocket)


def test_the_scripts_that_are_fetched_early_are_there() -> None:
    found = modules_of_widgets()
    for name in watch._WIDGETS:
        assert any(one.startswith(f"{name}.") for one in found), name
    assert not any(one.startswith("DataFrame.") for one in found)  # heavy, and the map needs none


def test_no_route_of_streamlits_is_new() -> None:
    """A route that an update adds must be looked at: is it served to a session, or to nobody?"""
    source = inspect.getsource(starlette_app.create_streamlit_routes)
    made = {
        word.split("(")[0] for word in source.split() if word.startswith("create_") and "(" in word
    } | {part.split("(")[0] for part in source.split("extend(") if part.startswith("create_")}
    assert made == {
        "create_health_routes",
        "create_metrics_routes",
        "create_host_config_routes",
        "create_media_routes",
        "create_upload_routes",
        "create_component_routes",
        "create_bidi_component_routes",
        "create_websocket_routes",
        "create_auth_routes",
        "create_agent_routes",
        "create_app_static_serving_routes",
        "create_script_health_routes",
        "create_streamlit_static_assets_routes",
        "create_streamlit_routes",
    }
    assert {"/media/", "/_stcore/metrics", "/_stcore/agent"} <= set(_NEVER)
    assert _UPLOADS == "/_stcore/upload_file"
