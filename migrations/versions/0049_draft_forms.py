"""What the address of a form names beside its object is sealed in the draft, not in clear beside it.

Drafts that told it in clear are deleted, not rewritten: only their owner opens them, and they live shortly.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.execute(sa.text("DELETE FROM drafts WHERE form LIKE '%/%'"))


def downgrade() -> None:
    """Back: the form of a draft that was saved since opens as before where its address names nothing more."""
