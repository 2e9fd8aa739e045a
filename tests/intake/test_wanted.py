"""No file is opened about somebody who does not want it, and what was taken back was taken by nobody else."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from cases.models import Case
from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Request
from intake.service import deciding, visiting
from tests.intake.stage import asked_with_code, back_with, token
from tests.intake.urgent import ask
from tests.support.cast import record_of
from tests.support.world import World

OF_OTHER = {"whom": "other", "relation": "sibling", "person": "سامر", "name": "هند"}


def claimed(world: World, **answers: str) -> UUID:
    with world.app.app_context():
        request_id = ask(world.cast, "U2", **OF_OTHER, **answers)
        with transaction():
            deciding.claim(world.cast["caseworker"], request_id, 1)
    return request_id


def test_a_case_of_whoever_does_not_want_help_needs_their_own_yes(world: World) -> None:
    browser = world.browser("caseworker")
    path = f"/requests/{claimed(world, agrees='no')}/accept"
    browser.get(path)
    assert "Ask the person first" in browser.text
    fields = {"issue": "B01", "urgency": "U2", "name_ar": "سامر", "token": token(browser), "save": "1"}
    for more in ({}, {"wants": "yes"}, {"wants_how": "بالهاتف"}):
        assert browser.post(path, **fields, **more).status_code == 422
        assert browser.errors
    assert 'value="بالهاتف"' in browser.page  # what was typed stays
    said = {"wants": "yes", "wants_how": "اتصلت به مساء الأحد وقال نعم"}
    answer = browser.post(path, **fields, **said)
    assert answer.status_code == 303, browser.errors
    browser.get(answer.location)
    assert "Asked again, the person wants our help" in browser.text
    assert said["wants_how"] in browser.text


@pytest.mark.parametrize("agrees", ["yes", "unsure"])
def test_nobody_else_is_asked_for_it(world: World, agrees: str) -> None:
    browser = world.browser("caseworker")
    browser.get(f"/requests/{claimed(world, agrees=agrees)}/accept")
    assert "Ask the person first" not in browser.text
    assert 'name="wants"' not in browser.page


def test_the_number_of_whom_a_call_endangers_says_so_wherever_it_goes(world: World) -> None:
    browser = world.browser("caseworker")
    phone = {"phone": "0532 000 00 19", "safe_call": "no", "way": "code", "cover_name": "المدرسة"}
    path = f"/requests/{claimed(world, agrees='yes', **phone)}/accept"
    browser.get(path)
    named = {"parties-0-role": "related", "parties-0-name_ar": "هند", "parties-0-phone": phone["phone"]}
    fields = {"issue": "B01", "urgency": "U2", "name_ar": "سامر", "token": token(browser), "save": "1"}
    answer = browser.post(path, **fields, **named)
    assert answer.status_code == 303, browser.errors
    case, danger = answer.location, "A call is not safe for whoever asks"
    browser.get(case)
    assert danger in browser.text
    browser.get(f"{case}/parties")
    assert danger in browser.text
    [party] = set(re.findall(rf'href="({case}/parties/[0-9a-f-]+)"', browser.page))
    for _ in range(2):  # also once somebody has changed something else of them
        browser.get(party)
        assert danger in browser.text
        assert "المدرسة" in browser.page
        named = {"role": "related", "name_ar": "هند", "father": "سعيد", "phone": phone["phone"]}
        assert browser.fill(party, **named).status_code == 303, browser.errors
    begun = browser.post(f"{party}/own-file")
    browser.get(begun.location)
    assert re.search(r'checked [^>]*name="phones-0-channels"[^>]*value="none"', browser.page)
    assert "المدرسة" in browser.page


def test_no_other_way_leads_round_it(world: World) -> None:
    request_id = claimed(world, agrees="no")
    with world.app.app_context():
        before = db.session.query(Case).count()
        with pytest.raises(DomainError) as refused, transaction():
            deciding.accept(
                world.cast["caseworker"], request_id, record_of(), urgency="U2", restricted=False, named=[],
                consents=[], token=uuid4(), asked_again=" ",
            )  # fmt: skip # one call
        assert refused.value.field == "wants"
        assert db.session.query(Case).count() == before
        db.session.rollback()


def test_what_was_taken_back_meanwhile_says_so_and_blames_nobody(world: World) -> None:
    with world.app.app_context():
        request_id, code = asked_with_code(world.cast)
        with transaction():
            deciding.claim(world.cast["caseworker"], request_id, 1)
        cookie = back_with(world.cast, code)
    browser = world.browser("caseworker")
    browser.get(f"/requests/{request_id}")
    version = browser.version
    with world.app.app_context():
        with transaction():
            visiting.withdraw(visiting.visit(cookie or ""))
        assert db.session.get_one(Request, request_id).state == "withdrawn"
        db.session.rollback()
    for act in ("give-back", "weigh"):
        answer = browser.post(f"/requests/{request_id}/{act}", version=version, urgency="U1")
        assert answer.status_code == 422
        assert "The person has taken the request back" in browser.text
        assert "Somebody else" not in browser.text
