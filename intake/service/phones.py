"""Who else is reached by a phone: another open file, or another request. What it means a person decides.

A family shares one phone, a neighbour lends theirs, and somebody who is controlled has it read by another:
so it is said before a file is opened, with the reference and whom to ask, and stops nothing by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from accounts.service.names import names_of
from cases.models import Case
from cases.service import match_tokens, matching
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.store.base import db
from domain.identity import comparable_phone
from intake.models import Request, RequestToken
from intake.service import sealing
from intake.service.reach import OPEN
from intake.service.sealing import Desk

LOOKED: Final = 1_000  # waiting requests that are opened to compare their phones, the newest first


@dataclass(frozen=True)
class Shared:
    """Where the phone stands already, and whom to ask; a case is named by its reference alone."""

    reference: str
    ask: tuple[str, ...]
    case_id: UUID | None = None
    request_id: UUID | None = None


def sharing(
    actor: Actor, request_id: UUID, phones: Collection[str], tokens: Collection[bytes]
) -> list[Shared]:
    """Open files, and requests that wait or were ended without a case, with one of these phones.

    request_id: the request that is looked at, left out. tokens: what `match_tokens.of_phones` gave for them.
    """
    wanted = {one for one in map(comparable_phone, phones) if one}
    if not wanted:
        return []
    audit.record(actor, "request.list")
    ended = _ended(actor, tokens)
    requests = {row.id: row for row in [*ended, *_waiting(actor, wanted)] if row.id != request_id}
    return [*_files(actor, tokens), *_named(requests.values())]


def _files(actor: Actor, tokens: Collection[bytes]) -> Iterator[Shared]:
    found = {case_id for _token, case_id in match_tokens.holding(tokens)}
    open_ones = select(Case.id).where(Case.id.in_(found), Case.closed_on.is_(None))
    named = matching.named(actor, db.session.scalars(open_ones).all())
    for case, ask in sorted(named, key=lambda one: one[0].reference):
        yield Shared(case.reference, ask, case_id=case.id)


def _ended(actor: Actor, tokens: Collection[bytes]) -> list[Request]:
    """Requests that became no case: their tokens stand beside them."""
    found = select(RequestToken.request_id).where(RequestToken.token.in_(tokens))
    own = reachable(actor, Permission.REQUEST_LIST, Request).where(Request.id.in_(found))
    return list(db.session.scalars(own))


def _waiting(actor: Actor, wanted: Collection[str]) -> Iterator[Request]:
    """Requests that wait have no tokens yet; whoever holds the key of the desk opens them."""
    desk = Desk(actor)
    own = reachable(actor, Permission.REQUEST_LIST, Request).where(Request.state.in_(OPEN))
    for request in db.session.scalars(own.order_by(Request.created_at.desc(), Request.id).limit(LOOKED)):
        if desk.holds(request):
            said = sealing.opened(desk.key(request), request).get("phone") or ""
            if comparable_phone(said) in wanted:
                yield request


def _named(requests: Iterable[Request]) -> list[Shared]:
    rows = sorted(requests, key=lambda one: one.reference)
    names = names_of(one.claimed_by for one in rows)
    return [
        Shared(row.reference, (names[row.claimed_by],) if row.claimed_by else (), request_id=row.id)
        for row in rows
    ]
