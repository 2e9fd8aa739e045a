"""The draw of each month: which files are looked at. It needs no key, and neither side can choose.

Drawn are one in ten of the files that were closed in the month before, one in twenty of those that are open
and a few that were closed earlier, at random; every file of the highest urgency that was closed; every file
that somebody complained about. Why a file is among them is kept nowhere, and neither the list nor its length
tells: chance draws among all files, new ones and those that were looked at before too, and a file about which
somebody complained takes the place of another one.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, exists, or_, select

from accounts.models import Organisation
from accounts.service import turns
from cases.models import Case, CaseItem
from cases.review_models import DrawnFile, ReviewDraw
from cases.service import items
from cases.service.views import OPEN
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.audit.models import AuditEntry
from core.store.base import db
from domain import reviews
from domain.file_reviews import (
    CLOSED_ONE_IN,
    EARLIER_ONE_IN,
    OPEN_ONE_IN,
    digest_of,
    month_before,
    month_of,
    sample,
)
from domain.lifecycle import State
from vault import Key

ACT: Final = "review.draw"

# Of a drawn file and the item of its review: it waits for a look, or is to be looked at again.
TO_DO: Final = or_(DrawnFile.review_id.is_(None), CaseItem.state == OPEN)

# The cases of an organisation about which somebody complained between two days; registered from above.
complained_about: Final[list[Callable[[UUID, dt.date, dt.date], set[UUID]]]] = []


@dataclass(frozen=True)
class Drawn:
    """How a month was drawn, checked for whoever looks."""

    month: dt.date
    drawn_at: dt.datetime
    among_closed: int  # files that whoever looks can open; how many others there are is told to nobody
    among_open: int
    agrees: bool  # every file that was drawn is on the list, and the record of acts says the same


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
    seed = secrets.token_hex(32)
    closed, earlier, open_ = _by_number(_closed(home, first)), _by_number(_earlier(home, first)), _open(home)
    numbers = {**closed, **earlier, **open_}
    cases = {case_id: number for number, case_id in numbers.items()}
    named = {
        cases[case_id] for ask in complained_about for case_id in ask(home, first, month) if case_id in cases
    }
    chosen = {cases[case_id] for case_id in _urgent(home, first) if case_id in cases}
    for pool, one_in in ((closed, CLOSED_ONE_IN), (earlier, EARLIER_ONE_IN), (open_, OPEN_ONE_IN)):
        chosen.update(sample(seed, pool, one_in, named))
    made = ReviewDraw(
        id=uuid4(), organisation_id=home, month=month, seed=seed, closed=sorted(closed), open=sorted(open_),
        drawn=sorted(chosen), drawn_at=clock.now(),
    )  # fmt: skip # one row
    db.session.add(made)
    _add(home, month, {numbers[number] for number in chosen})
    digest = digest_of(seed, made.closed, made.open, made.drawn)
    audit.record(None, ACT, organisation_id=home, object_kind="review_draw", object_id=made.id, digest=digest)
    db.session.flush()
    return made


def _made(home: UUID, month: dt.date) -> ReviewDraw | None:
    made = select(ReviewDraw).where(ReviewDraw.organisation_id == home, ReviewDraw.month == month)
    return db.session.scalar(made)


def how(actor: Actor) -> Drawn:
    """How this month was drawn, and whether the list is still what was drawn. Draws where nobody has yet."""
    known = _made(actor.organisation_id, this_month())
    made = known or draw(actor.organisation_id)
    written = select(AuditEntry.digest).where(
        AuditEntry.organisation_id == made.organisation_id,
        AuditEntry.act == ACT,
        AuditEntry.object_id == made.id,
    )
    kept = db.session.scalars(written).all()
    # In the moment of the draw the record is written with it, after this was asked; later it has to be there.
    fits = known is None or list(kept) == [digest_of(made.seed, made.closed, made.open, made.drawn)]
    asked = select(Case.id).where(Case.organisation_id == made.organisation_id, Case.number.in_(made.drawn))
    complete = set(db.session.scalars(asked)) <= _drawn_since(made.organisation_id, month_before(made.month))
    hidden = _hidden(actor)
    closed_, open_ = (len(set(numbers) - hidden) for numbers in (made.closed, made.open))
    return Drawn(made.month, made.drawn_at, closed_, open_, fits and complete)


def _hidden(actor: Actor) -> set[int]:
    """The numbers of the restricted files that the actor cannot open."""
    reach = reachable(actor, Permission.SUPERVISION_READ, Case).with_only_columns(Case.id)
    own = Case.organisation_id == actor.organisation_id, Case.restricted
    return set(db.session.scalars(select(Case.number).where(*own, Case.id.not_in(reach))))


def closed(case: Case, key: Key, record: Mapping[str, Any]) -> None:
    """A file that is or was of the highest urgency was closed: it is looked at, whatever is drawn.

    Lowering the urgency before spares it nothing. Where a second one looked through it this month as it was
    to be closed, nobody is asked again; who looked while it was worked on saw no end of it.
    """
    if not reviews.is_urgent(case.urgency, record):
        return
    row = db.session.get(DrawnFile, (this_month(), case.id))
    waits = select(Case.id).where(Case.id == case.id, _to_do())
    if row is None and db.session.scalar(waits) is None:
        _add(case.organisation_id, this_month(), {case.id})
    elif row is not None and row.review_id is not None and not _saw_the_end(case, key, row.review_id):
        row.review_id = None
    db.session.flush()


def _saw_the_end(case: Case, key: Key, review_id: UUID) -> bool:
    """Whether a review was said of the file as it was to be closed, or is to be said again anyway."""
    one = items.find_one(case, key, review_id)
    return one.is_open or one.data["rounds"][-1].get("state") in (str(State.IN_REVIEW), str(State.CLOSED))


def take_in(case: Case) -> DrawnFile:
    """A file that is looked at although nobody drew it, because a second one looks before it is closed."""
    row = DrawnFile(month=this_month(), case_id=case.id, organisation_id=case.organisation_id, review_id=None)
    db.session.add(row)
    return row


def _add(home: UUID, month: dt.date, case_ids: Collection[UUID]) -> None:
    rows: list[Any] = [
        DrawnFile(month=month, case_id=case_id, organisation_id=home, review_id=None)
        for case_id in sorted(case_ids)
    ]
    db.session.add_all(rows)


def _closed(home: UUID, first: dt.date) -> Select[int, UUID]:
    return _free(home).where(Case.state == str(State.CLOSED), Case.closed_on >= first)


def _earlier(home: UUID, first: dt.date) -> Select[int, UUID]:
    return _free(home).where(Case.state == str(State.CLOSED), Case.closed_on < first)


def _open(home: UUID) -> dict[int, UUID]:
    states = [str(state) for state in State if state not in {State.CLOSED, State.ERASED}]
    return _by_number(_free(home).where(Case.state.in_(states)))


def _urgent(home: UUID, first: dt.date) -> set[UUID]:
    """Closed files of the highest urgency that nobody was asked to look at when they were closed."""
    urgent = _closed(home, first).where(Case.urgency == reviews.URGENT).with_only_columns(Case.id)
    return set(db.session.scalars(urgent)) - _drawn_since(home, first)


def _free(home: UUID) -> Select[int, UUID]:
    """Number and id of the files that are not to be looked at anyway, nor were drawn this month."""
    drawn = exists().where(DrawnFile.case_id == Case.id, DrawnFile.month == this_month())
    return select(Case.number, Case.id).where(Case.organisation_id == home, ~drawn, ~_to_do())


def _to_do() -> ColumnElement[bool]:
    """Cases that wait for somebody to look, or to look again, in whatever month they were drawn."""
    drawn = select(DrawnFile.case_id).outerjoin(CaseItem, CaseItem.id == DrawnFile.review_id)
    return Case.id.in_(drawn.where(TO_DO))


def _by_number(cases: Select[int, UUID]) -> dict[int, UUID]:
    return {number: case_id for number, case_id in db.session.execute(cases)}  # noqa: C416 - rows are no pairs to mypy


def _drawn_since(home: UUID, since: dt.date) -> set[UUID]:
    """Files that were drawn in this month or since then."""
    drawn = select(DrawnFile.case_id).where(DrawnFile.organisation_id == home, DrawnFile.month >= since)
    return set(db.session.scalars(drawn))
