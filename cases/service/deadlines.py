"""Deadlines of a case: counted by the engine, watched by two people, met with proof, never lost silently.

The safe date, the state and the two people stand in clear, so that a deadline comes to a desk without being
opened; the sealed row says the same, and one that says otherwise does not open. Reminders and desks use the
safe date alone (docs/deadlines.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cases.models import Case, Deadline
from cases.service import counting, deadline_rows, first_steps, keys, reminders, rows, team
from cases.service.law import law_of, words_of
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from domain.deadlines import engine
from domain.deadlines.questions import day_of
from domain.deadlines.steps import Refusal
from domain.lifecycle import State
from vault import Key

_FIELDS: Final = {"no_date": "served_on", "no_request": "request_on"}  # where a refusal stands


@dataclass(frozen=True)
class Companion:
    """What the same event starts as well: `chosen` where it always does."""

    rule: str
    found: engine.Deadline
    chosen: bool


@dataclass(frozen=True)
class _Opened:
    """A deadline in the hands of somebody who changes it. `again`: they have just done so."""

    case: Case
    key: Key
    row: Deadline
    content: dict[str, Any]
    again: bool = False


def count(actor: Actor, asked: dict[str, Any]) -> engine.Deadline:
    """Ask the engine, by the law of the organisation. Raises DomainError with its reason for no date."""
    try:
        return counting.answer(actor.organisation_id, asked)
    except Refusal as refusal:
        why = words_of(actor.organisation_id).reason(refusal, actor.language)
        raise DomainError(why, field=_FIELDS.get(refusal.code, "rule")) from None


def companions(actor: Actor, asked: dict[str, Any]) -> list[Companion]:
    """The other deadlines that the same event starts, as far as the same facts give them a date."""
    beside = law_of(actor.organisation_id).beside.companions.get(asked["rule"], ())
    found = []
    for one in beside:
        try:
            answer = counting.answer(actor.organisation_id, asked | {"rule": one.code})
        except Refusal:
            continue
        found.append(Companion(one.code, answer, one.chosen))
    return found


def is_own(actor: Actor, rule: str) -> bool:
    """Whether a rule sets no limit, so that its date is a target of ours."""
    return rule in law_of(actor.organisation_id).beside.targets


def add(
    actor: Actor,
    case_id: UUID,
    token: UUID,
    asked: dict[str, Any],
    responsible_id: UUID,
    second_id: UUID,
    *,
    also: Collection[str] = (),
) -> UUID:
    """Add a deadline, and those that the same event starts under the rules `also`; gives the id of the first.

    The same token twice adds them once. Raises NotFound, Locked, and DomainError where the engine gives no
    date or the two are not two people who work on the case.
    """
    case, key = _file(actor, Permission.CASE_DEADLINE, case_id)
    if not added(token, asked, also):  # a second click asks nothing anew
        _require_running(case)
        _require_two(case, responsible_id, second_id)
    watchers = (responsible_id, second_id)
    ids = [_add(actor, case, key, token, one, watchers) for one in _questions(asked, also)]
    return ids[0]


def added(token: UUID, asked: dict[str, Any], also: Collection[str]) -> bool:
    """Whether a form with this token and these answers was carried out already."""
    return all(_known(_token(token, one)) for one in _questions(asked, also))


def _questions(asked: dict[str, Any], also: Collection[str]) -> list[dict[str, Any]]:
    return [asked | {"rule": rule} for rule in (asked["rule"], *also)]


def _token(token: UUID, asked: dict[str, Any]) -> UUID:
    """Whoever goes back and sends other answers with the token of the first page wants another deadline."""
    return uuid5(token, orjson.dumps(asked, option=orjson.OPT_SORT_KEYS).decode())


def _known(token: UUID) -> UUID | None:
    return db.session.scalar(select(Deadline.id).where(Deadline.token == token))


def _add(
    actor: Actor, case: Case, key: Key, token: UUID, asked: dict[str, Any], watchers: tuple[UUID, UUID]
) -> UUID:
    token = _token(token, asked)
    if (known := _known(token)) is not None:
        return known
    found = count(actor, asked)
    content: dict[str, Any] = {
        "asked": asked,
        **counting.account(actor.organisation_id, found),
        **counting.dates_of(found),
        "by": str(actor.person_id),
        "moves": [],
        "proposed": None,
    }
    row = Deadline(
        id=uuid4(),
        case_id=case.id,
        safe_on=day_of(found.safe),
        state="open",
        responsible_id=watchers[0],
        second_id=watchers[1],
        touched=False,
        version=0,
        token=token,
    )
    db.session.add(row)
    _save(actor, _Opened(case, key, row, content), "added")
    return row.id


def watch(
    actor: Actor, case_id: UUID, deadline_id: UUID, version: int, responsible_id: UUID, second_id: UUID
) -> None:
    """Put a deadline into the hands of two others. Raises Conflict, DomainError."""
    did = ["watch", str(responsible_id), str(second_id)]
    at = _open(actor, Permission.CASE_DEADLINE, case_id, deadline_id, version, did)
    if at.again:
        return
    _require_running(at.case)
    _require_two(at.case, responsible_id, second_id)
    at.row.responsible_id, at.row.second_id = responsible_id, second_id
    _save(actor, at, "people")


def meet(
    actor: Actor,
    case_id: UUID,
    deadline_id: UUID,
    version: int,
    proof: str,
    on: dt.date,
    *,
    again: bool = False,
) -> None:
    """Say that a deadline was met, when, and how that is proved; `again`: watch for the next time as well.

    Raises Conflict, DomainError.
    """
    did = ["meet", proof.strip(), on.isoformat(), "again" if again else ""]
    at = _open(actor, Permission.CASE_DEADLINE, case_id, deadline_id, version, did)
    if at.again:
        return
    if not proof.strip():
        raise DomainError(
            _("Write how it can be proved, for example the number of the receipt."), field="proof"
        )
    if on > clock.today():
        raise DomainError(_("This day has not come yet."), field="on")
    rule = at.content["asked"]["rule"]
    if again and is_own(actor, rule) and not _is_watched(at.content.get("next")):
        _require_running(at.case)
        asked = {"rule": rule, "served_on": on.isoformat(), "facts": {}, "again": True}
        watchers = at.row.responsible_id, at.row.second_id
        _require_two(at.case, *watchers)
        following = _add(actor, at.case, at.key, uuid5(at.row.token, str(version)), asked, watchers)
        at.content["next"] = str(following)
    at.row.state = "done"
    met = {"proof": proof.strip(), "done_on": on.isoformat(), "done_by": str(actor.person_id)}
    at.content.update(met, proposed=None)
    at.row.touched = False
    late = counting.late(at.content)
    own = is_own(actor, rule)
    said = {"late": late.days, "over": late.over and not own, "own": own} if late else None
    _save(actor, at, "done", proof, said)


def move(
    actor: Actor,
    case_id: UUID,
    deadline_id: UUID,
    version: int,
    to: dt.date | None,
    reason: str,
    *,
    law: str = "",
    beyond: bool = False,
) -> bool:
    """Move a deadline, or with no day take it out. False where a second person has to confirm it.

    Moved to its own day it stays, though the law has changed; `law` is what the page said of that change
    (`OpenDeadline.law`), so that nobody decides about one that they have not seen. A lawyer of the case does
    either; where no lawyer works on it, a coordinator takes out what was entered by mistake. `beyond`: the
    lawyer knows that the day lies after the last rescue argument. Raises Refused, NotFound, Conflict,
    DomainError without a reason, or beyond that day without saying so.
    """
    permission = Permission.DEADLINE_MOVE if to else Permission.DEADLINE_DROP
    if not may(actor, permission):
        raise Refused
    did = ["move", to.isoformat() if to else "", reason.strip()]
    at = _open(actor, permission, case_id, deadline_id, version, did)
    if at.again:
        return at.content["proposed"] is None
    _require_running(at.case)
    if not reason.strip():
        raise DomainError(_("Write the reason in a sentence."), field="reason")
    found = counting.today(at.case, at.content)
    if to and law != counting.seen(at.case, at.content, found):
        raise Conflict(_("The law has changed while you had this page open. Look at the new dates first."))
    furthest = counting.furthest(at.case, at.content, found)
    lies_beyond = bool(to and to != at.row.safe_on and furthest and to > furthest)
    if lies_beyond and not beyond:
        raise DomainError(
            _("This day lies after the last day of every reading. Say that you know it, or choose another."),
            field="beyond",
        )
    asked = {
        "beyond": lies_beyond,
        "to": to.isoformat() if to else None,
        "reason": reason.strip(),
        "by": str(actor.person_id),
        "at": clock.now().isoformat(),
        "seen": counting.decided(actor, at.case, at.content),
        "law": law,
        "stayed": to == at.row.safe_on,
    }
    if deadline_rows.needs_two(at.case, at.content):
        at.content["proposed"] = asked
        _save(actor, at, "proposed", reason)
        return False
    _carry_out(actor, at, asked)
    return True


def reopen(actor: Actor, case_id: UUID, deadline_id: UUID, version: int, reason: str) -> None:
    """Watch a deadline again that was met by mistake; how it was met stays in the timeline.

    Raises Conflict, DomainError without a reason.
    """
    did = ["reopen", reason.strip()]
    at = _open(actor, Permission.CASE_DEADLINE, case_id, deadline_id, version, did, "done")
    if at.again:
        return
    _require_running(at.case)
    if not reason.strip():
        raise DomainError(_("Write the reason in a sentence."), field="reason")
    first_steps.not_met(at.case, at.key, at.row, at.content)
    at.row.state = "open"
    for name in ("proof", "done_on", "done_by"):
        del at.content[name]
    counting.take_earlier(at.case, at.row, at.content)
    _save(actor, at, "reopened", reason)


def confirm(actor: Actor, case_id: UUID, deadline_id: UUID, version: int, *, yes: bool) -> None:
    """A second person confirms what was proposed, or refuses it: then the date stays.

    Raises Conflict, NotFound where nothing is proposed, DomainError for whoever proposed it.
    """
    did = ["confirm", "yes" if yes else "no"]
    at = _open(actor, Permission.CASE_DEADLINE, case_id, deadline_id, version, did)
    asked = at.content["proposed"]
    if at.again:
        return
    if asked is None:
        raise NotFound
    if asked["by"] == str(actor.person_id):
        raise DomainError(
            _("Somebody else has to confirm it: two people move a deadline of a case like this.")
        )
    at.content["proposed"] = None
    if yes:
        _require_running(at.case)
        found = counting.today(at.case, at.content)
        if asked["to"] and asked.get("law", "") != counting.seen(at.case, at.content, found):
            raise Conflict(
                _("The law has changed since this was proposed. Let the date stand, and propose it anew.")
            )
        stays = asked["to"] == at.row.safe_on.isoformat()
        if asked["to"] and not stays and asked["to"] < clock.today().isoformat():
            raise DomainError(_("The day that was proposed has passed. Refuse it, and propose another."))
        _carry_out(actor, at, asked | {"confirmed_by": str(actor.person_id)})
    else:
        _save(actor, at, "refused")


def _is_watched(deadline_id: str | None) -> bool:
    """Whether the next time is open already: what was met by mistake left it."""
    row = db.session.get(Deadline, UUID(deadline_id)) if deadline_id else None
    return row is not None and row.state == "open"


def _file(actor: Actor, permission: Permission, case_id: UUID) -> tuple[Case, Key]:
    counting.steadily(actor.organisation_id)  # before any case is locked, as whoever changes the law does
    case = find(actor, permission, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    return case, key


def _open(
    actor: Actor,
    permission: Permission,
    case_id: UUID,
    deadline_id: UUID,
    version: int,
    did: list[str],
    state: str = "open",
) -> _Opened:
    """A deadline to change; `again` where the actor has just done exactly this: a double click.

    Raises NotFound, Conflict where it is in another state.
    """
    case, key = _file(actor, permission, case_id)
    row = db.session.get(Deadline, deadline_id, populate_existing=True)
    if row is None or row.case_id != case.id:
        raise NotFound
    content, last = deadline_rows.opened(case, key, row), [str(actor.person_id), *did]
    if row.version == version + 1 and content.get("last") == last:
        return _Opened(case, key, row, content, again=True)
    if row.version != version or row.state != state:
        raise Conflict(_("Somebody changed this deadline meanwhile. Nothing was overwritten."))
    return _Opened(case, key, row, content | {"last": last})


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


def _carry_out(actor: Actor, at: _Opened, asked: dict[str, Any]) -> None:
    seen = asked.pop("seen", {})
    asked.pop("law", None)
    at.content.pop("taken", None)
    at.content.update(seen, moves=[*at.content["moves"], asked], proposed=None)
    to = asked["to"]
    if to is None:
        at.row.state = "dropped"
        reminders.tell_taken_out(at.row, at.case, actor.person_id)
    elif to != at.row.safe_on.isoformat():  # one that stays keeps its hour
        at.row.safe_on, at.content["safe"] = dt.date.fromisoformat(to), to
    at.row.touched = bool(to and counting.seen(at.case, at.content, counting.today(at.case, at.content)))
    _save(actor, at, "moved" if to else "dropped", asked["reason"])


def _save(actor: Actor, at: _Opened, change: str, text: str = "", more: dict[str, Any] | None = None) -> None:
    deadline_rows.save(actor, at.case, at.key, at.row, at.content, change, text, more=more)
