"""A request while it is being written: sealed under a cookie that only the phone has, gone after a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from sqlalchemy import delete, select

import vault
from core import clock
from core.store.base import db
from intake.models import RequestDraft
from intake.service import attachments
from intake.service.attachments import Owner
from vault import SessionToken, Unreadable

KEPT: Final = dt.timedelta(days=1)
BEGAN: Final = "began"  # when the first answer was kept


@dataclass
class Draft:
    """What was answered so far. `cookie` is what the browser has to bring again."""

    cookie: str = field(repr=False)
    answers: dict[str, Any] = field(repr=False)
    id: UUID | None = None

    @property
    def began(self) -> dt.datetime:
        """When the first answer came."""
        return dt.datetime.fromisoformat(self.answers.get(BEGAN, clock.now().isoformat()))


def load(cookie: str) -> Draft:
    """The draft of a browser; a fresh one where there is none any more."""
    try:
        token = SessionToken.from_cookie(cookie)
    except Unreadable:
        return Draft(SessionToken.new().to_cookie(), {})
    row = _row(token)
    if row is None:
        return Draft(SessionToken.new().to_cookie(), {})
    return Draft(cookie, orjson.loads(_open(token, row)), row.id)


def save(draft: Draft, answers: dict[str, Any]) -> None:
    """Keep answers beside those that are there. Two tabs share a draft: the later answer stays."""
    token = SessionToken.from_cookie(draft.cookie)
    row = _row(token, lock=True)
    if row is None:
        row = RequestDraft(id=uuid4(), lookup=token.lookup_hash(), written=0, sealed=b"", seen_at=clock.now())
        db.session.add(row)
        known: dict[str, Any] = {BEGAN: clock.now().isoformat()}
    else:
        known = orjson.loads(_open(token, row))
    row.written += 1
    row.seen_at = clock.now()
    draft.answers, draft.id = known | answers, row.id
    row.sealed = vault.seal_committed(token.sealing_key(), orjson.dumps(draft.answers), _context(row))
    db.session.flush()


def reload(draft: Draft) -> RequestDraft | None:
    """Inside a transaction: the draft as it stands now, held until the transaction ends, and its row."""
    token = SessionToken.from_cookie(draft.cookie)
    row = _row(token, lock=True)
    if row is not None:
        draft.answers = orjson.loads(_open(token, row))
    return row


def replace(draft: Draft, row: RequestDraft | None, answers: dict[str, Any]) -> None:
    """Keep these answers and nothing of those before, in the row that `reload` holds, if there is one."""
    token = SessionToken.from_cookie(draft.cookie)
    if row is not None:
        row.written += 1
        draft.answers = answers
        row.sealed = vault.seal_committed(token.sealing_key(), orjson.dumps(answers), _context(row))


def drop(draft: Draft) -> None:
    """Forget it and its files; again, it changes nothing."""
    if draft.id is not None:
        attachments.forget(draft_id=draft.id)
    db.session.execute(delete(RequestDraft).where(RequestDraft.id == draft.id))


def purge() -> int:
    """Delete what nobody touched for a day; gives how many. Running twice finds nothing."""
    over = select(RequestDraft.id).where(RequestDraft.seen_at < clock.now() - KEPT).with_for_update()
    ids = db.session.scalars(over).all()
    for id in ids:
        attachments.forget(draft_id=id)
    db.session.execute(delete(RequestDraft).where(RequestDraft.id.in_(ids)))
    return len(ids)


def files_of(draft: Draft) -> Owner:
    """Who keeps the files of a draft that was saved: only the cookie opens them."""
    return Owner(SessionToken.from_cookie(draft.cookie).sealing_key(), draft_id=draft.id)


def _row(token: SessionToken, *, lock: bool = False) -> RequestDraft | None:
    found = select(RequestDraft).where(
        RequestDraft.lookup == token.lookup_hash(), RequestDraft.seen_at >= clock.now() - KEPT
    )
    if lock:
        found = found.with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def _open(token: SessionToken, row: RequestDraft) -> bytes:
    return vault.unseal_committed(token.sealing_key(), row.sealed, _context(row))


def _context(row: RequestDraft) -> vault.Context:
    return vault.Context("draft of a request", row.id, row.written)
