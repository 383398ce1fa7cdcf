"""Keep the private addresses of calendars: one an account, by the digest of its token."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from hotspot.access.accounts import Account
from hotspot.store.accounts import list_accounts
from hotspot.store.tables.core import calendar_feeds


def add_feed(connection: Connection, account_id: int, token_digest: str, at: datetime) -> None:
    """Write an address; the account's earlier one ends."""
    end_feed(connection, account_id, at)
    values = {"account_id": account_id, "token_digest": token_digest, "made_at": at}
    connection.execute(insert(calendar_feeds).values(values))


def end_feed(connection: Connection, account_id: int, at: datetime) -> bool:
    """End the address of an account; tell whether there was one."""
    mine = (calendar_feeds.c.account_id == account_id) & calendar_feeds.c.ended_at.is_(None)
    return connection.execute(update(calendar_feeds).where(mine).values(ended_at=at)).rowcount > 0


def has_feed(connection: Connection, account_id: int) -> bool:
    """Tell whether an account has an address that nothing has ended."""
    mine = (calendar_feeds.c.account_id == account_id) & calendar_feeds.c.ended_at.is_(None)
    return connection.execute(select(calendar_feeds.c.feed_id).where(mine)).first() is not None


def account_of_feed(connection: Connection, token_digest: str) -> Account | None:
    """Find the account of an address that nothing has ended, unless it may not sign in."""
    query = select(calendar_feeds.c.account_id).where(
        calendar_feeds.c.token_digest == token_digest, calendar_feeds.c.ended_at.is_(None)
    )
    number = connection.execute(query).scalar_one_or_none()
    owners = (one for one in list_accounts(connection) if one.account_id == number)
    return next((one for one in owners if not one.is_disabled), None)
