"""The state of a case changes, with its line in the timeline."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import exists, select

from cases.models import Assignment, Case
from cases.service import records, timeline
from core.access.actors import Actor
from core.errors import DomainError
from core.store.base import db
from domain.lifecycle import State
from vault import Key


def set_state(
    actor: Actor,
    case: Case,
    key: Key,
    to: State,
    reason: str,
    why: str = "",
    *,
    record: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
) -> None:
    """Change the state with its line in the timeline; the record is sealed again under the new version.

    record: as it is from now on, where it changes too in something that is not coded. more: what the line
    of the timeline says besides.
    """
    record = record or records.open_record(key, case)
    before, case.state = case.state, str(to)
    records.next_version(case, key, record)  # nothing coded has changed: the fact stays
    tell(actor, case, key, before, to, reason, ({"why": why} if why else {}) | (more or {}))


def tell(
    actor: Actor, case: Case, key: Key, before: str, to: State, reason: str, more: dict[str, Any]
) -> None:
    """The line of the timeline about a change of state."""
    timeline.write(actor, case, key, "state", reason, data={"from": before, "to": str(to), **more})


def no_open_offer(case: Case) -> None:
    """An unanswered offer comes first: it is answered or withdrawn, never overtaken. Raises DomainError."""
    of_case = Assignment.case_id == case.id, Assignment.until.is_(None)
    offered = exists().where(*of_case, Assignment.state == "offered")
    if db.session.scalar(select(offered)):
        raise DomainError(_("A lawyer has been asked and has not answered. Withdraw the offer first."))
