"""What was offered to a lawyer and not answered: it follows the file, and ends without a key.

A lawyer looks for conflicts of interest among the names of the brief, so it is sealed anew whenever the file
says otherwise. What they have read comes back with their yes, as marks: what came since is asked about again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

import vault
from accounts.models import Person
from accounts.service import trust
from cases.models import Assignment, Case, CaseGrant
from cases.service import draft_keys, offer_letters, parties, team, timeline
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.errors import Conflict
from core.reference import reference
from core.store.base import db
from domain.conflicts import Standing
from domain.lifecycle import State
from vault import Key

NAMED: Final = 30  # people whom a brief names, with as many letters of a name as below
LETTERS: Final = 120
HELD: Final = "held"  # taken back, because a conflict of interest came up
LEFT: Final = "left"  # ended, because whoever was asked has no access or not the same keys any more

_SAID: Final = ("issue", "province", "language")


@dataclass(frozen=True)
class Named:
    """Somebody in the matter: names as they are written, a code of the list `party_role`, and its mark."""

    names: list[str] = field(repr=False)
    role: str
    mark: str


@dataclass(frozen=True)
class Brief:
    """What a lawyer sees before answering."""

    assignment_id: UUID
    case_id: UUID
    reference: str
    urgency: str
    offered_by: str
    offered_at: dt.datetime
    answer_by: dt.datetime
    parties: list[Named]
    unnamed: int  # how many more there are
    issue: str
    province: str
    language: str
    until: dt.datetime | None  # to review a draft; None: the whole file
    said: dict[str, str]  # marks of all but the names

    @property
    def marks(self) -> str:
        """What whoever reads this has read: a mark for each name and for each thing said."""
        return " ".join([*(one.mark for one in self.parties), *self.said.values()])


class Newer(Conflict):
    """The brief says something that was not in it when the lawyer read it."""

    def __init__(self, brief: Brief) -> None:
        super().__init__(_("Something in this changed after you read it. Look at it again, then answer."))
        self.brief = brief


def seal(case: Case, record: dict[str, Any], rows: Collection[Assignment]) -> None:
    """Seal to each lawyer what the file says now. Raises vault.Untrusted for a first brief alone.

    Whose key does not hold any more can open neither what was sealed before nor the file.
    """
    everybody = parties.everybody(record)
    content = orjson.dumps(
        {
            "parties": [[[name[:LETTERS] for name in one.names], one.role] for one in everybody[:NAMED]],
            "unnamed": max(0, len(everybody) - NAMED),
            "issue": record["issue"],
            "province": record.get("province") or "",
            "language": record["client"].get("language") or "",
        }
    )
    known = trust.person_keys([row.lawyer_id for row in rows])
    for row in rows:
        if row.lawyer_id in known:
            public = known[row.lawyer_id].hpke_public
            row.brief = vault.seal_to(public, content, _context(case.organisation_id, row))
        elif row.brief is None:
            raise vault.Untrusted


def opened(actor: Actor, row: Assignment, case: Case) -> Brief:
    """The brief of an open offer to the actor."""
    sealed = actor.secret.pair.open(row.brief or b"", _context(actor.organisation_id, row))
    content: dict[str, Any] = orjson.loads(sealed)
    # Whoever was asked before everybody was named reads the client alone.
    told: list[Any] = [
        one if isinstance(one, list) else [[one], parties.CLIENT] for one in content.pop("parties")
    ]
    content = {"unnamed": 0, **content}
    marked = {**{name: content[name] for name in (*_SAID, "unnamed")}, "urgency": case.urgency}
    return Brief(
        assignment_id=row.id,
        case_id=case.id,
        reference=case.reference,
        urgency=case.urgency,
        offered_by=db.session.get_one(Person, row.offered_by).name,
        offered_at=row.offered_at,
        answer_by=row.answer_by,
        until=row.until,
        parties=[Named(names, role, _mark(row, role, *names)) for names, role in told],
        said={name: _mark(row, name, value) for name, value in marked.items()},
        **content,
    )


def require_read(actor: Actor, row: Assignment, case: Case, read: str) -> None:
    """Raise Newer where the brief says what was not read. read: `Brief.marks`, as the page carried them."""
    brief = opened(actor, row, case)
    if not set(brief.marks.split()) <= set(read.split()):
        raise Newer(brief)


def follow(case: Case, record: dict[str, Any]) -> None:
    """What is offered follows the file, whose record changes: brief, and no later than its urgency asks.

    An urgency that was lowered gives no more time: the lawyer has read until when they answer.
    """
    rows = _open(case)
    if not rows:
        return
    seal(case, record, rows)
    latest = clock.now() + reference().urgencies[case.urgency].acceptance
    for row in rows:
        row.version += 1
        answer_sooner(row, latest)
    db.session.flush()


def answer_sooner(row: Assignment, latest: dt.datetime) -> None:
    """The lawyer answers by then, if not earlier anyway, and is told of it."""
    if latest < row.answer_by:
        row.answer_by = latest
        offer_letters.asked(row)


def hold(actor: Actor, case: Case, key: Key, now: Standing) -> None:
    """Take back what is offered, once nobody may take the case on: the clock would run against the lawyer."""
    if now not in {Standing.POSSIBLE, Standing.REFUSED}:
        return
    for row in _open(case):
        give_back(row, case, HELD)
        timeline.write(actor, case, key, "assignment", "", data=team.named(row.lawyer_id, "withdrawn"))


def run_out(case: Case, rows: Iterable[Assignment]) -> None:
    """End offers of one case whose time is over."""
    for row in rows:
        give_back(row, case, "expired")
        audit.record(
            None,
            "assignment.expire",
            organisation_id=case.organisation_id,
            object_kind="case",
            object_id=case.id,
        )


def end_late(case: Case) -> None:
    """The same for whoever opens the case before the worker comes round to it."""
    if case.state == State.ASSIGNED:
        run_out(case, [row for row in _open(case) if row.until is None and row.answer_by <= clock.now()])


def give_back(row: Assignment, case: Case, state: str) -> None:
    """End an offer without a key: brief and withheld keys go, the file is open again.

    The state is a clear column, so that a lawyer or a job without the key can do this; the sealed
    record and its version stay as they are.
    """
    answered(row, state)
    db.session.execute(
        delete(CaseGrant).where(
            CaseGrant.case_id == case.id,
            CaseGrant.holder_id == row.lawyer_id,
            CaseGrant.released.is_(False),
        )
    )
    if row.until is None:
        case.state = str(State.OPEN)
        case.changed_at = clock.now()
    else:
        draft_keys.refused(case.id, row.lawyer_id)
    db.session.flush()
    if state in offer_letters.BACK:
        offer_letters.came_back(row, case)


def answered(row: Assignment, state: str) -> None:
    """The offer is over, and with it its brief."""
    row.state, row.brief, row.answered_at = state, None, clock.now()
    row.version += 1


def _open(case: Case) -> list[Assignment]:
    asked = select(Assignment).where(Assignment.case_id == case.id, Assignment.state == "offered")
    return list(db.session.scalars(asked))


def _mark(row: Assignment, *said: object) -> str:
    """Tells one thing that stands in a brief from any other, and nothing of what it is."""
    return hashlib.sha256(orjson.dumps([str(row.id), *said])).hexdigest()[:16]


def _context(organisation_id: UUID, row: Assignment) -> vault.Context:
    return vault.Context("brief", organisation_id, row.case_id, row.id, row.lawyer_id)
