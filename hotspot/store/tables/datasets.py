"""Declare the tables of what was imported: files, rows that were not used, registers, counts."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
)

from hotspot.store.tables.core import UtcDateTime, account_of, later_account, metadata


def _import_id(*, is_key: bool = False) -> Column[int]:
    return Column("import_id", ForeignKey("imports.import_id"), primary_key=is_key, nullable=False)


imports = Table(
    "imports",
    metadata,
    Column("import_id", Integer, primary_key=True),
    Column("source", String(32), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("balance", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("completeness", JSON),
    Column("mapping", JSON),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", Text),
    Column("withdrawn_why", Text),
    Column("superseded_by", Integer),
    account_of("imported_by"),
    later_account("withdrawn_by"),
)

rejects = Table(
    "rejects",
    metadata,
    _import_id(is_key=True),
    Column("reason", String(32), primary_key=True),
    Column("column", String(200), primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("lines", Text, nullable=False),
)

record_files = Table(
    "record_files",
    metadata,
    Column("path", String(200), primary_key=True),
    _import_id(),
    Column("source", String(32), nullable=False),
    Column("month", String(7), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
)

superseded_records = Table(
    "superseded_records",
    metadata,
    Column("import_id", Integer, primary_key=True),
    Column("record_id", String(16), primary_key=True),
    Column("by_import", Integer, primary_key=True),
)

premises = Table(
    "premises",
    metadata,
    Column("source", String(32), primary_key=True),
    Column("premises_ref", String(100), primary_key=True),
    _import_id(is_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("address", Text),
    Column("postcode", String(16)),
    Column("authority", Text),
    Column("activities", Text),
    Column("open_until", Text),
    Column("ends_on", Date),
    Column("lat", Float),
    Column("lng", Float),
)

places = Table(
    "places",
    metadata,
    Column("source", String(32), primary_key=True),
    Column("place_ref", String(100), primary_key=True),
    _import_id(is_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("lat", Float, nullable=False),
    Column("lng", Float, nullable=False),
)

sites = Table(
    "sites",
    metadata,
    Column("site_id", Integer, primary_key=True),
    _import_id(),
    Column("name", Text, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("within_m", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lng", Float, nullable=False),
)

boundaries = Table(
    "boundaries",
    metadata,
    Column("layer", String(32), primary_key=True),
    Column("code", String(200), primary_key=True),
    _import_id(is_key=True),
    Column("name", Text, nullable=False),
    Column("outline", Text, nullable=False),
)

outcome_counts = Table(
    "outcome_counts",
    metadata,
    Column("count_id", Integer, primary_key=True),
    Column("month", String(7), nullable=False),
    Column("district", String(200), nullable=False),
    Column("what", String(32), nullable=False),
    Column("number", Integer),
    Column("import_id", Integer),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("entered_by", Text, nullable=False),
    account_of("entered_by"),
)

mappings = Table(
    "mappings",
    metadata,
    Column("source", String(32), primary_key=True),
    Column("columns_digest", String(64), primary_key=True),
    Column("mapping", JSON, nullable=False),
    Column("confirmed_by", Text, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
    account_of("confirmed_by"),
)

recording_changes = Table(
    "recording_changes",
    metadata,
    Column("change_id", Integer, primary_key=True),
    Column("source", String(32), nullable=False),
    Column("on_day", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("marked_by", Text, nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
    account_of("marked_by"),
)

school_holidays = Table(
    "school_holidays",
    metadata,
    Column("holiday_id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", UtcDateTime),
    account_of("entered_by"),
    later_account("withdrawn_by"),
)

holds = Table(
    "holds",
    metadata,
    Column("hold_id", Integer, primary_key=True),
    Column("source", String(32), nullable=False),
    Column("first_month", String(7), nullable=False),
    Column("last_month", String(7), nullable=False),
    Column("why", Text, nullable=False),
    Column("is_legal", Boolean, nullable=False),
    Column("until", Date),
    Column("placed_by", Text, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("lifted_by", Text),
    Column("lifted_at", UtcDateTime),
    account_of("placed_by"),
    later_account("lifted_by"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("erasure_id", Integer, primary_key=True),
    Column("path", String(200), nullable=False),
    Column("source", String(32), nullable=False),
    Column("month", String(7), nullable=False),
    Column("import_id", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("rule", Text, nullable=False),
    Column("erased_by", Text, nullable=False),
    Column("erased_at", UtcDateTime, nullable=False),
    account_of("erased_by"),
)

facts = Table(
    "facts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
