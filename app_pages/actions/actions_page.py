"""All actions that the user may see: what was agreed, who does it, by when."""

from __future__ import annotations

import streamlit as st

from app_pages.actions.action_views import choose_actions, show_gaps
from app_pages.actions.answers import actions_of
from app_pages.actions.calendar_form import show_calendar_address
from app_pages.actions.change_form import show_amend_form, show_change_form
from app_pages.actions.clock_form import show_clock
from app_pages.actions.effect_card import show_effect
from app_pages.actions.elsewhere_form import show_record_elsewhere
from app_pages.frame import session, tables
from app_pages.frame.exporting import show_export
from app_pages.frame.page_end import end_page
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.hotspots.answers import names_in
from hotspot.access.permissions import Operation
from hotspot.disclosure.forms import FileForm
from hotspot.disruption.ladders import CLOSED
from hotspot.services.actions import lists
from hotspot.services.workspace.exports import ExportFile

current = session.current()
actor, run, sources = current.actor, current.run, current.sources
actions = actions_of(actor, run, sources)
st.subheader("Actions")
if run is None:
    st.caption(plain(f"Actions of {actor.agency} in {', '.join(sorted(actor.districts))}."))
if run is not None and may(actor, Operation.RECORD_ACTION):
    show_record_elsewhere(actor, run, sources)
if actions.empty:
    st.info(
        "No action is recorded yet. Open a hotspot to record the first one."
        if run is not None
        else "No action of your agency is recorded in your districts."
    )
    end_page()
open_count = int((~actions["state"].isin(list(CLOSED))).sum())
st.caption(
    f"{len(actions)} recorded, {open_count} open, {int(actions['is_overdue'].sum())} overdue"
)
shown = choose_actions(actor, actions)
tables.show_actions_table(shown, with_hotspot=run is not None)
if may(actor, Operation.CHANGE_ACTION) and not shown.empty:
    labelled = shown.assign(label=shown["hotspot"])
    show_change_form(actor, labelled)
    show_amend_form(actor, labelled)
    show_clock(actor, labelled)
if run is not None and may(actor, Operation.VIEW_EFFECT):
    show_effect(actor, run, sources, actions.assign(label=actions["hotspot"]))
if run is not None:
    show_gaps(actions, run, names_in(actor, run, sources))

if may(actor, Operation.EXPORT_ACTIONS) and actor.account_id is not None:
    show_calendar_address(actor)


def prepare(recipients: str, reason: str) -> ExportFile:
    """Make the list as a workbook."""
    return lists.export_actions(session.workspace(), actor, FileForm.WORKBOOK, recipients, reason)


if may(actor, Operation.EXPORT_ACTIONS):
    show_export(
        actor,
        f"actions {lists.version_of(session.workspace())}",
        "Save the list of actions to share it",
        "A workbook with every action, whatever is shown above, marked and with your name.",
        prepare,
    )
