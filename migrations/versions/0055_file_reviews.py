"""Which files are looked at each month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "review_draws",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("closed", sa.JSON(), nullable=False),
        sa.Column("open", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_review_draws_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_draws")),
        sa.UniqueConstraint("organisation_id", "month", name=op.f("uq_review_draws_organisation_id_month")),
    )
    op.create_table(
        "drawn_files",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_drawn_files_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_drawn_files_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["case_items.id"],
            name=op.f("fk_drawn_files_review_id_case_items"),
        ),
        sa.PrimaryKeyConstraint("month", "case_id", name=op.f("pk_drawn_files")),
    )
    op.create_index(op.f("ix_drawn_files_case_id"), "drawn_files", ["case_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("drawn_files")
    op.drop_table("review_draws")
