"""Privileged notes, and the grants of the key that only the lawyers of a case hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "note_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("holder_kind", sa.String(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("granter_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_note_grants_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_grants")),
        sa.UniqueConstraint(
            "case_id", "epoch", "holder_id", name=op.f("uq_note_grants_case_id_epoch_holder_id")
        ),
    )
    op.create_index("ix_note_grants_holder_id", "note_grants", ["holder_id"])
    op.create_table(
        "lawyer_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_lawyer_notes_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_lawyer_notes_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lawyer_notes")),
        sa.UniqueConstraint("token", name=op.f("uq_lawyer_notes_token")),
    )
    op.create_index("ix_lawyer_notes_case", "lawyer_notes", ["case_id", "written_at", "id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("lawyer_notes")
    op.drop_table("note_grants")
