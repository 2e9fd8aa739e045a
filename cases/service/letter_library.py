"""Templates of letters of an organisation: brought in versions, approved by a lawyer, offered until retired.

A template names nobody, but somebody may leave a name in one. So each version has a key of its own, sealed to
each colleague who may use it; whoever holds it gives it to those who came later. Its writer and the lawyer
who approved it have signed it: a version that somebody else put into the database is shown to nobody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

import vault
from accounts.service import trust
from accounts.service.names import names_of
from cases.letter_models import LetterReader, LetterTemplate, LetterVersion
from cases.service import letter_seal
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, Locked, NotFound, Refused
from core.reference import reference
from core.store.base import db
from domain.letters import Names
from vault import Key

MOST: Final = 100  # templates that are offered or wait for a lawyer
VERSIONS: Final = 50  # of one
ISSUES: Final = 3  # that one is said to suit
KINDS: Final = ("petition", "letter", "power_of_attorney", "statement", "other")  # of the list document_kind


@dataclass(frozen=True)
class Version:
    """One version, opened."""

    id: UUID
    number: int
    about: dict[str, Any] = field(repr=False)  # also fields, left, numbers, hidden
    written_by: str
    written_at: dt.datetime
    approved_by: str  # "" while no lawyer has
    approved_at: dt.datetime | None


@dataclass(frozen=True)
class Template:
    """A template with the versions that the reader holds the key of, the newest first."""

    id: UUID
    retired: bool
    latest: int
    approved: int | None
    version: int
    versions: tuple[Version, ...] = ()

    @property
    def newest(self) -> Version | None:
        """The newest version; None until a colleague has given the key of it."""
        return next((one for one in self.versions if one.number == self.latest), None)

    @property
    def offered(self) -> Version | None:
        """What letters are made of: the version that a lawyer approved last."""
        return next((one for one in self.versions if one.number == self.approved and one.approved_by), None)

    @property
    def waits(self) -> bool:
        """Whether letters are made of one that no colleague has opened to the reader yet."""
        there = any(one.number == self.approved for one in self.versions)
        return self.approved is not None and not self.retired and not there

    @property
    def shown(self) -> Version | None:
        """The version by which it is called."""
        return self.newest or self.offered or next(iter(self.versions), None)


def names() -> Names:
    """What fields are called."""
    every = reference().lists["letter_name"]
    return Names((one.code, (one.label.en, one.label.tr, one.label.ar)) for one in every)


def index(actor: Actor) -> list[Template]:
    """Every template of the organisation by its subject; those that are offered no more last."""
    rows = db.session.scalars(reachable(actor, Permission.LETTER_READ, LetterTemplate)).all()
    found = _opened(actor, rows)
    return sorted(
        found, key=lambda one: (one.retired, one.shown.about["subject"] if one.shown else "", one.id)
    )


def one(actor: Actor, template_id: UUID) -> Template:
    """One of them with all its versions. Raises NotFound."""
    found = reachable(actor, Permission.LETTER_READ, LetterTemplate).where(LetterTemplate.id == template_id)
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return _opened(actor, [row], every=True)[0]


def content_of(actor: Actor, template_id: UUID, number: int) -> bytes:
    """The file of a version; the act is audited. Raises NotFound, Locked without its key."""
    template = one(actor, template_id)
    version = next((one for one in template.versions if one.number == number), None)
    if version is None:
        raise Locked if 0 < number <= template.latest else NotFound
    row = db.session.get_one(LetterVersion, version.id)
    mine = db.session.get_one(LetterReader, (version.id, actor.person_id))
    key = letter_seal.key_of(actor, version.id, mine.wrapped)
    content = vault.unseal(key, row.content, letter_seal.context(actor.organisation_id, row.id, "content"))
    if hashlib.sha256(content).hexdigest() != version.about["digest"]:
        raise vault.Untrusted
    audit.record(actor, "letter.read", object_kind="letter_template", object_id=template_id)
    return content


def add(
    actor: Actor,
    about: dict[str, Any],
    content: bytes,
    token: UUID,
    *,
    replaces: tuple[UUID, int] | None = None,
) -> UUID:
    """Bring a template, or a newer version of one; the same token twice brings one. Gives its id.

    about: as in Version. replaces: the template and its version as it was shown. Raises Refused, NotFound,
    Conflict, DomainError.
    """
    if not may(actor, Permission.LETTER_EDIT):
        raise Refused
    known = db.session.scalar(select(LetterVersion.template_id).where(LetterVersion.token == token))
    if known is not None:
        return known
    if replaces is None:
        row = _fresh(actor)
    else:
        row = _row(actor, Permission.LETTER_EDIT, replaces[0], version=replaces[1])
        if row.latest >= VERSIONS:
            raise DomainError(_("This template has fifty versions. Bring it as a new one."), field="file")
    row.latest, row.version = row.latest + 1, row.version + 1
    key, version_id, now = Key.new(), uuid4(), clock.now()
    said = orjson.dumps({**about, "digest": hashlib.sha256(content).hexdigest()})
    home = actor.organisation_id
    made = LetterVersion(
        id=version_id,
        template_id=row.id,
        number=row.latest,
        about=vault.seal(key, said, letter_seal.context(home, version_id, "about")),
        content=vault.seal(key, content, letter_seal.context(home, version_id, "content")),
        written_by=actor.person_id,
        written_at=now,
        token=token,
    )
    made.signature = actor.secret.signer.sign(letter_seal.WRITTEN, letter_seal.statement(home, made, said))
    db.session.add(made)
    db.session.flush()
    letter_seal.give_all(home, version_id, key)
    audit.record(actor, "letter.add", object_kind="letter_template", object_id=row.id)
    return row.id


def approve(actor: Actor, template_id: UUID, version: int, number: int) -> None:
    """Say as a lawyer that letters may be made of the newest version. Twice is once.

    Raises Refused, NotFound, Locked, Conflict where somebody changed the template meanwhile.
    """
    row = _row(actor, Permission.LETTER_APPROVE, template_id)
    if row.approved == number:
        return
    if row.version != version or row.latest != number:
        raise Conflict
    of = select(LetterVersion).where(LetterVersion.template_id == row.id, LetterVersion.number == number)
    made = db.session.scalars(of).one()
    said = _said(actor, made)
    if said is None:
        raise Locked
    statement = letter_seal.statement(actor.organisation_id, made, said)
    made.approval = actor.secret.signer.sign(letter_seal.APPROVED, statement)
    made.approved_by, made.approved_at = actor.person_id, clock.now()
    row.approved, row.version = number, row.version + 1
    db.session.flush()
    audit.record(actor, "letter.approve", object_kind="letter_template", object_id=row.id)


def retire(actor: Actor, template_id: UUID, version: int, *, retired: bool) -> None:
    """Offer a template no more, or again. Twice is once. Raises Refused, NotFound, Conflict."""
    row = _row(actor, Permission.LETTER_EDIT, template_id)
    if row.retired == retired:
        return
    if row.version != version:
        raise Conflict
    if not retired:
        _require_room(actor)
    row.retired, row.version = retired, row.version + 1
    db.session.flush()
    act = "letter.retire" if retired else "letter.restore"
    audit.record(actor, act, object_kind="letter_template", object_id=row.id)


def _fresh(actor: Actor) -> LetterTemplate:
    _require_room(actor)
    row = LetterTemplate(
        id=uuid4(), organisation_id=actor.organisation_id, retired=False, latest=0, approved=None, version=0
    )
    db.session.add(row)
    return row


def _require_room(actor: Actor) -> None:
    home = LetterTemplate.organisation_id == actor.organisation_id
    have = select(func.count()).where(home, LetterTemplate.retired.is_(False))
    if (db.session.scalar(have) or 0) >= MOST:
        raise DomainError(_("There are a hundred templates already. Retire one first."), field="file")


def _row(
    actor: Actor, permission: Permission, template_id: UUID, *, version: int | None = None
) -> LetterTemplate:
    if not may(actor, permission):
        raise Refused
    found = reachable(actor, permission, LetterTemplate).where(LetterTemplate.id == template_id)
    row = db.session.scalar(found.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict
    return row


def _opened(actor: Actor, rows: Iterable[LetterTemplate], *, every: bool = False) -> list[Template]:
    """The templates with their versions; unless it is every one, with the newest and the one offered."""
    listed = list(rows)
    columns = [one for one in LetterVersion.__table__.c if one.name != "content"]
    of = (
        select(*columns, LetterReader.wrapped)
        .join(LetterReader, LetterReader.version_id == LetterVersion.id)
        .join(LetterTemplate, LetterTemplate.id == LetterVersion.template_id)
        .where(
            LetterReader.person_id == actor.person_id,
            LetterVersion.template_id.in_([one.id for one in listed]),
        )
        .order_by(LetterVersion.number.desc())
    )
    if not every:
        of = of.where(LetterVersion.number.in_([LetterTemplate.latest, LetterTemplate.approved]))
    found = db.session.execute(of).all()
    people = {one.written_by for one in found} | {one.approved_by for one in found}
    called = names_of(people)
    known = {one: trust.former_keys(one) for one in people if one is not None}
    versions: dict[UUID, list[Version]] = {}
    for row in found:
        said = letter_seal.opened(actor, row, row.wrapped, known)
        if said is None:
            continue
        stands = letter_seal.is_approved(actor, row, said, known)
        approver = called.get(row.approved_by, "") if stands else ""
        by = called.get(row.written_by, "")
        opened = Version(
            row.id, row.number, orjson.loads(said), by, row.written_at, approver, row.approved_at
        )
        versions.setdefault(row.template_id, []).append(opened)
    return [
        Template(row.id, row.retired, row.latest, row.approved, row.version, tuple(versions.get(row.id, ())))
        for row in listed
    ]


def _said(actor: Actor, row: LetterVersion) -> bytes | None:
    mine = db.session.get(LetterReader, (row.id, actor.person_id))
    if mine is None:
        return None
    known = {row.written_by: trust.former_keys(row.written_by)}
    return letter_seal.opened(actor, row, mine.wrapped, known)
