"""Complaints, sealed to people outside the case they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "complaints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("person_wrap", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_complaints_answered_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_complaints_organisation_id")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_complaints_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("token", name=op.f("uq_complaints_token")),
    )
    op.create_index(op.f("ix_complaints_organisation_id"), "complaints", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_complaints_request_id"), "complaints", ["request_id"], unique=False)
    op.create_table(
        "complaint_readers",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_readers_complaint_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_complaint_readers_person_id")),
        sa.PrimaryKeyConstraint("complaint_id", "person_id", name=op.f("pk_complaint_readers")),
    )
    op.create_index(op.f("ix_complaint_readers_person_id"), "complaint_readers", ["person_id"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_table("complaint_readers")
    op.drop_table("complaints")
