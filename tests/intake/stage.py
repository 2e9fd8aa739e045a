"""People who ask for help in a browser of their own, and the desk that answers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from core.access.actors import Actor
from core.access.permissions import Permission
from core.store import sealed_files
from core.store.base import db
from core.store.sealed_files import Incoming, SealedFile
from core.store.transaction import transaction
from intake.models import Complaint, Request
from intake.service import (
    attachments,
    casework,
    complaints,
    deciding,
    drafts,
    places,
    sending,
    talking,
    visiting,
)
from intake.service.attachments import Owner
from intake.service.drafts import Draft
from intake.service.reach import find
from intake.service.sealing import Desk
from tests.intake.papers import SOUND
from tests.support.cast import Cast
from tests.support.world import Browser, World
from vault import Key

ANSWERS: dict[int, dict[str, Any]] = {
    1: {"whom": "me"},
    2: {"detained": "no", "removal": "no", "deadline": "yes", "danger": "no"},
    3: {"text": "وصلني قرار ترحيل يوم الاثنين ولا أعرف ماذا أفعل", "subject": "B"},
    4: {"name": "سلمى", "province": "27", "language": "ar_levantine", "other_side": "صاحب البيت"},
    5: {"way": "code", "phone": "٠٥٣٢ ٠٠٠ ٠٠ ٠٧", "whose": "own"},
    6: {"channels": ["call"], "hours": "صباحًا", "message_ok": "no", "cover_name": "المدرسة"},
    7: {"code_word": "زيتون"},
}
REACH: dict[str, Any] = {**ANSWERS[5], **ANSWERS[6]}  # on one page for whoever comes back
LAST = len(ANSWERS) + 1
TONIGHT = "أرقام الليل: [112](tel:112)"


def asked(cast: Cast, province: str = "", *, draft: Draft | None = None, **answers: Any) -> UUID:
    """A request that waits for the desk of an organisation, through the services."""
    province = province or ("27" if cast.prefix == "HAM" else "31")
    with transaction():
        row = places.read(cast["admin"])
        if row is None:
            door = {"open": True, "provinces": [province], "hours": {}, "notice": {}, "tonight": {}}
            places.write(cast["admin"], 0, door)
    draft = draft or drafts.load("")
    with transaction():
        long_ago = "2026-01-01T00:00:00+00:00"
        drafts.save(draft, {"whom": "me", "text": "yardım", "province": province, **answers})
        drafts.save(draft, {drafts.BEGAN: long_ago})
    prepared = sending.prepare(cast.settings, draft)
    with transaction():
        sending.send(prepared, draft, uuid4())
    return prepared.request_id


def taken_on(actor: Actor, request_id: UUID) -> None:
    """Inside a transaction: the actor works on it from now on, unless somebody does already."""
    row = find(actor, Permission.REQUEST_DECIDE, request_id)
    if row.state == "received":
        deciding.claim(actor, request_id, row.version)


def open_door(world: World, **changes: Any) -> None:
    """An administrator opens the public page."""
    texts = {"hours": {"ar": "نقرأ من التاسعة حتى الخامسة"}, "notice": {}, "tonight": {"ar": TONIGHT}}
    with world.app.app_context(), transaction():
        admin = world.cast["admin"]
        row = places.read(admin)
        places.write(admin, row.version if row else 0, {"open": True, "provinces": [], **texts, **changes})
    with world.app.app_context():
        db.session.rollback()


def phone(world: World) -> Browser:
    """A telephone of somebody, without JavaScript."""
    return Browser(world.app.test_client())


def write(browser: Browser, language: str = "ar", **changes: dict[str, Any]) -> Browser:
    """Answer every question; `page_3={...}` changes what is answered on a page."""
    for number, fields in ANSWERS.items():
        answer = browser.fill(f"/m/{language}/{number}", **{**fields, **changes.get(f"page_{number}", {})})
        assert answer.status_code == 303, browser.errors
    browser.get(f"/m/{language}/{LAST}")
    return browser


def send(browser: Browser, language: str = "ar", last: int = LAST) -> str:
    """Send what was written, as slowly as a person, and give the code that is shown."""
    page = f"/m/{language}/{last}"
    quick, sending.QUICKEST = sending.QUICKEST, dt.timedelta()  # type: ignore[misc] # put back below
    try:
        answer = browser.post(page, token=token(browser))
    finally:
        sending.QUICKEST = quick  # type: ignore[misc] # as it was
    assert answer.location == f"/m/{language}/end", browser.errors
    browser.get(answer.location)
    return " ".join(browser.codes)


def ask(world: World, language: str = "ar", **changes: dict[str, Any]) -> str:
    """A request from the first page to the code."""
    return send(write(phone(world), language, **changes), language)


def token(browser: Browser) -> str:
    """The token that the form on the page carries."""
    return str(re.findall(r'name="token"[^>]*value="([0-9a-f-]+)"', browser.page)[-1])


def come_back(world: World, code: str, language: str = "ar") -> Browser:
    """A telephone in which the conversation is open."""
    browser = phone(world)
    answer = browser.fill(f"/n/{language}", code=code)
    assert answer.status_code == 303, browser.errors
    browser.get(f"/n/{language}/all")
    return browser


def take_on(browser: Browser, page: str) -> None:
    """Open the page of a request, and take it on where nobody has."""
    browser.get(page)
    if f'action="{page}/claim"' in browser.page:
        browser.post(f"{page}/claim", version=browser.version)
        browser.get(page)


def requests_on(browser: Browser) -> list[str]:
    """The addresses of the requests that the queue leads to, in its order."""
    browser.get("/requests")
    return re.findall(r'class="row-link" href="(/requests/[0-9a-f-]+)"', browser.page)


def asked_with_code(cast: Cast, **answers: Any) -> tuple[UUID, str]:
    """A request and the code that its sender reads on the last page."""
    draft = drafts.load("")
    request_id = asked(cast, draft=draft, **answers)
    return request_id, str(draft.answers["code"])


def back_with(cast: Cast, code: str) -> str | None:
    """What a browser keeps after giving a code; None where it opens nothing."""
    derived = visiting.derive(cast.settings, code)
    with transaction():
        token = visiting.enter(derived)
    return token.to_cookie() if token else None


def complained(cast: Cast, text: str = "şikâyet") -> UUID:
    """A complaint of somebody who came back with a code."""
    _request, code = asked_with_code(cast)
    cookie, token = back_with(cast, code), uuid4()
    with transaction():
        complaints.write(visiting.visit(cookie or ""), token, text)
    return db.session.scalars(select(Complaint.id).where(Complaint.token == token)).one()


def reads(cookie: str) -> list[str]:
    """Everything that stands in a conversation, as the person sees it."""
    with transaction():
        shown = visiting.read(visiting.visit(cookie))
    return [shown.answers.get("text", ""), *(line.text for line in shown.conversation)]


def with_file(cast: Cast, request_id: UUID, content: bytes = SOUND) -> UUID:
    """A file that somebody sent after their request, which lies with the desk."""
    worker = cast["caseworker"]
    with transaction():
        request = find(worker, Permission.REQUEST_READ, request_id)
        return sent_with(Desk(worker).key(request), request, content)


def with_file_in_case(actor: Actor, case_id: UUID, request_id: UUID) -> UUID:
    """The same in a conversation of a case."""
    with transaction():
        _case, request, key = casework.opened(actor, Permission.CASE_READ, case_id, request_id)
        return sent_with(key, request, SOUND)


def sent_with(key: Key, request: Request, content: bytes) -> UUID:
    file = stored(content)
    attachments.add(Owner(key, request_id=request.id), [file])
    talking.say(key, request, uuid4(), "", None)
    return file.id


def stored(content: bytes) -> SealedFile:
    """A file that has arrived."""
    incoming = Incoming(sealed_files.store())
    incoming.write(content)
    return incoming.finish()
