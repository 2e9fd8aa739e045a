"""The desk has a new key: what lies with it gets one, too, in steps, and at once where somebody writes.

Whoever left could open those of before. Nothing is written under a key that they may know: who opens a
request, from either side, renews it first. What nobody opens is renewed in committed steps in the sessions
of those who hold the key, as orders of cases are (`cases.service.orders`).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select

from accounts.models import OrganisationKey
from accounts.service import keys, trust
from accounts.service.trust import VerifiedOrganisationKey
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.errors import DomainError
from core.store.base import db
from intake.models import Request
from intake.service import sealing
from intake.service.sealing import DESK, Desk
from vault import Key, VaultError

KIND: Final = "desk_due"  # beside the kinds of orders
AT_ONCE: Final = 20  # requests that are locked together


def due(actor: Actor) -> int:
    """How many requests lie under an older key of the desk that the actor holds."""
    if not may(actor, Permission.REQUEST_DECIDE):
        return 0
    return db.session.scalar(_waiting(actor).with_only_columns(func.count())) or 0


def carry_out(actor: Actor, seconds: float) -> int:
    """Renew requests for about so long, and one at least; gives how many are left that the actor can renew.

    Safe to run twice and by two people: each is locked, and what somebody else has locked is left to them.
    One that was tampered with stays as it is.
    """
    end, skipped = time.monotonic() + seconds, set[UUID]()
    now = _present(actor.organisation_id) if due(actor) else None
    if now is None:
        return 0
    desk = Desk(actor)
    while found := _next(actor, skipped):
        for request in found:
            try:
                _renew(request, desk.key(request), now)
            except (DomainError, VaultError):
                skipped.add(request.id)
                continue
            if time.monotonic() >= end:
                return max(0, due(actor) - len(skipped))
    return max(0, due(actor) - len(skipped))


def renewed(request: Request, key: Key) -> Key:
    """The key of a request, whose lock the caller holds: a new one, where that of the desk is newer.

    Also for the person, who has the request's key by their code. While the desk has no key that holds, and
    for what was tampered with, it is the one before.
    """
    if request.desk_key_id is None or trust.is_present(request.desk_key_id):
        return key
    now = _present(request.organisation_id)
    if now is None:
        return key
    try:
        return _renew(request, key, now)
    except VaultError:
        return key


def _renew(request: Request, key: Key, now: VerifiedOrganisationKey) -> Key:
    with db.session.begin_nested():
        new = sealing.renew(request, key)
        request.desk_wrap, request.desk_key_id = sealing.for_desk(new, now, request.id), now.id
    return new


def _next(actor: Actor, skipped: Collection[UUID]) -> Sequence[Request]:
    some = _waiting(actor).where(Request.id.not_in(skipped)).order_by(Request.id).limit(AT_ONCE)
    locked = some.with_for_update(of=Request, skip_locked=True)
    return db.session.scalars(locked.execution_options(populate_existing=True)).all()


def _present(organisation_id: UUID) -> VerifiedOrganisationKey | None:
    try:
        return trust.organisation_key(organisation_id, DESK)
    except VaultError:
        return None


def _waiting(actor: Actor) -> Select[Request]:
    older = select(OrganisationKey.id).where(
        OrganisationKey.organisation_id == actor.organisation_id,
        OrganisationKey.kind == DESK,
        OrganisationKey.retired_at.is_not(None),
        OrganisationKey.id.in_(keys.held(actor)),
    )
    return reachable(actor, Permission.REQUEST_DECIDE, Request).where(Request.desk_key_id.in_(older))
