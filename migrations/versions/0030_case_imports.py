"""Cases from a sheet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "case_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("plan", sa.LargeBinary(), nullable=True),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('mapping', 'checking', 'checked', 'running', 'asking', 'done', 'undoing', 'undone')",
            name=op.f("ck_case_imports_state"),
        ),
        _refers("case_imports", "organisation_id", "organisations"),
        _refers("case_imports", "made_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_imports")),
        sa.UniqueConstraint("token", name=op.f("uq_case_imports_token")),
    )
    op.create_index(op.f("ix_case_imports_organisation_id"), "case_imports", ["organisation_id"])
    op.create_table(
        "case_import_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("head", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('new', 'faulty', 'ready', 'alike', 'conflict', 'imported', 'linked', 'left_out',"
            " 'erased', 'stays_worked', 'stays_shut')",
            name=op.f("ck_case_import_rows_state"),
        ),
        _refers("case_import_rows", "import_id", "case_imports"),
        _refers("case_import_rows", "case_id", "cases"),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_case_import_rows")),
    )
    op.create_index(op.f("ix_case_import_rows_case_id"), "case_import_rows", ["case_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("case_import_rows")
    op.drop_table("case_imports")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
