"""The duty rota, and who is told that something urgent waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("requests") as table:
        table.add_column(sa.Column("tell_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("tell_next", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("acknowledged_by", sa.Uuid(), nullable=True))
        table.create_index(op.f("ix_requests_tell_next"), ["tell_next"])
        table.create_foreign_key(
            op.f("fk_requests_acknowledged_by_people"), "people", ["acknowledged_by"], ["id"]
        )
    op.create_table(
        "duty_shifts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("vacated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'weekday' AND weekday BETWEEN 0 AND 6 AND on_date IS NULL)"
            " OR (kind = 'holidays' AND weekday IS NULL AND on_date IS NULL)"
            " OR (kind = 'date' AND weekday IS NULL AND on_date IS NOT NULL)",
            name=op.f("ck_duty_shifts_kind"),
        ),
        _refers("duty_shifts", "organisation_id", "organisations"),
        _refers("duty_shifts", "person_id", "people"),
        _refers("duty_shifts", "second_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shifts")),
    )
    op.create_index(op.f("ix_duty_shifts_organisation_id"), "duty_shifts", ["organisation_id"])
    op.create_table(
        "duty_alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "mail IN ('waiting', 'sending', 'sent', 'refused', 'needless')", name=op.f("ck_duty_alerts_mail")
        ),
        _refers("duty_alerts", "request_id", "requests"),
        _refers("duty_alerts", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_alerts")),
        sa.UniqueConstraint(
            "request_id", "since", "person_id", name=op.f("uq_duty_alerts_request_id_since_person_id")
        ),
    )
    op.create_index("ix_duty_alerts_person", "duty_alerts", ["person_id", "request_id"])
    op.create_index("ix_duty_alerts_mail", "duty_alerts", ["mail", "try_at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("duty_alerts")
    op.drop_table("duty_shifts")
    with op.batch_alter_table("requests") as table:
        table.drop_constraint(op.f("fk_requests_acknowledged_by_people"), type_="foreignkey")
        table.drop_index(op.f("ix_requests_tell_next"))
        for column in ("acknowledged_by", "acknowledged_at", "tell_next", "tell_since"):
            table.drop_column(column)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
