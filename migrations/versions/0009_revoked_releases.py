"""Releases can be revoked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("releases") as table:
        table.add_column(sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("revoked_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("revoked_reason", sa.LargeBinary(), nullable=True))
        table.create_foreign_key(op.f("fk_releases_revoked_by_people"), "people", ["revoked_by"], ["id"])


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("releases") as table:
        table.drop_constraint(op.f("fk_releases_revoked_by_people"), type_="foreignkey")
        table.drop_column("revoked_reason")
        table.drop_column("revoked_by")
        table.drop_column("revoked_at")
