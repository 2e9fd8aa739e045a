"""Deadlines of a case, with the two people who watch each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "deadlines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("safe_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("responsible_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_deadlines_state")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deadlines_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["people.id"], name=op.f("fk_deadlines_responsible_id_people")
        ),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_deadlines_second_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint("token", name=op.f("uq_deadlines_token")),
    )
    op.create_index(op.f("ix_deadlines_case_id"), "deadlines", ["case_id"])
    op.create_index(op.f("ix_deadlines_responsible_id"), "deadlines", ["responsible_id"])
    op.create_index(op.f("ix_deadlines_second_id"), "deadlines", ["second_id"])
    op.create_index("ix_deadlines_open", "deadlines", ["state", "safe_on"])


def downgrade() -> None:
    """Back."""
    op.drop_table("deadlines")
