"""Two files of one person, or of two: somebody compares them and says so; it stays, sealed in one of them.

Linked files stay files of their own, with their own members and consents; statistics count the person once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import facts, files, keys, matching, rows, timeline
from cases.service.match_tokens import Tokens
from cases.service.matching import Candidate
from cases.service.reach import find, lock
from cases.service.records import open_record
from core.access.actors import Actor
from core.access.permissions import Permission
from core.audit import service as audit
from core.errors import Conflict, DomainError, Locked, NotFound
from domain.names.people import PersonMatch
from vault import Key

LINKED: Final = "same_person"
APART: Final = "not_same"

_Side: TypeAlias = tuple[Case, Key, dict[str, Any]]


@dataclass(frozen=True)
class Linked:
    """Another file of the same person; one that the actor cannot open has no name, but whom to ask."""

    case_id: UUID
    reference: str
    name: str = ""
    ask: tuple[str, ...] = ()
    opens: bool = True


@dataclass(frozen=True)
class File:
    """One side of a comparison, opened for this request."""

    id: UUID
    reference: str
    version: int
    client: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Compared:
    """Two files beside each other; `said` is what somebody said of them before, or empty."""

    one: File
    other: File
    match: PersonMatch
    said: str


@dataclass(frozen=True)
class Others:
    """Other files of the person of a case; those said to be of somebody else; those of which nobody said."""

    linked: list[Linked]
    apart: list[Linked]
    found: list[Candidate]


def look(actor: Actor, case_id: UUID, tokens: Tokens) -> Others:
    """The other files of the person of a case, and those that may be.

    tokens: of the client of this case (`match_tokens.made`). What was said stands in one of the two files;
    it is read from either. The act is audited. Raises NotFound, Locked.
    """
    case, _key, record = _open(actor, case_id)
    audit.record(actor, "case.match", object_kind="case", object_id=case.id)
    found = _others(actor, case, record, record["client"], tokens)
    linked, apart = (
        _linked(
            actor,
            [
                *_said(record, relation),
                *(one.case_id for one in found if case.id.hex in one.said.get(relation, ())),
            ],
        )
        for relation in (LINKED, APART)
    )
    return Others(linked, apart, _unsaid(case, found))


def alike(actor: Actor, case_id: UUID, client: dict[str, Any], tokens: Tokens) -> list[Candidate]:
    """Other files that may be about a client as somebody is changing them, of which nobody said anything yet.

    tokens: of that client. Raises NotFound, Locked.
    """
    case, _key, record = _open(actor, case_id)
    return _unsaid(case, _others(actor, case, record, client, tokens))


def _others(
    actor: Actor, case: Case, record: dict[str, Any], client: dict[str, Any], tokens: Tokens
) -> list[Candidate]:
    """Without those of which this file says something itself."""
    known = {case.id, *_said(record, LINKED), *_said(record, APART)}
    return matching.candidates(actor, client, tokens, but=known)


def _unsaid(case: Case, found: list[Candidate]) -> list[Candidate]:
    """Without those that say something of this file."""
    told = {case.id.hex}
    return [one for one in found if told.isdisjoint({*one.said.get(LINKED, ()), *one.said.get(APART, ())})]


def _linked(actor: Actor, case_ids: Iterable[UUID]) -> list[Linked]:
    """By reference; of those that the actor cannot open only that and whom to ask, as of a candidate."""
    found = []
    for known, ask in matching.named(actor, case_ids):
        try:
            case, _key, record = _open(actor, known.id)
        except (NotFound, Locked):
            found.append(Linked(known.id, known.reference, ask=ask, opens=False))
            continue
        client = record["client"]
        found.append(Linked(case.id, case.reference, client["name_ar"] or client["name_latin"]))
    return sorted(found, key=lambda one: one.reference)


def compare(actor: Actor, case_id: UUID, other_id: UUID) -> Compared:
    """Two files that the actor can open, beside each other. Raises NotFound, Locked."""
    if case_id == other_id:
        raise NotFound
    one, other = (_open(actor, each) for each in (case_id, other_id))
    for case, _key, _record in (one, other):
        audit.record(actor, "case.match", object_kind="case", object_id=case.id)
    said = _relation(one[2], other_id) or _relation(other[2], case_id)
    sides = [_side(*each) for each in (one, other)]
    return Compared(sides[0], sides[1], matching.judge(sides[0].client, sides[1].client), said)


def _side(case: Case, _key: Key, record: dict[str, Any]) -> File:
    return File(case.id, case.reference, case.version, record["client"])


def say(actor: Actor, case_id: UUID, other_id: UUID, versions: tuple[int, int], relation: str) -> None:
    """Say that two files are of one person (`LINKED`), that they are not (`APART`), or take it back ("").

    Twice is once. Raises NotFound, Locked, Conflict when one of them was changed since they were compared.
    """
    if relation not in {LINKED, APART, ""} or case_id == other_id:
        raise NotFound
    lock([case_id, other_id])
    one, other = (_open(actor, each, Permission.CASE_EDIT) for each in (case_id, other_id))
    said = (_relation(one[2], other_id), _relation(other[2], case_id))
    if relation in said and not {*said} - {relation, ""}:
        return
    if (one[0].version, other[0].version) != versions:
        raise Conflict(_("One of these files was changed meanwhile. Nothing was done. Compare them again."))
    # One file alone is written, so that no two changes at one moment say which belong together; the other
    # only where it says something else.
    if said[1]:
        _remember(actor, other, one, "")
    if relation or said[0]:
        _remember(actor, one, other, relation)


def _remember(actor: Actor, side: _Side, other: _Side, relation: str) -> None:
    case, key, record = side
    theirs = other[2]["statistics_ids"]["client"]
    counted = dict(record["statistics_ids"])
    if relation == LINKED:
        counted["client"] = theirs
    elif counted["client"] == theirs:
        counted["client"] = facts.fresh_number()
    kept = {name: [one for one in record.get(name, ()) if one != other[0].id.hex] for name in (LINKED, APART)}
    if relation:
        kept[relation].append(other[0].id.hex)
    changed = {**record, **kept, "statistics_ids": counted}
    files.save_record(actor, case, key, changed, urgency=case.urgency)
    data = {"said": relation, "reference": other[0].reference}
    timeline.write(actor, case, key, "same_person", "", data=data)
    rows.written(actor, "case.edit", key, case)


def _open(actor: Actor, case_id: UUID, permission: Permission = Permission.CASE_MATCH) -> _Side:
    """A case with its key and record. Raises NotFound, Locked, DomainError for one that is erased."""
    case = find(actor, permission, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if case.state == "erased":
        raise DomainError(_("This file was erased."))
    return case, key, open_record(key, case)


def _said(record: dict[str, Any], relation: str) -> list[UUID]:
    return [UUID(one) for one in record.get(relation, ())]


def _relation(record: dict[str, Any], other_id: UUID) -> str:
    return next((one for one in (LINKED, APART) if other_id.hex in record.get(one, ())), "")
