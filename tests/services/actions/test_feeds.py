"""The private address of a calendar: one an account, unguessable, ended by its owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from hotspot import NotAllowedError
from hotspot.access.actor import Actor, UserRole
from hotspot.errors import NotFoundError
from hotspot.services.actions import feeds
from hotspot.services.actions.recording import record_action_at
from hotspot.services.hotspots.register import ByHand, register_by_hand
from hotspot.services.people import accounts
from hotspot.services.workspace.folder import Workspace
from hotspot.store.accounts import account_by_name
from hotspot.store.unit_of_work import reading
from tests.conftest import served
from tests.helpers import SHELL, add_person, an_action, log_of

TODAY = date(2026, 11, 27)


def holder(workspace: Workspace, role: UserRole = UserRole.DISRUPTION_LEAD) -> Actor:
    name = add_person(workspace, role, f"feed-{role.value}")
    with reading(workspace.engine) as connection:
        account = account_by_name(connection, name)
    assert account is not None
    return account.actor()


def an_action_that_is_due(workspace: Workspace, lead: Actor) -> None:
    number = register_by_hand(workspace, lead, ByHand("Coaches", "profession", "LADO"))
    action = an_action(due_on=TODAY, note="Behind the shops", reference="REF 1")
    record_action_at(workspace, lead, action, number)


def read(workspace: Workspace, token: str) -> str:
    return feeds.read_feed(workspace, token, "10.0.0.1", TODAY).decode()


def test_an_address_gives_measures_references_and_days_and_is_logged(
    demo: Workspace, lead: Actor
) -> None:
    an_action_that_is_due(demo, lead)
    actor = holder(demo)
    token = feeds.make_feed(demo, actor)
    assert len(token) >= 43
    text = read(demo, token)
    assert "YOUTH REF 1: The action is due" in text
    assert "20261127" in text
    assert not [word for word in ("shops", "HS-0", "Coaches", "Sgt") if word in text]
    row = log_of(demo).iloc[-1]
    assert (row["actor"], row["category"], row["client"]) == (actor.name, "disclosure", "10.0.0.1")
    with reading(demo.engine) as connection:
        stored = connection.exec_driver_sql("select * from calendar_feeds").all()
    assert token not in str(stored)


def test_an_address_ends_with_a_new_one_by_its_owner_and_with_the_account(demo: Workspace) -> None:
    actor = holder(demo)
    first = feeds.make_feed(demo, actor)
    second = feeds.make_feed(demo, actor)
    for token in (first, "guess", ""):
        with pytest.raises(NotFoundError, match="no such calendar"):
            read(demo, token)
    assert feeds.has_feed(demo, actor)
    feeds.end_feed(demo, actor)
    assert not feeds.has_feed(demo, actor)
    with pytest.raises(NotFoundError):
        read(demo, second)
    third = feeds.make_feed(demo, actor)
    read(demo, third)
    account = accounts.find_account(demo, SHELL, "feed-disruption_lead")
    accounts.set_disabled(demo, SHELL, account, is_disabled=True)
    with pytest.raises(NotFoundError):
        read(demo, third)


def test_who_may_not_let_actions_leave_or_has_no_account_gets_no_address(
    demo: Workspace, lead: Actor
) -> None:
    for actor in (holder(demo, UserRole.VIEWER), replace(lead, account_id=None)):
        with pytest.raises(NotAllowedError):
            feeds.make_feed(demo, actor)


def test_the_gate_serves_an_address_without_a_session_and_nothing_for_a_guess(
    demo: Workspace, hotspot_command: list[str]
) -> None:
    token = feeds.make_feed(demo, holder(demo))
    with served([*hotspot_command, "serve", "-w", str(demo.folder)]) as address:
        with urlopen(f"{address}/calendar/{token}.ics") as answer:
            assert answer.headers["content-type"].startswith("text/calendar")
            assert "no-store" in answer.headers["cache-control"]
            assert answer.read().startswith(b"BEGIN:VCALENDAR")
        for wrong in (token[:-1], f"{token}x", "..%2fhotspot"):
            with pytest.raises(HTTPError) as refused:
                urlopen(f"{address}/calendar/{wrong}.ics")
            assert refused.value.code == 404
