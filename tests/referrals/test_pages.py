"""The pages of both sides, as people without JavaScript see them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pypdfium2
import pytest

from core.store.base import db
from referrals.service import sending
from tests.attacks.test_12_pages import HOSTILE
from tests.conftest import serving
from tests.referrals.conftest import FIELDS, NAME, Pair, entry_of, partnered
from tests.support.databases import SqliteTemplate
from tests.support.instances import settings_for
from tests.support.world import Browser, World

MONEY = {"need": "cash", "province": "31", "language": "ar_levantine", "priority": "urgent"}


@dataclass
class Desks:
    """Two organisations behind real pages."""

    pair: Pair
    ours: World
    theirs: World

    def case(self) -> UUID:
        with self.ours.app.app_context():
            case_id = self.pair.case()
            db.session.rollback()
        return case_id

    def run(self, act: str, *arguments: object) -> UUID:
        with self.ours.app.app_context():
            result: UUID = getattr(self.pair, act)(*arguments)
            db.session.rollback()
        return result


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory, sqlite_template: SqliteTemplate) -> Iterator[Desks]:
    home = tmp_path_factory.mktemp("desks")
    for app in serving(settings_for(home, sqlite_template.copy(home / "himaya.db"))):
        with app.app_context():
            pair = partnered(app)
            db.session.rollback()
        yield Desks(pair, World(app, pair.ours), World(app, pair.theirs))


def shown(browser: Browser) -> str:
    """Which entries of the directory, as they were, the page named."""
    return str(re.findall(r'name="shown"[^>]*value="([0-9a-f ]+)"', browser.page)[0])


def refer(browser: Browser, case_id: UUID, entry: UUID, **changes: object) -> str:
    browser.get(f"/cases/{case_id}/refer")
    fields = {**MONEY, "entry": str(entry), "token": str(uuid4()), "version": "1", **changes}
    answer = browser.post(f"/cases/{case_id}/refer", **fields)
    assert answer.status_code == 303, browser.errors
    return answer.location


def test_from_the_case_to_the_outcome_by_pages(desks: Desks) -> None:
    caseworker, focal = desks.ours.browser("caseworker"), desks.theirs.browser("focal")
    case_id = desks.case()
    caseworker.get(f"/cases/{case_id}")
    assert "Nobody else has been asked to help." in caseworker.text
    path = refer(caseworker, case_id, desks.pair.entry)
    assert NAME not in caseworker.get(path).text
    assert caseworker.post(f"{path}/send", version=caseworker.version).status_code == 303
    theirs = path.replace("/referrals/", "/referrals/received/")
    for page in ("/desk", "/referrals/received", theirs):
        focal.get(page)
        assert "Cash assistance" in focal.text
        assert NAME not in focal.page
    assert focal.post(f"{theirs}/accept", version=focal.version).status_code == 303
    caseworker.get("/desk")
    assert "Accepted" in caseworker.text
    caseworker.get(f"{path}/release")
    assert "Nothing can be released yet" in caseworker.text
    assert "nobody has asked for consent" in caseworker.text
    caseworker.get(f"{path}/consent")
    asked = {
        "kind": "partner_sharing", "version": caseworker.version,
        "recipient": str(desks.pair.entry), "purposes": ["cash"], "fields": FIELDS, "answer": "given",
        "how": "oral", "language": "ar", "token": str(uuid4()), "shown": shown(caseworker),
    }  # fmt: skip # a form
    assert caseworker.post(f"{path}/consent", **asked).location == f"{path}/release"
    caseworker.get(f"{path}/release")
    assert "the consent does not name it" in caseworker.text
    wrong = caseworker.post(f"{path}/release", version=caseworker.version, fields=["parents"])
    assert wrong.status_code == 422
    done = caseworker.post(
        f"{path}/release", version=caseworker.version, fields=["name", "summary"], summary="kira yardımı"
    )
    assert done.status_code == 303
    focal.get(theirs)
    assert NAME in focal.text
    assert "kira yardımı" in focal.text
    assert NAME not in focal.title
    assert focal.post(f"{theirs}/begin", version=focal.version).status_code == 303
    finish(caseworker, focal, path)
    caseworker.get(f"/cases/{case_id}")
    assert "Referral closed" in caseworker.text


def finish(caseworker: Browser, focal: Browser, path: str) -> None:
    """They talk, the outcome comes, feedback goes, the end."""
    theirs = path.replace("/referrals/", "/referrals/received/")
    focal.get(theirs)
    assert focal.post(f"{theirs}/message", text="<b>yarın</b>", token=str(uuid4())).status_code == 303
    caseworker.get(path)
    assert "<b>yarın</b>" in caseworker.text
    assert caseworker.post(f"{path}/message", text="", token=str(uuid4())).status_code == 422
    assert caseworker.post(f"{path}/message", text="tamam", token=str(uuid4())).status_code == 303
    focal.get(f"{theirs}/outcome")
    assert focal.post(f"{theirs}/outcome", version=focal.version).status_code == 422
    assert (
        focal.post(f"{theirs}/outcome", version=focal.version, code="provided", text="ok").status_code == 303
    )
    caseworker.get(f"{path}/feedback")
    fed = caseworker.post(f"{path}/feedback", version=caseworker.version, code="helped", text="")
    assert fed.status_code == 303
    caseworker.get(f"{path}/close")
    assert caseworker.post(f"{path}/close", version=caseworker.version).status_code == 303
    focal.get(theirs)
    assert NAME not in focal.page
    caseworker.get("/referrals?all=1")
    assert "Yad Derneği" in caseworker.text


def test_withdrawal_of_consent_on_the_case_page_ends_access(desks: Desks) -> None:
    caseworker, focal = desks.ours.browser("caseworker"), desks.theirs.browser("focal")
    with desks.ours.app.app_context():
        case_id, referral_id = desks.pair.released()
        db.session.rollback()
    focal.get(f"/referrals/received/{referral_id}")
    assert NAME in focal.text
    caseworker.get(f"/cases/{case_id}")
    [act] = re.findall(r'action="(/cases/[^"]*/consents/[^"]*/withdraw)"', caseworker.page)
    assert caseworker.post(act).status_code == 303
    focal.get(f"/referrals/received/{referral_id}")
    assert NAME not in focal.page
    assert "took the consent back" in focal.text
    caseworker.get(f"/referrals/{referral_id}")
    assert "took the consent back" in caseworker.text


def test_a_message_that_may_name_somebody_is_read_once_more_before_the_release(desks: Desks) -> None:
    caseworker, focal = desks.ours.browser("caseworker"), desks.theirs.browser("focal")
    referral_id = desks.run("enquire", desks.case())
    desks.run("accept", referral_id)
    path = f"/referrals/{referral_id}"
    caseworker.get(path)
    assert "Name nobody" in caseworker.text
    token, naming = str(uuid4()), "0555 765 43 21 numarasını arayın"
    refused = caseworker.post(f"{path}/message", text=naming, token=token, anyway="y")
    assert refused.status_code == 422
    assert "The message was not sent" in caseworker.text
    assert "<mark" in caseworker.page
    assert naming in caseworker.text
    [seen] = re.findall(r'name="seen"[^>]*value="([0-9a-f]{64})"', caseworker.page)
    other = caseworker.post(f"{path}/message", text="0555 111 22 33", token=token, anyway="y", seen=seen)
    assert other.status_code == 422
    sent = caseworker.post(f"{path}/message", text=naming, token=token, anyway="y", seen=seen)
    assert sent.status_code == 303
    focal.get(f"/referrals/received/{referral_id}")
    assert naming in focal.text
    assert "Name nobody" not in focal.text
    # What the file knows has no tick.
    known = f"{NAME} تنتظر"
    refused = caseworker.post(f"{path}/message", text=known, token=str(uuid4()), anyway="y", seen=seen)
    assert refused.status_code == 422
    assert any("no consent that holds today" in error for error in caseworker.errors)
    assert known in html.unescape(caseworker.page)
    assert "<mark" in caseworker.page
    assert 'name="anyway"' not in caseworker.page
    focal.get(f"/referrals/received/{referral_id}")
    assert NAME not in focal.page


def test_declined_and_asked_again(desks: Desks) -> None:
    caseworker, focal = desks.ours.browser("caseworker"), desks.theirs.browser("focal")
    case_id = desks.case()
    referral_id = desks.run("enquire", case_id)
    focal.get(f"/referrals/received/{referral_id}/decline")
    sent = {"version": focal.version, "code": "capacity", "text": "ocakta yer açılır"}
    assert focal.post(f"/referrals/received/{referral_id}/decline", **sent).status_code == 303
    assert focal.post(f"/referrals/received/{referral_id}/accept", version="2").status_code == 409
    focal.get(f"/referrals/received/{referral_id}/decline")
    assert "There is nothing to answer now" in focal.text
    caseworker.get(f"/referrals/{referral_id}")
    assert "ocakta yer açılır" in caseworker.text
    assert f"/cases/{case_id}/refer" in caseworker.page
    caseworker.get("/referrals")
    assert "Who answered in the last year" in caseworker.text
    assert 'href="/referrals/answers"' in caseworker.page


def test_by_hand_and_on_paper_in_three_languages(desks: Desks) -> None:
    caseworker = desks.ours.browser("caseworker")
    case_id = desks.case()
    with desks.ours.app.app_context():
        entry = entry_of(desks.pair, "sydv")
        db.session.rollback()
    path = refer(caseworker, case_id, entry)
    caseworker.get(path)
    caseworker.post(f"{path}/send", version=caseworker.version)
    caseworker.get(f"{path}/chase")
    assert caseworker.post(f"{path}/chase", version=caseworker.version, text="aradım").status_code == 303
    caseworker.get(f"{path}/answer/accepted")
    assert caseworker.post(f"{path}/answer/accepted", version=caseworker.version).status_code == 303
    assert caseworker.get(f"{path}/answer/closed").status_code == 404
    for language in ("ar", "tr", "en"):
        caseworker.get(f"{path}/form")
        answer = caseworker.post(f"{path}/form", language=language)
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Cache-Control"] == "no-store"
        text = words(answer.data)
        assert "MUHAMMED ELAHMED" not in text
        assert language == "ar" or re.search(r"HAM-\d\d-\d{5}", text)  # Arabic is drawn, not spelt
    with desks.ours.app.app_context():
        fields = ["name", "phones"]
        desks.pair.consent(case_id, recipient=str(entry), purposes=["cash"], fields=fields)
        referral_id = UUID(path.rpartition("/")[2])
        desks.pair.release(referral_id, fields)
        db.session.rollback()
    answer = caseworker.post(f"{path}/form", language="tr")
    text = words(answer.data)
    assert "MUHAMMED ELAHMED" in text
    assert "0500 000 11 22" in text
    assert "Halid" not in text
    assert caseworker.post(f"{path}/form", language="xx").status_code == 422


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    document.close()
    return " ".join(" ".join(pages).split())


def test_drafts_are_changed_discarded_and_never_seen_elsewhere(desks: Desks) -> None:
    caseworker, focal = desks.ours.browser("caseworker"), desks.theirs.browser("focal")
    path = refer(caseworker, desks.case(), desks.pair.entry)
    assert focal.get(path.replace("/referrals/", "/referrals/received/")).status_code == 404
    caseworker.get(f"{path}/edit")
    fields = {**MONEY, "entry": str(desks.pair.entry), "need": "housing", "version": caseworker.version}
    assert caseworker.post(f"{path}/edit", **fields).status_code == 303
    caseworker.get(path)
    assert "Housing" in caseworker.text
    assert caseworker.post(f"{path}/send", version="1").status_code == 409
    caseworker.get(path)
    assert caseworker.post(f"{path}/discard", version=caseworker.version).status_code == 303
    assert caseworker.get(path).status_code == 404
    referral_id = desks.run("enquire", desks.case())
    assert caseworker.get(f"/referrals/{referral_id}/edit").status_code == 404
    caseworker.get(f"/referrals/{referral_id}/withdraw")
    assert (
        caseworker.post(f"/referrals/{referral_id}/withdraw", version=caseworker.version).status_code == 422
    )
    sent = {"version": caseworker.version, "reason": "başka yer bulundu"}
    assert caseworker.post(f"/referrals/{referral_id}/withdraw", **sent).status_code == 303
    focal.get(f"/referrals/received/{referral_id}")
    assert "başka yer bulundu" not in focal.page


def test_what_is_others_is_not_there(desks: Desks) -> None:
    """Every address of a referral for everybody who has no part in it."""
    with desks.ours.app.app_context():
        _case_id, referral_id = desks.pair.released()
        db.session.rollback()
    steps = (
        "",
        "/edit",
        "/withdraw",
        "/consent",
        "/release",
        "/chase",
        "/answer/accepted",
        "/feedback",
        "/close",
        "/form",
    )
    for world, name in ((desks.ours, "colleague"), (desks.theirs, "coordinator"), (desks.ours, "lawyer")):
        browser = world.browser(name)
        for step in steps:
            assert browser.get(f"/referrals/{referral_id}{step}").status_code == 404, (name, step)
        for step in ("send", "discard", "message"):
            browser.get("/account")
            assert browser.post(f"/referrals/{referral_id}/{step}", version="1", text="x").status_code == 404
    focal = desks.ours.browser("focal")
    for step in ("", "/decline", "/outcome"):
        assert focal.get(f"/referrals/received/{referral_id}{step}").status_code == 404
    for step in ("accept", "begin", "message"):
        focal.get("/account")
        assert (
            focal.post(f"/referrals/received/{referral_id}/{step}", version="1", text="x").status_code == 404
        )
    theirs = desks.theirs.browser("focal")
    assert theirs.get(f"/cases/{_case_id}").status_code == 404
    assert theirs.get(f"/directory/{desks.pair.entry}").status_code == 404
    coordinator = desks.ours.browser("coordinator")
    assert coordinator.get(f"/referrals/{referral_id}").status_code == 200


def test_the_directory_is_searched_kept_and_protected_from_overwriting(desks: Desks) -> None:
    coordinator = desks.ours.browser("coordinator")
    coordinator.get("/directory?need=gbv")
    assert "ŞÖNİM" in coordinator.text
    assert "To be confirmed" in coordinator.text
    coordinator.get("/directory?need=resettlement&province=99")
    assert coordinator.get("/directory").status_code == 200
    coordinator.get("/directory/add")
    bad = coordinator.post("/directory/add", version="1", capacity="open")
    assert bad.status_code == 422
    assert len(coordinator.errors) >= 2
    entry = {
        "version": "1", "name_tr": "Kadın Merkezi", "services": ["gbv"], "capacity": "full", "hours": "9-17",
        "phone": "0312 000 00 00", "provinces": ["06"], "confirmed": "y", "review_on": ["1", "1", "2024"],
    }  # fmt: skip # a form
    once = {**entry, "token": str(uuid4())}
    made = coordinator.post("/directory/add", **once)
    assert made.status_code == 303
    assert coordinator.post("/directory/add", **once).location == made.location  # a double click
    coordinator.get(made.location)
    assert "Kadın Merkezi" in coordinator.text
    assert coordinator.post(f"{made.location}/edit", **{**entry, "hours": "10-16"}).status_code == 303
    stale = coordinator.post(f"{made.location}/edit", **{**entry, "hours": "8-20"})
    assert stale.status_code == 409
    assert "10-16" in coordinator.text
    assert "8-20" in coordinator.page
    coordinator.get("/directory?need=gbv&province=06")
    assert "Check is overdue" in coordinator.text
    coordinator.get(f"{made.location}/retire")
    assert coordinator.post(f"{made.location}/retire", version=coordinator.version).status_code == 303
    coordinator.get("/directory?need=gbv")
    lines, gone = coordinator.text.split("Taken out of the directory")
    assert "Kadın Merkezi" not in lines
    assert "Kadın Merkezi" in gone
    coordinator.get(made.location)
    assert coordinator.post(f"{made.location}/restore", version=coordinator.version).location == made.location
    assert "To be confirmed" in (coordinator.get(made.location), coordinator.text)[1]  # called again first


@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_typed_is_never_markup(desks: Desks, value: str) -> None:
    caseworker, focal = desks.ours.browser("caseworker"), desks.theirs.browser("focal")
    with desks.ours.app.app_context():
        _case_id, referral_id = desks.pair.released()
        db.session.rollback()
    path, theirs = f"/referrals/{referral_id}", f"/referrals/received/{referral_id}"
    focal.get(theirs)
    focal.post(f"{theirs}/message", text=value, token=str(uuid4()))
    focal.get(f"{theirs}/outcome")
    focal.post(f"{theirs}/outcome", version=focal.version, code="other", text=value)
    for browser, page in ((focal, theirs), (caseworker, path), (caseworker, f"{path}/feedback")):
        browser.get(page)
        assert "<script>alert" not in browser.page
        assert "<img src=x" not in browser.page


def test_who_offers_it_is_shown_without_keeping_anything(desks: Desks) -> None:
    caseworker = desks.ours.browser("caseworker")
    case_id = desks.case()
    caseworker.get(f"/cases/{case_id}/refer")
    everybody = caseworker.page.count('name="entry"')
    sent = {**MONEY, "need": "gbv", "token": str(uuid4()), "look": "1"}
    assert caseworker.post(f"/cases/{case_id}/refer", **sent).status_code == 200
    assert 0 < caseworker.page.count('name="entry"') < everybody
    assert caseworker.errors == []
    caseworker.get(f"/cases/{case_id}")
    assert "Nobody else has been asked to help." in caseworker.text


def test_the_enquiry_is_codes_whatever_is_sent(desks: Desks) -> None:
    caseworker = desks.ours.browser("caseworker")
    case_id = desks.case()
    caseworker.get(f"/cases/{case_id}/refer")
    for name in ("need", "province", "language", "priority", "entry"):
        fields = {**MONEY, "entry": str(desks.pair.entry), "token": str(uuid4()), name: NAME}
        assert caseworker.post(f"/cases/{case_id}/refer", **fields).status_code == 422
    assert set(sending.NAMELESS) == {"need", "province", "language"}
