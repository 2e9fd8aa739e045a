"""Who will not take the second look at what was filed: they said no to that look, and to no other draft."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from cases.models import Assignment
from cases.note_models import LegalDraft
from cases.service import legal_drafts, reasons
from cases.service.legal_drafts import Bench
from core.store.base import db

_NEVER: Final = dt.datetime.max.replace(tzinfo=dt.UTC)
_CONFLICT: Final = "conflict"  # of the list `decline_reason`: a no to the case, whatever was asked in it


@dataclass
class _Asking:
    """From when until when somebody was asked for the look; ends: None while they still are."""

    begins: dt.datetime
    ends: dt.datetime | None = None


def declined(at: Bench, row: LegalDraft) -> set[UUID]:
    """Who said no to the look at a draft since it was filed, or to the case, and was not asked anew."""
    filed, asked = _asked(at, row)
    if filed is None:
        return set()
    answers = select(Assignment).where(
        Assignment.case_id == at.case.id,
        Assignment.until.is_not(None),
        Assignment.state == "declined",
        Assignment.answered_at >= filed,
    )
    found = db.session.scalars(answers).all()
    return {one.lawyer_id for one in found if _is_no(at, one, asked.get(one.lawyer_id))}


def _is_no(at: Bench, answer: Assignment, asked: _Asking | None) -> bool:
    said = answer.answered_at
    if said is None or (asked is not None and said < asked.begins):
        return False
    if asked is not None and answer.offered_at <= asked.begins and said < (asked.ends or _NEVER):
        return True
    readable = answer.reason is not None and answer.reason_epoch == at.case.epoch
    return readable and reasons.read(at.case, at.key, answer)[0] == _CONFLICT


def _asked(at: Bench, row: LegalDraft) -> tuple[dt.datetime | None, dict[UUID, _Asking]]:
    """When a draft was filed, and when each was last asked for the look since; one at a time is."""
    filed: dt.datetime | None = None
    asked: dict[UUID, _Asking] = {}
    now: _Asking | None = None
    for part, data in legal_drafts.parts_of(at, row):
        kind = data["kind"] if data else ""
        if kind not in {"filed", "asked", "unasked"}:
            continue
        if now is not None:
            now.ends, now = part.written_at, None
        if kind == "filed":
            filed, asked = part.written_at, {}
        if data and kind != "unasked" and data.get("to"):
            now = asked[UUID(data["to"])] = _Asking(part.written_at)
    return filed, asked
