"""Entries of the directory have an address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("directory_entries") as batch:
        batch.add_column(sa.Column("address", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("directory_entries") as batch:
        batch.alter_column("address", existing_type=sa.String(), server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("directory_entries") as batch:
        batch.drop_column("address")
