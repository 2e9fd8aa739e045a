"""What a reader's search looks through, sealed in blocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "search_blocks",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_search_blocks_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "block", name=op.f("pk_search_blocks")),
    )


def downgrade() -> None:
    """Back. Nothing is lost: a search makes its blocks anew."""
    op.drop_table("search_blocks")
