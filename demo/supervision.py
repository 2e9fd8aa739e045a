"""Supervision in the demonstration: files that were looked at, a question about one, the draw of a month."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID, uuid4

from cases.service import drawing, listing, reviewing, supervising, team
from cases.service.reviewing import Answers
from core import clock
from core.store.transaction import transaction
from demo.chance import Chance
from demo.names import Words
from demo.offices import COORDINATOR, Member, Office
from domain.file_reviews import QUESTIONS, Answer
from domain.lifecycle import State

_LOOKED_AT: Final = 100  # of a coordinator's cases
_OVER: Final = frozenset({State.CLOSED, State.ERASED})
_WRONG: Final = "client_told"
_IN: Final = dt.timedelta(days=10)


def look(office: Office, words: Words) -> None:
    """Coordinators look at what waits, find something once, ask about a case; then the month is drawn."""
    found = False
    for coordinator in office.having(COORDINATOR):
        with transaction():
            waits = reviewing.months(coordinator.actor).waits
        wrong = words.text("review", coordinator.language, Chance(0))
        for line in waits:
            newest = line is waits[-1] and not found
            _review(coordinator, line.case.id, wrong if newest else "")
        found = found or bool(waits)
    _ask(office, words)
    with transaction():
        drawing.draw(office.members[0].actor.organisation_id)


def _review(coordinator: Member, case_id: UUID, wrong: str) -> None:
    """All is in order, or one thing is not, and the coordinator mends that."""
    answers = dict.fromkeys(QUESTIONS, str(Answer.YES)) | ({_WRONG: str(Answer.NO)} if wrong else {})
    owners = {_WRONG: coordinator.actor.person_id}
    said = Answers(answers, {_WRONG: wrong}, owners, clock.today() + _IN)
    with transaction():
        reviewing.look(coordinator.actor, case_id, 0, said, uuid4())


def _ask(office: Office, words: Words) -> None:
    """Somebody who works on a case is asked how it stands."""
    coordinator = office.having(COORDINATOR)[0]
    actor = coordinator.actor
    with transaction():
        rows = listing.list_cases(actor, limit=_LOOKED_AT).rows
        live = [(row.id, team.live(row.id)) for row in rows if row.state not in _OVER]
    others = [one.actor.person_id for one in office.members if one is not coordinator]
    asked = ((case_id, one) for case_id, there in live for one in others if one in there)
    case_id, whom = next(asked, (None, None))
    if case_id is not None and whom is not None:
        text = words.text("asked", coordinator.language, Chance(0))
        with transaction():
            supervising.ask(actor, case_id, whom, text, clock.today() + _IN, uuid4())
