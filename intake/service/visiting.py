"""Coming back with the code: the conversation opens in one browser, for as long as somebody is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

import vault
from accounts.service import drafts
from config.settings import Settings
from core import clock
from core.audit import service as audit
from core.documents.copies import Opened
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.sealed_files import SealedFile
from intake.models import Receipt, Request, RequestFile, RequestMessage, RequestVisit
from intake.service import alerts, attachments, comparing, rekeying, sealing, talking, telling
from intake.service.attachments import Added, Attached, Owner
from intake.service.talking import Said
from intake.service.telling import Told
from vault import Key, Mistyped, Pair, ReceiptKey, SessionToken, Unreadable

IDLE: Final = dt.timedelta(minutes=20)
LONGEST: Final = dt.timedelta(hours=4)
REACH: Final = ("phone", "whose", "channels", "hours", "message_ok", "cover_name")


@dataclass(frozen=True)
class Visit:
    """A conversation in the hands of whoever gave the code."""

    id: UUID
    receipt: Receipt
    request: Request
    key: Key = field(repr=False)
    pair: Pair = field(repr=False)


@dataclass(frozen=True)
class Shown:
    """What the page of a conversation shows."""

    state: str
    reference: str
    sent_at: dt.datetime
    is_case: bool
    conversation: list[Said]
    answers: dict[str, Any]
    told: Told | None  # None: they look by themselves; whether a notice failed, too
    files: list[Attached]  # that came with the request itself
    waiting: list[Attached]  # that were added and not sent yet
    urgent: bool  # it cannot wait for an answer


def derive(settings: Settings, typed: str) -> ReceiptKey:
    """Before the transaction: the slow half, the same for what is a code and for what is none."""
    profile = sealing.receipt_profile(settings)
    try:
        return ReceiptKey.of(typed, settings.pepper, profile)
    except Mistyped:
        return ReceiptKey.of_nothing(settings.pepper, profile)


def enter(key: ReceiptKey) -> SessionToken | None:
    """Open the conversation for one browser; None where no living receipt has this code."""
    found = db.session.execute(
        select(Receipt, Request)
        .join(Request, Request.id == Receipt.request_id)
        .where(Receipt.lookup == key.lookup)
    ).first()
    if found is None:
        return None
    receipt, request = found
    pair = key.open(receipt.sealed_private, receipt.id)
    token, now = SessionToken.new(), clock.now()
    visit = RequestVisit(
        id=uuid4(),
        receipt_id=receipt.id,
        lookup=token.lookup_hash(),
        secret=b"",
        created_at=now,
        seen_at=now,
    )
    visit.secret = vault.seal_secret(token, pair.private_bytes(), visit.id)
    db.session.add(visit)
    _note("receipt.enter", request)
    return token


def visit(cookie: str) -> Visit:
    """Who comes with this cookie. Raises NotFound where nobody is in any more."""
    try:
        token = SessionToken.from_cookie(cookie)
    except Unreadable:
        raise NotFound from None
    now = clock.now()
    mine = (
        RequestVisit.lookup == token.lookup_hash(),
        RequestVisit.seen_at >= now - IDLE,
        RequestVisit.created_at >= now - LONGEST,
    )
    whose = select(Receipt.request_id).join(RequestVisit, RequestVisit.receipt_id == Receipt.id).where(*mine)
    request = db.session.scalars(
        select(Request)
        .where(Request.id.in_(whose))
        .with_for_update(of=Request)
        .execution_options(populate_existing=True)
    ).one_or_none()
    # Once the request is ours: what waited for the lock may have ended the visit, or changed its key.
    found = db.session.execute(
        select(RequestVisit, Receipt)
        .join(Receipt, Receipt.id == RequestVisit.receipt_id)
        .where(*mine)
        .execution_options(populate_existing=True)
    ).first()
    if request is None or found is None:
        raise NotFound
    row, receipt = found
    pair = Pair.from_private_bytes(vault.open_secret(token, row.secret, row.id))
    row.seen_at = now
    key = rekeying.renewed(request, sealing.of_person(pair, receipt))
    return Visit(row.id, receipt, request, key, pair)


def read(here: Visit) -> Shown:
    """State and conversation; what the desk wrote is seen from now on."""
    files, waiting = attachments.sent_and_waiting(files_of(here))
    said = talking.read(here.key, here.request, files, as_person=True)
    telling.has_read(here.request)
    told = telling.told(here.request)
    answers = sealing.opened(here.key, here.request)
    row = here.request
    first = [one for one in files if one.message_id is None]
    is_case = row.case_id is not None
    urgent = row.urgency == alerts.URGENT
    return Shown(
        row.state, row.reference, row.created_at, is_case, said, answers, told, first, waiting, urgent
    )


def files_of(here: Visit) -> Owner:
    """Who keeps the files of a conversation."""
    return Owner(here.key, request_id=here.request.id)


def attach(here: Visit, files: Sequence[SealedFile], token: UUID | None = None) -> Added:
    """Let files wait for the next line, without those that went with the line of this form already."""
    owner = files_of(here)
    went = attachments.digests(owner, talking.said_with(token)) if token is not None else frozenset()
    return attachments.add(owner, [file for file in files if file.digest not in went])


def open_file(here: Visit, file_id: UUID) -> Opened:
    """A file that we sent to the person. Raises NotFound.

    What they sent themselves is not given back: the telephone may be in other hands.
    """
    found = attachments.find(files_of(here), file_id)
    line = select(RequestFile.message_id).where(RequestFile.id == file_id).scalar_subquery()
    ours = select(RequestMessage.id).where(RequestMessage.id == line, RequestMessage.author_id.is_not(None))
    if db.session.scalar(ours) is None:
        raise NotFound
    _note("receipt.file", here.request)
    return found


def say(here: Visit, token: UUID, text: str) -> None:
    """Write to the desk; the same form twice writes once. Raises DomainError, sent.OtherWords."""
    if talking.say(here.key, here.request, token, text, None):
        alerts.spoke(here.request)
        _note("receipt.say", here.request)


def reach(here: Visit) -> dict[str, Any]:
    """How the person may be reached, as they said it."""
    answers = sealing.opened(here.key, here.request)
    return {name: answers.get(name) for name in REACH} | telling.chosen(here.request)


def reach_token(token: UUID, rules: dict[str, Any]) -> UUID:
    """What a form of these answers is known by, once it was carried out."""
    return uuid5(token, orjson.dumps(rules, option=orjson.OPT_SORT_KEYS).hex())


def change_reach(here: Visit, token: UUID, rules: dict[str, Any], language: str) -> None:
    """Keep how the person may be reached from now on, and tell the other side; twice changes nothing more.

    Other answers with the same form count, too: whoever corrects a number as the page loads slowly means it.

    language: of the page, and so of the notice where they want one.
    """
    if talking.say(here.key, here.request, reach_token(token, rules), "", None, talking.REACH):
        answers = sealing.opened(here.key, here.request)
        kept = {name: rules[name] for name in REACH if name in rules}
        said = {sealing.REACH_CHANGED: clock.now().isoformat()}
        sealing.seal(here.key, here.request, answers | kept | said)
        telling.choose(here.request, rules, language, own=sealing.is_client(answers))
        _note("receipt.reach", here.request)


def withdraw(here: Visit) -> None:
    """Take the request back: the code and the content are gone at once; a case that exists stays a case.

    Raises DomainError where it became a case: then the team has to be told.
    """
    if here.request.case_id is not None:
        raise DomainError(
            _("A case was opened from it. Write to us that you want it closed or erased; we do it with you.")
        )
    here.request.state, here.request.version = "withdrawn", here.request.version + 1
    here.request.changed_at = clock.now()
    talking.waits_no_more(here.request)
    _forget(here.request)
    comparing.forget(here.request)
    telling.forget(here.request)
    drafts.forget([here.request.id])
    _note("receipt.withdraw", here.request)


def taken_back(object_id: UUID) -> bool:
    """Whether this is a request that was taken back: what a colleague typed about it is kept no more.

    One that is being taken back at this moment is waited for.
    """
    state = select(Request.state).where(Request.id == object_id).with_for_update(read=True)
    return db.session.scalar(state) == "withdrawn"


def leave(here: Visit) -> None:
    """End the visit on this browser."""
    db.session.execute(delete(RequestVisit).where(RequestVisit.id == here.id))


def purge() -> int:
    """Delete visits that are over; gives how many. Running twice finds nothing."""
    over = delete(RequestVisit).where(RequestVisit.seen_at < clock.now() - IDLE)
    return len(db.session.scalars(over.returning(RequestVisit.id)).all())


def _forget(request: Request) -> None:
    """Delete every wrap of the key, and with it what was said: nobody opens it again."""
    receipt = sealing.receipt_of(request.id)
    if receipt is not None:
        db.session.execute(delete(RequestVisit).where(RequestVisit.receipt_id == receipt.id))
        db.session.delete(receipt)
    attachments.forget(request_id=request.id)
    db.session.execute(delete(RequestMessage).where(RequestMessage.request_id == request.id))
    request.sealed, request.desk_wrap, request.desk_key_id = b"", None, None
    db.session.flush()


def _note(act: str, request: Request) -> None:
    home = request.organisation_id
    audit.record(None, act, organisation_id=home, object_kind="request", object_id=request.id)
