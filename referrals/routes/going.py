"""What the views of referrals share: the referral opened for this request, and the way back to its page."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from core.access.guard import actor
from core.store.transaction import transaction
from core.web.locale import current_language
from referrals.service import listing, receiving
from referrals.service.views import Received, Sent


def shown(referral_id: UUID) -> Sent:
    """A referral of ours; looking at it takes its news off the desk."""
    with transaction():
        return listing.open_sent(actor(), referral_id)


def shown_received(referral_id: UUID) -> Received:
    """A referral that was sent to us; the same. What waits is moved to the newest key on the way."""
    with transaction():
        receiving.renew(actor())
        return receiving.open_received(actor(), referral_id, current_language())


def to_sent(referral_id: object, said: str) -> ResponseReturnValue:
    """To its page, which says what was done."""
    flash(said, "done")
    return redirect(url_for("referrals.show", referral_id=referral_id), 303)


def to_received(referral_id: object, said: str) -> ResponseReturnValue:
    """The same on the other side."""
    flash(said, "done")
    return redirect(url_for("referrals.show_received", referral_id=referral_id), 303)
