"""Institutions, contacts, outcomes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "institutions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("name_ar", sa.String(), nullable=False),
        sa.Column("name_tr", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        _refers("institutions", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions")),
    )
    op.create_index(
        op.f("ix_institutions_organisation_id"), "institutions", ["organisation_id"], unique=False
    )
    op.create_table(
        "contact_people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.Uuid(), nullable=False),
        _refers("contact_people", "institution_id", "institutions"),
        _refers("contact_people", "key_id", "organisation_keys"),
        _refers("contact_people", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_people")),
        sa.UniqueConstraint("token", name=op.f("uq_contact_people_token")),
    )
    op.create_index(
        op.f("ix_contact_people_organisation_id"), "contact_people", ["organisation_id"], unique=False
    )
    op.create_table(
        "contact_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('noted', 'open', 'kept', 'broken')", name=op.f("ck_contact_entries_state")
        ),
        _refers("contact_entries", "dossier_id", "dossiers"),
        _refers("contact_entries", "key_id", "organisation_keys"),
        _refers("contact_entries", "organisation_id", "organisations"),
        _refers("contact_entries", "owner_id", "people"),
        _refers("contact_entries", "written_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_entries")),
        sa.UniqueConstraint("token", name=op.f("uq_contact_entries_token")),
    )
    op.create_index(op.f("ix_contact_entries_dossier_id"), "contact_entries", ["dossier_id"], unique=False)
    op.create_index(
        op.f("ix_contact_entries_organisation_id"), "contact_entries", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_contact_entries_owner_id"), "contact_entries", ["owner_id"], unique=False)
    op.create_table(
        "dossier_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        _refers("dossier_outcomes", "dossier_id", "dossiers"),
        _refers("dossier_outcomes", "written_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_outcomes")),
        sa.UniqueConstraint("token", name=op.f("uq_dossier_outcomes_token")),
    )
    op.create_index(op.f("ix_dossier_outcomes_dossier_id"), "dossier_outcomes", ["dossier_id"], unique=False)
    op.create_table(
        "dossier_reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _refers("dossier_reviews", "done_by", "people"),
        _refers("dossier_reviews", "dossier_id", "dossiers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_reviews")),
    )
    op.create_index(op.f("ix_dossier_reviews_dossier_id"), "dossier_reviews", ["dossier_id"], unique=False)
    op.create_table(
        "dossier_results",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        _refers("dossier_results", "case_id", "cases"),
        _refers("dossier_results", "outcome_id", "dossier_outcomes"),
        _refers("dossier_results", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_results")),
    )
    op.create_index(op.f("ix_dossier_results_outcome_id"), "dossier_results", ["outcome_id"], unique=False)
    op.create_index(op.f("ix_dossier_results_person_id"), "dossier_results", ["person_id"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_table("dossier_results")
    op.drop_table("dossier_reviews")
    op.drop_table("dossier_outcomes")
    op.drop_table("contact_entries")
    op.drop_table("contact_people")
    op.drop_table("institutions")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
