"""Draw the tables of premises, actions, records and the log."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app_pages.frame.text import plain
from hotspot import Run
from hotspot.disruption.action_table import Kind, ShownAt, action_table, columns_at
from hotspot.schema import SOURCE_LABELS

_DAY = "DD MMM YYYY"
_NOT_HERE = "not in this view"
_CONFIG = {
    Kind.TEXT: st.column_config.TextColumn(),
    Kind.NUMBER: st.column_config.NumberColumn(),
    Kind.DAY: st.column_config.DateColumn(format=_DAY),
    Kind.MOMENT: st.column_config.DatetimeColumn(format=f"{_DAY}, HH:mm", timezone="Europe/London"),
}


def show_premises_table(near: pd.DataFrame, run: Run, *, with_hotspot: bool = False) -> None:
    """Draw premises with their distance."""
    if near.empty:
        st.info(
            "Street-level open data are approximate and are not joined to premises."
            if run.approximate
            else "No premises that near."
        )
        return
    table = pd.DataFrame(
        {
            "Hotspot": near["key"],
            "Premises": near["name"],
            "Kind": near["kind"],
            "Distance (m)": near["distance_m"].round(0).astype(int),
            "Address": near["address"],
            "Postcode": near["postcode"],
            "Open until": near["open_until"],
            "Activities": near["activities"],
            "Source": near["source"].map(SOURCE_LABELS),
        }
    ).fillna("")
    table = table if with_hotspot else table.drop(columns="Hotspot")
    st.dataframe(
        table, hide_index=True, height=min(460, 38 + 35 * len(table)), alt="Premises nearby"
    )


def show_actions_table(actions: pd.DataFrame, *, with_hotspot: bool = False) -> None:
    """Draw actions, the soonest due first."""
    if actions.empty:
        st.caption("No action here yet.")
        return
    actions = actions.assign(key=actions["key"].fillna(_NOT_HERE)) if "key" in actions else actions
    _show_actions(actions, ShownAt.MAP if with_hotspot else ShownAt.PAGE, "Actions")


def show_papers_table(papers: pd.DataFrame) -> None:
    """Draw what is done about premises, the soonest due first."""
    _show_actions(papers, ShownAt.PAPERS, "Papers of premises")


def _show_actions(actions: pd.DataFrame, place: ShownAt, what: str) -> None:
    config = {column.title: _CONFIG[column.kind] for column in columns_at(place)}
    config["Late"] = st.column_config.TextColumn(width=80)
    st.dataframe(
        action_table(actions, place),
        hide_index=True,
        column_config=config,
        placeholder="",
        alt=f"{what}, the soonest due first",
    )


def show_assessments(listed: pd.DataFrame) -> None:
    """Draw the premises for assessment in words, the next deadline first."""
    show_words(
        pd.DataFrame(
            {
                "Next deadline": listed["next_due"],
                "What is due": listed["next_says"],
                "Premises": listed["name"],
                "Address": listed["address"],
                "Why": listed["why"],
            }
        ),
        "Premises for assessment, the next deadline first",
    )


def show_days(table: pd.DataFrame, alt: str, days: list[str]) -> None:
    """Draw a table some of whose columns are days."""
    columns = {name: st.column_config.DateColumn(format=_DAY) for name in days}
    st.dataframe(table, hide_index=True, column_config=columns, placeholder="", alt=alt)


def show_words(table: pd.DataFrame, alt: str) -> None:
    """Draw a short table in full, as large as the text around it: its words wrap."""
    words = table.map(
        lambda one: "" if pd.isna(one) else f"{one:%d %b %Y}" if isinstance(one, date) else str(one)
    )
    st.table(words.map(plain), hide_index=True, border="horizontal", alt=alt)


def choose_record(records: pd.DataFrame) -> list[int]:
    """Draw records near premises, and give the row that is chosen."""
    table = pd.DataFrame(
        {
            "Day": records["on_day"],
            "At": records["at"],
            "What": records["what"],
            "Metres away": records["distance_m"].round(0).astype(int),
            "Place known to": records["precision"],
            "Linked": records["linked"].map({True: "linked", False: ""}),
        }
    )
    chosen = st.dataframe(
        table,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Day": st.column_config.DateColumn(format=_DAY)},
        alt="Records within 100 m, the newest first",
    )
    rows: list[int] = chosen["selection"]["rows"]
    return rows


def show_register_table(register: pd.DataFrame) -> None:
    """Draw a register of premises."""
    table = pd.DataFrame(
        {
            "Premises": register["name"],
            "Kind": register["kind"],
            "Address": register["address"],
            "Postcode": register["postcode"],
            "Open until": register["open_until"],
            "Activities": register["activities"],
            "Authority": register["authority"],
            "Reference": register["premises_ref"],
            "Source": register["source"].map(SOURCE_LABELS),
        }
    ).fillna("")
    st.dataframe(table, hide_index=True, height=460, alt="Register of premises")


def show_log_table(rows: pd.DataFrame, columns: dict[str, str], alt: str) -> None:
    """Draw rows of the log, newest first, with their columns renamed."""
    table = rows[list(columns)].rename(columns=columns)
    for column in table.columns.drop("When"):
        known = table[column].notna()
        table[column] = [str(v) if k else "" for v, k in zip(table[column], known, strict=True)]
    st.dataframe(
        table,
        hide_index=True,
        height=min(560, 38 + 35 * max(1, len(table))),
        column_config={
            "When": st.column_config.DatetimeColumn(
                format="DD MMM YYYY, HH:mm:ss", timezone="Europe/London"
            )
        },
        alt=alt,
    )
