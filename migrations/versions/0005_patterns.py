"""What recurs: scans, decisions, proposals, pooled counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "pattern_scans",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        _refers("pattern_scans", "organisation_id", "organisations"),
        _refers("pattern_scans", "key_id", "organisation_keys"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_pattern_scans")),
    )
    op.create_table(
        "pattern_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        _refers("pattern_decisions", "organisation_id", "organisations"),
        _refers("pattern_decisions", "key_id", "organisation_keys"),
        _refers("pattern_decisions", "decided_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern_decisions")),
    )
    op.create_index(op.f("ix_pattern_decisions_organisation_id"), "pattern_decisions", ["organisation_id"])
    op.create_table(
        "pattern_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'watched', 'rejected')",
            name=op.f("ck_pattern_proposals_state"),
        ),
        _refers("pattern_proposals", "organisation_id", "organisations"),
        _refers("pattern_proposals", "key_id", "organisation_keys"),
        _refers("pattern_proposals", "proposed_by", "people"),
        _refers("pattern_proposals", "answered_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern_proposals")),
        sa.UniqueConstraint("token", name=op.f("uq_pattern_proposals_token")),
    )
    op.create_index(op.f("ix_pattern_proposals_organisation_id"), "pattern_proposals", ["organisation_id"])
    op.create_index(op.f("ix_pattern_proposals_proposed_by"), "pattern_proposals", ["proposed_by"])
    op.create_table(
        "pool_partners",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        _refers("pool_partners", "organisation_id", "organisations"),
        _refers("pool_partners", "partner_id", "organisations"),
        _refers("pool_partners", "decided_by", "people"),
        sa.PrimaryKeyConstraint("organisation_id", "partner_id", name=op.f("pk_pool_partners")),
    )
    op.create_table(
        "pooled_counts",
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        _refers("pooled_counts", "from_id", "organisations"),
        _refers("pooled_counts", "to_id", "organisations"),
        _refers("pooled_counts", "key_id", "organisation_keys"),
        _refers("pooled_counts", "told_by", "people"),
        sa.PrimaryKeyConstraint("from_id", "to_id", name=op.f("pk_pooled_counts")),
    )


def downgrade() -> None:
    """Back."""
    made = ("pooled_counts", "pool_partners", "pattern_proposals", "pattern_decisions", "pattern_scans")
    for table in made:
        op.drop_table(table)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
