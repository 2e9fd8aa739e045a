"""Reviewers whose review others ended, or who lost its key: the desk says so, what they typed is shown."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from cases.models import Case
from cases.service import note_keys
from core.access.permissions import Role
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_legal_drafts import TEXT, accept, ask, begun, case_of, hidden, judge
from tests.support.clock import FrozenClock
from tests.support.world import Browser, World

TYPED = "ساعة من الملاحظات"


def reference_of(world: World, case: str) -> str:
    with world.app.app_context():
        found = db.session.query(Case.id, Case.reference).all()
        db.session.rollback()
    return next(reference for case_id, reference in found if str(case_id) in case)


def ended(world: World, draft: str, how: str) -> None:
    lawyer = world.browser("lawyer")
    lawyer.get(draft)
    assert lawyer.post(f"{draft}/{how}", **hidden(lawyer, "version", "token")).location == draft


def told(browser: Browser) -> str:
    browser.get("/desk")
    return browser.text


@pytest.mark.parametrize(
    ("how", "language", "over", "kept_nowhere"),
    [
        ("withdraw", "ar", "أُنهيت هذه المراجعة", "لم يُسجَّل ما أرسلته"),
        ("end-review", "tr", "Bu inceleme sona erdirildi", "Gönderdikleriniz kaydedilmedi"),
    ],
)
def test_what_a_reviewer_typed_while_others_ended_the_review_is_shown_and_the_desk_tells(
    world: World, clock: FrozenClock, how: str, language: str, over: str, kept_nowhere: str
) -> None:
    case = case_of(world)
    draft = begun(world, case, "عنوان سرّي")
    ask(world, draft)
    accept(world)
    reviewer = world.browser("other_lawyer", language)
    reviewer.get(draft)
    carried = hidden(reviewer, "version", "digest")
    ended(world, draft, how)
    sent = (
        ("judge", {**carried, "verdict": "commented", "comments": TYPED}),
        ("say", {"remark": TYPED}),
        ("write", {"version": carried["version"], "title": "عنوان", "text": TYPED}),
    )
    for act, fields in sent:
        assert reviewer.post(f"{draft}/{act}", **fields).status_code == 409
        assert TYPED in reviewer.text
        assert kept_nowhere in reviewer.text
    assert reviewer.post(f"{draft}/keep", version=carried["version"], text=TYPED).status_code == 404
    assert over in told(reviewer)
    assert reference_of(world, case) in reviewer.page
    assert case not in reviewer.page
    assert "عنوان سرّي" not in reviewer.page
    assert "لم تعد الآن" not in reviewer.text  # the form that saves itself says nothing on another page
    clock.advance(days=8)
    assert over not in told(world.browser("other_lawyer", language))


def test_who_ended_a_review_by_what_they_said_is_told_nothing_more(world: World) -> None:
    draft = begun(world, case_of(world))
    ask(world, draft)
    reviewer = accept(world)
    assert judge(reviewer, draft, "approved") == 303
    assert "Your reviews that ended" not in told(reviewer)


@pytest.mark.parametrize("last", ["write", "judge"])
def test_a_second_click_says_nothing_else_than_the_first(world: World, last: str) -> None:
    draft = begun(world, case_of(world))
    ask(world, draft)
    reviewer = accept(world)
    remark = {"remark": TYPED, "token": str(uuid4())}
    assert reviewer.post(f"{draft}/say", **remark).location == draft
    reviewer.get(draft)
    said = {"verdict": "commented", "comments": TYPED, "title": "عريضة", "text": TYPED}
    sent = {**hidden(reviewer, "version", "digest"), **said, "token": str(uuid4())}
    for act, fields in ((last, sent), (last, sent), ("say", remark)):
        assert reviewer.post(f"{draft}/{act}", **fields).location == "/desk", act


def test_who_still_opens_the_case_is_led_to_it_after_their_own_judgement(world: World) -> None:
    case = case_of(world)
    with world.app.app_context():
        world.cast.join("both", Role.LAWYER, Role.COORDINATOR)
        world.cast.hand_over()
        db.session.rollback()
    draft = begun(world, case)
    ask(world, draft, of="both")
    reviewer = accept(world, "both")
    reviewer.get(draft)
    sent = {**hidden(reviewer, "version", "digest"), "verdict": "approved", "token": str(uuid4())}
    for _click in range(2):
        assert reviewer.post(f"{draft}/judge", **sent).location == case
    assert reviewer.get(case).status_code == 200


@pytest.mark.parametrize(
    ("language", "not_recorded"), [("ar", "لم يُسجَّل ما أرسلته"), ("tr", "Gönderdikleriniz kaydedilmedi")]
)
def test_an_approval_that_comes_after_the_end_is_not_said_to_be_nowhere(
    world: World, language: str, not_recorded: str
) -> None:
    case = case_of(world)
    draft, other = begun(world, case), begun(world, case, "أخرى")
    ask(world, draft)
    accept(world)
    ask(world, other)  # the case stays open to them
    reviewer = world.browser("other_lawyer", language)
    reviewer.get(draft)
    carried = hidden(reviewer, "version", "digest")
    ended(world, draft, "end-review")
    assert reviewer.post(f"{draft}/judge", **carried, verdict="approved").status_code == 409
    assert not_recorded in reviewer.text


def test_what_came_after_review_and_session_were_over_is_shown_once_they_are_in(world: World) -> None:
    draft = begun(world, case_of(world))
    ask(world, draft)
    browser = accept(world)
    browser.get(draft)
    carried, form = hidden(browser, "version", "digest"), browser.csrf
    browser.post("/sign-out")
    ended(world, draft, "end-review")
    for act in ("write", "judge"):
        typed = {"title": "عريضة", "text": TYPED, "verdict": "commented", "comments": TYPED}
        sent = browser.post(f"{draft}/{act}", csrf_token=form, **carried, **typed)
        browser.get(sent.location)
        assert "It comes back once you are in again" in browser.text
    for page in (f"{draft}/write", draft):
        again = world.browser("other_lawyer")
        assert f'"{page}"' in (again.get("/desk"), again.page)[1]
        assert again.get(page).status_code == 200
        assert TYPED in again.text
        assert TEXT not in again.text
        kept = dict(re.findall(r'type="hidden" name="(form|about|draft|stay)" value="([^"]*)"', again.page))
        assert again.post("/desk/drafts/discard", **kept).location == "/desk"
        assert again.get(page).status_code == 404


def test_what_was_kept_of_a_draft_comes_back_to_who_reviews_another_one_still(world: World) -> None:
    case = case_of(world)
    draft, other = begun(world, case), begun(world, case, "أخرى")
    ask(world, draft)
    accept(world)
    ask(world, other)
    reviewer = world.browser("other_lawyer")
    reviewer.get(f"{draft}/write")
    kept = reviewer.post(f"{draft}/keep", version=reviewer.version, title="عريضة", text=TYPED)
    assert kept.status_code == 204
    ended(world, draft, "withdraw")
    assert f"{draft}/write" in (reviewer.get("/desk"), reviewer.page)[1]
    assert reviewer.get(f"{draft}/write").status_code == 200
    assert TYPED in reviewer.text
    assert TEXT not in reviewer.text
    assert reviewer.get(draft).status_code == 404
    assert reviewer.post(f"{draft}/say", remark=TYPED).status_code == 409
    assert TYPED in reviewer.text
    assert reviewer.get(other).status_code == 200


def test_a_reviewer_without_the_key_is_told_to_be_asked_anew_and_led_to_nothing(world: World) -> None:
    elsewhere = begun(world, case_of(world))
    ask(world, elsewhere)  # the key of another draft opens this one no more than none
    case = case_of(world)
    draft = begun(world, case)
    ask(world, draft)
    reviewer = accept(world)
    with world.app.app_context():
        with transaction():
            person_id, case_id = world.cast["other_lawyer"].person_id, UUID(case.rpartition("/")[2])
            note_keys.drop_person(person_id, case_id)  # as when their account is recovered
        db.session.rollback()
    assert "has to ask you anew" in told(reviewer)
    assert reference_of(world, case) in reviewer.page
    assert draft not in reviewer.page
    assert elsewhere in reviewer.page
    lawyer = world.browser("lawyer")
    assert "Nobody looks at this draft any more" in told(lawyer)
    assert draft in lawyer.page
    ask(world, draft)
    assert "has to ask you anew" not in told(reviewer)
    assert draft in reviewer.page
    assert reviewer.get(draft).status_code == 200
