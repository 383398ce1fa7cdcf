"""Declare the tables of hotspots, actions, accounts and the log (see also `dataset_tables`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

ACCOUNT = "hotspot_account"
"""The option of a connection that holds the number of the account that writes on it."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: given and returned with UTC, whatever the database makes of time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone, and store UTC."""
        del dialect
        if value is not None and value.tzinfo is None:
            message = "A time without a zone cannot be stored."
            raise ValueError(message)
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401
        """Give back the zone that SQLite forgets."""
        del dialect
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _account_that_writes(context: Any) -> int | None:  # noqa: ANN401 - SQLAlchemy's own
    number: int | None = context.execution_options.get(ACCOUNT)
    return number


def account_of(name: str) -> Column[int]:
    """Declare the number of the account that writes a row, beside its name, which is only shown.

    It is filled from the unit of work, so that no service can leave it out or give another's.
    """
    return Column(f"{name}_id", Integer, default=_account_that_writes)


def later_account(name: str) -> Column[int]:
    """Declare the number of the account that does something to a row later: signs it, lifts it."""
    return Column(f"{name}_id", Integer)


hotspots = Table(
    "hotspots",
    metadata,
    Column("hotspot_id", Integer, primary_key=True),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("cells", JSON, nullable=False),
    Column("outline", Text, nullable=False),
    Column("approximate", Boolean, nullable=False),
    Column("import_ids", JSON),
    Column("weights", JSON),
    Column("name", Text, nullable=False, server_default=""),
    Column("kind", String(16), nullable=False, server_default="area"),
    Column("state", String(16), nullable=False, server_default="active"),
    Column("merged_into", Integer),
    Column("by_hand", Boolean, nullable=False, server_default=false()),
    Column("told_by", Text),
    Column("grade", String(8)),
    account_of("registered_by"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("snapshot_id", Integer, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("note", Text, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("code_version", String(32), nullable=False),
    Column("params", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("approximate", Boolean, nullable=False),
    Column("files", JSON, nullable=False),
    Column("site_imports", JSON, nullable=False),
    Column("last_import", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("result", Text, nullable=False),
    Column("result_sha256", String(64), nullable=False),
    Column("cells", LargeBinary, nullable=False),
    Column("cells_sha256", String(64), nullable=False),
    Column("briefing", Text),
    Column("briefing_sha256", String(64)),
    Column("erased_at", UtcDateTime),
    Column("erased_rule", Text),
    UniqueConstraint("name"),
    account_of("taken_by"),
)

lineage = Table(
    "lineage",
    metadata,
    Column("lineage_id", Integer, primary_key=True),
    Column("snapshot_id", ForeignKey("snapshots.snapshot_id"), nullable=False, index=True),
    Column("hotspot_id", ForeignKey("hotspots.hotspot_id"), nullable=False, index=True),
    Column("event", String(16), nullable=False),
    Column("key", String(16)),
    Column("related_id", Integer),
    Column("overlap", Float, nullable=False),
    Column("moved_m", Float),
    Column("events", Integer, nullable=False),
    Column("children", Integer),
    Column("why", Text, nullable=False),
    Column("single_child", Boolean, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("finding_id", Integer, primary_key=True),
    Column("hotspot_id", ForeignKey("hotspots.hotspot_id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("grade", String(8)),
    Column("text", Text, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("signed_by", Text),
    Column("signed_at", UtcDateTime),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", UtcDateTime),
    account_of("written_by"),
    later_account("signed_by"),
    later_account("withdrawn_by"),
)

meetings = Table(
    "meetings",
    metadata,
    Column("meeting_id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("kind", String(32), nullable=False, server_default="MACE"),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_by", Text),
    Column("closed_at", UtcDateTime),
    account_of("opened_by"),
    later_account("closed_by"),
)

actions = Table(
    "actions",
    metadata,
    Column("action_id", Integer, primary_key=True),
    Column("command_id", String(64), nullable=False),
    Column("hotspot_id", ForeignKey("hotspots.hotspot_id"), nullable=False, index=True),
    Column("premises_source", String(32)),
    Column("premises_ref", String(100)),
    Column("measure_code", String(16), nullable=False),
    Column("owner", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("measure_version", String(12)),
    *(
        Column(name, Text, nullable=False, server_default="")
        for name in ("objective", "necessity", "victim_impact", "reference")
    ),
    Column("confirmed", JSON),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("results", JSON),
    Column("stage", String(64), nullable=False, server_default=""),
    *(
        Column(name, Text, nullable=False, server_default="")
        for name in ("stage_before", "sharing_agreement", "family_views")
    ),
    Column("meeting_id", ForeignKey("meetings.meeting_id")),
    UniqueConstraint("command_id"),
    account_of("recorded_by"),
    later_account("owner"),
)

action_moments = Table(
    "action_moments",
    metadata,
    Column("moment_id", Integer, primary_key=True),
    Column("action_id", ForeignKey("actions.action_id"), nullable=False, index=True),
    Column("event", String(64), nullable=False),
    Column("happened", String(40)),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    account_of("recorded_by"),
)

action_events = Table(
    "action_events",
    metadata,
    Column("event_id", Integer, primary_key=True),
    Column("action_id", ForeignKey("actions.action_id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("event", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("note", Text, nullable=False),
    account_of("actor"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(100), nullable=False),
    Column("shown_as", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("agency", Text, nullable=False),
    Column("districts", JSON, nullable=False),
    Column("password_hash", Text),
    Column("second_factor", Text),
    Column("last_code_step", Integer, nullable=False),
    Column("subject", String(500)),
    Column("must_change_password", Boolean, nullable=False),
    Column("is_disabled", Boolean, nullable=False),
    UniqueConstraint("name"),
    UniqueConstraint("subject"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("stage", String(32), nullable=False),
    Column("client", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ending", String(32)),
)

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    Column("feed_id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.account_id"), nullable=False, index=True),
    Column("token_digest", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    UniqueConstraint("token_digest"),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("name_digest", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("audit_id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("session", String(16), nullable=False),
    Column("client", Text, nullable=False),
    Column("app_version", String(32), nullable=False),
    Column("operation", String(32), nullable=False),
    Column("category", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("shape", JSON, nullable=False),
    Column("places", JSON, nullable=False),
    Column("reason", Text),
    Column("recipients", Text),
    Column("seal", String(64)),
    Column("changed", JSON(none_as_null=True)),
    Column("account_id", Integer),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("head_id", Integer, primary_key=True),
    Column("audit_id", Integer, nullable=False),
    Column("seal", String(64), nullable=False),
)
