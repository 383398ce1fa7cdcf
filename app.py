"""The entry point of the app: `hotspot serve` and `hotspot demo` start it."""

import streamlit as st
from starlette.middleware import Middleware

from hotspot.access.headers import SecurityHeaders
from hotspot.services import runs  # noqa: F401 - loads the libraries before the first visitor waits

app = st.App("app_pages/main.py", middleware=[Middleware(SecurityHeaders)])
