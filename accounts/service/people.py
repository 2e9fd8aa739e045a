"""Colleagues: who is here, what they say about themselves, and leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select, update

from accounts.models import Draft, KeyGrant, KeyRing, OrganisationKey, Person, PersonKey, PersonRole
from accounts.service import certificates, last, sessions, trust, turns
from accounts.service.keys import MADE
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db

# What else must happen when somebody leaves; features above register here while the application starts.
on_departure: list[Callable[[Actor, UUID], None]] = []


@dataclass(frozen=True)
class PersonLine:
    """A colleague in the list of people. `fingerprint` is empty while there is no key that holds."""

    id: UUID
    name: str
    email: str
    state: str
    roles: frozenset[Role]
    languages: list[str]
    provinces: list[str]
    fingerprint: str
    departed_at: dt.datetime | None


@dataclass(frozen=True)
class Profile:
    """What a member may read and change about the own account."""

    name: str
    email: str
    language: str
    languages: list[str]
    provinces: list[str]
    roles: frozenset[Role]
    fingerprint: str
    version: int


class LastOfRole(DomainError):
    """The last of a role or of a key, or who alone reads something, would leave.

    The message names what is lost, `forced` overrides it.
    """


def everyone(actor: Actor) -> list[PersonLine]:
    """The people of the organisation who joined, those present first. Roles are those of the certificate."""
    people = db.session.scalars(
        reachable(actor, Permission.PERSON_READ, Person)
        .where(Person.state != "invited")
        .order_by(Person.state, Person.name)
    ).all()
    verified = trust.person_keys([person.id for person in people if person.state == "active"])
    stored = _stored_roles([person.id for person in people])
    return [
        PersonLine(
            id=person.id,
            name=person.name,
            email=person.email,
            state=person.state,
            roles=verified[person.id].roles if person.id in verified else stored.get(person.id, frozenset()),
            languages=person.languages,
            provinces=person.provinces,
            fingerprint=verified[person.id].fingerprint if person.id in verified else "",
            departed_at=person.departed_at,
        )
        for person in people
    ]


def colleague(actor: Actor, person_id: UUID, permission: Permission = Permission.PERSON_READ) -> PersonLine:
    """One colleague. Raises NotFound."""
    for line in everyone(actor):
        if line.id == person_id and db.session.scalar(
            reachable(actor, permission, Person).where(Person.id == person_id)
        ):
            return line
    raise NotFound


def profile(actor: Actor) -> Profile:
    """The own account."""
    person = db.session.get_one(Person, actor.person_id)
    return Profile(
        name=person.name,
        email=person.email,
        language=person.language,
        languages=person.languages,
        provinces=person.provinces,
        roles=actor.roles,
        fingerprint=trust.fingerprint(actor.secret.pair.public, actor.secret.signer.public),
        version=person.version,
    )


def change_profile(
    actor: Actor, version: int, *, name: str, language: str, languages: list[str], provinces: list[str]
) -> int:
    """Change the own account; gives the new version. Raises Conflict when it was changed meanwhile."""
    changed = db.session.execute(
        update(Person)
        .where(Person.id == actor.person_id, Person.version == version)
        .values(name=name, language=language, languages=languages, provinces=provinces, version=version + 1)
        .returning(Person.version)
    ).first()
    if changed is None:
        raise Conflict(_("Your account was changed meanwhile."))
    audit.record(actor, "person.change", object_kind="person", object_id=actor.person_id)
    return version + 1


def remember_language(actor: Actor, language: str) -> None:
    """Keep a switch of language as the person's choice."""
    db.session.execute(update(Person).where(Person.id == actor.person_id).values(language=language))


def use_shortcuts(actor: Actor, *, wanted: bool) -> None:
    """Keep whether single keys do something on the person's own pages. Twice is once."""
    db.session.execute(update(Person).where(Person.id == actor.person_id).values(shortcuts=wanted))


def depart(actor: Actor, person_id: UUID, *, forced: bool = False) -> None:
    """End an account: nothing of it opens anything any more, and what it held is due for new keys.

    Raises NotFound, and LastOfRole where something would be left to nobody, unless `forced`.
    """
    turns.take(actor.organisation_id)  # of two administrators who end each other's account one stays
    person = db.session.scalar(
        reachable(actor, Permission.PERSON_REMOVE, Person)
        .where(Person.id == person_id, Person.state == "active")
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if person is None:
        raise NotFound
    missed = [] if forced else last.consequences(person)
    if missed:
        raise LastOfRole(" ".join(map(str, missed)))
    _mark_rotation(person)
    person.state, person.departed_at = "departed", clock.now()
    person.version += 1
    db.session.flush()
    certificates.revoke("person", person_id)
    # The locks go, so that an old password or personal code has nothing left to open.
    db.session.execute(
        update(PersonKey)
        .where(PersonKey.person_id == person_id)
        .values(retired_at=clock.now(), locked_by_password=b"", locked_by_code=None)
    )
    drop_wraps(person_id)
    db.session.execute(delete(Draft).where(Draft.person_id == person_id))
    sessions.end_all(person_id)
    for hook in on_departure:
        hook(actor, person_id)
    audit.record(actor, "person.depart", object_kind="person", object_id=person_id)


def drop_wraps(person_id: UUID) -> None:
    """Delete every organisation key that was wrapped for a person."""
    db.session.execute(delete(KeyGrant).where(KeyGrant.holder_id == person_id))
    db.session.execute(delete(KeyRing).where(KeyRing.person_id == person_id))


def _mark_rotation(person: Person) -> None:
    """Note, and record, which present keys of the organisation the person knew."""
    kinds = db.session.scalars(
        select(OrganisationKey.kind)
        .join(KeyGrant, KeyGrant.key_id == OrganisationKey.id)
        .where(KeyGrant.holder_id == person.id, OrganisationKey.kind.in_(MADE))
        .distinct()
    ).all()
    due = db.session.scalars(
        select(OrganisationKey).where(
            OrganisationKey.organisation_id == person.organisation_id,
            OrganisationKey.kind.in_(kinds),
            OrganisationKey.retired_at.is_(None),
        )
    ).all()
    for key in due:
        key.rotation_due = True
        audit.record(
            None,
            "key.rotation_due",
            organisation_id=person.organisation_id,
            object_kind="organisation_key",
            object_id=key.id,
        )
    db.session.flush()


def _stored_roles(person_ids: list[UUID]) -> dict[UUID, frozenset[Role]]:
    found: dict[UUID, set[Role]] = {}
    for row in db.session.scalars(select(PersonRole).where(PersonRole.person_id.in_(person_ids))):
        found.setdefault(row.person_id, set()).add(Role(row.role))
    return {person_id: frozenset(roles) for person_id, roles in found.items()}
