"""The conversation between both sides of a referral, open from the acceptance to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cases.models import Case
from cases.service import keys, rows
from core.access.actors import Actor
from core.errors import DomainError
from core.reference import lexicon, reference
from core.store.base import db
from domain.referrals import CONVERSING, READABLE, Side, State, Why
from domain.stories.assistant import flag
from domain.stories.mentions import mentions
from domain.stories.spans import Segment, digest, segments
from referrals.models.referrals import Referral, ReferralLine
from referrals.service import lines, moving, packets, sending
from referrals.service.reach import received, sent

_NOT_AGREED: Final = _(
    "The message was not sent. What is marked stands in the file, and no consent that holds today lets this "
    "partner learn all of it. What you wrote is kept: take out what is marked."
)
_NOT_RELEASED: Final = _(
    "The message was not sent. The person agreed that this partner learns what is marked, but nothing has "
    "been released yet. What you wrote is kept: release the information first, or take out what is marked."
)
_SAID_NO: Final = _(
    "The message was not sent. The person said no to this partner, and what is marked could tell who they "
    "are. What you wrote is kept: take out what is marked."
)


@dataclass(frozen=True)
class Examined:
    """A text in pieces, with what may say who the person is; none where nothing does, which proves nothing.

    `refused` says why it does not go, whatever is ticked; None where it goes, before the release with a tick.
    """

    pieces: tuple[Segment, ...] = ()
    refused: Any = None


def say_to_partner(actor: Actor, referral_id: UUID, text: str, token: UUID, *, read: str = "") -> None:
    """Write to the partner. The same token twice writes once. Raises Locked where the partner has no key.

    `read`: the digest of the flagged words that the writer saw and sends anyway. Raises DomainError for
    others before the release, and at any time for what the file knows and no consent lets go.
    """
    case, referral = sent(actor, referral_id)
    key = keys.case_key(actor, case)
    if _is_said(actor, token):
        return
    found = _examine(actor, case, referral, text)
    if found.refused is not None:
        raise DomainError(found.refused, field="text")
    if digest(found.pieces) not in {"", read}:
        raise DomainError(
            _("The message was not sent. Take out what is marked, or say that it goes anyway."),
            field="anyway",
        )
    _say(actor, case, referral, Side.SENDER, text, token)
    if referral.state in READABLE:
        packets.keep_told(case, key, referral, sending.open_details(key, case, referral), text)


def examine(actor: Actor, referral_id: UUID, text: str) -> Examined:
    """What in a text for the partner may say who the person is. Raises NotFound, Locked."""
    case, referral = sent(actor, referral_id)
    return _examine(actor, case, referral, text)


def say_to_sender(actor: Actor, referral_id: UUID, text: str, token: UUID) -> None:
    """Write to whoever referred. The same token twice writes once."""
    case, referral = received(actor, referral_id)
    if not _is_said(actor, token):
        _say(actor, case, referral, Side.PARTNER, text, token)


def give_feedback(actor: Actor, referral_id: UUID, version: int, code: str, text: str) -> None:
    """Tell the other side how it was for the person."""
    case, referral = sent(actor, referral_id, version)
    if code not in reference().lists["referral_feedback"]:
        raise DomainError(_("Choose one."), field="code")
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    details = sending.open_details(key, case, referral)
    if referral.partner_id is not None:
        if packets.gives_away(text, packets.withheld(case, key, referral, details)[0]):
            raise DomainError(
                _(
                    "The feedback was not given. It holds a name, a phone or another number of the file that "
                    "no consent lets the partner learn. What you wrote is kept: take it out."
                ),
                field="text",
            )
        details = packets.keep_told(case, key, referral, details, text)
    moving.step(actor, case, referral, State.FEEDBACK, Side.SENDER, {"code": code, "text": text})
    sending.note(actor, case, key, "referral.feedback", "feedback", details)


def _examine(actor: Actor, case: Case, referral: Referral, text: str) -> Examined:
    if not text.strip() or referral.state not in CONVERSING or referral.partner_id is None:
        return Examined()
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    details = sending.open_details(key, case, referral)
    guessed = flag(text, lexicon())
    hidden, never = packets.withheld(case, key, referral, details)
    if known := mentions(text, hidden, guessed):  # nothing else is marked: the reason is true of that alone
        agreed = hidden != never and not mentions(text, never, guessed)
        return Examined(segments(text, known), _NOT_RELEASED if agreed else _NOT_AGREED)
    said_no = packets.consent_for(case, key, referral, details)[0] in {Why.REFUSED, Why.WITHDRAWN}
    if not guessed or not (said_no or referral.state == State.ACCEPTED):
        return Examined()
    return Examined(segments(text, guessed), _SAID_NO if said_no else None)


def _is_said(actor: Actor, token: UUID) -> bool:
    again = select(ReferralLine.id).where(
        ReferralLine.token == token, ReferralLine.author_id == actor.person_id
    )
    return db.session.scalar(again) is not None


def _say(actor: Actor, case: Case, referral: Referral, side: Side, text: str, token: UUID) -> None:
    if not text.strip():
        raise DomainError(_("Write something first."), field="text")
    if referral.state not in CONVERSING or referral.partner_id is None:
        raise DomainError(_("The conversation opens with the acceptance and ends with the referral."))
    lines.write(actor, case, referral, lines.MESSAGE, {"text": text}, token=token)
    moving.told(referral, side)
    moving.record(actor, "referral.message", referral)
