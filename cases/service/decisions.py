"""A person decides about a possible conflict of interest: accept, behind a wall or not, or refer out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from accounts.models import Person
from cases.models import Case, Order
from cases.service import conflicts, files, keys, listing, matching, members, parties, rows, team, timeline
from cases.service.conflicts import DECISIONS, Decided
from cases.service.due import CONFLICT
from cases.service.reach import find, reaches
from cases.service.records import next_version, open_record
from cases.service.views import Row
from core import clock
from core.access.actors import Actor
from core.access.permissions import READING, Permission, Role
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import DomainError, NotFound
from core.store.base import db
from domain import conflicts as rules
from domain.conflict_enquiries import is_possible
from domain.conflicts import Finding, Outcome, Standing
from domain.lifecycle import State
from vault import Key


@dataclass(frozen=True)
class Line:
    """Somebody in this matter who was met elsewhere: in which roles, in which file, whom to ask."""

    names: list[str]
    finding: Finding
    ask: tuple[str, ...]
    waits: bool


@dataclass(frozen=True)
class Past:
    """A decision in words: who, when, what, why, who stays outside."""

    decided: Decided
    by: str
    walled: list[str]


@dataclass(frozen=True)
class Asked:
    """Another organisation that was asked whether it acts for the other side, and what it said."""

    id: UUID
    name: str
    state: str
    facts: dict[str, Any]  # what left, in codes
    reply: str  # an entry of the list `conflict_reply`, or ""
    contact: str  # whom to call there, or ""
    asked_at: dt.datetime
    answered_at: dt.datetime | None
    due_at: dt.datetime
    broken: bool  # does not open, or nobody signed it who may


# The feature that asks other organisations registers here: what it knows of a case, that somebody looks at
# the check, and what a decision ends.
asked_about: Final[list[Callable[[Actor, Case, Key], list[Asked]]]] = []
on_looked: Final[list[Callable[[Case], None]]] = []
on_decided: Final[list[Callable[[Actor, Case, Key], None]]] = []


@dataclass(frozen=True)
class Check:
    """What the page of a case shows of its check."""

    standing: Standing
    lines: list[Line]
    past: list[Past]
    may_decide: bool
    outcomes: list[Outcome]  # that the actor may choose
    asked: list[Asked]
    may_ask: bool

    @property
    def heard_possible(self) -> bool:
        """Whether another organisation said that a conflict is possible; people decide what it means."""
        return is_possible(one.reply for one in self.asked)


def look(actor: Actor, case_id: UUID) -> Check:
    """The check of a case as it stands, for its page. Raises NotFound, Locked."""
    case = find(actor, Permission.CASE_READ, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    record = open_record(key, case)
    audit.record(actor, "case.conflict", object_kind="case", object_id=case.id)
    found, past = conflicts.found_of(record), conflicts.decisions_of(case, record)
    decides = reaches(actor, Permission.CONFLICT_DECIDE, case_id)
    may_decide = bool(found) and decides
    asked = _asked(actor, case, key)
    if asked:
        for follow in on_looked:
            follow(case)
    return Check(
        conflicts.standing_of(case, record),
        lines(actor, record, found, {name for one in past for name in one.covers}),
        [Past(one, _name(one.by), [_name(person) for person in sorted(one.walled)]) for one in past],
        may_decide,
        _open_to(actor, found) if may_decide else [],
        asked,
        decides and case.state not in {State.CLOSED, State.ERASED},
    )


def hear(actor: Actor, case: Case) -> None:
    """Take up what other organisations answered since: where a conflict is possible by it, somebody decides.

    The caller has locked the case. Twice is once. Raises Locked.
    """
    if case.state in {State.CLOSED, State.ERASED}:
        return
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    answers = [
        rules.heard(one.id.hex, one.name) for one in _asked(actor, case, key) if is_possible([one.reply])
    ]
    before = open_record(key, case)
    record = conflicts.with_heard(before, answers)
    if record is before:
        return
    files.take_up(actor, case, key, record, conflicts.standing_of(case, before))
    next_version(case, key, record)
    rows.written(actor, "case.compare", key, case)


def lines(
    actor: Actor, record: dict[str, Any], found: Iterable[Finding], covered: Collection[str] = ()
) -> list[Line]:
    """What was found among the people of a record, in words for a page, the gravest first."""
    people = {party.id: party.names for party in parties.everybody(record)}
    shown = [one for one in found if one.party in people]
    matters = {UUID(one.matter) for one in shown if one.matter and not one.ask}
    ask = {other.id.hex: names for other, names in matching.named(actor, matters)}
    return [
        Line(people[one.party], one, one.ask or ask.get(one.matter, ()), one.key not in covered)
        for one in sorted(shown, key=lambda one: (-one.level, one.reference, one.key))
    ]


def check_now(actor: Actor, case_id: UUID) -> None:
    """Compare everybody in a case with every other file. Raises NotFound, Locked without a key."""
    case = find(actor, Permission.CASE_MATCH, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    files.compare_again(actor, case, key)


def decide(
    actor: Actor,
    case_id: UUID,
    version: int,
    outcome: Outcome,
    reason: str,
    *,
    walled: Iterable[UUID] = (),
    named: Iterable[UUID] = (),
    in_words: Callable[[Asked], str] | None = None,
) -> None:
    """Decide about everything that was found, with a reason; the decision is signed into the case.

    in_words: tells what another organisation answered; it stands under the reason and is signed with it.

    walled: who never gets the key; the case is then open to named people only, `named` among them.
    Raises Conflict where somebody decided, or changed something, since the page was shown; DomainError.
    """
    case = find(actor, Permission.CONFLICT_DECIDE, case_id, version=version)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    record = open_record(key, case)
    found = [one for one in conflicts.found_of(record) if one.level > rules.Level.NONE]
    if not found:
        raise DomainError(_("Nothing was found about which to decide."))
    if outcome not in _open_to(actor, found):
        raise DomainError(_("A coordinator decides this."), field="outcome")
    if not reason.strip():
        raise DomainError(_("Write the reason in a sentence."), field="reason")
    if any(one.colleague == str(actor.person_id) for one in found):
        raise DomainError(_("You may be a party yourself. Somebody else decides."))
    if in_words is not None:
        heard = [in_words(one) for one in _asked(actor, case, key) if one.reply]
        reason = "\n".join([reason.strip(), *heard])
    outside = frozenset(walled) if outcome is Outcome.WALL else frozenset()
    if outcome is Outcome.WALL:
        _require_a_wall(actor, outside)
    decided = Decided(
        clock.now(), actor.person_id, outcome, reason, frozenset(one.key for one in found), outside
    )
    signature = actor.secret.signer.sign(conflicts.LABEL, conflicts.statement(case, decided))
    signed = {**_stored(decided), "signature": signature.hex()}
    changed = {**record, DECISIONS: [*record.get(DECISIONS, ()), signed]}
    stood = conflicts.standing_of(case, record)
    said = {"outcome": str(outcome), "people": [_name(person) for person in sorted(outside)]}
    timeline.write(actor, case, key, "conflict_decided", reason, data=said)
    files.take_up(actor, case, key, changed, stood)
    next_version(case, key, changed)
    rows.written(actor, "case.decide", key, case)
    for follow in on_decided:
        follow(actor, case, key)
    if outcome is Outcome.WALL:
        members.wall(actor, case, key, outside, named)


def waiting(actor: Actor, limit: int) -> list[Row]:
    """The cases in which a decision waits that the actor may take, those that wait longest first."""
    due = (
        reachable(actor, Permission.CONFLICT_DECIDE, Case)
        .join(Order, Order.case_id == Case.id)
        .where(
            Order.organisation_id == actor.organisation_id,
            Order.kind == CONFLICT,
            Order.done_at.is_(None),
            Case.state.not_in([State.CLOSED, State.ERASED]),
        )
    )
    found = due.order_by(Order.ordered_at, Order.id).limit(limit).options(listing.CARD)
    cases = list(db.session.scalars(found))
    return listing.open_cards(actor, cases) if cases else []


def colleagues(actor: Actor) -> list[Person]:
    """Everybody who could stand behind a wall: whoever else could ever open a case."""
    return [person for person in team.holding(actor, READING) if person.id != actor.person_id]


def _asked(actor: Actor, case: Case, key: Key) -> list[Asked]:
    return [one for ask in asked_about for one in ask(actor, case, key)]


def _open_to(actor: Actor, found: Iterable[Finding]) -> list[Outcome]:
    """What the actor may choose: a lawyer accepts what is not grave, everything else is a coordinator's."""
    if Role.COORDINATOR in actor.roles:
        return list(Outcome)
    return [Outcome.ACCEPT] if rules.may_accept_as_lawyer(found) else []


def _require_a_wall(actor: Actor, outside: frozenset[UUID]) -> None:
    if not outside:
        raise DomainError(_("Choose who must not open the case."), field="walled")
    if outside - {person.id for person in colleagues(actor)}:
        raise NotFound


def _stored(decided: Decided) -> dict[str, Any]:
    return {
        "at": decided.at.isoformat(),
        "by": str(decided.by),
        "outcome": str(decided.outcome),
        "reason": decided.reason,
        "covers": sorted(decided.covers),
        "walled": sorted(str(one) for one in decided.walled),
    }


def _name(person_id: UUID) -> str:
    person = db.session.get(Person, person_id)
    return person.name if person else ""
