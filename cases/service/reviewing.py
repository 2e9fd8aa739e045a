"""File review: the files that are looked at, what was found, and whether it was mended.

What a review says is an item of its case, sealed. What has to be mended becomes a task on somebody's desk,
apart from the story of the case; once it is done, the file is looked at again.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from accounts.models import Person, PersonRole
from accounts.service.names import names_of
from cases.models import Assignment, Case, CaseItem, CaseMember, Entry
from cases.review_models import DrawnFile
from cases.service import drawing, items, keys, listing, rows, team
from cases.service.drawing import TO_DO
from cases.service.items import Said
from cases.service.reach import find
from cases.service.views import DONE, DROPPED, OPEN, OpenItem, Row
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import member_of, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError
from core.store.base import db
from domain import file_reviews
from domain.file_reviews import Answer, Missing
from domain.lifecycle import State
from vault import Key, VaultError

KIND: Final = "review"
SHOWN: Final = 200  # files on the page
LOOKED: Final = 500  # reviews that are counted for what comes again
YEAR: Final = dt.timedelta(days=365)
_MISSING: Final[Mapping[Missing, tuple[str, LazyString]]] = {
    Missing.ANSWER: ("answer", _("Choose an answer.")),
    Missing.WORDS: ("words", _("Write what is wrong, so that it can be mended.")),
}
WORKED: Final = _("You work or worked on this file, or wrote into it. Another coordinator looks at it.")
NOBODY: Final = _(
    "You work or worked on this file, or wrote into it, and so did every other coordinator who can open it. "
    "An administrator can invite one more coordinator, for example from an organisation that you work with; "
    "on a restricted file that coordinator has to be named."
)
NOT_DRAWN: Final = _("This file is not among those that are looked at now.")


@dataclass(frozen=True)
class Line:
    """A file that is looked at, as the list shows it."""

    case: Row
    month: dt.date
    state: str  # waits, open (to be mended), done
    by: str = ""
    due_on: dt.date | None = None


@dataclass(frozen=True)
class Months:
    """The files of this month, and those of earlier ones that are not in order yet."""

    waits: list[Line]
    mending: list[Line]
    done: list[Line]
    more: int  # not in order either, and not shown: there are too many
    others: int  # not in order, for colleagues, because the actor worked on them
    nobody: int  # not in order, and there is no coordinator who can look at them


@dataclass(frozen=True)
class Again:
    """What reviews of the last year found, by question, the most frequent first; nothing about anybody."""

    reviews: int
    found: list[tuple[str, int]]


@dataclass(frozen=True)
class Answers:
    """What a reviewer says: by question an answer and words, who mends what is wrong, until which day."""

    answers: Mapping[str, str] = field(repr=False)
    words: Mapping[str, str] = field(repr=False)
    owners: Mapping[str, UUID | None] = field(repr=False)
    mend_by: dt.date | None


@dataclass(frozen=True)
class Standing:
    """How the review of a file stands for the actor."""

    one: OpenItem | None  # what was said; None before anybody looked
    tasks: list[OpenItem]  # that it asked for
    why_not: LazyString | None  # why the actor does not look at this file


def months(actor: Actor) -> Months:
    """The files that the actor can look at. Those on which they worked are only counted."""
    current = or_(DrawnFile.month == drawing.this_month(), TO_DO)
    found = (
        reachable(actor, Permission.SUPERVISION_READ, Case)
        .join(DrawnFile, DrawnFile.case_id == Case.id)
        .outerjoin(CaseItem, CaseItem.id == DrawnFile.review_id)
        .where(current, Case.state != State.ERASED, ~_worked(actor.person_id))
        .order_by(func.coalesce(CaseItem.state, OPEN) == DONE, DrawnFile.month, Case.urgency, Case.number)
        .limit(SHOWN)
        .options(listing.CARD)
        .with_only_columns(Case, DrawnFile, CaseItem)
    )
    lines: list[Any] = list(db.session.execute(found))  # of files that nobody looked at there is no item
    cards = {row.id: row for row in listing.open_cards(actor, [case for case, _drawn, _item in lines])}
    names = names_of({item.owner_id for _case, _drawn, item in lines if item is not None})
    shown = [
        Line(
            cards[case.id], drawn.month, item.state if item else "waits",
            names.get(item.owner_id, "") if item else "", item.due_on if item else None,
        )
        for case, drawn, item in lines
    ]  # fmt: skip # one line of a list
    by_state = {state: [one for one in shown if one.state == state] for state in ("waits", OPEN, DONE)}
    left, opens, mine, able = _to_do(actor)
    return Months(
        by_state["waits"], by_state[OPEN], by_state[DONE],
        more=len(mine - {one.case.id for one in shown}),
        others=len((opens & able) - mine),  # what is restricted to others is not counted for them
        nobody=len(left - able - mine),
    )  # fmt: skip # what stands on one page


def _to_do(actor: Actor) -> tuple[set[UUID], ...]:
    """The files of the organisation that are not in order.

    All; those that the actor can open, and of them their own; those of any coordinator.
    """
    drawn = DrawnFile.case_id == Case.id, Case.state != State.ERASED, TO_DO
    left = (
        select(Case.id)
        .join(DrawnFile, DrawnFile.case_id == Case.id)
        .outerjoin(CaseItem, CaseItem.id == DrawnFile.review_id)
        .where(Case.organisation_id == actor.organisation_id, *drawn)
    )
    reach = reachable(actor, Permission.SUPERVISION_READ, Case).with_only_columns(Case.id)
    opens = left.where(Case.id.in_(reach))
    mine = opens.where(~_worked(actor.person_id))
    able = left.join(Person, _looks(Person.id))
    return tuple(set(db.session.scalars(asked)) for asked in (left, opens, mine, able))


def _looks(person: Any) -> ColumnElement[bool]:
    """That somebody is a coordinator who can open the case and did not work on it.

    In a statement about people and cases.
    """
    leads = PersonRole.person_id == person, PersonRole.role == str(Role.COORDINATOR)
    return and_(
        Person.organisation_id == Case.organisation_id,
        Person.state == "active",
        exists().where(*leads),
        or_(Case.restricted.is_(False), member_of(person)),
        ~_worked(person),
    )


def again(actor: Actor) -> Again:
    """How often each question was answered with no when a file was first looked at, in the last year."""
    found = (
        reachable(actor, Permission.SUPERVISION_READ, Case)
        .join(DrawnFile, DrawnFile.case_id == Case.id)
        .join(CaseItem, CaseItem.id == DrawnFile.review_id)
        .where(DrawnFile.month >= clock.today() - YEAR, Case.state != State.ERASED)
        .order_by(DrawnFile.month.desc(), Case.number)
        .limit(LOOKED)
        .options(listing.CARD)
        .with_only_columns(Case, CaseItem)
    )
    lines = db.session.execute(found).all()
    opened = keys.case_keys(actor, list(dict.fromkeys(case for case, _item in lines)))
    count, reviews = Counter[str](), 0
    for case, item in lines:
        with suppress(KeyError, VaultError, DomainError):  # the page of the case says what is wrong with it
            first = items.opened(case, opened[case.id], item)["data"]["rounds"][0]
            reviews += 1
            count.update(file_reviews.found(first["answers"]))
    return Again(reviews, count.most_common())


def of_case(actor: Actor, case_id: UUID) -> Standing:
    """How it stands with the review of a file. Raises NotFound, Locked."""
    case = find(actor, Permission.SUPERVISION_READ, case_id)
    key = keys.case_key(actor, case)
    drawn = _drawn(case)
    one = items.find_one(case, key, drawn.review_id) if drawn and drawn.review_id else None
    why_not = NOT_DRAWN if drawn is None and case.state != State.IN_REVIEW else None
    if _works(actor, case):
        able = select(Case.id).join(Person, _looks(Person.id)).where(Case.id == case.id)
        return Standing(None, [], WORKED if db.session.scalar(able.limit(1)) else NOBODY)
    return Standing(one, _tasks(case, key, one), why_not)


def look(actor: Actor, case_id: UUID, version: int, said: Answers, token: UUID) -> bool:
    """Say how a file stands; whether it is in order. The same token twice says it once.

    version: of what was said before, 0 where nothing was. Raises NotFound, Conflict where somebody else
    looked meanwhile, DomainError.
    """
    case = find(actor, Permission.SUPERVISION_READ, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    wrong = file_reviews.found(said.answers)
    if _said(case, key, token):  # a second click, also where the file is looked at no more by the first one
        return not wrong
    drawn = _drawn(case)
    if drawn is None and case.state != State.IN_REVIEW:
        raise DomainError(NOT_DRAWN)
    if _works(actor, case):
        raise DomainError(WORKED)
    for name, sentence in lacking(said).items():
        raise DomainError(sentence, field=name)
    drawn = drawn or drawing.take_in(case)
    row = db.session.get(CaseItem, drawn.review_id) if drawn.review_id else None
    before = items.opened(case, key, row) if row else None
    if (row.version if row else 0) != version:
        raise Conflict
    data = _data(actor, case, said, before["data"] if before else None)
    kept = Said(data, said.mend_by if wrong else None, actor.person_id, OPEN if wrong else DONE)
    if row is None:
        drawn.review_id = items.add(actor, case.id, KIND, kept, token, quiet=True, waits=False, over=True)
    else:
        items.change(actor, case.id, row.id, version, kept, token, quiet=True, over=True)
    assert drawn.review_id is not None  # noqa: S101 - it was added just now, or stood there
    _ask(actor, case, key, drawn.review_id, wrong, said, token)
    audit.record(actor, "case.review", object_kind="case", object_id=case.id)
    return not wrong


def lacking(said: Answers) -> dict[str, LazyString]:
    """What is missing before a review can be kept: by field of the form a sentence."""
    missing = {}
    for name, lacks in file_reviews.missing(said.answers, said.words).items():
        part, sentence = _MISSING[lacks]
        missing[f"{part}_{name}"] = sentence
    wrong = file_reviews.found(said.answers)
    for name in wrong:
        if said.owners.get(name) is None:
            missing[f"owner_{name}"] = _("Choose who mends it.")
    if wrong and (said.mend_by is None or said.mend_by < clock.today()):
        missing["mend_by"] = _("Enter until when it is to be mended.")
    return missing


def _data(actor: Actor, case: Case, said: Answers, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the item holds: every look at the file as it stood, the newest last."""
    now = {
        "state": case.state,
        "by": str(actor.person_id),
        "at": clock.now().isoformat(),
        "answers": dict(said.answers),
        "words": {name: words for name, words in said.words.items() if words.strip()},
    }
    return {"rounds": [*(before["rounds"] if before else ()), now]}


def _ask(
    actor: Actor, case: Case, key: Key, review_id: UUID, wrong: list[str], said: Answers, token: UUID
) -> None:
    """What is wrong stands on a desk as it was said last; what is in order stands on none any more."""
    open_ = [one for one in items.read(case, key) if _is_of(one, review_id) and one.is_open]
    for name in wrong:
        asked = next((one for one in open_ if one.data["question"] == name), None)
        fresh = {"title": "", "review": str(review_id), "question": name}
        data = {**(asked.data if asked else fresh), "more": said.words[name]}
        task = Said(data, said.mend_by, said.owners[name])
        once = uuid5(token, name)
        if asked is None:
            items.add(actor, case.id, "task", task, once, quiet=True, waits=False, over=True)
        elif task != Said(asked.data, asked.due_on, asked.owner_id):
            items.change(actor, case.id, asked.id, asked.version, task, once, quiet=True, over=True)
    able = team.may_open(case)
    for one in open_:
        answer = said.answers[one.data["question"]]
        if answer != Answer.NO:
            how = DROPPED if answer == Answer.NOT_HERE else DONE
            data = {**one.data, "end": {"how": how, "text": "", "on": clock.today().isoformat()}}
            task = Said(data, one.due_on, one.owner_id if one.owner_id in able else actor.person_id, how)
            items.change(actor, case.id, one.id, one.version, task, token, quiet=True, over=True)


def _tasks(case: Case, key: Key, one: OpenItem | None) -> list[OpenItem]:
    return [task for task in items.read(case, key) if _is_of(task, one.id)] if one else []


def _is_of(one: OpenItem, review_id: UUID) -> bool:
    return bool(one.kind == "task" and one.data.get("review") == str(review_id))


def _drawn(case: Case) -> DrawnFile | None:
    """That the file is looked at: what is not in order yet first, then the newest."""
    found = (
        select(DrawnFile)
        .outerjoin(CaseItem, CaseItem.id == DrawnFile.review_id)
        .where(
            DrawnFile.case_id == case.id,
            or_(DrawnFile.month == drawing.this_month(), TO_DO),
        )
        .order_by(func.coalesce(CaseItem.state, OPEN) == DONE, DrawnFile.month.desc())
        .limit(1)
    )
    return db.session.scalar(found)


def _worked(person: Any) -> ColumnElement[bool]:
    """The cases on which somebody works or worked, or wrote a line of what they did.

    person: an id or a column. Being named on a restricted case to lead it is no work, nor is a line that a
    session wrote while it carried out what others had decided. Who looked before they wrote anything goes on
    with that review.
    """
    leads = and_(CaseMember.capacity == str(Role.COORDINATOR), Case.restricted)
    member = exists().where(CaseMember.case_id == Case.id, CaseMember.person_id == person, ~leads)
    lawyer = exists().where(
        Assignment.case_id == Case.id,
        Assignment.lawyer_id == person,
        Assignment.state.in_(("accepted", "ended")),
        Assignment.answered_at.is_not(None),
    )
    wrote = exists().where(Entry.case_id == Case.id, Entry.author_id == person, Entry.carried_out.is_(False))
    review, drawn = aliased(CaseItem), aliased(DrawnFile)
    began = exists().where(
        drawn.case_id == Case.id,
        drawn.review_id == review.id,
        review.owner_id == person,
        review.state == OPEN,
    )
    return or_(member, lawyer, and_(wrote, ~began))


def _said(case: Case, key: Key, token: UUID) -> bool:
    """Whether a form with this token said the newest word of a review of the case."""
    reviews = select(CaseItem).join(DrawnFile, DrawnFile.review_id == CaseItem.id)
    found = db.session.scalars(reviews.where(DrawnFile.case_id == case.id)).all()
    return any(one.token == token or items.opened(case, key, one).get("last") == str(token) for one in found)


def _works(actor: Actor, case: Case) -> bool:
    """The same for one case."""
    found = select(Case.id).where(Case.id == case.id, _worked(actor.person_id))
    return db.session.scalar(found) is not None
