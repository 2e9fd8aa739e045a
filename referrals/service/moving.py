"""One step of a referral: the table asked, the clocks set, the line written, the other side told."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.errors import DomainError
from core.store.base import db
from domain import referrals as rules
from domain.referrals import Side, State
from referrals.models.referrals import Referral, ReferralPacket
from referrals.service import lines

_NOT_NOW: Final = _("The referral cannot go there from where it stands now.")


def step(
    actor: Actor | None,
    case: Case,
    referral: Referral,
    to: State,
    side: Side,
    content: dict[str, Any] | None = None,
    *,
    kind: str = "",
    token: UUID | None = None,
) -> None:
    """Move a locked referral. `kind`: of the line, where it is not the state. Raises DomainError."""
    by_hand = referral.partner_id is None
    try:
        rules.check(referral.state, to, side, by_hand=by_hand, chases=referral.chases)
    except rules.NotChasedEnough as error:
        raise DomainError(
            _("Nobody has told yet what came of it. Remind them twice; then it can be closed without.")
        ) from error
    except rules.ReferralError as error:
        raise DomainError(_NOT_NOW) from error
    lines.write(actor, case, referral, kind or str(to), content, token=token)
    referral.state = str(to)
    _set_clocks(referral, to)
    told(referral, side)
    if to in rules.OVER:
        end_access(referral)


def told(referral: Referral, side: Side) -> None:
    """Something happened: it waits on the desk of whoever did not do it, and of whose turn it is."""
    referral.version += 1
    referral.changed_at = clock.now()
    referral.waits_sender = side is not Side.SENDER or _turn(referral, Side.SENDER)
    referral.waits_partner = referral.partner_id is not None and (
        side is not Side.PARTNER or _turn(referral, Side.PARTNER)
    )


def looked_at(referral: Referral, side: Side) -> None:
    """This side knows now; it leaves its desk unless it is its turn."""
    if side is Side.SENDER:
        referral.waits_sender = _turn(referral, side)
    else:
        referral.waits_partner = _turn(referral, side)


def _turn(referral: Referral, side: Side) -> bool:
    return referral.state in rules.TURN[side]


def end_access(referral: Referral) -> None:
    """What was released, and what was said, is no longer there for the partner. Keyless; twice is once."""
    packet = packet_of(referral)
    if packet is not None and packet.removed_at is None:
        packet.sealed, packet.partner_wrap, packet.partner_key_id = None, None, None
        packet.removed_at = clock.now()
    referral.access_until = None
    lines.hide_from_partner(referral)


def packet_of(referral: Referral) -> ReferralPacket | None:
    """What was released, or None."""
    return db.session.get(ReferralPacket, referral.id)


def record(actor: Actor, act: str, referral: Referral) -> None:
    """Put an act of the partner on the chain of its organisation."""
    audit.record(actor, act, object_kind="referral", object_id=referral.id)


def _set_clocks(referral: Referral, to: State) -> None:
    now, times = clock.now(), rules.CLOCKS[referral.priority]
    referral.due_at, referral.chase_at = None, None
    if to is State.ENQUIRY:
        referral.due_at, referral.chase_at, referral.chases = now + times.answer, now + times.chase, 0
    elif to is State.RELEASED:
        referral.due_at = referral.chase_at = now + times.outcome
        referral.chases = 0
    elif to is State.IN_PROGRESS:
        # Whoever has begun has the time again to tell what came of it; reminders so far still count.
        referral.due_at = referral.chase_at = now + times.outcome
