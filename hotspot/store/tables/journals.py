"""Declare the tables of journals (of premises and of meetings) and of unsent texts."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table, Text

from hotspot.store.tables.core import UtcDateTime, account_of, later_account, metadata

journal = Table(
    "journal",
    metadata,
    Column("entry_id", Integer, primary_key=True),
    Column("about", String(160), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("body", JSON, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_why", Text),
    account_of("recorded_by"),
    later_account("withdrawn_by"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("owner", String(100), primary_key=True),
    Column("field", String(100), primary_key=True),
    Column("text", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)
