"""The menu, and quarters frozen once: every table of a quarter is drawn from the same snapshot.

A closed quarter is frozen when a manager first opens it. What comes after that is late and counted, as one
number, in the next quarter frozen; what was counted once is never counted again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

import vault
from accounts.service import keys, trust
from cases.models import Case, Order
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.errors import Conflict, Locked, NotFound
from core.reference import reference
from core.store.base import db
from domain import disclosure
from domain.disclosure import ProtectedTable
from domain.quarters import Quarter, quarter_of
from domain.statistics_facts import Fact, Facts, thursday_of
from reports.models import QuarterSnapshot
from reports.service import sealed
from reports.service.sealed import CATEGORIES, KEY, TABLES

OFFERED: Final = 40  # quarters: ten years, so that a mistyped year of opening doesn't fill the page
_LAST: Final = 4  # quarter of a year


@dataclass(frozen=True)
class Choice:
    """A closed quarter on the menu."""

    quarter: str
    frozen_at: dt.datetime | None


@dataclass(frozen=True)
class Menu:
    """What a manager may choose from, newest quarter first, and the quarter that is still open."""

    tables: tuple[str, ...]
    quarters: tuple[Choice, ...]
    open_quarter: str
    opens_on: dt.date
    key: str  # missing, elsewhere (colleagues hold it), held


@dataclass(frozen=True)
class Freeze:
    """A quarter gathered and sealed, not yet written. `known`: the quarters that were frozen at the time."""

    quarter: str
    known: frozenset[str]
    snapshot: QuarterSnapshot | None = field(repr=False)


def menu(actor: Actor) -> Menu:
    """The tables and closed quarters on offer. Opens nothing."""
    current = quarter_of(thursday_of(clock.today()))
    frozen = sealed.frozen_quarters(actor)
    return Menu(
        TABLES,
        tuple(Choice(str(quarter), frozen.get(str(quarter))) for quarter in _offered(actor, current)),
        str(current),
        current.ends + dt.timedelta(days=1),
        _key_state(actor),
    )


def prepare(actor: Actor, quarter: str) -> Freeze:
    """Open what no quarter has counted yet and seal what belongs to this one; nothing if it is frozen.

    A case of an earlier frozen quarter that came after its freezing is late: it is counted here, once.
    Call it outside of a transaction, because opening takes a public-key operation for each case. Raises
    NotFound for a quarter that is not on offer, Locked without the key, Unusable when a row does not open.
    """
    wanted = _quarter(actor, quarter)
    known = frozenset(sealed.frozen_quarters(actor))
    if quarter in known:
        return Freeze(quarter, known, None)
    key = trust.organisation_key(actor.organisation_id, KEY)
    if key is None:
        raise Locked(_("Your organisation has no statistics key yet. A manager makes it."))
    row = QuarterSnapshot(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        quarter=quarter,
        key_id=key.id,
        sealed=b"",
        frozen_at=clock.now(),
        frozen_by=actor.person_id,
    )
    row.sealed = vault.seal_to(key.public, _gathered(actor, wanted, known), sealed.snapshot_context(row))
    return Freeze(quarter, known, row)


def _gathered(actor: Actor, wanted: Quarter, known: Collection[str]) -> bytes:
    """The content of a snapshot. The facts are let go with it, before it is sealed."""
    pairs = sealed.Pairs(actor)
    counted = {fact_id for frozen in sealed.every(actor, pairs) for fact_id in frozen.counted}
    ids, facts = [], Facts()
    for fact_id, fact in sealed.uncounted(actor, pairs, counted):
        own = quarter_of(fact.opened)
        late = own < wanted and str(own) in known
        if own == wanted or late:
            ids.append(fact_id.hex)
            kept = fact if fact.statistics else _without_categories(fact)
            with sealed.readable():
                facts.add(replace(kept, recorded=_first_week(wanted)) if late else kept)
    frozen = sealed.Frozen(
        " ".join(ids), facts, disclosure.code_lists(reference().taxonomy, reference().places)
    )
    for table in TABLES:
        sealed.drawn(frozen, table, wanted)  # a quarter that cannot be drawn is not frozen
    return frozen.to_bytes()


def awaits_facts(actor: Actor, quarter: str) -> bool:
    """Whether a case of this quarter has not reached statistics yet, because its people have not signed in.

    For a quarter that is frozen it doesn't matter any more: such cases are late. Raises NotFound.
    """
    wanted = _quarter(actor, quarter)
    if quarter in sealed.frozen_quarters(actor):
        return False
    waiting = (
        select(Order.id)
        .join(Case, Case.id == Order.case_id)
        .where(
            Order.organisation_id == actor.organisation_id,
            Order.kind == "fact_due",
            Order.done_at.is_(None),
            Case.opened_on.between(_before(wanted).ends + dt.timedelta(days=1), wanted.ends),
        )
        .limit(1)
    )
    return db.session.scalar(waiting) is not None


def freeze(actor: Actor, prepared: Freeze) -> None:
    """Write a gathered quarter, unless another manager was first: then theirs counts.

    Raises Conflict when a different quarter was frozen meanwhile, because a late case could be in both.
    """
    if prepared.snapshot is None:
        return
    sealed.queue(actor)
    known = frozenset(sealed.frozen_quarters(actor))
    if prepared.quarter in known:
        return
    if known != prepared.known:
        raise Conflict(
            _("Another quarter was closed for counting at the same moment. Open this table again.")
        )
    db.session.add(prepared.snapshot)
    db.session.flush()
    audit.record(
        actor,
        "statistics.freeze",
        object_kind="snapshot",
        object_id=prepared.snapshot.id,
        digest=hashlib.sha256(prepared.snapshot.sealed).digest(),
    )


def preview(actor: Actor, table: str, quarter: str) -> ProtectedTable:
    """The protected table of a frozen quarter, which is all that may leave this module. Raises NotFound."""
    row = sealed.snapshot_of(actor, table, quarter)
    protected = sealed.drawn(sealed.opened(sealed.Pairs(actor), row), table, Quarter.parse(quarter))
    audit.record(actor, "statistics.read", object_kind="snapshot", object_id=row.id)
    return protected


def _without_categories(fact: Fact) -> Fact:
    """Of somebody who refused statistics only this is kept: that there is a case in the quarter."""
    return Fact.from_record(fact.to_record() | dict.fromkeys(CATEGORIES, ""))


def _key_state(actor: Actor) -> str:
    if trust.organisation_key(actor.organisation_id, KEY) is None:
        return "missing"
    return "held" if keys.open_all(actor, KEY) else "elsewhere"


def _quarter(actor: Actor, text: str) -> Quarter:
    """A quarter that is on offer. Raises NotFound for one that is open, unknown or misspelt."""
    for quarter in _offered(actor, quarter_of(thursday_of(clock.today()))):
        if str(quarter) == text:
            return quarter
    raise NotFound


def _offered(actor: Actor, current: Quarter) -> list[Quarter]:
    """The closed quarters since the first case was opened, newest first.

    The day of opening is in clear; only its least value is asked for, because a manager reads no case.
    """
    first_day = db.session.scalar(
        select(func.min(Case.opened_on)).where(Case.organisation_id == actor.organisation_id)
    )
    quarters: list[Quarter] = []
    if first_day is not None:
        first, quarter = quarter_of(thursday_of(first_day)), _before(current)
        while quarter >= first and len(quarters) < OFFERED:
            quarters.append(quarter)
            quarter = _before(quarter)
    return quarters


def _before(quarter: Quarter) -> Quarter:
    return (
        Quarter(quarter.year, quarter.number - 1) if quarter.number > 1 else Quarter(quarter.year - 1, _LAST)
    )


def _first_week(quarter: Quarter) -> dt.date:
    """The Thursday of a quarter's first week."""
    return thursday_of(_before(quarter).ends + dt.timedelta(days=1))
