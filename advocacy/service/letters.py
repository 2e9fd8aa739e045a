"""Letters to an addressee about an approved dossier: ordered while it may leave, printed, kept by nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import lazy_gettext as _

from accounts.models import Organisation
from advocacy.service import dossiers, institutions, outputs, reviewing
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may
from core.audit import service as audit
from core.errors import DomainError, NotFound, Refused
from core.reference import reference
from core.store.base import db
from domain.dossiers import LANGUAGES

FORMATS = ("pdf", "docx")


@dataclass(frozen=True)
class Letter:
    """A letter ready to be printed in one language."""

    kind: str
    language: str
    format: str
    title: str
    to: str
    address: str
    person: str = field(repr=False)
    issuer: str = ""
    day: dt.date | None = None
    number: int = 0
    code: str = ""
    body: str = field(default="", repr=False)


def order(
    actor: Actor,
    dossier_id: UUID,
    institution_id: UUID,
    person_id: UUID | None,
    kind: str,
    language: str,
    format_: str,
    body: str | None,
) -> Letter:
    """A letter about a dossier; without a body, to be proposed one.

    Raises Refused, NotFound, Locked, and DomainError where the dossier may not leave, or not to this
    addressee, has no title in the language, or the body is empty.
    """
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    if kind not in reference().lists["letter_kind"] or language not in LANGUAGES or format_ not in FORMATS:
        raise NotFound
    opened = dossiers.open_dossier(actor, dossier_id)
    version = reviewing.to_leave(opened)
    title = version.content["titles"].get(language, "").strip()
    if not title:
        raise DomainError(_("The dossier has no title in this language yet."), field="language")
    if body is not None and not body.strip():
        raise DomainError(_("Write the letter."), field="body")
    institution = institutions.one(actor, institution_id)
    outputs.require_may_go_to(opened, institution.kind, version.number)
    person = institutions.person(actor, institution.id, person_id) if person_id else None
    home = db.session.get_one(Organisation, actor.organisation_id)
    return Letter(
        kind,
        language,
        format_,
        title,
        institution.name(language),
        institution.address,
        ", ".join(filter(None, (person.values["name"], person.values["role"]))) if person else "",
        home.name(language),
        clock.today(),
        version.number,
        version.code,
        body or "",
    )


def printed(actor: Actor, dossier_id: UUID) -> None:
    """Put on the chain that a letter about a dossier was handed out."""
    audit.record(actor, "letter.print", object_kind="dossier", object_id=dossier_id)
