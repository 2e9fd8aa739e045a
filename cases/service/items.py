"""What a case holds with a state of its own: tasks, appointments, originals and the like, a sealed row each.

In clear stand only whose desk it is on, the day, and whether it is open; the sealed row says the same, and a
row that differs does not open. The kind is a code of the list `item_kind`, what it holds is up to whoever
adds it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.service.names import names_of
from cases.models import Case, CaseItem
from cases.service import gate, keys, records, rows, team, timeline
from cases.service.reach import find
from cases.service.views import DONE, DROPPED, OPEN, OpenItem
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import Conflict, DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain.lifecycle import State
from vault import Key

TABLE: Final = "case_items"


@dataclass(frozen=True)
class Said:
    """What is said of an item: what it holds, on whose desk and for which day it stands, and its state."""

    data: dict[str, Any] = field(repr=False)
    due_on: dt.date | None = None
    owner_id: UUID | None = None
    state: str = OPEN


def add(
    actor: Actor,
    case_id: UUID,
    kind: str,
    said: Said,
    token: UUID,
    *,
    text: str = "",
    quiet: bool = False,
    waits: bool = True,
    over: bool = False,
    **line: Any,
) -> UUID:
    """Add an item, with a line in the timeline; the same token twice adds once. Gives its id.

    text, line: what the line of the timeline says; none is written of what is quiet, for it stands in a list
    of its own. waits: whether it has to while a conflict of interest is possible. over: in a closed case too.
    Raises NotFound, gate.Held, DomainError.
    """
    if kind not in reference().lists["item_kind"]:
        raise NotFound
    case, key = _case(actor, case_id, over=over)
    if (known := added(case, token)) is not None:
        return known
    if waits:
        gate.require(case, records.open_record(key, case), gate.Act.FACTS)
    row = CaseItem(id=uuid4(), case_id=case.id, version=0, token=token)
    content = {"kind": kind, "at": clock.now().isoformat(), "by": str(actor.person_id)}
    _save(actor, case, key, row, content, said, "added", text, None if quiet else line)
    return row.id


def added(case: Case, token: UUID) -> UUID | None:
    """The item that a form with this token has added already."""
    return db.session.scalar(select(CaseItem.id).where(CaseItem.token == token, CaseItem.case_id == case.id))


def change(
    actor: Actor,
    case_id: UUID,
    item_id: UUID,
    version: int,
    said: Said,
    token: UUID,
    *,
    text: str = "",
    quiet: bool = False,
    over: bool = False,
    **line: Any,
) -> None:
    """Say something else of an item; the same token twice changes once.

    quiet: without a line in the timeline. over: in a closed case too, for what is still with us then. Raises
    NotFound, Conflict where somebody changed it meanwhile, DomainError.
    """
    case, key = _case(actor, case_id, over=over)
    row = _row(case, item_id)
    content = opened(case, key, row)
    if content.get("last") == str(token):
        return
    if row.version != version:
        raise Conflict
    content["last"] = str(token)
    became = {OPEN: "reopened", DONE: "done", DROPPED: "dropped"}[said.state]
    became = "changed" if said.state == row.state else became
    _save(actor, case, key, row, content, said, became, text, None if quiet else line)


def find_one(case: Case, key: Key, item_id: UUID) -> OpenItem:
    """One item of a case that is open to the reader. Raises NotFound, rows.Tampered."""
    return _view(case, key, [_row(case, item_id)])[0]


def read(case: Case, key: Key) -> list[OpenItem]:
    """The items of a case: open ones first, the earliest day on top, then as they came."""
    found = db.session.scalars(select(CaseItem).where(CaseItem.case_id == case.id)).all()
    return sorted(
        _view(case, key, found),
        key=lambda one: (not one.is_open, one.due_on or dt.date.max, one.added_at, one.id),
    )


def held(case: Case, key: Key, kind: str) -> list[dict[str, Any]]:
    """What the items of a kind hold that were not taken out, in any order and without anybody's name."""
    found = select(CaseItem).where(CaseItem.case_id == case.id, CaseItem.state != DROPPED)
    contents = (opened(case, key, row) for row in db.session.scalars(found))
    return [content["data"] for content in contents if content["kind"] == kind]


def opened(case: Case, key: Key, row: CaseItem) -> dict[str, Any]:
    """The sealed row. Raises rows.Tampered where what stands in clear is not what it says."""
    content = rows.open_row(key, case, TABLE, row.id, row.version, row.sealed)
    if any(content[name] != said for name, said in in_clear(row).items()):
        raise rows.Tampered
    return content


def _case(actor: Actor, case_id: UUID, *, over: bool = False) -> tuple[Case, Key]:
    case = find(actor, Permission.CASE_NOTE, case_id)
    if case.state == State.ERASED:
        raise NotFound
    if case.state == State.CLOSED and not over:
        raise DomainError(gate.CLOSED)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    return case, key


def _row(case: Case, item_id: UUID) -> CaseItem:
    found = select(CaseItem).where(CaseItem.id == item_id, CaseItem.case_id == case.id)
    row = db.session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def _save(
    actor: Actor,
    case: Case,
    key: Key,
    row: CaseItem,
    content: dict[str, Any],
    said: Said,
    became: str,
    text: str,
    line: dict[str, Any] | None,
) -> None:
    if said.owner_id is not None and said.owner_id not in team.may_open(case):
        raise DomainError(_("Choose somebody who can open this case."), field="owner")
    row.owner_id, row.due_on, row.state = said.owner_id, said.due_on, said.state
    row.version += 1
    row.epoch = key.epoch
    content |= {"data": said.data} | in_clear(row)
    row.sealed = rows.seal_row(key, case, TABLE, row.id, row.version, content)
    db.session.add(row)
    case.changed_at = clock.now()
    if line is not None:
        told = {"item": content["kind"], "change": became, **line}
        timeline.write(actor, case, key, "item", text, data=told)
    rows.written(actor, "case.item", key, case)


def _view(case: Case, key: Key, found: Any) -> list[OpenItem]:
    read_rows = [(row, opened(case, key, row)) for row in found]
    names = names_of(
        {row.owner_id for row, _content in read_rows} | {UUID(content["by"]) for _row, content in read_rows}
    )
    return [
        OpenItem(
            id=row.id,
            kind=content["kind"],
            data=content["data"],
            due_on=row.due_on,
            owner_id=row.owner_id,
            owner=names.get(row.owner_id, ""),
            state=row.state,
            version=row.version,
            added_at=dt.datetime.fromisoformat(content["at"]),
            added_by=names.get(UUID(content["by"]), ""),
            last=content.get("last", ""),
        )
        for row, content in read_rows
    ]


def in_clear(row: CaseItem) -> dict[str, str | None]:
    """What the sealed row says again of what stands in clear."""
    return {
        "owner": str(row.owner_id) if row.owner_id else None,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "state": row.state,
    }
