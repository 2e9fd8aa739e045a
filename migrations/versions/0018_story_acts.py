"""What was last done to a story is found by an index of the record of acts; how far it goes is sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    stories = sa.text("object_kind = 'story'")
    op.create_index(
        "ix_audit_entries_story",
        "audit_entries",
        ["object_id"],
        sqlite_where=stories,
        postgresql_where=stories,
    )
    with op.batch_alter_table("dossier_stories") as table:
        table.drop_column("level")


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("dossier_stories") as table:
        # What is sealed says more; "2" is the level that goes least far.
        table.add_column(sa.Column("level", sa.String(), nullable=False, server_default="2"))
    op.drop_index("ix_audit_entries_story", "audit_entries")
