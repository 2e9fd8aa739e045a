"""A sheet between its pages: its rows and what was decided about them, sealed to whoever brings it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, update

import vault
from accounts.service import trust
from accounts.service.names import names_of
from cases.import_models import CaseImport, CaseImportRow
from cases.models import Case
from cases.service import files, match_tokens
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.documents.sheets import Sheet
from core.errors import Conflict, Locked, NotFound
from core.store.base import db

KEPT: Final = dt.timedelta(days=7)
OVER: Final = ("done", "undoing", "undone")
_GONE: Final = _(
    "The rows of this sheet are not here any more: they are kept for a week, and for whoever brought them. "
    "Bring the sheet again."
)


@dataclass(frozen=True)
class Line:
    """One sheet in the list of those that were brought."""

    id: UUID
    by: str
    made_at: dt.datetime
    state: str
    mine: bool
    counts: dict[str, int]


@dataclass(frozen=True)
class Opened:
    """A sheet opened for this request."""

    id: UUID
    state: str
    sheets: list[Sheet] = field(repr=False)
    plan: dict[str, Any] = field(repr=False)


def begin(actor: Actor, sheets: list[Sheet], token: UUID) -> UUID:
    """Keep a sheet that was read; the same token twice keeps it once. Raises Locked when a key is missing."""
    if files.can_record(actor.organisation_id):
        raise Locked(_("Recording opens once a coordinator has made the keys of your organisation."))
    match_tokens.held(actor)  # without it nobody is told of files that are here already
    known = reachable(actor, Permission.CASE_IMPORT, CaseImport).where(CaseImport.token == token)
    already = db.session.scalar(known)
    if already is not None:
        return already.id
    now = clock.now()
    row = CaseImport(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        made_by=actor.person_id,
        made_at=now,
        touched_at=now,
        state="mapping",
        carried_at=None,
        sealed=None,
        plan=None,
        written=0,
        token=token,
    )
    content = orjson.dumps([{"name": one.name, "rows": one.rows} for one in sheets])
    row.sealed = vault.seal_to(trust.person_key(actor.person_id).hpke_public, content, _context(row, 0))
    db.session.add(row)
    keep_plan(actor, row, {})
    audit.record(actor, "case.import", object_kind="case_import", object_id=row.id)
    return row.id


def find(actor: Actor, import_id: UUID, *, lock: bool = False) -> CaseImport:
    """A sheet that somebody of the organisation brought. Raises NotFound."""
    wanted = reachable(actor, Permission.CASE_IMPORT, CaseImport).where(CaseImport.id == import_id)
    if lock:
        wanted = wanted.with_for_update(key_share=True)
    row = db.session.scalar(wanted.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def find_own(
    actor: Actor, import_id: UUID, states: Collection[str] = (), *, lock: bool = False
) -> CaseImport:
    """The same for whoever brought it; nobody else opens it.

    Raises NotFound, or Conflict where it is in another state.
    """
    row = find(actor, import_id, lock=lock)
    if row.made_by != actor.person_id:
        raise NotFound
    if states and row.state not in states:
        raise Conflict
    return row


def opened(actor: Actor, import_id: UUID) -> Opened:
    """The rows and the plan. Raises NotFound, and Locked where they are gone or do not open."""
    row = find_own(actor, import_id)
    if row.sealed is None or row.plan is None:
        raise Locked(_GONE)
    try:
        content = actor.secret.pair.open(row.sealed, _context(row, 0))
        plan = actor.secret.pair.open(row.plan, _context(row, row.written))
    except vault.VaultError as error:
        raise Locked(_GONE) from error
    sheets = [Sheet(one["name"], one["rows"]) for one in orjson.loads(content)]
    return Opened(row.id, row.state, sheets, orjson.loads(plan))


def plan_of(actor: Actor, row: CaseImport) -> dict[str, Any]:
    """What was decided, of a row that is locked. Raises Locked."""
    if row.plan is None:
        raise Locked(_GONE)
    plan: dict[str, Any] = orjson.loads(actor.secret.pair.open(row.plan, _context(row, row.written)))
    return plan


def keep_plan(actor: Actor, row: CaseImport, plan: dict[str, Any]) -> None:
    """Seal what was decided in place of what was decided before."""
    row.written += 1
    row.touched_at = clock.now()
    public = trust.person_key(actor.person_id).hpke_public
    row.plan = vault.seal_to(public, orjson.dumps(plan), _context(row, row.written))
    db.session.flush()


def lines(actor: Actor) -> list[Line]:
    """Every sheet that was brought, the newest first."""
    every = reachable(actor, Permission.CASE_IMPORT, CaseImport).order_by(CaseImport.made_at.desc()).limit(50)
    rows = db.session.scalars(every).all()
    names = names_of(row.made_by for row in rows)
    counted = _counts([row.id for row in rows])
    return [
        Line(
            row.id, names[row.made_by], row.made_at, row.state, row.made_by == actor.person_id,
            counted.get(row.id, {}),
        )
        for row in rows
    ]  # fmt: skip # one line for each


def counts(import_id: UUID) -> dict[str, int]:
    """How many rows are in which state."""
    return _counts([import_id]).get(import_id, {})


def numbers(import_id: UUID, *states: str) -> list[int]:
    """The rows in these states, in the order of the sheet."""
    wanted = select(CaseImportRow.number).where(
        CaseImportRow.import_id == import_id, CaseImportRow.state.in_(states)
    )
    return list(db.session.scalars(wanted.order_by(CaseImportRow.number)))


def cases(import_id: UUID, state: str, most: int) -> list[tuple[UUID, str]]:
    """Id and reference of the files that rows in a state became, or belong to, at most so many."""
    wanted = (
        select(Case.id, Case.reference)
        .join(CaseImportRow, CaseImportRow.case_id == Case.id)
        .where(CaseImportRow.import_id == import_id, CaseImportRow.state == state)
        .order_by(CaseImportRow.number)
        .limit(most)
    )
    return [(case_id, reference) for case_id, reference in db.session.execute(wanted)]


def row_of(import_id: UUID, number: int) -> CaseImportRow:
    """One row as it is now, locked until the transaction ends. Raises NotFound."""
    wanted = select(CaseImportRow).where(CaseImportRow.import_id == import_id, CaseImportRow.number == number)
    row = db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def forget(row: CaseImport) -> None:
    """Delete what the sheet says; what became of its rows stays."""
    row.sealed = row.plan = None


def drop(actor: Actor, import_id: UUID) -> None:
    """Let a sheet go; what it brought in so far stays. Twice is once. Raises NotFound."""
    row = find_own(actor, import_id, lock=True)
    if row.state in OVER:
        return
    db.session.execute(
        update(CaseImportRow)
        .where(CaseImportRow.import_id == import_id)
        .where(CaseImportRow.state.in_(("new", "faulty", "ready", "alike", "conflict")))
        .values(state="left_out")
    )
    row.state = "done"
    forget(row)


def purge() -> None:
    """Delete what nobody went on with for a week. Again, it finds nothing."""
    old = CaseImport.touched_at < clock.now() - KEPT
    _forget_where(old)


def forget_of(person_id: UUID) -> None:
    """Delete the sheets of somebody whose account ends: nobody else could open them."""
    _forget_where(CaseImport.made_by == person_id)


def _forget_where(which: Any) -> None:
    waiting = CaseImport.state.not_in(OVER)
    db.session.execute(update(CaseImport).where(which, waiting).values(state="done", sealed=None, plan=None))


def _counts(import_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    grouped = (
        select(CaseImportRow.import_id, CaseImportRow.state, func.count())
        .where(CaseImportRow.import_id.in_(import_ids))
        .group_by(CaseImportRow.import_id, CaseImportRow.state)
    )
    found: dict[UUID, dict[str, int]] = {}
    for import_id, state, number in db.session.execute(grouped):
        found.setdefault(import_id, {})[state] = number
    return found


def _context(row: CaseImport, written: int) -> vault.Context:
    return vault.Context("sheet of cases", row.organisation_id, row.made_by, row.id, written)
