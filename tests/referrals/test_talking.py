"""Free text between acceptance and release: the partner may not know yet who it is about."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest

from core.errors import DomainError
from core.store.transaction import transaction
from domain.stories.spans import digest
from referrals.service import listing, packets, receiving, talking
from referrals.service.views import OpenLine
from tests.referrals.conftest import NAME, PHONE, Pair, entry_of
from tests.support.cast import record_of
from tests.support.clock import FrozenClock

OTHER = "0555 765 43 21"
NAMING = f"Kemal Yıldız'ı {OTHER} numarasından arayın"
"""Nobody whom the file knows, so a tick lets it go."""


def seen_by_partner(pair: Pair, referral_id: UUID) -> tuple[str, list[str]]:
    """Everything that the partner reads, and the kinds of its lines."""
    with transaction():
        got = receiving.open_received(pair.theirs["focal"], referral_id, "tr")
    return str(got), [line.kind for line in got.lines]


def seen(pair: Pair, referral_id: UUID, text: str) -> str:
    """The digest of what the page marks in a text, which its tick is bound to."""
    found = talking.examine(pair.ours["caseworker"], referral_id, text)
    assert found.refused is None
    return digest(found.pieces)


def refused(pair: Pair, referral_id: UUID, text: str) -> str:
    """Why a text does not go although everything that is marked was read; what is marked, in brackets."""
    with transaction():
        found = talking.examine(pair.ours["caseworker"], referral_id, text)
    with pytest.raises(DomainError) as error, transaction():
        read = digest(found.pieces)
        talking.say_to_partner(pair.ours["caseworker"], referral_id, text, uuid4(), read=read)
    assert error.value.field == "text"
    marked = [piece.text for piece in found.pieces if piece.kinds]
    return f"{error.value.message} {marked}"


def test_what_may_name_somebody_goes_before_the_release_only_when_it_was_read(one_database: Pair) -> None:
    pair, caseworker = one_database, one_database.ours["caseworker"]
    referral_id = pair.enquire(pair.case())
    pair.accept(referral_id)
    read, other = seen(pair, referral_id, NAMING), seen(pair, referral_id, "0555 111 22 33")
    assert read
    assert other not in {"", read}
    for wrong in ("", other):
        with pytest.raises(DomainError, match="was not sent") as refused, transaction():
            talking.say_to_partner(caseworker, referral_id, NAMING, uuid4(), read=wrong)
        assert refused.value.field == "anyway"
    assert OTHER not in seen_by_partner(pair, referral_id)[0]
    with transaction():
        talking.say_to_partner(caseworker, referral_id, "merhaba", uuid4())
        talking.say_to_partner(caseworker, referral_id, NAMING, uuid4(), read=read)
    assert OTHER in seen_by_partner(pair, referral_id)[0]


@pytest.mark.parametrize("how", ["withdrawn", "refused"])
def test_who_says_no_before_the_release_is_no_longer_read_about(one_database: Pair, how: str) -> None:
    pair, caseworker = one_database, one_database.ours["caseworker"]
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    if how == "withdrawn":
        pair.consent(case_id)
    with transaction():
        read = seen(pair, referral_id, NAMING)
        talking.say_to_partner(caseworker, referral_id, NAMING, uuid4(), read=read)
    assert OTHER in seen_by_partner(pair, referral_id)[0]
    if how == "withdrawn":
        pair.withdraw_consent(case_id)
    else:
        pair.consent(case_id, answer="refused", fields=[], purposes=[])
    text, kinds = seen_by_partner(pair, referral_id)
    assert OTHER not in text
    assert kinds[-2:] == ["message", "consent_ended"]
    with transaction():
        ours = listing.open_sent(caseworker, referral_id)
    assert [line.kind for line in ours.lines] == kinds
    assert (ours.state, OTHER in str(ours)) == ("accepted", True)
    # Another answer about somebody else tells nothing twice, and hides nothing that was written since.
    with transaction():
        talking.say_to_partner(caseworker, referral_id, "bekliyoruz", uuid4())
    pair.consent(case_id, answer="refused", recipient=str(entry_of(pair, "sydv")), fields=[], purposes=[])
    text, kinds = seen_by_partner(pair, referral_id)
    assert kinds.count("consent_ended") == 1
    assert "bekliyoruz" in text
    # The person may think again.
    pair.consent(case_id)
    pair.release(referral_id)
    assert pair.packet(referral_id) is not None


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME} تنتظر",
        "تحدثوا مع وزرقاءَ غدًا",
        "Muhammed'i bekliyoruz",
        "oğlu elahmed ile gelir",
        f"{PHONE} numarası",
        "+90 (500) 000-11-22",
        "٠٥٠٠ ٠٠٠ ١١ ٢٢",
        "kimliği 99123456789",
        f"Muhammed: {PHONE}",
    ],
)
def test_what_the_file_knows_goes_to_no_partner_before_a_release(one_database: Pair, text: str) -> None:
    pair = one_database
    phones = [{"number": PHONE, "whose": "own", "channels": ["call"], "hours": ""}]
    numbers = [{"kind": "foreigner_number", "value": "99123456789"}]
    case_id = pair.ours.record(record=record_of(name_ar=NAME, phones=phones, numbers=numbers))
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    said = refused(pair, referral_id, text)
    assert "no consent that holds today" in said
    assert "is kept: take out what is marked" in said
    assert len(seen_by_partner(pair, referral_id)[1]) == 2  # the enquiry and the acceptance
    # A consent alone lets nothing go, and what is said then is what there is to do.
    pair.consent(case_id, fields=["name", "numbers", "phones", "birth"])
    assert "release the information first" in refused(pair, referral_id, text)
    # What is agreed to needs no second release.
    pair.release(referral_id, ["birth"])
    with transaction():
        talking.say_to_partner(pair.ours["caseworker"], referral_id, text, uuid4())
    assert text in [str((line.content or {}).get("text")) for line in open_lines(pair, referral_id)]


def open_lines(pair: Pair, referral_id: UUID) -> list[OpenLine]:
    with transaction():
        return receiving.open_received(pair.theirs["focal"], referral_id, "tr").lines


@pytest.mark.parametrize("how", ["message", "feedback"])
def test_what_was_told_beside_the_release_ends_with_its_consent(one_database: Pair, how: str) -> None:
    pair, caseworker = one_database, one_database.ours["caseworker"]
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    pair.consent(case_id, fields=["name", "phones", "birth"])
    pair.release(referral_id, ["name"])
    with transaction():
        receiving.tell_outcome(pair.theirs["focal"], referral_id, pair.version(referral_id), "provided", "")
    with transaction():
        if how == "message":
            talking.say_to_partner(caseworker, referral_id, PHONE, uuid4())
        else:
            talking.give_feedback(caseworker, referral_id, pair.version(referral_id), "helped", PHONE)
    pair.consent(case_id, fields=["name", "phones"])  # the day of birth was told nowhere
    assert PHONE in seen_by_partner(pair, referral_id)[0]
    pair.consent(case_id, fields=["name"])
    text, kinds = seen_by_partner(pair, referral_id)
    assert PHONE not in text
    assert (kinds[-1], pair.row(referral_id).state) == ("consent_narrowed", "withdrawn")


def test_what_was_released_may_be_written_while_its_consent_lives(
    clock: FrozenClock, one_database: Pair
) -> None:
    pair, caseworker = one_database, one_database.ours["caseworker"]
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    pair.consent(case_id, fields=["name", "birth"])
    pair.release(referral_id, ["name", "birth"])
    with transaction():
        talking.say_to_partner(caseworker, referral_id, f"{NAME} yarın gelir, Ankara'da {OTHER}", uuid4())
    assert NAME in str(seen_by_partner(pair, referral_id))
    assert "no consent that holds" in refused(pair, referral_id, PHONE)
    assert "no consent that holds" in refused(pair, referral_id, "فاطمة")  # her mother was not agreed to
    # The consent has run out, and the clock has not come yet.
    clock.set(dt.datetime(2027, 5, 2, 0, 0, tzinfo=dt.UTC))
    assert "no consent that holds" in refused(pair, referral_id, NAME)
    assert NAME not in str(seen_by_partner(pair, referral_id))


@pytest.mark.parametrize("how", ["withdrawn", "refused"])
def test_after_a_no_nothing_that_is_flagged_goes(one_database: Pair, how: str) -> None:
    pair, caseworker = one_database, one_database.ours["caseworker"]
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    if how == "withdrawn":
        pair.consent(case_id)
        pair.withdraw_consent(case_id)
    else:
        pair.consent(case_id, answer="refused", fields=[], purposes=[])
    assert "said no to this partner" in refused(pair, referral_id, NAMING)
    assert "no consent that holds" in refused(pair, referral_id, f"{NAME} {OTHER}")
    with transaction():
        talking.say_to_partner(caseworker, referral_id, "bekliyoruz", uuid4())
    # Who said yes after all is written about as before.
    pair.consent(case_id)
    with transaction():
        read = seen(pair, referral_id, NAMING)
        talking.say_to_partner(caseworker, referral_id, NAMING, uuid4(), read=read)
    assert OTHER in seen_by_partner(pair, referral_id)[0]


def test_a_second_click_is_the_first_also_when_the_person_said_no_in_between(one_database: Pair) -> None:
    pair, caseworker, token = one_database, one_database.ours["caseworker"], uuid4()
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    with transaction():
        read = seen(pair, referral_id, NAMING)
        talking.say_to_partner(caseworker, referral_id, NAMING, token, read=read)
    pair.consent(case_id, answer="refused", fields=[], purposes=[])
    with transaction():
        talking.say_to_partner(caseworker, referral_id, NAMING, token, read=read)
    assert seen_by_partner(pair, referral_id)[1].count("message") == 1


@pytest.mark.parametrize("field", ["summary", "services"])
def test_what_is_written_for_a_release_holds_only_what_is_released(one_database: Pair, field: str) -> None:
    pair, caseworker = one_database, one_database.ours["caseworker"]
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    pair.consent(case_id, fields=["name", "phones", "summary", "services"])

    def release(fields: list[str], text: str) -> None:
        written = {"summary": "", "services": "", "needs": [], field: text}
        with transaction():
            packets.release(caseworker, referral_id, pair.version(referral_id), fields, written)

    for fields, text in (([field], NAME), ([field, "phones"], NAME), ([field, "name"], f"{NAME} {PHONE}")):
        with pytest.raises(DomainError, match="Nothing was released") as error:
            release(fields, text)
        assert error.value.field == field
    assert pair.row(referral_id).state == "accepted"
    release([field, "name", "phones"], f"{NAME} {PHONE}")
    packet = pair.packet(referral_id)
    assert packet is not None
    assert packet[field] == f"{NAME} {PHONE}"


def test_feedback_tells_nothing_that_was_not_agreed_to(one_database: Pair) -> None:
    pair, caseworker = one_database, one_database.ours["caseworker"]
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    pair.consent(case_id, fields=["name"])
    pair.release(referral_id, ["name"])
    with transaction():
        receiving.tell_outcome(pair.theirs["focal"], referral_id, pair.version(referral_id), "provided", "")
    with pytest.raises(DomainError, match="feedback was not given") as error, transaction():
        talking.give_feedback(caseworker, referral_id, pair.version(referral_id), "helped", PHONE)
    assert error.value.field == "text"
    assert PHONE not in seen_by_partner(pair, referral_id)[0]
    with transaction():
        talking.give_feedback(caseworker, referral_id, pair.version(referral_id), "helped", f"شكرا {NAME}")
    assert NAME in seen_by_partner(pair, referral_id)[0]
