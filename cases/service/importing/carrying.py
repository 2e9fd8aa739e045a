"""Bringing the rows in, one by one: each is recorded as any other case is, once, whatever happens."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _

from accounts.service import turns
from cases.import_models import CaseImport, CaseImportRow
from cases.service import (
    conflicts,
    files,
    keys,
    match_tokens,
    matching,
    members,
    rows,
    sameness,
    team,
    timeline,
)
from cases.service.importing import store
from cases.service.importing.reading import Work, record_of, urgency_of
from cases.service.match_tokens import Made
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError
from core.reference import reference
from core.store.base import db

KIND: Final = "imported"  # of the line in a timeline


@dataclass(frozen=True)
class Ready:
    """A row with everything slow done."""

    number: int
    record: dict[str, Any] = field(repr=False)
    tokens: Made = field(repr=False)
    urgency: str
    note: list[tuple[str, str]] = field(repr=False)


def start(actor: Actor, import_id: UUID) -> None:
    """Begin to bring in what the dry run found right; again, it goes on. Raises NotFound, Conflict."""
    row = store.find_own(actor, import_id, ("checked", "running", "asking"), lock=True)
    _require_caseworker(actor, store.plan_of(actor, row))
    row.state = "running"
    row.carried_at = row.carried_at or clock.now()


def prepare(actor: Actor, work: Work) -> Ready | None:
    """The next row, its tokens made, which is slow; None when none is left."""
    number = next(iter(store.numbers(work.id, "ready")), None)
    return None if number is None else ready(actor, work, number)


def ready(actor: Actor, work: Work, number: int) -> Ready:
    """One row with everything slow done."""
    found, _why = work.read(number)
    if found is None:
        raise DomainError(_("This row cannot be read any more. Read the sheet again."))
    record = record_of(found)
    made = match_tokens.made_of(actor, record)
    return Ready(number, record, made, urgency_of(found, work.plan), work.kept_apart(found, number))


def carry_out(actor: Actor, work: Work, one: Ready) -> None:
    """Record one row, unless somebody has to look at it first or it was recorded already."""
    # Before the sheet is locked, as everybody does who records: nobody then waits for the other.
    turns.take(actor.organisation_id)
    row = store.find_own(actor, work.id, lock=True)
    line = store.row_of(work.id, one.number)
    if row.state != "running" or line.state != "ready":
        return
    plan = store.plan_of(actor, row)
    _require_caseworker(actor, plan)
    apart = told_apart(plan, work.id, one.number)
    if matching.candidates(actor, one.record["client"], match_tokens.of_client(one.tokens), but=apart):
        line.state = "alike"
    elif one.number not in plan["first"] and conflicts.find_in(actor, one.record, one.tokens):
        line.state = "conflict"
    else:
        record = {**one.record, sameness.APART: sorted(other.hex for other in apart)}
        _record(actor, row, line, replace(one, record=record), plan)


def told_apart(plan: dict[str, Any], import_id: UUID, number: int) -> set[UUID]:
    """The files of which somebody said that they are of another person than a row."""
    apart = {UUID(text) for text in plan["apart"].get(str(number), ())}
    if number in plan["twins_apart"]:
        twin = store.row_of(import_id, plan["twins"][str(number)])
        apart |= {twin.case_id} if twin.case_id else set()
    return apart


def _record(actor: Actor, row: CaseImport, line: CaseImportRow, one: Ready, plan: dict[str, Any]) -> None:
    caseworker = UUID(plan["caseworker"]) if plan["caseworker"] else None
    delicate = plan["restrict"] and reference().taxonomy.is_restricted_group(one.record["issue"])
    named = [caseworker] if delicate and caseworker else []
    case_id = files.record_case(
        actor,
        one.record,
        urgency=one.urgency,
        restricted=bool(named),
        named=named,
        consents=[],
        token=uuid5(row.id, f"row {one.number}"),
        tokens=one.tokens,
    )
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    if one.note and files.takes_facts(actor, case_id):
        timeline.write(actor, case, key, KIND, "", data={"row": one.number, "said": one.note})
        rows.written(actor, "case.note", key, case)
    if caseworker and not named:
        members.add(actor, case_id, caseworker)
    db.session.flush()
    line.state, line.case_id, line.head = "imported", case_id, rows.head_digest(case)
    row.touched_at = clock.now()


def finish(actor: Actor, import_id: UUID) -> None:
    """Nothing is left to bring in: what waits for an answer is asked, or the rows go. Twice is once."""
    row = store.find_own(actor, import_id, lock=True)
    if row.state in {"running", "asking"}:
        settle(row)


def settle(row: CaseImport) -> None:
    """The state that follows from those of the rows."""
    db.session.flush()
    left = store.counts(row.id)
    if left.get("ready"):
        row.state = "running"
    elif left.get("alike") or left.get("conflict"):
        row.state = "asking"
    else:
        row.state = "done"
        store.forget(row)


def _require_caseworker(actor: Actor, plan: dict[str, Any]) -> None:
    """Whoever gets the files is still there. Raises DomainError."""
    chosen = plan["caseworker"]
    if chosen and UUID(chosen) not in {one.id for one in team.colleagues(actor)}:
        raise DomainError(_("The colleague who was to get these cases is not there any more. Begin again."))
