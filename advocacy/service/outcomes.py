"""What became of a dossier: the ladder of outcomes, and the days on which somebody looks whether it holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

import vault
from accounts.models import Person
from advocacy.models.contacts import DossierOutcome, DossierResult, DossierReview
from advocacy.models.dossiers import Dossier
from advocacy.service import contacts, dossiers
from advocacy.service.dossiers import OpenDossier
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import DomainError, Refused
from core.store.base import db
from domain.outcomes import Reached, Refusal, Step, StepRefused, allowed, reach, reviews
from vault import Context

_WORDS: Final = {
    Refusal.NOT_FROM_HERE: (_("This step cannot follow the last one."), "step"),
    Refusal.BEFORE_THE_LAST: (_("The day is before that of the last step or of the request."), "on"),
    Refusal.TOO_FEW_CASES: (
        _("A changed practice needs at least five later cases that confirm it."),
        "later_cases",
    ),
}


@dataclass(frozen=True)
class Outcome:
    """A step that was reached, opened for this request."""

    id: UUID
    step: Step
    on: dt.date
    evidence: str
    later_cases: int
    by: str


@dataclass(frozen=True)
class Look:
    """A review: the day, and what was found."""

    due_on: dt.date
    done_at: dt.datetime | None
    by: str
    found: str

    @property
    def is_due(self) -> bool:
        """Whether somebody should look now."""
        return self.done_at is None and self.due_on <= clock.today()


def of(opened: OpenDossier) -> list[Outcome]:
    """The steps that a dossier has reached, the first on top."""
    rows = (
        select(DossierOutcome, Person.name)
        .join(Person, Person.id == DossierOutcome.written_by)
        .where(DossierOutcome.dossier_id == opened.id)
        .order_by(DossierOutcome.reached_on, DossierOutcome.written_at)
    )
    found = []
    for row, name in db.session.execute(rows):
        data = orjson.loads(vault.unseal(opened.key, row.sealed, _context(opened, row)))
        found.append(
            Outcome(row.id, Step(row.step), row.reached_on, data["evidence"], data["later_cases"], name)
        )
    return found


def offered(opened: OpenDossier) -> tuple[Step, ...]:
    """The steps that may follow."""
    return allowed(_history(of(opened)))


def record(
    actor: Actor, dossier_id: UUID, token: UUID, step: str, on: dt.date, evidence: str, later_cases: int = 0
) -> UUID:
    """Write down that a step was reached; the same token twice writes it once. Gives its id.

    Raises Refused, NotFound, Locked, and DomainError where the ladder does not allow it, where the
    evidence is missing, or where a changed practice is not confirmed by enough later cases.
    """
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    opened = dossiers.open_dossier(actor, dossier_id, lock=True)
    known = db.session.scalar(select(DossierOutcome.id).where(DossierOutcome.token == token))
    if known is not None:
        return known
    if step not in set(Step):
        raise DomainError(_("Choose a step."), field="step")
    if on > clock.today():
        raise DomainError(_("This day has not come yet."), field="on")
    if not evidence.strip():
        raise DomainError(_("Write how you know it, and where that stands."), field="evidence")
    lines, history = contacts.log(actor, dossier_id), _history(of(opened))
    try:
        reached = reach(history, Step(step), on, contacts.first_day(opened, lines), later_cases)
    except StepRefused as error:
        words, field = _WORDS[error.reason]
        raise DomainError(words, field=field) from None
    row = DossierOutcome(
        id=uuid4(),
        dossier_id=opened.id,
        step=step,
        reached_on=on,
        written_by=actor.person_id,
        written_at=clock.now(),
        token=token,
    )
    content = orjson.dumps({"evidence": evidence.strip(), "later_cases": reached.later_cases})
    row.sealed = vault.seal(opened.key, content, _context(opened, row))
    db.session.add(row)
    _plan(opened, [*history, reached], on)
    audit.record(actor, "outcome.record", object_kind="dossier", object_id=opened.id)
    return row.id


def may_take_back(opened: OpenDossier) -> UUID | None:
    """The last step, while nobody was told of it; None where there is none."""
    reached = of(opened)
    if not reached:
        return None
    told = select(DossierResult.id).where(DossierResult.outcome_id == reached[-1].id).limit(1)
    return None if db.session.scalar(told) else reached[-1].id


def take_back(actor: Actor, dossier_id: UUID, outcome_id: UUID) -> None:
    """Take the last step back, which was written down by mistake; the reviews follow the one before.

    Twice is once. Raises Refused, NotFound, Locked, and DomainError for any step but the last, or once
    somebody was told.
    """
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    opened = dossiers.open_dossier(actor, dossier_id, lock=True)
    row = db.session.get(DossierOutcome, outcome_id)
    if row is None or row.dossier_id != opened.id:
        return
    if may_take_back(opened) != outcome_id:
        raise DomainError(_("Only the last step can be taken back, and only while nobody was told of it."))
    db.session.delete(row)
    db.session.flush()
    left = of(opened)
    day = left[-1].on if left else contacts.first_day(opened, contacts.log(actor, dossier_id))
    _plan(opened, _history(left), day)
    audit.record(actor, "outcome.take_back", object_kind="dossier", object_id=opened.id)


def expect(opened: OpenDossier, asked: dt.date) -> None:
    """Plan the reviews after a request, once it was sent; twice is once."""
    planned = select(DossierReview.id).where(DossierReview.dossier_id == opened.id).limit(1)
    if db.session.scalar(planned) is None:
        _plan(opened, [], asked)


def looks(opened: OpenDossier) -> list[Look]:
    """The reviews of a dossier, done and planned, by their days."""
    rows = (
        select(DossierReview, Person.name)
        .outerjoin(Person, Person.id == DossierReview.done_by)
        .where(DossierReview.dossier_id == opened.id)
        .order_by(DossierReview.due_on, DossierReview.id)
    )
    return [
        Look(
            row.due_on,
            row.done_at,
            name or "",
            vault.unseal(opened.key, row.sealed, _look_context(opened, row)).decode() if row.sealed else "",
        )
        for row, name in db.session.execute(rows)
    ]


def review(actor: Actor, dossier_id: UUID, found: str) -> None:
    """Write down what a look found; it answers every review that is due. Raises DomainError where none is."""
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    opened = dossiers.open_dossier(actor, dossier_id, lock=True)
    if not found.strip():
        raise DomainError(_("Write what you found."), field="found")
    rows = db.session.scalars(
        select(DossierReview).where(
            DossierReview.dossier_id == opened.id,
            DossierReview.done_at.is_(None),
            DossierReview.due_on <= clock.today(),
        )
    ).all()
    if not rows:
        raise DomainError(_("No review is due now."), field="found")
    for row in rows:
        row.done_at, row.done_by = clock.now(), actor.person_id
        row.sealed = vault.seal(opened.key, found.strip().encode(), _look_context(opened, row))
    audit.record(actor, "outcome.review", object_kind="dossier", object_id=opened.id)


def due(actor: Actor) -> int:
    """How many dossiers of the organisation wait for a look. Opens nothing."""
    ours = reachable(actor, Permission.CONTACT_WRITE, Dossier).with_only_columns(Dossier.id)
    waiting = select(func.count(func.distinct(DossierReview.dossier_id))).where(
        DossierReview.done_at.is_(None),
        DossierReview.due_on <= clock.today(),
        DossierReview.dossier_id.in_(ours),
    )
    return db.session.scalar(waiting) or 0


def due_in(actor: Actor) -> set[UUID]:
    """Which dossiers wait for a look."""
    ours = reachable(actor, Permission.CONTACT_READ, Dossier).with_only_columns(Dossier.id)
    return set(
        db.session.scalars(
            select(DossierReview.dossier_id).where(
                DossierReview.done_at.is_(None),
                DossierReview.due_on <= clock.today(),
                DossierReview.dossier_id.in_(ours),
            )
        )
    )


def _history(reached: list[Outcome]) -> list[Reached]:
    return [Reached(one.step, one.on, one.later_cases) for one in reached]


def _plan(opened: OpenDossier, history: list[Reached], asked: dt.date) -> None:
    """Put the three reviews after the last step in place of those that nobody has done."""
    for row in db.session.scalars(
        select(DossierReview).where(DossierReview.dossier_id == opened.id, DossierReview.done_at.is_(None))
    ).all():
        db.session.delete(row)
    looked = select(DossierReview.done_at).where(
        DossierReview.dossier_id == opened.id, DossierReview.done_at.is_not(None)
    )
    days = {at.astimezone(clock.ISTANBUL).date() for at in db.session.scalars(looked) if at}
    for planned in reviews(history, asked, days):
        if not planned.is_done:
            db.session.add(DossierReview(id=uuid4(), dossier_id=opened.id, due_on=planned.due))
    db.session.flush()


def _context(opened: OpenDossier, row: DossierOutcome) -> Context:
    return Context(
        "dossier outcome",
        opened.row.organisation_id,
        opened.id,
        row.id,
        row.step,
        row.reached_on.isoformat(),
    )


def _look_context(opened: OpenDossier, row: DossierReview) -> Context:
    return Context("dossier review", opened.row.organisation_id, opened.id, row.id, row.due_on.isoformat())
