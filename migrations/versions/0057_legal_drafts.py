"""Drafts of the lawyers of a case, and the lawyers who are asked for a time to review one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("assignments") as table:
        table.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "legal_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_legal_drafts_case_id")),
        sa.ForeignKeyConstraint(["desk_id"], ["people.id"], name=op.f("fk_legal_drafts_desk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_drafts")),
        sa.UniqueConstraint("token", name=op.f("uq_legal_drafts_token")),
    )
    op.create_index("ix_legal_drafts_case_id", "legal_drafts", ["case_id"])
    op.create_table(
        "legal_draft_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_legal_draft_parts_case_id")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["legal_drafts.id"], name=op.f("fk_legal_draft_parts_draft_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_draft_parts")),
        sa.UniqueConstraint("token", name=op.f("uq_legal_draft_parts_token")),
    )
    op.create_index("ix_legal_draft_parts_case_id", "legal_draft_parts", ["case_id"])
    op.create_index("ix_legal_draft_parts_draft", "legal_draft_parts", ["draft_id", "written_at", "id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("legal_draft_parts")
    op.drop_table("legal_drafts")
    # An offer to review is none that an earlier version knows: it would pass for one of the whole case.
    op.execute(sa.text("DELETE FROM assignments WHERE until IS NOT NULL"))
    with op.batch_alter_table("assignments") as table:
        table.drop_column("until")
