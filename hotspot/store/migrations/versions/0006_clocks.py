"""Keep with an action why it is right and lawful, and when what its clock counts from happened."""

import sqlalchemy as sa
from alembic import op

from hotspot.store.tables.core import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the new columns and table; of actions recorded before nothing more is known."""
    with op.batch_alter_table("actions") as batch:
        batch.add_column(sa.Column("measure_version", sa.String(12), nullable=True))
        for name in ("objective", "necessity", "victim_impact", "reference", "outcome"):
            batch.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("confirmed", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("results", sa.JSON(), nullable=True))
    op.create_table(
        "action_moments",
        sa.Column("moment_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("happened", sa.String(40), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["actions.action_id"]),
        sa.PrimaryKeyConstraint("moment_id"),
    )
    op.create_index("ix_action_moments_action_id", "action_moments", ["action_id"])
