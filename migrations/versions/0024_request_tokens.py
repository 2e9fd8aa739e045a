"""People of a request that became no case are compared too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "request_tokens",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_tokens_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("token", "request_id", name=op.f("pk_request_tokens")),
    )
    op.create_index(op.f("ix_request_tokens_request_id"), "request_tokens", ["request_id"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_index(op.f("ix_request_tokens_request_id"), table_name="request_tokens")
    op.drop_table("request_tokens")
