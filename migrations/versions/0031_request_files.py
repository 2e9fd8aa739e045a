"""Files that come with a request for help and its conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "request_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("copy_id", sa.Uuid(), nullable=True),
        sa.Column("copy_failed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(draft_id IS NULL) <> (request_id IS NULL)", name=op.f("ck_request_files_owner")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["request_drafts.id"], name=op.f("fk_request_files_draft_id_request_drafts")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_files_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["request_messages.id"], name=op.f("fk_request_files_message_id_request_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_files")),
    )
    for column in ("draft_id", "request_id", "message_id"):
        op.create_index(op.f(f"ix_request_files_{column}"), "request_files", [column], unique=False)


def downgrade() -> None:
    """Back."""
    for column in ("message_id", "request_id", "draft_id"):
        op.drop_index(op.f(f"ix_request_files_{column}"), table_name="request_files")
    op.drop_table("request_files")
