"""What may be compared of a client unseen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. Files from before are compared once somebody changes them."""
    op.create_table(
        "match_tokens",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_match_tokens_case_id_cases")),
        sa.PrimaryKeyConstraint("token", "case_id", name=op.f("pk_match_tokens")),
    )
    op.create_index(op.f("ix_match_tokens_case_id"), "match_tokens", ["case_id"], unique=False)


def downgrade() -> None:
    """Back. Tokens can be made anew from the files."""
    op.drop_table("match_tokens")
