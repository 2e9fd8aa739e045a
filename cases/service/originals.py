"""The custody register: which original papers lie with us, from whom, where, and to whom they went back.

An original is an item of its case. It stays in the register when its case is closed, and can be given back
then too. What was entered by mistake is taken out: nobody is ever said to have got it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import tuple_

from accounts.service.names import names_of
from cases.models import Case, CaseItem
from cases.service import documents, items, keys, listing, rows, timeline
from cases.service.items import Said
from cases.service.reach import find
from cases.service.shelves import shelves
from cases.service.views import DONE, DROPPED, OPEN, OpenItem, Row
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain.lifecycle import State
from vault import Key, Unreadable

KIND: Final = "original"
PAGE: Final = 200  # open items without owner and day that one page looks through

Place = tuple[int, UUID]
"""Number of the case and id of the item: the next page begins after it."""


@dataclass(frozen=True)
class Held:
    """An original that lies with us, and its case."""

    id: UUID
    data: dict[str, Any]
    case: Row


@dataclass(frozen=True)
class Register:
    """Some originals, where the next page begins, and how many cases could not be opened."""

    lines: list[Held]
    next: Place | None
    closed: int


def receive(actor: Actor, case_id: UUID, data: dict[str, Any], token: UUID) -> UUID:
    """Put an original into the register; the same token twice does it once. Gives its id.

    data: title (what), giver, received_on (ISO), place (where it lies), more, document (its copy here).
    Raises as `items.add`, and DomainError where the original of that document lies with us already.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    if data.get("document") and items.added(case, token) is None:
        _require_not_here(case, keys.case_key(actor, case), data["document"])
    told = {"title": data["title"], "on": data["received_on"]}
    return items.add(actor, case_id, KIND, Said(data), token, **told)


def change(
    actor: Actor, case_id: UUID, item_id: UUID, version: int, data: dict[str, Any], token: UUID
) -> None:
    """Say it otherwise, for instance where it lies now. Raises as `items.change`."""
    one = _standing(actor, case_id, item_id)
    told = {"title": data["title"], "on": data["received_on"]}
    said = Said({**one.data, **data}, None, None, one.state)
    items.change(actor, case_id, item_id, version, said, token, over=True, **told)


def give_back(
    actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID, returned: dict[str, Any]
) -> None:
    """Say that it went back, in a closed case too.

    returned: on (ISO), to (whom), how (a code of the list `original_signature`), text. Raises DomainError, or
    as `items.change`.
    """
    if returned["how"] not in reference().lists["original_signature"]:
        raise NotFound
    one = _standing(actor, case_id, item_id)
    if returned["on"] < one.data["received_on"]:
        raise DomainError(_("It was received after this day."), field="returned_on")
    if returned["on"] > clock.today().isoformat():
        raise DomainError(_("This day has not come yet."), field="returned_on")
    if returned["how"] == "none" and not returned["text"].strip():
        raise DomainError(_("Write why nobody signed."), field="text")
    said = Said({**one.data, "end": returned}, None, None, DONE)
    told = {"title": one.data["title"], "on": returned["on"], "to": returned["to"], KIND: str(item_id)}
    items.change(actor, case_id, item_id, version, said, token, text=returned["text"], over=True, **told)


def take_back(actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID) -> None:
    """It lies with us after all; a second click changes nothing.

    Raises as `items.change`, and DomainError where the original of its document was taken in again.
    """
    one = _standing(actor, case_id, item_id)
    if one.is_open:
        return
    if one.data.get("document"):
        case = find(actor, Permission.CASE_NOTE, case_id)
        _require_not_here(case, keys.case_key(actor, case), one.data["document"])
    data = {name: value for name, value in one.data.items() if name != "end"}
    said = Said(data, None, None, OPEN)
    items.change(actor, case_id, item_id, version, said, token, over=True, title=data["title"])


def mistaken(actor: Actor, case_id: UUID, item_id: UUID, version: int, token: UUID, why: str) -> None:
    """Take out what was entered by mistake, also where it was said to be given back; in a closed case too.

    Nothing stays of it but what it was called, and why it went: it says no more from whom the paper was, nor
    names a document of the case, and the timeline tells of nobody who got it. Raises DomainError without a
    reason, Conflict where a colleague took it out, or as `items.change`.
    """
    if not why.strip():
        raise DomainError(_("Write the reason"), field="reason")
    one = one_of(actor, case_id, item_id)
    if one.state == DROPPED and one.last == str(token):
        return
    if one.state == DROPPED:
        raise Conflict
    by = names_of({actor.person_id})[actor.person_id]
    ended = {"mistake": True, "on": clock.today().isoformat(), "text": why, "by": by}
    data = {"title": one.data["title"], "giver": "", "place": "", "more": "", "end": ended}
    said = Said({**data, "received_on": one.data["received_on"]}, None, None, DROPPED)
    told = {"title": data["title"], "mistake": True}
    items.change(actor, case_id, item_id, version, said, token, text=why, over=True, **told)
    _forget_giving(actor, case_id, item_id, data["title"])


def _forget_giving(actor: Actor, case_id: UUID, item_id: UUID, title: str) -> None:
    """Take out of the timeline to whom it was said to be given, and what was written about that.

    A line that was written before lines said of which original they tell is known by what that was called.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    gave = False
    for entry, line in list(timeline.opened_lines(case, key)):
        told = line["data"]
        if line["kind"] != "item" or told["item"] != KIND or "to" not in told:
            continue
        if told[KIND] == str(item_id) if KIND in told else told["title"] == title:
            bare = {name: said for name, said in told.items() if name != "to"}
            timeline.replace(case, key, entry, {**line, "text": "", "data": {**bare, "mistake": True}})
            gave = True
    if gave:
        rows.written(actor, "case.line_out", key, case)


def one_of(actor: Actor, case_id: UUID, item_id: UUID) -> OpenItem:
    """An original in a case on which the actor writes. Raises NotFound."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    one = items.find_one(case, keys.case_key(actor, case), item_id)
    if one.kind != KIND:
        raise NotFound
    return one


def _standing(actor: Actor, case_id: UUID, item_id: UUID) -> OpenItem:
    """Likewise one that was no mistake. Raises Conflict where it was, which a colleague said meanwhile."""
    one = one_of(actor, case_id, item_id)
    if one.state == DROPPED:
        raise Conflict
    return one


def _require_not_here(case: Case, key: Key, document: str) -> None:
    """Raise DomainError where the original of a document, or of another version of it, lies with us."""
    found = ((one.document, *one.older) for one in shelves(documents.read(case, key)))
    versions = ({str(paper.id) for paper in papers} for papers in found)
    same = next((ids for ids in versions if document in ids), set())
    if any(one.data.get("document") in same for one in unreturned(case, key)):
        raise DomainError(_("The original of this document lies with us already, it stands in the register."))


def unreturned(case: Case, key: Key) -> list[OpenItem]:
    """The originals of a case that lie with us."""
    return [one for one in items.read(case, key) if one.kind == KIND and one.is_open]


def register(actor: Actor, *, after: Place | None = None) -> Register:
    """The originals that lie with us in all cases within reach, by case; closed cases too.

    Of which kind an item is stands sealed: a page looks through PAGE of those without owner and day.
    """
    statement = (
        reachable(actor, Permission.ORIGINAL_LIST, Case)
        .join(CaseItem, CaseItem.case_id == Case.id)
        .where(
            CaseItem.state == OPEN,
            CaseItem.owner_id.is_(None),
            CaseItem.due_on.is_(None),
            Case.state != State.ERASED,
        )
        .order_by(Case.number, CaseItem.id)
        .limit(PAGE + 1)
        .options(listing.CARD)
        .with_only_columns(CaseItem, Case)
    )
    if after is not None:
        statement = statement.where(tuple_(Case.number, CaseItem.id) > after)
    found = db.session.execute(statement).all()
    shown = found[:PAGE]
    cases = list(dict.fromkeys(case for _row, case in shown))
    opened = keys.case_keys(actor, cases)
    cards = {row.id: row for row in listing.open_cards(actor, cases)}
    audit.record(actor, "original.list")
    lines = []
    for row, case in shown:
        if case.id in opened and (data := _original(case, opened[case.id], row)) is not None:
            lines.append(Held(row.id, data, cards[case.id]))
    last = (shown[-1][1].number, shown[-1][0].id) if len(found) > PAGE else None
    return Register(lines, last, len(cases) - len(opened))


def _original(case: Case, key: Key, row: CaseItem) -> dict[str, Any] | None:
    try:
        content = items.opened(case, key, row)
    except Unreadable:
        return None
    return dict(content["data"]) if content["kind"] == KIND else None
