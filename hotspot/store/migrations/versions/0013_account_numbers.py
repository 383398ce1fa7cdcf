"""Keep the number of the account in the log, and who wrote and signed a finding by it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the columns; of what was written before, the names alone are known."""
    op.add_column("audit", sa.Column("account_id", sa.Integer(), nullable=True))
    for name in ("written_by_id", "signed_by_id"):
        op.add_column("findings", sa.Column(name, sa.Integer(), nullable=True))
