"""A referral from the draft to its end, through the services, on both databases."""

from __future__ import annotations

from uuid import uuid4

from core.store.transaction import transaction
from referrals.service import listing, receiving, sending, talking
from referrals.service.views import ReceivedRow
from tests.referrals.conftest import NAME, Pair


def test_a_whole_life(pair: Pair) -> None:
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    focal, caseworker = pair.theirs["focal"], pair.ours["caseworker"]
    with transaction():
        [row] = receiving_rows(pair)
        assert (row.need, row.province, row.state) == ("housing", "31", "enquiry")
        got = receiving.open_received(focal, referral_id, "tr")
    assert got.sender_compared
    assert got.packet is None
    assert got.enquiry == {
        "need": "housing",
        "province": "31",
        "language": "ar_levantine",
        "priority": "urgent",
    }
    pair.accept(referral_id)
    pair.consent(case_id)
    pair.release(referral_id)
    packet = pair.packet(referral_id)
    assert packet is not None
    assert packet["name"]["name_ar"] == NAME
    assert set(packet) == {"name", "birth", "phones", "summary"}
    with transaction():
        receiving.begin(focal, referral_id, pair.version(referral_id))
    with transaction():
        talking.say_to_sender(focal, referral_id, "yarın 10:00", uuid4())
    with transaction():
        talking.say_to_partner(caseworker, referral_id, "شكرًا", uuid4())
    with transaction():
        receiving.tell_outcome(focal, referral_id, pair.version(referral_id), "provided", "ev bulundu")
    with transaction():
        talking.give_feedback(caseworker, referral_id, pair.version(referral_id), "helped", "memnun")
    with transaction():
        sending.close(caseworker, referral_id, pair.version(referral_id), "")
    with transaction():
        sent = listing.open_sent(caseworker, referral_id)
        got = receiving.open_received(focal, referral_id, "tr")
    kinds = [
        "enquiry",
        "accepted",
        "released",
        "in_progress",
        "message",
        "message",
        "outcome",
        "feedback",
        "closed",
    ]
    assert [line.kind for line in sent.lines] == kinds
    assert sent.lines[4].content == {"text": "yarın 10:00"}
    assert [line.content is None for line in got.lines] == [
        kind not in {"enquiry", "accepted"} for kind in kinds
    ]
    assert got.packet is None


def receiving_rows(pair: Pair) -> list[ReceivedRow]:
    return listing.inbox(pair.theirs["focal"], "tr")
