"""Write drafts, say something about them, file them: what the lawyers of a case do among themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cases.models import Case
from cases.note_models import LegalDraft
from cases.service import (
    clocks,
    correcting,
    documents,
    draft_approvals,
    filings,
    gate,
    legal_drafts,
    reviewers,
    team,
    timeline,
)
from cases.service.legal_drafts import TEXT, Bench, Whole
from cases.service.shelves import called
from core import clock
from core.access.actors import Actor
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from domain import drafts as rules
from domain import reviews
from domain.drafts import Act, State
from domain.lifecycle import State as CaseState
from domain.lines import FILING
from vault import Key

NOT_NOW: Final = _("The draft does not take this as it stands now. Look at it again.")
GONE: Final = _(
    "The document that this version goes with was deleted. Bring it into the case again and write the next "
    "version with it."
)


@dataclass(frozen=True)
class Text:
    """A version: what is written, and the document of the case that it goes with or that it is."""

    text: str = field(repr=False)
    document_id: UUID | None = None


@dataclass(frozen=True)
class Filing:
    """When and where a draft was filed; reason: why nobody had approved it. line: of the timeline, or ""."""

    on: dt.date
    where: str = field(repr=False)
    reason: str = field(default="", repr=False)
    line: str = field(default="", repr=False)
    proof: str = field(default="", repr=False)  # of that line
    second: UUID | None = None  # who takes the second look, where one is owed


class TextConflict(Conflict):
    """Somebody saved a version meanwhile: here is how the draft stands now."""

    def __init__(self, current: Whole) -> None:
        super().__init__(_("Somebody wrote another version while you had this one open."))
        self.current = current


def begin(actor: Actor, case_id: UUID, title: str, said: Text, token: UUID) -> UUID:
    """Begin a draft with its first version; the same token twice begins once. Gives its id.

    Raises NotFound for whoever is no lawyer of the case, gate.Held, DomainError.
    """
    at = legal_drafts.bench(actor, case_id, leads=True)
    known = select(LegalDraft.id).where(LegalDraft.token == token, LegalDraft.case_id == at.case.id)
    found = db.session.scalar(known)
    if found is not None:
        return found
    require_open(at.case)
    gate.require(at.case, at.record, gate.Act.FACTS)
    row = LegalDraft(id=uuid4(), case_id=at.case.id, version=0, token=token)
    key = legal_drafts.writing_key(actor, at, row.id)
    me = str(actor.person_id)
    content: dict[str, Any] = {
        "title": title, "by": me, "at": clock.now().isoformat(), "state": str(State.WRITING),
        "number": 0, "digest": "", "writers": [], "ask": None, "approval": None, "filed": None,
    }  # fmt: skip  # one record
    db.session.add(row)
    row.epoch, row.sealed = key.epoch, b""  # a part refers to the row; it is sealed with it below
    db.session.flush()
    _add_text(actor, at, key, row.id, content, said, token)
    legal_drafts.save(actor, at, key, row, content, desk=None)
    return row.id


def write(
    actor: Actor, case_id: UUID, draft_id: UUID, version: int, title: str, said: Text, token: UUID
) -> None:
    """Write the next version; an approval holds no more. Whoever has the draft on their desk keeps it.

    Who was asked to look at it and writes themselves hands it back to whoever asked. Twice is once. Raises
    TextConflict where somebody was first, NotFound, Locked, DomainError.
    """
    if legal_drafts.is_done(token):  # asked first, as in `draft_reviews.judge`
        return
    at = legal_drafts.bench(actor, case_id)
    row, content = legal_drafts.opened(at, draft_id)
    if row.version != version:
        raise TextConflict(legal_drafts.whole(actor, case_id, draft_id))
    require_open(at.case)
    gate.require(at.case, at.record, gate.Act.FACTS)
    by_asked = content["state"] == State.ASKED and row.desk_id == actor.person_id
    content["state"] = str(_next(content, by_asked=by_asked))
    content["title"] = title
    key = legal_drafts.writing_key(actor, at, row.id)
    _add_text(actor, at, key, row.id, content, said, token)
    desk, due = row.desk_id, row.due_at
    if desk == actor.person_id:
        desk, due = (UUID(content["ask"]["by"]) if by_asked else None), None
    legal_drafts.save(actor, at, key, row, content, desk=desk, due=due)
    if by_asked:
        reviewers.only(actor, at, row.id, None, actor.person_id)


def say(actor: Actor, case_id: UUID, draft_id: UUID, text: str, token: UUID) -> None:
    """Say something about a draft; it stands where it stood. Twice is once. Raises as `write`."""
    at = legal_drafts.bench(actor, case_id)
    row, content = legal_drafts.opened(at, draft_id)
    if legal_drafts.is_done(token):
        return
    if not text.strip():
        raise DomainError(_("Write something first"), field="remark")
    key = legal_drafts.writing_key(actor, at, row.id)
    legal_drafts.add_part(actor, at, key, row.id, token, "said", text=text)
    legal_drafts.save(actor, at, key, row, content, desk=row.desk_id, due=row.due_at)


def withdraw(actor: Actor, case_id: UUID, draft_id: UUID, version: int, token: UUID) -> None:
    """It will not be filed; whoever was asked about it is asked no more, and off the case.

    Raises as `write`.
    """
    at = legal_drafts.bench(actor, case_id, leads=True)
    row, content = legal_drafts.opened(at, draft_id)
    if legal_drafts.is_done(token):
        return
    require(row, content, version, Act.WITHDRAW)
    content["state"] = str(State.WITHDRAWN)
    key = legal_drafts.writing_key(actor, at, row.id)
    legal_drafts.add_part(actor, at, key, row.id, token, "withdrawn", text="")
    documents.hold(at.case, at.key, row.id, None)
    was = row.desk_id
    legal_drafts.save(actor, at, key, row, content, desk=None)
    reviewers.only(actor, at, row.id, None, was)


def record_filing(
    actor: Actor, at: Bench, row: LegalDraft, content: dict[str, Any], filing: Filing, token: UUID
) -> Key:
    """Note that the newest version was filed, with a line of the timeline where one is wanted.

    The caller has looked at the version and the state, and saves the draft. Raises DomainError without a
    reason where one is owed, and for a line that nothing proves.
    """
    state, urgent = State(content["state"]), reviews.is_urgent(at.case.urgency, at.record)
    owed = rules.owes_reason(state, urgent=urgent)
    if owed and not filing.reason.strip():
        raise DomainError(_("Write why it is filed before another lawyer has approved it."), field="reason")
    key = legal_drafts.writing_key(actor, at, row.id)
    content["filed"] = {
        "number": content["number"], "digest": content["digest"], "by": str(actor.person_id),
        "on": filing.on.isoformat(), "where": filing.where, "reason": filing.reason if owed else "",
        "second": "open" if rules.owes_second_look(state, urgent=urgent) else "", "line": "",
    }  # fmt: skip  # one record
    content["state"] = str(State.FILED)
    named = filing.second if second_open(content) else None
    legal_drafts.add_part(
        actor, at, key, row.id, token, "filed",
        text=content["filed"]["reason"], on=filing.on.isoformat(), where=filing.where,
        to=str(named or ""),
    )  # fmt: skip  # one part
    if filing.line:
        filings.require_proof(filing.proof)
        told: dict[str, Any] = {
            "what": filing.line, "authority": "", "name": filing.where, "on": filing.on.isoformat(),
            "proof": filing.proof, filings.LED: True,
        }  # fmt: skip  # one line
        paper = legal_drafts.paper_of(at, row, content)
        if paper is not None:  # of which everybody may know now that it was filed
            about = documents.content_of(at.case, at.key, documents.row_of(at.case, paper))["about"]
            told["documents"] = [[str(paper), called(about)]]
        content["filed"]["line"] = str(timeline.write(actor, at.case, at.key, FILING, "", data=told).id)
    else:  # it is a legal step, whoever may read of it
        clocks.heed(at.case, FILING, {"on": filing.on.isoformat()})
    return key


def keeper(at: Bench, filed: dict[str, Any], other: UUID) -> UUID | None:
    """With whom a filed draft stands on which nobody works: nobody, while its line stands as it was written.

    Else whoever filed it, or `other` where they are no lawyer of the case any more. Raises NotFound.
    """
    if correcting.stands(at.case, at.key, filed.get("line", "")):
        return None
    return filer(at, filed, other)


def filer(at: Bench, filed: dict[str, Any], other: UUID) -> UUID:
    """Whoever filed a draft, or another one where they are no lawyer of the case any more."""
    by = UUID(filed["by"])
    return by if team.is_lawyer_of(at.case.id, by) else other


def require(row: LegalDraft, content: dict[str, Any], version: int, act: Act) -> None:
    """Raise Conflict for another version of the row, DomainError where the draft does not take the act."""
    if row.version != version:
        raise Conflict
    if not rules.takes(State(content["state"]), act, second_open=second_open(content)):
        raise DomainError(NOT_NOW)


def require_paper(at: Bench, row: LegalDraft, content: dict[str, Any]) -> None:
    """Raise DomainError where the newest version goes with a document that was deleted; else it stays."""
    named = legal_drafts.paper_of(at, row, content)
    try:
        if named is not None:
            documents.hold(at.case, at.key, row.id, named)
    except NotFound:
        raise DomainError(GONE) from None


def require_open(case: Case) -> None:
    """Raise DomainError for a closed case: what is begun there can only be ended."""
    if case.state == CaseState.CLOSED:
        raise DomainError(gate.CLOSED)


def second_open(content: dict[str, Any]) -> bool:
    """Whether what was filed is still to be looked at."""
    return content["filed"] is not None and content["filed"]["second"] == "open"


def may_judge(person_id: UUID, content: dict[str, Any]) -> bool:
    """Whether somebody can be the second pair of eyes of a draft: who neither wrote of it nor filed it."""
    filed = content["filed"] or {"by": ""}
    return rules.may_judge(str(person_id), content["writers"], filed["by"])


def _next(content: dict[str, Any], *, by_asked: bool) -> State:
    try:
        return rules.after_text(State(content["state"]), by_asked=by_asked)
    except rules.NotNow:
        raise DomainError(NOT_NOW) from None


def _add_text(
    actor: Actor,
    at: Bench,
    key: Key,
    draft_id: UUID,
    content: dict[str, Any],
    said: Text,
    token: UUID,
) -> None:
    if not said.text.strip() and said.document_id is None:
        raise DomainError(_("Write the text, or choose a document of the case."), field="text")
    document = _document(at, draft_id, said.document_id)
    part = {"number": content["number"] + 1, "text": said.text, "document": document}
    legal_drafts.add_part(actor, at, key, draft_id, token, TEXT, **part)
    content["number"] = part["number"]
    content["digest"] = draft_approvals.digest_of(at.case, draft_id, part)
    me = str(actor.person_id)
    content["writers"] = [*(one for one in content["writers"] if one != me), me]


def _document(at: Bench, draft_id: UUID, document_id: UUID | None) -> dict[str, str] | None:
    """What a version keeps of a document: which, and what names its bytes. Raises NotFound.

    It stays while this version is the newest, which an approval that holds and a filing name too; that of the
    version before may go.
    """
    documents.hold(at.case, at.key, draft_id, document_id)
    if document_id is None:
        return None
    held = documents.content_of(at.case, at.key, documents.row_of(at.case, document_id))
    return {
        "id": str(document_id),
        "digest": held["digest"],
        "title": str(held["about"].get("title") or ""),
    }
