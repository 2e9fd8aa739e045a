"""When nobody administers any more: two papers let a new administrator in, who holds the root."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from accounts.models import Person, PersonRole
from accounts.service import locks, recovery, trust, turns
from accounts.service.recovery import OpenRecovery, PreparedRecovery
from config.settings import Settings
from core import clock
from core.access.permissions import Role
from core.audit import service as audit
from core.errors import DomainError
from core.store.base import db
from vault import PersonSecret


@dataclass(frozen=True)
class Successor:
    """A new administrator, with a key under a one-time code."""

    name: str
    email: str
    language: str
    prepared: PreparedRecovery = field(repr=False)


def prepare(settings: Settings, opened: OpenRecovery, name: str, email: str, language: str) -> Successor:
    """Make the key of a new administrator; slow, and before the transaction.

    Raises DomainError while an administrator works here, or when the address is taken.
    """
    _require_vacancy(opened.organisation_id, email)
    secret = PersonSecret.new(trust.root(opened.organisation_id).root_public)
    person_id, code = uuid4(), vault.new_personal_code()
    locked = locks.under_password(settings, secret, code, person_id)
    return Successor(
        name, locks.normal_email(email), language, PreparedRecovery(opened, person_id, secret, locked, code)
    )


def appoint(successor: Successor) -> str:
    """Let the new administrator in. Gives the one-time code for the first sign-in. Raises DomainError."""
    prepared = successor.prepared
    opened, person_id = prepared.recovery, prepared.person_id
    turns.take(opened.organisation_id)
    _require_vacancy(opened.organisation_id, successor.email)
    db.session.add(
        Person(
            id=person_id,
            organisation_id=opened.organisation_id,
            email=successor.email,
            name=successor.name,
            language=successor.language,
            languages=[],
            provinces=[],
            state="active",
            created_at=clock.now(),
            departed_at=None,
        )
    )
    db.session.flush()
    db.session.add(PersonRole(person_id=person_id, role=Role.ADMINISTRATOR))
    certificate_id = recovery.certify(prepared, (Role.ADMINISTRATOR.value,), 1)
    locks.add_key(person_id, prepared.secret, certificate_id, prepared.locked, None)
    recovery.grant_due(opened, person_id)
    audit.record(
        None,
        "person.appoint",
        organisation_id=opened.organisation_id,
        object_kind="person",
        object_id=person_id,
    )
    return prepared.one_time_code


def _require_vacancy(organisation_id: UUID, email: str) -> None:
    here = db.session.scalars(
        select(Person.id).where(Person.organisation_id == organisation_id, Person.state == "active")
    )
    if any(Role.ADMINISTRATOR in one.roles for one in trust.person_keys(here).values()):
        raise DomainError(_("An administrator works in this organisation and can invite colleagues."))
    if db.session.scalar(select(Person.id).where(Person.email == locks.normal_email(email))):
        raise DomainError(_("There is an account or an invitation with this address already."), field="email")
