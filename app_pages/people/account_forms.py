"""The forms of the accounts page: add an account, change one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.text import plain
from hotspot import HotspotError
from hotspot.access.accounts import Account
from hotspot.access.actor import ROLE_LABELS, Actor, UserRole
from hotspot.disruption.actions import AGENCIES
from hotspot.services.people import accounts
from hotspot.services.people.accounts import Holder

_ROLE_HELP = "Partners' roles (viewer, council licensing officer) and the auditor stand alone."


def show_add(actor: Actor) -> None:
    """Draw the form for a new account."""
    with st.form("add_account", enter_to_submit=False, clear_on_submit=False):
        st.markdown("**Add an account**")
        name = st.text_input("Name to sign in with", max_chars=100)
        holder = _holder_fields(name, None)
        password = st.text_input(
            "First password",
            type="password",
            max_chars=128,
            autocomplete="new-password",
            help="Its holder must change it at the first sign-in.",
        )
        sent = st.form_submit_button("Add the account")
    if sent:
        _do(
            lambda: accounts.add_account(session.workspace(), actor, holder, password),
            f"Added the account {name.strip().lower()}.",
        )


def show_change(actor: Actor, known: list[Account]) -> None:
    """Draw the choice of an account and what can be changed about it."""
    by_name = {account.name: account for account in known}
    name = st.selectbox(
        "Account", list(by_name), format_func=lambda n: f"{n} · {by_name[n].shown_as}"
    )
    account = by_name[str(name)]
    with st.form("change_account", enter_to_submit=False):
        st.markdown("**Change it**")
        st.caption("Its open sessions end at once.")
        holder = _holder_fields(account.name, account)
        if st.form_submit_button("Save"):
            _do(
                lambda: accounts.change_holder(session.workspace(), actor, account, holder),
                f"Changed {account.name}.",
            )
    _show_buttons(actor, account)
    with st.form("first_password", enter_to_submit=False):
        password = st.text_input(
            "New first password", type="password", max_chars=128, autocomplete="new-password"
        )
        if st.form_submit_button("Set the password"):
            _do(
                lambda: accounts.set_password(session.workspace(), actor, account, password),
                f"{account.name} has a new first password.",
            )


def _show_buttons(actor: Actor, account: Account) -> None:
    workspace = session.workspace()
    row = st.container(horizontal=True)
    word = "Allow sign-in" if account.is_disabled else "Disable"
    if row.button(word):
        _do(
            lambda: accounts.set_disabled(
                workspace, actor, account, is_disabled=not account.is_disabled
            ),
            f"{account.name}: {word.lower()}d." if word == "Disable" else "Sign-in is allowed.",
        )
    if row.button("End sessions"):
        _do(lambda: accounts.end_sessions(workspace, actor, account), "Its sessions have ended.")
    if row.button("Unlock"):
        _do(lambda: accounts.unlock(workspace, actor, account), f"{account.name} is not locked.")
    if row.button("Reset second factor"):
        _do(
            lambda: accounts.reset_second_factor(workspace, actor, account),
            f"{account.name} has no second factor now.",
        )


def _holder_fields(name: str, account: Account | None) -> Holder:
    """Draw who an account is for, beginning with what it is now."""
    shown_as = st.text_input("Name to show", account.shown_as if account else "", max_chars=200)
    roles = st.multiselect(
        "Roles",
        list(UserRole),
        sorted(account.roles) if account else [],
        format_func=ROLE_LABELS.__getitem__,
        help=_ROLE_HELP,
    )
    agency = st.selectbox("Agency", AGENCIES, AGENCIES.index(account.agency) if account else 0)
    districts = st.multiselect(
        "Districts (partners)",
        list(session.workspace().area.districts),
        sorted(account.districts) if account else [],
    )
    return Holder(name, shown_as, frozenset(roles), str(agency), frozenset(districts))


def _do(change: Callable[[], object], done: str) -> None:
    try:
        change()
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.FLASH] = done
    st.rerun()
