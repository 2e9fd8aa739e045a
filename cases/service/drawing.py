"""The draw of each month: which files are looked at. It needs no key, and neither side can choose.

Drawn are one in ten of the files that were closed in the month before and one in twenty of those that are
open, at random; every file of the highest urgency that was closed; every file that somebody complained about.
Why a file is among them is kept nowhere.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Select, exists, select

from accounts.models import Organisation
from accounts.service import turns
from cases.models import Case
from cases.review_models import DrawnFile, ReviewDraw
from cases.service import items
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.audit.models import AuditEntry
from core.store.base import db
from domain import reviews
from domain.file_reviews import CLOSED_ONE_IN, OPEN_ONE_IN, digest_of, month_before, month_of, sample
from domain.lifecycle import State
from vault import Key

ACT: Final = "review.draw"

# The cases of an organisation about which somebody complained between two days; registered from above.
complained_about: Final[list[Callable[[UUID, dt.date, dt.date], set[UUID]]]] = []


@dataclass(frozen=True)
class Drawn:
    """How a month was drawn, to be checked by whoever looks."""

    month: dt.date
    seed: str
    drawn_at: dt.datetime
    among_closed: int
    among_open: int
    agrees: bool  # drawn again from the seed it is the same, and the record of acts says so too


def this_month() -> dt.date:
    """The first day of the month."""
    return month_of(clock.today())


def draw_all() -> None:
    """Draw for every organisation that has not drawn this month. Safe twice."""
    drawn = exists().where(ReviewDraw.organisation_id == Organisation.id, ReviewDraw.month == this_month())
    for home in db.session.scalars(select(Organisation.id).where(~drawn).order_by(Organisation.id)).all():
        draw(home)


def draw(home: UUID) -> ReviewDraw:
    """Draw for this month, or give what was drawn; two at once take turns and draw once."""
    month = this_month()
    if (found := _made(home, month)) is not None:
        return found
    turns.take(home)
    if (found := _made(home, month)) is not None:
        return found
    first = month_before(month)
    closed, open_ = _closed(home, first, month), _open(home, first)
    seed = secrets.token_hex(32)
    by_chance = _sample(seed, closed, open_)
    made = ReviewDraw(
        id=uuid4(), organisation_id=home, month=month, seed=seed, closed=sorted(closed), open=sorted(open_),
        drawn_at=clock.now(),
    )  # fmt: skip # one row
    db.session.add(made)
    numbers = {**closed, **open_}
    chosen = {numbers[number] for number in by_chance} | _urgent(home, first, month)
    chosen -= _looked_at(home, first)
    for ask in complained_about:  # also where somebody had looked before: the complaint came after that
        chosen |= ask(home, first, month) - _waiting(home)
    _add(home, month, chosen)
    digest = digest_of(seed, made.closed, made.open, by_chance)
    audit.record(None, ACT, organisation_id=home, object_kind="review_draw", object_id=made.id, digest=digest)
    db.session.flush()
    return made


def _made(home: UUID, month: dt.date) -> ReviewDraw | None:
    made = select(ReviewDraw).where(ReviewDraw.organisation_id == home, ReviewDraw.month == month)
    return db.session.scalar(made)


def how(actor: Actor) -> Drawn:
    """How this month was drawn, drawn once more from its seed. Draws where that was not done yet."""
    known = _made(actor.organisation_id, this_month())
    made = known or draw(actor.organisation_id)
    closed, open_ = list(made.closed), list(made.open)
    again = _sample(made.seed, closed, open_)
    written = select(AuditEntry.digest).where(
        AuditEntry.organisation_id == made.organisation_id,
        AuditEntry.act == ACT,
        AuditEntry.object_id == made.id,
    )
    kept = db.session.scalars(written).all()
    # In the moment of the draw the record is written with it, after this was asked; later it has to be there.
    fits = known is None or list(kept) == [digest_of(made.seed, closed, open_, again)]
    first = month_before(made.month)
    there = _looked_at(made.organisation_id, first)
    asked = select(Case.id).where(Case.organisation_id == made.organisation_id, Case.number.in_(again))
    complete = set(db.session.scalars(asked)) <= there
    return Drawn(made.month, made.seed, made.drawn_at, len(closed), len(open_), fits and complete)


def closed(case: Case, key: Key, record: Mapping[str, Any]) -> None:
    """A file that is or was of the highest urgency was closed: it is looked at, whatever is drawn.

    Lowering the urgency before spares it nothing. Where a second one looked through it this month as it was
    to be closed, nobody is asked again; who looked while it was worked on saw no end of it.
    """
    if not reviews.is_urgent(case.urgency, record):
        return
    row = db.session.get(DrawnFile, (this_month(), case.id))
    if row is None:
        _add(case.organisation_id, this_month(), {case.id})
    elif row.review_id is not None and not _saw_the_end(case, key, row.review_id):
        row.review_id = None
    db.session.flush()


def _saw_the_end(case: Case, key: Key, review_id: UUID) -> bool:
    said = items.find_one(case, key, review_id).data["rounds"][-1]
    return said.get("state") in (str(State.IN_REVIEW), str(State.CLOSED))


def take_in(case: Case) -> DrawnFile:
    """A file that is looked at although nobody drew it, because a second one looks before it is closed."""
    row = DrawnFile(month=this_month(), case_id=case.id, organisation_id=case.organisation_id, review_id=None)
    db.session.add(row)
    return row


def _sample(seed: str, closed: Collection[int], open_: Collection[int]) -> list[int]:
    return [*sample(seed, closed, CLOSED_ONE_IN), *sample(seed, open_, OPEN_ONE_IN)]


def _add(home: UUID, month: dt.date, case_ids: Collection[UUID]) -> None:
    rows: list[Any] = [
        DrawnFile(month=month, case_id=case_id, organisation_id=home, review_id=None)
        for case_id in sorted(case_ids)
    ]
    db.session.add_all(rows)


def _closed(home: UUID, first: dt.date, before: dt.date) -> dict[int, UUID]:
    closed = select(Case.number, Case.id).where(*_closed_in(home, first, before))
    return _by_number(closed)


def _urgent(home: UUID, first: dt.date, before: dt.date) -> set[UUID]:
    urgent = select(Case.id).where(*_closed_in(home, first, before), Case.urgency == reviews.URGENT)
    return set(db.session.scalars(urgent))


def _closed_in(home: UUID, first: dt.date, before: dt.date) -> tuple[Any, ...]:
    closed = Case.organisation_id == home, Case.state == str(State.CLOSED)
    return (*closed, Case.closed_on >= first, Case.closed_on < before)


def _open(home: UUID, since: dt.date) -> dict[int, UUID]:
    """Files that have been open for some time: there has to be something to look at."""
    states = [str(state) for state in State if state not in {State.CLOSED, State.ERASED}]
    return _by_number(
        select(Case.number, Case.id).where(
            Case.organisation_id == home, Case.state.in_(states), Case.opened_on < since
        )
    )


def _by_number(cases: Select[int, UUID]) -> dict[int, UUID]:
    return {number: case_id for number, case_id in db.session.execute(cases)}  # noqa: C416 - rows are no pairs to mypy


def _waiting(home: UUID) -> set[UUID]:
    """Files that wait for somebody to look already, in whatever month they were drawn."""
    waits = DrawnFile.organisation_id == home, DrawnFile.review_id.is_(None)
    return set(db.session.scalars(select(DrawnFile.case_id).where(*waits)))


def _looked_at(home: UUID, since: dt.date) -> set[UUID]:
    """Files that are drawn already, in this month or since then."""
    drawn = select(DrawnFile.case_id).where(DrawnFile.organisation_id == home, DrawnFile.month >= since)
    return set(db.session.scalars(drawn))
