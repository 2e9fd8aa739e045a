"""Recalled files are settled by somebody at an instant; the same form adds one entry to the directory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLE = "dossier_outputs"
_DIRECTORY = "directory_entries"
_UNIQUE = "uq_directory_entries_token"
_SETTLED_BY = "fk_dossier_outputs_settled_by_people"


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table(_TABLE) as table:
        table.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("settled_by", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f(_SETTLED_BY), "people", ["settled_by"], ["id"])
    with op.batch_alter_table(_DIRECTORY) as table:
        table.add_column(sa.Column("token", sa.Uuid(), nullable=True))
        table.create_unique_constraint(op.f(_UNIQUE), ["token"])


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table(_DIRECTORY) as table:
        table.drop_constraint(op.f(_UNIQUE), type_="unique")
        table.drop_column("token")
    with op.batch_alter_table(_TABLE) as table:
        table.drop_constraint(op.f(_SETTLED_BY), type_="foreignkey")
        table.drop_column("settled_by")
        table.drop_column("settled_at")
