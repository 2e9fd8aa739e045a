"""A draft in the demonstration: a lawyer writes it, and a colleague was asked to look at it."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from cases.models import Case
from cases.note_models import LegalDraft
from cases.service import assignment, draft_reviews, drafting, listing
from cases.service.drafting import Text
from core.store.base import db
from core.store.transaction import transaction
from demo.chance import Chance
from demo.names import Words
from demo.offices import COORDINATOR, LAWYER, Member, Office
from domain.lifecycle import State

_LOOKED_AT: Final = 100  # of a coordinator's cases


def ask(office: Office, words: Words) -> None:
    """A lawyer takes a case that waits for one and begins a draft; another one opens it for some days."""
    coordinator, (lawyer, colleague, *_others) = office.having(COORDINATOR)[0], office.having(LAWYER)
    with transaction():
        rows = listing.list_cases(coordinator.actor, limit=_LOOKED_AT).rows
    case_id = next((row.id for row in rows if row.state == State.OPEN and not row.restricted), None)
    if case_id is None:
        return
    with transaction():
        version = db.session.get_one(Case, case_id).version
        assignment.offer(coordinator.actor, case_id, version, lawyer.actor.person_id)
    _accept(lawyer, case_id)
    title, text, word = (
        words.text(kind, one.language, Chance(0))
        for kind, one in (("draft_title", lawyer), ("draft", lawyer), ("draft_word", colleague))
    )
    with transaction():
        draft_id = drafting.begin(lawyer.actor, case_id, title, Text(text), uuid4())
    with transaction():
        version = db.session.get_one(LegalDraft, draft_id).version
        draft_reviews.ask(lawyer.actor, case_id, draft_id, version, colleague.actor.person_id, uuid4())
    _accept(colleague, case_id)
    with transaction():
        drafting.say(colleague.actor, case_id, draft_id, word, uuid4())


def _accept(lawyer: Member, case_id: UUID) -> None:
    with transaction():
        [offer] = [one for one in assignment.offers(lawyer.actor) if one.case_id == case_id]
    with transaction():
        assignment.accept(lawyer.actor, offer.assignment_id)
