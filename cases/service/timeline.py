"""The timeline: notes by hand, and a line for each act on the case."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select, tuple_

from accounts.models import Person
from cases.models import Case, Entry
from cases.service import clocks, gate, keys, records, rows
from cases.service.reach import find
from cases.service.views import OpenEntry
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain import talks
from domain.lifecycle import State
from domain.lines import type_of
from vault import Key

BY_HAND: Final = ("note", *talks.CHANNELS, "step")
PAGE: Final = 20  # lines shown at once
_carrying: Final[ContextVar[bool]] = ContextVar("carrying", default=False)
_UNFIT: Final = MappingProxyType(
    {
        talks.Fault.NEEDED: _("Choose by which channel the message came or went."),
        talks.Fault.NO_CONTACT: _(
            "Only a call, a message, a visit or a meeting has a channel. Choose one of them, or leave the "
            "channel as the kind says."
        ),
        talks.Fault.DOES_NOT_FIT: _("This channel does not fit the kind. Look at both once more."),
    }
)


def add_note(
    actor: Actor,
    case_id: UUID,
    kind: str,
    text: str,
    token: UUID,
    *,
    channel: str = "",
    direction: str = "",
    on: dt.date | None = None,
) -> None:
    """Write a line by hand. The same token twice writes once.

    channel: by which a contact came about; without one the kind says it, but for a message.
    direction: from whom or to whom, a code of the list `contact_direction`. on: the day, if not today.
    Raises DomainError for what cannot be, Held where the case takes no more than calls.
    """
    if kind not in BY_HAND:
        raise NotFound
    if not text.strip():
        raise DomainError(_("Write what happened."), field="text")
    write_once(actor, case_id, kind, text, contact_of(kind, channel, direction, on), token)


def write_once(actor: Actor, case_id: UUID, kind: str, text: str, told: dict[str, Any], token: UUID) -> None:
    """Write a line that somebody typed; the same token twice writes once.

    told: what it holds beside its words. Raises NotFound, Held.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    if case_of_token(actor, token) is not None:  # asked once the case is ours: a double click waits for it
        return
    if case.state == State.ERASED:
        raise NotFound
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if kind != talks.CALL:  # somebody may call, and is called back, before anything else is known
        gate.require(case, records.open_record(key, case), gate.Act.FACTS)
    entry = write(actor, case, key, kind, text, data=told, token=token)
    case.changed_at = entry.written_at
    rows.written(actor, "case.note", key, case)


@contextmanager
def carrying_out() -> Iterator[None]:
    """What is written meanwhile is no act of whose session writes it: nobody worked on a file by that."""
    before = _carrying.set(True)
    try:
        yield
    finally:
        _carrying.reset(before)


def contact_of(kind: str, channel: str, direction: str, on: dt.date | None) -> dict[str, str]:
    """What a line written by hand holds beside its words. Raises NotFound, DomainError."""
    try:
        channel = talks.channel_of(kind, channel)
    except talks.UnfitChannel as error:
        raise DomainError(_UNFIT[error.fault], field="channel") from None
    if direction and direction not in reference().lists["contact_direction"]:
        raise NotFound
    told = {"channel": channel, "direction": direction, "on": on.isoformat() if on else ""}
    return {name: value for name, value in told.items() if value}


def write(
    actor: Actor,
    case: Case,
    key: Key,
    kind: str,
    text: str,
    *,
    data: dict[str, Any] | None = None,
    token: UUID | None = None,
) -> Entry:
    """Append a sealed line; the caller renews the head."""
    clocks.heed(case, kind, data or {})
    entry_id = uuid4()
    content = {"kind": kind, "text": text, "data": data or {}}
    entry = Entry(
        id=entry_id,
        case_id=case.id,
        author_id=actor.person_id,
        written_at=clock.now(),
        version=1,
        epoch=key.epoch,
        sealed=rows.seal_row(key, case, "case_entries", entry_id, 1, content),
        token=token,
        carried_out=_carrying.get(),
    )
    db.session.add(entry)
    return entry


def lines_of(case: Case, key: Key, kind: str) -> list[tuple[Entry, dict[str, Any]]]:
    """All lines of one kind, the oldest first, with what they hold. Raises vault.Unreadable."""
    return [(entry, line["data"]) for entry, line in opened_lines(case, key) if line["kind"] == kind]


def opened_lines(case: Case, key: Key) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """All lines, the oldest first: kind, text and data of each. Raises vault.Unreadable."""
    found = select(Entry).where(Entry.case_id == case.id).order_by(Entry.written_at, Entry.id)
    for entry in db.session.scalars(found):
        yield entry, rows.open_row(key, case, "case_entries", entry.id, entry.version, entry.sealed)


def say_more(case: Case, key: Key, token: UUID, kind: str, name: str, more: list[Any]) -> bool:
    """Add to a list in the line that a form wrote before; False where none is. The caller renews the head.

    What one form brings in several goes, such as files one after the other, is one line.
    """
    found = select(Entry).where(Entry.token == token, Entry.case_id == case.id)
    entry = db.session.scalar(found.execution_options(populate_existing=True))
    if entry is None:
        return False
    content = rows.open_row(key, case, "case_entries", entry.id, entry.version, entry.sealed)
    if content["kind"] != kind:
        return False
    content["data"][name] = [*content["data"][name], *more]
    entry.version += 1
    entry.epoch = key.epoch
    entry.sealed = rows.seal_row(key, case, "case_entries", entry.id, entry.version, content)
    return True


def data_of(case: Case, key: Key, kind: str) -> list[dict[str, Any]]:
    """What all lines of one kind hold, of the whole timeline. Raises vault.Unreadable for a damaged one."""
    return [data for _entry, data in lines_of(case, key, kind)]


def seal_again(case: Case, key: Key, entry: Entry, data: dict[str, Any]) -> None:
    """Let a line hold something else beside its words; the caller renews the head."""
    content = rows.open_row(key, case, "case_entries", entry.id, entry.version, entry.sealed)
    replace(case, key, entry, {**content, "data": data})


def replace(case: Case, key: Key, entry: Entry, content: dict[str, Any]) -> None:
    """Let a line hold something else: kind, text and data; the caller renews the head."""
    entry.version, entry.epoch = entry.version + 1, key.epoch
    entry.sealed = rows.seal_row(key, case, "case_entries", entry.id, entry.version, content)


def one(case: Case, key: Key, line_id: UUID) -> tuple[Entry, dict[str, Any]]:
    """A line as it stands now: kind, text and data. Raises NotFound."""
    found = select(Entry).where(Entry.id == line_id, Entry.case_id == case.id)
    entry = db.session.scalar(found.execution_options(populate_existing=True))
    if entry is None:
        raise NotFound
    return entry, rows.open_row(key, case, "case_entries", entry.id, entry.version, entry.sealed)


def day_of(entry: Entry) -> dt.date:
    """The day in Türkiye on which a line was written."""
    return clock.day_of(entry.written_at)


def case_of_token(actor: Actor, token: UUID) -> UUID | None:
    """The case in which the actor's form with this token was already carried out."""
    return db.session.scalar(
        select(Entry.case_id).where(Entry.token == token, Entry.author_id == actor.person_id)
    )


def holds(case_id: UUID, token: UUID) -> bool:
    """Whether somebody wrote the line with this token into the case already."""
    written = select(Entry.id).where(Entry.case_id == case_id, Entry.token == token)
    return db.session.scalar(written) is not None


def read(
    case: Case, key: Key, *, before: str | None = None, only: str = ""
) -> tuple[list[OpenEntry], str | None]:
    """The newest lines first, and the cursor of the next page. Raises NotFound for a damaged cursor.

    only: those of one type of `domain.lines`. Types are sealed, so that lines are opened until the page is
    full, all of them at worst.
    """
    statement = (
        select(Entry, Person.name)
        .join(Person, Person.id == Entry.author_id)
        .where(Entry.case_id == case.id)
        .order_by(Entry.written_at.desc(), Entry.id.desc())
    )
    if before:
        statement = statement.where(tuple_(Entry.written_at, Entry.id) < _cursor(before))
    found = db.session.execute(statement if only else statement.limit(PAGE + 1)).all()
    every = ((entry, opened(key, case, entry, author)) for entry, author in found)
    fitting = ((entry, line) for entry, line in every if only in {"", type_of(line.kind, line.data)})
    lines = list(islice(fitting, PAGE + 1))
    more = None
    if len(lines) > PAGE:
        last = lines[PAGE - 1][0]
        more = _as_cursor(last.written_at, last.id)
    return [line for _entry, line in lines[:PAGE]], more


def opened(key: Key, case: Case, entry: Entry, author: str) -> OpenEntry:
    """One line, opened. Raises vault.Unreadable when anything about it was changed."""
    line = rows.open_row(key, case, "case_entries", entry.id, entry.version, entry.sealed)
    kind, data = line["kind"], line["data"]
    by_law = kind == "deadline" and data["change"] == "law"  # whoever wrote it only held the key
    author = "" if by_law else author
    return OpenEntry(entry.id, kind, author, entry.written_at, line["text"], data, entry.version)


def _as_cursor(at: dt.datetime, entry_id: UUID) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([at.isoformat(), str(entry_id)])).decode().rstrip("=")


def _cursor(text: str) -> tuple[dt.datetime, UUID]:
    try:
        at, entry_id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return dt.datetime.fromisoformat(at), UUID(entry_id)
    except (ValueError, TypeError, AttributeError) as error:
        raise NotFound from error
