"""Who wants to be told that an answer is there: where and when, sealed for the server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "request_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('idle', 'waiting', 'sending', 'sent', 'refused')",
            name=op.f("ck_request_notices_state"),
        ),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_request_notices_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_notices")),
        sa.UniqueConstraint("request_id", name=op.f("uq_request_notices_request_id")),
    )
    op.create_index("ix_request_notices_due", "request_notices", ["state", "try_at"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_table("request_notices")
