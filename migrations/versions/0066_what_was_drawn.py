"""A draw keeps what came out, all reasons together; a line says when a session wrote it for others."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def _sample(seed: str, numbers: list[int], one_in: int) -> list[int]:
    """As these draws were made."""
    placed = sorted(
        numbers, key=lambda number: hashlib.sha256(f"file review|{seed}|{number}".encode()).digest()
    )
    return sorted(placed[: -(-len(numbers) // one_in)])


def upgrade() -> None:
    """Forward. Of an earlier draw this is what came out by chance, as the record of acts says."""
    draws = sa.table(
        "review_draws",
        sa.column("id"),
        sa.column("seed"),
        sa.column("closed", sa.JSON),
        sa.column("open", sa.JSON),
        sa.column("drawn", sa.JSON),
    )
    op.add_column("review_draws", sa.Column("drawn", sa.JSON(), nullable=False, server_default="[]"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(draws.c.id, draws.c.seed, draws.c.closed, draws.c.open)).all():
        drawn = [*_sample(row.seed, row.closed, 10), *_sample(row.seed, row.open, 20)]
        connection.execute(draws.update().where(draws.c.id == row.id).values(drawn=drawn))
    with op.batch_alter_table("review_draws") as table:
        table.alter_column("drawn", server_default=None)
    op.add_column(
        "case_entries", sa.Column("carried_out", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("case_entries") as table:
        table.alter_column("carried_out", server_default=None)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("case_entries") as table:
        table.drop_column("carried_out")
    with op.batch_alter_table("review_draws") as table:
        table.drop_column("drawn")
