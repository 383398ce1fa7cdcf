"""Draw what of the records is counted: roles, kinds, risk, precision, days, hours, weights."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import state
from app_pages.frame.text import plain
from hotspot import HotspotError, Params
from hotspot.params import HarmTable
from hotspot.schema import ROLES_OFF

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CAPS = {"block": "once a cell and 28 days", "share": "1/n a cell", "none": "every record"}


def show_record_filters(params: Params, choices: dict[str, list[str]]) -> Params:
    """Draw the filters in an expander, and give the settings with them."""
    with st.expander("Filters and weights"):
        changes: dict[str, object] = {}
        roles = choices["role"]
        if len(roles) > 1:
            counted = st.multiselect(
                "Location roles",
                roles,
                [r for r in roles if r not in ROLES_OFF],
                format_func=_words,
                key=state.ROLES,
                persist_state="session",
                bind="query-params",
                help="Origins and addresses of people are left out unless you add them.",
            )
            known = frozenset(roles)
            changes["roles_off"] = (params.roles_off - known) | (known - frozenset(counted))
        for field, label, key, about in (
            ("kind", "Kinds", state.KINDS, "Offences and forms, as the records name them."),
            ("risk", "Risk", state.RISKS, "The grade that the missing episode was given."),
            ("precision", "Place known to", state.PRECISIONS, "How exactly the place is known."),
        ):
            chosen = st.multiselect(
                label,
                choices[field],
                format_func=_words,
                key=key,
                persist_state="session",
                bind="query-params",
                placeholder="all",
                disabled=not choices[field],
                help=about,
            )
            changes[f"only_{field}s"] = frozenset(chosen) if chosen else None
        days = st.pills(
            "Days",
            range(7),
            selection_mode="multi",
            format_func=DAYS.__getitem__,
            key=state.WEEKDAYS,
            persist_state="session",
            bind="query-params",
            help="With hours chosen too, a day lasts until 06:00: Friday 22:00 to 02:00 is Friday "
            "night, with the small hours of Saturday.",
        )
        changes["only_weekdays"] = frozenset(days) if days else None
        hours = st.multiselect(
            "Hours",
            range(24),
            format_func=lambda hour: f"{hour:02}:00",
            key=state.HOURS,
            placeholder="all",
            persist_state="session",
            bind="query-params",
            help="By when a record begins. Records without an hour are left out then.",
        )
        changes["only_hours"] = frozenset(hours) if hours else None
        if params.child_cap_days is not None:
            cap = st.radio(
                "Each child counts",
                list(CAPS),
                format_func=CAPS.__getitem__,
                key=state.CHILD_CAP,
                persist_state="session",
                bind="query-params",
                help="Else one child who is missing often would make a hotspot.",
            )
            changes["child_share"] = cap == "share"
            changes["child_cap_days"] = None if cap == "none" else params.child_cap_days
        changes["harm"] = _show_harm()
        return params.replace(**changes)


def _show_harm() -> HarmTable | None:
    """Draw the fields of a harm table; None where there is none or it cannot be used."""
    name_key, version_key, text_key = state.HARM
    text = st.text_area(
        "Harm table",
        key=text_key,
        persist_state="session",
        placeholder="kind, weight",
        help="One kind a line with its weight. Kinds that it lacks are left out.",
    )
    if not text.strip():
        return None
    name = st.text_input("Name of the table", key=name_key, persist_state="session")
    version = st.text_input("Its version", key=version_key, persist_state="session")
    try:
        return HarmTable.from_text(name, version, text)
    except HotspotError as error:
        st.error(plain(str(error)))
        return None


def _words(code: str) -> str:
    return code.replace("_", " ")
