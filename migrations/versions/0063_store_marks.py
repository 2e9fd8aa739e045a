"""The database and the store of files keep a mark by which they know each other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. The first round of the sweep marks both."""
    op.create_table(
        "store_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Uuid(), nullable=False),
        sa.Column("before", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_marks")),
    )


def downgrade() -> None:
    """Back. After coming forward again an operator has to say that the two go together."""
    op.drop_table("store_marks")
