"""Reminders of deadlines, the people behind proposed changes, addresses of calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("deadlines") as table:
        table.add_column(sa.Column("proposed_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("reminded_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("reminded_version", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_deadlines_proposed_by_people"), "people", ["proposed_by"], ["id"])
    op.create_table(
        "reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("safe_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "mail IN ('waiting', 'sending', 'sent', 'refused', 'needless')", name=op.f("ck_reminders_mail")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_reminders_deadline_id_deadlines")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reminders_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "deadline_id",
            "safe_on",
            "person_id",
            "step",
            name=op.f("uq_reminders_deadline_id_safe_on_person_id_step"),
        ),
    )
    op.create_index("ix_reminders_person", "reminders", ["person_id", "seen_at", "deadline_id"])
    op.create_index("ix_reminders_mail", "reminders", ["mail", "try_at"])
    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("calendar_feeds")
    op.drop_table("reminders")
    with op.batch_alter_table("deadlines") as table:
        table.drop_constraint(op.f("fk_deadlines_proposed_by_people"), type_="foreignkey")
        table.drop_column("reminded_version")
        table.drop_column("reminded_on")
        table.drop_column("proposed_by")
