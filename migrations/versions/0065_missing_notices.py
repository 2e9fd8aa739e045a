"""Who gives a case up is found without walking through everybody who works on one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    withdrawing = sa.text("withdrawing_since IS NOT NULL")
    op.create_index(
        "ix_case_members_withdrawing",
        "case_members",
        ["ended_at", "until"],
        sqlite_where=withdrawing,
        postgresql_where=withdrawing,
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_case_members_withdrawing", "case_members")
