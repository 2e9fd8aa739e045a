"""Referrals and the directory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """A reference to the id of another table, named as everywhere."""
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "directory_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("name_ar", sa.String(), nullable=False),
        sa.Column("name_tr", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("provinces", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("focal_person", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("directory_entries", "organisation_id", "organisations"),
        _to("directory_entries", "partner_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_entries")),
        sa.UniqueConstraint(
            "organisation_id", "code", name=op.f("uq_directory_entries_organisation_id_code")
        ),
    )
    op.create_index("ix_directory_entries_home", "directory_entries", ["organisation_id", "retired"])
    op.create_table(
        "referrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chase_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chases", sa.Integer(), nullable=False),
        sa.Column("access_until", sa.Date(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("waits_sender", sa.Boolean(), nullable=False),
        sa.Column("waits_partner", sa.Boolean(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("referrals", "organisation_id", "organisations"),
        _to("referrals", "case_id", "cases"),
        _to("referrals", "partner_id", "organisations"),
        _to("referrals", "created_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("token", name=op.f("uq_referrals_token")),
    )
    op.create_index(op.f("ix_referrals_case_id"), "referrals", ["case_id"])
    op.create_index("ix_referrals_sent", "referrals", ["organisation_id", "waits_sender", "due_at"])
    op.create_index("ix_referrals_state", "referrals", ["organisation_id", "state", "due_at"])
    op.create_index("ix_referrals_received", "referrals", ["partner_id", "waits_partner", "due_at"])
    op.create_index("ix_referrals_clock", "referrals", ["state", "chase_at"])
    op.create_table(
        "referral_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("case_wrap", sa.LargeBinary(), nullable=True),
        sa.Column("partner_wrap", sa.LargeBinary(), nullable=True),
        sa.Column("partner_key_id", sa.Uuid(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("token", sa.Uuid(), nullable=True),
        _to("referral_lines", "referral_id", "referrals"),
        _to("referral_lines", "author_id", "people"),
        _to("referral_lines", "organisation_id", "organisations"),
        _to("referral_lines", "partner_key_id", "organisation_keys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_lines")),
        sa.UniqueConstraint("referral_id", "number", name=op.f("uq_referral_lines_referral_id_number")),
        sa.UniqueConstraint("token", name=op.f("uq_referral_lines_token")),
    )
    op.create_index("ix_referral_lines_key", "referral_lines", ["partner_key_id"])
    op.create_table(
        "referral_packets",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("partner_wrap", sa.LargeBinary(), nullable=True),
        sa.Column("partner_key_id", sa.Uuid(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        _to("referral_packets", "referral_id", "referrals"),
        _to("referral_packets", "released_by", "people"),
        _to("referral_packets", "partner_key_id", "organisation_keys"),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_packets")),
        sa.UniqueConstraint("id", name=op.f("uq_referral_packets_id")),
    )
    op.create_index(op.f("ix_referral_packets_partner_key_id"), "referral_packets", ["partner_key_id"])


def downgrade() -> None:
    """Back."""
    for table in ("referral_packets", "referral_lines", "referrals", "directory_entries"):
        op.drop_table(table)
