"""A line of the timeline that belongs to somebody else's case: its words are deleted for good.

What somebody wrote themselves less than an hour ago they take out alone. Anything else may be evidence, so
one person asks and another one confirms, as for a document (`removing`); until then it is folded. Where it
stood, who took it out, when and why stays.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.models import Person
from accounts.service.names import names_of
from cases.models import Case, Entry
from cases.service import correcting, first_steps, hearings, keys, numbers, rows, team, timeline
from cases.service.reach import find
from cases.service.removing import Before
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from domain import removals
from domain.lifecycle import State
from domain.lines import NOT_FILED, OUTCOME, TAKEN_OUT
from domain.removals import Asked, Way
from vault import Key

LINE: Final = "line"
"""Kind of a line that says what was asked about another one."""
_CHAIN: Final = ("corrects", "corrected", "corrected_by")


def before(actor: Actor, case_id: UUID, line_id: UUID) -> Before:
    """What the page of it says. Raises NotFound."""
    case, _key, entry, line = _opened(actor, case_id, line_id)
    others = team.may_open(case) - {actor.person_id}
    asked = _asked(line)
    return Before(
        way=_way(actor, case, entry, line),
        others=list(
            db.session.scalars(select(Person.name).where(Person.id.in_(others)).order_by(Person.name))
        ),
        alone_from=(asked.at if asked else clock.now()) + removals.ALONE,
    )


def take_out(actor: Actor, case_id: UUID, line_id: UUID, version: int, reason: str, token: UUID) -> bool:
    """Delete the words of a line for good, or ask for that; gives whether they are gone. Twice is once.

    With them goes what other lines repeat of them; a hearing that it had ended is open again. In a closed
    case too, and while a conflict of interest is possible. Raises NotFound, Conflict, or DomainError without
    a reason, or while another person has to confirm. What a lawyer of the case wrote a lawyer asks about.
    """
    case, key, entry, line = _marked(actor, case_id, line_id, reason)
    if line["kind"] == TAKEN_OUT:
        return True
    if timeline.case_of_token(actor, token) is not None:
        return False
    if entry.version != version:
        raise Conflict
    way = _way(actor, case, entry, line)
    if way is Way.WAIT:
        raise DomainError(_("You asked for this. Another person confirms it, or it stays."), field="reason")
    if _asked(line) is None and correcting.lawyers_to_ask(actor, case, entry, line):
        raise Conflict
    if way is Way.ASK:
        by = {"by": str(actor.person_id), **_now(actor, reason)}
        timeline.seal_again(case, key, entry, {**line["data"], "leaving": by})
        _tell(actor, case, key, "leaving", line, reason, token)
        return False
    kept = {name: line["data"][name] for name in _CHAIN if name in line["data"]}
    gone = {"was": line["data"].get("was", line["kind"]), **kept, "out": _now(actor, reason)}
    timeline.replace(case, key, entry, {"kind": TAKEN_OUT, "text": "", "data": gone})
    _forget(case, key, entry.id)
    if not kept.get("corrected"):
        first_steps.line_wrong(case, key, entry, line)
        if line["data"].get("number"):
            numbers.renew(case, key)
    case.changed_at = clock.now()
    rows.written(actor, "case.line_out", key, case)
    if line["kind"] == OUTCOME:
        hearings.follow_line(actor, case, key, entry, line, "", "", token)
    return True


def keep(actor: Actor, case_id: UUID, line_id: UUID, version: int, reason: str, token: UUID) -> None:
    """Say that a line stays that somebody asked to take out. Raises NotFound, Conflict, DomainError."""
    case, key, entry, line = _marked(actor, case_id, line_id, reason)
    if timeline.case_of_token(actor, token) is not None:
        return
    if entry.version != version or line["data"].get("leaving") is None:
        raise Conflict  # somebody decided before
    data = {name: said for name, said in line["data"].items() if name != "leaving"}
    timeline.seal_again(case, key, entry, data)
    _tell(actor, case, key, "stays", line, reason, token)


def _marked(
    actor: Actor, case_id: UUID, line_id: UUID, reason: str
) -> tuple[Case, Key, Entry, dict[str, Any]]:
    if not reason.strip():
        raise DomainError(_("Write the reason"), field="reason")
    return _opened(actor, case_id, line_id)


def _opened(actor: Actor, case_id: UUID, line_id: UUID) -> tuple[Case, Key, Entry, dict[str, Any]]:
    case = find(actor, Permission.CASE_NOTE, case_id)
    if case.state == State.ERASED:
        raise NotFound
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    return case, key, *correcting.typed(case, key, line_id)


def _way(actor: Actor, case: Case, entry: Entry, line: dict[str, Any]) -> Way:
    return removals.way(
        str(actor.person_id),
        clock.now(),
        added_by=str(entry.author_id),
        added_at=entry.written_at,
        asked=_asked(line),
        others=bool(team.may_open(case) - {actor.person_id}),
    )


def _asked(line: dict[str, Any]) -> Asked | None:
    asked = line["data"].get("leaving")
    return Asked(asked["by"], dt.datetime.fromisoformat(asked["at"])) if asked else None


def _now(actor: Actor, reason: str) -> dict[str, str]:
    name = names_of({actor.person_id})[actor.person_id]
    return {"name": name, "at": clock.now().isoformat(), "reason": reason}


def _tell(
    actor: Actor, case: Case, key: Key, change: str, line: dict[str, Any], reason: str, token: UUID
) -> None:
    """A line of its own, so that whoever confirms learns of it."""
    data = {"change": change, "was": line["data"].get("was", line["kind"])}
    written = timeline.write(actor, case, key, LINE, reason, data=data, token=token)
    case.changed_at = written.written_at
    rows.written(actor, "case.note", key, case)


def _forget(case: Case, key: Key, line_id: UUID) -> None:
    """Take out what other lines repeat of one that is gone: as its outcome, or as what corrects it."""
    me = str(line_id)
    for entry, line in list(timeline.opened_lines(case, key)):
        data = line["data"]
        if line["kind"] == OUTCOME and data["of"]["id"] == me:
            of = {"id": me, "type": data["of"]["type"], "words": "", "on": "", "gone": True}
            timeline.seal_again(case, key, entry, {**data, "of": of})
        elif data.get("corrects", {}).get("id") == me and line["kind"] == NOT_FILED:
            bare = {name: said for name, said in data.items() if name != "what"}
            timeline.seal_again(case, key, entry, bare)
