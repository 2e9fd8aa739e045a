"""Stories as the dossier has them: asked for, read and signed by a second, taken out, frozen."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from accounts.models import Person
from accounts.service import trust
from advocacy.models.dossiers import DossierAsk, DossierStory, DossierVersionStory
from advocacy.service import dossiers, pulling, story_seal
from advocacy.service.dossiers import OpenDossier
from cases.service import team
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import RULES, may
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from domain.dossiers import State
from vault import Untrusted


@dataclass(frozen=True)
class Story:
    """A story as the dossier shows it: nothing in it says which case it comes from."""

    id: UUID
    state: str
    level: str
    texts: dict[str, str]
    kept: str  # why flagged words were kept
    counsel: bool  # detained, or a removal decision pending: a lawyer signs
    author: str
    second: str
    until: dt.date
    because: str | None
    version: int
    author_id: UUID
    digest: bytes = field(repr=False)

    @property
    def stands(self) -> bool:
        """Whether it is part of the dossier: signed by two and not pulled."""
        return self.state == "confirmed"

    def content(self) -> dict[str, Any]:
        """What is frozen of it."""
        return {"id": self.id.hex, "level": self.level, "texts": self.texts, "version": self.version}


def ask(actor: Actor, dossier_id: UUID, people: Iterable[UUID], text: str) -> None:
    """Ask colleagues who work files for a story. Asking the same person again renews what was asked."""
    opened = dossiers.to_edit(actor, dossier_id)
    if not text.strip():
        raise DomainError(_("Write what you ask for."), field="text")
    wanted = set(people)
    if not wanted or wanted - {person.id for person in writers(actor)}:
        raise DomainError(_("Choose at least one colleague."), field="people")
    verified = trust.person_keys(wanted)
    if wanted - verified.keys():
        raise DomainError(
            _("Somebody you chose has no key that holds yet. Ask this person later."), field="people"
        )
    known = {
        row.person_id: row
        for row in db.session.scalars(select(DossierAsk).where(DossierAsk.dossier_id == opened.id))
    }
    for person_id in sorted(wanted):
        row = known.get(person_id) or DossierAsk(id=uuid4(), dossier_id=opened.id, person_id=person_id)
        row.asked_by, row.asked_at, row.answered_at = actor.person_id, clock.now(), None
        content = orjson.dumps({"titles": opened.titles, "text": text})
        row.sealed = vault.seal_to(verified[person_id].hpke_public, content, story_seal.ask_context(row))
        db.session.add(row)
    audit.record(actor, "dossier.ask", object_kind="dossier", object_id=dossier_id)


def writers(actor: Actor) -> list[Person]:
    """Colleagues who work files and may be asked."""
    return team.holding(actor, RULES[Permission.STORY_WRITE])


def confirm(actor: Actor, dossier_id: UUID, story_id: UUID, version: int) -> None:
    """Sign as the second: somebody who reads dossiers and did not write it. Twice is once.

    Raises DomainError for the author, for somebody who is no lawyer where counsel is needed, or when the
    consent has run out; Conflict when it is another version.
    """
    opened = dossiers.open_dossier(actor, dossier_id, lock=True)
    if not may(actor, Permission.DOSSIER_APPROVE):
        raise Refused
    row = _of(opened, story_id)
    if row.state == "confirmed" and row.version == version:
        return
    if row.version != version or row.state != "signed":
        raise Conflict(_("This story was changed meanwhile. Nothing was overwritten."))
    if opened.state is State.CLOSED:
        raise DomainError(_("This dossier is closed and cannot be changed."))
    story = _story(opened, row)
    if row.author_id == actor.person_id:
        raise DomainError(_("Somebody else has to read it: two people sign a story."))
    if not story_seal.signed_by_author(opened, row, story.digest):
        raise DomainError(_("This story was changed outside the program. It is not signed by its author."))
    if story.counsel and Role.LAWYER not in actor.roles and not _is_lawyer(row.author_id):
        raise DomainError(_("The person is detained or may be removed: a lawyer has to sign this story."))
    if row.consent_until < clock.today():
        pulling.pull(row, "expired")
        raise DomainError(_("The consent has run out. The story is taken out until it is renewed."))
    row.state = "confirmed"
    row.second_id, row.second_at = actor.person_id, clock.now()
    row.second_signature = actor.secret.signer.sign(
        story_seal.LABEL, story_seal.statement(row, story.digest, actor.person_id)
    )
    dossiers.changed(opened)
    audit.record(actor, "story.confirm", object_kind="story", object_id=row.id)


def take_out(actor: Actor, dossier_id: UUID, story_id: UUID) -> None:
    """A manager takes a story out of a dossier. Twice is once."""
    opened = dossiers.to_edit(actor, dossier_id)
    row = _of(opened, story_id)
    if row.state != "pulled":
        pulling.pull(row, "dossier")
        dossiers.changed(opened)
    audit.record(actor, "story.pull", object_kind="story", object_id=row.id)


def of(opened: OpenDossier) -> list[Story]:
    """The stories of a dossier that can be opened, in the order in which they came."""
    rows_ = select(DossierStory).where(DossierStory.dossier_id == opened.id)
    found = db.session.scalars(rows_.order_by(DossierStory.written_at, DossierStory.id)).all()
    return [_story(opened, row) for row in found]


def unsettled(opened: OpenDossier) -> bool:
    """Whether a story waits for its second signature."""
    return any(story.state == "signed" for story in of(opened))


def freeze(version_id: UUID, opened: OpenDossier) -> None:
    """Remember which stories a frozen version holds."""
    for story in of(opened):
        if story.stands:
            db.session.add(
                DossierVersionStory(version_id=version_id, story_id=story.id, story_version=story.version)
            )
    db.session.flush()


def pulled_from(version_id: UUID) -> bool:
    """Whether a story of a frozen version was pulled or changed since, or its consent has run out."""
    held = (
        select(DossierVersionStory.story_version, DossierStory)
        .join(DossierStory, DossierStory.id == DossierVersionStory.story_id)
        .where(DossierVersionStory.version_id == version_id)
    )
    return any(
        row.state != "confirmed" or row.version != version or row.consent_until < clock.today()
        for version, row in db.session.execute(held)
    )


def _of(opened: OpenDossier, story_id: UUID) -> DossierStory:
    statement = select(DossierStory).where(DossierStory.id == story_id, DossierStory.dossier_id == opened.id)
    row = db.session.scalar(statement.with_for_update())
    if row is None:
        raise NotFound
    return row


def _story(opened: OpenDossier, row: DossierStory) -> Story:
    """A story of a dossier; one whose signatures do not hold does not stand."""
    content = opened.pairs.of(row.key_id).open(row.sealed, story_seal.context(row, "dossier"))
    data, digest = orjson.loads(content), hashlib.sha256(content).digest()
    names = dict(
        db.session.execute(
            select(Person.id, Person.name).where(Person.id.in_({row.author_id, row.second_id}))
        ).all()
    )
    state = row.state
    if state == "confirmed" and not story_seal.signed_by_two(opened, row, digest):
        state = "signed"
    if data["level"] != row.level:
        state = "pulled"
    pulled = state == "pulled"
    return Story(
        row.id,
        state,
        row.level,
        {} if pulled else data["texts"],  # what was taken out is read no more
        "" if pulled else data["kept"],
        data["counsel"],
        names[row.author_id],
        names.get(row.second_id, "") if row.second_id else "",
        row.consent_until,
        row.pulled_because,
        row.version,
        row.author_id,
        digest,
    )


def _is_lawyer(person_id: UUID) -> bool:
    try:
        return Role.LAWYER in trust.person_key(person_id).roles
    except Untrusted:
        return False
