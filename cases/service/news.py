"""What changed since somebody last looked: lines that others wrote into the cases on which they work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from accounts.models import Person
from cases.models import Case, CaseMember, Entry
from cases.service import timeline
from cases.service.listing import OWN
from cases.service.views import OpenEntry, Row
from core.access.actors import Actor
from core.store.base import db
from vault import Key, Unreadable

LINES: Final = 3  # shown of each case; how many there are is said


@dataclass(frozen=True)
class Written:
    """The newest lines of one case that somebody has not seen, sealed still; `many` counts all of them."""

    case_id: UUID
    lines: list[tuple[Entry, str]]
    many: int


@dataclass(frozen=True)
class News:
    """The same, opened: what kind of lines, by whom, when."""

    case: Row
    lines: list[OpenEntry]
    more: int  # lines that are not shown


def unseen(actor: Actor, limit: int) -> list[Written]:
    """Cases with lines that others wrote since the actor last opened them, the newest first.

    Until the first look it counts from when the actor came to the case. Asks nobody's permission: the caller
    shows only what the actor reaches and can open.
    """
    mine = (
        select(
            CaseMember.case_id.label("case_id"),
            func.coalesce(CaseMember.seen_at, CaseMember.since).label("seen"),
        )
        .where(CaseMember.person_id == actor.person_id, CaseMember.ended_at.is_(None))
        .order_by(CaseMember.number.desc())
        .limit(OWN)
        .subquery()
    )
    newest_first = (Entry.written_at.desc(), Entry.id.desc())
    lines = (
        select(
            Entry.id.label("id"),
            func.row_number().over(partition_by=Entry.case_id, order_by=newest_first).label("place"),
            func.count().over(partition_by=Entry.case_id).label("many"),
            func.max(Entry.written_at).over(partition_by=Entry.case_id).label("newest"),
        )
        .join(mine, mine.c.case_id == Entry.case_id)
        .where(Entry.written_at > mine.c.seen, Entry.author_id != actor.person_id)
        .subquery()
    )
    statement = (
        select(Entry, Person.name, lines.c.many)
        .join(lines, lines.c.id == Entry.id)
        .join(Person, Person.id == Entry.author_id)
        .where(lines.c.place <= LINES)
        .order_by(lines.c.newest.desc(), Entry.case_id, lines.c.place)
        .limit(limit * LINES)
    )
    found: list[Any] = list(db.session.execute(statement))
    cases = [
        Written(case_id, [(entry, name) for entry, name, _many in rows], rows[0][2])
        for case_id, rows in ((one, list(group)) for one, group in groupby(found, lambda row: row[0].case_id))
    ]
    return cases[:limit]


def opened(
    written: Iterable[Written], cases: Mapping[UUID, Case], keys: Mapping[UUID, Key], rows: Mapping[UUID, Row]
) -> list[News]:
    """What the actor can open of it; a case out of reach, or whose key waits, is left out."""
    news = []
    for one in written:
        key, lines = keys.get(one.case_id), []
        if key is None or one.case_id not in cases:
            continue
        for entry, author in one.lines:
            with suppress(Unreadable):  # the page of the case says what is wrong with it
                lines.append(timeline.opened(key, cases[one.case_id], entry, author))
        news.append(News(rows[one.case_id], lines, one.many - len(lines)))
    return news
