"""The deadlines of a case as their cards show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from accounts.service.names import names_of
from cases.models import Case, Deadline
from cases.service import counting, deadline_rows, left_open, team
from cases.service.law import law_of, words_of
from cases.service.views import Counted, LeftOpen, Move, OpenDeadline
from core.store.base import db
from domain.deadlines.questions import day_of
from domain.lifecycle import State
from domain.tables import LANGUAGES
from vault import Key

SHOWN: Final = 6  # on the page of a case, beside those that ask for somebody


def read(case: Case, key: Key, *, soonest: bool = False) -> list[OpenDeadline]:
    """The deadlines of a case, open ones first, the earliest safe date on top. Raises rows.Tampered.

    soonest: of the open ones the next few, and whatever asks for somebody: touched by a change of law, with a
    change proposed, watched by somebody who may no longer open the case.
    """
    wanted = select(Deadline).where(Deadline.case_id == case.id)
    if soonest:
        wanted = wanted.where(Deadline.state == "open", _shown(case))
    found = db.session.scalars(wanted).all()
    if not found:
        return []
    opened = [(row, deadline_rows.opened(case, key, row)) for row in found]
    people = {UUID(person) for row, content in opened for person in _people(row, content)}
    names = {str(person_id): name for person_id, name in names_of(people).items()}
    able = team.may_open(case)
    cards = [_card(case, row, content, names, able) for row, content in opened]
    return sorted(cards, key=lambda card: (card.state != "open", day_of(card.safe), str(card.id)))


def _shown(case: Case) -> ColumnElement[bool]:
    able = team.able(case, reviews=False)
    next_ones = select(Deadline.id).where(Deadline.case_id == case.id, Deadline.state == "open")
    return or_(
        Deadline.id.in_(next_ones.order_by(Deadline.safe_on, Deadline.id).limit(SHOWN)),
        Deadline.touched,
        Deadline.proposed_by.is_not(None),
        Deadline.responsible_id.not_in(able),
        Deadline.second_id.not_in(able),
    )


def _people(row: Deadline, content: dict[str, Any]) -> set[str]:
    moves = [*content["moves"], *filter(None, [content["proposed"]])]
    named = {one.get(name) for one in moves for name in ("by", "confirmed_by")}
    named |= {
        content["by"],
        content.get("counted_by"),
        content.get("done_by"),
        content.get("left", {}).get("by"),
        str(row.responsible_id),
        str(row.second_id),
    }
    return {person for person in named if person}


def _card(
    case: Case, row: Deadline, content: dict[str, Any], names: dict[str, str], able: Collection[UUID]
) -> OpenDeadline:
    def moved(one: dict[str, Any]) -> Move:
        to = dt.date.fromisoformat(one["to"]) if one["to"] else None
        at = dt.datetime.fromisoformat(one["at"])
        confirmed = names.get(one.get("confirmed_by", ""), "")
        by = UUID(one["by"]) if one["by"] else None
        beyond = one.get("beyond", False)
        return Move(to, one["reason"], by, names.get(one["by"], ""), at, confirmed, beyond=beyond)

    def left() -> LeftOpen | None:
        if over != State.CLOSED or "left" not in content:
            return None
        one = content["left"]
        at = dt.datetime.fromisoformat(one["at"])
        return LeftOpen(one["why"], one["reason"], names.get(one["by"], ""), at)

    over = case.state if row.state == "open" and case.state in {State.CLOSED, State.ERASED} else ""
    safe = counting.day(content["safe"])
    counted = counting.looked_at(case, content)
    target = law_of(case.organisation_id).beside.targets.get(content["asked"]["rule"])
    found = counting.today(case, content) if row.state == "open" else None
    law = counting.seen(case, content, found) if row.state == "open" else ""
    anew = found if law else None
    added, gone = counting.said_anew(case, content, anew) if law else ([], [])
    words = words_of(case.organisation_id)
    return OpenDeadline(
        id=row.id,
        rule=content["asked"]["rule"],
        asked=content["asked"],
        safe=safe,
        target=counting.own_target(case, content["asked"], safe) if row.state == "open" else None,
        counted=_dates(counted),
        basis=content.get("basis", ""),  # one from before it was kept says it in its steps
        steps={
            language: [(level, text) for level, text in told] for language, told in content["steps"].items()
        },
        counted_on=dt.date.fromisoformat(content["counted_on"]),
        state=row.state,
        responsible_id=row.responsible_id,
        responsible=names[str(row.responsible_id)],
        second_id=row.second_id,
        second=names[str(row.second_id)],
        by=names[content.get("counted_by", content["by"])],
        version=row.version,
        proof=content.get("proof", ""),
        done_on=dt.date.fromisoformat(content["done_on"]) if "done_on" in content else None,
        done_by=names.get(content.get("done_by", ""), ""),
        moves=tuple(map(moved, content["moves"])),
        proposed=moved(content["proposed"]) if content["proposed"] else None,
        two=deadline_rows.needs_two(case, content),
        unwatched=not {row.responsible_id, row.second_id} <= set(able),
        counted_anew=Counted(anew.due, anew.safe, anew.latest) if anew else None,
        again_days=target.again if target else None,
        law=law,
        taken=bool(law and content.get("taken")),
        runs=row.state == "open" and not over,
        added={
            language: [(str(level), text) for level, text in words.told(added, language)]
            for language in LANGUAGES
        },
        gone={
            language: [tuple(told[place]) for place in gone] for language, told in content["steps"].items()
        },
        late=counting.late(content) if row.state == "done" else None,
        furthest=counting.furthest(case, content, found) if row.state == "open" else None,
        bars=row.state == "open" and left_open.urgent(case, content),
        left=left(),
    )


def _dates(counted: counting.Dates | None) -> Counted | None:
    return Counted(*(counting.day(counted[name]) for name in counting.DATES)) if counted else None
