"""Put right what was recorded of the filing of a draft: another day or place, or that it was not filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.service.names import names_of
from cases.note_models import LegalDraft
from cases.service import (
    clocks,
    correcting,
    draft_approvals,
    draft_reviews,
    drafting,
    first_steps,
    legal_drafts,
    line_outs,
    note_keys,
    reviewers,
    second_looks,
    team,
)
from cases.service.correcting import Right
from cases.service.legal_drafts import Bench
from core.access.actors import Actor
from core.errors import Conflict, DomainError
from core.store.base import db
from domain import drafts as rules
from domain.drafts import Act
from domain.lines import FILING

OWED: Final = _(
    "The second look at this filing is still owed. It says that the draft was not filed; then it can be "
    "taken back."
)


def correct(
    actor: Actor,
    case_id: UUID,
    draft_id: UUID,
    version: int,
    right: tuple[dt.date, str] | None,
    reason: str,
    token: UUID,
) -> None:
    """Say what was wrong with a filing that was recorded. Twice is once.

    right: on which day and where it was filed; None: this draft was not, and goes on as before, on the desk
    of whoever filed it. The line of the timeline that tells of it is corrected too (`correcting.follow`), but
    without the reason, which is the lawyers'. Raises NotFound, Conflict, Locked, DomainError; a second look
    that is owed is not escaped, as long as anybody can take it.
    """
    at = legal_drafts.bench(actor, case_id, leads=True)
    row, content = legal_drafts.opened(at, draft_id)
    if legal_drafts.is_done(token):
        return
    drafting.require(row, content, version, Act.CORRECT)
    if not reason.strip():
        raise DomainError(_("Write the reason"), field="reason")
    if right is None and owes_look(actor, at, row, content):
        raise DomainError(OWED, field="how")
    key = legal_drafts.writing_key(actor, at, row.id)
    filed: dict[str, Any] = content["filed"]
    line = _line(actor, at, filed, right)
    if right is None:
        approved = draft_approvals.is_approved(at.case, row.id, content)
        content["filed"] = None
        content["state"] = str(rules.after_taking_back(approved=approved, asked=content["ask"] is not None))
        legal_drafts.add_part(actor, at, key, row.id, token, "unfiled", text=reason)
        was = row.desk_id
        legal_drafts.save(actor, at, key, row, content, desk=drafting.filer(at, filed, actor.person_id))
        reviewers.only(actor, at, row.id, None, was)
        return
    said = {"on": right[0].isoformat(), "where": right[1]}
    content["filed"] = {**filed, **said, "line": line}
    legal_drafts.add_part(actor, at, key, row.id, token, "refiled", text=reason, **said)
    rests = row.due_at is not None or filed["second"] == "commented"  # else it was there for its line
    legal_drafts.save(actor, at, key, row, content, desk=row.desk_id if rests else None, due=row.due_at)


def correct_line(
    actor: Actor, case_id: UUID, line_id: UUID, right: Right | None, wrong: str, token: UUID
) -> None:
    """Correct a line as `correcting.correct`; the draft of which it tells stands with whoever filed that.

    Only a lawyer of the case corrects such a line, as long as there is one, and one who can open its drafts:
    nobody else moves a draft. Raises as that, and Conflict where `key_holders` are to be asked.
    """
    if key_holders(actor, case_id, line_id):
        raise Conflict
    if correcting.correct(actor, case_id, line_id, right, wrong, token):
        _tell_draft(actor, case_id, line_id)


def take_out_line(actor: Actor, case_id: UUID, line_id: UUID, version: int, reason: str, token: UUID) -> bool:
    """Take a line out as `line_outs.take_out`; the draft of which it told stands with whoever filed that.

    Raises as that, and Conflict where `key_holders` are to be asked.
    """
    if key_holders(actor, case_id, line_id):
        raise Conflict
    gone = line_outs.take_out(actor, case_id, line_id, version, reason, token)
    if gone:
        _tell_draft(actor, case_id, line_id)
    return gone


def _tell_draft(actor: Actor, case_id: UUID, line_id: UUID) -> None:
    if not team.is_lawyer_of(case_id, actor.person_id):
        return
    at = legal_drafts.bench(actor, case_id, leads=True)
    now = correcting.standing(at.case, at.key, line_id)[0]
    found = select(LegalDraft).where(LegalDraft.case_id == at.case.id, LegalDraft.desk_id.is_(None))
    for row in db.session.scalars(found).all():
        content = legal_drafts.content_of(at.case, row, at.ring)
        filed = (content or {}).get("filed") or {}
        line = filed.get("line")
        if content and line and correcting.standing(at.case, at.key, UUID(line))[0] == now:
            key = legal_drafts.writing_key(actor, at, row.id)
            legal_drafts.save(actor, at, key, row, content, desk=drafting.filer(at, filed, actor.person_id))


def key_holders(actor: Actor, case_id: UUID, line_id: UUID) -> list[str]:
    """Names of the lawyers of a case one of whom corrects a line, because the actor cannot open its draft.

    Which one that is only its key tells. None for who is no lawyer of the case, for a line that no lawyer
    wrote, and where nobody else was given the key either. Raises NotFound, Locked.
    """
    if not team.is_lawyer_of(case_id, actor.person_id):
        return []
    at = legal_drafts.bench(actor, case_id, leads=True)
    if not correcting.is_led(at.case, at.key, line_id):
        return []
    drafts = db.session.scalars(select(LegalDraft).where(LegalDraft.case_id == at.case.id))
    missing = {row.epoch for row in drafts if row.epoch not in at.ring.of(row.id)}
    return sorted(names_of(note_keys.given(case_id, missing)).values())


def standing_of(actor: Actor, case_id: UUID, content: Mapping[str, Any]) -> str:
    """What became of the line that was written with a filing: "" as written, or the kind that stands now.

    Of a filing without a line nothing did. Raises NotFound.
    """
    line = (content["filed"] or {}).get("line")
    if not line:
        return ""
    at = legal_drafts.bench(actor, case_id)
    now, kind, _line = correcting.standing(at.case, at.key, UUID(line))
    return "" if now == UUID(line) and kind == FILING else kind


def is_owed(actor: Actor, case_id: UUID, draft_id: UUID) -> bool:
    """Whether a filing is not taken back, because somebody can take the second look at it. As `correct`."""
    at = legal_drafts.bench(actor, case_id, leads=True)
    return owes_look(actor, at, *legal_drafts.opened(at, draft_id))


def owes_look(actor: Actor, at: Bench, row: LegalDraft, content: dict[str, Any]) -> bool:
    """The same of an opened draft: somebody looks at it, or can, the actor too.

    Nobody can who declined this look since, or the case, or is away for as long as whoever is asked today
    has time.
    """
    if not drafting.second_open(content):
        return False
    asked = draft_reviews.is_asked(legal_drafts.view(row, content))
    if asked and row.desk_id in team.lawyers(at.case.id):
        return True
    declined = second_looks.declined(at, row)
    able = draft_reviews.candidates(actor, at.case.id, row.id)
    return any(one.there and one.person_id not in declined for one in able)


def _line(actor: Actor, at: Bench, filed: dict[str, Any], right: tuple[dt.date, str] | None) -> str:
    """Correct the line of the timeline that tells of the filing, or else the clocks. Gives its id, or ""."""
    if filed.get("line"):
        return correcting.follow(actor, at.case, at.key, UUID(filed["line"]), right)
    first_steps.corrected(at.case, at.key, filed)
    if right is not None:
        clocks.heed(at.case, FILING, {"on": right[0].isoformat()})
    return ""
