"""The newest cases that somebody reaches, and their versions, are read from an index alone."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_cases_newest", "cases", ["organisation_id", "number", "version", "restricted", "id"], unique=False
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_cases_newest", table_name="cases")
