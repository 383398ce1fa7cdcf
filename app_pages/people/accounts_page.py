"""Accounts: who may sign in, as what. The administrator sees no data."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.frame import session
from app_pages.frame.page_end import errors_shown
from app_pages.people import account_forms
from hotspot.access.actor import ROLE_LABELS
from hotspot.services.people import accounts

actor = session.current().actor
st.subheader("Accounts")
with errors_shown():
    lines = accounts.list_accounts(session.workspace(), actor)
table = pd.DataFrame(
    [
        {
            "Name": line.account.name,
            "Shown as": line.account.shown_as,
            "Roles": ", ".join(ROLE_LABELS[role] for role in sorted(line.account.roles)),
            "Agency": line.account.agency,
            "Districts": ", ".join(sorted(line.account.districts)),
            "Second factor": "yes" if line.account.second_factor else "no",
            "State": "disabled" if line.account.is_disabled else "may sign in",
            "Open sessions": line.open_sessions,
            "Failed attempts": line.failures,
        }
        for line in lines
    ]
)
st.dataframe(table, hide_index=True, alt="Accounts by name")
change, add = st.columns(2)
with change:
    account_forms.show_change(actor, [line.account for line in lines])
with add:
    account_forms.show_add(actor)
