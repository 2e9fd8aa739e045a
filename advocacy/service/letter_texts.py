"""The organisation's own words for letters, by kind and language; where it has none, the house's stand."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.models import Organisation
from advocacy.models.letters import LetterText
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, NotFound, Refused
from core.reference import reference
from core.store.base import db
from domain.dossiers import LANGUAGES

KINDS: Final = "letter_kind"


def own(actor: Actor) -> dict[tuple[str, str], LetterText]:
    """What the organisation wrote itself, by kind and language; without what was restored."""
    rows = reachable(actor, Permission.INSTITUTION_READ, LetterText).where(LetterText.text != "")
    return {(row.kind, row.language): row for row in db.session.scalars(rows)}


def one(actor: Actor, kind: str, language: str) -> tuple[str, int]:
    """The organisation's text, "" where the house's stands, and its version, 0 before the first.

    Raises NotFound for a kind or a language that does not exist.
    """
    if kind not in reference().lists[KINDS] or language not in LANGUAGES:
        raise NotFound
    row = _row(actor, kind, language)
    return (row.text, row.version) if row else ("", 0)


def keep(actor: Actor, kind: str, language: str, version: int, text: str) -> None:
    """Keep the organisation's text; "" restores the house's. The same words twice are kept once.

    Raises Refused, NotFound, Conflict when somebody changed it meanwhile.
    """
    if not may(actor, Permission.INSTITUTION_EDIT):
        raise Refused
    # Two people who write the first text at the same second queue here.
    home = select(Organisation.id).where(Organisation.id == actor.organisation_id)
    db.session.execute(home.with_for_update(key_share=True))
    before, present = one(actor, kind, language)
    text = text.strip()
    if before == text:
        return
    if present != version:
        raise Conflict(_("Somebody changed this meanwhile. Nothing was overwritten."))
    row = _row(actor, kind, language)
    if row is None:
        row = LetterText(organisation_id=actor.organisation_id, kind=kind, language=language)
        db.session.add(row)
    row.text, row.version = text, present + 1
    row.edited_by, row.edited_at = actor.person_id, clock.now()
    db.session.flush()
    audit.record(actor, "letter.text", object_kind="organisation", object_id=actor.organisation_id)


def _row(actor: Actor, kind: str, language: str) -> LetterText | None:
    statement = reachable(actor, Permission.INSTITUTION_READ, LetterText)
    return db.session.scalar(statement.where(LetterText.kind == kind, LetterText.language == language))
