"""A document may be evidence: what one person alone can and cannot do to it, on its pages."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from cases.models import Case, CaseMember
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_documents import begun, bring, delete, listed
from tests.documents.corpus import page_pdf, saved
from tests.intake.papers import upload
from tests.support.clock import FrozenClock
from tests.support.world import Browser, World


def keep(browser: Browser, paper: str, reason: str) -> int:
    browser.get(f"{paper}/remove")
    return browser.post(f"{paper}/remove", version=browser.version, reason=reason, keep="1").status_code


def test_evidence_is_deleted_by_two_people_only(world: World, clock: FrozenClock) -> None:
    browser, case = begun(world)
    (paper,) = bring(browser, case, upload(saved(page_pdf()), "Karar.pdf"))
    clock.advance(minutes=61)
    browser = world.browser("caseworker")
    browser.get(f"{paper}/remove")
    assert "two people decide" in browser.text
    assert "Delete it for good" not in browser.text
    assert "Kişi coordinator" in browser.text
    version = browser.version
    assert delete(browser, paper, "Başka dosyaya ait") == 303
    assert browser.post(f"{paper}/remove", version=version, reason="x").status_code == 303  # a double click
    for page in (paper, case, f"{case}/documents"):
        browser.get(page)
        assert "eletion" in browser.text, page
    clock.advance(days=30)  # however long one person waits, where another one is there
    browser = world.browser("caseworker")
    assert delete(browser, paper, "Başka dosyaya ait") == 422
    assert listed(browser, case) == [paper]
    other = world.browser("coordinator")
    other.get(f"{paper}/remove")
    assert "Başka dosyaya ait" in other.text
    assert keep(other, paper, "Delil, kalsın") == 303
    browser.get(paper)
    assert "Its deletion was asked" not in browser.text
    assert delete(browser, paper, "Yine de") == 303
    assert delete(other, paper, "") == 422
    assert delete(other, paper, "Doğru, başka dosyanın") == 303
    assert listed(browser, case) == []
    browser.get(case)
    for said in ("Delil, kalsın", "Yine de", "Doğru, başka dosyanın"):
        assert said in browser.text


def test_what_was_asked_is_decided_after_the_case_is_closed_too(world: World, clock: FrozenClock) -> None:
    browser, case = begun(world)
    came = [upload(saved(page_pdf(one)), f"{one}.pdf") for one in ("Bir", "Iki", "Uc")]
    first, second, third = bring(browser, case, *came)
    clock.advance(hours=2)
    browser, other = world.browser("caseworker"), world.browser("coordinator")
    assert [delete(browser, one, "Başka dosyaya ait") for one in (first, second)] == [303, 303]
    with world.app.app_context(), transaction():
        db.session.execute(update(Case).where(Case.id == UUID(case[-36:])).values(state="closed"))
    other.get(third)
    assert "Does not belong here" not in other.text
    other.get(first)
    assert f'href="{first}/remove"' in other.page
    assert keep(other, first, "Delil, kalsın") == 303
    assert delete(other, second, "Doğru") == 303
    assert sorted(listed(browser, case)) == sorted([first, third])
    other.get(first)
    assert "Its deletion was asked" not in other.text
    for one in (first, third):  # nothing new is asked there
        assert other.get(f"{one}/remove").status_code == 303


def test_who_works_alone_waits_instead(world: World, clock: FrozenClock) -> None:
    case_id = world.record(restricted=True, named=[world.cast["coordinator"].person_id])
    browser, case = world.browser("caseworker"), f"/cases/{case_id}"
    (paper,) = bring(browser, case, upload(saved(page_pdf()), "Karar.pdf"))
    clock.advance(hours=2)
    browser = world.browser("caseworker")
    with world.app.app_context(), transaction():
        other = update(CaseMember).where(CaseMember.person_id == world.cast["coordinator"].person_id)
        db.session.execute(other.values(ended_at=clock.instant))  # their account has ended
    browser.get(f"{paper}/remove")
    assert "Nobody else can open this case" in browser.text
    assert delete(browser, paper, "Yanlış") == 303
    clock.advance(days=6)
    browser = world.browser("caseworker")
    assert delete(browser, paper, "Yanlış") == 422
    clock.advance(days=1)
    browser = world.browser("caseworker")
    assert delete(browser, paper, "Yanlış") == 303
    assert listed(browser, case) == []


def test_every_word_of_it_is_arabic(world: World, clock: FrozenClock) -> None:
    browser, case = begun(world)
    (paper,) = bring(browser, case, upload(saved(page_pdf()), "قرار.pdf"))
    clock.advance(hours=2)
    arabic = world.browser("caseworker", "ar")
    arabic.get(f"{paper}/remove")
    assert "طلب حذفها" in arabic.text
    delete(arabic, paper, "خطأ")
    arabic.get(paper)
    assert "طُلب حذف هذه الوثيقة" in arabic.text
