"""How a client says that they are reached now, beside what their file holds; somebody takes it over.

Nothing goes into a file by itself: who changed it may not be who the file believes, and what stood there
was agreed with the person. What stood there before stays in the timeline.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import files, gate, keys, records, rows, timeline
from cases.service.match_tokens import Made
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import Conflict, DomainError
from domain.lifecycle import State
from intake.service import casework, sealing
from intake.service.reached import with_contact
from intake.service.sealing import REACH_CHANGED


def proposed(actor: Actor, case_id: UUID, request_id: UUID) -> dict[str, Any]:
    """The file with the newer contact, so that its tokens are made before a transaction. Raises NotFound."""
    case, request, key = casework.opened(actor, Permission.CASE_EDIT, case_id, request_id)
    record = records.open_record(keys.case_key(actor, case), case)
    return with_contact(record, sealing.opened(key, request))


def settle(
    actor: Actor,
    case_id: UUID,
    request_id: UUID,
    version: int,
    said_at: str,
    *,
    take: bool,
    tokens: Made | None = None,
) -> None:
    """Take the newer contact over into the file, or leave the file as it is; twice does it once.

    version, said_at: of the file and of the contact as the page showed them. tokens: what `made_of` gave for
    the record of `proposed`. Raises NotFound, Locked, Conflict, and DomainError for a closed file.
    """
    case, request, key = casework.opened(actor, Permission.CASE_EDIT, case_id, request_id)
    answers = sealing.opened(key, request)
    if REACH_CHANGED not in answers:
        return
    if answers[REACH_CHANGED] != said_at or case.version != version:
        raise Conflict(_("The file or the contact was changed meanwhile. Nothing was overwritten."))
    if case.state in {State.CLOSED, State.ERASED}:
        raise DomainError(gate.CLOSED)
    if take:
        _take_over(actor, case, answers, request.reference, tokens)
    sealing.seal(key, request, {name: said for name, said in answers.items() if name != REACH_CHANGED})


def _take_over(
    actor: Actor, case: Case, answers: dict[str, Any], reference: str, tokens: Made | None
) -> None:
    key = keys.case_key(actor, case)
    before = records.open_record(key, case)
    files.save_compared(
        actor, case, key, with_contact(before, answers), before, urgency=case.urgency, ready=tokens
    )
    # Whole, with its rules: what was agreed about a phone holds for whoever still has it.
    stood = {"before": before["client"].get("phones", []), "reference": reference}
    timeline.write(actor, case, key, "contact", "", data=stood)
    rows.written(actor, "case.edit", key, case)
