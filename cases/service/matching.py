"""Other files of the same person: found by tokens that nobody can read, judged by the names engine.

Tokens (`domain.names.tokens`) are made of each client under the organisation's match key and the server's,
and say which files may be about one person without telling who it is. A file that the actor can open is then
compared field by field, with the reasons; of any other only the reference and whom to ask is said. Nothing is
ever joined by itself: somebody says that two files are of one person, or that they are not, and both files
remember it, sealed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, insert, select

import vault
from accounts.models import Person as Colleague
from accounts.service import keys as organisation_keys
from accounts.service import passwords
from cases.models import Case, CaseMember, MatchToken
from cases.service import due, keys, records
from config.settings import Settings
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.errors import Locked
from core.store.base import db
from domain.identity import BirthDate, BirthDateError, normalise_phone
from domain.names.matching import Matcher
from domain.names.people import Evidence, Person, PersonMatch, compare
from domain.names.reasons import Verdict
from domain.names.tokens import NUMBER, PHONE, plain_number, tokens
from domain.text import TextTooLong
from vault import Profile

KEY: Final = "match"
MOST: Final = 50  # files that share the most tokens are compared
SHOWN: Final = 10
_LOCKED: Final = _(
    "You do not hold the key for finding files of one person yet. A coordinator hands it over."
)
_FIELDS: Final = ("name_ar", "name_latin", "father", "mother", "birth", "numbers", "phones")


class _Server:
    """The server's half of a token, and how slow a token of a number is to make."""

    key: bytes = b""
    profile: Profile = Profile.RECEIPT


_server: Final = _Server()


def install(settings: Settings) -> None:
    """Say which key the server has; once, while the application starts."""
    _server.key = settings.token_key
    standard = passwords.profile(settings) is Profile.STANDARD
    _server.profile = Profile.RECEIPT if standard else passwords.profile(settings)


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


def write(actor: Actor, case: Case, client: dict[str, Any], before: dict[str, Any] | None = None) -> None:
    """Make the tokens of a client anew; what says nothing else than `before` costs nothing.

    Whoever does not hold the match key orders it from the next colleague who does.
    """
    if before is not None and all(client.get(name) == before.get(name) for name in _FIELDS):
        return
    try:
        key = organisation_keys.open_key(actor, KEY)
    except Locked:
        due.match_due(actor, case)
        return
    db.session.execute(delete(MatchToken).where(MatchToken.case_id == case.id))
    made = _tokens(key.key, client)
    if made:
        db.session.execute(insert(MatchToken), [{"token": token, "case_id": case.id} for token in made])


def candidates(actor: Actor, client: dict[str, Any], *, but: Iterable[UUID] = ()) -> list[Candidate]:
    """Other files that may be about a client, those that agree best first, at most `SHOWN`.

    Files that the actor can open and that turn out to be about somebody else are left out. Raises Locked for
    whoever does not hold the match key.
    """
    held = organisation_keys.open_all(actor, KEY)
    if not held:
        raise Locked(_LOCKED)
    wanted = {token for each in held for token in _tokens(each.key, client)}
    left_out = set(but)
    shared = Counter(db.session.scalars(select(MatchToken.case_id).where(MatchToken.token.in_(wanted))).all())
    nearest = [case_id for case_id, _count in shared.most_common() if case_id not in left_out][:MOST]
    ours = select(Case).where(Case.id.in_(nearest), Case.organisation_id == actor.organisation_id)
    cases = {case.id: case for case in db.session.scalars(ours)}
    reached = reachable(actor, Permission.CASE_READ, Case).with_only_columns(Case.id)
    mine = set(db.session.scalars(reached.where(Case.id.in_(cases))))
    opened = keys.case_keys(actor, [case for case in cases.values() if case.id in mine])
    workers = _workers(cases)
    found = []
    for case_id in nearest:
        case = cases.get(case_id)
        if case is None:
            continue
        plain = Candidate(case.id, case.reference, workers.get(case.id, ()))
        if case.id not in opened:
            found.append(plain)
            continue
        judged = _judge(plain, case.state, records.open_record(opened[case.id], case), client)
        if judged is not None:
            found.append(judged)
    return sorted(found, key=lambda one: -one.score)[:SHOWN]


def with_number(actor: Actor, text: str) -> list[UUID]:
    """Files of the organisation that hold a whole number or phone, however old; none without the key."""
    phone = _phone(text)
    asked = {(NUMBER, plain_number(text)), (PHONE, plain_number(phone))}
    wanted = {
        vault.slow_token(_server.key, held.key, *single, _server.profile)
        for held in organisation_keys.open_all(actor, KEY)
        for single in asked
    }
    return list(db.session.scalars(select(MatchToken.case_id).where(MatchToken.token.in_(wanted)).distinct()))


def judge(one: dict[str, Any], other: dict[str, Any]) -> PersonMatch:
    """Two clients compared, each in the script in which they agree best."""
    matcher = Matcher()
    pairs = product(_people(one), _people(other))
    return max((compare(matcher, a, b) for a, b in pairs), key=lambda match: match.score)


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


def _people(client: dict[str, Any]) -> list[Person]:
    """The client as the names engine takes one: once for each script in which the name is written."""
    try:
        birth = BirthDate.parse(client.get("birth") or "", clock.today())
    except (BirthDateError, TextTooLong):
        birth = None
    names = [client[name] for name in ("name_ar", "name_latin") if client.get(name)] or [""]
    return [
        Person(
            name=name,
            father=client.get("father") or "",
            mother=client.get("mother") or "",
            birth=birth,
            numbers=tuple(number["value"] for number in client.get("numbers", ())),
            phones=tuple(_phone(phone["number"]) for phone in client.get("phones", ())),
        )
        for name in names
    ]


def _phone(text: str) -> str:
    try:
        read = normalise_phone(text)
    except TextTooLong:
        return ""
    return read.e164 or read.given


def _tokens(key: vault.Key, client: dict[str, Any]) -> set[bytes]:
    """Everything that may be compared of a client, under one epoch of the match key."""
    found = [tokens(person) for person in _people(client)]
    pairs = {pair for each in found for pair in each.pairs}
    singles = {single for each in found for single in each.single}
    made = {vault.match_token(_server.key, key, *pair) for pair in pairs}
    return made | {vault.slow_token(_server.key, key, *single, _server.profile) for single in singles}


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
