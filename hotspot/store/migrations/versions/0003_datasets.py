"""Keep what intake needs: mappings, withdrawals, sites, boundaries, counts, holds, erasures."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from hotspot.store.tables.core import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the new tables and columns; premises and places keep every import's version."""
    with op.batch_alter_table("imports") as batch:
        batch.add_column(sa.Column("completeness", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("mapping", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("withdrawn_at", UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("withdrawn_by", sa.Text(), nullable=True))
        batch.add_column(sa.Column("withdrawn_why", sa.Text(), nullable=True))
        batch.add_column(sa.Column("superseded_by", sa.Integer(), nullable=True))
    _gather_rejects()
    with op.batch_alter_table("hotspots") as batch:
        batch.add_column(sa.Column("import_ids", sa.JSON(), nullable=True))
    _make_versioned(
        "premises",
        "premises_ref",
        [
            sa.Column("address", sa.Text(), nullable=True),
            sa.Column("postcode", sa.String(length=16), nullable=True),
            sa.Column("authority", sa.Text(), nullable=True),
            sa.Column("activities", sa.Text(), nullable=True),
            sa.Column("open_until", sa.Text(), nullable=True),
            sa.Column("lat", sa.Float(), nullable=True),
            sa.Column("lng", sa.Float(), nullable=True),
        ],
    )
    _make_versioned(
        "places",
        "place_ref",
        [
            sa.Column("lat", sa.Float(), nullable=False),
            sa.Column("lng", sa.Float(), nullable=False),
        ],
    )
    op.create_table(
        "mappings",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("columns_digest", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "columns_digest", name=op.f("pk_mappings")),
    )
    op.create_table(
        "superseded_records",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(length=16), nullable=False),
        sa.Column("by_import", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "import_id", "record_id", "by_import", name=op.f("pk_superseded_records")
        ),
    )
    op.create_table(
        "sites",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("within_m", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lng", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.import_id"], name=op.f("fk_sites_import_id")
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_sites")),
    )
    op.create_table(
        "boundaries",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outline", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.import_id"], name=op.f("fk_boundaries_import_id")
        ),
        sa.PrimaryKeyConstraint("layer", "code", "import_id", name=op.f("pk_boundaries")),
    )
    op.create_table(
        "outcome_counts",
        sa.Column("count_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("district", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("count_id", name=op.f("pk_outcome_counts")),
    )
    op.create_table(
        "recording_changes",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Text(), nullable=False),
        sa.Column("marked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_recording_changes")),
    )
    op.create_table(
        "holds",
        sa.Column("hold_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("is_legal", sa.Boolean(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_holds")),
    )
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("erased_by", sa.Text(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("erasure_id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )


def _gather_rejects() -> None:
    """Make the table of rows that were not used anew: one row a reason, with its lines."""
    connection = op.get_bind()
    by_reason: dict[tuple[int, str], list[str]] = {}
    query = sa.text("SELECT import_id, reason, line FROM rejects ORDER BY line")
    for import_id, reason, line in connection.execute(query):
        by_reason.setdefault((import_id, reason), []).append(str(line))
    op.drop_table("rejects")
    made = op.create_table(
        "rejects",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("column", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.import_id"], name=op.f("fk_rejects_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "reason", "column", name=op.f("pk_rejects")),
    )
    rows = [
        {"import_id": i, "reason": r, "column": "", "rows": len(lines), "lines": ",".join(lines)}
        for (i, r), lines in by_reason.items()
    ]
    if rows:
        op.bulk_insert(made, rows)


def _make_versioned(table: str, reference: str, columns: list[sa.Column[Any]]) -> None:
    """Make a table anew whose key has the import's number too, and put its rows back."""
    connection = op.get_bind()
    rows = [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}")).mappings()]  # noqa: S608 - a name of ours
    op.drop_table(table)
    made = op.create_table(
        table,
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column(reference, sa.String(length=100), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.import_id"], name=op.f(f"fk_{table}_import_id")
        ),
        sa.PrimaryKeyConstraint("source", reference, "import_id", name=op.f(f"pk_{table}")),
    )
    if rows:
        op.bulk_insert(made, rows)
