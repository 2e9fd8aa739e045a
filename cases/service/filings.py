"""Two kinds of lines that hold more than words: what was filed, and what came of something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.service.names import names_of
from cases.models import Case, CaseMember, Entry
from cases.service import (
    clocks,
    documents,
    first_steps,
    gate,
    hearings,
    items,
    keys,
    numbers,
    records,
    rows,
    team,
    timeline,
)
from cases.service.reach import find
from cases.service.shelves import called
from cases.service.views import DROPPED
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.errors import Conflict, DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain.lifecycle import State
from domain.lines import FILING, HEARING, NOT_FILED, OUTCOME, STEP
from vault import Key

WHOLE: Final = "case"  # an outcome of the case itself
UNPROVED: Final = _("Write how it can be proved, or choose the document that proves it.")
LED: Final = "led"  # of a line: whether a lawyer of the case wrote it, or what it corrects
_SETTLES: Final = ("following", "was_open")
_WORDS: Final = 80  # characters of a step by which it is known again


def subjects(actor: Actor, case_id: UUID) -> dict[str, dict[str, str]]:
    """Of what there can be an outcome, by id, the newest first: hearings, filings, steps, and the case.

    Each says its type (of `domain.lines`), the words by which it is known, and its day in ISO 8601.
    """
    case = find(actor, Permission.CASE_READ, case_id)
    return _subjects(case, keys.case_key(actor, case))


def file(actor: Actor, case_id: UUID, said: Mapping[str, str], text: str, token: UUID) -> None:
    """Write that something was filed. The same token twice writes once.

    said: `what`, `authority` (a code of the list), `name` of the office, `on` in ISO 8601, `number`, `proof`
    in words, `document` of the case by its id. Raises NotFound, gate.Held, DomainError without any proof.
    """
    require_proof(said["proof"] or said["document"])
    _write(actor, case_id, FILING, said, text, token)
    if said.get("number"):
        numbers.renumber(actor, case_id)


def require_proof(proof: str) -> None:
    """Raise DomainError where nothing proves what a line says was filed."""
    if not proof.strip():
        raise DomainError(UNPROVED, field="proof")


def come_of(actor: Actor, case_id: UUID, said: Mapping[str, str], text: str, token: UUID) -> UUID | None:
    """Write what came of something. The same token twice writes once.

    said: `of` (one of `subjects`), `result` (a code of the list `line_outcome`), `on`, `number`, `document`,
    and of a hearing, which ends with it, `following` and `was_open`: see `hearings.settle`. Gives the
    hearing that is still to come and stays open. Raises NotFound, gate.Held, DomainError, Conflict.
    """
    if said["result"] not in reference().lists["line_outcome"]:
        raise DomainError(_("Choose what came of it."), field="result")
    told = {name: value for name, value in said.items() if name not in _SETTLES}
    _write(actor, case_id, OUTCOME, told, text, token)
    if told.get("number"):
        numbers.renumber(actor, case_id)
    case = find(actor, Permission.CASE_NOTE, case_id)
    found = (one for one in items.read(case, keys.case_key(actor, case)) if one.kind == HEARING)
    one = next((one for one in found if str(one.id) == said["of"]), None)
    settles = {name: said.get(name, "") for name in _SETTLES}
    over = hearings.settle(actor, case, one, said["result"], text, token, **settles)
    return None if over or one is None else one.id


def recorded(actor: Actor, case_id: UUID, line_id: UUID) -> dict[str, Any]:
    """What a line says was filed, for whoever may correct it. Raises NotFound for any other line."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    return _recorded(case, keys.case_key(actor, case), line_id)[1]


def whom_to_ask(actor: Actor, case_id: UUID, line_id: UUID) -> list[str]:
    """Names of the lawyers of a case, one of whom corrects this line; none: the actor does themselves.

    What a lawyer of the case wrote is corrected by one, as long as there is one: more may hang on it than
    others read. Raises NotFound.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    return _asks(actor, case, *_recorded(case, keys.case_key(actor, case), line_id))


def correct(
    actor: Actor, case_id: UUID, line_id: UUID, said: Mapping[str, str] | None, reason: str, token: UUID
) -> bool:
    """Say what was wrong with a filing that was recorded, in a line of its own. Gives False the second time.

    said: how it was, as for `file`; None: nothing was filed. What was written stays, and says that it was
    corrected; it proves nothing any more. Raises NotFound, gate.Held, DomainError, and Conflict where it was
    corrected already, or somebody else is to be asked.
    """
    if not reason.strip():
        raise DomainError(_("Write the reason"), field="text")
    if said is not None:
        require_proof(said["proof"] or said["document"])
    case = find(actor, Permission.CASE_NOTE, case_id)
    if timeline.case_of_token(actor, token) is not None:
        return False
    if case.state == State.ERASED:
        raise NotFound
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    gate.require(case, records.open_record(key, case), gate.Act.FACTS)
    entry, before = _recorded(case, key, line_id)
    if _asks(actor, case, entry, before):
        raise Conflict
    told = {"what": before["what"]} if said is None else _told(case, key, said)
    put_right(actor, case, key, line_id, NOT_FILED if said is None else FILING, told, reason, token)
    rows.written(actor, "case.note", key, case)
    return True


def follow(actor: Actor, case: Case, key: Key, line_id: UUID, right: tuple[dt.date, str] | None) -> str:
    """Correct the line that tells of the filing of a draft by now: another day and place, or None for none.

    Where a line says since that nothing was filed, that stays, and the clocks alone count another day. One
    that was corrected by itself to the right day stays too. Gives the id of the line that stands now, or "";
    the caller renews the head.
    """
    now, kind, before = standing(case, key, line_id)
    if kind == NOT_FILED:
        if right is not None:
            clocks.heed(case, FILING, {"on": right[0].isoformat()})
        return ""
    if right is not None and now != line_id and before["on"] == right[0].isoformat():
        return str(now)
    kept = {name: said for name, said in before.items() if name != "corrects"}
    told = (
        {"what": before["what"]} if right is None else {**kept, "on": right[0].isoformat(), "name": right[1]}
    )
    return str(put_right(actor, case, key, now, FILING if right else NOT_FILED, told, ""))


def standing(case: Case, key: Key, line_id: UUID) -> tuple[UUID, str, dict[str, Any]]:
    """The line that tells of a filing by now: itself, or what corrects it last. Its id, kind and data."""
    kind, data = FILING, _recorded(case, key, line_id)[1]
    while data.get("corrected"):
        line_id = UUID(data["corrected"])
        _entry, kind, data = _line(case, key, line_id)
    return line_id, kind, data


def is_led(case: Case, key: Key, line_id: UUID) -> bool:
    """Whether a lawyer of the case wrote a line, so that a draft may hang on it. Raises NotFound."""
    return _led(case, *_recorded(case, key, line_id))


def stands(case: Case, key: Key, line: str) -> bool:
    """Whether the line with this id tells of a filing by now as it was written; "" is none, and stands."""
    return not line or standing(case, key, UUID(line))[0] == UUID(line)


def put_right(
    actor: Actor,
    case: Case,
    key: Key,
    line_id: UUID,
    kind: str,
    told: dict[str, Any],
    reason: str,
    token: UUID | None = None,
) -> UUID:
    """Write the line that corrects another one, and mark that one; the caller renews the head. Gives its id.

    Raises NotFound, and Conflict where it was corrected already.
    """
    entry, before = _recorded(case, key, line_id)
    if before.get("corrected"):
        raise Conflict
    told = {**told, "corrects": {"id": str(line_id), "on": before.get("on", "")}}
    told[LED] = _led(case, entry, before) or team.is_lawyer_of(case.id, actor.person_id)
    line = timeline.write(actor, case, key, kind, reason, data=told, token=token)
    timeline.seal_again(case, key, entry, {**before, "corrected": str(line.id)})
    first_steps.corrected(case, key, before)
    if before.get("number") or told.get("number"):
        numbers.renew(case, key)
    case.changed_at = line.written_at
    return line.id


def _asks(actor: Actor, case: Case, entry: Entry, data: Mapping[str, Any]) -> list[str]:
    leads = team.lawyers(case.id, (str(Role.LAWYER),))
    if actor.person_id in leads or not _led(case, entry, data):
        return []
    return sorted(names_of(set(leads)).values())


def _led(case: Case, entry: Entry, data: Mapping[str, Any]) -> bool:
    """Whether a line is a lawyer's of the case, by what its author was when they wrote it."""
    if LED in data:
        return bool(data[LED])
    wrote = db.session.get(CaseMember, (case.id, entry.author_id))  # it was written before lines said so
    return wrote is not None and wrote.capacity in team.PRIVILEGED


def _recorded(case: Case, key: Key, line_id: UUID) -> tuple[Entry, dict[str, Any]]:
    entry, kind, data = _line(case, key, line_id)
    if kind != FILING:
        raise NotFound
    return entry, data


def _line(case: Case, key: Key, line_id: UUID) -> tuple[Entry, str, dict[str, Any]]:
    found = select(Entry).where(Entry.id == line_id, Entry.case_id == case.id)
    entry = db.session.scalar(found.execution_options(populate_existing=True))
    if entry is None:
        raise NotFound
    line = rows.open_row(key, case, "case_entries", entry.id, entry.version, entry.sealed)
    return entry, line["kind"], line["data"]


def _write(actor: Actor, case_id: UUID, kind: str, said: Mapping[str, str], text: str, token: UUID) -> None:
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    told = _told(case, key, said)
    if kind == FILING:
        told[LED] = team.is_lawyer_of(case.id, actor.person_id)
    if kind == OUTCOME:
        known = _subjects(case, key)
        if told["of"] not in known:
            raise DomainError(_("Choose of what it is the outcome."), field="of")
        told["of"] = {"id": told["of"], **known[told["of"]]}
    timeline.write_once(actor, case_id, kind, text, told, token)


def _told(case: Case, key: Key, said: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {name: value for name, value in said.items() if value}
    if document := told.pop("document", ""):
        about = {str(one.id): one.about for one in documents.read(case, key)}
        if document not in about:
            raise DomainError(_("This document is not in the case any more."), field="document")
        told["documents"] = [[document, called(about[document])]]
    return told


def _subjects(case: Case, key: Key) -> dict[str, dict[str, str]]:
    found = [
        (one.due_on.isoformat() if one.due_on else "", str(one.id), HEARING, str(one.data.get("title") or ""))
        for one in items.read(case, key)
        if one.kind == "hearing" and one.state != DROPPED
    ]
    for entry, line in timeline.opened_lines(case, key):
        data = line["data"]
        if line["kind"] in {FILING, STEP} and not data.get("corrected"):
            day = data.get("on") or entry.written_at.astimezone(clock.ISTANBUL).date().isoformat()
            words = data.get("what") or line["text"].strip().partition("\n")[0][:_WORDS]
            found.append((day, str(entry.id), line["kind"], words))
    newest = sorted(found, reverse=True)
    said = {one: {"type": kind, "words": words, "on": on} for on, one, kind, words in newest}
    return {**said, WHOLE: {"type": WHOLE, "words": "", "on": ""}}
