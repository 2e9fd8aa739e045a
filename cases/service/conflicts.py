"""The check for conflicts of interest: everybody in a matter against everybody in every other one.

It runs in the session of somebody who holds the match key, when a matter is opened and whenever a party, a
role or what tells them apart changes. Files that the actor may open are judged by the names engine; of any
other only the role in it, its reference and whom to ask is said. Closed matters are compared like open ones.
What was found stands in the sealed record with a digest of what was compared, and the decisions beside it,
each signed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

import vault
from accounts.models import Organisation, Person
from accounts.service import signed
from cases.models import Case
from cases.service import match_tokens, matching, records
from cases.service.match_tokens import Made
from cases.service.parties import Party, everybody, is_family, who_they_are
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import RULES
from core.errors import Locked
from core.store.base import db
from domain import conflicts as rules
from domain.conflicts import Decision, Finding, Outcome, Standing
from domain.first_contact import first_contact
from domain.folding import search_key
from domain.lifecycle import State
from domain.names.matching import Matcher
from domain.names.reasons import Verdict
from vault import Untrusted

CHECK: Final = "conflict_check"
DECISIONS: Final = "conflict_decisions"
OPENED: Final = 200  # files that are opened and judged by names; of more only the token speaks
LABEL: Final = "conflict decision"


@dataclass(frozen=True)
class Elsewhere:
    """What is no case and was compared too, such as a request that was declined."""

    token: bytes
    id: UUID
    reference: str
    ask: tuple[str, ...]


# Features above that keep tokens of people whom no case names register here; each is asked with tokens.
also_compared: Final[list[Callable[[Actor, Collection[bytes]], Iterable[Elsewhere]]]] = []


@dataclass(frozen=True)
class Decided:
    """A decision whose signature holds."""

    at: dt.datetime
    by: UUID
    outcome: Outcome
    reason: str
    covers: frozenset[str]
    walled: frozenset[UUID]


@dataclass(frozen=True)
class _Met:
    """A party of this matter, and the role that was looked for."""

    party: Party
    theirs: str


@dataclass
class _Search:
    """Everything that one check asks for, by token."""

    wanted: dict[bytes, list[_Met]] = field(default_factory=dict)

    def add(self, tokens: Iterable[bytes], met: _Met) -> None:
        for token in tokens:
            self.wanted.setdefault(token, []).append(met)


def find_in(actor: Actor, record: dict[str, Any], made: Made, *, but: UUID | None = None) -> list[Finding]:
    """Who in this matter stands in another one, or belongs to the house, so that somebody has to decide.

    made: of this record. `but`: the case itself.
    """
    family, parties = is_family(record), everybody(record)
    search, keys = _Search(), match_tokens.held(actor)
    for party in parties:
        for theirs in rules.met_by(party.role, family=family):
            tokens = match_tokens.in_role(keys, made.get(party.id, {}), theirs)
            search.add(tokens, _Met(party, theirs))
    found = [
        *rules.of_the_house((party.id, party.role) for party in parties),
        *_colleagues(actor, parties),
        *_members(parties),
        *_cases(actor, search, family, but),
        *_elsewhere(actor, search, family),
    ]
    return list({one.key: one for one in found}.values())


def compared(actor: Actor, case: Case, record: dict[str, Any], ready: Made | None) -> dict[str, Any]:
    """The record with a check of it; as it is where the actor does not hold the match key."""
    try:
        made = ready or match_tokens.made_of(actor, record)
        found = find_in(actor, record, made, but=case.id)
    except Locked:
        return record
    return _with_check(actor, record, found)


def opening(actor: Actor, case: Case, record: dict[str, Any], ready: Made | None) -> dict[str, Any]:
    """The record of a case that is being opened, with its check; first contact alone unless that is clear."""
    checked = compared(actor, case, record, ready)
    if standing_of(case, checked) is Standing.CLEAR:
        return checked
    first = first_contact(record)  # and compared was what the page knew, which may have been more
    return _with_check(actor, first, found_of(checked)) if CHECK in checked else first


def with_heard(record: dict[str, Any], answers: Iterable[Finding]) -> dict[str, Any]:
    """The record with what others answered among what was found; as it is where nothing of it is new.

    One that was never compared stays so, and is held for that.
    """
    known = {one.key for one in found_of(record)}
    fresh = [one.stored() for one in answers if one.key not in known]
    if CHECK not in record or not fresh:
        return record
    return {**record, CHECK: {**record[CHECK], "found": [*record[CHECK]["found"], *fresh]}}


def _with_check(actor: Actor, record: dict[str, Any], found: Iterable[Finding]) -> dict[str, Any]:
    # What others answered was found by no comparison, and no comparison takes it away.
    answers = [one for one in found_of(record) if one.rule is rules.Rule.HEARD]
    every = {one.key: one for one in [*found, *answers]}
    check = {
        "at": clock.now().isoformat(),
        "by": str(actor.person_id),
        "of": who_they_are(record),
        "found": [one.stored() for one in every.values()],
    }
    return {**record, CHECK: check}


def differ(record: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether a check found something else than the one before."""
    return {one.key for one in found_of(record)} != {one.key for one in found_of(before)}


def found_of(record: dict[str, Any]) -> list[Finding]:
    """What the last check found."""
    return [Finding.of(one) for one in record.get(CHECK, {}).get("found", ())]


def decisions_of(case: Case, record: dict[str, Any]) -> list[Decided]:
    """The decisions that were signed for this very case by somebody who might, oldest first."""
    return [one for stored in record.get(DECISIONS, ()) if (one := _decided(case, stored)) is not None]


def standing_of(case: Case, record: dict[str, Any]) -> Standing:
    """How the matter stands. One that was opened before there was a check, and went on since, is clear."""
    if CHECK not in record:
        return Standing.DUE if case.state == State.CONFLICT_CHECK else Standing.CLEAR
    found, made = found_of(record), decisions_of(case, record)
    now = rules.standing(found, [Decision(one.outcome, one.covers) for one in made])
    if now is Standing.CLEAR and record[CHECK]["of"] != who_they_are(record):
        return Standing.DUE
    return now


def statement(case: Case, decided: Decided) -> bytes:
    """What the one who decides signs: for which case, what, why, about what, behind which wall."""
    return vault.pack(
        case.organisation_id,
        case.id,
        decided.by,
        decided.at.isoformat(),
        str(decided.outcome),
        decided.reason,
        len(decided.covers),
        *sorted(decided.covers),
        *sorted(one.hex for one in decided.walled),
    )


def _decided(case: Case, stored: dict[str, Any]) -> Decided | None:
    decided = Decided(
        dt.datetime.fromisoformat(stored["at"]),
        UUID(stored["by"]),
        Outcome(stored["outcome"]),
        stored["reason"],
        frozenset(stored["covers"]),
        frozenset(UUID(one) for one in stored["walled"]),
    )
    roles = frozenset(RULES[Permission.CONFLICT_DECIDE])
    try:
        signed.require(
            decided.by,
            case.organisation_id,
            roles,
            decided.at,
            LABEL,
            statement(case, decided),
            bytes.fromhex(stored["signature"]),
        )
    except Untrusted:
        return None
    return decided


def _colleagues(actor: Actor, parties: Iterable[Party]) -> Iterable[Finding]:
    """Parties whose whole name is that of somebody who works or worked here; one word is nobody's alone."""
    staff = select(Person.id, Person.name).where(Person.organisation_id == actor.organisation_id)
    named, matcher = db.session.execute(staff).all(), Matcher()
    for party in parties:
        for person_id, name in named:
            if any(" " in one and matcher.match(one, name).verdict is Verdict.SAME for one in party.names):
                yield Finding(
                    party.id, party.role, rules.Rule.OWN_HOUSE, rules.STAFF, colleague=str(person_id)
                )


def _members(parties: Iterable[Party]) -> Iterable[Finding]:
    """Parties that bear the name of an organisation of the platform."""
    houses = select(Organisation.name_ar, Organisation.name_tr, Organisation.name_en)
    known = {search_key(name) for row in db.session.execute(houses) for name in row if name}
    for party in parties:
        if known.intersection(map(search_key, party.names)):
            yield Finding(party.id, party.role, rules.Rule.OWN_HOUSE, rules.MEMBER)


def _cases(actor: Actor, search: _Search, family: bool, but: UUID | None) -> list[Finding]:  # noqa: FBT001 - of this matter
    hits: dict[UUID, dict[tuple[str, str], _Met]] = {}
    for token, case_id in match_tokens.holding(search.wanted):
        if case_id != but:
            for met in search.wanted[token]:
                hits.setdefault(case_id, {})[met.party.id, met.theirs] = met
    known = {case.id: (case, ask) for case, ask in matching.named(actor, hits)}
    opened = matching.opened(actor, list(known)[:OPENED])
    found = []
    for case_id, (case, _ask) in known.items():
        record = records.open_record(opened[case_id], case) if case_id in opened else None
        for met in hits[case_id].values():
            if record is not None and not _is_there(record, met):
                continue
            grave = family or (record is not None and is_family(record))
            rule = rules.judge(met.party.role, met.theirs, family=grave)
            one = Finding(met.party.id, met.party.role, rule, met.theirs, case_id.hex, case.reference)
            if one.level > rules.Level.NONE:
                found.append(one)
    return found


def _is_there(record: dict[str, Any], met: _Met) -> bool:
    """Whether somebody in that role in another matter may be this person, by the names themselves."""
    others = [other for other in everybody(record) if other.role == met.theirs]
    return any(
        matching.judge(met.party.person, other.person).verdict is not Verdict.DIFFERENT for other in others
    )


def _elsewhere(actor: Actor, search: _Search, family: bool) -> Iterable[Finding]:  # noqa: FBT001 - of this matter
    for ask in also_compared:
        for other in ask(actor, search.wanted.keys()):
            for met in search.wanted[other.token]:
                rule = rules.judge(met.party.role, met.theirs, family=family)
                one = Finding(met.party.id, met.party.role, rule, met.theirs, other.id.hex, other.reference)
                if one.level > rules.Level.NONE:
                    yield replace(one, ask=other.ask)
