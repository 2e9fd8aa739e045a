"""A request while it is being written: sealed under a cookie that only the phone has, gone after a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
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
from vault import Key, SessionToken, Unreadable

KEPT: Final = dt.timedelta(days=1)
BEGAN: Final = "began"  # when the first answer was kept


@dataclass
class Draft:
    """What was answered so far. `cookie`, which stays the same, is what the browser has to bring again."""

    cookie: str = field(repr=False)
    answers: dict[str, Any] = field(repr=False)
    id: UUID | None = None
    written: int = 0  # the version that `answers` are of

    @cached_property
    def lookup(self) -> bytes:
        """What the row is found by. Raises Unreadable for what is no cookie of ours."""
        return SessionToken.from_cookie(self.cookie).lookup_hash()

    @cached_property
    def key(self) -> Key:
        """What opens the row and the files. Raises Unreadable for what is no cookie of ours."""
        return SessionToken.from_cookie(self.cookie).sealing_key()

    @property
    def began(self) -> dt.datetime:
        """When the first answer came."""
        return dt.datetime.fromisoformat(self.answers.get(BEGAN, clock.now().isoformat()))


def load(cookie: str) -> Draft:
    """The draft of a browser; a fresh one where there is none any more."""
    draft = Draft(cookie, {})
    try:
        row = _row(draft)
    except Unreadable:
        row = None
    if row is None:
        return Draft(SessionToken.new().to_cookie(), {})
    draft.answers, draft.id, draft.written = _open(draft, row), row.id, row.written
    return draft


def save(draft: Draft, answers: dict[str, Any]) -> None:
    """Keep answers beside those that are there. Two tabs share a draft: the later answer stays."""
    row = _row(draft, lock=True)
    if row is None:
        row = RequestDraft(id=uuid4(), lookup=draft.lookup, written=0, sealed=b"", seen_at=clock.now())
        db.session.add(row)
        known: dict[str, Any] = {BEGAN: clock.now().isoformat()}
    else:
        known = _open(draft, row)
    row.seen_at = clock.now()
    draft.id = row.id
    _seal(draft, row, known | answers)
    db.session.flush()


def reload(draft: Draft) -> RequestDraft | None:
    """Inside a transaction: the draft as it stands now, held until the transaction ends, and its row."""
    row = _row(draft, lock=True)
    if row is not None and row.written != draft.written:
        draft.answers, draft.written = _open(draft, row), row.written
    return row


def replace(draft: Draft, row: RequestDraft | None, answers: dict[str, Any]) -> None:
    """Keep these answers and nothing of those before, in the row that `reload` holds, if there is one."""
    if row is not None:
        _seal(draft, row, answers)


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
    return Owner(draft.key, draft_id=draft.id)


def _row(draft: Draft, *, lock: bool = False) -> RequestDraft | None:
    found = select(RequestDraft).where(
        RequestDraft.lookup == draft.lookup, RequestDraft.seen_at >= clock.now() - KEPT
    )
    if lock:
        found = found.with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def _open(draft: Draft, row: RequestDraft) -> dict[str, Any]:
    answers: dict[str, Any] = orjson.loads(vault.unseal_committed(draft.key, row.sealed, _context(row)))
    return answers


def _seal(draft: Draft, row: RequestDraft, answers: dict[str, Any]) -> None:
    row.written += 1
    draft.answers, draft.written = answers, row.written
    row.sealed = vault.seal_committed(draft.key, orjson.dumps(answers), _context(row))


def _context(row: RequestDraft) -> vault.Context:
    return vault.Context("draft of a request", row.id, row.written)
