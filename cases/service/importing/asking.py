"""What somebody has to look at: rows that look like a file, like another row, or like a conflict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from cases.import_models import CaseImport, CaseImportRow
from cases.service import conflicts, decisions, gate, keys, match_tokens, matching, records, rows, timeline
from cases.service.decisions import Line
from cases.service.importing import carrying, store
from cases.service.importing.carrying import KIND, Ready
from cases.service.importing.reading import Work
from cases.service.matching import Candidate
from cases.service.reach import find
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import Conflict, NotFound

STATES: Final = ("checked", "running", "asking")
EVERY: Final = ("new", "faulty", "ready", "alike", "conflict", "imported", "linked", "left_out")


@dataclass(frozen=True)
class Question:
    """A row, and what it looks like."""

    number: int
    state: str
    client: dict[str, Any] = field(repr=False)
    pairs: list[tuple[str, str]] = field(repr=False)
    found: list[Candidate] = field(repr=False)
    met: list[Line] = field(repr=False)
    twin: int | None
    twin_pairs: list[tuple[str, str]] = field(repr=False)


def look(actor: Actor, work: Work, one: Ready) -> Question | None:
    """The row beside what it looks like; None for one that nobody has to look at. Raises NotFound."""
    line = store.row_of(work.id, one.number)
    if line.state not in {"alike", "conflict"}:
        return None
    twin = work.plan["twins"].get(str(one.number))
    told = one.number in work.plan["twins_apart"]
    waits = not told and twin in store.numbers(work.id, "ready", "alike", "conflict")
    met = conflicts.find_in(actor, one.record, one.tokens)
    return Question(
        one.number,
        line.state,
        one.record["client"],
        work.pairs(one.number),
        _candidates(actor, work.plan, work.id, one),
        decisions.lines(actor, one.record, met),
        twin if waits else None,
        work.pairs(twin) if waits else [],
    )


def apart(actor: Actor, work: Work, one: Ready, others: Iterable[UUID]) -> None:
    """The person of a row is none of those: it is brought in. Raises NotFound, Conflict."""
    row, line = _waiting(actor, work, one)
    plan = store.plan_of(actor, row)
    told = {other.hex for other in others}.union(plan["apart"].get(str(one.number), ()))
    plan["apart"][str(one.number)] = sorted(told)
    if str(one.number) in plan["twins"]:
        plan["twins_apart"] = sorted({*plan["twins_apart"], one.number})
    store.keep_plan(actor, row, plan)
    line.state = "ready"
    _go_on(row)


def first_contact(actor: Actor, work: Work, one: Ready) -> None:
    """Bring a row in although a conflict of interest is possible: it keeps first contact alone."""
    row, line = _waiting(actor, work, one)
    plan = store.plan_of(actor, row)
    plan["first"] = sorted({*plan["first"], one.number})
    store.keep_plan(actor, row, plan)
    line.state = "ready"
    _go_on(row)


def leave_out(actor: Actor, work: Work, one: Ready) -> None:
    """Do not bring a row in."""
    row, line = _waiting(actor, work, one)
    line.state = "left_out"
    _go_on(row)


def same(actor: Actor, work: Work, one: Ready, case_id: UUID) -> None:
    """A row is of a person whose file is here: what the sheet says goes into that file as a note.

    Raises NotFound for another file than those that look alike, DomainError where it takes no notes now.
    """
    row, line = _waiting(actor, work, one)
    if case_id not in {
        found.case_id for found in _candidates(actor, work.plan, work.id, one) if found.client
    }:
        raise NotFound
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    gate.require(case, records.open_record(key, case), gate.Act.FACTS)
    token = uuid5(row.id, f"row {one.number} is of a file")
    if not timeline.holds(case_id, token):
        data = {"row": one.number, "said": work.pairs(one.number)}
        entry = timeline.write(actor, case, key, KIND, "", data=data, token=token)
        case.changed_at = entry.written_at
        rows.written(actor, "case.note", key, case)
    line.state, line.case_id = "linked", case_id
    _go_on(row)


def _candidates(actor: Actor, plan: dict[str, Any], import_id: UUID, one: Ready) -> list[Candidate]:
    known = carrying.told_apart(plan, import_id, one.number)
    return matching.candidates(actor, one.record["client"], match_tokens.of_client(one.tokens), but=known)


def _waiting(actor: Actor, work: Work, one: Ready) -> tuple[CaseImport, CaseImportRow]:
    row = store.find_own(actor, work.id, STATES, lock=True)
    line = store.row_of(work.id, one.number)
    if line.state not in {"alike", "conflict"}:
        raise Conflict
    return row, line


def _go_on(row: CaseImport) -> None:
    if row.state != "checked":
        carrying.settle(row)
