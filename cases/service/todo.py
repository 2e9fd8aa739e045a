"""What has to be done in a case: tasks, appointments, hearings, and duties to sign that come back.

All are items of the case. What they hold is sealed; a desk finds them by owner and day, and opens their
titles with the key of the case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, CompoundSelect, and_, exists, false, func, or_, select, tuple_, union
from sqlalchemy.orm import aliased

from cases.models import Case, CaseItem, Order
from cases.review_models import DrawnFile
from cases.service import followed, items, keys, listing, numbers, team
from cases.service.coming import able
from cases.service.items import Said
from cases.service.reach import find
from cases.service.views import DONE, DROPPED, OPEN, OpenItem, days_until
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import member_of, reachable
from core.errors import DomainError, NotFound
from core.store.base import db
from domain.appointments import WEEK, Fault, Pattern, UnfitPattern
from domain.lifecycle import State
from vault import VaultError

MEETINGS: Final = ("appointment", "hearing")
SIGNATURE: Final = "signature"
KINDS: Final = ("task", *MEETINGS, SIGNATURE)
NO_DAY: Final = dt.date.max  # sorts behind every day

_UNFIT: Final = MappingProxyType(
    {
        Fault.EVERY: ("days", _("Enter a number of days from 1 to 366.")),
        Fault.WEEKDAYS: ("weekdays", _("Choose on which days of the week.")),
        Fault.LAST: ("last", _("The last day comes before the first one on which to sign.")),
    }
)
# Of what an item holds, what its line in the timeline says too.
_TOLD: Final = ("title", "check", "auto", "at", "where")
_ENDED: Final = ("came", "next_on", "mistake")


Place = tuple[dt.date, UUID]
"""Day and id of a line, NO_DAY where it has none: the next page begins after it."""


@dataclass(frozen=True)
class Line:
    """Something to do on a desk, with the case that it belongs to."""

    case_id: UUID
    id: UUID
    reference: str
    urgency: str
    due_on: dt.date | None
    left: bool  # by somebody who can open the case no more
    kind: str = ""  # "" where the key of the case is missing
    data: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> Place:
        """Where the next page begins when this line is the last one of its page."""
        return self.due_on or NO_DAY, self.id

    @property
    def days_left(self) -> int | None:
        """Until its day; negative once that is over; None where it has none."""
        return None if self.due_on is None else days_until(self.due_on)


def on_desk(actor: Actor, limit: int, *, after: Place | None = None) -> list[Line]:
    """What stands open on the actor's desk in cases within reach, the earliest day first, from `after` on.

    Also what somebody left who can open the case no more, until a new key puts it on another desk: for those
    who work on the case and for coordinators.
    """
    day, mine = func.coalesce(CaseItem.due_on, NO_DAY), CaseItem.owner_id == actor.person_id
    left = ~able(CaseItem.owner_id)  # type: ignore[arg-type] # asked where somebody has it
    near = _near(actor).subquery()
    statement = (
        reachable(actor, Permission.CASE_READ, Case)
        .join(near, near.c.case_id == Case.id)
        .join(CaseItem, CaseItem.case_id == Case.id)
        .where(
            CaseItem.state == OPEN,
            or_(mine, and_(CaseItem.owner_id.is_not(None), left, _works(actor), ~_is_review())),
            or_(Case.state.not_in([State.CLOSED, State.ERASED]), _mended()),
        )
        .order_by(day, CaseItem.id)
        .limit(limit)
        .options(listing.CARD)
        .with_only_columns(CaseItem, Case)
    )
    if after is not None:
        statement = statement.where(tuple_(day, CaseItem.id) > after)
    found = db.session.execute(statement).all()
    opened = keys.case_keys(actor, list(dict.fromkeys(case for _row, case in found))) if found else {}
    return [_line(actor, row, case, opened) for row, case in found]


def _near(actor: Actor) -> CompoundSelect[UUID]:
    """In which cases it may stand, each half by an index: a walk would grow with the organisation.

    Whoever lost a case left it waiting for a new key, or it has one and nothing of theirs.
    """
    owned = CaseItem.owner_id == actor.person_id, CaseItem.state == OPEN
    waits = Order.organisation_id == actor.organisation_id, Order.done_at.is_(None)
    return union(
        select(CaseItem.case_id).where(*owned),
        select(Order.case_id).where(*waits, Order.kind == "rotation_due"),
    )


def _works(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor works on the case, more than to review a draft, or leads it."""
    leads = Case.restricted.is_(False) if Role.COORDINATOR in actor.roles else false()
    return or_(member_of(actor.person_id), leads)


def _is_review() -> ColumnElement[bool]:
    """What the supervision looks at has a page of its own, and is no work of those on the case."""
    return exists().where(DrawnFile.review_id == CaseItem.id)


def _mended() -> ColumnElement[bool]:
    """Closed files in which a review found something that is not mended yet."""
    review = aliased(CaseItem)
    drawn = exists().where(
        DrawnFile.case_id == Case.id, DrawnFile.review_id == review.id, review.state == OPEN
    )
    return and_(Case.state == State.CLOSED, drawn)


def _line(actor: Actor, row: CaseItem, case: Case, opened: Mapping[UUID, Any]) -> Line:
    content: dict[str, Any] = {"kind": "", "data": {}}
    # What does not open stands there without words, and its case says why.
    with suppress(KeyError, VaultError, DomainError):
        content = items.opened(case, opened[case.id], row)
    about = case.id, row.id, case.reference, case.urgency, row.due_on, row.owner_id != actor.person_id
    return Line(*about, content["kind"], content["data"])


def add(
    actor: Actor,
    case_id: UUID,
    kind: str,
    data: dict[str, Any],
    token: UUID,
    *,
    owner_id: UUID | None,
    on: dt.date | None,
) -> UUID:
    """Add something to do; the same token twice adds once. Gives its id. Raises as `items.add`.

    on: its day. A duty to sign begins with the first day that has not passed.
    """
    if kind not in KINDS:
        raise NotFound
    if kind == SIGNATURE:
        data = {**data, "marks": []}
        on = _first_left(pattern_of(data), clock.today())
    said = Said(data, on, owner_id)
    # A court or the police waits for no decision of ours about a conflict of interest.
    waits = kind == "task" and not data.get("auto")
    item_id = items.add(actor, case_id, kind, said, token, waits=waits, **told_of(data, on))
    _renumber(actor, case_id, kind, data)
    return item_id


def change(
    actor: Actor,
    case_id: UUID,
    item_id: UUID,
    version: int,
    data: dict[str, Any],
    token: UUID,
    *,
    owner_id: UUID | None,
    on: dt.date | None,
) -> None:
    """Say it otherwise; what the form does not carry stays. A duty to sign that had ended goes on.

    Raises as `items.change`.
    """
    one = one_of(actor, case_id, item_id)
    data, state = {**one.data, **data}, one.state
    if one.kind == SIGNATURE and one.last != str(token):
        start = min(one.due_on or clock.today(), clock.today())
        if data["marks"]:
            start = max(start, day_of(data["marks"][-1]["on"]) + dt.timedelta(days=1))
        on, state = _first_left(pattern_of(data), start), OPEN
        data.pop("end", None)
    said = Said(data, on, owner_id, state)
    told, apart = told_of(data, on), _apart(one)
    items.change(actor, case_id, item_id, version, said, token, quiet=apart, over=apart, **told)
    _renumber(actor, case_id, one.kind, one.data, data)
    if one.data.get("end"):
        followed.warn_again(actor, case_id, one, token)


def finish(
    actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID, *, how: str, word: str
) -> None:
    """Say that a task is done, or is not needed. how: `done` or `dropped`. Raises as `items.change`."""
    if how not in {DONE, DROPPED}:
        raise NotFound
    one = one_of(actor, case_id, item_id, "task")
    end(actor, case_id, one, version, token, {"how": how, "text": word}, how)


def take_out(
    actor: Actor,
    case_id: UUID,
    item_id: UUID,
    version: int,
    token: UUID,
    *,
    text: str,
    next_on: dt.date | None = None,
) -> None:
    """Say that an appointment, a hearing or a duty to sign was recorded by mistake; what followed ends too.

    next_on: a next date that the form carried, which nothing here has. Raises as `items.change`, DomainError.
    """
    one = one_of(actor, case_id, item_id, *MEETINGS, SIGNATURE)
    if next_on is not None:
        raise DomainError(_("What was recorded by mistake has no next date."), field="next_on")
    end(actor, case_id, one, version, token, {"mistake": True, "text": text}, DROPPED)
    case = db.session.get_one(Case, case_id)
    followed.take_back(actor, case, followed.still_open(actor, case, one))
    _renumber(actor, case_id, one.kind, one.data)


def reopen(actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID) -> bool:
    """Take up again what was done or dropped by mistake; a second click changes nothing.

    What had followed from an appointment or hearing ends. Gives whether anything had.
    """
    one = one_of(actor, case_id, item_id, "task", *MEETINGS)
    if one.is_open:
        return False
    data = {name: value for name, value in one.data.items() if name != "end"}
    said = Said(data, one.due_on, owner_of(actor, case_id, one), OPEN)
    told, apart = told_of(data, one.due_on), _apart(one)
    items.change(actor, case_id, item_id, version, said, token, quiet=apart, over=apart, **told)
    if one.kind not in MEETINGS:
        return False
    case = db.session.get_one(Case, case_id)
    over = followed.still_open(actor, case, one)
    followed.take_back(actor, case, over)
    _renumber(actor, case_id, one.kind, data)
    return bool(over)


def pattern_of(data: Mapping[str, Any]) -> Pattern:
    """On which days somebody has to sign. Raises DomainError beside the field that is wrong."""
    every = {"weekly": WEEK, "every": data["days"], "weekdays": None}[data["how"]]
    weekdays = frozenset(data["weekdays"]) if every is None else frozenset()
    last = day_of(data["last"]) if data["last"] else None
    try:
        return Pattern(day_of(data["first"]), last, every, weekdays)
    except UnfitPattern as error:
        name, sentence = _UNFIT[error.fault]
        raise DomainError(sentence, field=name) from None


def one_of(actor: Actor, case_id: UUID, item_id: UUID, *kinds: str) -> OpenItem:
    """An item of one of these kinds, in a case on which the actor writes. Raises NotFound."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    one = items.find_one(case, keys.case_key(actor, case), item_id)
    if one.kind not in (kinds or KINDS):
        raise NotFound
    return one


def end(
    actor: Actor,
    case_id: UUID,
    one: OpenItem,
    version: int,
    token: UUID,
    ended: dict[str, Any],
    state: str,
) -> None:
    """Say how it ended, in a line of the timeline too. Raises as `items.change`."""
    data = {**one.data, "end": {**ended, "on": clock.today().isoformat()}}
    said = Said(data, one.due_on, owner_of(actor, case_id, one), state)
    told = told_of(data, one.due_on) | {name: ended[name] for name in _ENDED if ended.get(name)}
    text, apart = ended["text"], _apart(one)
    items.change(actor, case_id, one.id, version, said, token, text=text, quiet=apart, over=apart, **told)


def _renumber(actor: Actor, case_id: UUID, kind: str, *held: Mapping[str, Any]) -> None:
    """Where it holds or held the number of a file, the search has to know."""
    if any(one.get(numbers.FIELDS.get(kind, "")) for one in held):
        numbers.renumber(actor, case_id)


def _apart(one: OpenItem) -> bool:
    """Whether a file review asked for it: done in a closed file too, apart from the story of the case."""
    return bool(one.data.get("review"))


def _first_left(pattern: Pattern, start: dt.date) -> dt.date:
    found = pattern.on_or_after(start)
    if found is None:
        raise DomainError(_("No day is left on which to sign. Look at the last day."), field="last")
    return found


def owner_of(actor: Actor, case_id: UUID, one: OpenItem) -> UUID | None:
    """Whoever has it, or the actor where that person may open the case no more."""
    able = team.may_open(db.session.get_one(Case, case_id))
    return one.owner_id if one.owner_id is None or one.owner_id in able else actor.person_id


def told_of(data: Mapping[str, Any], on: dt.date | None) -> dict[str, Any]:
    """What the line in the timeline says of it."""
    told = {name: data[name] for name in _TOLD if data.get(name)}
    return told | ({"on": on.isoformat()} if on else {})


def day_of(text: str) -> dt.date:
    """A day in ISO 8601."""
    return dt.date.fromisoformat(text)
