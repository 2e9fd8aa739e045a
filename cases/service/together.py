"""Cases counted once: those of one household or of one event share a number inside their sealed records.

Joining writes one case only and reads the number of the other, so that nothing stored says which two belong
together: not a column, not a length, not two changes at the same moment.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid4, uuid5

from flask_babel import lazy_gettext as _

from accounts.service import drafts
from cases.models import Case
from cases.service import facts, files, keys, listing, rows, searching, timeline
from cases.service.reach import find
from cases.service.records import open_record
from cases.service.views import Row
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from domain.lifecycle import State
from vault import Key, Unreadable

_NAMES: Final = ("name_ar", "name_latin", "father")
OFFERED: Final = 200  # newest cases to choose from before anybody searches

Number: TypeAlias = tuple[str, str]
"""Household or event, and which."""


def of(actor: Actor, case_id: UUID, most: int = searching.SEARCHED) -> dict[str, list[Row]]:
    """With which cases a case is counted once, by kind: those that the actor may open, newest first.

    most: how many cases are read that are new to the actor's search; 0 for those alone that stand ready. No
    act of its own: its page opens the case, which is one.
    """
    case, key = _open(actor, case_id)
    record = open_record(key, case)
    wanted = {kind: (kind, facts.number(record, kind)) for kind in facts.SHARED}
    sharing = _sharing(actor, wanted.values(), {case_id}, most)
    return {kind: listing.open_cards(actor, sharing[number]) for kind, number in wanted.items()}


def beside(actor: Actor, case_id: UUID) -> dict[str, list[Row]]:
    """The same of cases that stand ready, as a part of another page: a look at the case, which is an act.

    Whoever asks for the part alone has opened no page of the case that would say so.
    """
    audit.record(actor, "case.read", object_kind="case", object_id=case_id)
    return of(actor, case_id, most=0)


def offered(actor: Actor, case_id: UUID, text: str) -> list[Row]:
    """Other cases to choose from: those found by name or reference, or the newest that the actor may open."""
    if text.strip():
        found = searching.search_cases(actor, text).rows
    else:
        found = listing.list_cases(actor, limit=OFFERED).rows
    return [row for row in found if row.readable and row.id != case_id and row.state != State.ERASED]


def named(actor: Actor, case_id: UUID, references: Collection[str]) -> dict[str, UUID]:
    """Of these references those of other cases that the actor may count, with the case."""
    asked = reachable(actor, Permission.CASE_EDIT, Case).where(
        Case.reference.in_(references), Case.state != State.ERASED, Case.id != case_id
    )
    cases = list(db.session.scalars(asked)) if references else []
    opened = keys.case_keys(actor, cases) if cases else {}
    return {case.reference: case.id for case in cases if case.id in opened}


class Apart(DomainError):
    """Some of several cases belong to others already; nothing was done."""

    def __init__(self, cases: Collection[UUID]) -> None:
        super().__init__(
            _(
                "Some of these belong to other cases already. Leave them out here, and count them by "
                "themselves."
            )
        )
        self.cases = frozenset(cases)


def join_all(actor: Actor, case_id: UUID, version: int, others: Collection[UUID], kind: str) -> None:
    """Count a case and several others once from now on. Twice is once; all or none.

    Whoever is alone comes to those who are together already. Raises as `join`, and Apart where they are in
    more than one household or event: whoever is moved out of one is moved by themselves.
    """
    opened = {each: _open(actor, each) for each in sorted({case_id, *others})}
    _require(kind)
    numbers = {
        each: (kind, facts.number(open_record(key, case), kind)) for each, (case, key) in opened.items()
    }
    if len(set(numbers.values())) == 1:
        return
    if opened[case_id][0].version != version:
        raise Conflict
    sharing, among = _sharing(actor, numbers.values(), set(opened)), Counter(numbers.values())
    taken = {number for number in among if sharing[number] or among[number] > 1}
    mine = numbers[case_id]
    into = mine if mine in taken or not taken else next(one for one in numbers.values() if one in taken)
    if apart := [each for each, number in numbers.items() if number in taken - {into}]:
        raise Apart(apart)
    for each, number in numbers.items():
        if number != into:
            _write(actor, *opened[each], into, "joined")


def join(actor: Actor, case_id: UUID, version: int, other_id: UUID, kind: str) -> None:
    """Count two cases once from now on. Twice is once.

    The case joins the other's household or event. Only where the other is in none that the actor can see, and
    the case is in one, the other comes into it, so that nobody stays behind. Raises NotFound for a case out
    of reach, Conflict when the case was changed since the page was shown.
    """
    # Both stay locked, in one order: whoever joins or moves one of them meanwhile waits, and is seen below.
    opened = {each: _open(actor, each) for each in sorted((case_id, other_id))}
    _require(kind)
    if other_id == case_id:
        raise DomainError(_("Choose another case."), field="other")
    pair = (opened[case_id], opened[other_id])
    mine, theirs = ((kind, facts.number(open_record(key, case), kind)) for case, key in pair)
    if mine == theirs:
        return
    if pair[0][0].version != version:
        raise Conflict
    sharing = _sharing(actor, (mine, theirs), {case_id, other_id})
    if sharing[mine] and not sharing[theirs]:
        _write(actor, *pair[1], mine, "joined")
    else:
        _write(actor, *pair[0], theirs, "joined")


def begin_beside(
    actor: Actor, case_id: UUID, kind: str, person: dict[str, Any], others: dict[str, str], token: UUID
) -> UUID:
    """Begin the record of another person of the same household or event; gives which draft it is.

    The same token twice begins once: what was typed into the draft since stays.

    What is known of the matter already stands in it, and so does the client, as somebody in the new case.
    person: the fields of the client of the new case. others: by field what the client is there.
    Raises NotFound for a case out of reach.
    """
    case, key = _open(actor, case_id)
    _require(kind)
    record = open_record(key, case)
    client = record["client"]
    fields = {
        "beside": str(case_id),
        "counted": kind,
        "province": record.get("province") or "",
        "language": client.get("language") or "",
        **({"authority": record.get("authority") or "", "issue": record["issue"]} if kind == "event" else {}),
        **person,
        **others,
        **({f"parties-0-{name}": client.get(name) or "" for name in _NAMES} if others else {}),
    }
    if drafts.opened(actor, "cases.new", token):
        return token
    if timeline.case_of_token(actor, uuid5(actor.person_id, token.hex)) is not None:
        token = uuid4()  # a case was recorded from it: what is begun now is another one
    kept = {name: said if isinstance(said, list) else [said] for name, said in fields.items() if said}
    drafts.save(actor.person_id, "cases.new", token, kept)
    return token


def leave(actor: Actor, case_id: UUID, version: int, kind: str, token: UUID) -> None:
    """Count a case by itself again; the others stay together. The same token twice leaves once.

    Raises NotFound, or Conflict when the case was changed since the page was shown.
    """
    case, key = _open(actor, case_id)
    _require(kind)
    if timeline.case_of_token(actor, token) is not None:
        return
    if case.version != version:
        raise Conflict
    _write(actor, case, key, (kind, facts.fresh_number()), "left", token)


def _require(kind: str) -> None:
    if kind not in facts.SHARED:
        raise DomainError(_("Say whether it is the same household or the same event."), field="kind")


def _open(actor: Actor, case_id: UUID) -> tuple[Case, Key]:
    """A case whose number the actor may change: a closed one too, since it goes on being counted."""
    case = find(actor, Permission.CASE_EDIT, case_id)
    if case.state == State.ERASED:
        raise NotFound
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    return case, key


def _write(
    actor: Actor, case: Case, key: Key, number: Number, change: str, token: UUID | None = None
) -> None:
    """Put a number into the record and into its fact; from outside it is an edit like any other."""
    record = open_record(key, case)
    kind, value = number
    record["statistics_ids"] = {**record["statistics_ids"], kind: value}
    files.save_record(actor, case, key, record, urgency=case.urgency)
    timeline.write(actor, case, key, "counted", "", data={"kind": kind, "change": change}, token=token)
    rows.written(actor, "case.edit", key, case)


def _sharing(
    actor: Actor, numbers: Iterable[Number], besides: set[UUID], most: int = searching.SEARCHED
) -> dict[Number, list[Case]]:
    """Which of the newest cases that the actor may open have one of these numbers; `besides` are left out."""
    wanted = set(numbers)
    found: dict[Number, list[Case]] = defaultdict(list)
    cases = searching.sharing(actor, {value for _kind, value in wanted}, most)
    opened = keys.case_keys(actor, cases)
    for case in (each for each in cases if each.id in opened and each.id not in besides):
        with suppress(Unreadable):  # a damaged case shows on its own page
            record = open_record(opened[case.id], case)
            for number in wanted & {(kind, facts.number(record, kind)) for kind in facts.SHARED}:
                found[number].append(case)
    return found
