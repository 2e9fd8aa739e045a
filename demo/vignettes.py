"""Vignettes of the demonstration: three cases told together, of which one still waits to be signed."""

from __future__ import annotations

from collections import Counter
from typing import Final
from uuid import UUID, uuid4

from advocacy import vignette_words
from advocacy.service import checking, dossiers, stories, telling
from advocacy.service.story_seal import Draft
from cases.service import consents, listing
from core import clock
from core.access.actors import Actor
from core.errors import DomainError
from core.store.transaction import transaction
from demo.offices import CASEWORKER, COORDINATOR, MANAGER, Office
from domain.lifecycle import State
from domain.stories.levels import PUBLIC

ASKED: Final = "نحتاج إلى أمثلة مرمّزة على قيود أُوقفت من غير إشعار."
_TOLD: Final = 3
_LOOKED_AT: Final = 100  # of a caseworker's cases
_OVER: Final = frozenset({State.CLOSED, State.ERASED})


def tell(office: Office, dossier_id: UUID) -> None:
    """A manager asks and checks, a caseworker offers, a coordinator signs all but the last."""
    manager, caseworker = office.having(MANAGER)[0].actor, office.having(CASEWORKER)[0].actor
    with transaction():
        telling.ask(manager, dossier_id, [caseworker.person_id], ASKED)
    told = 0
    for case_id in _alike(caseworker):
        told += told < _TOLD and _offer(caseworker, dossier_id, case_id)
    found = checking.prepare(manager, dossier_id, vignette_words.texts)
    with transaction():
        checking.write(manager, found)
    _sign(office.having(COORDINATOR)[0].actor, dossier_id)


def _alike(caseworker: Actor) -> list[UUID]:
    """The caseworker's open cases, those of the province with the most first."""
    with transaction():
        rows = listing.recent(caseworker, _LOOKED_AT)
    rows = [row for row in rows if row.readable and not row.restricted and row.state not in _OVER]
    number = Counter(row.province for row in rows)
    return [row.id for row in sorted(rows, key=lambda row: (-number[row.province], row.province))]


def _offer(caseworker: Actor, dossier_id: UUID, case_id: UUID) -> bool:
    """Ask the person, and offer the case as a vignette; False where that may not be, as of a child."""
    said = {"answer": "given", "language": "ar", "how": "signed", "level": PUBLIC, "detail": ""}
    try:
        with transaction():
            for kind in ("statistics", "story"):
                consents.record_consent(caseworker, case_id, {"kind": kind, **said}, uuid4())
            vignette = stories.offer(caseworker, case_id, PUBLIC)
            agreed = clock.today().isoformat()
            draft = Draft(PUBLIC, {}, "", counsel=False, vignette=vignette, agreed=agreed)
            stories.write(caseworker, uuid4(), dossier_id, case_id, draft)
    except DomainError:
        return False
    return True


def _sign(coordinator: Actor, dossier_id: UUID) -> None:
    with transaction():
        shown = telling.of(dossiers.open_dossier(coordinator, dossier_id))
        for story in [one for one in shown if one.told][:-1]:
            telling.confirm(coordinator, dossier_id, story.id, story.version, story.read.hex())
