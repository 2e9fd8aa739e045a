"""The partner's side: focal points read what was sent to them, answer it, and tell what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.models import Organisation
from accounts.service import keys as organisation_keys
from accounts.service import partners, trust
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.errors import Locked
from core.store.base import db
from domain import referrals as rules
from domain.referrals import READABLE, Side, State
from referrals.models.referrals import Referral, ReferralLine, ReferralPacket
from referrals.service import conflict_replying, lines, moving, packets
from referrals.service.reach import Moved, received
from referrals.service.sending import answer
from referrals.service.views import Received
from vault import Pair

_STEP: Final = 50  # wraps moved to a new key with one page
_ACTS: Final = {
    State.ACCEPTED: "referral.accept",
    State.DECLINED: "referral.decline",
    State.IN_PROGRESS: "referral.begin",
    State.OUTCOME: "referral.outcome",
}


def open_received(actor: Actor, referral_id: UUID, language: str) -> Received:
    """A referral with everything that this side may read now. Raises NotFound, Locked, rows.Tampered."""
    _case, referral = received(actor, referral_id)
    pairs = _pairs(actor)
    said = lines.read(actor, referral, pairs)
    moving.record(actor, "referral.read", referral)
    moving.looked_at(referral, Side.PARTNER)
    sender = db.session.get_one(Organisation, referral.organisation_id)
    enquiry = next((line.content for line in said if line.kind == State.ENQUIRY), None)
    packet, until = packets.open_packet(referral, pairs, said) or (None, None)
    if packet is None and referral.state in READABLE:
        # The consent has run out, whether or not the clock has come: what was said goes with the packet.
        said = [line if line.kind in lines.NAMELESS else replace(line, content=None) for line in said]
    return Received(
        id=referral.id,
        sender_name=sender.name(language),
        sender_compared=partners.compared(actor, sender.id),
        state=referral.state,
        priority=referral.priority,
        enquiry=enquiry or {},
        lines=said,
        packet=packet,
        due_at=referral.due_at,
        access_until=until,
        next_states=[str(to) for to in rules.next_states(referral.state, Side.PARTNER)],
        version=referral.version,
    )


def accept(actor: Actor, referral_id: UUID, version: int) -> None:
    """Take the matter on; twice is once. Raises Moved where a colleague, or the clock, was faster."""
    _answer(actor, referral_id, version, State.ACCEPTED)


def decline(actor: Actor, referral_id: UUID, version: int, code: str, text: str) -> None:
    """Say no with a reason; refusals are counted, they are evidence."""
    _answer(actor, referral_id, version, State.DECLINED, code, text)


def begin(actor: Actor, referral_id: UUID, version: int) -> None:
    """The work has begun."""
    _answer(actor, referral_id, version, State.IN_PROGRESS)


def tell_outcome(actor: Actor, referral_id: UUID, version: int, code: str, text: str) -> None:
    """Tell the sender what came of it."""
    _answer(actor, referral_id, version, State.OUTCOME, code, text)


def renew(actor: Actor) -> None:
    """Give the partner key the new epoch that is due, and move what waits to it, some with each page.

    Whoever left then knows no key that opens what is still here.
    """
    organisation_keys.renew_due(actor)
    newest = trust.organisation_key(actor.organisation_id, "partner")
    if newest is None:
        return
    pairs = lines.partner_pairs(actor)
    if newest.id not in pairs:
        return
    ours = reachable(actor, Permission.REFERRAL_ANSWER, Referral).with_only_columns(Referral.id)
    for row, referral in db.session.execute(
        select(ReferralLine, Referral)
        .join(Referral, Referral.id == ReferralLine.referral_id)
        .where(ReferralLine.partner_key_id.in_(pairs.keys() - {newest.id}), Referral.id.in_(ours))
        .limit(_STEP)
    ).all():
        lines.rewrap(referral, row, pairs[row.partner_key_id], newest)
    for packet, referral in db.session.execute(
        select(ReferralPacket, Referral)
        .join(Referral, Referral.id == ReferralPacket.referral_id)
        .where(ReferralPacket.partner_key_id.in_(pairs.keys() - {newest.id}), Referral.id.in_(ours))
        .limit(_STEP)
    ).all():
        packets.rewrap(referral, packet, pairs[packet.partner_key_id], newest)
    conflict_replying.renew(actor, pairs, newest)
    db.session.flush()


def _answer(actor: Actor, referral_id: UUID, version: int, to: State, code: str = "", text: str = "") -> None:
    case, referral = received(actor, referral_id)
    pairs, said = _pairs(actor), answer(to, code, text)
    if referral.version != version:
        if referral.state == to and lines.ends_with(actor, referral, to, said, pairs):
            return
        raise Moved
    moving.step(actor, case, referral, to, Side.PARTNER, said)
    moving.record(actor, _ACTS[to], referral)


def _pairs(actor: Actor) -> dict[UUID | None, Pair]:
    """The actor's epochs of the key. Raises Locked for a focal point who does not hold it yet."""
    pairs = lines.partner_pairs(actor)
    if not pairs:
        raise Locked(
            _("You do not hold the key for referrals yet. A focal point who holds it can hand it to you.")
        )
    return pairs
