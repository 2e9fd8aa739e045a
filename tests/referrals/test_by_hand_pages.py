"""What went by phone or on paper cannot be taken back by anybody here, and every page says so."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from core.store.base import db
from core.store.transaction import transaction
from referrals.service import ending, sending, talking
from tests.referrals.conftest import entry_of
from tests.referrals.test_changed_entries import by_hand
from tests.referrals.test_pages import Desks, desks

__all__ = ["desks"]

UNREAD = "can no longer be read"
PHONE_THEM = "Phone them today and ask them to stop and to destroy what they have."


def released(desks: Desks, *, to: str = "office") -> tuple[UUID, UUID]:
    """A case and its referral, gone as far as the release."""
    with desks.ours.app.app_context():
        pair = desks.pair
        if to == "partner":
            made = pair.released()
        else:
            case_id = pair.case()
            made = case_id, by_hand(pair, case_id)
            pair.consent(case_id, recipient=str(entry_of(pair, "sydv")))
            if to == "office":
                pair.release(made[1])
        db.session.rollback()
    return made


def run_out(desks: Desks, referral_id: UUID) -> None:
    """The day comes, and the clock with it."""
    with desks.ours.app.app_context():
        with transaction():
            desks.pair.row(referral_id).access_until = dt.date(2020, 1, 1)
        with transaction():
            ending.expire_packets()
        assert desks.pair.row(referral_id).state == "expired"
        db.session.rollback()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("ran out", "The consent has run out."),
        ("refused", "The person took the consent back."),
        ("less", "The person now agrees to less."),
    ],
)
def test_the_end_of_the_consent_asks_to_phone_them(desks: Desks, how: str, said: str) -> None:
    case_id, referral_id = released(desks)
    if how == "ran out":
        run_out(desks, referral_id)
    else:
        with desks.ours.app.app_context():
            said_no = {"answer": "refused", "fields": [], "purposes": []}
            changes: dict[str, Any] = said_no if how == "refused" else {"fields": ["birth"]}
            desks.pair.consent(case_id, recipient=str(entry_of(desks.pair, "sydv")), **changes)
            db.session.rollback()
    caseworker = desks.ours.browser("caseworker")
    caseworker.get(f"/referrals/{referral_id}")
    assert f"{said} {PHONE_THEM}" in caseworker.text
    assert f"{said} Ask them to stop and to destroy what they have." in caseworker.text  # the conversation
    assert UNREAD not in caseworker.text


def test_a_no_before_a_release_by_hand_speaks_of_nothing_that_was_written(desks: Desks) -> None:
    case_id, referral_id = released(desks, to="nobody")
    with desks.ours.app.app_context():
        recipient = str(entry_of(desks.pair, "sydv"))
        desks.pair.consent(case_id, recipient=recipient, answer="refused", fields=[], purposes=[])
        db.session.rollback()
    caseworker = desks.ours.browser("caseworker")
    caseworker.get(f"/referrals/{referral_id}")
    assert "Nothing was released, so there is nothing to take back." in caseworker.text
    assert UNREAD not in caseworker.text


@pytest.mark.parametrize(
    ("to", "before", "afterwards"),
    [
        (
            "partner",
            "The partner can then no longer read what was released.",
            "The partner can no longer read what was released.",
        ),
        ("office", "What was released stays with them.", PHONE_THEM),
        ("nobody", "Nothing was released.", "Nothing had been released."),
    ],
)
def test_a_withdrawal_promises_what_it_does(desks: Desks, to: str, before: str, afterwards: str) -> None:
    _case_id, referral_id = released(desks, to=to)
    caseworker, path = desks.ours.browser("caseworker"), f"/referrals/{referral_id}"
    caseworker.get(f"{path}/withdraw")
    assert before in caseworker.text
    assert ("no longer read" in caseworker.text) == (to == "partner")
    caseworker.post(f"{path}/withdraw", version=caseworker.version, reason="başka yer bulundu")
    caseworker.get(path)
    assert f"The referral is withdrawn. {afterwards}" in caseworker.text
    assert ("no longer read" in caseworker.text) == (to == "partner")


def test_feedback_and_the_end_by_hand_promise_nothing(desks: Desks) -> None:
    _case_id, referral_id = released(desks)
    with desks.ours.app.app_context():
        caseworker = desks.pair.ours["caseworker"]
        with transaction():
            version = desks.pair.version(referral_id)
            sending.answer_by_hand(caseworker, referral_id, version, "outcome", "provided", "")
        with transaction():
            talking.give_feedback(caseworker, referral_id, desks.pair.version(referral_id), "helped", "")
        db.session.rollback()
    browser, path = desks.ours.browser("caseworker"), f"/referrals/{referral_id}"
    browser.get(path)
    assert "Everything is said. Close it." in browser.text
    assert "no longer read" not in browser.text
    browser.get(f"{path}/close")
    browser.post(f"{path}/close", version=browser.version)
    browser.get(path)
    assert "The referral is closed. Ask them to destroy what they no longer need." in browser.text
    assert "no longer read" not in browser.text
