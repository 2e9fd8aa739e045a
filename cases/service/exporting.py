"""What leaves a case as one archive: chosen by somebody, read, and written down when it has left."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID, uuid5

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.models import Organisation, Person
from cases.models import Case, CaseFile
from cases.service import documents, gate, keys, opening, records, rows, taken, team, timeline, unchosen
from cases.service.parties import Party, everybody
from cases.service.reach import find
from cases.service.shelves import Document
from cases.service.unchosen import Why
from cases.service.views import OpenCase, OpenEntry
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.audit import service as audit
from core.documents.copies import Opened
from core.errors import DomainError, NotFound
from core.store.base import db
from domain import talks
from domain.content import Content
from domain.lifecycle import State
from domain.lines import FILING, NOT_FILED, NOT_SO, OUTCOME, TYPED
from vault import Key

LINE: Final = "export"
COURT, PERSON = "court", "person"
MOST: Final = 100  # documents of one archive
LARGEST: Final = 25 * 1024 * 1024  # bytes of them together, as they came
# Of what features above show beside a case: whom we asked, and how the person says that they are reached now.
_BESIDE: Final = frozenset({"referrals", "conversations"})

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    COURT: ("identity", "story", "matter", "dates"),
    PERSON: (
        "identity", "contact", "story", "matter", "dates", "deadlines", "services", "consents", "originals",
        "shared",
    ),
}  # fmt: skip # one table
"""By purpose what can go out of the file beside documents and lines of the timeline."""

# How somebody is reached says too from whom they hide it, and they know it themselves.
PRESET: Final[Mapping[str, tuple[str, ...]]] = {
    COURT: ("identity", "matter"),
    PERSON: tuple(part for part in PARTS[PERSON] if part != "contact"),
}
MATTERS: Final[Mapping[str, tuple[str, ...]]] = {
    COURT: ("detention", "power", "restriction", "reference", "mandate"),
    PERSON: ("detention", "power", "restriction", "reference", "interpreter", "fee", "cost", "mandate"),
}
"""By purpose which facts of the matter."""

# Lines that people wrote; of those that the program writes the file itself says how it stands.
_FILED: Final = (FILING, OUTCOME)
_OF_OTHERS: Final = frozenset({"note", *talks.CHANNELS})  # may tell of relatives and third parties
_UNDONE: Final = (NOT_FILED, NOT_SO)
_WRITTEN: Final = frozenset({*TYPED, *_UNDONE})

# What an authority or a court wrote or was given; the rest is what people said, and is chosen one by one.
_OFFICIAL: Final = frozenset(
    {
        "decision", "service_record", "court_decision", "hearing_record", "petition", "power_of_attorney",
        "identity", "residence", "civil", "medical", "police", "contract", "payment",
    }
)  # fmt: skip # one list


@dataclass(frozen=True)
class Whole:
    """A case from which is chosen; no note of its lawyers is in it."""

    case: OpenCase
    lines: list[OpenEntry]  # written by hand, the oldest first
    organisation: Organisation
    maker: str

    @property
    def papers(self) -> list[Document]:
        """The documents, the oldest first: so they are numbered."""
        return self.case.documents[::-1]

    @property
    def others(self) -> list[Party]:
        """Everybody in the matter but the client."""
        return everybody(self.case.record)[1:]


@dataclass(frozen=True)
class Choice:
    """What goes out, to whom, and as what."""

    purpose: str
    to: str = field(repr=False)
    language: str
    parts: tuple[str, ...]
    parties: tuple[str, ...]  # ids
    lines: tuple[str, ...]  # ids
    papers: tuple[str, ...]  # ids, in their order
    cleaned: frozenset[str]  # those of them that go as cleaned copies

    def token(self, form: UUID) -> UUID:
        """Of a form that was sent with this choice: another choice is another archive."""
        said = [self.purpose, self.to, self.language, self.parts, self.parties, self.lines, self.papers]
        return uuid5(form, hashlib.sha256(orjson.dumps([said, sorted(self.cleaned)])).hexdigest())


def look(actor: Actor, case_id: UUID, purpose: str) -> Whole:
    """Everything from which somebody may choose; the act is audited.

    Raises NotFound, Locked, rows.Tampered, and gate.Held where a conflict of interest keeps the house from
    going to court: whose data they are may have them all the same.
    """
    case, key = _case(actor, case_id, purpose)
    audit.record(actor, "case.read", object_kind="case", object_id=case.id)
    opened = opening.opened(actor, case, key)
    shared = {name: found for name, found in opened.beside.items() if name in _BESIDE}
    return Whole(
        case=replace(
            opened, lawyer_notes=None, legal_drafts=None, beside=shared, entries=[], assignment=None
        ),
        lines=[
            OpenEntry(entry.id, line["kind"], "", entry.written_at, line["text"], line["data"])
            for entry, line in timeline.opened_lines(case, key)
            if line["kind"] in _WRITTEN
        ],
        organisation=db.session.get_one(Organisation, actor.organisation_id),
        maker=db.session.get_one(Person, actor.person_id).name,
    )


def preset(whole: Whole, purpose: str) -> dict[str, list[str]]:
    """What is chosen until somebody says otherwise.

    To court goes what authorities wrote, what was filed and what came of it, of photos the cleaned copy; to
    the person everything but what may tell of others. Nothing of what is `left_out`, and no line that was
    corrected or is asked to go, says that nothing of the kind happened, or tells what came of such a one: it
    may be of somebody else.
    """
    left = left_out(whole, purpose)
    papers = [
        str(one.id)
        for one in whole.papers
        if str(one.id) not in left and (purpose == PERSON or one.about.get("kind") in _OFFICIAL)
    ]
    wrong = {str(one.id) for one in whole.lines if not _stands(one)}
    lines = [
        str(one.id)
        for one in whole.lines
        if (one.kind not in _OF_OTHERS if purpose == PERSON else one.kind in _FILED)
        and one.kind not in _UNDONE
        and wrong.isdisjoint({str(one.id), _subject(one)})
    ]
    cleaned = [
        str(one.id)
        for one in whole.papers
        if one.can_be_cleaned and (one.is_letter or (purpose == COURT and Content(one.content).is_photo))
    ]
    return {"parts": list(PRESET[purpose]), "papers": papers, "cleaned": cleaned, "lines": lines}


def left_out(whole: Whole, purpose: str) -> dict[str, Why]:
    """The papers that are never chosen beforehand, by id, each with why."""
    named = (one.data.get("documents", ()) for one in whole.lines if one.kind == FILING and _stands(one))
    left = unchosen.unchosen(whole.papers, {paper for papers in named for paper, _title in papers})
    if purpose != PERSON:
        return left
    return unchosen.of_others(whole.papers, everybody(whole.case.record)[0].names) | left


def _stands(line: OpenEntry) -> bool:
    """Whether no later line corrects it, nobody asked to take it out, and what it is of was not taken out."""
    of = line.data["of"] if line.kind == OUTCOME else {}
    return not (line.data.get("corrected") or line.data.get("leaving") or of.get("gone"))


def _subject(line: OpenEntry) -> str:
    """Of what a line is the outcome: an id, or "" where it is none."""
    return str(line.data["of"]["id"]) if line.kind == OUTCOME else ""


def require_fits(whole: Whole, choice: Choice) -> list[Document]:
    """The documents that were chosen, in their order. Raises DomainError where they are too many."""
    chosen = _chosen(whole, choice)
    if not (choice.parts or choice.parties or choice.lines or chosen):
        raise DomainError(_("Choose at least one thing that goes out."), field="parts")
    if len(chosen) > MOST:
        raise DomainError(
            _(
                "These are %(count)s documents. At most 100 go into one archive: make several, one after the "
                "other.",
                count=len(chosen),
            ),
            field="papers",
        )
    size = sum(one.size for one in chosen)
    if size > LARGEST:
        raise DomainError(
            _(
                "These documents have %(size)s MB together. At most 25 MB go into one archive: make several, "
                "one after the other.",
                size=-(-size // (1 << 20)),
            ),
            field="papers",
        )
    return chosen


def _chosen(whole: Whole, choice: Choice) -> list[Document]:
    return [one for one in whole.papers if str(one.id) in choice.papers]


def take(actor: Actor, case_id: UUID, purpose: str, ids: list[UUID]) -> list[Opened]:
    """What opens the documents that go out. Raises NotFound, Locked, rows.Tampered."""
    case, key = _case(actor, case_id, purpose)
    return [documents.opened_file(case, key, documents.row_of(case, one)) for one in ids]


def unseen(actor: Actor, case_id: UUID, purpose: str) -> list[Opened]:
    """Photos of which no plain copy was made yet. Raises NotFound, Locked, rows.Tampered."""
    case, key = _case(actor, case_id, purpose)
    bare = select(CaseFile).where(
        CaseFile.case_id == case.id, CaseFile.copy_id.is_(None), CaseFile.copy_failed.is_(False)
    )
    found = [documents.opened_file(case, key, row) for row in db.session.scalars(bare)]
    return [one for one in found if Content(one.file.content).is_photo]


def has_left(actor: Actor, whole: Whole, choice: Choice, digest: str, form: UUID) -> None:
    """Write down that an archive leaves, before it does: to whom, of whom, what, and its digest.

    Names are kept as they were, for who is named may be taken out of the case later. The same form sent again
    with the same choice is the same archive: its digest, which differs because its keys are random, joins the
    line that stands. Raises NotFound, Locked, rows.Tampered.
    """
    case, key = _case(actor, whole.case.id, choice.purpose)
    token, papers = choice.token(form), _chosen(whole, choice)
    if not timeline.say_more(case, key, token, LINE, "digests", [digest]):
        data = {
            "purpose": choice.purpose,
            "to": choice.to,
            "parts": list(choice.parts),
            "parties": [
                [one.id, " · ".join(one.names), one.role] for one in whole.others if one.id in choice.parties
            ],
            "lines": [
                [str(one.id), one.kind, one.written_at.astimezone(clock.ISTANBUL).date().isoformat()]
                for one in whole.lines
                if str(one.id) in choice.lines
            ],
            "documents": [[str(one.id), one.title] for one in papers],
            "cleaned": [str(one.id) for one in papers if str(one.id) in choice.cleaned],
            "digests": [digest],
        }
        timeline.write(actor, case, key, LINE, "", data=data, token=token)
    for one in papers:
        taken.write(actor, case, one.id, taken.GIVEN_OUT)
    case.changed_at = clock.now()
    rows.written(actor, "case.export", key, case)


def _case(actor: Actor, case_id: UUID, purpose: str) -> tuple[Case, Key]:
    case = find(actor, Permission.CASE_EXPORT, case_id)
    if case.state == State.ERASED or purpose not in PARTS or not _answers_for(actor, case):
        raise NotFound
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if purpose == COURT:
        gate.require(case, records.open_record(key, case), gate.Act.FACTS)
    return case, key


def _answers_for(actor: Actor, case: Case) -> bool:
    """Whether it is for them to give a file out; a lawyer who is there to review a draft does not."""
    return Role.COORDINATOR in actor.roles or actor.person_id in team.lawyers(case.id, (str(Role.LAWYER),))
