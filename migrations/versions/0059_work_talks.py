"""Notes of talks about the work, for the two who had them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "work_talks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_work_talks_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_work_talks_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_talks")),
        sa.UniqueConstraint("token", name=op.f("uq_work_talks_token")),
    )
    op.create_table(
        "work_talk_readers",
        sa.Column("talk_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["work_talks.id"], name=op.f("fk_work_talk_readers_talk_id_work_talks")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_work_talk_readers_person_id_people")
        ),
        sa.PrimaryKeyConstraint("talk_id", "person_id", name=op.f("pk_work_talk_readers")),
    )
    op.create_index(op.f("ix_work_talk_readers_person_id"), "work_talk_readers", ["person_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("work_talk_readers")
    op.drop_table("work_talks")
