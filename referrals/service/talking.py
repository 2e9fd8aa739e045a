"""The conversation between both sides of a referral, open from the acceptance to its end."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cases.models import Case
from cases.service import keys
from core.access.actors import Actor
from core.errors import DomainError
from core.reference import lexicon
from core.store.base import db
from domain.referrals import CONVERSING, Side, State
from domain.stories.assistant import flag
from domain.stories.spans import Segment, digest, segments
from referrals.models.referrals import Referral, ReferralLine
from referrals.service import lines, moving
from referrals.service.reach import received, sent


def say_to_partner(actor: Actor, referral_id: UUID, text: str, token: UUID, *, read: str = "") -> None:
    """Write to the partner. The same token twice writes once. Raises Locked where the partner has no key.

    `read`: the digest of the flagged words that the writer saw and sends anyway. Raises DomainError for
    others before the release, when the partner may not know who it is about.
    """
    case, referral = sent(actor, referral_id)
    keys.case_key(actor, case)
    if referral.state == State.ACCEPTED and digest(noticed(text)) not in {"", read}:
        raise DomainError(
            _("The message was not sent. Take out what is marked, or say that it goes anyway."),
            field="anyway",
        )
    _say(actor, case, referral, Side.SENDER, text, token)


def noticed(text: str) -> tuple[Segment, ...]:
    """The text with what the assistant flags in it; empty where it flags nothing, which proves nothing."""
    found = flag(text, lexicon())
    return segments(text, found) if found else ()


def say_to_sender(actor: Actor, referral_id: UUID, text: str, token: UUID) -> None:
    """Write to whoever referred. The same token twice writes once."""
    case, referral = received(actor, referral_id)
    _say(actor, case, referral, Side.PARTNER, text, token)


def _say(actor: Actor, case: Case, referral: Referral, side: Side, text: str, token: UUID) -> None:
    again = select(ReferralLine.id).where(
        ReferralLine.token == token, ReferralLine.author_id == actor.person_id
    )
    if db.session.scalar(again) is not None:
        return
    if not text.strip():
        raise DomainError(_("Write something first."), field="text")
    if referral.state not in CONVERSING or referral.partner_id is None:
        raise DomainError(_("The conversation opens with the acceptance and ends with the referral."))
    lines.write(actor, case, referral, lines.MESSAGE, {"text": text}, token=token)
    moving.told(referral, side)
    moving.record(actor, "referral.message", referral)
