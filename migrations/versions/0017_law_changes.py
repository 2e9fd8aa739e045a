"""Organisations propose and sign changes of the rules, courts and holidays that deadlines rest on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "law_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sign_off", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'signed', 'withdrawn')", name=op.f("ck_law_changes_state")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_law_changes_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["people.id"], name=op.f("fk_law_changes_proposed_by_people")
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["people.id"], name=op.f("fk_law_changes_signed_by_people")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["people.id"], name=op.f("fk_law_changes_withdrawn_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_changes")),
        sa.UniqueConstraint(
            "organisation_id", "settled", name=op.f("uq_law_changes_organisation_id_settled")
        ),
        sa.UniqueConstraint("token", name=op.f("uq_law_changes_token")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("law_changes")
