"""Stories as the dossier has them: asked for, read and signed by a second, taken out, frozen."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from accounts.models import Person
from accounts.service import trust
from accounts.service.names import names_of
from advocacy.models.dossiers import DossierAsk, DossierStory
from advocacy.service import dossiers, pulling, sheets, story_chain, story_seal
from advocacy.service.dossiers import OpenDossier
from advocacy.service.sheets import Sheet, Stated, Telling
from advocacy.service.story_seal import Coded, Draft
from cases.service import team
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import RULES, may
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from domain.dossiers import State
from domain.stories import levels
from vault import Untrusted


@dataclass(frozen=True)
class Story:
    """A story as the dossier shows it: nothing in it says which case it comes from.

    A vignette has words once a manager checked it (`told`); `refused` says by what rules it has none.
    """

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
    digest: bytes = field(repr=False)  # of what its author signed
    is_vignette: bool = False
    told: Telling | None = None
    refused: tuple[str, ...] = ()
    agreed: dt.date | None = None  # the day on which the person agreed to these very words
    essence: str = ""  # of what its author tells (`Draft.essence`)
    fallen: bool = False  # its composite fell with another of its cases, and the second signature with it

    @property
    def lacks_agreement(self) -> bool:
        """Whether the person has to hear the words first, and has not agreed to them yet."""
        return levels.is_shown_first(self.level) and self.agreed is None

    @property
    def is_to_be_asked_again(self) -> bool:
        """Whether the person agreed too long ago for another publication."""
        held = dt.timedelta(days=levels.AGREED_DAYS)
        return self.agreed is not None and clock.today() > self.agreed + held

    @property
    def stands(self) -> bool:
        """Whether it is part of the dossier: signed by two and not pulled."""
        return self.state == "confirmed"

    @property
    def unchecked(self) -> bool:
        """Whether nobody has looked yet if it may be told so, or somebody has to look again."""
        return self.is_vignette and self.state != "pulled" and not self.told and not self.refused

    @property
    def stated(self) -> Stated:
        """The story in this version."""
        return self.id, self.version

    @property
    def read(self) -> bytes:
        """The digest of what its second reader signs: of a vignette, of its very words too."""
        return hashlib.sha256(self.digest + self.told.digest).digest() if self.told else self.digest

    def content(self) -> dict[str, Any]:
        """What is frozen of it."""
        return {"id": self.id.hex, "level": self.level, "texts": self.texts, "version": self.version}


@dataclass(frozen=True)
class CodedStory:
    """A vignette that may be checked: neither pulled nor without a live consent."""

    row: DossierStory = field(repr=False)
    vignette: Coded = field(repr=False)
    digest: bytes = field(repr=False)

    @property
    def stated(self) -> Stated:
        """The story in this version."""
        return self.row.id, self.row.version


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


def confirm(actor: Actor, dossier_id: UUID, story_id: UUID, version: int, read: str = "") -> None:
    """Sign as the second: somebody who reads dossiers and did not write it. Twice is once.

    `read` names the words of a vignette as they were shown (`Story.read`). Raises DomainError for the author,
    for somebody who is no lawyer where counsel is needed, when the consent has run out, or for a vignette
    that may not be told; Conflict when it is another version, or other words.
    """
    opened = dossiers.open_dossier(actor, dossier_id, lock=True)
    if not may(actor, Permission.DOSSIER_APPROVE):
        raise Refused
    row = _of(opened, story_id)
    story = next(one for one in of(opened) if one.id == row.id)
    if story.because == "expired":
        raise DomainError(_("The consent has run out. The story is taken out until it is renewed."))
    if story.is_vignette and story.told is not None and read != story.read.hex():
        raise Conflict(_("What this vignette tells has changed meanwhile. Read it again before you sign."))
    if story.state == "confirmed" and row.version == version:
        return
    if row.version != version or story.state == "pulled":
        raise Conflict(_("This story was changed meanwhile. Nothing was overwritten."))
    if opened.state is State.CLOSED:
        raise DomainError(_("This dossier is closed and cannot be changed."))
    _require_may_sign(actor, opened, row, story)
    row.state = "confirmed"
    row.second_id, row.second_at = actor.person_id, clock.now()
    row.second_signature = actor.secret.signer.sign(
        story_seal.LABEL, story_seal.statement(row, story.read, actor.person_id)
    )
    dossiers.changed(opened)
    story_chain.record(actor, opened.row.organisation_id, "story.confirm", row.id, row.version)


def take_out(actor: Actor, dossier_id: UUID, story_id: UUID) -> None:
    """A manager takes a story out of a dossier. Twice is once."""
    opened = dossiers.to_edit(actor, dossier_id)
    row = _of(opened, story_id)
    if row.state != "pulled":
        pulling.pull(actor, opened.row.organisation_id, {row.id: row}, "dossier")
        dossiers.changed(opened)


def of(opened: OpenDossier) -> list[Story]:
    """The stories of a dossier that can be opened, in the order in which they came."""
    rows, sheet = stored(opened), sheets.read(opened)
    standing = {(row.id, row.version) for row in _live(opened, rows)}
    return [_story(opened, row, sheet, standing) for row in rows]


def coded(opened: OpenDossier) -> list[CodedStory]:
    """The vignettes of a dossier that may be checked, in the order in which they came."""
    found = []
    for row in _live(opened, stored(opened)):
        draft, digest = _open(opened, row)
        over = bool(draft.until) and draft.until < clock.today().isoformat()
        if draft.vignette is not None and not over:
            found.append(CodedStory(row, draft.vignette, digest))
    return found


def unsettled(opened: OpenDossier) -> bool:
    """Whether a story waits for its second signature; a vignette that is refused waits for none."""
    return any(story.state == "signed" and not story.refused for story in of(opened))


def to_be_asked_again(opened: OpenDossier) -> bool:
    """Whether somebody agreed too long ago, for another publication, to the words of a story that stands."""
    return any(story.stands and story.is_to_be_asked_again for story in of(opened))


def unchecked(opened: OpenDossier) -> bool:
    """Whether vignettes have to be checked, or checked again today."""
    found = [story for story in of(opened) if story.is_vignette and story.state != "pulled"]
    sheet = sheets.read(opened)
    return any(story.unchecked for story in found) or bool(found and sheet and not sheet.is_of_today)


def checked_today(opened: OpenDossier) -> bool:
    """Whether the vignettes were checked today."""
    sheet = sheets.read(opened)
    return sheet is not None and sheet.is_of_today


def _of(opened: OpenDossier, story_id: UUID) -> DossierStory:
    statement = select(DossierStory).where(DossierStory.id == story_id, DossierStory.dossier_id == opened.id)
    row = db.session.scalar(statement.with_for_update())
    if row is None:
        raise NotFound
    return row


def _require_may_sign(actor: Actor, opened: OpenDossier, row: DossierStory, story: Story) -> None:
    """Raise DomainError unless the actor may stand for this story today as the second."""
    if row.author_id == actor.person_id:
        raise DomainError(_("Somebody else has to read it: two people sign a story."))
    if not story_seal.signed_by_author(opened, row, story.digest):
        raise DomainError(_("This story was changed outside the program. It is not signed by its author."))
    if story.counsel and Role.LAWYER not in actor.roles and not _is_lawyer(row.author_id):
        raise DomainError(_("The person is detained or may be removed: a lawyer has to sign this story."))
    if story.lacks_agreement:
        raise DomainError(
            _("The person has not agreed to these very words yet. Its author reads them out and asks first.")
        )
    if story.is_vignette and story.told is None:
        raise DomainError(_("A manager has to check first whether this vignette points at somebody."))


def stored(opened: OpenDossier) -> list[DossierStory]:
    """The rows of a dossier's stories, in the order in which they came."""
    of_it = select(DossierStory).where(DossierStory.dossier_id == opened.id)
    return list(db.session.scalars(of_it.order_by(DossierStory.written_at, DossierStory.id)))


def _live(opened: OpenDossier, rows: list[DossierStory]) -> list[DossierStory]:
    """Those that neither the database nor the chain knows as pulled."""
    known = story_chain.standing(opened.row.organisation_id, rows)
    return [
        row
        for row in rows
        if row.state != "pulled" and row.consent_until >= clock.today() and (row.id, row.version) in known
    ]


def _open(opened: OpenDossier, row: DossierStory) -> tuple[Draft, bytes]:
    """What the author sealed, and its digest."""
    content = opened.pairs.of(row.key_id).open(row.sealed, story_seal.context(row, "dossier"))
    return Draft.from_bytes(content), hashlib.sha256(content).digest()


def _story(opened: OpenDossier, row: DossierStory, sheet: Sheet | None, standing: set[Stated]) -> Story:
    """A story of a dossier; one whose signatures do not hold does not stand."""
    draft, digest = _open(opened, row)
    names = names_of((row.author_id, row.second_id))
    until = min(row.consent_until, dt.date.fromisoformat(draft.until) if draft.until else dt.date.max)
    over = until < clock.today()
    live = (row.id, row.version) in standing
    pulled = not live or over  # what was taken out is read no more
    told: Telling | None = None
    refused: tuple[str, ...] = ()
    fallen = False
    if draft.vignette is not None and sheet is not None and not pulled:
        told = sheet.telling((row.id, row.version), standing)
        refused = sheet.refused.get((row.id, row.version), ())
        fallen = sheet.has_fallen((row.id, row.version), standing)
    texts = dict(told.texts) if told else draft.texts
    story = Story(
        row.id,
        "pulled" if pulled else "signed",
        draft.level,
        {} if pulled else texts,
        "" if pulled else draft.kept,
        draft.counsel,
        names[row.author_id],
        names.get(row.second_id, "") if row.second_id else "",
        until,
        row.pulled_because or ("expired" if over else None),
        row.version,
        row.author_id,
        digest,
        draft.vignette is not None,
        told,
        refused,
        dt.date.fromisoformat(draft.agreed) if draft.agreed else None,
        draft.essence,
        fallen,
    )
    confirmed = (
        row.state == "confirmed"
        and not pulled
        and not story.lacks_agreement
        and (told is not None or not story.is_vignette)
        and story_seal.signed_by_two(opened, row, digest, story.read)
    )
    return replace(story, state="confirmed") if confirmed else story


def _is_lawyer(person_id: UUID) -> bool:
    try:
        return Role.LAWYER in trust.person_key(person_id).roles
    except Untrusted:
        return False
