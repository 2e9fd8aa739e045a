"""Somebody who asked us is told who can help, or a case is opened and somebody is asked for them."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from sqlalchemy import select

from core import clock
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Request
from intake.service import calls, deciding
from referrals.models.referrals import Referral
from tests.cases.conflicting import LANDLORD, decide, matter
from tests.cases.pages.conftest import long_form
from tests.intake.stage import asked_with_code, come_back
from tests.referrals.test_pages import Desks, desks
from tests.support.world import Browser

__all__ = ["desks"]

ADDRESS = "Atatürk Caddesi 5, Antakya"


def claimed(desks: Desks, **answers: object) -> tuple[UUID, str, Browser]:
    """A request that a caseworker has taken on, its code, and their browser."""
    with desks.ours.app.app_context():
        request_id, code = asked_with_code(desks.ours.cast, **answers)
        with transaction():
            deciding.claim(desks.ours.cast["caseworker"], request_id, 1)
        db.session.rollback()
    return request_id, code, desks.ours.browser("caseworker")


def state(desks: Desks, request_id: UUID) -> str:
    with desks.ours.app.app_context():
        found = db.session.get_one(Request, request_id).state
        db.session.rollback()
    return found


def referral_of(desks: Desks, case: str) -> tuple[UUID, str, UUID | None] | None:
    """Id, state and partner of the referral of a case."""
    asked = select(Referral.id, Referral.state, Referral.partner_id)
    with desks.ours.app.app_context():
        found = db.session.execute(asked.where(Referral.case_id == UUID(case.rpartition("/")[2]))).first()
        db.session.rollback()
    return (found[0], found[1], found[2]) if found else None


def in_public(desks: Desks, number: str, **changes: object) -> str:
    """An entry of the directory that a coordinator adds; its id."""
    made = desks.ours.browser("coordinator").fill(
        "/directory/add", version="1", token=str(uuid4()), name_ar="نقابة المحامين", name_tr="Hatay Barosu",
        services=["legal_advice"], provinces=["31"], languages=["ar_mesopotamian"], capacity="open",
        phone=number, address=ADDRESS, hours="09:00-17:00", confirmed="y", review_on=["1", "3", "2027"],
        **changes,
    )  # fmt: skip # one entry
    return str(made.location).rpartition("/")[2]


def test_the_person_reads_in_their_language_who_can_help(desks: Desks) -> None:
    request_id, code, browser = claimed(desks)
    entry, page = in_public(desks, "0326 213 00 00"), f"/requests/{request_id}/refer"
    known = {"version": "2", "token": str(uuid4()), "province": "31"}
    browser.fill(page, **known, look="1", need="legal_advice", spoken="ar_levantine", text="bekleyin")
    assert entry in browser.page
    assert str(desks.pair.entry) not in browser.page  # offers something else
    assert "bekleyin" in browser.page
    browser.post(page, **known, look="1", need="legal_advice", spoken="ru")
    assert "Everybody is shown" in browser.text
    assert browser.post(page, **known, text="").status_code == 422  # nobody named, nothing said
    assert browser.post(page, **known, entry=str(desks.pair.entry), text="").status_code == 422
    assert "knows no phone and no address" in browser.errors[0]
    assert browser.post(page, **known, entry=entry, text="").location == "/requests"
    assert state(desks, request_id) == "referred"
    back = come_back(desks.ours, code)
    assert 'href="tel:+903262130000"' in back.page
    for said in ("نقابة المحامين", ADDRESS, "09:00-17:00"):
        assert said in back.text
    back.get("/n/tr/all")
    assert "Hatay Barosu" in back.text
    browser.get(f"/requests/{request_id}")
    assert "The person was not asked whether anything may go there" in browser.text
    assert browser.post(page, **known, entry=entry, text="").status_code == 303  # a second click
    back.get("/n/tr/all")
    assert back.text.count("Hatay Barosu") == 1


def test_whoever_has_no_code_is_called_and_the_desk_keeps_what_to_say(desks: Desks) -> None:
    request_id, _code, browser = claimed(desks, way="call", phone="05320000031")
    entry = in_public(desks, "183")
    page, known = f"/requests/{request_id}/refer", {"version": "2", "token": str(uuid4())}
    assert browser.fill(page, **known, entry=entry, text="").status_code == 422
    assert "Note first when you called them" in browser.text
    with desks.ours.app.app_context(), transaction():
        calls.note(desks.ours.cast["caseworker"], request_id, uuid4(), clock.now(), reached=True)
    answer = browser.fill(page, **known, entry=entry, text="")
    assert answer.location == f"/requests/{request_id}"
    browser.get(answer.location)
    assert 'href="tel:183"' in browser.page
    assert "this person has no code" in browser.text


def on(desks: Desks, request_id: UUID, browser: Browser, **changes: object) -> str:
    """From the page that names to the one that asks, with whom was chosen there; where it leads."""
    chosen = {"need": "housing", "province": "31", "entry": str(desks.pair.entry), "look": "case"}
    browser.get(f"/requests/{request_id}/refer")
    page = f"/requests/{request_id}/refer-on"
    assert browser.post(page, **chosen).status_code == 200
    assert re.search(
        rf'value="{desks.pair.entry}"[^>]*checked|checked[^>]*value="{desks.pair.entry}"', browser.page
    )
    sent = {name: value for name, value in long_form().items() if not name.startswith("consents")}
    hidden = dict(re.findall(r'name="(share-kind|share-version|shown)"[^>]*value="([^"]*)"', browser.page))
    chosen = {"need": "housing", "priority": "urgent", "entry": str(desks.pair.entry), "next_step": ""}
    answer = browser.post(page, **{**sent, **hidden, **chosen, **changes})
    return str(answer.location or browser.errors)


def test_a_case_is_opened_and_a_partner_asked_without_a_name_in_one_step(desks: Desks) -> None:
    request_id, code, browser = claimed(desks)
    refused = on(desks, request_id, browser, **{"share-answer": "refused"})
    assert "Whoever refuses is not asked for" in refused
    agrees = {"share-answer": "given", "share-fields": ["name", "phones"], "share-language": "ar"}
    case = on(desks, request_id, browser, **agrees)
    assert case.startswith("/cases/")
    browser.get(case)
    assert "the enquiry is sent without a name" in browser.text
    assert "Referral: Yad Derneği" in browser.text
    found = referral_of(desks, case)
    assert found is not None
    referral_id, *how = found
    assert how == ["enquiry", desks.theirs.cast.organisation_id]
    focal = desks.theirs.browser("focal")
    focal.get(f"/referrals/received/{referral_id}")
    assert "Housing" in focal.text
    assert "الخطيب" not in focal.page
    browser.get(f"/referrals/{referral_id}")
    assert state(desks, request_id) == "accepted"
    assert "بدأنا العمل عليه" in come_back(desks.ours, code).text
    desks.run("accept", referral_id)
    browser.get(f"/referrals/{referral_id}/release")
    assert 'value="phones"' in browser.page  # the consent of the person covers it


def test_what_was_typed_for_the_person_goes_along(desks: Desks) -> None:
    request_id, code, browser = claimed(desks)
    page = f"/requests/{request_id}/refer-on"
    browser.get(f"/requests/{request_id}/refer")
    browser.post(page, look="case", text="نسأل لك عن سكن")
    assert re.search(r'name="message"[^>]*>\s*نسأل لك عن سكن</textarea>', browser.page)
    case = on(desks, request_id, browser, message="نسأل لك عن سكن")
    browser.get(case)
    assert "is not sent. It waits in the conversation" in browser.text
    browser.get(f"/cases/{case.rpartition('/')[2]}/conversations/{request_id}")
    assert re.search(r'name="text"[^>]*>\s*نسأل لك عن سكن</textarea>', browser.page)
    assert "نسأل لك" not in come_back(desks.ours, code).text


def test_what_was_typed_for_who_has_no_code_stands_there_to_be_read_aloud(desks: Desks) -> None:
    request_id, _code, browser = claimed(desks, way="call", phone="05320000032")
    case = on(desks, request_id, browser, message="نسأل لك عن سكن")
    browser.get(case)
    assert "Read it to them when you call" in browser.text
    talk = f"/cases/{case.rpartition('/')[2]}/conversations/{request_id}"
    browser.get(talk)
    assert "What you wrote, and was not sent" in browser.text
    assert "نسأل لك عن سكن" in browser.text
    fields = dict(re.findall(r'name="(form|about)" value="([^"]+)"', browser.page))
    assert browser.post("/desk/drafts/discard", **fields, stay="yes").status_code == 303
    assert "نسأل لك عن سكن" not in (browser.get(talk), browser.text)[1]


def test_nobody_is_asked_before_a_conflict_is_decided_and_what_was_chosen_waits(desks: Desks) -> None:
    with desks.ours.app.app_context():
        desks.ours.cast.record("colleague", record=matter(LANDLORD))
        db.session.rollback()
    request_id, _code, browser = claimed(desks)
    other = {"parties-0-role": "opposing", "parties-0-name_ar": LANDLORD}
    conflict = on(desks, request_id, browser, **other)
    case = conflict.removesuffix("/conflict")
    assert conflict.endswith("/conflict")
    assert referral_of(desks, case) is None
    browser.get(conflict)
    assert "Nobody was asked" in browser.text
    with desks.ours.app.app_context():
        decide(desks.ours.cast, "coordinator", UUID(case.rpartition("/")[2]), "refer_out")
        db.session.rollback()
    browser.get(f"{case}/refer")
    assert "typed last time" in browser.text
    assert re.search(
        rf'value="{desks.pair.entry}"[^>]*checked|checked[^>]*value="{desks.pair.entry}"', browser.page
    )
