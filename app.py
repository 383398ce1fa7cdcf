"""The entry point of the app: `hotspot serve` and `hotspot demo` start it."""

import streamlit as st
from starlette.middleware import Middleware

# The pages' heavy libraries are loaded with the server, before the first visitor waits for them.
from hotspot.access.headers import SecurityHeaders
from hotspot.services import disclosures, runs  # noqa: F401
from layers import portable  # noqa: F401

app = st.App("app_pages/main.py", middleware=[Middleware(SecurityHeaders)])
