"""Keep with a licence the day on which it ends."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the new column; of licences that were imported before no end is known."""
    with op.batch_alter_table("premises") as batch:
        batch.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
