"""How a referral ends by itself: the clock, a consent that is gone; and what an open one forbids."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from cases.models import Case
from cases.service.bars import Bar
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.errors import Locked
from core.store.base import db
from domain.referrals import CLOCKS, CONVERSING, OPEN, READABLE, Side, State, Why
from referrals.models.referrals import Referral
from referrals.service import lines, moving, packets, reach, sending
from vault import Key, Pair

_WAITING = (str(State.ENQUIRY), str(State.RELEASED), str(State.IN_PROGRESS))


def sharing_changed(actor: Actor, case: Case, key: Key) -> None:
    """An answer about sharing changed: what it no longer covers ends in the same act; both sides are told.

    What it still covers may be read until its last day.
    """
    told = select(Referral).where(
        Referral.case_id == case.id, Referral.state.in_([str(state) for state in CONVERSING])
    )
    for referral in db.session.scalars(told.with_for_update()).all():
        details = sending.open_details(key, case, referral)
        if referral.state == State.ACCEPTED:
            _hide(actor, case, key, referral, details)
            continue
        why = packets.uncovered(case, key, referral, details)
        if why is None:
            _renew(actor, case, key, referral, details)
        if why in {None, Why.CHANGED}:
            continue
        if why is Why.EXPIRED:  # the clock has not come yet
            moving.step(None, case, referral, State.EXPIRED, Side.CLOCK)
        else:
            less = why in {Why.NOT_NAMED, Why.OTHER_PURPOSE}
            kind = lines.CONSENT_NARROWED if less else lines.CONSENT_ENDED
            moving.step(actor, case, referral, State.WITHDRAWN, Side.SENDER, kind=kind)
        referral.waits_sender = True
        sending.note(actor, case, key, "referral.consent_ended", "consent_ended", details)


def _renew(actor: Actor, case: Case, key: Key, referral: Referral, details: dict[str, Any]) -> None:
    """Seal another last day in a line that both sides read: nobody here opens the packet to change it there.

    Where nothing can be sealed to the partner, the day may only come earlier. Nothing is renewed for an entry
    that stands for somebody else now: whoever has it is not whom the new answer names.
    """
    answer, released = packets.consent_for(case, key, referral, details)[1], details["released"]
    if answer is None or answer.until.isoformat() == released["until"]:
        return
    if packets.moved(referral, details) is Why.MOVED:
        return
    if referral.partner_id is not None:
        try:
            lines.partner_key(actor, referral.partner_id)
        except Locked:
            referral.access_until = min(answer.until, referral.access_until or answer.until)
            return
    lines.write(actor, case, referral, lines.CONSENT_RENEWED, {"until": answer.until.isoformat()})
    referral.access_until = answer.until
    details = {**details, "released": {**released, "until": answer.until.isoformat()}}
    sending.keep_details(key, case, referral, details)
    moving.told(referral, Side.SENDER)
    referral.waits_sender = True


def _hide(actor: Actor, case: Case, key: Key, referral: Referral, details: dict[str, Any]) -> None:
    """The person said no before anything was released: what was written so far could name them, and goes.

    The referral stays, for the person may be asked again. One answer does this once.
    """
    why, answer = packets.consent_for(case, key, referral, details)
    if answer is None or why not in {Why.REFUSED, Why.WITHDRAWN}:
        return
    said_no = f"{answer.id} {answer.row_version}"
    if details.get("said_no") == said_no:
        return
    details = {**details, "said_no": said_no}
    sending.keep_details(key, case, referral, details)
    lines.write(actor, case, referral, lines.CONSENT_ENDED)
    lines.hide_from_partner(referral)
    moving.told(referral, Side.SENDER)
    sending.note(actor, case, key, "referral.consent_ended", "consent_ended", details)


def rotated(case: Case, old: Key, new: Key, old_inbox: Pair) -> None:
    """The case has a new key: what referrals sealed for it is sealed again."""
    for referral in db.session.scalars(select(Referral).where(Referral.case_id == case.id)).all():
        sending.reseal_details(case, referral, old, new)
        lines.reseal(case, referral, old_inbox)


def bars(case: Case, key: Key) -> list[Bar]:
    """The open referrals of a case, which keep it from closing."""
    waiting = select(Referral).where(
        Referral.case_id == case.id, Referral.state.in_([str(state) for state in OPEN])
    )
    return [
        Bar(
            "referral",
            "referrals.show",
            {"referral_id": row.id},
            name=sending.open_details(key, case, row)["entry_name"],
        )
        for row in db.session.scalars(waiting.order_by(Referral.created_at, Referral.id))
    ]


def expire_enquiries() -> int:
    """Give enquiries that nobody answered in time back to their senders. Keyless; twice is once."""
    late = select(Referral.id).where(Referral.state == str(State.ENQUIRY), Referral.due_at <= clock.now())
    return _each(late, _unanswered)


def expire_packets() -> int:
    """End access whose consent has run out. Keyless; twice is once."""
    late = select(Referral.id).where(
        Referral.state.in_([str(state) for state in READABLE]), Referral.access_until < clock.today()
    )
    return _each(late, _consent_over)


def chase() -> int:
    """Remind the other side where its time has come; the sender sees it. Keyless; twice is once."""
    due = select(Referral.id).where(Referral.state.in_(_WAITING), Referral.chase_at <= clock.now())
    return _each(due, _remind)


def _unanswered(case: Case, referral: Referral) -> bool:
    if referral.state != State.ENQUIRY or referral.due_at is None or referral.due_at > clock.now():
        return False
    moving.step(None, case, referral, State.EXPIRED, Side.CLOCK)
    _record(referral, "referral.expire")
    return True


def _consent_over(case: Case, referral: Referral) -> bool:
    until = referral.access_until
    if referral.state not in READABLE or until is None or until >= clock.today():
        return False
    moving.step(None, case, referral, State.EXPIRED, Side.CLOCK)
    _record(referral, "referral.consent_ended")
    return True


def _remind(case: Case, referral: Referral) -> bool:
    at = referral.chase_at
    if referral.state not in _WAITING or at is None or at > clock.now():
        return False
    lines.write(None, case, referral, lines.CHASED)
    referral.chases += 1
    # An enquiry is chased once, then its own end comes; what was released is asked after until answered.
    interval = CLOCKS[referral.priority].outcome
    referral.chase_at = None if referral.state == State.ENQUIRY else clock.now() + interval
    moving.told(referral, Side.CLOCK)
    _record(referral, "referral.chase")
    return True


def _each(found: Select[Any], act: Any) -> int:
    """Do something with each, behind its locks; whether it is still due is asked again there."""
    ids = db.session.scalars(found).all()
    return sum(act(*reach.lock(referral_id)) for referral_id in ids)


def _record(referral: Referral, act: str) -> None:
    audit.record(
        None, act, organisation_id=referral.organisation_id, object_kind="referral", object_id=referral.id
    )
