"""Legal information for the public, sessions held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "topics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("topics", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("address", name=op.f("uq_topics_address")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_topics_organisation_id_code")),
    )
    op.create_index(op.f("ix_topics_organisation_id"), "topics", ["organisation_id"])
    op.create_table(
        "topic_versions",
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'returned', 'reviewed')", name=op.f("ck_topic_versions_state")
        ),
        _refers("topic_versions", "topic_id", "topics"),
        _refers("topic_versions", "written_by", "people"),
        _refers("topic_versions", "reviewed_by", "people"),
        _refers("topic_versions", "published_by", "people"),
        sa.PrimaryKeyConstraint("topic_id", "number", name=op.f("pk_topic_versions")),
    )
    op.create_table(
        "public_offices",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("public_offices", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_public_offices")),
    )
    op.create_table(
        "awareness_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("logged_by", sa.Uuid(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("awareness_sessions", "organisation_id", "organisations"),
        _refers("awareness_sessions", "logged_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awareness_sessions")),
        sa.UniqueConstraint("token", name=op.f("uq_awareness_sessions_token")),
    )
    op.create_index(op.f("ix_awareness_sessions_organisation_id"), "awareness_sessions", ["organisation_id"])


def downgrade() -> None:
    """Back."""
    for table in ("awareness_sessions", "public_offices", "topic_versions", "topics"):
        op.drop_table(table)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
