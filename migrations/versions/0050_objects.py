"""What names an object of the store is found by it: the sweep asks before it deletes anything."""

from __future__ import annotations

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

COLUMNS = (("request_files", "copy_id"), ("releases", "blob_id"), ("dossier_outputs", "blob_id"))


def upgrade() -> None:
    """Forward."""
    for table, column in COLUMNS:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Back."""
    for table, column in COLUMNS:
        op.drop_index(f"ix_{table}_{column}", table)
