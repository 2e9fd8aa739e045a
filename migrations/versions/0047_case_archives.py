"""ZIPs of conversations, while they are brought into a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "case_archives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_archives_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_archives")),
        sa.UniqueConstraint("token", name=op.f("uq_case_archives_token")),
    )
    op.create_index("ix_case_archives_case_id", "case_archives", ["case_id"])
    op.create_index("ix_case_archives_touched_at", "case_archives", ["touched_at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("case_archives")
