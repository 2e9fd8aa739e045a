"""Since when somebody waits who wrote to a request stands beside that they do: a look sets no clock back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. Who waits already waits since the request was last changed."""
    op.add_column("requests", sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text("UPDATE requests SET waits_since = changed_at WHERE waits_desk"))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("requests") as table:
        table.drop_column("waits_since")
