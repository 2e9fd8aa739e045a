"""When somebody last looked at a case, and whether single keys do something on somebody's pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core import clock

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("case_members", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    # What was written before nobody could look is no news.
    members = sa.table("case_members", sa.column("seen_at", sa.DateTime(timezone=True)))
    op.execute(members.update().values(seen_at=clock.now()))

    op.add_column("people", sa.Column("shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("people") as people:
        people.alter_column("shortcuts", server_default=None)


def downgrade() -> None:
    """Back."""
    op.drop_column("people", "shortcuts")
    op.drop_column("case_members", "seen_at")
