"""End a page early, or at an error, with what all pages end with still to come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from app_pages.frame.text import plain
from hotspot import HotspotError


class PageEnd(Exception):  # noqa: N818 - no error: the page has said what there is
    """The page ends here; what all pages end with still comes."""


def end_page() -> NoReturn:
    """End the page early: `st.stop` would leave the foot out, and the marking with it."""
    raise PageEnd


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show an error of Hotspot's as one plain box and end the page there."""
    try:
        yield
    except HotspotError as error:
        st.error(plain(str(error)))
        end_page()
