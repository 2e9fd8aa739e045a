"""Other files of the same person: found by tokens that nobody can read, judged by the names engine.

A file that shares tokens (`match_tokens`) and that the actor can open is compared field by field, with the
reasons; of any other only the reference and whom to ask is said. Nothing is ever joined by itself: somebody
says that two files are of one person, or that they are not, and one of them remembers it, sealed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from accounts.models import Person as Colleague
from cases.models import Case, CaseMember
from cases.service import keys, match_tokens, records
from cases.service.match_tokens import Tokens
from cases.service.persons import persons_of
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.store.base import db
from domain import organisations
from domain.names.matching import Matcher
from domain.names.people import POINTS, Evidence, Field, Finding, PersonMatch, compare
from domain.names.reasons import Verdict
from vault import Key

MOST: Final = 50  # files that share the most tokens are compared
SHOWN: Final = 10


@dataclass(frozen=True)
class Candidate:
    """A file that may be about the same person; of one that the actor cannot open only the first three."""

    case_id: UUID
    reference: str
    ask: tuple[str, ...]  # who works on it
    state: str = ""
    client: dict[str, Any] | None = None
    verdict: Verdict = Verdict.POSSIBLE
    evidence: tuple[Evidence, ...] = ()
    score: float = 0.0
    said: dict[str, list[str]] = field(default_factory=dict)  # what that file says of others (`sameness`)


def candidates(
    actor: Actor, client: dict[str, Any], wanted: Tokens, *, but: Iterable[UUID] = ()
) -> list[Candidate]:
    """Other files that may be about a client with these tokens, those that agree best first, at most `SHOWN`.

    Files that the actor can open and that turn out to be about somebody else are left out.
    """
    left_out = set(but)
    nearest = [case_id for case_id in match_tokens.sharing(wanted) if case_id not in left_out][:MOST]
    cases, opened = _open(actor, nearest)
    workers = _workers(cases)
    found = []
    for case_id in (each for each in nearest if each in cases):
        case, key = cases[case_id], opened.get(case_id)
        plain = Candidate(case.id, case.reference, workers.get(case.id, ()))
        record = records.open_record(key, case) if key else None
        judged = _judge(plain, case.state, record, client) if record else plain
        if judged is not None:
            found.append(judged)
    return sorted(found, key=lambda one: -one.score)[:SHOWN]


def named(actor: Actor, case_ids: Iterable[UUID]) -> list[tuple[Case, tuple[str, ...]]]:
    """Those of the actor's organisation that are not erased, opened or not, each with whom to ask."""
    ours = select(Case).where(Case.id.in_(case_ids), Case.organisation_id == actor.organisation_id)
    cases = db.session.scalars(ours.where(Case.state != "erased")).all()
    workers = _workers([case.id for case in cases])
    return [(case, workers.get(case.id, ())) for case in cases]


def opened(actor: Actor, case_ids: Iterable[UUID]) -> dict[UUID, Key]:
    """The keys of those cases that the actor can open."""
    return _open(actor, case_ids)[1]


def _open(actor: Actor, case_ids: Iterable[UUID]) -> tuple[dict[UUID, Case], dict[UUID, Key]]:
    """Those cases that are of the actor's organisation, and the keys of those that the actor can open."""
    ours = select(Case).where(Case.id.in_(case_ids), Case.organisation_id == actor.organisation_id)
    cases = {case.id: case for case in db.session.scalars(ours)}
    reached = reachable(actor, Permission.CASE_READ, Case).with_only_columns(Case.id)
    mine = set(db.session.scalars(reached.where(Case.id.in_(cases))))
    return cases, keys.case_keys(actor, [case for case in cases.values() if case.id in mine])


def judge(one: dict[str, Any], other: dict[str, Any]) -> PersonMatch:
    """Two clients compared, each in the script in which they agree best; organisations by their names."""
    shared = organisations.keys_of(one) & organisations.keys_of(other)
    if shared or one.get("legal_form") or other.get("legal_form"):
        return _organisations(one, other, shared)
    matcher = Matcher()
    pairs = product(persons_of(one), persons_of(other))
    return max((compare(matcher, a, b) for a, b in pairs), key=lambda match: match.score)


def _organisations(one: dict[str, Any], other: dict[str, Any], shared: frozenset[str]) -> PersonMatch:
    """The same name is the same organisation, the same number may be; a phone is that of whoever speaks."""
    if shared:
        place, verdict = Field.NAME, Verdict.SAME
    elif organisations.numbers_of(one) & organisations.numbers_of(other):
        place, verdict = Field.NUMBER, Verdict.POSSIBLE
    else:
        return PersonMatch(0.0, Verdict.DIFFERENT, ())
    evidence = Evidence(place, Finding.SAME, POINTS[place, Finding.SAME])
    return PersonMatch(1.0, verdict, (evidence,))


def _judge(plain: Candidate, state: str, record: dict[str, Any], client: dict[str, Any]) -> Candidate | None:
    match = judge(client, record["client"])
    if match.verdict is Verdict.DIFFERENT:
        return None
    return replace(
        plain,
        state=state,
        client=record["client"],
        verdict=match.verdict,
        evidence=match.evidence,
        score=match.score,
        said={name: record.get(name, []) for name in ("same_person", "not_same")},
    )


def _workers(cases: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The names of those who work on each case: whom to ask."""
    live = (
        select(CaseMember.case_id, Colleague.name)
        .join(Colleague, Colleague.id == CaseMember.person_id)
        .where(CaseMember.case_id.in_(cases), CaseMember.ended_at.is_(None))
        .order_by(CaseMember.since, Colleague.name)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for case_id, name in db.session.execute(live):
        found[case_id] = (*found.get(case_id, ()), name)
    return found
