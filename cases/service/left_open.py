"""Deadlines that are open when their case is to be closed.

A date may hang on them while nobody looks any more. So a case closes over one only where the person is out of
reach, and never where a day decides: then it is met, moved or taken out first, by those who may.
"""

from __future__ import annotations

from typing import Any

from cases.models import Case
from cases.service import deadline_rows, reminders
from cases.service.bars import Bar, Over
from cases.service.law import law_of
from core import clock
from core.access.actors import Actor
from vault import Key


def urgent(case: Case, content: dict[str, Any]) -> bool:
    """Whether a day decides: the case is or was of urgency U0, or the rule is, whatever the case."""
    rule = content["asked"]["rule"]
    return deadline_rows.needs_two(case, content) or rule in law_of(case.organisation_id).beside.urgent


def bars(case: Case, key: Key) -> list[Bar]:
    """The open deadlines, the soonest first."""
    opened = sorted(deadline_rows.open_ones(case, key), key=lambda one: one[0].safe_on)
    return [
        Bar(
            "deadline",
            "cases.show_deadline",
            {"case_id": case.id, "deadline_id": row.id},
            rule=content["asked"]["rule"],
            day=row.safe_on,
            over=Over.NEVER if urgent(case, content) else Over.OUT_OF_REACH,
        )
        for row, content in opened
    ]


def leave(actor: Actor, case: Case, key: Key, why: str, despite: str) -> None:
    """Write on each deadline that the case was closed over it, and tell the two who watch it."""
    for row, content in deadline_rows.open_ones(case, key):
        content.pop("last", None)  # a click on what came before is no second click
        content["left"] = {
            "why": why,
            "reason": despite,
            "by": str(actor.person_id),
            "at": clock.now().isoformat(),
        }
        deadline_rows.save(actor, case, key, row, content, "left", despite)
        reminders.tell_left_open(row, case, actor.person_id)
