"""Other organisations are asked, without a name, whether they act for the other side."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "conflict_enquiries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("news", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("case_wrap", sa.LargeBinary(), nullable=False),
        sa.Column("partner_wrap", sa.LargeBinary(), nullable=True),
        sa.Column("partner_key_id", sa.Uuid(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answer_signature", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'answered', 'silent', 'withdrawn', 'closed')",
            name=op.f("ck_conflict_enquiries_state"),
        ),
        _refers("organisation_id", "organisations"),
        _refers("case_id", "cases"),
        _refers("partner_id", "organisations"),
        _refers("asked_by", "people"),
        _refers("answered_by", "people"),
        _refers("partner_key_id", "organisation_keys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_enquiries")),
    )
    for name, columns in (
        ("ix_conflict_enquiries_case_id", ["case_id"]),
        ("ix_conflict_enquiries_partner_key_id", ["partner_key_id"]),
        ("ix_conflict_enquiries_partner", ["partner_id", "state", "due_at"]),
        ("ix_conflict_enquiries_clock", ["state", "due_at"]),
        ("ix_conflict_enquiries_news", ["organisation_id", "news"]),
    ):
        op.create_index(name, "conflict_enquiries", columns)


def downgrade() -> None:
    """Back."""
    op.drop_table("conflict_enquiries")


def _refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_conflict_enquiries_{column}"))
