"""Place an order: what was decided and waits for a session that holds the key (carried out in `orders`)."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, insert, select, update

from accounts.models import Organisation, OrganisationKey
from cases.models import Case, Deadline, LawFiles, Order
from core import clock
from core.access.actors import Actor
from core.store.base import db
from domain.lifecycle import State

_DEADLINES, _TOKENS = 1, 2

CONFLICT: Final = "conflict_due"  # decided by a person, never carried out by a key
NOTE: Final = "note_due"
HEAR: Final = "hear_due"  # another organisation answered, and nobody with the key of the case has met it


def rotation_due(actor: Actor | None, case: Case, person_id: UUID | None) -> None:
    """Order a new key because somebody left; one waiting order is enough for a case."""
    _order(actor, "rotation_due", case, person_id)


def key_made(actor: Actor, case: Case) -> None:
    """Order the next key at once if this one went to a supervision key that somebody outside still knows."""
    if not case.restricted and supervision_is_stale(case.organisation_id):
        rotation_due(actor, case, None)


def supervision_is_stale(organisation_id: UUID) -> bool:
    """Whether a coordinator has left and supervision was not renewed since."""
    stale = select(OrganisationKey.id).where(
        OrganisationKey.organisation_id == organisation_id,
        OrganisationKey.kind == "supervision",
        OrganisationKey.retired_at.is_(None),
        OrganisationKey.rotation_due.is_(True),
    )
    return db.session.scalar(stale) is not None


def grant_due(actor: Actor, case: Case, person_id: UUID) -> None:
    """Order that somebody be put on a case by whoever holds its key."""
    _order(actor, "grant_due", case, person_id, Order.person_id == person_id)


def note_due(actor: Actor, case: Case, person_id: UUID) -> None:
    """Order that a lawyer be given the lawyers' note keys by whoever holds them."""
    _order(actor, NOTE, case, person_id, Order.person_id == person_id)


def fact_due(actor: Actor, case: Case) -> None:
    """Leave the fact to the first session that opens the case once the statistics key exists."""
    _order(actor, "fact_due", case, None)


def match_due(actor: Actor, case: Case) -> None:
    """Leave the tokens of a changed client to the next session that holds case and match key."""
    _order(actor, "match_due", case, None)


def conflict_due(actor: Actor, case: Case) -> None:
    """A decision about a possible conflict of interest waits; one place on desks is enough."""
    _order(actor, CONFLICT, case, None)


def hear_due(organisation_id: UUID, case_id: UUID) -> None:
    """Leave what another organisation answered about a case to the next session that holds its key.

    Whatever it answered: an order for some answers alone would tell in clear what is sealed.
    """
    waiting = select(Order.id).where(Order.case_id == case_id, Order.kind == HEAR, Order.done_at.is_(None))
    if db.session.scalar(waiting.limit(1)) is None:
        db.session.execute(insert(Order), [_values(None, HEAR, organisation_id, case_id, None)])


def conflict_settled(actor: Actor, case: Case) -> None:
    """It waits no more."""
    waiting = update(Order).where(Order.case_id == case.id, Order.kind == CONFLICT, Order.done_at.is_(None))
    db.session.execute(waiting.values(done_at=clock.now(), done_by=actor.person_id))


def recount_due(actor: Actor | None) -> None:
    """Order that open deadlines be counted anew: the law has changed, of one organisation or of all."""
    for home in [actor.organisation_id] if actor else db.session.scalars(select(Organisation.id)).all():
        # An order that somebody is at was begun by the law before: wait for it, and place another.
        waiting = select(Order.case_id).where(
            Order.organisation_id == home, Order.kind == "recount_due", Order.done_at.is_(None)
        )
        known = set(db.session.scalars(waiting.with_for_update(key_share=True)))
        cases = select(Case.id).where(
            Case.organisation_id == home,
            Case.id.in_(select(Deadline.case_id).where(Deadline.state == "open")),
        )
        missing = [case_id for case_id in db.session.scalars(cases) if case_id not in known]
        if missing:
            rows = [_values(actor, "recount_due", home, case_id, None) for case_id in missing]
            db.session.execute(insert(Order), rows)


def files_changed(digest: bytes) -> bool:
    """Order the same everywhere where the tables that come with the product are others than last time."""
    changed = _is_new(_DEADLINES, digest)
    if changed:
        recount_due(None)
    return changed


def tokens_changed(rules: int) -> bool:
    """Order the tokens of every client where they are made by other rules than last time, or were never."""
    changed = _is_new(_TOKENS, str(rules).encode())
    if changed:
        waiting = select(Order.case_id).where(Order.kind == "match_due", Order.done_at.is_(None))
        cases = select(Case.organisation_id, Case.id).where(
            Case.state != State.ERASED, Case.id.not_in(waiting)
        )
        found = db.session.execute(cases)
        rows = [_values(None, "match_due", home, case_id, None) for home, case_id in found]
        if rows:
            db.session.execute(insert(Order), rows)
    return changed


def _is_new(what: int, digest: bytes) -> bool:
    """Whether these are other rules than those that were known; now they are known."""
    known = db.session.get(LawFiles, what, with_for_update=True)
    if known is not None and known.digest == digest:
        return False
    if known is None:
        db.session.add(LawFiles(id=what, digest=digest))
        db.session.flush()  # where another process was first, nothing is ordered twice
    else:
        known.digest = digest
    return True


def supervision_left(actor: Actor | None, organisation_id: UUID, person_id: UUID) -> None:
    """Order a new key for every case that the supervision key opens: a coordinator has left."""
    waiting = select(Order.case_id).where(Order.kind == "rotation_due", Order.done_at.is_(None))
    cases = select(Case).where(
        Case.organisation_id == organisation_id, Case.restricted.is_(False), Case.id.not_in(waiting)
    )
    rows = [_row(actor, "rotation_due", case, person_id) for case in db.session.scalars(cases)]
    if rows:
        db.session.execute(insert(Order), rows)


def _order(
    actor: Actor | None, kind: str, case: Case, person_id: UUID | None, *same: ColumnElement[bool]
) -> None:
    """Place an order unless the same one waits already."""
    waiting = select(Order.id).where(
        Order.case_id == case.id,
        Order.kind == kind,
        Order.done_at.is_(None),
        *same,
    )
    if db.session.scalar(waiting.limit(1)) is None:
        db.session.execute(insert(Order), [_row(actor, kind, case, person_id)])


def _row(actor: Actor | None, kind: str, case: Case, person_id: UUID | None) -> dict[str, object]:
    return _values(actor, kind, case.organisation_id, case.id, person_id)


def _values(
    actor: Actor | None, kind: str, organisation_id: UUID, case_id: UUID, person_id: UUID | None
) -> dict[str, object]:
    return {
        "id": uuid4(),
        "organisation_id": organisation_id,
        "kind": kind,
        "case_id": case_id,
        "person_id": person_id,
        "ordered_by": actor.person_id if actor else None,
        "ordered_at": clock.now(),
    }
