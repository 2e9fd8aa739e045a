"""Stories for dossiers, by those who hold the files: asked for, written, signed, taken back.

A story is sealed to the dossier key and, as a copy, to its author. Whoever reads the dossier learns
neither reference nor key of the case; whoever holds the case learns no more of the dossier than its title.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from advocacy.models.dossiers import Dossier, DossierAsk, DossierStory
from advocacy.service import dossiers, pulling, story_chain, story_seal, vignettes
from advocacy.service.story_seal import Coded, Draft
from cases.models import Case
from cases.service import consents, keys, rows
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.errors import Conflict, DomainError, NotFound
from core.reference import lexicon
from core.store.base import db
from domain.dossiers import LANGUAGES, State, title_in
from domain.stories import levels as story_levels
from domain.stories.assistant import flag
from domain.stories.spans import Span
from vault import Key, VaultError

_ON_THE_WAY: Final = frozenset({State.DRAFT, State.REVIEW, State.APPROVED})


@dataclass(frozen=True)
class Ask:
    """A colleague is asked for a story."""

    dossier_id: UUID
    title: str
    text: str
    at: dt.datetime
    answered: bool


@dataclass(frozen=True)
class Own:
    """A story as its author sees it."""

    id: UUID
    dossier_id: UUID
    case_id: UUID
    draft: Draft
    state: str
    because: str | None
    version: int
    until: dt.date
    dossier: str  # its state

    @property
    def lacks_agreement(self) -> bool:
        """Whether it waits for the person, who agrees to the very words, and before they leave again."""
        if self.state == "pulled" or not story_levels.is_shown_first(self.draft.level):
            return False
        oldest = clock.today() - dt.timedelta(days=story_levels.AGREED_DAYS)
        wanted = oldest.isoformat() if self.dossier in _ON_THE_WAY else ""
        return self.dossier != State.CLOSED and (not self.draft.agreed or self.draft.agreed < wanted)


def flags(texts: dict[str, str]) -> dict[str, tuple[Span, ...]]:
    """What the assistant finds in each language; no flag proves nothing."""
    return {language: flag(text, lexicon()) for language, text in texts.items() if text.strip()}


def asked(actor: Actor) -> list[Ask]:
    """What the actor is asked for, unanswered first."""
    found = []
    for row in db.session.scalars(
        reachable(actor, Permission.STORY_WRITE, DossierAsk).order_by(DossierAsk.asked_at.desc())
    ):
        content = orjson.loads(actor.secret.pair.open(row.sealed, story_seal.ask_context(row)))
        title = title_in(content["titles"], actor.language)
        found.append(Ask(row.dossier_id, title, content["text"], row.asked_at, row.answered_at is not None))
    return sorted(found, key=lambda one: one.answered)


def is_asked(actor: Actor) -> bool:
    """Whether an ask waits for the actor; opens nothing."""
    waiting = reachable(actor, Permission.STORY_WRITE, DossierAsk).where(DossierAsk.answered_at.is_(None))
    return db.session.scalar(waiting.with_only_columns(DossierAsk.id).limit(1)) is not None


def levels(actor: Actor, case_id: UUID) -> list[str]:
    """The levels that the consents of a case carry today; empty when none does."""
    case, key = _file(actor, case_id)
    return [level for level in story_levels.LEVELS if consents.until_for_story(case, key, level) is not None]


def offer(actor: Actor, case_id: UUID, level: str) -> Coded:
    """The coded facts of a case of the actor, which is all that a vignette may rest on.

    Raises NotFound, Locked, DomainError where the person did not agree to be counted or to this level.
    """
    case, key = _file(actor, case_id)
    _covered(case, key, level)
    return vignettes.coded(case, key)


def write(actor: Actor, token: UUID, dossier_id: UUID, case_id: UUID, draft: Draft) -> UUID:
    """Write and sign a story for a dossier that asked for it. The same token twice writes one.

    Raises NotFound for a dossier that did not ask or a case that is not the actor's, DomainError when no
    consent carries the level, a text is missing, or flagged words stand in it without a reason; Conflict
    for a vignette whose codes are not those of the case any more.
    """
    known = db.session.scalar(select(DossierStory.id).where(DossierStory.token == token))
    if known is not None:
        return known
    _require_asked(actor, dossier_id)
    case, key = _file(actor, case_id)
    until = _check(case, key, draft)
    draft = replace(draft, until=until.isoformat())
    public = dossiers.present_key(actor)
    row = DossierStory(
        id=uuid4(),
        dossier_id=dossier_id,
        case_id=case_id,
        author_id=actor.person_id,
        state="signed",
        consent_until=until,
        key_id=public.id,
        version=1,
        written_at=clock.now(),
        token=token,
    )
    story_seal.seal(actor, row, public.public, draft)
    db.session.add(row)
    _answered(actor, dossier_id)
    _remember(actor, case, key, row, draft)
    return row.id


def rewrite(actor: Actor, story_id: UUID, version: int, draft: Draft) -> None:
    """Write a story anew, or stand for it again after it was pulled; it needs its second signature again."""
    case, key = _file(actor, _own(actor, story_id).case_id)  # the case first, as a withdrawal does
    row = _own(actor, story_id, lock=True)
    if row.version != version or row.case_id != case.id:
        raise Conflict(_("This story was changed meanwhile. Nothing was overwritten."))
    row.consent_until = _check(case, key, draft)
    draft = replace(draft, until=row.consent_until.isoformat())
    _require_open(row.dossier_id)
    # What was made with it is taken back, unless the person only agreed again to the same words.
    same = draft.essence == _copy(actor, row).essence
    if row.state != "pulled" and not same:  # else it is flagged already
        pulling.flag_outputs({row.id})
    public = dossiers.present_key(actor)
    row.key_id = public.id
    row.version += 1
    row.written_at = clock.now()
    row.state, row.pulled_at, row.pulled_because = "signed", None, None
    row.second_id = row.second_signature = row.second_at = None
    story_seal.seal(actor, row, public.public, draft)
    _remember(actor, case, key, row, draft)


def _remember(actor: Actor, case: Case, key: Key, row: DossierStory, draft: Draft) -> None:
    pulling.remember(actor, case, key, row, draft.level, row.consent_until)
    rows.written(actor, "case.story", key, case)
    story_chain.record(actor, case.organisation_id, "story.write", row.id, row.version)


def take_back(actor: Actor, story_id: UUID) -> None:
    """The author takes a story back. Twice is once."""
    row = _own(actor, story_id, lock=True)
    pulling.pull(actor, actor.organisation_id, {row.id: row}, "author")


def own(actor: Actor, story_id: UUID) -> Own:
    """A story for its author."""
    row = _own(actor, story_id)
    return _as_own(actor, row, _states([row])[row.dossier_id])


def renewed(actor: Actor, own_: Own) -> dt.date | None:
    """Until when the consents carry a story today, where that is longer than its author stands for it."""
    if own_.dossier == State.CLOSED:
        return None
    try:
        case, key = _file(actor, own_.case_id)
        until = consents.until_for_story(case, key, own_.draft.level)
    except (DomainError, VaultError):  # the page of the case says what is wrong with it
        return None
    return until if until and until > own_.until else None


def mine(actor: Actor) -> list[Own]:
    """The stories that the actor wrote, newest first."""
    rows_ = reachable(actor, Permission.STORY_WRITE, DossierStory).order_by(DossierStory.written_at.desc())
    found = db.session.scalars(rows_).all()
    states = _states(found)
    return [_as_own(actor, row, states[row.dossier_id]) for row in found]


def _require_asked(actor: Actor, dossier_id: UUID) -> DossierAsk:
    statement = reachable(actor, Permission.STORY_WRITE, DossierAsk)
    row = db.session.scalar(statement.where(DossierAsk.dossier_id == dossier_id))
    if row is None:
        raise NotFound
    _require_open(dossier_id)
    return row


def _require_open(dossier_id: UUID) -> None:
    if db.session.scalar(select(Dossier.state).where(Dossier.id == dossier_id)) == State.CLOSED:
        raise DomainError(_("This dossier is closed. It takes no more stories."))


def _file(actor: Actor, case_id: UUID) -> tuple[Case, Key]:
    """A case of the actor, whole. Raises NotFound, Locked."""
    case = find(actor, Permission.CASE_NOTE, case_id)  # who only reviews a draft tells nothing of the case
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    return case, key


def _check(case: Case, key: Key, draft: Draft) -> dt.date:
    """The last day on which the story may stand. Raises DomainError for what is missing or not covered."""
    if draft.level not in story_levels.LEVELS:
        raise DomainError(_("Choose how far the story may go."), field="level")
    if draft.agreed > clock.today().isoformat():
        raise DomainError(_("This day has not come yet."), field="agreed")
    if draft.vignette is None:
        _require_words(draft)
    elif draft.vignette != vignettes.coded(case, key) or draft.texts or draft.kept:
        raise Conflict(_("The case was changed meanwhile. Look again at what would be told before you sign."))
    return _covered(case, key, draft.level)


def _covered(case: Case, key: Key, level: str) -> dt.date:
    until = consents.until_for_story(case, key, level)
    if until is None:
        raise DomainError(
            _("No consent of the person carries a story of this level today. Ask the person first."),
            field="level",
        )
    return until


def _require_words(draft: Draft) -> None:
    if not set(draft.texts) <= set(LANGUAGES) or not any(text.strip() for text in draft.texts.values()):
        raise DomainError(_("Write the story in at least one language."), field="text_tr")
    if any(flags(draft.texts).values()) and not draft.kept.strip():
        raise DomainError(
            _("Some words may identify somebody. Change them, or say why they must stay."), field="kept"
        )


def _own(actor: Actor, story_id: UUID, *, lock: bool = False) -> DossierStory:
    statement = reachable(actor, Permission.STORY_WRITE, DossierStory).where(DossierStory.id == story_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(statement)
    if row is None:
        raise NotFound
    return row


def _answered(actor: Actor, dossier_id: UUID) -> None:
    row = _require_asked(actor, dossier_id)
    row.answered_at = row.answered_at or clock.now()


def _states(rows_: Iterable[DossierStory]) -> dict[UUID, str]:
    """In which state the dossiers of these stories are."""
    wanted = {row.dossier_id for row in rows_}
    return dict(db.session.execute(select(Dossier.id, Dossier.state).where(Dossier.id.in_(wanted))).all())


def _copy(actor: Actor, row: DossierStory) -> Draft:
    """What its author keeps of a story."""
    return Draft.from_bytes(actor.secret.pair.open(row.copy, story_seal.context(row, "author")))


def _as_own(actor: Actor, row: DossierStory, dossier: str) -> Own:
    return Own(
        row.id,
        row.dossier_id,
        row.case_id,
        _copy(actor, row),
        row.state,
        row.pulled_because,
        row.version,
        row.consent_until,
        dossier,
    )
