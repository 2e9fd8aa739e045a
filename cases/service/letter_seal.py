"""What of a template is sealed and signed: each version under a key of its own, sealed to who may use it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, exists, select, true

import vault
from accounts.models import Person, PersonRole
from accounts.service import signed, trust, turns
from accounts.service.trust import VerifiedPersonKey
from cases.letter_models import LetterReader, LetterTemplate, LetterVersion
from core.access.actors import Actor
from core.access.permissions import READING, Role
from core.store.base import db
from vault import Context, Key, VaultError

Known = Mapping[UUID, list[VerifiedPersonKey]]  # every key that they ever had, by person

WRITTEN, APPROVED = "letter template", "approval of a letter template"
_ROLES: Final = {
    WRITTEN: frozenset({Role.LAWYER, Role.COORDINATOR}),
    APPROVED: frozenset({Role.LAWYER}),
}
_AT_ONCE: Final = 500  # keys given in one go


def opened(actor: Actor, row: Any, wrapped: bytes, known: Known) -> bytes | None:
    """What is said of a version, as JSON; None where it does not open, or its writer did not sign it."""
    try:
        key = key_of(actor, row.id, wrapped)
        said = vault.unseal(key, row.about, context(actor.organisation_id, row.id, "about"))
    except VaultError:
        return None
    by = (row.written_by, row.written_at, row.signature)
    return said if _signed(actor.organisation_id, row, said, WRITTEN, by, known) else None


def is_approved(actor: Actor, row: Any, said: bytes, known: Known) -> bool:
    """Whether a lawyer has signed that letters may be made of a version."""
    by = (row.approved_by, row.approved_at, row.approval)
    return row.approved_by is not None and _signed(actor.organisation_id, row, said, APPROVED, by, known)


def _signed(
    home: UUID,
    row: Any,
    said: bytes,
    label: str,
    by: tuple[UUID, dt.datetime, bytes | None],
    known: Known,
) -> bool:
    person, at, signature = by
    roles: AbstractSet[Role] = _ROLES[label]
    try:
        signed.require(
            person, home, roles, at, label, statement(home, row, said), signature, known=known[person]
        )
    except VaultError:
        return False
    return True


def statement(home: UUID, row: Any, said: bytes) -> bytes:
    """What is signed: which version of which template it is, and all that is said of it, its digest too."""
    return vault.pack(home, row.template_id, row.id, row.number, hashlib.sha256(said).digest())


def context(home: UUID, version_id: UUID, part: str) -> Context:
    """What a sealed part of a version is bound to."""
    return Context("letter template", home, version_id, part)


def key_of(actor: Actor, version_id: UUID, wrapped: bytes) -> Key:
    """The key of a version as it was sealed to the actor. Raises vault.Unreadable."""
    return actor.secret.pair.unwrap(wrapped, _wrap(version_id, actor.person_id))


def give_all(home: UUID, version_id: UUID, key: Key) -> None:
    """Seal the key of a new version to everybody who may use it."""
    users = db.session.scalars(select(Person.id).where(Person.organisation_id == home, _uses()))
    _give({version_id: key}, [(one, version_id) for one in users])


def lacking(actor: Actor) -> list[tuple[UUID, UUID]]:
    """Who may use templates and was not given the key of a version that the actor was: person, version."""
    home = actor.organisation_id
    of_version = LetterReader.version_id == LetterVersion.id
    theirs = exists().where(of_version, LetterReader.person_id == Person.id)
    mine = exists().where(of_version, LetterReader.person_id == actor.person_id)
    found = (
        select(Person.id, LetterVersion.id)
        .join(LetterVersion, true())
        .join(LetterTemplate, LetterTemplate.id == LetterVersion.template_id)
        .where(Person.organisation_id == home, LetterTemplate.organisation_id == home, _uses(), ~theirs, mine)
        .limit(_AT_ONCE)
    )
    return [(person, version) for person, version in db.session.execute(found)]


def share(actor: Actor) -> None:
    """Give colleagues the keys that they lack and the actor holds. Who has no certified key gets none."""
    turns.take(actor.organisation_id)
    wanted = lacking(actor)
    versions = {version for _person, version in wanted}
    held = select(LetterReader).where(
        LetterReader.person_id == actor.person_id, LetterReader.version_id.in_(versions)
    )
    keys = {row.version_id: key_of(actor, row.version_id, row.wrapped) for row in db.session.scalars(held)}
    _give(keys, wanted)


def drop_person(person_id: UUID) -> None:
    """Delete every key of a template that was sealed to somebody."""
    db.session.execute(delete(LetterReader).where(LetterReader.person_id == person_id))


def _uses() -> Any:
    reads = PersonRole.role.in_([str(one) for one in READING])
    return (Person.state == "active") & exists().where(PersonRole.person_id == Person.id, reads)


def _give(keys: Mapping[UUID, Key], wanted: Iterable[tuple[UUID, UUID]]) -> None:
    pairs = list(wanted)
    certified = trust.person_keys({person for person, _version in pairs})
    for person, version in pairs:
        known = certified.get(person)
        if known is not None and known.roles & READING:
            wrapped = vault.wrap_to(known.hpke_public, keys[version], _wrap(version, person))
            db.session.add(LetterReader(version_id=version, person_id=person, wrapped=wrapped))
    db.session.flush()


def _wrap(version_id: UUID, person_id: UUID) -> Context:
    return Context("key of a letter template", version_id, person_id)
