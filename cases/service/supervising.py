"""Supervision notes: what whoever supervises asks those who work on a case about how they handle it.

Each is an item of the case, on the desk of whose turn it is, and writes no line into the story of the case.
It is read by those who hold the key of the case, and never given out with the file.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import items, keys, rows, team
from cases.service.items import Said
from cases.service.reach import find, reaches
from cases.service.views import DONE, OPEN, OpenItem
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from vault import Key

KIND: Final = "supervision"
SILENCE: Final = dt.timedelta(days=7)  # after an answer, of whoever asked
ASK, ANSWER, SETTLE, CLOSED = "ask", "answer", "settle", "closed"


def ask(actor: Actor, case_id: UUID, whom: UUID, text: str, due_on: dt.date | None, token: UUID) -> UUID:
    """Ask somebody who works on the case; the same token twice asks once. Gives the id of the note.

    Raises NotFound for who does not supervise it, DomainError.
    """
    case = find(actor, Permission.SUPERVISION_READ, case_id)
    if whom not in asked_of(actor, case):
        raise DomainError(_("Choose somebody who works on this case."), field="whom")
    if due_on is not None and due_on < clock.today():
        raise DomainError(_("This day has passed."), field="due_on")
    data = {"lines": [_line(actor, ASK, text)], "asked_by": str(actor.person_id), "asked": str(whom)}
    return items.add(actor, case_id, KIND, Said(data, due_on, whom), token, quiet=True, waits=False)


def asked_of(actor: Actor, case: Case) -> set[UUID]:
    """Who can be asked: whoever works on the case and may answer there, the actor excepted."""
    return (team.live(case.id).keys() & team.may_open(case)) - {actor.person_id}


def people_to_ask(actor: Actor, case_id: UUID) -> list[tuple[str, str]]:
    """The same with their names, to choose from. Raises NotFound for who does not supervise the case."""
    case = find(actor, Permission.SUPERVISION_READ, case_id)
    able = asked_of(actor, case)
    return [(str(one.person_id), one.name) for one in team.lines(case) if one.person_id in able]


def say(
    actor: Actor, case_id: UUID, item_id: UUID, version: int, text: str, token: UUID, *, how: str
) -> None:
    """Answer, ask further or settle a note; the same token twice says it once.

    how: `answer` gives the turn to whoever asked, `ask` and `settle` are theirs who supervise the case.
    Raises NotFound, Conflict, DomainError.
    """
    one = one_of(actor, case_id, item_id)
    if how not in choices(actor, case_id, one):
        raise NotFound
    if not one.is_open and one.last != str(token):
        raise DomainError(
            _("This note was settled meanwhile, so nothing was recorded. What you wrote is still below.")
        )
    if how != SETTLE and not text.strip():
        raise DomainError(_("Write something first."), field="text")
    data = {**one.data, "lines": [*one.data["lines"], _line(actor, how, text)]}
    owner = UUID(one.data["asked_by"] if how == ANSWER else one.data["asked"])
    case = find(actor, Permission.CASE_NOTE, case_id)
    said = Said(data, None, _turn(case, owner, one.owner_id), DONE if how == SETTLE else OPEN)
    items.change(actor, case_id, item_id, version, said, token, quiet=True, over=True)


def choices(actor: Actor, case_id: UUID, one: OpenItem) -> tuple[str, ...]:
    """What the actor can say to a note of a case that they can write on; who was asked only answers."""
    asked = one.data["asked"] == str(actor.person_id) != one.data["asked_by"]
    supervises = not asked and reaches(actor, Permission.SUPERVISION_READ, case_id)
    return (ASK, SETTLE, ANSWER) if supervises else (ANSWER,)


def one_of(actor: Actor, case_id: UUID, item_id: UUID) -> OpenItem:
    """A note of a case on which the actor writes. Raises NotFound."""
    case = find(actor, Permission.CASE_NOTE, case_id)
    one = items.find_one(case, keys.case_key(actor, case), item_id)
    if one.kind != KIND:
        raise NotFound
    return one


def not_by_who_was_asked(actor: Actor, case: Case, key: Key) -> None:
    """Whoever was asked does not end their own question by closing the case. Raises DomainError.

    Unless whoever asked can open the case no more, or has the answer and says nothing to it for SILENCE: they
    may be away, and of two coordinators nobody else is there to close it.
    """
    able, me = team.may_open(case), str(actor.person_id)
    for one in items.read(case, key):
        if one.kind != KIND or not one.is_open or one.data["asked"] != me or one.data["asked_by"] == me:
            continue
        by, last = UUID(one.data["asked_by"]), one.data["lines"][-1]
        waited = clock.now() - dt.datetime.fromisoformat(last["at"]) >= SILENCE
        if by in able and not (waited and last["how"] == ANSWER):
            raise DomainError(
                _(
                    "A supervision note asks you something. Answer it first: whoever asked settles it, or "
                    "closes the case. If they say nothing for a week after your answer, you can close it "
                    "yourself."
                ),
                field="despite",
            )


def closed_over(actor: Actor, case: Case, key: Key, _why: str, despite: str) -> None:
    """End the notes over which the case was closed, with the reason that stands in the timeline.

    In a closed file nothing of them would come to anybody's desk. Before, `not_by_who_was_asked` was asked.
    """
    rows.seal_head(key, case)  # the closing has changed it, and is on the chain at its end
    for one in items.read(case, key):
        if one.kind != KIND or not one.is_open:
            continue
        data = {**one.data, "lines": [*one.data["lines"], _line(actor, CLOSED, despite)]}
        said, token = Said(data, None, None, DONE), uuid5(one.id, f"{CLOSED} {one.version}")
        items.change(actor, case.id, one.id, one.version, said, token, quiet=True, over=True)


def _turn(case: Case, wanted: UUID, now: UUID | None) -> UUID | None:
    """On whose desk it stands: who is wanted, or who has it where that person may open the case no more."""
    able = team.may_open(case)
    return next((one for one in (wanted, now) if one in able), None)


def _line(actor: Actor, how: str, text: str) -> dict[str, Any]:
    return {
        "how": how,
        "by": str(actor.person_id),
        "at": clock.now().isoformat(),
        "text": text.strip(),
    }
