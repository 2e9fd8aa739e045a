"""The conversation of a request: one line after the other, each side sees what the other has read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, update

from accounts.service.names import names_of
from core import clock
from core.errors import DomainError
from core.store.base import db
from intake.models import Request, RequestMessage
from intake.service import sealing
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


def say(
    key: Key,
    request: Request,
    token: UUID,
    text: str,
    author_id: UUID | None,
    kind: str = WRITTEN,
    topic: str = "",
) -> bool:
    """Append a line; the same token twice appends one. The caller holds the lock of the request.

    Gives whether a line was appended. Raises DomainError for nothing, and beyond MOST lines.
    """
    if kind == WRITTEN and not text.strip():
        raise DomainError(_("Write something first."), field="text")
    if db.session.scalar(select(RequestMessage.id).where(RequestMessage.token == token)) is not None:
        return False
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
        key, request, message, {"kind": kind, "text": text.strip(), "topic": topic}
    )
    db.session.add(message)
    request.changed_at = clock.now()
    if author_id is None:  # an answer leaves unread what came meanwhile
        request.waits_desk = True
    db.session.flush()
    return True


def read(key: Key, request: Request, *, as_person: bool, shown: bool = True) -> list[Said]:
    """Every line, oldest first. Raises vault.Unreadable.

    shown: what the other side wrote is seen from now on.
    """
    rows = sealing.lines(request.id)
    authors = {} if as_person else names_of(one.author_id for one in rows)
    said = []
    for row in rows:
        content = sealing.open_line(key, request, row)
        author = authors.get(row.author_id, "")
        mine = (row.author_id is None) == as_person
        said.append(
            Said(
                content["kind"], content["text"], content["topic"], mine, author, row.written_at, row.seen_at
            )
        )
    others = RequestMessage.author_id.is_not(None) if as_person else RequestMessage.author_id.is_(None)
    unseen = (RequestMessage.request_id == request.id, RequestMessage.seen_at.is_(None), others)
    if shown and any(not one.mine and one.seen_at is None for one in said):
        db.session.execute(update(RequestMessage).where(*unseen).values(seen_at=clock.now()))
    return said
