"""Who had a request in hands is found by an index of the record of acts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    requests = sa.text("object_kind = 'request'")
    op.create_index(
        "ix_audit_entries_request",
        "audit_entries",
        ["object_id"],
        sqlite_where=requests,
        postgresql_where=requests,
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_audit_entries_request", "audit_entries")
