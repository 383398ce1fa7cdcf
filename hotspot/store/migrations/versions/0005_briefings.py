"""Keep with a snapshot what its briefing needs, erase old ones, and keep school holidays."""

import sqlalchemy as sa
from alembic import op

from hotspot.store.tables.core import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the new columns and table; snapshots taken before have nothing more to brief from."""
    with op.batch_alter_table("snapshots") as batch:
        batch.add_column(sa.Column("briefing", sa.Text(), nullable=True))
        batch.add_column(sa.Column("briefing_sha256", sa.String(64), nullable=True))
        batch.add_column(sa.Column("erased_at", UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("erased_rule", sa.Text(), nullable=True))
    op.create_table(
        "school_holidays",
        sa.Column("holiday_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("holiday_id"),
    )
