"""Items of a case that keep it from closing: tasks, what is to come or to be declared, originals with us."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select

from cases.models import Case, CaseItem
from cases.service import items
from cases.service.bars import Bar, Over
from cases.service.views import OPEN
from core import clock
from core.store.base import db
from vault import Key

_BAR_OF: Final = {
    "task": "task",
    "appointment": "appointment",
    "hearing": "appointment",
    "signature": "appointment",
    "original": "original",
    "declaration": "declaration",
}


def bars(case: Case, key: Key) -> list[Bar]:
    """Those that are open, the soonest first. An appointment that is over bars nothing."""
    return list(_bars(case, key))


def _bars(case: Case, key: Key) -> Iterator[Bar]:
    open_ = select(CaseItem).where(CaseItem.case_id == case.id, CaseItem.state == OPEN)
    today = clock.today()
    for row in db.session.scalars(open_.order_by(CaseItem.due_on, CaseItem.id)).all():
        content = items.opened(case, key, row)
        kind = _BAR_OF.get(content["kind"])
        if kind is None or (kind == "appointment" and row.due_on is not None and row.due_on < today):
            continue
        if kind == "declaration" and content["data"].get("deadline"):
            continue  # the deadline bars by itself
        yield Bar(
            kind,
            "cases.declaration" if kind == "declaration" else "cases.show_todo",
            {"case_id": case.id, "item_id": row.id},
            name=str(content["data"].get("title") or ""),
            day=row.due_on,
            over=Over.OUT_OF_REACH if kind == "original" else Over.ANY,
        )
