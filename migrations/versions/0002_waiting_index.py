"""The desk finds what waits without walking through the organisation."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_cases_waiting", "cases", ["organisation_id", "state", "urgency", "number"], unique=False
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_cases_waiting", table_name="cases")
