"""Items of a case that keep it from closing: whatever is open and waits for somebody."""

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
    "signature": "signature",
    "original": "original",
    "declaration": "declaration",
    "supervision": "supervision",
}
_OVER: Final = "unsaid"  # an appointment or hearing whose day is over, and nobody said what came of it
_PAGES: Final = {
    "declaration": ("cases.declaration", "item_id"),
    "supervision": ("cases.supervision_note", "asked_id"),
}
_PAGE: Final = ("cases.show_todo", "item_id")


def bars(case: Case, key: Key) -> list[Bar]:
    """Those that are open, the soonest first.

    A day that is over ends nothing: what came of a hearing is not known, and a duty to sign goes on.
    """
    return list(_bars(case, key))


def _bars(case: Case, key: Key) -> Iterator[Bar]:
    open_ = select(CaseItem).where(CaseItem.case_id == case.id, CaseItem.state == OPEN)
    today = clock.today()
    for row in db.session.scalars(open_.order_by(CaseItem.due_on, CaseItem.id)).all():
        content = items.opened(case, key, row)
        kind = _BAR_OF.get(content["kind"])
        if kind is None:
            continue
        if kind == "declaration" and content["data"].get("deadline"):
            continue  # the deadline bars by itself
        if kind == "appointment" and row.due_on is not None and row.due_on < today:
            kind = _OVER
        endpoint, named = _PAGES.get(kind, _PAGE)
        places = kind in {"appointment", _OVER, "signature"}
        yield Bar(
            kind,
            endpoint,
            {"case_id": case.id, named: row.id},
            name=str(content["data"].get("title") or ""),
            place=str(content["data"].get("where") or "") if places else "",
            day=row.due_on,
            over=Over.OUT_OF_REACH if kind == "original" else Over.ANY,
        )
