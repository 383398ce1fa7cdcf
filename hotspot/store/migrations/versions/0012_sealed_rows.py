"""Let a row of the log seal the rows that it changed, and a log begin with its head."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the column; a log that has no row yet gets the head that every log must have."""
    op.add_column("audit", sa.Column("changed", sa.JSON(none_as_null=True), nullable=True))
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT count(*) FROM audit")).scalar_one()
    heads = connection.execute(sa.text("SELECT count(*) FROM audit_head")).scalar_one()
    if not rows and not heads:
        head = {"head_id": 1, "audit_id": 0, "seal": "0" * 64}
        columns = "head_id, audit_id, seal"
        statement = f"INSERT INTO audit_head ({columns}) VALUES (:head_id, :audit_id, :seal)"  # noqa: S608 - names of ours
        connection.execute(sa.text(statement), head)
