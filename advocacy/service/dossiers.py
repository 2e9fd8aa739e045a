"""Dossiers: begun, written section by section in three languages, opened with the dossier key.

Each has a key of its own, wrapped to the organisation's dossier key, which managers and the approvers
they named hold.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from accounts.models import OrganisationKey, Person
from accounts.service import keys, trust
from advocacy.models.dossiers import Dossier, DossierSection
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, Locked, NotFound, Refused
from core.store.base import db
from domain.dossiers import LANGUAGES, Section, State, title_in
from vault import Context, Key, Pair, VaultError

KEY: Final = "dossier"
READY: Final = "ready"

_OPEN: Final = frozenset({State.DRAFT, State.REVIEW, State.APPROVED, State.LEFT})


class Pairs:
    """The private halves of the dossier key that this request needed, by the id of their epoch."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._known: dict[UUID, Pair] = {}

    def of(self, key_id: UUID) -> Pair:
        """The private half of one epoch. Raises Locked when the actor does not hold it."""
        if key_id not in self._known:
            row = db.session.get(OrganisationKey, key_id)
            if row is None or row.organisation_id != self._actor.organisation_id or row.kind != KEY:
                raise NotFound
            self._known[key_id] = keys.open_key(self._actor, KEY, row.epoch).pair
        return self._known[key_id]


@dataclass(frozen=True)
class SectionText:
    """A section in one language."""

    text: str
    state: str
    version: int
    name: str
    at: dt.datetime


@dataclass(frozen=True)
class OpenDossier:
    """A dossier, opened for this request."""

    id: UUID
    state: State
    version: int
    titles: dict[str, str]
    about: dict[str, str]
    pattern_id: UUID | None
    sections: dict[tuple[str, str], SectionText]
    changed_at: dt.datetime
    checked: dict[str, Any] = field(repr=False)  # what of its vignettes may be told, signed; see `sheets`
    key: Key = field(repr=False)
    pairs: Pairs = field(repr=False)
    row: Dossier = field(repr=False)

    def title(self, language: str) -> str:
        """The title in a language, or in the first that has one."""
        return title_in(self.titles, language)

    @property
    def written(self) -> dict[Section, set[str]]:
        """In which languages each section has text."""
        found: dict[Section, set[str]] = {}
        for (kind, language), section in self.sections.items():
            if section.text.strip():
                found.setdefault(Section(kind), set()).add(language)
        return found


def present_key(actor: Actor) -> trust.VerifiedOrganisationKey:
    """The organisation's dossier key, to seal to. Raises Locked when nobody made it yet."""
    key = trust.organisation_key(actor.organisation_id, KEY)
    if key is None:
        raise Locked(_("Your organisation has no key for dossiers yet. A manager makes it."))
    return key


def index(actor: Actor) -> list[OpenDossier]:
    """The dossiers, last changed first, without their sections. Raises Locked without the key."""
    pairs = Pairs(actor)
    rows = reachable(actor, Permission.DOSSIER_READ, Dossier).order_by(Dossier.changed_at.desc(), Dossier.id)
    return [_opened(pairs, row, {}) for row in db.session.scalars(rows)]


def open_dossier(actor: Actor, dossier_id: UUID, *, lock: bool = False) -> OpenDossier:
    """One dossier with its sections. Raises NotFound, Locked without the key."""
    statement = reachable(actor, Permission.DOSSIER_READ, Dossier).where(Dossier.id == dossier_id)
    row = db.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    opened = _opened(Pairs(actor), row, {})
    rows = db.session.execute(
        select(DossierSection, Person.name)
        .join(Person, Person.id == DossierSection.edited_by)
        .where(DossierSection.dossier_id == row.id)
    )
    for section, name in rows:
        text = vault.unseal(opened.key, section.sealed, _section_context(row, section)).decode()
        opened.sections[section.kind, section.language] = SectionText(
            text, section.state, section.version, name, section.edited_at
        )
    return opened


def begin(
    actor: Actor, token: UUID, titles: dict[str, str], about: dict[str, str], pattern_id: UUID | None = None
) -> UUID:
    """Begin a dossier; the same token twice begins one. Gives its id.

    Raises Refused, DomainError without a title, Locked without a dossier key.
    """
    if not may(actor, Permission.DOSSIER_EDIT):
        raise Refused
    if not any(title.strip() for title in titles.values()):
        raise DomainError(_("Give it a title in at least one language."), field="title_tr")
    known = db.session.scalar(select(Dossier.id).where(Dossier.token == token))
    if known is not None:
        return known
    public = present_key(actor)
    key, now = Key.new(), clock.now()
    row = Dossier(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        state=State.DRAFT,
        key_id=public.id,
        wrapped=b"",
        sealed=b"",
        pattern_id=pattern_id,
        made_by=actor.person_id,
        made_at=now,
        changed_at=now,
        version=1,
        token=token,
    )
    row.wrapped = vault.wrap_to(public.public, key, _key_context(row))
    row.sealed = _sealed_front(key, row, {"titles": titles, "about": about})
    db.session.add(row)
    audit.record(actor, "dossier.begin", object_kind="dossier", object_id=row.id)
    return row.id


def rename(actor: Actor, dossier_id: UUID, version: int, titles: dict[str, str]) -> None:
    """Change the titles. Raises Conflict when somebody changed the dossier meanwhile."""
    opened = to_edit(actor, dossier_id)
    if opened.version != version:
        raise Conflict(_("Somebody changed this dossier meanwhile. Nothing was overwritten."))
    if not any(title.strip() for title in titles.values()):
        raise DomainError(_("Give it a title in at least one language."), field="title_tr")
    changed(opened, titles=titles)
    audit.record(actor, "dossier.edit", object_kind="dossier", object_id=dossier_id)


def write_section(
    actor: Actor, dossier_id: UUID, kind: str, language: str, version: int, text: str, *, ready: bool
) -> None:
    """Write one section in one language; a dossier in review becomes a draft again.

    `version` is that of the section as the page showed it, 0 for one nobody wrote yet. Raises NotFound,
    Conflict when somebody wrote it meanwhile; saving the same words twice is once.
    """
    if kind not in set(Section) or language not in LANGUAGES:
        raise NotFound
    opened = to_edit(actor, dossier_id)
    state = READY if ready and text.strip() else "draft"
    before = opened.sections.get((kind, language))
    if before is not None and (before.text, before.state) == (text, state):
        return
    if (before.version if before else 0) != version:
        raise Conflict(_("Somebody wrote this section meanwhile. Nothing was overwritten."))
    row = db.session.get(DossierSection, (dossier_id, kind, language))
    if row is None:
        row = DossierSection(dossier_id=dossier_id, kind=kind, language=language, version=0)
        db.session.add(row)
    row.version = version + 1
    row.state, row.edited_by, row.edited_at = state, actor.person_id, clock.now()
    row.sealed = vault.seal(opened.key, text.encode(), _section_context(opened.row, row))
    changed(opened)
    audit.record(actor, "dossier.edit", object_kind="dossier", object_id=dossier_id)


def close(actor: Actor, dossier_id: UUID, version: int) -> None:
    """End the work on a dossier; it stays readable. Raises Conflict."""
    opened = to_edit(actor, dossier_id)
    if opened.version != version:
        raise Conflict(_("Somebody changed this dossier meanwhile. Nothing was overwritten."))
    changed(opened, State.CLOSED)
    audit.record(actor, "dossier.close", object_kind="dossier", object_id=dossier_id)


def changed(
    opened: OpenDossier,
    state: State = State.DRAFT,
    titles: dict[str, str] | None = None,
    checked: dict[str, Any] | None = None,
) -> None:
    """Seal the dossier under a new version: unless said otherwise it is a draft again."""
    row = opened.row
    row.version += 1
    row.state, row.changed_at = state, clock.now()
    front = {"titles": titles or opened.titles, "about": opened.about, "checked": checked or opened.checked}
    row.sealed = _sealed_front(opened.key, row, front)
    db.session.flush()


def to_edit(actor: Actor, dossier_id: UUID) -> OpenDossier:
    """The dossier, locked for a change. Raises Refused, NotFound, DomainError for a closed one."""
    if not may(actor, Permission.DOSSIER_EDIT):
        raise Refused
    opened = open_dossier(actor, dossier_id, lock=True)
    if opened.state not in _OPEN:
        raise DomainError(_("This dossier is closed and cannot be changed."))
    return opened


def _opened(pairs: Pairs, row: Dossier, sections: dict[tuple[str, str], SectionText]) -> OpenDossier:
    try:
        key = pairs.of(row.key_id).unwrap(row.wrapped, _key_context(row))
        front: dict[str, Any] = orjson.loads(vault.unseal(key, row.sealed, _front_context(row)))
    except VaultError:
        raise DomainError(_("This dossier was changed outside the program and cannot be opened.")) from None
    return OpenDossier(
        row.id,
        State(row.state),
        row.version,
        front["titles"],
        front["about"],
        row.pattern_id,
        sections,
        row.changed_at,
        front.get("checked", {}),
        key,
        pairs,
        row,
    )


def _sealed_front(key: Key, row: Dossier, front: dict[str, Any]) -> bytes:
    return vault.seal(key, orjson.dumps(front), _front_context(row))


def _key_context(row: Dossier) -> Context:
    return Context("dossier key", row.organisation_id, row.id, row.key_id)


def _front_context(row: Dossier) -> Context:
    # The state is part of it: a row set to "approved" in the database does not open.
    return Context("dossier", row.organisation_id, row.id, row.version, row.state)


def _section_context(dossier: Dossier, row: DossierSection) -> Context:
    return Context(
        "dossier section", dossier.organisation_id, row.dossier_id, row.kind, row.language, row.version
    )
