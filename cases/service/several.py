"""One act on several cases: each is decided and carried out by itself, and the answer says what became of it.

What is to be done, on which cases, and what became of each stands sealed in a row of whoever began it. Each
case takes a transaction of its own, which also writes down its outcome: after a crash nothing is done twice
and nothing is left out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _
from sqlalchemy import delete

from cases.list_models import OwnList
from cases.service import files, gate, listing, members, own_lists, progress, team, todo
from cases.service.reach import find
from cases.service.rows import Tampered
from cases.service.views import Row
from core import clock
from core.access.actors import Actor
from core.access.permissions import READING, Permission
from core.access.policy import may
from core.errors import Conflict, DomainError, Locked, NotFound
from core.store.base import db
from domain.lifecycle import WAITING, State
from vault import VaultError

MOST: Final = 50  # cases at once
BATCH: Final = "batch"
KEPT: Final = dt.timedelta(days=7)  # for so long one can look at what became of them
ACTS: Final = {
    "next_step": Permission.CASE_EDIT,
    "task": Permission.CASE_NOTE,
    "state": Permission.CASE_STATE,
    "member": Permission.CASE_MEMBERS,
}
STATES: Final = (*WAITING, State.IN_PROGRESS)  # to which several are moved at once


@dataclass(frozen=True)
class Chosen:
    """A case as it stood when it was chosen."""

    case_id: UUID
    version: int


@dataclass(frozen=True)
class Outcome:
    """What became of one case: done, same, changed, gone, locked, damaged, refused, or "" while it waits.

    row: None where the actor may not open the case any more.
    """

    row: Row | None
    code: str
    words: str  # of a refusal


@dataclass(frozen=True)
class Batch:
    """An act on several cases as its page shows it."""

    id: UUID
    act: str
    outcomes: list[Outcome]

    @property
    def left(self) -> int:
        """How many cases wait still."""
        return sum(not one.code for one in self.outcomes)


def begin(actor: Actor, act: str, said: dict[str, str], chosen: list[Chosen], token: UUID) -> UUID:
    """Begin an act; the same token twice begins one. Raises NotFound, DomainError."""
    if act not in ACTS or not may(actor, ACTS[act]):
        raise NotFound
    if own_lists.find_row(actor, token, BATCH) is not None:
        return token
    _check(actor, act, said)
    if not 0 < len(chosen) <= MOST:
        raise DomainError(_("Choose between one and fifty cases."))
    over = OwnList.made_at < clock.now() - KEPT
    db.session.execute(
        delete(OwnList).where(OwnList.person_id == actor.person_id, OwnList.kind == BATCH, over)
    )
    cases = [[str(one.case_id), one.version, "", ""] for one in chosen]
    own_lists.put(actor, token, BATCH, {"act": act, "said": said, "cases": cases})
    return token


def step(actor: Actor, batch_id: UUID) -> bool:
    """Carry out the act on the next case; whether one was left. Raises NotFound for who did not begin it."""
    row, said = _opened(actor, batch_id, lock=True)
    waiting = next((one for one in said["cases"] if not one[2]), None)
    if waiting is None:
        return False
    waiting[2:] = _outcome(actor, batch_id, said, Chosen(UUID(waiting[0]), waiting[1]))
    row.open = any(not one[2] for one in said["cases"])
    own_lists.write(actor, row, said)
    return True


def look(actor: Actor, batch_id: UUID) -> Batch:
    """How it stands. Raises NotFound for who did not begin it."""
    _row, said = _opened(actor, batch_id)
    known = {row.id: row for row in rows(actor, [UUID(one[0]) for one in said["cases"]])}
    outcomes = [Outcome(known.get(UUID(case_id)), code, words) for case_id, _v, code, words in said["cases"]]
    return Batch(batch_id, said["act"], outcomes)


def rows(actor: Actor, ids: list[UUID]) -> list[Row]:
    """The lines of these cases, newest first, as far as the actor reaches them."""
    return listing.open_cards(actor, listing.these(actor, ids))


def _outcome(actor: Actor, batch_id: UUID, said: dict[str, Any], one: Chosen) -> tuple[str, str]:
    try:
        with db.session.begin_nested():
            return ("done" if _carry_out(actor, batch_id, said, one) else "same"), ""
    except Conflict:
        return "changed", ""
    except NotFound:
        return "gone", ""
    except Locked:
        return "locked", ""
    except (Tampered, VaultError):
        return "damaged", ""
    except DomainError as error:
        return "refused", str(error.message)


def _carry_out(actor: Actor, batch_id: UUID, whole: dict[str, Any], one: Chosen) -> bool:
    """Whether something changed."""
    act, said = whole["act"], whole["said"]
    if act == "task":  # it stands beside whatever a colleague changed meanwhile
        data, owner = {"title": said["title"], "more": ""}, said["owner"]
        todo.add(
            actor,
            one.case_id,
            "task",
            data,
            uuid5(batch_id, str(one.case_id)),
            owner_id=UUID(owner) if owner else None,
            on=dt.date.fromisoformat(said["day"]) if said["day"] else None,
        )
        return True
    case = find(actor, ACTS[act], one.case_id, version=one.version)
    if act == "next_step":
        return files.set_next_step(actor, one.case_id, one.version, said["next_step"])
    if act == "state":
        if case.state == State.CLOSED:
            raise DomainError(gate.CLOSED)  # each is opened again by itself, and says why
        if case.state == said["to"]:
            return False
        progress.move(actor, one.case_id, one.version, said["to"], reason=said["reason"])
        return True
    person_id = UUID(said["person"])
    if person_id in team.live(case.id):
        return False
    members.add(actor, one.case_id, person_id)
    return True


def _check(actor: Actor, act: str, said: dict[str, str]) -> None:
    if act == "next_step" and not said["next_step"]:
        raise DomainError(_("Write the next step."), field="next_step")
    if act == "task":
        if not said["title"]:
            raise DomainError(_("Write what is to be done."), field="title")
        if said["owner"] and said["owner"] not in {str(one.id) for one in team.holding(actor, READING)}:
            raise DomainError(_("Choose a person"), field="owner")
    if act == "state" and said["to"] not in STATES:
        raise DomainError(_("Choose a state"), field="to")
    if act == "member" and said["person"] not in {str(one.id) for one in team.colleagues(actor)}:
        raise DomainError(_("Choose a person"), field="person")


def _opened(actor: Actor, batch_id: UUID, *, lock: bool = False) -> tuple[OwnList, dict[str, Any]]:
    row = own_lists.find_row(actor, batch_id, BATCH, lock=lock)
    said = own_lists.opened(actor, row) if row is not None else None
    if row is None or said is None:
        raise NotFound
    return row, said
