"""Addressees: institutions begun once from the public table, and the people there, whom nobody else reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select

import vault
from accounts.models import Organisation
from advocacy.models.contacts import ContactPerson, Institution
from advocacy.service import dossiers
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound, Refused
from core.reference import reference
from core.store.base import db
from domain.alphabet import alphabetical
from domain.lists import CodeList
from vault import Context

GROUP: Final = "parliament_group"
KINDS: Final = "addressee_kind"
NAMES: Final = ("name_tr", "name_ar", "name_en")
TEXTS: Final = (*NAMES, "address")
PERSON: Final = ("name", "role", "phone", "email", "remark")

_TABLE: Final = Path(__file__).parents[2] / "config" / "directory" / "institutions.tsv"
_STALE: Final = _("Somebody changed this meanwhile. Nothing was overwritten.")


@dataclass(frozen=True)
class OpenPerson:
    """Somebody at an institution, opened for this request."""

    id: UUID
    institution_id: UUID
    values: dict[str, str]
    version: int


def begin(actor: Actor) -> None:
    """Fill an empty list from the public table, and add parliament groups that were formed since."""
    if not may(actor, Permission.INSTITUTION_READ):
        raise Refused
    # Two people who open it at the same second queue here.
    home = select(Organisation.id).where(Organisation.id == actor.organisation_id)
    known = set(db.session.scalars(_codes(actor)))
    groups = [group for group in reference().lists[GROUP] if group.holds_on(clock.today())]
    if known and all(group.code in known for group in groups):
        return
    db.session.execute(home.with_for_update(key_share=True))
    known = set(db.session.scalars(_codes(actor)))
    first = [] if known else list(CodeList.load(_TABLE))
    for item in (*first, *(group for group in groups if group.code not in known)):
        db.session.add(
            Institution(
                id=uuid4(),
                organisation_id=actor.organisation_id,
                kind=item.notes.get("kind", GROUP),
                code=item.code,
                name_ar=item.label.ar,
                name_tr=item.label.tr,
                name_en=item.label.en,
                address=item.notes.get("address", ""),
                version=1,
                retired_at=None,
            )
        )
    db.session.flush()
    audit.record(actor, "institution.begin")


def confirmed(row: Institution) -> bool:
    """Whether somebody of the organisation has saved what the public table says, or wrote it."""
    return row.code is None or row.version > 1


def index(actor: Actor, language: str) -> list[Institution]:
    """Those that are addressed, in the order of targets, then by name."""
    order = list(reference().lists[KINDS].codes)
    rows = db.session.scalars(_live(actor))
    return sorted(rows, key=lambda row: (order.index(row.kind), alphabetical(row.name(language), language)))


def retired(actor: Actor, language: str) -> list[Institution]:
    """Those that were taken out of the list, by name."""
    rows = db.session.scalars(_all(actor).where(Institution.retired_at.is_not(None)))
    return sorted(rows, key=lambda row: alphabetical(row.name(language), language))


def one(actor: Actor, institution_id: UUID, *, lock: bool = False, also_retired: bool = False) -> Institution:
    """One institution that is addressed, or that was. Raises NotFound."""
    statement = (_all if also_retired else _live)(actor).where(Institution.id == institution_id)
    row = db.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return row


def add(actor: Actor, token: UUID, kind: str, values: dict[str, str]) -> UUID:
    """Add an institution and give its id. The same token twice adds one. Raises Refused, DomainError."""
    if not may(actor, Permission.INSTITUTION_EDIT):
        raise Refused
    if db.session.get(Institution, token) is not None:
        return one(actor, token).id
    row = Institution(id=token, organisation_id=actor.organisation_id, code=None, version=1)
    row.retired_at = None
    _fill(row, kind, values)
    db.session.add(row)
    audit.record(actor, "institution.add", object_kind="institution", object_id=row.id)
    return row.id


def change(actor: Actor, institution_id: UUID, version: int, kind: str, values: dict[str, str]) -> None:
    """Replace what stands of an institution. Raises Conflict for a stale version, NotFound, Refused."""
    row = _to_change(actor, institution_id, version)
    # Which group of parliament it is comes from the dated list, so that equal contact counts it.
    _fill(row, GROUP if row.kind == GROUP and row.code else kind, values)
    row.version += 1
    audit.record(actor, "institution.change", object_kind="institution", object_id=row.id)


def retire(actor: Actor, institution_id: UUID, version: int) -> None:
    """Take an institution out of the list; what was written of it stays.

    Raises Conflict, and DomainError for a group that sits in parliament.
    """
    row = _to_change(actor, institution_id, version)
    if row.code in {group.code for group in reference().lists[GROUP] if group.holds_on(clock.today())}:
        raise DomainError(
            _(
                "This group sits in parliament by the dated list, so equal contact includes it. It stays in "
                "the list."
            )
        )
    row.retired_at, row.version = clock.now(), row.version + 1
    audit.record(actor, "institution.retire", object_kind="institution", object_id=row.id)


def restore(actor: Actor, institution_id: UUID, version: int) -> None:
    """Put an institution back into the list. Raises Conflict."""
    row = _to_change(actor, institution_id, version, also_retired=True)
    row.retired_at, row.version = None, row.version + 1
    audit.record(actor, "institution.restore", object_kind="institution", object_id=row.id)


def people(actor: Actor, institution_id: UUID | None = None) -> list[OpenPerson]:
    """Those at an institution, or at all of them, by name. Raises Locked without the dossier key."""
    statement = reachable(actor, Permission.CONTACT_READ, ContactPerson)
    statement = statement.where(ContactPerson.retired_at.is_(None))
    if institution_id is not None:
        statement = statement.where(ContactPerson.institution_id == institution_id)
    pairs = dossiers.Pairs(actor)
    found = [_opened(pairs, row) for row in db.session.scalars(statement)]
    return sorted(found, key=lambda person: alphabetical(person.values["name"], actor.language))


def person(actor: Actor, institution_id: UUID, person_id: UUID) -> OpenPerson:
    """Somebody at an institution. Raises NotFound, Locked."""
    return _opened(dossiers.Pairs(actor), _person(actor, institution_id, person_id))


def add_person(actor: Actor, institution_id: UUID, token: UUID, values: dict[str, str]) -> UUID:
    """Write somebody down; the same token twice writes one. Raises Refused, NotFound, DomainError, Locked."""
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    known = db.session.scalar(select(ContactPerson.id).where(ContactPerson.token == token))
    if known is not None:
        return known
    row = ContactPerson(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        institution_id=one(actor, institution_id).id,
        version=1,
        retired_at=None,
        token=token,
    )
    _seal(actor, row, values)
    db.session.add(row)
    audit.record(actor, "contact.person", object_kind="contact_person", object_id=row.id)
    return row.id


def change_person(
    actor: Actor, institution_id: UUID, person_id: UUID, version: int, values: dict[str, str]
) -> None:
    """Replace what stands of somebody. Raises Conflict for a stale version."""
    row = _person_to_change(actor, institution_id, person_id, version)
    row.version += 1
    _seal(actor, row, values)
    audit.record(actor, "contact.person", object_kind="contact_person", object_id=row.id)


def forget_person(actor: Actor, institution_id: UUID, person_id: UUID, version: int) -> None:
    """Take somebody out; what was sealed of them is gone. Raises Conflict for a stale version."""
    row = _person_to_change(actor, institution_id, person_id, version)
    row.version += 1
    row.retired_at = clock.now()
    _seal(actor, row, {"name": "—"})
    audit.record(actor, "contact.person_out", object_kind="contact_person", object_id=row.id)


def _all(actor: Actor) -> Select[Institution]:
    return reachable(actor, Permission.INSTITUTION_READ, Institution)


def _live(actor: Actor) -> Select[Institution]:
    return _all(actor).where(Institution.retired_at.is_(None))


def _codes(actor: Actor) -> Select[str | None]:
    ours = Institution.organisation_id == actor.organisation_id
    return select(Institution.code).where(ours, Institution.code.is_not(None))


def _to_change(
    actor: Actor, institution_id: UUID, version: int, *, also_retired: bool = False
) -> Institution:
    if not may(actor, Permission.INSTITUTION_EDIT):
        raise Refused
    row = one(actor, institution_id, lock=True, also_retired=also_retired)
    if row.version != version:
        raise Conflict(_STALE)
    return row


def _fill(row: Institution, kind: str, values: dict[str, str]) -> None:
    if kind not in reference().lists[KINDS]:
        raise DomainError(_("Choose what it is."), field="kind")
    given = {name: values.get(name, "").strip() for name in TEXTS}
    first = next((given[name] for name in NAMES if given[name]), "")
    if not first:
        raise DomainError(_("Write its name in at least one language."), field="name_tr")
    row.kind, row.address = kind, given["address"]
    row.name_tr, row.name_ar, row.name_en = (given[name] or first for name in NAMES)


def _person(actor: Actor, institution_id: UUID, person_id: UUID, *, lock: bool = False) -> ContactPerson:
    statement = reachable(actor, Permission.CONTACT_READ, ContactPerson).where(
        ContactPerson.id == person_id,
        ContactPerson.institution_id == institution_id,
        ContactPerson.retired_at.is_(None),
    )
    row = db.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return row


def _person_to_change(actor: Actor, institution_id: UUID, person_id: UUID, version: int) -> ContactPerson:
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    row = _person(actor, institution_id, person_id, lock=True)
    if row.version != version:
        raise Conflict(_STALE)
    return row


def _seal(actor: Actor, row: ContactPerson, values: dict[str, str]) -> None:
    given = {name: values.get(name, "").strip() for name in PERSON}
    if not given["name"]:
        raise DomainError(_("Write the name."), field="name")
    key = dossiers.present_key(actor)
    row.key_id = key.id
    row.sealed = vault.seal_to(key.public, orjson.dumps(given), _context(row))


def _opened(pairs: dossiers.Pairs, row: ContactPerson) -> OpenPerson:
    values = orjson.loads(pairs.of(row.key_id).open(row.sealed, _context(row)))
    return OpenPerson(row.id, row.institution_id, values, row.version)


def _context(row: ContactPerson) -> Context:
    return Context("contact person", row.organisation_id, row.institution_id, row.id, row.version)
