"""Put right what was recorded of the filing of a draft: another day or place, or that it was not filed."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.service import clocks, draft_approvals, drafting, filings, first_steps, legal_drafts
from cases.service.legal_drafts import Bench
from core.access.actors import Actor
from core.errors import DomainError
from domain import drafts as rules
from domain.drafts import Act
from domain.lines import FILING

OWED: Final = _(
    "The second look at this filing is still owed. It says that the draft was not filed; then it can be "
    "taken back."
)


def correct(
    actor: Actor,
    case_id: UUID,
    draft_id: UUID,
    version: int,
    right: tuple[dt.date, str] | None,
    reason: str,
    token: UUID,
) -> None:
    """Say what was wrong with a filing that was recorded. Twice is once.

    right: on which day and where it was filed; None: this draft was not, and goes on as before. A line of the
    timeline that was written with the filing is corrected too, without the reason, which is the lawyers'.
    Raises NotFound, Conflict, Locked, DomainError; a second look that is owed is not escaped.
    """
    at = legal_drafts.bench(actor, case_id, leads=True)
    row, content = legal_drafts.opened(at, draft_id)
    if legal_drafts.is_done(token):
        return
    drafting.require(row, content, version, Act.CORRECT)
    if not reason.strip():
        raise DomainError(_("Write the reason"), field="reason")
    if right is None and drafting.second_open(content):
        raise DomainError(OWED, field="how")
    key = legal_drafts.writing_key(actor, at, row.id)
    filed: dict[str, Any] = content["filed"]
    line = _line(actor, at, filed, right)
    if right is None:
        approved = draft_approvals.is_approved(at.case, row.id, content)
        content["filed"] = None
        content["state"] = str(rules.after_taking_back(approved=approved, asked=content["ask"] is not None))
        legal_drafts.add_part(actor, at, key, row.id, token, "unfiled", text=reason)
        legal_drafts.save(actor, at, key, row, content, desk=None)
        return
    said = {"on": right[0].isoformat(), "where": right[1]}
    content["filed"] = {**filed, **said, "line": line}
    legal_drafts.add_part(actor, at, key, row.id, token, "refiled", text=reason, **said)
    legal_drafts.save(actor, at, key, row, content, desk=row.desk_id, due=row.due_at)


def _line(actor: Actor, at: Bench, filed: dict[str, Any], right: tuple[dt.date, str] | None) -> str:
    """Correct the line of the timeline that tells of the filing, or else the clocks. Gives its id, or ""."""
    if filed.get("line"):
        return filings.follow(actor, at.case, at.key, UUID(filed["line"]), right)
    first_steps.corrected(at.case, at.key, filed)
    if right is not None:
        clocks.heed(at.case, FILING, {"on": right[0].isoformat()})
    return ""
