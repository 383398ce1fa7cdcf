"""Forms that say at each field what is wrong with it, save once, and keep what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from app_pages.frame import state
from app_pages.frame.text import plain
from hotspot.errors import ConflictError, FieldsError, HotspotError


class Form:
    """What was wrong with a form when it was sent last, by its fields.

    Parameters
    ----------
    name
        Tells the form from others; a form that has saved gets another name, so that a second press
        of its button has nothing to press.
    """

    def __init__(self, name: str) -> None:
        self._key = f"faults {name}"
        faults, asked = st.session_state.get(self._key, ({}, frozenset()))
        self._faults: dict[str, str] = dict(faults)
        self._asked: frozenset[str] = asked

    def fault_at(self, place: Any, field: str) -> None:  # noqa: ANN401 - a column of the page
        """Draw what is wrong with a field below it; the place is there all the time.

        A field below would lose what is typed in it if the form moved.
        """
        with place.container():
            if said := self._faults.pop(field, ""):
                st.error(plain(said))

    def is_asked(self, field: str) -> bool:
        """Tell whether it was asked of a field if it is meant."""
        return field in self._asked

    def show_rest(self) -> None:
        """Draw what is wrong with no field in particular."""
        with st.container():
            for said in self._faults.values():
                st.error(plain(said))

    def save(
        self, said: str, write: Callable[[], object], after: Callable[[], object] = lambda: None
    ) -> None:
        """Write once, and draw the page anew: with the message, or with what is wrong.

        The message is set before: what comes between writing and drawing may be cut off by a
        second press, and then it is there all the same.

        Parameters
        ----------
        said
            What is said once it is saved.
        after
            Is done in the session once it is saved.

        Raises
        ------
        ConflictError
            Someone else was first.
        """
        st.session_state[state.FLASH] = said
        try:
            write()
        except ConflictError:
            del st.session_state[state.FLASH]
            raise
        except FieldsError as error:
            self._refuse(error.faults, error.asked)
        except HotspotError as error:
            self._refuse({"": str(error)}, frozenset())
        else:
            after()
            st.session_state.pop(self._key, None)
        st.rerun()

    def _refuse(self, faults: dict[str, str], asked: frozenset[str]) -> None:
        del st.session_state[state.FLASH]
        st.session_state[self._key] = (faults, asked)
