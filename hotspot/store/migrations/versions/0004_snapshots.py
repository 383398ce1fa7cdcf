"""Keep snapshots, lineage and findings, and what a registered hotspot is called."""

import sqlalchemy as sa
from alembic import op

from hotspot.store.tables.core import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the new tables; hotspots that are registered already are awake and from the analysis."""
    with op.batch_alter_table("hotspots") as batch:
        batch.add_column(sa.Column("weights", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("name", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="area"))
        batch.add_column(sa.Column("state", sa.String(16), nullable=False, server_default="active"))
        batch.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(sa.Column("told_by", sa.Text(), nullable=True))
        batch.add_column(sa.Column("grade", sa.String(8), nullable=True))
    op.create_table(
        "snapshots",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("code_version", sa.String(length=32), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("site_imports", sa.JSON(), nullable=False),
        sa.Column("last_import", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.Column("cells_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("name", name=op.f("uq_snapshots_name")),
    )
    op.create_table(
        "lineage",
        sa.Column("lineage_id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("hotspot_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=True),
        sa.Column("related_id", sa.Integer(), nullable=True),
        sa.Column("overlap", sa.Float(), nullable=False),
        sa.Column("moved_m", sa.Float(), nullable=True),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("single_child", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hotspot_id"], ["hotspots.hotspot_id"], name=op.f("fk_lineage_hotspot_id")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.snapshot_id"], name=op.f("fk_lineage_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("lineage_id", name=op.f("pk_lineage")),
    )
    op.create_table(
        "findings",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("hotspot_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["hotspot_id"], ["hotspots.hotspot_id"], name=op.f("fk_findings_hotspot_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_findings")),
    )
    op.create_index(op.f("ix_findings_hotspot_id"), "findings", ["hotspot_id"])
    op.create_index(op.f("ix_lineage_hotspot_id"), "lineage", ["hotspot_id"])
    op.create_index(op.f("ix_lineage_snapshot_id"), "lineage", ["snapshot_id"])
