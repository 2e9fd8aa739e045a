"""A request is sent: sealed to the desk of who takes it, and to a code that nobody keeps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from accounts.service import trust, turns
from config.settings import Settings
from core import clock
from core.audit import service as audit
from core.errors import DomainError
from core.reference import reference
from core.store.base import db
from domain import codes
from domain.intake.urgency import Answer, Answers, assess, of_subject
from intake.models import IntakeCounter, Receipt, Request
from intake.service import alerts, attachments, drafts, places, sealing, telling
from intake.service.attachments import Owner
from intake.service.drafts import Draft
from vault import Key, Pair, ReceiptKey, VaultError

PAGE_LANGUAGE: Final = "page_language"  # in the answers: of the form on which they were given
# What the desk learns: the questions of the form, and nothing that the draft kept for itself.
ASKED: Final[tuple[str, ...]] = (
    "whom", "detained", "removal", "deadline", "danger", "subject", "text", "name", "province",
    "language", "other_side", "way", "phone", "whose", "channels", "hours", "message_ok", "cover_name",
    "code_word", PAGE_LANGUAGE,
)  # fmt: skip # one list
# What only whoever asks for somebody else is asked; nothing of it goes along once they ask for themselves.
ASKED_OF_OTHERS: Final = ("relation", "person", "knows", "agrees", "reachable", "safe_call")
NOW: Final = ("detained", "removal", "danger")  # what does not wait until somebody reads
URGENT: Final = (*NOW, "deadline")
CALL: Final = "call"
NOTICE_LANGUAGE: Final = "notice_language"  # in a draft: of the page on which a notice was chosen
DONE: Final = "done"  # in a draft: that it was sent
VOICE: Final = "voice"  # in the answers: that something was said instead of written
# Nobody reads and answers five pages faster; a machine that fills in forms does.
QUICKEST: Final = dt.timedelta(seconds=10)


@dataclass(frozen=True)
class Code:
    """A code and what it derives; the person is the only one who ever has it."""

    words: str = field(repr=False)
    receipt_id: UUID
    lookup: bytes = field(repr=False)
    sealed_private: bytes = field(repr=False)
    public: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True)
class Prepared:
    """A request that is sealed already: what was slow is done before anybody else has to wait."""

    organisation_id: UUID
    request_id: UUID
    desk_key_id: UUID
    desk_wrap: bytes = field(repr=False)
    key: Key = field(repr=False)
    code: Code | None = field(repr=False)  # None for whoever wants to be called instead


def prepare(settings: Settings, draft: Draft) -> Prepared:
    """Make the code and everything that it seals.

    Raises DomainError while nobody takes requests, and for what no person can have written so fast.
    """
    if clock.now() - draft.began < QUICKEST:
        raise DomainError(_("That was very fast. Wait ten seconds and press again; what you wrote is kept."))
    desk = places.receiving(str(draft.answers.get("province", "")))
    if desk is None:
        raise DomainError(
            _("Nobody takes requests at the moment. What you wrote stays on this phone for a day.")
        )
    request_id, key = uuid4(), Key.new()
    wrap = sealing.for_desk(key, desk, request_id)
    code = None if draft.answers.get("way") == CALL else new_code(settings, key, request_id)
    return Prepared(desk.organisation_id, request_id, desk.id, wrap, key, code)


def new_code(settings: Settings, key: Key, request_id: UUID) -> Code:
    """A code for a request, with the key of the request wrapped for whoever has it. Slow."""
    receipt_id, pair, words = uuid4(), Pair.new(), vault.new_receipt()
    derived = ReceiptKey.of(words, settings.pepper, sealing.receipt_profile(settings))
    return Code(
        words,
        receipt_id,
        derived.lookup,
        derived.seal(pair, receipt_id),
        pair.public,
        sealing.for_person(key, pair.public, receipt_id, request_id),
    )


def send(prepared: Prepared, draft: Draft, token: UUID) -> bool:
    """Put the request into the queue; the same form five times does so once. The draft keeps the code.

    Gives whether it came now.
    """
    row = drafts.reload(draft)  # a second click waits here, before others would have to wait for it
    if DONE in draft.answers:
        return False
    wanted = ASKED if draft.answers.get("whom") == "me" else ASKED + ASKED_OF_OTHERS
    answers = {name: draft.answers[name] for name in wanted if name in draft.answers}
    files = drafts.files_of(draft)
    brought = attachments.waiting(files)
    if any(file.kind == attachments.VOICE for file in brought):
        answers[VOICE] = True
    home = turns.take(prepared.organisation_id)
    if db.session.scalar(select(Request.id).where(Request.token == token)):
        return False
    request = blank(home.id, home.prefix, prepared.request_id, urgency_of(answers), token)
    request.desk_wrap, request.desk_key_id = prepared.desk_wrap, prepared.desk_key_id
    if not trust.is_present(prepared.desk_key_id):  # it was changed while the code was made
        _to_present_desk(request, prepared.key)
    seal_with(request, prepared.key, prepared.code, answers)
    if prepared.code and draft.answers.get("notice"):  # without a code there is nothing to come back to
        own = answers.get("whom") != "other"
        telling.choose(request, draft.answers, str(draft.answers.get(NOTICE_LANGUAGE, "ar")), own=own)
    if brought:
        attachments.send_draft(files, Owner(prepared.key, request_id=request.id))
    code = prepared.code.words if prepared.code else ""
    drafts.replace(draft, row, {DONE: True, "code": code, "urgency": request.urgency})
    audit.record(None, "request.send", organisation_id=home.id, object_kind="request", object_id=request.id)
    alerts.came(request)
    return True


def _to_present_desk(request: Request, key: Key) -> None:
    """Wrap the key of a request to the desk as it is now."""
    try:
        desk = trust.organisation_key(request.organisation_id, sealing.DESK)
    except VaultError:
        desk = None
    if desk is None:
        raise DomainError(
            _("Who reads what you write has changed at this moment. Press again; what you wrote is kept.")
        )
    request.desk_wrap, request.desk_key_id = sealing.for_desk(key, desk, request.id), desk.id


def blank(organisation_id: UUID, prefix: str, request_id: UUID, urgency: str, token: UUID) -> Request:
    """A request that just came, with the next number of its organisation, whose turn the caller has taken."""
    now, number = clock.now(), _next(organisation_id)
    return Request(
        id=request_id,
        organisation_id=organisation_id,
        number=number,
        reference=codes.reference(f"{prefix}R", now.year, number),
        state="received",
        urgency=urgency,
        created_at=now,
        changed_at=now,
        sealed=b"",
        written=0,
        waits_desk=True,
        waits_since=now,
        version=1,
        token=token,
    )


def seal_with(request: Request, key: Key, code: Code | None, answers: dict[str, Any]) -> None:
    """Seal the answers of a new request, and store it with its receipt."""
    sealing.seal(key, request, answers | ({sealing.PUBLIC: code.public.hex()} if code else {}))
    db.session.add(request)
    db.session.flush()
    if code:
        db.session.add(receipt_row(code, request.id))
        db.session.flush()


def receipt_row(code: Code, request_id: UUID) -> Receipt:
    """What is stored of a code: enough to know it again, not enough to make it."""
    return Receipt(
        id=code.receipt_id,
        request_id=request_id,
        lookup=code.lookup,
        sealed_private=code.sealed_private,
        wrapped=code.wrapped,
        created_at=clock.now(),
    )


def urgency_of(answers: dict[str, Any]) -> str:
    """How soon somebody has to look."""
    said = {name: Answer(answers[name]) for name in URGENT if answers.get(name)}
    taxonomy, subject = reference().taxonomy, str(answers.get("subject", ""))
    known = subject in taxonomy.groups
    default = of_subject([issue.urgency for issue in taxonomy.leaves_of(subject)]) if known else None
    return assess(Answers(**said), default).urgency


def _next(organisation_id: UUID) -> int:
    counter = db.session.get(IntakeCounter, organisation_id, populate_existing=True)
    if counter is None:
        counter = IntakeCounter(organisation_id=organisation_id, last=0)
        db.session.add(counter)
    counter.last += 1
    return counter.last
