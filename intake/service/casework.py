"""Conversations of a case: read and answered by those who work on it, re-keyed with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cases.models import Case
from cases.service import clocks, conflicts, gate, keys, records, rows
from cases.service import reach as case_reach
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import member_of
from core.audit import service as audit
from core.documents.copies import Opened
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.sealed_files import SealedFile
from intake.models import Request
from intake.service import attachments, reached, sealing, talking, telling
from intake.service.attachments import Attached, Owner
from intake.service.talking import Said
from intake.service.telling import Told
from vault import Key, Pair


@dataclass(frozen=True)
class ConversationLine:
    """A conversation as the page of its case names it."""

    id: UUID
    reference: str
    is_client: bool
    name: str
    changed_at: dt.datetime
    waits: bool
    reach: dict[str, Any] | None  # how the person is reached now, where the file holds something else


@dataclass(frozen=True)
class OpenConversation:
    """A conversation of a case, opened for one of those who work on it."""

    row: Request
    case: Case
    answers: dict[str, Any]
    is_client: bool  # else what the file says of the client is neither told nor held against whoever writes
    conversation: list[Said]
    has_code: bool
    told: Told | None  # None: they look by themselves
    files: list[Attached]  # that came with the request itself
    conflict: str  # how the case stands after its check
    held: LazyString | None  # why nothing is written to the person now


def of_case(_actor: Actor, case: Case, key: Key) -> list[ConversationLine]:
    """The conversations of a case, the eldest first; for the page of the case, with its key."""
    found = select(Request).where(Request.case_id == case.id).order_by(Request.created_at, Request.id)
    lines, record = [], records.open_record(key, case)
    for request in db.session.scalars(found):
        answers = sealing.opened(sealing.of_case(request, case, key), request)
        name = answers.get("name", "")
        lines.append(
            ConversationLine(
                request.id, request.reference, sealing.is_client(answers), name, request.changed_at,
                request.waits_desk, reached.differing(answers, record),
            )
        )  # fmt: skip # one line of a list
    return lines


def read(actor: Actor, case_id: UUID, request_id: UUID, *, shown: bool = False) -> OpenConversation:
    """Open a conversation. Raises NotFound, Locked.

    shown: whether the page shows it, so that what the person wrote is seen from now on.
    """
    case, request, key = opened(actor, Permission.CASE_READ, case_id, request_id)
    if shown:
        talking.waits_no_more(request)
    files = attachments.sent(Owner(key, request_id=request.id))
    record = records.open_record(keys.case_key(actor, case), case)
    answers = sealing.opened(key, request)
    audit.record(actor, "request.read", object_kind="request", object_id=request.id)
    return OpenConversation(
        request,
        case,
        answers,
        sealing.is_client(answers),
        talking.read(key, request, files, as_person=False, shown=shown),
        sealing.receipt_of(request.id) is not None,
        telling.told(request),
        [one for one in files if one.message_id is None],
        str(conflicts.standing_of(case, record)),
        gate.told(case, record, gate.Act.ADVISE),
    )


def open_file(actor: Actor, case_id: UUID, request_id: UUID, file_id: UUID) -> Opened:
    """A file of a conversation of a case; the act is on the chain. Raises NotFound, Locked."""
    _case, request, key = opened(actor, Permission.CASE_READ, case_id, request_id)
    found = attachments.find(Owner(key, request_id=request.id), file_id)
    audit.record(actor, "request.file", object_kind="request", object_id=request.id)
    return found


def answer(
    actor: Actor,
    case_id: UUID,
    request_id: UUID,
    token: UUID,
    text: str,
    files: Sequence[SealedFile] = (),
) -> bool:
    """Write to the person, with files or without words; the same token twice writes once, and gives False.

    Raises NotFound, Locked, DomainError.

    No advice leaves before it is known whether the house may give it: then gate.Held.
    """
    case, request, key = opened(actor, Permission.CASE_NOTE, case_id, request_id)
    if sealing.receipt_of(request.id) is None:
        raise DomainError(_("This person has no code and reads nothing here. Call them, or give a code."))
    if talking.was_said(token):
        return False
    record = records.open_record(keys.case_key(actor, case), case)
    gate.require(case, record, gate.Act.ADVISE)
    said = talking.say(key, request, token, text, actor.person_id, files=files)
    if said:
        if sealing.is_client(sealing.opened(key, request)):
            clocks.told(case)
        telling.heed(case, record)
        telling.answered(request)
        audit.record(actor, "request.answer", object_kind="request", object_id=request.id)
    return said


def say_client(actor: Actor, case_id: UUID, request_id: UUID, *, client: bool) -> None:
    """Say whether whoever writes in a conversation is the client of its case. Raises NotFound, Locked."""
    case, request, key = opened(actor, Permission.CASE_EDIT, case_id, request_id)
    answers = sealing.opened(key, request)
    if sealing.is_client(answers) is client:
        return
    sealing.seal(key, request, {**answers, sealing.CLIENT: client})
    telling.belongs(request, own=client)
    telling.heed(case, records.open_record(keys.case_key(actor, case), case))
    audit.record(actor, "request.client", object_kind="request", object_id=request.id)


def unread(actor: Actor) -> list[tuple[UUID, UUID, str]]:
    """Case, conversation and the case's reference, where somebody wrote to a case the actor works on."""
    found = (
        select(Case.id, Request.id, Case.reference)
        .join(Request, Request.case_id == Case.id)
        .where(Request.waits_desk, member_of(actor.person_id))
        .order_by(Request.changed_at)
        .limit(20)
    )
    return [(case_id, request_id, reference) for case_id, request_id, reference in db.session.execute(found)]


def rotated(case: Case, old: Key, new: Key, _old_inbox: Pair) -> None:
    """The case has a new key: its conversations get new ones too, for whoever left had theirs."""
    # Locked: a line that the person writes meanwhile would be lost under the key before.
    own = select(Request).where(Request.case_id == case.id).order_by(Request.id).with_for_update()
    for request in db.session.scalars(own.execution_options(populate_existing=True)).all():
        fresh = sealing.renew(request, sealing.of_case(request, case, old))
        request.case_wrap = sealing.for_case(fresh, case, new, request.id)


def opened(
    actor: Actor, permission: Permission, case_id: UUID, request_id: UUID
) -> tuple[Case, Request, Key]:
    """A conversation of a case, locked, with its key. Raises NotFound, Locked, rows.Tampered."""
    case = case_reach.find(actor, permission, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    found = select(Request).where(Request.id == request_id, Request.case_id == case.id)
    request = db.session.scalars(
        found.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if request is None:
        raise NotFound
    return case, request, sealing.of_case(request, case, key)
