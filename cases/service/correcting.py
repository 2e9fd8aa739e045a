"""A line of the timeline that was wrong is corrected by a line of its own, whatever kind it is of.

What was written stays to be read, marked with who corrected it and when. It counts for no clock, is the
subject of no outcome, keeps no document and goes to nobody by itself. What belongs to somebody else's case is
taken out instead (`line_outs`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from accounts.models import Person
from accounts.service.names import names_of
from cases.models import Case, CaseMember, Entry
from cases.service import (
    clocks,
    filings,
    first_steps,
    gate,
    hearings,
    keys,
    numbers,
    records,
    rows,
    team,
    timeline,
)
from cases.service.filings import LED
from cases.service.reach import find
from cases.service.views import OpenEntry
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from domain import talks
from domain.lifecycle import State
from domain.lines import FILING, HEARING, NOT_FILED, NOT_SO, OUTCOME, TAKEN_OUT, TYPED
from vault import Key


@dataclass(frozen=True)
class Right:
    """How it was: the kind of line, what it holds beside its words as its form says it, and its words."""

    kind: str
    said: Mapping[str, Any] = field(repr=False)
    text: str = field(default="", repr=False)


def recorded(actor: Actor, case_id: UUID, line_id: UUID) -> OpenEntry:
    """A line that somebody wrote, for whoever may correct it. Raises NotFound for any other one."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    entry, _line = typed(case, key, line_id)
    return timeline.opened(key, case, entry, db.session.get_one(Person, entry.author_id).name)


def whom_to_ask(actor: Actor, case_id: UUID, line_id: UUID) -> list[str]:
    """Names of the lawyers of a case, one of whom corrects this line; none: the actor does themselves.

    What a lawyer of the case wrote is corrected by one, as long as there is one: more may hang on it than
    others read. Raises NotFound.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    return lawyers_to_ask(actor, case, *typed(case, keys.case_key(actor, case), line_id))


def correct(actor: Actor, case_id: UUID, line_id: UUID, right: Right | None, wrong: str, token: UUID) -> bool:
    """Say what was wrong with a line, in a line of its own. Gives False the second time.

    right: how it was; None: nothing of the kind happened, or was filed. wrong: what was wrong. A hearing that
    the line had ended follows it. Raises NotFound, gate.Held, DomainError, and Conflict where it was
    corrected already, or somebody else is to be asked.
    """
    if not wrong.strip():
        raise DomainError(_("Write the reason"), field="wrong")
    case = find(actor, Permission.CASE_NOTE, case_id)
    if timeline.case_of_token(actor, token) is not None:
        return False
    if case.state == State.ERASED:
        raise NotFound
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    entry, line = typed(case, key, line_id)
    # A call is written down before anything else is known, too.
    if {line["kind"], right.kind if right else talks.CALL} != {talks.CALL}:
        gate.require(case, records.open_record(key, case), gate.Act.FACTS)
    _require_stands(line)
    if lawyers_to_ask(actor, case, entry, line):
        raise Conflict
    put_right(actor, case, key, line_id, _right(case, key, entry, line, right), wrong, token)
    rows.written(actor, "case.note", key, case)
    if line["kind"] == OUTCOME:
        result, text = (str(right.said["result"]), right.text) if right else ("", "")
        hearings.follow_line(actor, case, key, entry, line, result, text, token)
    return True


def follow(actor: Actor, case: Case, key: Key, line_id: UUID, right: tuple[dt.date, str] | None) -> str:
    """Correct the line that tells of the filing of a draft by now: another day and place, or None for none.

    Where a line says since that nothing was filed, that stays, and the clocks alone count another day. One
    that was corrected by itself to the right day stays too. Gives the id of the line that stands now, or "";
    the caller renews the head.
    """
    now, kind, line = standing(case, key, line_id)
    if kind == NOT_FILED:
        if right is not None:
            clocks.heed(case, FILING, {"on": right[0].isoformat()})
        return ""
    before = line["data"]
    if right is not None and now != line_id and before["on"] == right[0].isoformat():
        return str(now)
    if right is None:
        return str(put_right(actor, case, key, now, _not_so(line), ""))
    told = {**_bare(before), "on": right[0].isoformat(), "name": right[1]}
    return str(put_right(actor, case, key, now, {**line, "data": told}, ""))


def standing(case: Case, key: Key, line_id: UUID) -> tuple[UUID, str, dict[str, Any]]:
    """The line that tells of a filing by now: itself, or what corrects it last. Its id, kind and content.

    One that was taken out says as little as one that says that nothing was filed.
    """
    _entry, line = timeline.one(case, key, line_id)
    while line["data"].get("corrected"):
        line_id = UUID(line["data"]["corrected"])
        _entry, line = timeline.one(case, key, line_id)
    return line_id, NOT_FILED if line["kind"] == TAKEN_OUT else line["kind"], line


def put_right(
    actor: Actor,
    case: Case,
    key: Key,
    line_id: UUID,
    right: Mapping[str, Any],
    wrong: str,
    token: UUID | None = None,
) -> UUID:
    """Write the line that corrects another one, and mark that one; the caller renews the head. Gives its id.

    right: kind, text and data of the new line. Raises NotFound, and Conflict where it was corrected already.
    """
    entry, line = typed(case, key, line_id)
    before = line["data"]
    _require_stands(line)
    told = {**right["data"], "corrects": {"id": str(line_id), "on": _day(entry, line).isoformat()}}
    told[LED] = _led(case, entry, before) or team.is_lawyer_of(case.id, actor.person_id)
    told |= {"wrong": wrong} if wrong else {}
    new = timeline.write(actor, case, key, right["kind"], right["text"], data=told, token=token)
    by = {"name": names_of({actor.person_id})[actor.person_id], "at": new.written_at.isoformat()}
    timeline.seal_again(case, key, entry, {**before, "corrected": str(new.id), "corrected_by": by})
    first_steps.line_wrong(case, key, entry, line)
    if before.get("number") or told.get("number"):
        numbers.renew(case, key)
    case.changed_at = new.written_at
    return new.id


def is_led(case: Case, key: Key, line_id: UUID) -> bool:
    """Whether a lawyer of the case wrote a filing, so that a draft may hang on it. Raises NotFound."""
    entry, line = typed(case, key, line_id)
    return line["kind"] == FILING and _led(case, entry, line["data"])


def stands(case: Case, key: Key, line: str) -> bool:
    """Whether the line with this id tells of a filing by now as it was written; "" is none, and stands."""
    if not line:
        return True
    now, kind, _line = standing(case, key, UUID(line))
    return now == UUID(line) and kind == FILING


def lawyers_to_ask(actor: Actor, case: Case, entry: Entry, line: Mapping[str, Any]) -> list[str]:
    """As `whom_to_ask` of a line that was found."""
    leads = team.lawyers(case.id, (str(Role.LAWYER),))
    if actor.person_id in leads or not _led(case, entry, line["data"]):
        return []
    return sorted(names_of(set(leads)).values())


def _led(case: Case, entry: Entry, data: Mapping[str, Any]) -> bool:
    """Whether a line is a lawyer's of the case, by what its author was when they wrote it."""
    if LED in data:
        return bool(data[LED])
    wrote = db.session.get(CaseMember, (case.id, entry.author_id))  # a line that does not say it
    return wrote is not None and wrote.capacity in team.PRIVILEGED


def typed(case: Case, key: Key, line_id: UUID) -> tuple[Entry, dict[str, Any]]:
    """A line that somebody wrote, or what stands in its place. Raises NotFound for any other one."""
    entry, line = timeline.one(case, key, line_id)
    if line["kind"] not in {*TYPED, NOT_FILED, NOT_SO, TAKEN_OUT}:
        raise NotFound
    return entry, line


def _require_stands(line: Mapping[str, Any]) -> None:
    """Raise Conflict for a line that was corrected or taken out, or that says that nothing happened."""
    if line["data"].get("corrected") or line["kind"] not in TYPED:
        raise Conflict


def _day(entry: Entry, line: Mapping[str, Any]) -> dt.date:
    """The day of which a line tells."""
    on = line["data"].get("on")
    return dt.date.fromisoformat(on) if on else timeline.day_of(entry)


def _right(case: Case, key: Key, entry: Entry, line: dict[str, Any], right: Right | None) -> dict[str, Any]:
    """Kind, text and data of the line that corrects another one. Raises DomainError for what cannot be.

    Where no day is said, it is that of the line: nobody spoke with anybody on the day of the correction.
    """
    if right is None:
        return _not_so(line)
    kind, said = line["kind"], right.said
    if kind not in {FILING, OUTCOME}:
        if not right.text.strip():
            raise DomainError(_("Write what happened."), field="text")
        if right.kind not in timeline.BY_HAND:
            raise NotFound
        contact = timeline.contact_of(right.kind, **{**said, "on": said["on"] or _day(entry, line)})
        return {"kind": right.kind, "text": right.text, "data": contact}
    if kind == FILING:
        filings.require_proof(said["proof"] or said["document"])
        return {"kind": kind, "text": right.text, "data": filings.told_of(case, key, said)}
    filings.require_result(said["result"])
    told = filings.told_of(case, key, said)
    known = subjects_for(case, key, line["data"])
    if told["of"] not in known:
        raise DomainError(_("Choose of what it is the outcome."), field="of")
    return {"kind": kind, "text": right.text, "data": {**told, "of": {"id": told["of"], **known[told["of"]]}}}


def subjects_for(case: Case, key: Key, data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Of what an outcome can be once it is corrected, by id, as `filings.subjects`.

    What one said of a hearing has ended it: of another one it is said anew.
    """
    before = dict(data["of"])
    kept = {before.pop("id"): before}
    if before["type"] == HEARING:
        return kept
    found = filings.subjects_of(case, key).items()
    return {**kept, **{one: said for one, said in found if said["type"] != HEARING}}


def subjects(actor: Actor, case_id: UUID, line_id: UUID) -> dict[str, dict[str, str]]:
    """The same for whoever corrects an outcome; nothing of another kind of line. Raises NotFound."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    _entry, line = typed(case, key, line_id)
    return subjects_for(case, key, line["data"]) if line["kind"] == OUTCOME else {}


def _not_so(line: dict[str, Any]) -> dict[str, Any]:
    if line["kind"] == FILING:
        return {"kind": NOT_FILED, "text": "", "data": {"what": line["data"]["what"]}}
    return {"kind": NOT_SO, "text": "", "data": {"was": line["kind"]}}


def _bare(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a line says, without how it came about."""
    return {name: said for name, said in data.items() if name not in {"corrects", "wrong", "leaving", LED}}
