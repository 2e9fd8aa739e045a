"""Free text between acceptance and release: the partner may not know yet who it is about."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from core.errors import DomainError
from core.store.transaction import transaction
from domain.stories.spans import digest
from referrals.service import listing, receiving, talking
from tests.referrals.conftest import PHONE, Pair, entry_of

NAMING = f"Ahmet Yılmaz'ı {PHONE} numarasından arayın"


def seen_by_partner(pair: Pair, referral_id: UUID) -> tuple[str, list[str]]:
    """Everything that the partner reads, and the kinds of its lines."""
    with transaction():
        got = receiving.open_received(pair.theirs["focal"], referral_id, "tr")
    return str(got), [line.kind for line in got.lines]


def test_what_may_name_somebody_goes_before_the_release_only_when_it_was_read(one_database: Pair) -> None:
    pair, caseworker = one_database, one_database.ours["caseworker"]
    referral_id = pair.enquire(pair.case())
    pair.accept(referral_id)
    read = digest(talking.noticed(NAMING))
    assert read
    for wrong in ("", digest(talking.noticed("0555 111 22 33"))):
        with pytest.raises(DomainError, match="was not sent") as refused, transaction():
            talking.say_to_partner(caseworker, referral_id, NAMING, uuid4(), read=wrong)
        assert refused.value.field == "anyway"
    assert PHONE not in seen_by_partner(pair, referral_id)[0]
    with transaction():
        talking.say_to_partner(caseworker, referral_id, "merhaba", uuid4())
        talking.say_to_partner(caseworker, referral_id, NAMING, uuid4(), read=read)
    assert PHONE in seen_by_partner(pair, referral_id)[0]


@pytest.mark.parametrize("how", ["withdrawn", "refused"])
def test_who_says_no_before_the_release_is_no_longer_read_about(one_database: Pair, how: str) -> None:
    pair, caseworker = one_database, one_database.ours["caseworker"]
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    if how == "withdrawn":
        pair.consent(case_id)
    with transaction():
        read = digest(talking.noticed(NAMING))
        talking.say_to_partner(caseworker, referral_id, NAMING, uuid4(), read=read)
    assert PHONE in seen_by_partner(pair, referral_id)[0]
    if how == "withdrawn":
        pair.withdraw_consent(case_id)
    else:
        pair.consent(case_id, answer="refused", fields=[], purposes=[])
    text, kinds = seen_by_partner(pair, referral_id)
    assert PHONE not in text
    assert kinds[-2:] == ["message", "consent_ended"]
    with transaction():
        ours = listing.open_sent(caseworker, referral_id)
    assert [line.kind for line in ours.lines] == kinds
    assert (ours.state, PHONE in str(ours)) == ("accepted", True)
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
