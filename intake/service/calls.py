"""That somebody called who asked for help: when, and whether they were reached. Sealed with the answers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from accounts.models import Person
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.audit import service as audit
from core.errors import DomainError
from core.store.base import db
from intake.models import Request
from intake.service import rekeying, sealing
from intake.service.reach import find
from intake.service.sealing import Desk
from intake.service.sending import CALL

CALLS: Final = "calls"  # in the answers: the calls that were noted, in the order in which they were
MOST: Final = 50  # of one request


def note(actor: Actor, request_id: UUID, token: UUID, moment: dt.datetime, *, reached: bool) -> None:
    """Note a call to whoever asked; the same token twice notes one.

    moment: when somebody called, by the clock in Türkiye. Raises NotFound, Locked, and DomainError for a call
    that is still to come, one too many, or a request that was taken back.
    """
    request = find(actor, Permission.REQUEST_DECIDE, request_id)
    if request.state == "withdrawn":
        raise DomainError(_("The person has taken the request back. Nobody calls them any more."))
    key = rekeying.renewed(request, Desk(actor).key(request))
    answers = sealing.opened(key, request)
    known = answers.get(CALLS, [])
    if any(one["token"] == str(token) for one in known):
        return
    if moment > clock.now():
        raise DomainError(_("This time is still to come."), field="at")
    if len(known) >= MOST:
        raise DomainError(_("No more calls can be noted on this request."))
    here = moment.astimezone(clock.ISTANBUL)
    call = {
        "token": str(token),
        "on": f"{here:%Y-%m-%d}",
        "at": f"{here:%H:%M}",
        "reached": reached,
        "by": db.session.get_one(Person, actor.person_id).name,  # which outlasts the account
    }
    sealing.seal(key, request, {**answers, CALLS: [*known, call]})
    audit.record(actor, "request.call", object_kind="request", object_id=request.id)


def owed(request: Request, answers: dict[str, Any]) -> bool:
    """Whether somebody wants to be called, has no code to read anything, and no call was noted yet."""
    return answers.get("way") == CALL and not answers.get(CALLS) and sealing.receipt_of(request.id) is None
