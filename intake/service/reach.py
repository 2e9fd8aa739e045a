"""The requests that an actor may see, locked for whoever is about to change one."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _

from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from intake.models import Request

OPEN = ("received", "triage")
ENDS = ("declined", "referred")  # answered without a case of ours


def find(actor: Actor, permission: Permission, request_id: UUID) -> Request:
    """A request, locked until the transaction ends. Raises NotFound for what is none of the actor's."""
    found = reachable(actor, permission, Request).where(Request.id == request_id)
    locked = found.with_for_update(of=Request).execution_options(populate_existing=True)
    row = db.session.scalars(locked).one_or_none()
    if row is None:
        raise NotFound
    return row


def writes(actor: Actor, request: Request) -> bool:
    """Whether it is the actor who writes to the person: who works on it, or who ended it."""
    return request.state in ("triage", *ENDS) and request.claimed_by == actor.person_id


def require(request: Request, version: int, *states: str) -> None:
    """Raise Conflict where it is not as it was shown, or not in one of these states.

    DomainError where the person took it back: nobody else was at it, and there is nothing to look at again.
    """
    if request.state == "withdrawn" and "withdrawn" not in states:
        raise DomainError(
            _("The person has taken the request back. There is nothing to decide any more: it is deleted.")
        )
    if request.version != version or request.state not in states:
        raise Conflict(_("Somebody else was at this request meanwhile. Nothing was overwritten."))


def changed(actor: Actor, request: Request, act: str) -> None:
    """Close a change: the next version, and the act on the chain."""
    request.version += 1
    request.changed_at = clock.now()
    db.session.flush()
    audit.record(actor, act, object_kind="request", object_id=request.id)
