"""Sessions and campaigns that were held: what, where, for how many. Counts only, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from awareness.models import AwarenessSession
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import DomainError, NotFound, Refused
from core.store.base import db

Counts = dict[str, dict[str, int]]
"""Sex -> age band -> how many came; what is nought is left out."""

MOST: Final = 100_000  # people at one event
_SHOWN: Final = 100


@dataclass(frozen=True)
class Totals:
    """All sessions of a year of the organisation."""

    year: int
    sessions: int
    people: int
    by_sex: dict[str, int]
    by_age: dict[str, int]


def log(actor: Actor, token: UUID, values: dict[str, Any], counts: Counts, total: int) -> UUID:
    """Record a session that was held and give its id. The same token twice is one session.

    total: how many came, counted apart; it has to agree with `counts`. Raises Refused, DomainError.
    """
    if not may(actor, Permission.SESSION_LOG):
        raise Refused
    made = db.session.scalar(select(AwarenessSession).where(AwarenessSession.token == token))
    if made is not None:
        if made.organisation_id != actor.organisation_id:
            raise NotFound
        return made.id
    if values["held_on"] > clock.today():
        raise DomainError(
            _("This day has not come yet. Write down sessions after they were held."), field="held_on"
        )
    if any(not 0 <= number <= MOST for ages in counts.values() for number in ages.values()):
        raise DomainError(_("Enter how many came, between 0 and 100,000."))
    counted = sum(number for ages in counts.values() for number in ages.values())
    if counted == 0:
        raise DomainError(_("Enter how many people came."), field="total")
    if counted != total:
        said = _(
            "The numbers add up to %(counted)d, and %(total)d stands here. Correct one of them.",
            counted=counted,
            total=total,
        )
        raise DomainError(said, field="total")
    kept = {
        sex: {age: number for age, number in ages.items() if number}
        for sex, ages in counts.items()
        if any(ages.values())
    }
    row = AwarenessSession(
        id=token,
        organisation_id=actor.organisation_id,
        **values,
        counts=kept,
        total=total,
        logged_by=actor.person_id,
        logged_at=clock.now(),
        token=token,
        version=1,
    )
    db.session.add(row)
    audit.record(actor, "session_held.log", object_kind="session_held", object_id=row.id)
    return row.id


def newest(actor: Actor) -> list[AwarenessSession]:
    """The last hundred sessions of the organisation, the newest first."""
    statement = reachable(actor, Permission.SESSION_READ, AwarenessSession)
    order = (AwarenessSession.held_on.desc(), AwarenessSession.logged_at.desc())
    return list(db.session.scalars(statement.order_by(*order).limit(_SHOWN)))


def totals(actor: Actor) -> list[Totals]:
    """Each year with sessions, the newest first: how many sessions, how many people, by sex and by age."""
    ours = reachable(actor, Permission.SESSION_READ, AwarenessSession).subquery()
    rows = db.session.execute(select(ours.c.held_on, ours.c.total, ours.c.counts))
    years: dict[int, list[Any]] = {}
    for row in rows:
        years.setdefault(row.held_on.year, []).append(row)
    return [_totals(year, years[year]) for year in sorted(years, reverse=True)]


def _totals(year: int, rows: list[Any]) -> Totals:
    by_sex: dict[str, int] = {}
    by_age: dict[str, int] = {}
    for row in rows:
        for sex, ages in row.counts.items():
            for age, number in ages.items():
                by_sex[sex] = by_sex.get(sex, 0) + number
                by_age[age] = by_age.get(age, 0) + number
    return Totals(year, len(rows), sum(row.total for row in rows), by_sex, by_age)
