"""WhatsApp conversations in a case: one sealed line of the timeline for each import, without doubles."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cases.models import Entry
from cases.service import gate, keys, records, rows, timeline
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.store.base import db
from domain.imports.whatsapp import Conversation, Message
from domain.imports.whatsapp_words import Kind
from domain.lifecycle import State

LINE: Final = "conversation"
CLIENT: Final = "client"
US: Final = "us"
OTHER: Final = "other"
LEFT_OUT: Final = "left_out"
"""Who somebody in a conversation is; of those left out nothing is stored."""


@dataclass(frozen=True)
class Said:
    """One message, by the clock of the phone that exported it."""

    at: dt.datetime
    name: str  # as the phone has it; "" for the app itself
    role: str  # "" for the app itself, and where nobody has said it yet
    text: str
    kind: str
    edited: bool = False
    file: str = ""
    sort: str = ""

    @property
    def day(self) -> dt.date:
        """On which it was written."""
        return self.at.date()


def said_in(conversation: Conversation, roles: Mapping[str, str]) -> list[Said]:
    """What of a conversation is stored once it is known who is who."""
    kept = (one for one in conversation.messages if roles.get(one.sender) != LEFT_OUT)
    return [_said(one, roles.get(one.sender, "")) for one in kept]


def add(
    actor: Actor, case_id: UUID, conversation: Conversation, roles: Mapping[str, str], token: UUID
) -> int:
    """Store what is not in the case yet; gives how many messages, and 0 for a token that was used before.

    Two exports of one conversation overlap: as often as a message stands in the case it is not added again.
    Raises Held before a case takes facts, DomainError where nothing is new.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    if timeline.case_of_token(actor, token) is not None:
        return 0
    if case.state == State.ERASED:
        raise NotFound
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    gate.require(case, records.open_record(key, case), gate.Act.FACTS)
    before = timeline.data_of(case, key, LINE)
    there = Counter(_same(one) for data in before for one in _stored(data))
    fresh = []
    for one in said_in(conversation, roles):
        there[_same(one)] -= 1
        if there[_same(one)] < 0:
            fresh.append(one)
    if not any(one.name for one in fresh):
        raise DomainError(
            _("Everything in it is in this case already, or was left out. Nothing was added."), field="text"
        )
    entry = timeline.write(actor, case, key, LINE, "", data={"said": _rows_of(fresh)}, token=token)
    case.changed_at = entry.written_at
    rows.written(actor, "case.note", key, case)
    return len(fresh)


def read(actor: Actor, case_id: UUID, line_id: UUID) -> list[Said]:
    """A conversation of a case; the caller opens the case, which is audited. NotFound for any other line."""
    case = find(actor, Permission.CASE_READ, case_id)
    entry = db.session.scalar(select(Entry).where(Entry.id == line_id, Entry.case_id == case.id))
    if entry is None:
        raise NotFound
    key = keys.case_key(actor, case)
    opened = rows.open_row(key, case, "case_entries", entry.id, entry.version, entry.sealed)
    if opened["kind"] != LINE:
        raise NotFound
    return _stored(opened["data"])


def _said(one: Message, role: str) -> Said:
    return Said(one.at, one.sender, role, one.text, str(one.kind), one.edited, one.file, str(one.sort or ""))


def _same(one: Said) -> tuple[str, ...]:
    """What tells a message from another in whatever export: a file may have been left out of one of them."""
    who = one.role if one.role in {CLIENT, US} else one.name
    return (f"{one.at:%Y-%m-%dT%H:%M}", who, one.kind, "" if one.kind == Kind.MEDIA else one.text)


def _rows_of(said: Iterable[Said]) -> list[list[Any]]:
    return [
        [f"{one.at:%Y-%m-%dT%H:%M}", one.name, one.role, one.text, one.kind, one.edited, one.file, one.sort]
        for one in said
    ]


def _stored(data: dict[str, Any]) -> list[Said]:
    return [
        Said(dt.datetime.fromisoformat(at).replace(tzinfo=clock.ISTANBUL), *rest)
        for at, *rest in data["said"]
    ]
