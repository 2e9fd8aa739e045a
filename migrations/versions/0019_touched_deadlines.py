"""A deadline that comes out otherwise since the law has changed comes to desks without being opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("deadlines") as table:
        table.add_column(sa.Column("touched", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("deadlines") as table:
        table.alter_column("touched", server_default=None)
    op.create_index(
        "ix_deadlines_touched",
        "deadlines",
        ["case_id"],
        sqlite_where=sa.text("touched = 1"),
        postgresql_where=sa.text("touched"),
    )
    op.create_table(
        "law_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_files")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("law_files")
    op.drop_index("ix_deadlines_touched", "deadlines")
    with op.batch_alter_table("deadlines") as table:
        table.drop_column("touched")
