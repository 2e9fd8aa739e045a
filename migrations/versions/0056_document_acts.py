"""Who saved a document, or gave it out, is asked on its page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_DOCUMENTS = sa.text("object_kind = 'document'")


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_audit_entries_document",
        "audit_entries",
        ["object_id"],
        sqlite_where=_DOCUMENTS,
        postgresql_where=_DOCUMENTS,
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_audit_entries_document", "audit_entries")
