"""Dossiers, stories, approvals, outputs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "dossiers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pattern_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'review', 'approved', 'left', 'closed')", name=op.f("ck_dossiers_state")
        ),
        _refers("dossiers", "key_id", "organisation_keys"),
        _refers("dossiers", "made_by", "people"),
        _refers("dossiers", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers")),
        sa.UniqueConstraint("token", name=op.f("uq_dossiers_token")),
    )
    op.create_index(op.f("ix_dossiers_organisation_id"), "dossiers", ["organisation_id"], unique=False)
    op.create_table(
        "dossier_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        _refers("dossier_asks", "asked_by", "people"),
        _refers("dossier_asks", "dossier_id", "dossiers"),
        _refers("dossier_asks", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_asks")),
        sa.UniqueConstraint("dossier_id", "person_id", name=op.f("uq_dossier_asks_dossier_id_person_id")),
    )
    op.create_index(op.f("ix_dossier_asks_dossier_id"), "dossier_asks", ["dossier_id"], unique=False)
    op.create_index(op.f("ix_dossier_asks_person_id"), "dossier_asks", ["person_id"], unique=False)
    op.create_table(
        "dossier_sections",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        _refers("dossier_sections", "dossier_id", "dossiers"),
        _refers("dossier_sections", "edited_by", "people"),
        sa.PrimaryKeyConstraint("dossier_id", "kind", "language", name=op.f("pk_dossier_sections")),
    )
    op.create_table(
        "dossier_stories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("consent_until", sa.Date(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("copy", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("second_signature", sa.LargeBinary(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pulled_because", sa.String(), nullable=True),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('signed', 'confirmed', 'pulled')", name=op.f("ck_dossier_stories_state")
        ),
        _refers("dossier_stories", "author_id", "people"),
        _refers("dossier_stories", "case_id", "cases"),
        _refers("dossier_stories", "dossier_id", "dossiers"),
        _refers("dossier_stories", "key_id", "organisation_keys"),
        _refers("dossier_stories", "second_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_stories")),
        sa.UniqueConstraint("token", name=op.f("uq_dossier_stories_token")),
    )
    op.create_index(op.f("ix_dossier_stories_author_id"), "dossier_stories", ["author_id"], unique=False)
    op.create_index(op.f("ix_dossier_stories_case_id"), "dossier_stories", ["case_id"], unique=False)
    op.create_index(op.f("ix_dossier_stories_dossier_id"), "dossier_stories", ["dossier_id"], unique=False)
    op.create_table(
        "dossier_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _refers("dossier_versions", "dossier_id", "dossiers"),
        _refers("dossier_versions", "made_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_versions")),
        sa.UniqueConstraint("dossier_id", "number", name=op.f("uq_dossier_versions_dossier_id_number")),
    )
    op.create_index(op.f("ix_dossier_versions_dossier_id"), "dossier_versions", ["dossier_id"], unique=False)
    op.create_table(
        "dossier_approvals",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        _refers("dossier_approvals", "person_id", "people"),
        _refers("dossier_approvals", "version_id", "dossier_versions"),
        sa.PrimaryKeyConstraint("version_id", "kind", name=op.f("pk_dossier_approvals")),
        sa.UniqueConstraint(
            "version_id", "person_id", name=op.f("uq_dossier_approvals_version_id_person_id")
        ),
    )
    op.create_table(
        "dossier_figures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        _refers("dossier_figures", "added_by", "people"),
        _refers("dossier_figures", "dossier_id", "dossiers"),
        _refers("dossier_figures", "release_id", "releases"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_figures")),
    )
    op.create_index(op.f("ix_dossier_figures_dossier_id"), "dossier_figures", ["dossier_id"], unique=False)
    op.create_table(
        "dossier_outputs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=True),
        _refers("dossier_outputs", "made_by", "people"),
        _refers("dossier_outputs", "version_id", "dossier_versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_outputs")),
        sa.UniqueConstraint(
            "version_id",
            "kind",
            "language",
            "format",
            name=op.f("uq_dossier_outputs_version_id_kind_language_format"),
        ),
    )
    op.create_index(op.f("ix_dossier_outputs_version_id"), "dossier_outputs", ["version_id"], unique=False)
    op.create_table(
        "dossier_version_stories",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("story_version", sa.Integer(), nullable=False),
        _refers("dossier_version_stories", "story_id", "dossier_stories"),
        _refers("dossier_version_stories", "version_id", "dossier_versions"),
        sa.PrimaryKeyConstraint("version_id", "story_id", name=op.f("pk_dossier_version_stories")),
    )
    op.create_index(
        op.f("ix_dossier_version_stories_story_id"), "dossier_version_stories", ["story_id"], unique=False
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("dossier_version_stories")
    op.drop_table("dossier_outputs")
    op.drop_table("dossier_figures")
    op.drop_table("dossier_approvals")
    op.drop_table("dossier_versions")
    op.drop_table("dossier_stories")
    op.drop_table("dossier_sections")
    op.drop_table("dossier_asks")
    op.drop_table("dossiers")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
