"""A form that is sent again: with the same words it is the first click, with other words it is not.

Whoever stops a slow page, adds a paragraph and sends it again sends the same token with other words. The acts
themselves ask by the token whether they were done, and do nothing a second time; here it is asked before
whether what came is what was done, so that nothing typed is lost and called kept. What was sent is remembered
as a digest that only its sender's key opens, for a week.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from hmac import compare_digest
from typing import Any, Final
from uuid import UUID

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

import vault
from accounts.models import SentForm
from core import clock
from core.errors import Conflict
from core.store.base import db
from vault import Key

KEPT: Final = dt.timedelta(days=7)
OTHER_WORDS: Final = _(
    "This was sent before with other words, and those stand. Nothing was done this time. Look at what "
    "stands; what you typed is still here, and sent again it counts as something new."
)


class OtherWords(Conflict):
    """A form with this token was carried out with other words."""

    as_new = True

    def __init__(self) -> None:
        super().__init__(OTHER_WORDS)


def once(key: Key, token: UUID, words: Any) -> bool:
    """Remember what a form says, inside the transaction of its act. Whether it is the first time.

    key: of the sender alone. words: whatever orjson writes. Two at once wait for each other before, as in
    `core.store.transaction.queue_for`. Raises OtherWords.
    """
    said = hashlib.sha256(orjson.dumps(words, option=orjson.OPT_SORT_KEYS)).digest()
    row = db.session.get(SentForm, token)
    if row is None:
        sealed = vault.seal(key, said, _context(token))
        db.session.add(SentForm(id=token, sent_at=clock.now(), sealed=sealed))
        db.session.flush()
        return True
    try:
        before = vault.unseal(key, row.sealed, _context(token))
    except vault.Unreadable:  # its sender has another key since; the act asks by its token
        return False
    if not compare_digest(before, said):
        raise OtherWords
    return False


def same(stands: str, words: str) -> None:
    """Where what was done can be opened, it is compared itself. Raises OtherWords, or nothing."""
    if stands != words:
        raise OtherWords


def was_done(key: Key, token: UUID) -> bool:
    """Whether whoever has the key did this within KEPT."""
    row = db.session.get(SentForm, token)
    try:
        return row is not None and bool(vault.unseal(key, row.sealed, _context(token)))
    except vault.Unreadable:
        return False


def purge_due() -> bool:
    """Whether `purge` would change anything."""
    return db.session.scalar(select(SentForm.id).where(_over()).limit(1)) is not None


def purge() -> None:
    """Forget what was sent a week ago. Safe to repeat."""
    db.session.execute(delete(SentForm).where(_over()))


def _over() -> Any:
    return SentForm.sent_at <= clock.now() - KEPT


def _context(token: UUID) -> vault.Context:
    return vault.Context("what a form said", token)
