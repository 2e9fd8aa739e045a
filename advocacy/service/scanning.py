"""What recurs, read from the facts by a manager's session in steps; nobody else holds the key.

The coded rows and the signals found in them are kept sealed, so that each fact is opened once; the check of
vignettes counts in the same rows. A step reads for at most two seconds; whoever comes next goes on there.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

import vault
from accounts.service import trust
from advocacy.models.patterns import PatternScan
from advocacy.service import pooling, records
from cases.models import Fact as FactRow
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import Locked
from core.store.base import db
from domain.recurrence.occurrences import WEEK, Occurrence
from domain.recurrence.signals import Detector, Signal
from domain.recurrence.threshold import ThresholdRule
from domain.statistics_facts import thursday_of
from reports.service import sealed
from reports.service.sealed import DAMAGED, KEY, Pairs, Unusable
from vault import Context

SECONDS: Final = 2.0  # of one step
DETECTOR: Final[Detector] = ThresholdRule()
_LOOKED_AT: Final = 60  # weeks: as long as the chart, and some for cases that come late
_FORMAT: Final = 2  # of what is kept; of another, only signals and ids are used, and the facts read anew
_CHUNK: Final = 200
_FIELDS: Final = (
    "case", "client", "opened", "organisation", "issue", "province", "authority", "urgency", "statistics",
)  # fmt: skip # one list


@dataclass
class Reading:
    """How far the facts were read: the version of each, and the coded cases as plain values.

    `ids` gives each line that was ever proposed a random id, so that no address names a category.
    """

    versions: dict[str, int] = field(default_factory=dict)
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    signals: tuple[Signal, ...] = ()
    ids: dict[str, UUID] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The content to be sealed."""
        return orjson.dumps(
            {
                "format": _FORMAT,
                "versions": self.versions,
                "cases": self.cases,
                "signals": [records.of_signal(signal) for signal in self.signals],
                "ids": {series: pattern_id.hex for series, pattern_id in self.ids.items()},
            }
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Reading:
        """The content from `to_bytes`."""
        data = orjson.loads(content)
        present = data.get("format") == _FORMAT
        return cls(
            data["versions"] if present else {},
            data["cases"] if present else {},
            tuple(records.signal(signal) for signal in data["signals"]),
            {series: UUID(pattern_id) for series, pattern_id in data["ids"].items()},
        )


@dataclass(frozen=True)
class Step:
    """A step that was read and sealed, not yet written. `left` facts wait for the next."""

    left: int
    row: PatternScan
    before: int  # the version it goes on from; 0 for the first
    told: list[pooling.Told]


@dataclass(frozen=True)
class Scan:
    """The last complete signals, and whether there is something new to read."""

    week: dt.date | None
    scanned_at: dt.datetime | None
    version: int
    signals: tuple[Signal, ...]
    ids: dict[str, UUID]
    due: bool

    @property
    def current(self) -> bool:
        """Whether the facts were looked through this week."""
        return self.week == thursday_of(clock.today())


def latest(actor: Actor) -> Scan:
    """What the last scan found. Raises Locked without the statistics key, Unusable when it was changed."""
    row, reading = _kept(actor, Pairs(actor))
    due = row is None or row.week != thursday_of(clock.today()) or bool(_unread(actor, reading))
    if row is None:
        return Scan(None, None, 0, (), {}, due)
    return Scan(row.week, row.scanned_at, row.version, reading.signals, reading.ids, due)


def prepare(actor: Actor, seconds: float = SECONDS) -> Step:
    """Read facts for at most `seconds`, and find what recurs once all are read.

    Call it outside of a transaction: opening a fact takes a public-key operation. Raises Locked, Unusable.
    """
    key = trust.organisation_key(actor.organisation_id, KEY)
    if key is None:
        raise Locked(_("Your organisation has no statistics key yet. A manager makes it."))
    pairs = Pairs(actor)
    row, reading = _kept(actor, pairs)
    left = _read_on(actor, pairs, reading, seconds)
    week = thursday_of(clock.today())
    told: list[pooling.Told] = []
    if not left:
        oldest = (week - _LOOKED_AT * WEEK).isoformat()
        cases = [_occurrence(case) for case in reading.cases.values() if case["opened"] >= oldest]
        reading.signals = DETECTOR.scan(cases, pooling.received(actor, pairs), week)
        for signal in reading.signals:
            reading.ids.setdefault(signal.series.id, uuid4())
        told = pooling.prepare(actor, cases, week)
    before = row.version if row else 0
    done = week if not left else (row.week if row else None)
    return Step(left, _sealed(actor, key, reading, done, before + 1), before, told)


def facts(actor: Actor) -> dict[str, dict[str, Any]]:
    """Every coded case in its newest version, by the hex id of its fact; the unread ones are opened for it.

    Raises Locked, Unusable.
    """
    pairs = Pairs(actor)
    _row, reading = _kept(actor, pairs)
    _read_on(actor, pairs, reading, float("inf"))
    present = _newest(actor)
    return {key: case for key, case in reading.cases.items() if UUID(key) in present}


def write(actor: Actor, step: Step) -> bool:
    """Keep a step; False when somebody else's session was quicker, whose step counts then."""
    sealed.queue(actor)
    present = db.session.get(PatternScan, actor.organisation_id, with_for_update=True)
    if (present.version if present else 0) != step.before:
        return False
    db.session.merge(step.row)
    if not step.left:
        pooling.write(actor, step.told)
        audit.record(actor, "pattern.scan")
    return True


def _kept(actor: Actor, pairs: Pairs) -> tuple[PatternScan | None, Reading]:
    row = db.session.scalar(reachable(actor, Permission.PATTERN_READ, PatternScan))
    if row is None:
        return None, Reading()
    try:
        return row, Reading.from_bytes(pairs.open(row.key_id, row.sealed, _context(row)))
    except (KeyError, TypeError, ValueError):
        raise Unusable(DAMAGED) from None


def _unread(actor: Actor, reading: Reading) -> dict[UUID, int]:
    """The newest version of every fact that was not read in it."""
    newest = _newest(actor).items()
    return {fact_id: version for fact_id, version in newest if reading.versions.get(fact_id.hex) != version}


def _newest(actor: Actor) -> dict[UUID, int]:
    newest = (
        reachable(actor, Permission.STATISTICS_READ, FactRow)
        .with_only_columns(FactRow.id, func.max(FactRow.version))
        .group_by(FactRow.id)
    )
    return dict(db.session.execute(newest).all())


def _read_on(actor: Actor, pairs: Pairs, reading: Reading, seconds: float) -> int:
    """Open facts until the time is over; gives how many are left."""
    end = time.monotonic() + seconds
    unread = list(_unread(actor, reading).items())
    for start in range(0, len(unread), _CHUNK):
        if start and time.monotonic() > end:
            return len(unread) - start
        wanted = dict(unread[start : start + _CHUNK])
        rows = select(FactRow.id, FactRow.version, FactRow.key_id, FactRow.sealed).where(
            FactRow.id.in_(wanted), FactRow.organisation_id == actor.organisation_id
        )
        for fact_id, version, key_id, content in db.session.execute(rows):
            if version == wanted[fact_id]:
                context = Context("fact", actor.organisation_id, fact_id, version)
                reading.cases[fact_id.hex] = _coded(pairs.open(key_id, content, context))
                reading.versions[fact_id.hex] = version
    return 0


def _coded(content: bytes) -> dict[str, Any]:
    """The coded case of a fact, and its age band; `records` knows what an older one does not name."""
    try:
        data: dict[str, Any] = orjson.loads(content)
        shared = {name: data.get(name, "") for name in ("household", "event")}
        case = records.occurrence({name: data[name] for name in _FIELDS} | shared)
        return {**records.of_occurrence(case), "age_band": data["age_band"]}
    except (KeyError, TypeError, ValueError):
        raise Unusable(DAMAGED) from None


def _occurrence(coded: dict[str, Any]) -> Occurrence:
    return records.occurrence({name: value for name, value in coded.items() if name != "age_band"})


def _sealed(
    actor: Actor, key: trust.VerifiedOrganisationKey, reading: Reading, week: dt.date | None, version: int
) -> PatternScan:
    row = PatternScan(
        organisation_id=actor.organisation_id,
        week=week,
        key_id=key.id,
        sealed=b"",
        version=version,
        scanned_at=clock.now(),
    )
    row.sealed = vault.seal_to(key.public, reading.to_bytes(), _context(row))
    return row


def _context(row: PatternScan) -> Context:
    return Context("pattern scan", row.organisation_id, row.key_id, row.version)
