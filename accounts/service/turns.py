"""Changes that concern an organisation as a whole happen one after the other."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from accounts.models import Organisation
from core.store.base import db


def take(organisation_id: UUID) -> Organisation:
    """Wait until nobody else numbers cases, makes keys, ends accounts or closes quarters here.

    Lasts until the transaction ends; take it before any case is locked. What was read before may be out
    of date: ask again. SQLite has one writer anyway.
    """
    own = select(Organisation).where(Organisation.id == organisation_id)
    # Rows that only refer to the organisation are written meanwhile.
    return db.session.scalars(own.with_for_update(key_share=True)).one()
