"""Deadlines of a case: counted by the engine, watched by two people, met with proof, never lost silently.

The safe date, the state and the two people stand in clear, so that a deadline comes to a desk without being
opened; the sealed row says the same, and one that says otherwise does not open. Reminders and desks use the
safe date alone (docs/deadlines.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import exists, select

from accounts.models import Person
from cases.models import Case, Deadline
from cases.service import keys, reminders, rows, team, timeline
from cases.service.law import law_of, words_of
from cases.service.reach import find
from cases.service.views import Move, OpenDeadline
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from domain.deadlines import engine
from domain.deadlines.questions import Question, day_of, moment
from domain.deadlines.steps import Refusal
from domain.lifecycle import State
from vault import Key

TABLE: Final = "deadlines"
LANGUAGES: Final = ("ar", "tr", "en")
NEEDS_TWO: Final = "U0"  # of this urgency nothing is moved by one person alone
_FIELDS: Final = {"no_date": "served_on", "no_request": "request_on"}  # where a refusal stands


def count(actor: Actor, asked: dict[str, Any]) -> engine.Deadline:
    """Ask the engine, by the law of the organisation. Raises DomainError with its reason for no date."""
    try:
        return engine.answer(law_of(actor.organisation_id), Question.parse(asked))
    except Refusal as refusal:
        why = words_of(actor.organisation_id).reason(refusal, actor.language)
        raise DomainError(why, field=_FIELDS.get(refusal.code, "rule")) from None


def add(
    actor: Actor,
    case_id: UUID,
    token: UUID,
    asked: dict[str, Any],
    responsible_id: UUID,
    second_id: UUID,
) -> UUID:
    """Add a deadline and give its id; the same token twice adds one.

    Raises NotFound, Locked, and DomainError where the engine gives no date or the two are not two people who
    work on the case.
    """
    case, key = _file(actor, Permission.CASE_DEADLINE, case_id)
    known = db.session.scalar(select(Deadline.id).where(Deadline.token == token))
    if known is not None:
        return known
    _require_running(case)
    _require_two(case, responsible_id, second_id)
    found = count(actor, asked)
    words = words_of(actor.organisation_id)
    content: dict[str, Any] = {
        "asked": asked,
        **{name: _iso(getattr(found, name)) for name in ("due", "safe", "latest")},
        "basis": found.basis,
        "steps": {language: words.told(found.steps, language) for language in LANGUAGES},
        "counted_on": clock.today().isoformat(),
        "by": str(actor.person_id),
        "moves": [],
        "proposed": None,
    }
    row = Deadline(
        id=uuid4(),
        case_id=case.id,
        safe_on=day_of(found.safe),
        state="open",
        responsible_id=responsible_id,
        second_id=second_id,
        version=0,
        token=token,
    )
    db.session.add(row)
    _save(actor, case, key, row, content, "added")
    return row.id


def watch(
    actor: Actor, case_id: UUID, deadline_id: UUID, version: int, responsible_id: UUID, second_id: UUID
) -> None:
    """Put a deadline into the hands of two others. Raises Conflict, DomainError."""
    case, key, row, content = _open(actor, Permission.CASE_DEADLINE, case_id, deadline_id, version)
    _require_running(case)
    _require_two(case, responsible_id, second_id)
    row.responsible_id, row.second_id = responsible_id, second_id
    _save(actor, case, key, row, content, "people")


def meet(actor: Actor, case_id: UUID, deadline_id: UUID, version: int, proof: str, on: dt.date) -> None:
    """Say that a deadline was met, when, and how that is proved. Raises Conflict, DomainError."""
    case, key, row, content = _open(actor, Permission.CASE_DEADLINE, case_id, deadline_id, version)
    if not proof.strip():
        raise DomainError(
            _("Write how it can be proved, for example the number of the receipt."), field="proof"
        )
    if on > clock.today():
        raise DomainError(_("This day has not come yet."), field="on")
    row.state = "done"
    met = {"proof": proof.strip(), "done_on": on.isoformat(), "done_by": str(actor.person_id)}
    _save(actor, case, key, row, content | met | {"proposed": None}, "done", proof)


def move(
    actor: Actor, case_id: UUID, deadline_id: UUID, version: int, to: dt.date | None, reason: str
) -> bool:
    """Move a deadline, or with no day take it out. False where a second person has to confirm it.

    A lawyer of the case does either; where no lawyer works on it, a coordinator takes out what was entered by
    mistake. Raises Refused, NotFound, Conflict, DomainError without a reason.
    """
    permission = Permission.DEADLINE_MOVE if to else Permission.DEADLINE_DROP
    if not may(actor, permission):
        raise Refused
    case, key, row, content = _open(actor, permission, case_id, deadline_id, version)
    _require_running(case)
    if not reason.strip():
        raise DomainError(_("Write the reason in a sentence."), field="reason")
    asked = {
        "to": to.isoformat() if to else None,
        "reason": reason.strip(),
        "by": str(actor.person_id),
        "at": clock.now().isoformat(),
    }
    if _needs_two(case, content):
        _save(actor, case, key, row, content | {"proposed": asked}, "proposed", reason)
        return False
    _carry_out(actor, case, key, row, content, asked)
    return True


def reopen(actor: Actor, case_id: UUID, deadline_id: UUID, version: int, reason: str) -> None:
    """Watch a deadline again that was met by mistake; how it was met stays in the timeline.

    Raises Conflict, DomainError without a reason.
    """
    case, key, row, content = _open(actor, Permission.CASE_DEADLINE, case_id, deadline_id, version, "done")
    _require_running(case)
    if not reason.strip():
        raise DomainError(_("Write the reason in a sentence."), field="reason")
    row.state = "open"
    again = {name: said for name, said in content.items() if name not in {"proof", "done_on", "done_by"}}
    _save(actor, case, key, row, again, "reopened", reason)


def confirm(actor: Actor, case_id: UUID, deadline_id: UUID, version: int, *, yes: bool) -> None:
    """A second person confirms what was proposed, or refuses it: then the date stays.

    Raises Conflict, NotFound where nothing is proposed, DomainError for whoever proposed it.
    """
    case, key, row, content = _open(actor, Permission.CASE_DEADLINE, case_id, deadline_id, version)
    asked = content["proposed"]
    if asked is None:
        raise NotFound
    if asked["by"] == str(actor.person_id):
        raise DomainError(
            _("Somebody else has to confirm it: two people move a deadline of a case like this.")
        )
    if yes:
        _require_running(case)
        if asked["to"] and asked["to"] < clock.today().isoformat():
            raise DomainError(_("The day that was proposed has passed. Refuse it, and propose another."))
        confirmed = asked | {"confirmed_by": str(actor.person_id)}
        _carry_out(actor, case, key, row, content | {"proposed": None}, confirmed)
    else:
        _save(actor, case, key, row, content | {"proposed": None}, "refused")


def keep_two(case: Case, key: Key) -> None:
    """Once a case is of the highest urgency, its open deadlines say so themselves: lowering it lifts nothing.

    Raises rows.Tampered.
    """
    if case.urgency != NEEDS_TWO:
        return
    open_ = select(Deadline).where(Deadline.case_id == case.id, Deadline.state == "open")
    for row in db.session.scalars(open_.execution_options(populate_existing=True)):
        content = _content(key, case, row)
        if not content.get("two"):
            _seal(case, key, row, content)


def read(case: Case, key: Key) -> list[OpenDeadline]:
    """The deadlines of a case, open ones first, the earliest safe date on top. Raises rows.Tampered."""
    found = db.session.scalars(select(Deadline).where(Deadline.case_id == case.id)).all()
    if not found:
        return []
    opened = [(row, _content(key, case, row)) for row in found]
    wanted = {UUID(person) for row, content in opened for person in _people(row, content)}
    rows_ = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    names = {str(person_id): name for person_id, name in rows_}
    able = team.may_open(case)
    cards = [_card(case, row, content, names, able) for row, content in opened]
    return sorted(cards, key=lambda card: (card.state != "open", day_of(card.safe), str(card.id)))


def blocks_closing(case_id: UUID) -> Any:
    """Why a case with an open deadline does not close, or nothing."""
    waiting = exists().where(Deadline.case_id == case_id, Deadline.state == "open")
    if db.session.scalar(select(waiting)):
        return _(
            "A deadline of this case is still open. Meet it first, or write why the case closes over it."
        )
    return None


def _file(actor: Actor, permission: Permission, case_id: UUID) -> tuple[Case, Key]:
    case = find(actor, permission, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    return case, key


def _open(
    actor: Actor, permission: Permission, case_id: UUID, deadline_id: UUID, version: int, state: str = "open"
) -> tuple[Case, Key, Deadline, dict[str, Any]]:
    """A deadline to change, with its content. Raises NotFound, Conflict where it is in another state."""
    case, key = _file(actor, permission, case_id)
    row = db.session.get(Deadline, deadline_id, populate_existing=True)
    if row is None or row.case_id != case.id:
        raise NotFound
    if row.version != version or row.state != state:
        raise Conflict(_("Somebody changed this deadline meanwhile. Nothing was overwritten."))
    return case, key, row, _content(key, case, row)


def _require_running(case: Case) -> None:
    """Nobody is told of the deadlines of a closed case, so that none is opened or moved in one."""
    if case.state in {State.CLOSED, State.ERASED}:
        raise DomainError(_("A closed file takes no deadline. A coordinator can reopen it."))


def _require_two(case: Case, responsible_id: UUID, second_id: UUID) -> None:
    watchers = team.may_open(case)
    for person_id, field in ((responsible_id, "responsible"), (second_id, "second")):
        if person_id not in watchers:
            raise DomainError(_("Choose somebody who may open the case."), field=field)
    if responsible_id == second_id:
        raise DomainError(_("Choose another person: two people watch a deadline."), field="second")


def _carry_out(
    actor: Actor, case: Case, key: Key, row: Deadline, content: dict[str, Any], asked: dict[str, Any]
) -> None:
    moved = content | {"moves": [*content["moves"], asked], "proposed": None}
    if asked["to"] is None:
        row.state = "dropped"
        reminders.tell_taken_out(row, case, actor.person_id)
    else:
        row.safe_on = dt.date.fromisoformat(asked["to"])
        moved["safe"] = asked["to"]
    _save(actor, case, key, row, moved, "moved" if asked["to"] else "dropped", asked["reason"])


def _save(
    actor: Actor,
    case: Case,
    key: Key,
    row: Deadline,
    content: dict[str, Any],
    change: str,
    text: str = "",
) -> None:
    """Seal the row as its next version, with a line in the timeline and the head renewed."""
    _seal(case, key, row, content)
    said = {"change": change, "rule": content["asked"]["rule"], "safe": row.safe_on.isoformat()}
    timeline.write(actor, case, key, "deadline", text, data=said)
    case.changed_at = clock.now()
    rows.written(actor, "case.deadline", key, case)


def _seal(case: Case, key: Key, row: Deadline, content: dict[str, Any]) -> None:
    content["two"] = _needs_two(case, content)
    proposed = content["proposed"]
    row.proposed_by = UUID(proposed["by"]) if proposed else None
    row.version += 1
    row.epoch = key.epoch
    row.sealed = rows.seal_row(key, case, TABLE, row.id, row.version, content | _in_clear(row))


def _in_clear(row: Deadline) -> dict[str, str | None]:
    return {
        "proposed_by": str(row.proposed_by) if row.proposed_by else None,
        "safe_on": row.safe_on.isoformat(),
        "state": row.state,
        "responsible": str(row.responsible_id),
        "second": str(row.second_id),
    }


def _content(key: Key, case: Case, row: Deadline) -> dict[str, Any]:
    """The sealed row. Raises rows.Tampered where what stands in clear is not what it says."""
    content = rows.open_row(key, case, TABLE, row.id, row.version, row.sealed)
    clear = _in_clear(row)
    if any(content.get(name) != said for name, said in clear.items()):
        raise rows.Tampered
    return content


def _people(row: Deadline, content: dict[str, Any]) -> set[str]:
    moves = [*content["moves"], *filter(None, [content["proposed"]])]
    named = {one.get(name) for one in moves for name in ("by", "confirmed_by")}
    named |= {content["by"], content.get("done_by"), str(row.responsible_id), str(row.second_id)}
    return {person for person in named if person}


def _needs_two(case: Case, content: dict[str, Any]) -> bool:
    """Once the case was of the highest urgency while this was written, lowering it lifts nothing."""
    return content.get("two", False) or case.urgency == NEEDS_TWO


def _card(
    case: Case, row: Deadline, content: dict[str, Any], names: dict[str, str], able: Collection[UUID]
) -> OpenDeadline:
    def moved(one: dict[str, Any]) -> Move:
        to = dt.date.fromisoformat(one["to"]) if one["to"] else None
        at = dt.datetime.fromisoformat(one["at"])
        confirmed = names.get(one.get("confirmed_by", ""), "")
        return Move(to, one["reason"], UUID(one["by"]), names[one["by"]], at, confirmed)

    def day(name: str) -> dt.date:
        return moment(content[name], name) or dt.date.max

    # Once it was moved, a lawyer has decided.
    asks = row.state == "open" and not content["moves"]
    anew, uncounted = _anew(case, content) if asks else (None, False)
    return OpenDeadline(
        id=row.id,
        rule=content["asked"]["rule"],
        asked=content["asked"],
        due=day("due"),
        safe=day("safe"),
        latest=day("latest"),
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
        by=names[content["by"]],
        version=row.version,
        proof=content.get("proof", ""),
        done_on=dt.date.fromisoformat(content["done_on"]) if "done_on" in content else None,
        done_by=names.get(content.get("done_by", ""), ""),
        moves=tuple(map(moved, content["moves"])),
        proposed=moved(content["proposed"]) if content["proposed"] else None,
        two=_needs_two(case, content),
        unwatched=not {row.responsible_id, row.second_id} <= set(able),
        counted_anew=anew,
        uncounted=uncounted,
    )


def _anew(case: Case, content: dict[str, Any]) -> tuple[dt.date | None, bool]:
    """The safe date as the rules of today give it, where it is another; whether they give none at all."""
    try:
        found = engine.answer(law_of(case.organisation_id), Question.parse(content["asked"]))
    except Refusal:
        return None, True
    return (None if _iso(found.safe) == content["safe"] else day_of(found.safe)), False


def _iso(day: dt.date) -> str:
    return day.isoformat(timespec="minutes") if isinstance(day, dt.datetime) else day.isoformat()
