"""The invented organisations ask each other, without a name, whether they act for the other side."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from cases.service import listing
from core.store.base import db
from core.store.transaction import transaction
from demo.offices import COORDINATOR, FOCAL_POINT, Office
from domain.conflict_enquiries import Reply
from domain.lifecycle import State
from referrals.models.conflicts import ConflictEnquiry
from referrals.service import conflict_asking, conflict_replying

_LOOKED_AT: Final = 100  # of a coordinator's cases
_OVER: Final = frozenset({State.CLOSED, State.ERASED})
_CHOSEN: Final[dict[str, Any]] = {
    "kind": "person", "role": "landlord", "along": ["province", "month"], "priority": "normal",
}  # fmt: skip # one enquiry


def ask(offices: list[Office]) -> None:
    """The first asks about two cases and hears of one that they should call; the second asks about one."""
    ours, theirs = offices
    mine = _open_cases(ours)[-2:]
    for number, case_id in enumerate(mine):
        _ask(ours, theirs, case_id)
        if not number:
            _answer(theirs, case_id)
    for case_id in _open_cases(theirs)[-1:]:
        _ask(theirs, ours, case_id)


def _open_cases(office: Office) -> list[UUID]:
    with transaction():
        rows = listing.list_cases(office.having(COORDINATOR)[0].actor, limit=_LOOKED_AT).rows
    return [row.id for row in rows if row.readable and not row.restricted and row.state not in _OVER]


def _ask(one: Office, other: Office, case_id: UUID) -> None:
    to = [other.members[0].actor.organisation_id]
    with transaction():
        conflict_asking.ask(one.having(COORDINATOR)[0].actor, case_id, to, _CHOSEN, uuid4())


def _answer(office: Office, case_id: UUID) -> None:
    focal = office.having(FOCAL_POINT)[0].actor
    with transaction():
        [enquiry] = db.session.query(ConflictEnquiry.id).filter_by(case_id=case_id)
        conflict_replying.reply(focal, enquiry.id, 1, Reply.ASK_US, focal.person_id)
