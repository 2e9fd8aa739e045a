"""The conversation of a request: one line after the other, each side sees what the other has read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import exists, func, select, update

from accounts.service import sent
from accounts.service.names import names_of
from core import clock
from core.errors import DomainError
from core.store.base import db
from core.store.sealed_files import SealedFile
from intake.models import Request, RequestMessage
from intake.service import attachments, sealing
from intake.service.attachments import Attached, Owner
from vault import Key

WRITTEN: Final = "written"
REACH: Final = "reach"  # the person changed how to reach them
NEW_CODE: Final = "new_code"  # the code was replaced
MOST: Final = 1_000  # lines of one conversation


@dataclass(frozen=True)
class Said:
    """A line as a page shows it. `mine`: of the side that reads it; `author`: a colleague, for colleagues."""

    kind: str
    text: str
    topic: str  # the address of legal information to read, or ""
    mine: bool
    author: str
    written_at: dt.datetime
    seen_at: dt.datetime | None
    files: Sequence[Attached] = ()
    helper: dict[str, Any] | None = None  # who can help, as the directory said it then: `referring.contact`


def say(
    key: Key,
    request: Request,
    token: UUID,
    text: str,
    author_id: UUID | None,
    kind: str = WRITTEN,
    topic: str = "",
    helper: dict[str, Any] | None = None,
    files: Sequence[SealedFile] = (),
) -> bool:
    """Append a line; the same token twice appends one. The caller holds the lock of the request.

    What the person writes takes along the files that wait, and what a colleague writes the given ones; with
    them it may be without words, as a line that names a helper may be. Gives whether a line was appended.
    Raises DomainError for nothing, and beyond MOST; sent.OtherWords for a text that is not the one that was
    written with this token, and where files of the person wait that did not go with it.
    """
    owner = Owner(key, request_id=request.id)
    known = db.session.scalar(select(RequestMessage).where(RequestMessage.token == token))
    if known is not None:
        if kind == WRITTEN and known.request_id == request.id:
            sent.same(sealing.open_line(key, request, known)["text"], text.strip())
            if author_id is None and attachments.waiting(owner):  # they did not go with that line
                raise sent.OtherWords
        return False
    with_files = kind == WRITTEN and author_id is None and bool(attachments.waiting(owner))
    if kind == WRITTEN and not (text.strip() or with_files or files or helper):
        raise DomainError(_("Write something first."), field="text")
    last = select(func.max(RequestMessage.number)).where(RequestMessage.request_id == request.id)
    number = (db.session.scalar(last) or 0) + 1
    if number > MOST and kind == WRITTEN:
        raise DomainError(
            _("This conversation is full. Begin a new one; this one stays readable."), field="text"
        )
    message = RequestMessage(
        id=uuid4(),
        request_id=request.id,
        number=number,
        author_id=author_id,
        written_at=clock.now(),
        sealed=b"",
        token=token,
    )
    message.sealed = sealing.seal_line(
        key, request, message, {"kind": kind, "text": text.strip(), "topic": topic, "helper": helper}
    )
    db.session.add(message)
    request.changed_at = clock.now()
    if author_id is None:  # an answer leaves unread what came meanwhile
        waits(request)
    db.session.flush()
    if with_files:
        attachments.send_waiting(owner, message.id)
    if files:
        attachments.send(owner, message.id, files)
    return True


def waits(request: Request) -> None:
    """The person waits for somebody, from now on or longer."""
    request.waits_desk, request.waits_since = True, request.waits_since or clock.now()


def waits_no_more(request: Request) -> None:
    """What they said was read; after the end of a request: answered."""
    request.waits_desk, request.waits_since = False, None


def said_by_person(request: Request) -> int:
    """How many lines the person wrote."""
    theirs = RequestMessage.request_id == request.id, RequestMessage.author_id.is_(None)
    return db.session.scalar(select(func.count()).select_from(RequestMessage).where(*theirs)) or 0


def said_with(token: UUID) -> UUID | None:
    """The line that the form with this token appended already."""
    return db.session.scalar(select(RequestMessage.id).where(RequestMessage.token == token))


def was_said(token: UUID) -> bool:
    """Whether the form with this token appended its line already."""
    return said_with(token) is not None


def has_unread(request: Request) -> bool:
    """Whether the person wrote a line that nobody here has read."""
    theirs = exists().where(
        RequestMessage.request_id == request.id,
        RequestMessage.author_id.is_(None),
        RequestMessage.seen_at.is_(None),
    )
    return bool(db.session.scalar(select(theirs)))


def read(
    key: Key, request: Request, files: Sequence[Attached] = (), *, as_person: bool, shown: bool = True
) -> list[Said]:
    """Every line, oldest first, with its own of the files. Raises vault.Unreadable.

    shown: what the other side wrote is seen from now on.
    """
    rows = sealing.lines(request.id)
    authors = {} if as_person else names_of(one.author_id for one in rows)
    said = []
    for row in rows:
        content = sealing.open_line(key, request, row)
        author = authors.get(row.author_id, "")
        mine = (row.author_id is None) == as_person
        own = [file for file in files if file.message_id == row.id]
        told = content["kind"], content["text"], content["topic"]
        helper = content.get("helper")
        said.append(Said(*told, mine, author, row.written_at, row.seen_at, own, helper))
    others = RequestMessage.author_id.is_not(None) if as_person else RequestMessage.author_id.is_(None)
    unseen = (RequestMessage.request_id == request.id, RequestMessage.seen_at.is_(None), others)
    if shown and any(not one.mine and one.seen_at is None for one in said):
        db.session.execute(update(RequestMessage).where(*unseen).values(seen_at=clock.now()))
    return said
