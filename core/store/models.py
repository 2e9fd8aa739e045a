"""Which files go with this database."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class StoreMark(Base):
    """The one row that says which store goes with this database, since the last round of the sweep."""

    __tablename__ = "store_marks"

    id: Mapped[int] = mapped_column(primary_key=True)  # always the same
    mark: Mapped[UUID]  # random; what the store bears since the last round
    before: Mapped[UUID]  # what it bore before, in case the last round broke off
    since: Mapped[dt.datetime]  # rounds came without a gap since then
    round_at: Mapped[dt.datetime]
    left: Mapped[int] = mapped_column(default=0)  # objects without a row that the last round did not touch
