"""The dry run: each row is read and compared with every file, then the rows with one another.

Nothing is recorded. What looks alike waits for somebody to say what it is; nothing is joined by itself.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, insert, update

from cases.import_models import CaseImportRow
from cases.service import match_tokens, matching, team
from cases.service.importing import store
from cases.service.importing.reading import Work, record_of
from cases.service.match_tokens import Made
from cases.service.persons import persons_of
from core.access.actors import Actor
from core.errors import DomainError, NotFound
from core.store.base import db
from domain.names.reasons import Verdict
from domain.names.tokens import tokens

SECONDS: Final = 1.0  # of slow work before one committed step
AT_ONCE: Final = 50
PENDING: Final = ("new", "faulty", "ready", "alike", "conflict")
BEFORE: Final = ("mapping", "checking", "checked")


@dataclass(frozen=True)
class Checked:
    """A row as it was read, and what finds other files of its person."""

    number: int
    client: dict[str, Any] | None = field(repr=False)
    tokens: Made = field(repr=False)
    left_out: bool = False


def settle(actor: Actor, import_id: UUID, work: Work, plan: dict[str, Any]) -> None:
    """Keep how the sheet is read, and begin its dry run anew. Raises NotFound, Conflict once it goes in."""
    row = store.find_own(actor, import_id, BEFORE, lock=True)
    caseworker = plan["caseworker"]
    if plan["restrict"] and not caseworker:
        raise DomainError(_("A restricted file names at least two people."), field="caseworker")
    if caseworker and UUID(caseworker) not in {one.id for one in team.colleagues(actor)}:
        raise NotFound
    store.keep_plan(actor, row, {**plan, "twins": {}, "twins_apart": [], "apart": {}, "first": []})
    mine = CaseImportRow.import_id == import_id
    db.session.execute(delete(CaseImportRow).where(mine, CaseImportRow.state.in_(PENDING)))
    there = set(store.numbers(import_id, "imported", "linked", "left_out"))
    fresh = [number for number in work.numbers if number not in there]
    if not fresh:
        raise DomainError(_("There is no row below the headings."))
    rows = [{"import_id": import_id, "number": number, "state": "new"} for number in fresh]
    db.session.execute(insert(CaseImportRow), rows)
    row.state = "checking"


def prepare(actor: Actor, work: Work) -> list[Checked]:
    """Read the next rows and make their tokens, which is slow. Empty when all were looked at."""
    end = time.monotonic() + SECONDS
    done: list[Checked] = []
    for number in store.numbers(work.id, "new")[:AT_ONCE]:
        found, _why = work.read(number)
        if found is None:
            done.append(Checked(number, None, {}))
        elif found.closed and work.plan["closed"] == "skip":
            done.append(Checked(number, None, {}, left_out=True))
        else:
            record = record_of(found)
            done.append(Checked(number, record["client"], match_tokens.made_of(actor, record)))
        if time.monotonic() > end:
            break
    return done


def put(actor: Actor, work: Work, done: list[Checked]) -> None:
    """Write down what was found; a row that somebody was quicker with stays as it is."""
    row = store.find_own(actor, work.id, lock=True)
    if row.state != "checking":
        return
    waiting = set(store.numbers(work.id, "new"))
    for one in done:
        if one.number in waiting:
            _state(work.id, one.number, _found(actor, one))


def twins(work: Work) -> dict[int, int]:
    """Rows that look like an earlier one of the sheet, and which."""
    seen: dict[tuple[str, ...], list[int]] = {}
    clients: dict[int, dict[str, Any]] = {}
    found: dict[int, int] = {}
    for number in store.numbers(work.id, "ready", "alike"):
        case, _why = work.read(number)
        if case is None:
            continue
        client = record_of(case)["client"]
        made = [tokens(person) for person in persons_of(client)]
        keys = {key for one in made for key in (*one.pairs, *one.single)}
        earlier = {other for key in keys for other in seen.get(key, ())}
        same = (one for one in sorted(earlier) if _alike(client, clients[one]))
        if (twin := next(same, None)) is not None:
            found[number] = twin
            continue
        clients[number] = client
        for key in keys:
            seen.setdefault(key, []).append(number)
    return found


def finish(actor: Actor, work: Work, found: dict[int, int]) -> None:
    """The dry run is through. Twice is once."""
    row = store.find_own(actor, work.id, lock=True)
    if row.state != "checking" or store.numbers(work.id, "new"):
        return
    for number in found:
        _state(work.id, number, "alike")
    plan = store.plan_of(actor, row)
    store.keep_plan(actor, row, {**plan, "twins": {str(one): other for one, other in found.items()}})
    row.state = "checked"


def _found(actor: Actor, one: Checked) -> str:
    if one.left_out:
        return "left_out"
    if one.client is None:
        return "faulty"
    return "alike" if matching.candidates(actor, one.client, match_tokens.of_client(one.tokens)) else "ready"


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return matching.judge(one, other).verdict is not Verdict.DIFFERENT


def _state(import_id: UUID, number: int, state: str) -> None:
    db.session.execute(
        update(CaseImportRow)
        .where(CaseImportRow.import_id == import_id, CaseImportRow.number == number)
        .values(state=state)
    )
