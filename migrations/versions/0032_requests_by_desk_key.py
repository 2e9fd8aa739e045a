"""Requests that lie under an older key of the desk are found without reading all of them."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_index(op.f("ix_requests_desk_key_id"), "requests", ["desk_key_id"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_index(op.f("ix_requests_desk_key_id"), table_name="requests")
