"""Choices of cases that somebody keeps, and acts on several cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "own_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('filter', 'batch')", name=op.f("ck_own_lists_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_own_lists_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_lists")),
    )
    op.create_index(op.f("ix_own_lists_person_id"), "own_lists", ["person_id"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_table("own_lists")
