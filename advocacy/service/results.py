"""What came of a dossier is told to those who hold a case that contributed, so that the person hears of it.

Whoever tells it learns neither which cases those are nor who works on them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4, uuid5

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select

import vault
from accounts.service import trust
from advocacy.models.contacts import DossierOutcome, DossierResult
from advocacy.models.dossiers import DossierOutput, DossierStory, DossierVersionStory
from advocacy.service import dossiers
from cases.models import Case
from cases.service import keys, rows, team, timeline
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import DomainError, Locked, NotFound, Refused
from core.store.base import db
from domain.dossiers import title_in
from vault import Context

# A story that its author or the dossier took out, or whose person withdrew, contributed nothing that stands.
_CONTRIBUTED: Final = ("closed", "restricted", "expired")


@dataclass(frozen=True)
class Result:
    """What came of a dossier, as somebody who holds the case reads it."""

    id: UUID
    case_id: UUID | None  # None where the case is out of reach now
    title: str
    step: str
    on: dt.date
    words: str
    told_at: dt.datetime
    seen: bool


def tell(actor: Actor, dossier_id: UUID, outcome_id: UUID, words: str) -> None:
    """Tell everybody who works on a case that contributed; the coordinators where nobody does any more.

    Who was told of this step is not told again. Raises Refused, NotFound, DomainError without words, where no
    case contributed, or where nobody has a key that holds.
    """
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    opened = dossiers.open_dossier(actor, dossier_id, lock=True)
    outcome = db.session.scalar(
        select(DossierOutcome).where(DossierOutcome.id == outcome_id, DossierOutcome.dossier_id == opened.id)
    )
    if outcome is None:
        raise NotFound
    if not words.strip():
        raise DomainError(_("Write what they can tell the person."), field="words")
    cases = _cases(opened.id)
    if not cases:
        raise DomainError(_("No case has contributed a story, so there is nobody to tell."), field="words")
    live = {case_id: team.live(case_id).keys() for case_id in cases}
    leads = {person.id for person in team.holding(actor, {Role.COORDINATOR})}
    # Whoever has no key that holds yet is told when this is told again.
    verified = trust.person_keys(leads.union(*live.values()))
    able = {(case_id, person) for case_id in cases for person in _readers(live[case_id], leads, verified)}
    if not able:
        raise DomainError(
            _(
                "Nobody works on these cases any more, and no coordinator can be told now. Tell it again "
                "once a coordinator has joined."
            ),
            field="words",
        )
    told = db.session.execute(
        select(DossierResult.case_id, DossierResult.person_id).where(DossierResult.outcome_id == outcome.id)
    )
    waiting = sorted(able - {(case_id, person_id) for case_id, person_id in told})
    if not waiting:
        raise DomainError(_("Everybody who can read it was told already."), field="words")
    content = orjson.dumps(
        {
            "titles": opened.titles,
            "step": outcome.step,
            "on": outcome.reached_on.isoformat(),
            "words": words.strip(),
        }
    )
    for case_id, person_id in waiting:
        row = DossierResult(
            id=uuid4(),
            outcome_id=outcome.id,
            case_id=case_id,
            person_id=person_id,
            told_at=clock.now(),
            seen_at=None,
        )
        row.sealed = vault.seal_to(verified[person_id].hpke_public, content, _context(row))
        db.session.add(row)
    db.session.flush()
    audit.record(actor, "outcome.tell", object_kind="dossier", object_id=opened.id)


def told(dossier_id: UUID) -> dict[UUID, dt.datetime]:
    """When a step was told last, by the id of the outcome."""
    latest = (
        select(DossierResult.outcome_id, func.max(DossierResult.told_at))
        .join(DossierOutcome, DossierOutcome.id == DossierResult.outcome_id)
        .where(DossierOutcome.dossier_id == dossier_id)
        .group_by(DossierResult.outcome_id)
    )
    return dict(db.session.execute(latest).all())


def mine(actor: Actor) -> list[Result]:
    """What the actor was told, new ones first."""
    told_ = reachable(actor, Permission.RESULT_READ, DossierResult)
    found = db.session.scalars(told_.order_by(DossierResult.told_at.desc(), DossierResult.id)).all()
    cases = reachable(actor, Permission.CASE_READ, Case).with_only_columns(Case.id)
    open_cases = set(db.session.scalars(cases.where(Case.id.in_({row.case_id for row in found}))))
    opened = [_opened(actor, row, open_cases) for row in found]
    return sorted(opened, key=lambda result: result.seen)


def unseen(actor: Actor) -> int:
    """How many results wait to be read. Opens nothing."""
    waiting = reachable(actor, Permission.RESULT_READ, DossierResult).where(DossierResult.seen_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def see(actor: Actor, result_id: UUID) -> None:
    """Say that a result was read. Twice is once. Raises NotFound for somebody else's."""
    told_ = reachable(actor, Permission.RESULT_READ, DossierResult).where(DossierResult.id == result_id)
    row = db.session.scalar(told_.with_for_update())
    if row is None:
        raise NotFound
    row.seen_at = row.seen_at or clock.now()
    audit.record(actor, "outcome.see", object_kind="result", object_id=row.id)
    _into_file(actor, row)


def _cases(dossier_id: UUID) -> set[UUID]:
    """The cases whose story stands, or stood: in a file that was made, or before the case closed."""
    printed = select(DossierVersionStory.story_id).join(
        DossierOutput, DossierOutput.version_id == DossierVersionStory.version_id
    )
    stood = or_(
        DossierStory.state == "confirmed", DossierStory.second_id.is_not(None), DossierStory.id.in_(printed)
    )
    kept = or_(DossierStory.pulled_because.is_(None), DossierStory.pulled_because.in_(_CONTRIBUTED))
    contributed = select(DossierStory.case_id).where(DossierStory.dossier_id == dossier_id, stood, kept)
    return set(db.session.scalars(contributed))


def _readers(live: Collection[UUID], leads: Collection[UUID], verified: Collection[UUID]) -> set[UUID]:
    """Who is told for a case: those who work on it, or the coordinators where none of them can read it."""
    return set(live) & set(verified) or set(leads) & set(verified)


def _into_file(actor: Actor, row: DossierResult) -> None:
    """Whoever works on the case later reads it in its timeline: one line, by the first who has read it."""
    token = uuid5(row.outcome_id, row.case_id.hex)
    try:
        case = find(actor, Permission.CASE_NOTE, row.case_id)
        key = keys.case_key(actor, case)
    except (NotFound, Locked):
        return
    if timeline.holds(case.id, token):
        return
    rows.check_head(key, case)
    data = orjson.loads(actor.secret.pair.open(row.sealed, _context(row)))
    told_ = {"title": title_in(data["titles"], actor.language), "step": data["step"], "on": data["on"]}
    timeline.write(actor, case, key, "result", data["words"], data=told_, token=token)
    rows.written(actor, "case.note", key, case)


def _opened(actor: Actor, row: DossierResult, open_cases: set[UUID]) -> Result:
    data = orjson.loads(actor.secret.pair.open(row.sealed, _context(row)))
    title = title_in(data["titles"], actor.language)
    return Result(
        row.id,
        row.case_id if row.case_id in open_cases else None,
        title,
        data["step"],
        dt.date.fromisoformat(data["on"]),
        data["words"],
        row.told_at,
        row.seen_at is not None,
    )


def _context(row: DossierResult) -> Context:
    return Context("dossier result", row.outcome_id, row.case_id, row.person_id, row.id)
