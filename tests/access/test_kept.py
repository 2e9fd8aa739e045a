"""Every form of the product that is sent too late: either it comes back on its page, or nobody is told so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from werkzeug.routing import Rule

from accounts.service import drafts
from awareness.service import editing
from cases.service import assignment, deadlines, matters, progress
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from core.web.kept import FORMS, kept_form
from intake.service import codes
from tests.access.kept_pages import SAVED_BY_ITSELF, of_drafts, of_lines, of_papers, of_supervision, of_todo
from tests.access.matrix import PUBLIC
from tests.access.test_existing import brought
from tests.access.test_matrix import Scene, scene
from tests.advocacy.conftest import recur
from tests.advocacy.test_contact_outcomes import reach
from tests.advocacy.test_contacts import printed
from tests.advocacy.test_dossiers import begun as dossier_of
from tests.advocacy.test_stories import ask, given
from tests.advocacy.test_stories import write as story_of
from tests.awareness.stage import add as topic_of
from tests.awareness.stage import log as held_by
from tests.awareness.stage import version_of
from tests.cases import archived
from tests.cases.conflicting import matter, party
from tests.cases.pages.conftest import long_form
from tests.intake.stage import asked, complained
from tests.referrals.conftest import entry_of
from tests.referrals.test_pages import Desks, desks, refer
from tests.support.cast import record_of
from tests.support.world import Browser, World, as_written, too_late

__all__ = ["desks", "scene"]

KEPT, NOT_DONE = "What you typed was kept sealed.", "This step was not done. Do it again."
TYPED = "كتبته قبل أن أخرج"
DISCARD = re.compile(r'name="form" value="([^"]+)"><input type="hidden" name="about" value="([^"]*)"')


def posts(world: World) -> Iterator[Rule]:
    return (rule for rule in world.app.url_map.iter_rules() if "POST" in (rule.methods or set()))


def test_nobody_is_promised_what_no_page_gives_back(scene: Scene) -> None:
    """Each address that takes a form, sent after signing out in another tab."""
    browser = scene.world.browser("caseworker")
    browser.get("/account")
    form = browser.csrf
    browser.post("/sign-out")
    for rule in posts(scene.world):
        if rule.endpoint in PUBLIC:
            continue
        path = scene.path(rule, case_id=scene.offer)
        answer = browser.post(path, csrf_token=form, text=TYPED)
        browser.get(answer.location)
        comes_back = rule.endpoint in {*FORMS, *SAVED_BY_ITSELF}
        assert (KEPT in browser.text) is comes_back, rule.endpoint
        assert (NOT_DONE in browser.text) is not (comes_back or rule.endpoint == "accounts.lock")
        assert ("next=" in answer.location) is comes_back, rule.endpoint
    with scene.world.app.app_context():
        listed = [kept_form(one.form) for one in drafts.kept(scene.world.cast["caseworker"])]
        db.session.rollback()
    again = scene.world.browser("caseworker")
    again.get("/desk")
    assert len(listed) == drafts.MOST
    assert all(form is not None and str(form.words) in again.text for form in listed)


def test_nothing_typed_is_nothing_kept(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}/notes"
    browser.get("/account")
    form = browser.csrf
    browser.post("/sign-out")
    answer = browser.post(path, csrf_token=form, text="", token="0" * 32)
    browser.get(answer.location)
    assert KEPT not in browser.text
    assert NOT_DONE in browser.text


def comes_back(world: World, name: str, page: str, sent_to: str = "", /, **fields: Any) -> str:
    """The page gives the form again, says so, and lets it go. Gives which form it was."""
    browser = too_late(world, name, page, sent_to, **fields)
    assert "typed last time" in browser.text, page
    if TYPED in fields.values():
        assert TYPED in browser.page, page
    found = DISCARD.findall(browser.page)
    assert len(found) == 1, page
    assert browser.post("/desk/drafts/discard", form=found[0][0], about=found[0][1]).location == as_written(
        world, page
    )
    assert "typed last time" not in (browser.get(page), browser.text)[1]
    return str(found[0][0].partition("/")[0])


def test_two_cases_begun_at_once_are_two_drafts(world: World) -> None:
    browser = world.browser("caseworker")
    for token, words in ((UUID(int=1), "first of two"), (UUID(int=2), "second of two")):
        browser.get("/cases/new")
        browser.post("/cases/draft", token=str(token), narrative=words)
    browser.get("/cases/new")
    assert "of two" not in browser.page
    begun = re.findall(r'href="(/cases/new\?draft=[0-9a-f-]{36})"', browser.page)
    assert len(begun) == 2
    browser.get(begun[1])
    assert "first of two" in browser.page
    answer = browser.post(begun[1], **long_form(token=str(UUID(int=1))))
    assert answer.location.startswith("/cases/")
    browser.get("/cases/new")
    assert re.findall(r'href="(/cases/new\?draft=[0-9a-f-]{36})"', browser.page) == begun[:1]
    browser.get(begun[0])
    assert "second of two" in browser.page


def in_review(world: World) -> UUID:
    with world.app.app_context():
        case_id = world.cast.record()
        with transaction():
            progress.move(world.cast["caseworker"], case_id, 1, "in_review")
        db.session.rollback()
    return case_id


def deadline_of(world: World, case: str) -> str:
    """The page of a deadline in a case on which a lawyer works."""
    case_id = UUID(case.rpartition("/")[2])
    asked = {"rule": "DEP_SUIT", "served_on": "2026-11-02", "facts": {}}
    watching = (world.cast[name].person_id for name in ("caseworker", "coordinator"))
    with world.app.app_context():
        world.cast.assign(case_id)
        with transaction():
            made = deadlines.add(world.cast["caseworker"], case_id, case_id, asked, *watching)
        db.session.rollback()
    return f"{case}/deadlines/{made}"


def of_conversations(world: World, case: str) -> Iterator[str]:
    yield comes_back(world, "caseworker", f"{case}/conversation", text=f"1.11.2026 9:41 - Selma: {TYPED}")
    with world.app.app_context():
        case_id = UUID(case.rpartition("/")[2])
        text = f"1.11.2026 9:41 - {TYPED}: a"
        archive_id = archived.brought(world.cast["caseworker"], case_id, text)
    named = {"people-0-name": TYPED, "people-0-role": "other"}
    yield comes_back(world, "caseworker", f"{case}/conversation/zip/{archive_id}", **named)


def of_cases(desks: Desks) -> Iterator[str]:
    world = desks.ours
    case, closing = f"/cases/{world.record()}", f"/cases/{in_review(world)}"
    yield comes_back(world, "caseworker", "/cases/new", narrative=TYPED)
    yield comes_back(world, "caseworker", f"{case}/edit", narrative=TYPED, restricted="no")
    with world.app.app_context():
        brought_in = brought(world.cast)
        db.session.rollback()
    columns = f"/cases/import/{brought_in}/columns"
    yield comes_back(world, "coordinator", columns, **{"columns-0-field": "mother"})
    yield comes_back(world, "caseworker", case, f"{case}/notes", kind="note", text=TYPED)
    yield from of_lines(world, case, TYPED, comes_back)
    yield from of_conversations(world, case)
    for step in ("state", "reopen", "step-off", "unrestrict"):
        yield comes_back(world, "caseworker", f"{case}/{step}", reason=TYPED)
    yield comes_back(world, "coordinator", f"{closing}/close", reason=TYPED)
    yield from of_supervision(world, closing, TYPED, comes_back)
    card = deadline_of(world, case)
    yield comes_back(world, "caseworker", f"{case}/deadlines/new", rule="DEP_SUIT", at="14:30")
    yield comes_back(world, "caseworker", f"{card}/meet", proof=TYPED)
    yield comes_back(world, "caseworker", f"{card}/watch", second=str(world.cast["coordinator"].person_id))
    yield comes_back(world, "lawyer", f"{card}/move", what="drop", reason=TYPED)
    with world.app.app_context():
        with transaction():
            case_id, card_id = UUID(case.rpartition("/")[2]), UUID(card.rpartition("/")[2])
            deadlines.meet(world.cast["caseworker"], case_id, card_id, 1, "UYAP", clock.today())
        db.session.rollback()
    yield comes_back(world, "caseworker", f"{card}/reopen", reason=TYPED)
    colleague = str(world.cast["colleague"].person_id)
    yield comes_back(world, "caseworker", f"{case}/restrict", named=colleague)
    yield comes_back(world, "caseworker", f"{case}/members", f"{case}/members/add", person=colleague)
    yield comes_back(world, "caseworker", f"{case}/consents/partner_sharing", detail=TYPED)
    yield comes_back(world, "caseworker", f"{case}/together", kind="event", q=TYPED)
    yield comes_back(world, "caseworker", f"{case}/parties", f"{case}/parties/add", father=TYPED)
    one = party("staff", "سامر ونوس")
    held = f"/cases/{world.record(record=matter('وضاح الصالح', one))}"
    yield comes_back(world, "caseworker", f"{held}/parties/{one['id']}", father=TYPED)
    yield comes_back(world, "coordinator", f"{held}/conflict", f"{held}/conflict/decide", reason=TYPED)
    with world.app.app_context():
        case_id, lawyer = world.cast.record(), world.cast["lawyer"].person_id
        db.session.rollback()
    yield comes_back(world, "coordinator", f"/cases/{case_id}/assign", lawyer=str(lawyer))
    with world.app.app_context():
        with transaction():
            offer = assignment.offer(world.cast["coordinator"], case_id, 1, lawyer)
        db.session.rollback()
    yield comes_back(world, "lawyer", f"/assignments/{offer}/decline", reason=TYPED)


def of_facts(desks: Desks) -> Iterator[str]:
    world = desks.ours
    case = f"/cases/{world.record()}"
    with_lawyer = deadline_of(world, case).partition("/deadlines")[0]
    yield from of_drafts(world, with_lawyer, TYPED, comes_back)
    yield comes_back(world, "caseworker", f"{case}/matter/power/new", note=TYPED)
    with world.app.app_context():
        with transaction():
            known = {"code": "V-87"}
            item_id = matters.add(
                world.cast["caseworker"], UUID(case.rpartition("/")[2]), "restriction", known, UUID(int=31)
            )
        db.session.rollback()
    yield comes_back(world, "caseworker", f"{case}/matter/{item_id}", note=TYPED)
    house = record_of(name_ar="", name_latin="Kept Vakfı", legal_form="foundation")
    association = f"/cases/{world.record(record=house)}"
    for what in ("tax", "annual"):
        page = f"{association}/declarations/new/{what}"
        yield comes_back(world, "caseworker", page, more=TYPED)
    caseworker = world.browser("caseworker")
    caseworker.get(f"{association}/declarations/new/tax")
    caseworker.post(
        f"{association}/declarations/new/tax",
        authority="tax_office",
        every="once",
        day=["1", "12", "2026"],
        owner=str(world.cast["caseworker"].person_id),
    )
    caseworker.get(association)
    one = re.findall(rf'href="({association}/declarations/[0-9a-f-]{{36}})"', caseworker.page)[0]
    yield comes_back(world, "caseworker", one, proof=TYPED)
    yield comes_back(world, "caseworker", f"{one}/change", more=TYPED)


def of_referrals(desks: Desks) -> Iterator[str]:
    ours, theirs, pair = desks.ours, desks.theirs, desks.pair
    case = desks.case()
    draft, accepted = desks.run("draft", case), desks.run("enquire", case)
    with ours.app.app_context():
        pair.accept(accepted)
        pair.consent(case)
        phone = entry_of(pair, "sydv")
        db.session.rollback()
    by_phone = refer(ours.browser("caseworker"), case, phone)
    caseworker = ours.browser("caseworker")
    caseworker.get(by_phone)
    caseworker.post(f"{by_phone}/send", version=caseworker.version)
    yield comes_back(ours, "caseworker", f"{by_phone}/answer/accepted", text=TYPED)
    yield comes_back(ours, "caseworker", f"/cases/{case}/refer", need="cash")
    yield comes_back(ours, "caseworker", f"/referrals/{draft}/edit", priority="normal")
    for step, field in (("withdraw", "reason"), ("chase", "text"), ("feedback", "text"), ("close", "text")):
        yield comes_back(ours, "caseworker", f"/referrals/{accepted}/{step}", **{field: TYPED})
    yield comes_back(ours, "caseworker", f"/referrals/{accepted}/consent", detail=TYPED)
    yield comes_back(ours, "caseworker", f"/referrals/{accepted}/release", summary=TYPED)
    sent = f"/referrals/{accepted}"
    yield comes_back(ours, "caseworker", sent, f"{sent}/message", text=TYPED)
    received = f"/referrals/received/{accepted}"
    yield comes_back(theirs, "focal", received, f"{received}/message", text=TYPED)
    for step in ("decline", "outcome"):  # one of them can be sent no more, and still gives the text back
        yield comes_back(theirs, "focal", f"{received}/{step}", text=TYPED)
    yield comes_back(ours, "coordinator", "/directory/add", name_tr=TYPED)
    yield comes_back(ours, "coordinator", f"/directory/{pair.entry}/edit", name_tr=TYPED)


def met(manager: Browser, place: str) -> str:
    """Where a contact that was just written is put right."""
    manager.get(f"{place}/contacts/new")
    there = {"institution": place.rpartition("/")[2], "token": str(UUID(int=6))}
    manager.post(f"{place}/contacts/new", kind="meeting", on=clock.today().isoformat(), **there)
    manager.get(place)
    return str(re.findall(r'href="(/contacts/[0-9a-f-]+/edit)"', manager.page)[0])


def of_advocacy(desks: Desks) -> Iterator[str]:
    world = desks.ours
    manager = world.browser("manager")
    with world.app.app_context():
        cast = world.cast
        recur(cast, 5, issue="B05")
        dossier = dossier_of(cast)
        ask(cast, dossier, "caseworker")
        story = story_of(cast, dossier, cast.record(consents=[given("story")]))
        outcome, finished = reach(cast, dossier, "meeting"), printed(cast)
        db.session.rollback()
    answer = manager.get("/patterns")
    while answer.location:
        answer = manager.get(answer.location)
    pattern = manager.page.split('class="row-link" href="')[1].split('"')[0]
    yield comes_back(world, "manager", pattern, reason=TYPED)
    yield comes_back(world, "manager", f"/dossiers/new?pattern={pattern.rpartition('/')[2]}", title_tr=TYPED)
    yield comes_back(world, "lawyer", "/patterns/propose", text=TYPED)
    manager.get("/institutions/new")
    place = manager.post("/institutions/new", kind="media", name_tr="Gazete").location
    manager.get(f"{place}/people/new")
    manager.post(f"{place}/people/new", version="1", name="Zeynep", token=str(UUID(int=5)))
    manager.get(place)
    person = re.findall(rf'href="({place}/people/[0-9a-f-]+)"', manager.page)[0]
    path = f"/dossiers/{dossier}"
    for step, field in (("titles", "title_tr"), ("sections/problem", "text_tr"), ("ask", "text")):
        yield comes_back(world, "manager", f"{path}/{step}", **{field: TYPED})
    yield comes_back(world, "manager", f"{path}/contacts/new", words=TYPED)
    letter = f"/dossiers/{finished}/letter/{place.rpartition('/')[2]}/cover/tr"
    yield comes_back(world, "manager", letter, body=TYPED)
    yield comes_back(world, "admin", "/letters/cover/ar", text=TYPED)
    yield comes_back(world, "manager", f"{place}/contacts/new", words=TYPED)
    yield comes_back(world, "manager", met(manager, place), words=TYPED)
    for step, field in (("new", "evidence"), ("review", "found"), (f"{outcome}/tell", "words")):
        yield comes_back(world, "manager", f"{path}/outcomes/{step}", **{field: TYPED})
    yield comes_back(world, "manager", "/institutions/new", name_tr=TYPED)
    yield comes_back(world, "manager", f"{place}/edit", name_tr=TYPED)
    yield comes_back(world, "manager", f"{place}/people/new", name=TYPED)
    yield comes_back(world, "manager", person, name=TYPED)
    yield comes_back(world, "caseworker", f"/stories/new/{dossier}/summary", text_tr=TYPED)
    yield comes_back(world, "caseworker", f"/stories/{story}", text_tr=TYPED)
    lawyer = world.browser("lawyer")
    lawyer.fill("/patterns/propose", token=str(UUID(int=7)), issue="A02", text="A circular")
    manager.get("/patterns/proposals")
    proposal = manager.page.split('class="row-link" href="')[1].split('"')[0]
    yield comes_back(world, "manager", proposal, reason=TYPED)


def for_the_public(desks: Desks) -> Iterator[str]:
    world = desks.ours
    with world.app.app_context():
        topic = topic_of(world.cast, "kept")
        db.session.rollback()
    yield comes_back(world, "caseworker", "/topics/add", what_tr=TYPED)
    yield comes_back(world, "caseworker", f"/topics/{topic}/edit", what_tr=TYPED)
    yield comes_back(world, "caseworker", "/sessions-held/add", total="7")
    yield comes_back(world, "caseworker", "/sessions-held/add-campaign", total="7")
    with world.app.app_context():
        held = held_by(world.cast["caseworker"])
        db.session.rollback()
    yield comes_back(world, "caseworker", f"/sessions-held/{held}/correct", total="7")
    yield comes_back(world, "caseworker", f"/sessions-held/{held}/withdraw", because="twice")
    yield comes_back(world, "admin", "/topics/office", reach_tr=TYPED)
    with world.app.app_context():
        with transaction():
            editing.send(world.cast["caseworker"], topic, version_of(topic))
        db.session.rollback()
    yield comes_back(world, "lawyer", f"/topics/{topic}", f"/topics/{topic}/return", remark=TYPED)


def of_requests(desks: Desks) -> Iterator[str]:
    world = desks.ours
    with world.app.app_context():
        request = f"/requests/{asked(world.cast)}"
        case_id = world.cast.record()
        fresh = codes.prepare(world.cast.settings)
        db.session.rollback()
        with transaction():
            codes.begin(world.cast["caseworker"], fresh, case_id, UUID(int=9), "Selma", client=True)
        db.session.rollback()
    yield comes_back(world, "caseworker", request, text=TYPED)
    for end in ("decline", "refer", "accept", "refer-on"):
        typed = "text" if end in {"decline", "refer"} else "narrative"
        yield comes_back(world, "caseworker", f"{request}/{end}", **{typed: TYPED})
    talk = f"/cases/{case_id}/conversations/{fresh.request_id}"
    yield comes_back(world, "caseworker", talk, f"{talk}/say", text=TYPED)
    yield comes_back(world, "admin", "/requests/door", hours_tr=TYPED)
    with world.app.app_context():
        complaint = complained(world.cast)
        db.session.rollback()
    yield comes_back(world, "manager", f"/complaints/{complaint}", text=TYPED)


def of_law(desks: Desks) -> Iterator[str]:
    pages = (
        "rules/new", "rules/DEP_SUIT/new", "courts/new", "courts/ADM-01", "years/2027/confirm",
        "years/2101/confirm", "years/2027/day",
    )  # fmt: skip # one list
    for page in pages:
        yield comes_back(desks.ours, "admin", f"/law/{page}", source=TYPED)


def test_every_kept_form_comes_back_on_its_page(desks: Desks) -> None:
    """With the text that was typed, and a button that lets it go."""
    seen = [
        *of_papers(desks.ours, TYPED, comes_back), *of_todo(desks.ours, TYPED, comes_back),
        *of_cases(desks), *of_referrals(desks), *of_law(desks), *of_facts(desks), *of_requests(desks),
        *of_advocacy(desks), *for_the_public(desks),
    ]  # fmt: skip # one list
    assert {*seen, "reports.revoke"} == set(FORMS)  # that one in tests/reports
