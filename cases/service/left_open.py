"""Deadlines that are open when their case is to be closed.

A date may hang on them while nobody looks any more. So a case closes over one only where the person is out of
reach, and never where a day decides: then it is met, moved or taken out first, by those who may.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _

from cases.models import Case, Deadline
from cases.service import deadline_rows, reminders
from cases.service.law import law_of
from core import clock
from core.access.actors import Actor
from core.errors import DomainError
from vault import Key

OUT_OF_REACH: Final = ("lost_contact", "removed")
"""The codes of the list `close_reason` for which a case closes with an open deadline."""

Opened = tuple[Deadline, dict[str, Any]]


def urgent(case: Case, content: dict[str, Any]) -> bool:
    """Whether a day decides: the case is or was of urgency U0, or the rule is, whatever the case."""
    rule = content["asked"]["rule"]
    return deadline_rows.needs_two(case, content) or rule in law_of(case.organisation_id).beside.urgent


def require(case: Case, key: Key, why: str, despite: str) -> list[Opened]:
    """The open deadlines that stay behind. Raises DomainError where the case may not close over them."""
    found = list(deadline_rows.open_ones(case, key))
    if not found:
        return []
    if any(urgent(case, content) for _row, content in found):
        raise DomainError(
            _(
                "A deadline where a day decides is open: meet it, move it or take it out first. Nobody "
                "closes over it."
            )
        )
    if why not in OUT_OF_REACH:
        raise DomainError(
            _(
                "A deadline is still open. The case closes over it only where contact was lost or the person "
                "was removed. Otherwise meet it or have it taken out first."
            ),
            field="why",
        )
    if not despite:
        raise DomainError(
            _("A deadline is still open. Write why the case closes over it; the two who watch it are told."),
            field="despite",
        )
    return found


def leave(actor: Actor, case: Case, key: Key, found: Sequence[Opened], why: str, despite: str) -> None:
    """Write on each deadline that the case was closed over it, and tell the two who watch it."""
    for row, content in found:
        content.pop("last", None)  # a click on what came before is no second click
        content["left"] = {
            "why": why,
            "reason": despite,
            "by": str(actor.person_id),
            "at": clock.now().isoformat(),
        }
        deadline_rows.save(actor, case, key, row, content, "left", despite)
        reminders.tell_left_open(row, case, actor.person_id)
