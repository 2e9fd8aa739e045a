"""What statistics keep sealed: facts, snapshots of quarters, released files; opened for one request."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import Final
from uuid import UUID

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import exists
from sqlalchemy.orm import aliased

from accounts.models import OrganisationKey
from accounts.service import keys, turns
from cases.models import Fact as FactRow
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.errors import DomainError, NotFound
from core.store.base import db
from domain import disclosure
from domain.disclosure import ProtectedTable
from domain.quarters import Quarter
from domain.statistics_facts import Fact, Facts
from reports.models import QuarterSnapshot, Release
from vault import Context, Pair, Unreadable

KEY: Final = "statistics"
MENU_VERSION: Final = 1
TABLES: Final = disclosure.DIMENSIONS

CATEGORIES: Final = (
    "issue", "province", "authority", "sex", "age_band", "nationality", "level", "outcome",
)  # fmt: skip  # one list

_CHUNK: Final = 200  # rows of about two kilobytes held at a time

DAMAGED: Final = _(
    "A row kept for statistics was changed or cannot be read. Nothing was counted and nothing was released."
)


class Unusable(DomainError):
    """Something sealed for statistics does not open or was changed: nothing is counted without it."""

    status = 409


@dataclass(frozen=True)
class Frozen:
    """The content of a snapshot: which facts it counted, those facts, and the code lists of that time."""

    ids: str
    facts: Facts
    codes: Mapping[str, Sequence[str]]

    @property
    def counted(self) -> frozenset[UUID]:
        """The ids of the facts that were counted, which are not those of their cases."""
        return frozenset(UUID(hex=fact_id) for fact_id in self.ids.split())

    def to_bytes(self) -> bytes:
        """The content to be sealed: a line of JSON for ids and codes and for each column, made smaller.

        One line after the other, because a quarter has many facts. They are sorted by case, so their order
        says nothing about their ids.
        """
        content = BytesIO()
        with gzip.GzipFile(fileobj=content, mode="wb", compresslevel=1, mtime=0) as smaller:
            for line in chain([{"codes": self.codes, "counted": self.ids}], self.facts.columns()):
                smaller.write(f"{json.dumps(line)}\n".encode())
        return content.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Frozen:
        """The content from `to_bytes`. At first it was one object, ids a list, and each fact a record."""
        # json all along: orjson takes many times the content beside it.
        if content.startswith(b"{"):
            former = json.loads(content)
            ids, columns, records = " ".join(former["counted"]), former.get("columns"), former.get("facts")
            facts = Facts.from_columns(columns.items()) if columns else Facts(map(Fact.from_record, records))
            return cls(ids, facts, former["codes"])
        lines = map(json.loads, gzip.GzipFile(fileobj=BytesIO(content)))
        head = next(lines)
        return cls(head["counted"], Facts.from_columns(lines), head["codes"])


class Pairs:
    """The private halves of the statistics key that this request needed, by the id of their epoch."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._known: dict[UUID, Pair] = {}

    def of(self, key_id: UUID) -> Pair:
        """The private half of one epoch. Raises Locked when the actor does not hold it."""
        if key_id not in self._known:
            row = db.session.scalar(
                reachable(self._actor, Permission.STATISTICS_READ, OrganisationKey).where(
                    OrganisationKey.id == key_id, OrganisationKey.kind == KEY
                )
            )
            if row is None:
                raise Unusable(DAMAGED)
            self._known[key_id] = keys.open_key(self._actor, KEY, row.epoch).pair
        return self._known[key_id]

    def open(self, key_id: UUID, sealed: bytes, context: Context) -> bytes:
        """What was sealed to that epoch. Raises Unusable when it was changed."""
        try:
            return self.of(key_id).open(sealed, context)
        except Unreadable:
            raise Unusable(DAMAGED) from None


def uncounted(actor: Actor, pairs: Pairs, counted: Collection[UUID]) -> Iterator[tuple[UUID, Fact]]:
    """The newest version of every fact that no snapshot has, opened."""
    newer = aliased(FactRow)
    newest = (
        reachable(actor, Permission.STATISTICS_READ, FactRow)
        .with_only_columns(FactRow.id, FactRow.version, FactRow.key_id, FactRow.sealed)
        .where(~exists().where(newer.id == FactRow.id, newer.version > FactRow.version))
        .order_by(FactRow.id)
        .limit(_CHUNK)
    )
    last = UUID(int=0)
    while rows := db.session.execute(newest.where(FactRow.id > last)).all():
        for fact_id, version, key_id, sealed in rows:
            if fact_id not in counted:
                context = Context("fact", actor.organisation_id, fact_id, version)
                yield fact_id, _fact(pairs.open(key_id, sealed, context))
        last = rows[-1].id


@contextmanager
def readable() -> Iterator[None]:
    """What is read inside is what it should be: raises Unusable for anything else that opened."""
    try:
        yield
    except (AttributeError, EOFError, LookupError, OSError, StopIteration, TypeError, ValueError, zlib.error):
        raise Unusable(DAMAGED) from None


def _fact(content: bytes) -> Fact:
    """The coded row that a case's session sealed. The snapshots decide when it was recorded."""
    with readable():
        return Fact.from_coded(orjson.loads(content))


def opened(pairs: Pairs, row: QuarterSnapshot) -> Frozen:
    """The content of a snapshot. Raises Locked without the key, Unusable when it was changed."""
    content = pairs.open(row.key_id, row.sealed, snapshot_context(row))
    with readable():
        return Frozen.from_bytes(content)


def drawn(frozen: Frozen, table: str, quarter: Quarter) -> ProtectedTable:
    """The protected table. The day after the quarter stands for today: what is frozen had closed."""
    with readable():
        spec = disclosure.Spec(table, tuple(frozen.codes[table]), quarter)
        return disclosure.protect(frozen.facts, spec, quarter.ends + dt.timedelta(days=1))


def snapshot_context(row: QuarterSnapshot) -> Context:
    """Where a snapshot belongs: it opens for no other quarter."""
    return Context("quarter snapshot", row.organisation_id, row.quarter, row.id, row.key_id)


def release_context(row: Release) -> Context:
    """Where a released file belongs: it opens as no other release."""
    return Context("release", row.organisation_id, row.id, row.blob_id)


def revoked_context(row: Release) -> Context:
    """Where the reason for a revocation belongs."""
    return Context("revoked release", row.organisation_id, row.id)


def frozen_quarters(actor: Actor) -> dict[str, dt.datetime]:
    """Which quarters are frozen and since when; opens and loads nothing else."""
    mine = reachable(actor, Permission.STATISTICS_READ, QuarterSnapshot)
    columns = mine.with_only_columns(QuarterSnapshot.quarter, QuarterSnapshot.frozen_at)
    return {row.quarter: row.frozen_at for row in db.session.execute(columns)}


def every(actor: Actor, pairs: Pairs) -> Iterator[Frozen]:
    """What each frozen quarter of the organisation holds, one at a time. Raises as `opened`."""
    mine = reachable(actor, Permission.STATISTICS_READ, QuarterSnapshot)
    for snapshot_id in db.session.scalars(mine.with_only_columns(QuarterSnapshot.id)).all():
        yield opened(pairs, db.session.scalars(mine.where(QuarterSnapshot.id == snapshot_id)).one())


def snapshot_of(actor: Actor, table: str, quarter: str) -> QuarterSnapshot:
    """The snapshot of a frozen quarter, for a table of the menu. Raises NotFound."""
    mine = reachable(actor, Permission.STATISTICS_READ, QuarterSnapshot)
    row = db.session.scalar(mine.where(QuarterSnapshot.quarter == quarter))
    if row is None or table not in TABLES:
        raise NotFound
    return row


def queue(actor: Actor) -> None:
    """Let an organisation's managers freeze and release one after the other; SQLite has one writer anyway."""
    turns.take(actor.organisation_id)
