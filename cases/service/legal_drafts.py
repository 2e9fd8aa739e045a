"""Drafts of the lawyers of a case, as they lie there: each sealed under a key of its own (`draft_keys`).

A draft is a row that says how it stands, and parts that are never changed: each version of its text, and what
was said or decided about it. The row names its newest version by digest, and so do an approval and a filing:
parts that were swapped, and an approval of anything else, do not open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select

from accounts.service.names import names_of
from cases.models import Case
from cases.note_models import LegalDraft, LegalDraftPart
from cases.service import draft_approvals, draft_keys, keys, note_keys, records, rows, team
from cases.service.draft_keys import Ring
from cases.service.lawyer_views import OpenDraft
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.errors import Conflict, Locked, NotFound
from core.store.base import db
from domain.lifecycle import State as CaseState
from vault import Key

TABLE: Final = "legal_drafts"
PARTS: Final = "legal_draft_parts"
TEXT: Final = "text"  # the kind of a part that is a version
NO_KEY: Final = _(
    "The key of this draft was not given to you. A lawyer who holds it gives it in their next session; where "
    "none is left, recovery does."
)


@dataclass(frozen=True)
class Part:
    """A version of a draft, or what was said or done about it; data is None where its key is missing."""

    id: UUID
    at: dt.datetime
    by: str
    to: str  # who was asked
    data: dict[str, Any] | None = field(repr=False)

    @property
    def kind(self) -> str:
        """Which it is: a version, or an act."""
        return self.data["kind"] if self.data else ""

    @property
    def due(self) -> dt.datetime | None:
        """By when somebody was asked to judge."""
        return dt.datetime.fromisoformat(self.data["due"]) if self.data and "due" in self.data else None


@dataclass(frozen=True)
class Whole:
    """A draft with everything about it, the newest first."""

    draft: OpenDraft
    parts: list[Part]

    @property
    def versions(self) -> list[Part]:
        """The versions that the reader can open, the newest first."""
        return [one for one in self.parts if one.kind == TEXT]


@dataclass
class Bench:
    """A case as somebody works on its drafts. leads: as a lawyer of it, not to review what they were lent."""

    case: Case
    key: Key
    record: dict[str, Any] = field(repr=False)
    ring: Ring
    leads: bool

    def keep(self, record: dict[str, Any]) -> None:
        """Seal the record where it is another one now."""
        if record != self.record:
            records.next_version(self.case, self.key, record)
            self.record = record


def bench(actor: Actor, case_id: UUID, *, leads: bool = False) -> Bench:
    """The case, locked. Raises NotFound for who is neither lawyer nor reviewer in it, Locked, rows.Tampered.

    leads: for what its own lawyers alone do, not who is there to look at a draft.
    """
    case = find(actor, Permission.REVIEW_ASK if leads else Permission.REVIEW_GIVE, case_id)
    lawyer = team.is_lawyer_of(case.id, actor.person_id)
    if not lawyer and (leads or actor.person_id not in team.lawyers(case.id)):
        raise NotFound
    if case.state == CaseState.ERASED:
        raise NotFound
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    record = records.open_record(key, case)
    return Bench(case, key, record, draft_keys.ring(actor, case, record, leads=lawyer), lawyer)


def read(actor: Actor, case: Case, record: dict[str, Any]) -> list[OpenDraft] | None:
    """The drafts of a case, the newest first; None for whoever is no lawyer of it.

    Who is on it to review finds what they were lent, and not that there is another one.
    """
    if Role.LAWYER not in actor.roles:
        return None
    leads = team.is_lawyer_of(case.id, actor.person_id)
    if not leads and actor.person_id not in team.lawyers(case.id):
        return None
    found = db.session.scalars(select(LegalDraft).where(LegalDraft.case_id == case.id)).all()
    if not found:
        return []
    ring = draft_keys.ring(actor, case, record, leads=leads)
    opened_ = [(row, content_of(case, row, ring)) for row in found]
    shown = _view([one for one in opened_ if leads or one[1] is not None])
    return sorted(shown, key=lambda one: (one.begun_at is not None, one.begun_at, one.id), reverse=True)


def whole(actor: Actor, case_id: UUID, draft_id: UUID) -> Whole:
    """One draft with its versions and what was said. Raises NotFound, Locked, rows.Tampered."""
    at = bench(actor, case_id)
    row, content = opened(at, draft_id)
    parts = parts_of(at, row)
    _check(at.case, row, content, parts)
    people = {UUID(data[name]) for _row, data in parts if data for name in ("by", "to") if data.get(name)}
    names = names_of(people)
    return Whole(
        view(row, content),
        [
            Part(part.id, part.written_at, _name(names, data, "by"), _name(names, data, "to"), data)
            for part, data in reversed(parts)
        ],
    )


def opened(at: Bench, draft_id: UUID, version: int | None = None) -> tuple[LegalDraft, dict[str, Any]]:
    """The row of a draft and what it holds. Raises NotFound, Locked, Conflict, rows.Tampered."""
    found = select(LegalDraft).where(LegalDraft.id == draft_id, LegalDraft.case_id == at.case.id)
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    content = content_of(at.case, row, at.ring)
    if content is None:
        raise Locked(NO_KEY) if at.leads else NotFound
    if version is not None and row.version != version:
        raise Conflict
    return row, content


def opens(actor: Actor, case_id: UUID, draft_id: UUID) -> bool:
    """Whether the page of a draft is found by the actor: a lawyer of the case, or who reviews that draft."""
    me = actor.person_id
    return team.is_lawyer_of(case_id, me) or me in draft_keys.readers(case_id, draft_id)


def content_of(case: Case, row: LegalDraft, ring: Ring) -> dict[str, Any] | None:
    """What a draft holds, or None without its key. Raises rows.Tampered where the clear columns differ."""
    content = ring.open(case, TABLE, row.id, row)
    if content is not None and any(content[name] != said for name, said in _in_clear(row).items()):
        raise rows.Tampered
    return content


def paper_of(at: Bench, row: LegalDraft, content: Mapping[str, Any]) -> UUID | None:
    """The document with which the newest version goes, as far as its key is held."""
    newest = _newest(at, row, content)
    return UUID(newest["document"]["id"]) if newest and newest["document"] else None


def parts_of(at: Bench, row: LegalDraft) -> list[tuple[LegalDraftPart, dict[str, Any] | None]]:
    """Everything about a draft, the oldest first. Raises vault.Unreadable, rows.Tampered."""
    opened_: list[tuple[LegalDraftPart, dict[str, Any] | None]] = []
    for part in db.session.scalars(_of(at.case, row)):
        data = at.ring.open(at.case, PARTS, row.id, part)
        if data is not None and data["draft"] != str(row.id):
            raise rows.Tampered
        opened_.append((part, data))
    return opened_


def resting(actor: Actor, case_id: UUID, document_id: UUID, named: Iterable[str]) -> list[str | None]:
    """Titles of those of the named drafts whose newest version goes with a document, as a lawyer reads them.

    None stands for one whose key the lawyer was not given. Raises NotFound for who is no lawyer of the case.
    """
    at = bench(actor, case_id)
    titles: list[str | None] = []
    for draft_id in named:
        row = db.session.get(LegalDraft, UUID(draft_id))
        content = content_of(at.case, row, at.ring) if row is not None and row.case_id == at.case.id else None
        if row is None or content is None:
            titles.extend([None] if at.leads else [])  # a reviewer learns of no other draft
            continue
        newest = _newest(at, row, content)
        if newest is None or (newest["document"] or {}).get("id") == str(document_id):
            titles.append(content["title"])
    return titles


def is_done(token: UUID) -> bool:
    """Whether the form with this token was carried out already."""
    known = select(LegalDraftPart.id).where(LegalDraftPart.token == token)
    return db.session.scalar(known) is not None


def writing_key(actor: Actor, at: Bench, draft_id: UUID) -> Key:
    """The key of a draft to write under now; every lawyer of the case, and who reviews it, has it then.

    Who is there to review writes under the newest that they were lent. Raises Locked without one.
    """
    if not at.leads:
        known = at.ring.of(draft_id)
        if not known:
            raise Locked(NO_KEY)
        return known[max(known)]
    shut = draft_keys.shut(at.case, at.record, draft_id)
    note_key, record = note_keys.for_writing(actor, at.case, at.record, shut=shut)
    at.ring.notes[note_key.epoch] = note_key
    key = at.ring.of(draft_id)[note_key.epoch]
    readers = draft_keys.readers(at.case.id, draft_id)
    at.keep(draft_keys.lend(actor, at.case, record, draft_id, {key.epoch: key}, readers))
    return key


def share(actor: Actor, at: Bench) -> None:
    """Give every note key that the actor holds to the lawyers of the case. Raises Locked without any."""
    at.keep(note_keys.share(actor, at.case, at.record))


def lend(actor: Actor, at: Bench, row: LegalDraft, person_id: UUID) -> None:
    """Lend the keys of a draft to whoever is asked to review it and is no lawyer of the case."""
    if team.is_lawyer_of(at.case.id, person_id):
        return
    own = draft_keys.derived(at.ring.notes, row.id)
    for part in db.session.scalars(_of(at.case, row)):
        key, older = own.get(part.epoch), at.ring.notes.get(part.epoch)
        if key is not None and older is not None:  # written before drafts had keys of their own
            part.sealed = draft_keys.reseal(at.case, PARTS, part, older, key)
    at.keep(draft_keys.lend(actor, at.case, at.record, row.id, own, [person_id]))


def add_part(
    actor: Actor, at: Bench, key: Key, draft_id: UUID, token: UUID, kind: str, **said: Any
) -> LegalDraftPart:
    """Append a part; the caller saves the draft."""
    part_id, now = uuid4(), clock.now()
    content = {"draft": str(draft_id), "kind": kind, "by": str(actor.person_id), **said}
    part = LegalDraftPart(
        id=part_id,
        case_id=at.case.id,
        draft_id=draft_id,
        written_at=now,
        version=1,
        epoch=key.epoch,
        sealed=rows.seal_row(key, at.case, PARTS, part_id, 1, content),
        token=token,
    )
    db.session.add(part)
    return part


def save(
    actor: Actor,
    at: Bench,
    key: Key,
    row: LegalDraft,
    content: dict[str, Any],
    *,
    desk: UUID | None,
    due: dt.datetime | None = None,
) -> None:
    """Seal a draft as its next version, and close the change of the case.

    desk, due: on whose desk it stands from now on, and by when it is to be judged there.
    """
    row.desk_id, row.due_at = desk, due
    row.version, row.epoch = row.version + 1, key.epoch
    row.sealed = rows.seal_row(key, at.case, TABLE, row.id, row.version, content | _in_clear(row))
    db.session.add(row)
    at.case.changed_at = clock.now()
    rows.written(actor, "case.note", at.key, at.case)  # the record of acts names no privileged one


def _newest(at: Bench, row: LegalDraft, content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The newest version, or None without its key."""
    texts = (data for _part, data in parts_of(at, row) if data and data["kind"] == TEXT)
    return next((one for one in texts if one["number"] == content["number"]), None)


def _of(case: Case, row: LegalDraft) -> Select[LegalDraftPart]:
    """The parts of a draft, the oldest first."""
    mine = LegalDraftPart.draft_id == row.id, LegalDraftPart.case_id == case.id
    return select(LegalDraftPart).where(*mine).order_by(LegalDraftPart.written_at, LegalDraftPart.id)


def _check(
    case: Case,
    row: LegalDraft,
    content: Mapping[str, Any],
    parts: Iterable[tuple[LegalDraftPart, dict[str, Any] | None]],
) -> None:
    """Raise rows.Tampered unless the versions are those that the draft, its approval and its filing name."""
    read_parts = [data for _part, data in parts]
    texts = {one["number"]: one for one in read_parts if one and one["kind"] == TEXT}
    if None not in read_parts and sorted(texts) != list(range(1, content["number"] + 1)):
        raise rows.Tampered
    draft_approvals.is_approved(case, row.id, content)
    for named in filter(None, (content, content["approval"], content["filed"])):
        part = texts.get(named["number"])
        if part is not None and draft_approvals.digest_of(case, row.id, part) != named["digest"]:
            raise rows.Tampered


def view(row: LegalDraft, content: dict[str, Any]) -> OpenDraft:
    """A draft as pages show it."""
    return _view([(row, content)])[0]


def _view(found: Iterable[tuple[LegalDraft, dict[str, Any] | None]]) -> list[OpenDraft]:
    listed = list(found)
    writers = {UUID(content["by"]) for _row, content in listed if content}
    names = names_of({row.desk_id for row, _content in listed} | writers)
    shown = []
    for row, content in listed:
        said = content or {}
        filed = said.get("filed")
        author = UUID(said["by"]) if said else None
        shown.append(
            OpenDraft(
                id=row.id,
                title=said.get("title"),
                state=said.get("state", ""),
                version=row.version,
                number=said.get("number", 0),
                author_id=author,
                author=names.get(author, "") if author else "",
                desk_id=row.desk_id,
                desk=names.get(row.desk_id, "") if row.desk_id else "",
                due_at=row.due_at,
                begun_at=dt.datetime.fromisoformat(said["at"]) if said else None,
                filed_on=dt.date.fromisoformat(filed["on"]) if filed else None,
                approved=bool(said) and draft_approvals.names_newest(said),
                content=said,
            )
        )
    return shown


def _in_clear(row: LegalDraft) -> dict[str, str | None]:
    """What the sealed row says again of what stands in clear."""
    return {
        "desk": str(row.desk_id) if row.desk_id else None,
        "due": row.due_at.astimezone(dt.UTC).isoformat() if row.due_at else None,
    }


def _name(names: Mapping[UUID | None, str], data: Mapping[str, Any] | None, which: str) -> str:
    return names.get(UUID(data[which]), "") if data and data.get(which) else ""
