"""What colleagues are called, wherever a page names who did something."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from accounts.models import Person
from core.store.base import db


def names_of(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """The names of these people by their ids, in one statement; None names nobody and asks nothing."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    found = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in found}
