"""The days from which the clocks of a case count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_DAYS = ("told_on", "stepped_on", "reopened_on")


def upgrade() -> None:
    """Forward."""
    for name in _DAYS:
        op.add_column("cases", sa.Column(name, sa.Date(), nullable=True))


def downgrade() -> None:
    """Back."""
    for name in _DAYS:
        op.drop_column("cases", name)
