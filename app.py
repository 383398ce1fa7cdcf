"""The entry point of the app: `hotspot serve` and `hotspot demo` start it."""

import streamlit as st
from starlette.middleware import Middleware

from hotspot.access.headers import SecurityHeaders

app = st.App("app_pages/main.py", middleware=[Middleware(SecurityHeaders)])
