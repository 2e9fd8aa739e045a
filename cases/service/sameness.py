"""Two files of one person, or of two: somebody compares them and says so, and both remember it, sealed.

Linked files stay files of their own, with their own members and consents; statistics count the person once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import files, keys, matching, rows, timeline
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


@dataclass(frozen=True)
class Linked:
    """Another file of the same person; without its client where the actor cannot open it."""

    case_id: UUID
    reference: str
    name: str = ""


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


def others(actor: Actor, case_id: UUID) -> list[Candidate]:
    """Files that may be about the person of a case, without those of which somebody said so or denied it.

    The act is audited. Raises NotFound, Locked.
    """
    case, _key, record = _open(actor, case_id)
    audit.record(actor, "case.match", object_kind="case", object_id=case.id)
    known = {case.id, *_said(record, LINKED), *_said(record, APART)}
    return [
        one for one in matching.candidates(actor, record["client"], but=known) if case.id.hex not in one.apart
    ]


def linked(actor: Actor, case_id: UUID) -> list[Linked]:
    """The other files of the same person, those that the actor can open with the name."""
    _case, _key, record = _open(actor, case_id)
    found = []
    for other_id in _said(record, LINKED):
        try:
            other, _other_key, theirs = _open(actor, other_id)
        except (NotFound, Locked):
            continue
        client = theirs["client"]
        found.append(Linked(other.id, other.reference, client["name_ar"] or client["name_latin"]))
    return found


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
    if _relation(one[2], other_id) == _relation(other[2], case_id) == relation:
        return
    if (one[0].version, other[0].version) != versions:
        raise Conflict(_("One of these files was changed meanwhile. Nothing was done. Compare them again."))
    counted = dict(one[2]["statistics_ids"])
    if relation == LINKED:
        counted["client"] = other[2]["statistics_ids"]["client"]
    elif counted["client"] == other[2]["statistics_ids"]["client"]:
        counted["client"] = uuid4().hex
    _remember(actor, one, other[0], relation, {**one[2], "statistics_ids": counted})
    _remember(actor, other, one[0], relation, other[2])


def _remember(
    actor: Actor, side: tuple[Case, Key, dict[str, Any]], other: Case, relation: str, record: dict[str, Any]
) -> None:
    case, key, _before = side
    kept = {name: [one for one in record.get(name, ()) if one != other.id.hex] for name in (LINKED, APART)}
    if relation:
        kept[relation].append(other.id.hex)
    files.save_record(actor, case, key, {**record, **kept}, urgency=case.urgency)
    timeline.write(actor, case, key, "same_person", "", data={"said": relation, "reference": other.reference})
    rows.written(actor, "case.same", key, case)


def _open(
    actor: Actor, case_id: UUID, permission: Permission = Permission.CASE_MATCH
) -> tuple[Case, Key, dict[str, Any]]:
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
