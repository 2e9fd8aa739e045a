"""Campaigns beside sessions; what was written down can be corrected and taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLE = "awareness_sessions"
_WITHDRAWN_BY = "fk_awareness_sessions_withdrawn_by_people"
_KIND = "ck_awareness_sessions_kind"


def upgrade() -> None:
    """Forward. What is there already are sessions, without leaflets."""
    with op.batch_alter_table(_TABLE) as table:
        table.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="session"))
        table.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("channel", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("leaflets", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawn_because", sa.String(), nullable=False, server_default=""))
        table.create_foreign_key(op.f(_WITHDRAWN_BY), "people", ["withdrawn_by"], ["id"])
        table.create_check_constraint(op.f(_KIND), "kind IN ('session', 'campaign')")
    with op.batch_alter_table(_TABLE) as table:
        for name in ("kind", "channel", "leaflets", "withdrawn_because"):
            table.alter_column(name, server_default=None)
    op.create_table(
        "awareness_corrections",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("corrected_by", sa.Uuid(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrected_by"], ["people.id"], name=op.f("fk_awareness_corrections_corrected_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["awareness_sessions.id"],
            name=op.f("fk_awareness_corrections_session_id_awareness_sessions"),
        ),
        sa.PrimaryKeyConstraint("session_id", "number", name=op.f("pk_awareness_corrections")),
    )


def downgrade() -> None:
    """Back. Campaigns and what was taken back have no place there and would count as sessions."""
    op.drop_table("awareness_corrections")
    op.execute(sa.text("DELETE FROM awareness_sessions WHERE kind = 'campaign' OR withdrawn_at IS NOT NULL"))
    with op.batch_alter_table(_TABLE) as table:
        table.drop_constraint(op.f(_KIND), type_="check")
        table.drop_constraint(op.f(_WITHDRAWN_BY), type_="foreignkey")
        for name in (
            "withdrawn_because", "withdrawn_at", "withdrawn_by", "leaflets", "channel", "ended_on", "kind",
        ):  # fmt: skip # one list
            table.drop_column(name)
