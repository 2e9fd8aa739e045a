"""Codes given by staff: for one that was lost, and for somebody who never had one."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from accounts.service import turns
from cases.service import keys, records, rows, timeline
from cases.service import reach as case_reach
from config.settings import Settings
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import Conflict
from core.store.base import db
from intake.models import Request, RequestVisit
from intake.service import casework, outside, sealing, sending, talking
from intake.service.reach import changed, find
from intake.service.sealing import Desk
from intake.service.sending import Code
from vault import Key


@dataclass(frozen=True)
class Fresh:
    """A key and a code, made before anybody has to wait; a code is slow to make."""

    key: Key = field(repr=False)
    code: Code = field(repr=False)
    request_id: UUID


def prepare(settings: Settings, request_id: UUID | None = None) -> Fresh:
    """Make the key and code of a request, or of one that does not exist yet. Slow."""
    key, request_id = Key.new(), request_id or uuid4()
    return Fresh(key, sending.new_code(settings, key, request_id), request_id)


def replace(actor: Actor, fresh: Fresh, version: int, how: str, case_id: UUID | None = None) -> None:
    """Give the person another code; the one before opens nothing from now on, nor does a page it opened.

    how: the entry of the list `code_proof`, by which somebody made sure of the person. Raises NotFound,
    Locked, and Conflict where a colleague gave one just before.
    """
    case = None
    if case_id is None:
        request = find(actor, Permission.REQUEST_DECIDE, fresh.request_id)
        old = Desk(actor).key(request)
    else:
        case, request, old = casework.opened(actor, Permission.CASE_NOTE, case_id, fresh.request_id)
    if request.version != version:
        raise Conflict
    _end(request)
    sealing.renew(request, old, fresh.key, fresh.code.public)
    db.session.add(sending.receipt_row(fresh.code, request.id))
    if case is None:
        sealing.to_desk(request, fresh.key)
    else:
        request.case_wrap = sealing.for_case(fresh.key, case, keys.case_key(actor, case), request.id)
    talking.say(fresh.key, request, uuid4(), how, actor.person_id, talking.NEW_CODE)
    changed(actor, request, "request.new_code")


def begin(actor: Actor, fresh: Fresh, case_id: UUID, token: UUID, name: str, *, client: bool) -> None:
    """Begin a conversation with somebody of a case, who gets the code: twice begins one.

    client: whether that is the client; anybody else reads nothing of the file.

    Raises NotFound, Locked; Conflict where this form was carried out already, for its code was another one.
    """
    home = turns.take(actor.organisation_id)
    if db.session.scalar(select(Request.id).where(Request.token == token)) is not None:
        raise Conflict(
            _("A conversation was begun with this page already. Open it, and give a new code there.")
        )
    case = case_reach.find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    request = sending.blank(home.id, home.prefix, fresh.request_id, case.urgency, token)
    request.case_id, request.state = case.id, "accepted"
    talking.waits_no_more(request)
    request.case_wrap = sealing.for_case(fresh.key, case, key, request.id)
    sending.seal_with(request, fresh.key, fresh.code, {"name": name, sealing.CLIENT: client})
    outside.remember(records.open_record(key, case), request, fresh.key)
    timeline.write(actor, case, key, "request", request.reference)
    rows.written(actor, "case.request", key, case)


def _end(request: Request) -> None:
    receipt = sealing.receipt_of(request.id)
    if receipt is not None:
        db.session.execute(delete(RequestVisit).where(RequestVisit.receipt_id == receipt.id))
        db.session.delete(receipt)
        db.session.flush()
