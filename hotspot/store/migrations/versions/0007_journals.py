"""Keep where an action stands on its measure's ladder, journals, meetings and unsent texts."""

import sqlalchemy as sa
from alembic import op

from hotspot.store.tables.core import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the new columns and tables; actions recorded before stand on the common ladder."""
    op.create_table(
        "meetings",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("meeting_id"),
    )
    op.create_table(
        "journal",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(160), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("entry_id"),
    )
    op.create_index("ix_journal_about", "journal", ["about"])
    op.create_table(
        "drafts",
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("field", sa.String(100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "field"),
    )
    with op.batch_alter_table("actions") as batch:
        batch.add_column(sa.Column("stage", sa.String(64), nullable=False, server_default=""))
        batch.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            "fk_actions_meeting_id", "meetings", ["meeting_id"], ["meeting_id"]
        )
