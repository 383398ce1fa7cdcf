"""Keep where an action left its ladder aside, what it shares under, and the kind of a meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"


def upgrade() -> None:
    """Make the new columns; a notice that was "looked at again" is "reviewed" by its new name."""
    with op.batch_alter_table("actions") as batch:
        for name in ("stage_before", "sharing_agreement", "family_views"):
            batch.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("meetings") as batch:
        batch.add_column(sa.Column("kind", sa.String(32), nullable=False, server_default="MACE"))
    actions = sa.table("actions", sa.column("stage", sa.String))
    again = actions.c.stage == "looked at again"
    op.execute(sa.update(actions).where(again).values(stage="reviewed"))
