"""What a manager makes of a signal, and what people who work files propose by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select

import vault
from accounts.models import Person
from accounts.service import trust
from advocacy.models.patterns import PatternDecision, PatternProposal
from advocacy.service import records, scanning
from advocacy.service.scanning import Scan
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, Locked, NotFound, Refused
from core.reference import reference
from core.store.base import db
from domain.recurrence.decisions import Decision, News, Verdict, news
from domain.recurrence.signals import Signal
from reports.service import sealed
from reports.service.sealed import DAMAGED, KEY, Pairs, Unusable
from vault import Context

_WAITING: Final = "waiting"


@dataclass(frozen=True)
class Made:
    """A decision as it was made: on which figures, why, by whom."""

    id: UUID
    verdict: Verdict
    signal: Signal
    reason: str
    name: str
    at: dt.datetime


@dataclass(frozen=True)
class Pattern:
    """A signal and what was decided on it; `news` is why it is shown as new, or None."""

    id: UUID
    signal: Signal
    news: News | None
    made: Made | None


@dataclass(frozen=True)
class Proposal:
    """What somebody who works files noticed."""

    id: UUID
    issue: str
    province: str
    authority: str
    text: str
    state: str
    name: str
    at: dt.datetime
    version: int
    answer: str


def overview(actor: Actor) -> tuple[Scan, list[Pattern]]:
    """The last scan with what was decided on each signal: news first, then the most urgent."""
    scan = scanning.latest(actor)
    made = _newest(actor)
    patterns = [_pattern(scan, signal, made.get(signal.series.id)) for signal in scan.signals]
    return scan, sorted(patterns, key=lambda one: one.news is None)


def one(actor: Actor, pattern_id: UUID) -> tuple[Scan, Pattern, list[Made]]:
    """A pattern with every decision on it, newest first. Raises NotFound."""
    scan = scanning.latest(actor)
    series = next((name for name, known in scan.ids.items() if known == pattern_id), None)
    history = [each for each in _decisions(actor) if each.signal.series.id == series]
    signal = next((each for each in scan.signals if each.series.id == series), None)
    if signal is None:
        if not history:
            raise NotFound
        signal = history[0].signal
    return scan, _pattern(scan, signal, history[0] if history else None), history


def accepted(actor: Actor) -> list[Made]:
    """The patterns that are being worked on, newest first."""
    return [made for made in _newest(actor).values() if made.verdict is Verdict.ACCEPTED]


def require(actor: Actor, pattern_id: UUID) -> None:
    """Raise NotFound unless this is a pattern or a proposal of the actor's organisation."""
    proposed = reachable(actor, Permission.PATTERN_READ, PatternProposal)
    if db.session.scalar(proposed.where(PatternProposal.id == pattern_id)) is None:
        one(actor, pattern_id)


def decide(actor: Actor, pattern_id: UUID, verdict: str, reason: str, last: UUID | None) -> None:
    """Accept, watch or reject a signal, with a reason.

    `last` is the decision that stood when the page was shown. Raises NotFound for no signal, DomainError
    without a reason, Conflict when somebody decided meanwhile. The same decision twice is once.
    """
    if not may(actor, Permission.PATTERN_DECIDE):
        raise Refused
    if verdict not in set(Verdict):
        raise DomainError(_("Choose what to do with the pattern."), field="verdict")
    if not reason.strip():
        raise DomainError(_("Say why, in a sentence that a colleague understands in a year."), field="reason")
    sealed.queue(actor)
    _scan, pattern, history = one(actor, pattern_id)
    present = history[0] if history else None
    if present is not None and present.id != last:
        if (present.verdict, present.reason) == (verdict, reason):
            return
        raise Conflict(_("Somebody decided on this pattern meanwhile. Nothing was overwritten."))
    row = PatternDecision(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        key_id=uuid4(),
        sealed=b"",
        decided_by=actor.person_id,
        decided_at=clock.now(),
    )
    content = records.of_decision(Verdict(verdict), pattern.signal, reason)
    _seal(actor, row, content)
    db.session.add(row)
    audit.record(actor, "pattern.decide", object_kind="pattern", object_id=row.id)


def propose(actor: Actor, token: UUID, *, issue: str, province: str, authority: str, text: str) -> None:
    """Tell the managers what recurs; a single case suffices for a new circular. Twice is once.

    The text is about the practice, never about a person. Raises DomainError for an unknown code or
    an empty text, Locked until a manager has made the statistics key.
    """
    if not may(actor, Permission.PATTERN_PROPOSE):
        raise Refused
    if issue not in reference().taxonomy.leaves:
        raise DomainError(_("Choose an issue."), field="issue")
    if not text.strip():
        raise DomainError(_("Write what you noticed."), field="text")
    if db.session.scalar(select(PatternProposal.id).where(PatternProposal.token == token)) is not None:
        return
    row = PatternProposal(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        key_id=uuid4(),
        sealed=b"",
        answer=None,
        state=_WAITING,
        proposed_by=actor.person_id,
        proposed_at=clock.now(),
        version=1,
        token=token,
    )
    _seal(actor, row, {"issue": issue, "province": province, "authority": authority, "text": text})
    db.session.add(row)
    audit.record(actor, "pattern.propose", object_kind="pattern", object_id=row.id)


def proposals(actor: Actor) -> list[Proposal]:
    """What colleagues proposed, what waits first. Opens each with the statistics key."""
    pairs = Pairs(actor)
    rows = db.session.execute(_proposed(actor).order_by(PatternProposal.proposed_at.desc()))
    lines = [_proposal(row, name, _open(pairs, row), "") for row, name in rows]
    return sorted(lines, key=lambda line: line.state != _WAITING)


def proposal(actor: Actor, proposal_id: UUID) -> Proposal:
    """One of them. Raises NotFound."""
    found = db.session.execute(_proposed(actor).where(PatternProposal.id == proposal_id)).first()
    if found is None:
        raise NotFound
    row, name = found
    return _proposal(row, name, _open(Pairs(actor), row), "")


def own_proposals(actor: Actor) -> list[Proposal]:
    """What the actor proposed and what became of it. The text stays with the managers, sealed to them."""
    rows = db.session.scalars(
        reachable(actor, Permission.PATTERN_PROPOSE, PatternProposal).order_by(
            PatternProposal.proposed_at.desc()
        )
    )
    return [_proposal(row, "", {}, _answer(actor, row)) for row in rows]


def waiting_proposals(actor: Actor) -> int:
    """How many proposals wait for a manager's answer."""
    rows = reachable(actor, Permission.PATTERN_DECIDE, PatternProposal).where(
        PatternProposal.state == _WAITING
    )
    return len(db.session.scalars(rows.with_only_columns(PatternProposal.id)).all())


def answer(actor: Actor, proposal_id: UUID, version: int, verdict: str, reason: str) -> None:
    """Accept, watch or reject a proposal; whoever proposed reads the reason. Twice is once.

    Raises NotFound, DomainError without a reason, Conflict when a colleague answered otherwise.
    """
    if verdict not in set(Verdict):
        raise DomainError(_("Choose what to do with the pattern."), field="verdict")
    if not reason.strip():
        raise DomainError(_("Say why, in a sentence that a colleague understands in a year."), field="reason")
    row = db.session.scalar(
        reachable(actor, Permission.PATTERN_DECIDE, PatternProposal)
        .where(PatternProposal.id == proposal_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    if row.version != version:
        if row.state == verdict and row.answered_by == actor.person_id:
            return
        raise Conflict(_("Somebody decided on this pattern meanwhile. Nothing was overwritten."))
    row.state = verdict
    row.answered_by, row.answered_at = actor.person_id, clock.now()
    row.version += 1
    try:
        public = trust.person_key(row.proposed_by).hpke_public
        row.answer = vault.seal_to(public, reason.encode(), _answer_context(row))
    except vault.Untrusted:
        row.answer = None  # whoever proposed has left
    audit.record(actor, "pattern.answer", object_kind="pattern", object_id=row.id)


def _proposed(actor: Actor) -> Select[PatternProposal, str]:
    """Proposals with the name of who made them."""
    return (
        reachable(actor, Permission.PATTERN_READ, PatternProposal)
        .join(Person, Person.id == PatternProposal.proposed_by)
        .add_columns(Person.name)
    )


def _pattern(scan: Scan, signal: Signal, made: Made | None) -> Pattern:
    decided = Decision.on(made.signal, made.verdict) if made else None
    return Pattern(scan.ids[signal.series.id], signal, news(signal, decided), made)


def _newest(actor: Actor) -> dict[str, Made]:
    """The decision that counts for each line."""
    found: dict[str, Made] = {}
    for made in _decisions(actor):
        found.setdefault(made.signal.series.id, made)
    return found


def _decisions(actor: Actor) -> list[Made]:
    """Every decision, newest first."""
    pairs = Pairs(actor)
    rows = (
        reachable(actor, Permission.PATTERN_READ, PatternDecision)
        .join(Person, Person.id == PatternDecision.decided_by)
        .add_columns(Person.name)
        .order_by(PatternDecision.decided_at.desc(), PatternDecision.id)
    )
    made = []
    for row, name in db.session.execute(rows):
        content = _open(pairs, row)
        try:
            decided = Verdict(content["verdict"]), records.signal(content["signal"]), content["reason"]
        except (KeyError, TypeError, ValueError):
            raise Unusable(DAMAGED) from None
        made.append(Made(row.id, *decided, name, row.decided_at))
    return made


def _proposal(row: PatternProposal, name: str, content: dict[str, Any], said: str) -> Proposal:
    return Proposal(
        row.id,
        content.get("issue", ""),
        content.get("province", ""),
        content.get("authority", ""),
        content.get("text", ""),
        row.state,
        name,
        row.proposed_at,
        row.version,
        said,
    )


def _answer(actor: Actor, row: PatternProposal) -> str:
    if row.answer is None:
        return ""
    return actor.secret.pair.open(row.answer, _answer_context(row)).decode()


def _seal(actor: Actor, row: PatternDecision | PatternProposal, content: dict[str, Any]) -> None:
    """Seal a row to the present statistics key. Raises Locked when there is none."""
    key = trust.organisation_key(actor.organisation_id, KEY)
    if key is None:
        raise Locked(_("Your organisation has no statistics key yet. A manager makes it."))
    row.key_id = key.id
    row.sealed = vault.seal_to(key.public, orjson.dumps(content), _context(row))


def _open(pairs: Pairs, row: PatternDecision | PatternProposal) -> dict[str, Any]:
    opened: dict[str, Any] = orjson.loads(pairs.open(row.key_id, row.sealed, _context(row)))
    return opened


def _context(row: PatternDecision | PatternProposal) -> Context:
    return Context(row.__tablename__, row.organisation_id, row.key_id, row.id)


def _answer_context(row: PatternProposal) -> Context:
    return Context("pattern answer", row.organisation_id, row.id, row.proposed_by)
