"""Which organisation takes a request, and what its page tells the public. An administrator writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import exists, select

from accounts.models import Organisation
from accounts.service import trust
from accounts.service.trust import VerifiedOrganisationKey
from awareness.service import public
from awareness.service.public import House
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, Refused
from core.store.base import db
from domain.intake.coverage import Reading
from domain.markup import Block, parse
from intake.models import IntakePlace
from intake.service import rota
from intake.service.sealing import DESK

TEXTS = ("hours", "notice", "tonight")


@dataclass(frozen=True)
class Told:
    """What the page says of those who take requests, in one language, as `domain.markup` reads it."""

    open: bool
    reading: Reading  # whether somebody reads now, and until when that stays so
    hours: tuple[Block, ...]
    notice: tuple[Block, ...]
    tonight: tuple[Block, ...]


def receiving(province: str) -> VerifiedOrganisationKey | None:
    """The desk that takes a request from a province, by its key, or None while nobody takes any.

    One that names the province comes before one that serves everywhere; among equals the eldest. A desk
    whose key does not hold is passed over: nobody there could be trusted to read.
    """
    found, keys = _open()
    named = [one for one in found if province and province in one.provinces]
    everywhere = [one for one in found if not one.provinces]
    first = next(iter([*named, *everywhere, *found]), None)
    return keys[first.organisation_id] if first else None


def told(language: str) -> Told:
    """What the public reads before it writes: of all who take requests, each text once."""
    found, _keys = _open()

    def said(name: str) -> tuple[Block, ...]:
        texts = [getattr(one, name).get(language, "").strip() for one in found]
        return parse("\n\n".join(dict.fromkeys(filter(None, texts))))

    return Told(bool(found), _reading(found), *(said(name) for name in TEXTS))


def houses(language: str) -> list[House]:
    """How the organisations are reached that take requests, or did: for whoever cannot write here now."""
    places = db.session.scalars(select(IntakePlace.organisation_id)).all()
    return public.houses(places, language)


def is_open() -> bool:
    """Whether anybody takes requests now, as far as one statement tells; sending looks at the keys too."""
    return bool(db.session.scalar(select(exists().where(IntakePlace.open))))


def _reading(found: Sequence[IntakePlace]) -> Reading:
    """Somebody reads where every organisation that may take the request reads: more is not promised."""
    asked = [rota.staffed(one.organisation_id).reading(clock.now()) for one in found]
    now = bool(asked) and all(one.now for one in asked)
    ends = [one.until for one in asked if one.now == now]
    known = [one for one in ends if one is not None]
    if now:
        return Reading(now, min(known, default=None))
    return Reading(now, max(known, default=None) if len(known) == len(ends) else None)


def read(actor: Actor) -> IntakePlace | None:
    """What an administrator wrote for the own organisation, or None as long as nothing is."""
    own = reachable(actor, Permission.INTAKE_EDIT, IntakePlace)
    return db.session.scalar(own.execution_options(populate_existing=True))


def write(actor: Actor, version: int, values: dict[str, Any]) -> None:
    """Open or close the door of an organisation, and say what stands on it.

    values: open, provinces, and `hours`, `notice`, `tonight` by language. version: the one that was shown, 0
    for none. Raises Refused, Conflict, and DomainError where the key of the desk is not made yet.
    """
    if not may(actor, Permission.INTAKE_EDIT):
        raise Refused
    if values["open"] and DESK not in trust.existing_kinds(actor.organisation_id):
        raise DomainError(
            _("A coordinator makes the key of the desk first. Without it nobody could read a request."),
            field="open",
        )
    row = db.session.get(IntakePlace, actor.organisation_id, with_for_update=True, populate_existing=True)
    if (row.version if row else 0) != version:
        raise Conflict
    if row is None:
        row = IntakePlace(organisation_id=actor.organisation_id, version=0)
        db.session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    audit.record(actor, "intake.write")


def _open() -> tuple[list[IntakePlace], dict[UUID, VerifiedOrganisationKey]]:
    """Who takes requests and can read them, the eldest first, with the keys of their desks."""
    places = db.session.scalars(
        select(IntakePlace)
        .join(Organisation, Organisation.id == IntakePlace.organisation_id)
        .where(IntakePlace.open)
        .order_by(Organisation.created_at, Organisation.id)
    ).all()
    keys = trust.organisation_keys([one.organisation_id for one in places], DESK)
    return [one for one in places if one.organisation_id in keys], keys
