"""Lead from a row to the page of its action, by an address that can be passed on."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.frame import state, tables
from app_pages.frame.text import plain
from hotspot.disruption.ladders import CLOSED, ActionState

PAGE, ID = tables.ACTION_PAGE, "id"
_MOST_CARDS = 12


def number_in_address() -> int | None:
    """Return the number of the action that the address names."""
    text = st.query_params.get(ID, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def open_action(number: int) -> None:
    """Go to the page of an action."""
    st.switch_page(PAGE, query_params={ID: str(number)})


def link_to(number: int, label: str) -> None:
    """Draw a link to the page of an action."""
    st.page_link(PAGE, label=plain(label), query_params={ID: str(number)})


def show_picker(actions: pd.DataFrame) -> None:
    """Draw the one box in which an action is looked for, by its number or its words."""
    labels = {
        int(row["action_id"]): f"{row['action_id']} · {row['hotspot']} · {row['measure']} · "
        f"{row['owner']}"
        for row in actions.to_dict("records")
    }
    number = st.selectbox(
        "Open an action",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder="Type a number, a hotspot, a measure or an owner",
        key=state.ACTION_CHOSEN,
    )
    if number is not None:
        open_action(int(number))


def show_board(actions: pd.DataFrame) -> None:
    """Draw actions in a column for each state, every card a link."""
    states = [one for one in ActionState if (actions["state"] == one.value).any()]
    if not states:
        st.caption("No action here.")
        return
    for column, one in zip(st.columns(len(states)), states, strict=True):
        own = actions[actions["state"] == one.value]
        column.markdown(f"**{one.value.capitalize()}** ({len(own)})")
        for row in own.head(_MOST_CARDS).to_dict("records"):
            with column.container(border=True):
                link_to(int(row["action_id"]), f"{row['action_id']} {row['measure']}")
                late = " :red-badge[late]" if row["is_overdue"] else ""
                stage = f"{row['stands']}, " if row["stands"] != row["state"] else ""
                where = f"{row['hotspot']}, " if row["hotspot"] else ""
                due = "" if row["state"] in CLOSED else f", due {row['due_on']:%d %b}"
                st.caption(plain(f"{where}{stage}{row['owner']}{due}") + late)
        if len(own) > _MOST_CARDS:
            column.caption(f"{len(own) - _MOST_CARDS} more in the list")
