"""Each draft has a key of its own; whoever reviews one is lent that, and no note key any more.

Who reviews or is asked at the time of this step loses the note key and is asked anew: keys are made by people
who hold them, not by a step of the database. What lies under the note key itself is read as before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "draft_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("granter_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_draft_grants_case_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["legal_drafts.id"], name=op.f("fk_draft_grants_draft_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_draft_grants_holder_id")),
        sa.ForeignKeyConstraint(["granter_id"], ["people.id"], name=op.f("fk_draft_grants_granter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_grants")),
        sa.UniqueConstraint(
            "draft_id", "epoch", "holder_id", name=op.f("uq_draft_grants_draft_id_epoch_holder_id")
        ),
    )
    op.create_index("ix_draft_grants_holder_id", "draft_grants", ["holder_id"])
    op.execute(
        sa.text(
            "DELETE FROM note_grants WHERE holder_kind = 'person' AND NOT EXISTS (SELECT 1 FROM case_members"
            " WHERE case_members.case_id = note_grants.case_id AND case_members.person_id = "
            "note_grants.holder_id AND case_members.capacity = 'lawyer' AND case_members.ended_at IS NULL)"
        )
    )


def downgrade() -> None:
    """Back. What was sealed under the key of a draft is opened by no earlier version."""
    op.drop_table("draft_grants")
