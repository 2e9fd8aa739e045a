"""Weekly counts told between organisations, so that what only together is a pattern is seen.

A manager decides whom to tell. What is told are counts of coded lines by week, of people who agreed
to statistics; never a row, never an id. They are sealed to the other's statistics key, verified up to
the root that was compared by voice, and signed, so that nobody can make up what a partner sees.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import Select, delete

import vault
from accounts.models import Organisation
from accounts.service import partners, signed
from advocacy.models.patterns import PooledCounts, PoolPartner
from advocacy.service import records
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Locked, NotFound, Refused
from core.store.base import db
from domain.recurrence.occurrences import Occurrence, PooledCount
from domain.recurrence.pooling import pool
from reports.service.sealed import KEY, Pairs, Unusable
from vault import Context, Untrusted

_LABEL: Final = "pooled counts"


@dataclass(frozen=True)
class PoolLine:
    """A partner: whether we tell it our counts, what it last told us, and what stands in the way."""

    id: UUID
    name: str
    confirmed: bool
    told: bool
    told_us: dt.date | None  # the last week of what it told, by its Thursday


@dataclass(frozen=True)
class Told:
    """Counts sealed and signed for one partner, not yet written."""

    row: PooledCounts


def lines(actor: Actor, language: str) -> list[PoolLine]:
    """Every partner of the installation."""
    if not may(actor, Permission.PATTERN_READ):
        raise Refused
    ours = {row.partner_id for row in db.session.scalars(_partners(actor))}
    theirs = {row.from_id: row.week for row in db.session.scalars(_received(actor))}
    return [
        PoolLine(line.id, line.name, line.confirmed, line.id in ours, theirs.get(line.id))
        for line in partners.lines(actor, language)
    ]


def tell(actor: Actor, partner_id: UUID) -> None:
    """Decide that a partner is told our weekly counts from the next scan on. Twice is once.

    Raises Locked when nobody compared its root, or its managers have made no key.
    """
    _require(actor, partner_id)
    partners.key_of(actor, partner_id, KEY)
    db.session.merge(
        PoolPartner(
            organisation_id=actor.organisation_id,
            partner_id=partner_id,
            since=clock.now(),
            decided_by=actor.person_id,
        )
    )
    audit.record(actor, "pool.tell", object_kind="organisation", object_id=partner_id)


def stop(actor: Actor, partner_id: UUID) -> None:
    """Tell a partner nothing more, and take back what it has not read yet. Twice is once."""
    _require(actor, partner_id)
    for table, clauses in (
        (
            PoolPartner,
            (PoolPartner.organisation_id == actor.organisation_id, PoolPartner.partner_id == partner_id),
        ),
        (PooledCounts, (PooledCounts.from_id == actor.organisation_id, PooledCounts.to_id == partner_id)),
    ):
        db.session.execute(delete(table).where(*clauses))
    audit.record(actor, "pool.stop", object_kind="organisation", object_id=partner_id)


def prepare(actor: Actor, cases: Iterable[Occurrence], week: dt.date) -> list[Told]:
    """Seal our counts for every partner we tell. A partner that left or lost its key is told nothing."""
    counts = [records.of_count(one) for one in pool(cases, str(actor.organisation_id), week)]
    content = orjson.dumps(counts)
    told = []
    for row in db.session.scalars(_partners(actor)).all():
        try:
            key = partners.key_of(actor, row.partner_id, KEY)
        except Locked:
            continue
        made = PooledCounts(
            from_id=actor.organisation_id,
            to_id=row.partner_id,
            week=week,
            key_id=key.id,
            sealed=b"",
            signature=b"",
            told_by=actor.person_id,
            told_at=clock.now(),
        )
        made.sealed = vault.seal_to(key.public, content, _context(made))
        made.signature = actor.secret.signer.sign(_LABEL, _statement(made))
        told.append(Told(made))
    return told


def write(actor: Actor, told: Iterable[Told]) -> None:
    """Put what was prepared in the place of what was told before, unless it was decided otherwise since."""
    still = {row.partner_id for row in db.session.scalars(_partners(actor))}
    for one in told:
        if one.row.to_id in still:
            db.session.merge(one.row)


def received(actor: Actor, pairs: Pairs) -> list[PooledCount]:
    """What partners told us; counts that are not believable are left out, and nobody's twice."""
    counts: list[PooledCount] = []
    for row in db.session.scalars(_received(actor)).all():
        try:
            _check(actor, row)
            told = orjson.loads(pairs.open(row.key_id, row.sealed, _context(row)))
            counts.extend(records.count(str(row.from_id), one) for one in told)
        except (Untrusted, Locked, Unusable, ValueError, TypeError):
            continue
    return counts


def _require(actor: Actor, partner_id: UUID) -> None:
    if not may(actor, Permission.POOL_DECIDE):
        raise Refused
    if partner_id == actor.organisation_id or db.session.get(Organisation, partner_id) is None:
        raise NotFound


def _check(actor: Actor, row: PooledCounts) -> None:
    """Signed by a manager of an organisation whose root we compared. Raises Untrusted or Locked."""
    partners.key_of(actor, row.from_id, KEY)
    signed.require(
        row.told_by, row.from_id, {Role.MANAGER}, row.told_at, _LABEL, _statement(row), row.signature
    )


def _partners(actor: Actor) -> Select[PoolPartner]:
    """Whom we tell."""
    return reachable(actor, Permission.PATTERN_READ, PoolPartner)


def _received(actor: Actor) -> Select[PooledCounts]:
    """What we were told."""
    return reachable(actor, Permission.PATTERN_READ, PooledCounts)


def _context(row: PooledCounts) -> Context:
    return Context("pooled counts", row.from_id, row.to_id, row.key_id, row.week.isoformat())


def _statement(row: PooledCounts) -> bytes:
    return vault.pack(row.from_id, row.to_id, row.key_id, row.week.isoformat(), row.sealed)
