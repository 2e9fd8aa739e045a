"""WhatsApp conversations in a case: one sealed line of the timeline for each import, without doubles."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cases.models import Case, Entry
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
from vault import Key

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
    document: str = ""  # the id of the document of the case that was sent with it
    left: str = ""  # why none is here, a code of the list `export_left`

    @property
    def day(self) -> dt.date:
        """On which it was written."""
        return self.at.date()


NOTHING_NEW: Final = _("Everything in it is in this case already, or was left out. Nothing was added.")


def said_in(conversation: Conversation, roles: Mapping[str, str]) -> list[Said]:
    """What of a conversation is stored once it is known who is who."""
    kept = (one for one in conversation.messages if roles.get(one.sender) != LEFT_OUT)
    return [_said(one, roles.get(one.sender, "")) for one in kept]


@dataclass(frozen=True)
class Place:
    """Where a message stands in a case: in which line of the timeline, as which one."""

    line: Entry
    number: int
    data: dict[str, Any]  # of the line


def add(
    actor: Actor, case_id: UUID, conversation: Conversation, roles: Mapping[str, str], token: UUID
) -> int:
    """Store what is not in the case yet; gives how many messages, and 0 for a token that was used before.

    Raises Held before a case takes facts, DomainError where nothing is new.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    if timeline.case_of_token(actor, token) is not None:
        return 0
    key = writable(actor, case)
    said = said_in(conversation, roles)
    added, _places = placed(actor, case, key, said, token)
    if not added:
        raise DomainError(NOTHING_NEW, field="text")
    rows.written(actor, "case.note", key, case)
    return added


def writable(actor: Actor, case: Case) -> Key:
    """The key of a case that takes a conversation. Raises NotFound, Locked, rows.Tampered, gate.Held."""
    if case.state == State.ERASED:
        raise NotFound
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    gate.require(case, records.open_record(key, case), gate.Act.FACTS)
    return key


def placed(
    actor: Actor, case: Case, key: Key, said: list[Said], token: UUID
) -> tuple[int, list[Place | None]]:
    """Write what is not in the case yet as one line; how many messages that are, and where each stands.

    Two exports of one conversation overlap: as often as a message stands in the case it is not added again.
    What the app alone wrote makes no line; such a message has no place then. The caller renews the head.
    """
    there: defaultdict[tuple[str, ...], deque[Place]] = defaultdict(deque)
    for entry, data in timeline.lines_of(case, key, LINE):
        for number, one in enumerate(_stored(data)):
            there[_same(one)].append(Place(entry, number, data))
    found = [there[_same(one)] for one in said]
    known = [waiting.popleft() if waiting else None for waiting in found]
    fresh = [one for one, place in zip(said, known, strict=True) if place is None]
    if not any(one.name for one in fresh):
        return 0, known
    data = {"said": _rows_of(fresh)}
    entry = timeline.write(actor, case, key, LINE, "", data=data, token=token)
    case.changed_at = entry.written_at
    numbers = iter(range(len(fresh)))
    return len(fresh), [place or Place(entry, next(numbers), data) for place in known]


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
    files, left = data.get("files", {}), data.get("left", {})
    stored = []
    for number, (at, *rest) in enumerate(data["said"]):
        moment = dt.datetime.fromisoformat(at).replace(tzinfo=clock.ISTANBUL)
        beside = {"document": files.get(str(number), ""), "left": left.get(str(number), "")}
        stored.append(dataclasses.replace(Said(moment, *rest), **beside))
    return stored
