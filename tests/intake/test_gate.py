"""What somebody asks for meets the check for conflicts of interest before anybody is advised."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.models import Case
from cases.service import files
from cases.service.gate import Held
from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from intake.service import casework, deciding, merging
from tests.cases.conflicting import LANDLORD, decide, look, matter, party, record
from tests.intake.stage import asked_with_code, back_with, come_back, reads
from tests.support.cast import Cast, on_stage, record_of
from tests.support.world import World

CLIENT = "سلمى الشامي"


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def accepted(cast: Cast, request_id: UUID, **record: object) -> UUID:
    """A case that a caseworker opens from a request."""
    worker = cast["caseworker"]
    with transaction():
        deciding.claim(worker, request_id, 1)
    with transaction():
        return deciding.accept(
            worker, request_id, {**record_of(name_ar=CLIENT, name_latin=""), **record}, urgency="U1",
            restricted=False, named=[], consents=[], token=uuid4(),
        )  # fmt: skip # one call


def test_nobody_is_advised_before_a_conflict_is_decided(world: World) -> None:
    with world.app.app_context():
        cast, worker = world.cast, world.cast["caseworker"]
        cast.record("colleague", record=matter(LANDLORD))
        request_id, code = asked_with_code(cast, text="T")
        case_id = accepted(cast, request_id, parties=[party("opposing", LANDLORD)])
        with pytest.raises(Held), transaction():
            casework.answer(worker, case_id, request_id, uuid4(), "hukuki görüş")
    page = f"/cases/{case_id}/conversations/{request_id}"
    browser = world.browser("caseworker")
    browser.get(page)
    assert "waits for a decision" in browser.text
    assert f'href="/cases/{case_id}/conflict"' in browser.page
    assert 'name="text"' not in browser.page
    kept = browser.post(f"{page}/say", token=str(uuid4()), text="bunu yazdım")
    assert (kept.status_code, "bunu yazdım" in browser.page) == (422, True)
    with world.app.app_context():
        decide(cast, "coordinator", case_id, "refer_out")
        with transaction():
            casework.answer(worker, case_id, request_id, uuid4(), "baroya gidin")
        assert reads(back_with(cast, code) or "")[-1] == "baroya gidin"
    browser.get(page)
    assert "give no advice" in browser.text


SISTER = "فواز الجاسم"


def test_whoever_asks_for_somebody_else_meets_the_check(cast: Cast) -> None:
    cast.record("colleague", record=matter("هند العلي", party("opposing", SISTER)))
    other = {"whom": "other", "relation": "sibling", "person": CLIENT, "name": SISTER, "phone": "05320000031"}
    request_id, _code = asked_with_code(cast, **other)
    case_id = accepted(cast, request_id)
    [found] = record(cast, "caseworker", case_id)["parties"]
    assert (found["name_ar"], found["role"]) == (SISTER, "related")
    assert [one["number"] for one in found["phones"]] == ["05320000031"]
    assert look(cast, "caseworker", case_id).standing == "possible"


def test_whoever_stands_against_the_client_is_not_added_to_their_case_unseen(world: World) -> None:
    with world.app.app_context():
        cast = world.cast
        case_id = cast.record(record=matter("هند العلي", party("opposing", SISTER)))
        cast.record("colleague", record=matter("لمى الحسن", party("opposing", SISTER)))
        reference = db.session.get_one(Case, case_id).reference
        request_id, code = asked_with_code(cast, name=SISTER, text="F")
        with transaction():
            deciding.claim(cast["caseworker"], request_id, 1)
        with pytest.raises(DomainError), transaction():
            merging.merge(cast["caseworker"], request_id, 2, reference)
    page, browser = f"/requests/{request_id}/merge", world.browser("caseworker")
    browser.get(page)
    given = {"version": browser.version, "reference": reference}
    assert browser.post(page, **given, anyway="yes").status_code == 200
    for said in ("هند العلي", reference, "In the case: Opposing party"):
        assert said in browser.text
    assert browser.post(page, **given, seen=reference).status_code == 422
    assert browser.post(page, **given, seen=reference, anyway="yes").status_code == 303
    with world.app.app_context():
        names = [one["name_ar"] for one in record(cast, "caseworker", case_id)["parties"]]
        assert names == [SISTER]  # who stood there already
    told = come_back(world, code, "tr").text
    assert "Üzerinde çalışmaya başladık" in told  # as of any request: nothing of another file


def test_a_sister_who_asks_is_a_party_of_the_case_to_which_she_is_added(cast: Cast) -> None:
    case_id = cast.record(record=matter(CLIENT))
    cast.record("colleague", record=matter("هند العلي", party("opposing", SISTER)))
    reference = db.session.get_one(Case, case_id).reference
    other = {"whom": "other", "relation": "sibling", "person": CLIENT, "name": SISTER}
    request_id, _code = asked_with_code(cast, **other)
    with transaction():
        deciding.claim(cast["caseworker"], request_id, 1)
    for _twice in range(2):
        with transaction():
            assert merging.merge(cast["caseworker"], request_id, 2, reference) == case_id
    assert [one["name_ar"] for one in record(cast, "caseworker", case_id)["parties"]] == [SISTER]
    assert look(cast, "caseworker", case_id).standing == "possible"


def test_the_other_side_of_a_request_is_a_party_of_the_case_to_which_it_is_added(world: World) -> None:
    with world.app.app_context():
        cast = world.cast
        case_id = cast.record(record=matter(CLIENT))
        reference = db.session.get_one(Case, case_id).reference
        request_id, _code = asked_with_code(cast, name=CLIENT, other_side="نزار العبود")
        with transaction():
            deciding.claim(cast["caseworker"], request_id, 1)
    page, browser = f"/requests/{request_id}/merge", world.browser("caseworker")
    browser.get(page)
    assert browser.post(page, version=browser.version, reference=reference).status_code == 200
    assert "become part of the case" in browser.text
    assert "نزار العبود · Opposing party" in browser.text


def test_adding_to_a_case_says_what_was_not_looked_at_and_what_to_do_who_is_not_on_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.app.app_context():
        cast = world.cast
        mine = cast.record(record=matter(CLIENT))
        theirs = cast.record("colleague", record=matter("هند العلي"))
        mine_, theirs_ = (db.session.get_one(Case, one).reference for one in (mine, theirs))
        request_id, _code = asked_with_code(cast, name=CLIENT)
        with transaction():
            deciding.claim(cast["caseworker"], request_id, 1)
    page, browser = f"/requests/{request_id}/merge", world.browser("caseworker")
    browser.get(page)
    given = {"version": browser.version}
    assert browser.post(page, **given, reference=theirs_).status_code == 422
    assert "tell a coordinator to which case it belongs" in browser.text
    assert f"{request_id}/give-back" in browser.page
    browser.post(page, **given, reference=mine_)
    assert "stands on another side." in browser.text
    monkeypatch.setattr(merging, "tokens_of", lambda *_: None)  # as without the match key
    browser.post(page, **given, reference=mine_)
    assert "stands on another side in this case." in browser.text
    assert "Other files were not compared" in browser.text


def test_everybody_whom_a_request_names_is_compared_when_it_is_added_to_a_case(cast: Cast) -> None:
    case_id = cast.record(record=matter(CLIENT))
    acted_for = cast.record("colleague", record=matter(LANDLORD))
    reference = db.session.get_one(Case, case_id).reference
    asks = {"whom": "other", "relation": "sibling", "person": "نوال العبد", "name": SISTER}
    request_id, _code = asked_with_code(cast, **asks, other_side=LANDLORD)
    with transaction():
        deciding.claim(cast["caseworker"], request_id, 1)
    for _twice in range(2):
        with transaction():
            assert merging.merge(cast["caseworker"], request_id, 2, reference) == case_id
    people = [(one["name_ar"], one["role"]) for one in record(cast, "caseworker", case_id)["parties"]]
    # Whoever needs help by the request is not the client: somebody related, until somebody says more.
    assert people == [("نوال العبد", "related"), (SISTER, "related"), (LANDLORD, "opposing")]
    check = look(cast, "caseworker", case_id)
    assert check.standing == "possible"
    assert acted_for.hex in {line.finding.matter for line in check.lines}
    with transaction():
        told = [
            one.data["name"]
            for one in files.open_case(cast["caseworker"], case_id).entries
            if one.kind == "party"
        ]
    assert sorted(told) == sorted(name for name, _role in people)
