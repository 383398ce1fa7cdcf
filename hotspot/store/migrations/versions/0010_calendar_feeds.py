"""Keep the private addresses of calendars, by the digest of their token."""

import sqlalchemy as sa
from alembic import op

from hotspot.store.tables.core import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the new table."""
    op.create_table(
        "calendar_feeds",
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"]),
        sa.PrimaryKeyConstraint("feed_id"),
        sa.UniqueConstraint("token_digest", name="uq_calendar_feeds_token_digest"),
    )
    op.create_index("ix_calendar_feeds_account_id", "calendar_feeds", ["account_id"])
