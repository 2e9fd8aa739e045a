"""Reviewers whose review others ended, or who lost its key: the desk says so, what they typed is shown."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from cases.models import Case
from cases.service import members, note_keys
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


def coordinator_too(world: World) -> str:
    """A lawyer who is a coordinator of the same organisation."""
    if "both" not in world.cast.players:
        with world.app.app_context():
            world.cast.join("both", Role.LAWYER, Role.COORDINATOR)
            world.cast.hand_over()
            db.session.rollback()
    return "both"


def keep(browser: Browser, draft: str) -> None:
    browser.get(f"{draft}/write")
    kept = browser.post(f"{draft}/keep", version=browser.version, title="عريضة", text=TYPED)
    assert kept.status_code == 204


def told(browser: Browser) -> str:
    browser.get("/desk")
    return browser.text


def over(browser: Browser) -> str:
    """What the desk says of reviews that ended: others of the same world may be there too."""
    browser.get("/desk")
    _before, _id, rest = browser.page.partition('id="reviews-over"')
    return rest.partition("</table>")[0]


@pytest.mark.parametrize(
    ("how", "language", "was_ended", "kept_nowhere"),
    [
        ("withdraw", "ar", "أُنهيت هذه المراجعة", "لم يُسجَّل ما أرسلته"),
        ("end-review", "tr", "Bu inceleme sona erdirildi", "Gönderdikleriniz kaydedilmedi"),
    ],
)
def test_what_a_reviewer_typed_while_others_ended_the_review_is_shown_and_the_desk_tells(
    world: World, clock: FrozenClock, how: str, language: str, was_ended: str, kept_nowhere: str
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
    assert was_ended in told(reviewer)
    assert reference_of(world, case) in over(reviewer)
    assert case not in reviewer.page
    assert "عنوان سرّي" not in reviewer.page
    assert "لم تعد الآن" not in reviewer.text  # the form that saves itself says nothing on another page
    clock.advance(days=8)
    assert reference_of(world, case) not in over(world.browser("other_lawyer", language))


def test_who_ended_a_review_by_what_they_said_is_told_nothing_more(world: World) -> None:
    case = case_of(world)
    draft = begun(world, case)
    ask(world, draft)
    reviewer = accept(world)
    ended(world, draft, "end-review")
    assert reference_of(world, case) in over(reviewer)
    ask(world, draft)
    accept(world)
    assert judge(reviewer, draft, "approved") == 303
    assert reference_of(world, case) not in over(reviewer)


@pytest.mark.parametrize(
    ("language", "ran_out"), [("ar", "انقضت مدة هذه المراجعة"), ("tr", "Bu incelemenin süresi doldu")]
)
def test_a_review_that_ran_out_by_itself_is_told_too(
    world: World, clock: FrozenClock, language: str, ran_out: str
) -> None:
    case = case_of(world)
    ask(world, begun(world, case))
    accept(world)
    clock.advance(days=30)
    with world.app.app_context(), transaction():
        members.expire()
    said = over(world.browser("other_lawyer", language))
    assert reference_of(world, case) in said
    assert ran_out in said


@pytest.mark.parametrize(
    ("language", "a_line"), [("ar", "أُنهيت مراجعة مسودة"), ("tr", "Bir taslağın incelemesi sona erdirildi")]
)
def test_who_reviews_another_draft_still_finds_a_new_line_in_the_case(
    world: World, clock: FrozenClock, language: str, a_line: str
) -> None:
    case = case_of(world)
    draft, other = begun(world, case), begun(world, case, "أخرى")
    ask(world, draft)
    accept(world)
    ask(world, other)
    reviewer = world.browser("other_lawyer", language)
    reviewer.get(case)
    clock.advance(minutes=1)
    ended(world, draft, "end-review")
    assert a_line in told(reviewer)
    assert reviewer.get(other).status_code == 200


def test_what_a_reviewer_typed_who_coordinates_goes_with_the_draft(world: World) -> None:
    case, both = case_of(world), coordinator_too(world)
    draft = begun(world, case)
    ask(world, draft, of=both)
    reviewer = accept(world, both)
    keep(reviewer, draft)
    ended(world, draft, "end-review")
    assert "You cannot open the draft any more" in told(reviewer)
    assert f"{draft}/write" not in reviewer.page
    assert reviewer.get(case).status_code == 200


def test_what_a_lawyer_typed_who_coordinates_goes_with_the_drafts(world: World) -> None:
    case_id, both = world.record(), coordinator_too(world)
    with world.app.app_context():
        world.cast.assign(case_id, both)
        db.session.rollback()
    lawyer = world.browser(both)
    draft = str(lawyer.fill(f"/cases/{case_id}/legal-drafts/new", title="z", text=TEXT).location)
    keep(lawyer, draft)
    assert f"{draft}/write" in (lawyer.get("/desk"), lawyer.page)[1]
    with world.app.app_context(), transaction():
        members.step_off(world.cast[both], case_id, "x")
    assert f"{draft}/write" not in (lawyer.get("/desk"), lawyer.page)[1]


def test_an_older_draft_on_the_own_desk_asks_for_no_key(world: World) -> None:
    case, third = case_of(world), coordinator_too(world)
    old, case_id = begun(world, case), UUID(case.rpartition("/")[2])
    ask(world, old, of=third)
    ended(world, old, "end-review")  # it came back to the lawyer
    with world.app.app_context():
        with transaction():
            members.step_off(world.cast["lawyer"], case_id, "x")
        world.cast.assign(case_id, "other_lawyer")
        db.session.rollback()
    new = str(world.browser("other_lawyer").fill(f"{case}/legal-drafts/new", title="z", text=TEXT).location)
    ask(world, new, by="other_lawyer", of="lawyer")
    reviewer = accept(world, "lawyer")
    assert reviewer.get(new).status_code == 200
    assert "You do not have the key of a draft" not in told(reviewer)


def test_nothing_is_promised_about_a_case_that_one_is_off(world: World) -> None:
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id)
        db.session.rollback()
    browser = world.browser("lawyer")
    browser.get(f"/cases/{case_id}")
    browser.post(f"/cases/{case_id}/notes", kind="note", text="x", token=str(uuid4()))
    browser.get(f"/cases/{case_id}")
    line = re.findall(rf'href="/cases/{case_id}/(timeline/[0-9a-f-]{{36}}/correct/1)"', browser.page)[0]
    browser.get(f"/cases/{case_id}/lawyer-notes")
    form = browser.csrf
    browser.post("/sign-out")
    kept = browser.post(f"/cases/{case_id}/{line}", csrf_token=form, text=TYPED, token=str(uuid4()))
    browser.get(kept.location)
    assert "It comes back" in browser.text
    with world.app.app_context(), transaction():
        members.step_off(world.cast["lawyer"], case_id, "x")
    for page in ("notes", "lawyer-notes", line):
        sent = browser.post(f"/cases/{case_id}/{page}", csrf_token=form, text=TYPED, token=str(uuid4()))
        browser.get(sent.location)
        assert "This step was not done" in browser.text
        assert "It comes back" not in browser.text
    again = world.browser("lawyer")
    again.get("/desk")
    assert str(case_id) not in again.page


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
    both = coordinator_too(world)
    draft = begun(world, case)
    ask(world, draft, of=both)
    reviewer = accept(world, both)
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
    case = case_of(world)
    draft = begun(world, case)
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
    with world.app.app_context(), transaction():  # that somebody else leaves takes nothing from them
        members.step_off(world.cast["caseworker"], UUID(case.rpartition("/")[2]), "x")
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
    keep(reviewer, draft)
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
    gone = begun(world, case_of(world))
    ask(world, gone)
    accept(world)
    ended(world, gone, "end-review")
    # What asks for something comes first, on both databases, and is not said to have ended.
    words = told(reviewer)
    assert words.index("has to ask you anew") < words.index("Your reviews that ended")
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
