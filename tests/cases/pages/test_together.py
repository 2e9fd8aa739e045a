"""The page on which cases of one household or event are brought together and taken apart again."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cases.models import Case
from cases.service import searching, together
from core.audit.models import AuditEntry
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.conflicting import matter
from tests.support.cast import record_of
from tests.support.world import HOME, Browser, World


def recorded(world: World, name: str, by: str = "caseworker") -> tuple[UUID, str]:
    """A case of somebody with this name, and its page."""
    case_id = world.record(by, record=record_of(name_ar=name))
    return case_id, f"/cases/{case_id}/together"


def offered(browser: Browser) -> list[str]:
    """The ids of the cases that the page offers."""
    return re.findall(r'<option[^>]* value="([0-9a-f-]{36})"', browser.page)


def rows(browser: Browser) -> list[str]:
    """The cases that the page says are counted together."""
    return re.findall(r'class="row-link" href="/cases/([0-9a-f-]{36})"', browser.page)


def test_two_files_of_one_household_are_brought_together_and_taken_apart(world: World) -> None:
    browser = world.browser("caseworker")
    (one, page), (other, there) = recorded(world, "هدى النجار"), recorded(world, "سامر النجار")
    browser.get(f"/cases/{one}")
    assert f'href="{page}"' in browser.page
    browser.get(page)
    assert "No other case that you may open is counted with this one." in browser.text
    assert str(other) in offered(browser)
    assert str(one) not in offered(browser)
    browser.post(page, version=browser.version, q="سامر النجار", search="1", kind="household")
    assert offered(browser) == [str(other)]
    assert browser.errors == []
    sent = {"version": browser.version, "q": "سامر النجار", "kind": "household", "other": str(other)}
    for _click in range(2):
        answer = browser.post(page, **sent)
        assert (answer.status_code, answer.location) == (303, page)
    browser.get(page)
    assert "The two cases are counted once now." in browser.text
    assert rows(browser) == [str(other)]
    browser.get(there)
    assert rows(browser) == [str(one)]
    assert "سامر" not in browser.title
    browser.get(f"/cases/{one}")
    assert browser.text.count("Counted together with another case") == 1
    browser.get(there)
    leaving = dict(re.findall(r'name="(version|token|kind)" value="([^"]+)"', browser.page))
    for _click in range(2):
        assert browser.post(f"{there}/leave", **leaving).status_code == 303
    browser.get(there)
    assert "The case is counted by itself again." in browser.text
    assert rows(browser) == []


def test_what_is_missing_or_wrong_is_said_beside_the_field_and_keeps_the_rest(world: World) -> None:
    browser = world.browser("caseworker")
    (one, page), (other, _) = recorded(world, "ريم"), recorded(world, "نور")
    hidden, _ = recorded(world, "ريم", by="colleague")
    browser.get(page)
    at = browser.version
    assert browser.post(page, version=at, q="ريم").status_code == 422
    assert browser.errors == [
        "What they share: Say whether it is the same household or the same event.",
        "The other case: Choose a case.",
    ]
    assert 'value="ريم"' in browser.page
    for wrong in (str(hidden), str(one), "'; --"):
        assert browser.post(page, version=at, kind="event", other=wrong).status_code == 422
        assert re.search(r'value="event"[^>]*checked|checked[^>]*value="event"', browser.page)
    browser.post(page, version=at, q="لا أحد بهذا الاسم", search="1")
    assert offered(browser) == []
    assert "Nothing found among the cases that you may open." in browser.text
    stale = browser.post(page, version="7", kind="event", other=str(other))
    assert stale.status_code == 303
    browser.get(stale.location)
    assert "This time nothing was done." in browser.text
    assert rows(browser) == []
    assert browser.post(f"{page}/leave", version=at, kind="village").status_code == 422


def test_a_coordinator_brings_files_together_that_others_work_on(world: World) -> None:
    (_one, page), (other, _) = recorded(world, "علا"), recorded(world, "علا", by="colleague")
    browser = world.browser("coordinator")
    browser.fill(page)
    browser.get(page)
    sent = browser.post(page, version=browser.version, kind="event", other=str(other))
    assert sent.status_code == 303, browser.errors
    browser.get(page)
    assert rows(browser) == [str(other)]
    caseworker = world.browser("caseworker")
    caseworker.get(page)
    assert rows(caseworker) == []
    assert str(other) not in caseworker.page


def reference_of(world: World, case_id: UUID) -> str:
    with world.app.app_context():
        found = db.session.get_one(Case, case_id).reference
        db.session.rollback()
    return found


def test_several_of_one_raid_come_together_by_their_references(world: World) -> None:
    browser = world.browser("caseworker")
    names = ("تالا", "يوسف", "رنا", "سعيد", "غريب")
    (first, page), (second, _), (third, _), (alone, there), (other, _) = (
        recorded(world, one) for one in names
    )
    hidden, _ = recorded(world, "مخفي", by="colleague")
    two, three, four, unseen = (reference_of(world, one) for one in (second, third, alone, hidden))
    browser.get(page)
    sent = {"version": browser.version, "kind": "event"}

    def written(*lines: str) -> dict[str, str]:
        """As a browser sends them, empty ones too."""
        return {f"references-{place}": line for place, line in enumerate(lines)}

    lines = written(two, "", unseen, "", "", "HAM-26-9")
    assert browser.post(page, **sent, **lines).status_code == 422
    assert browser.errors == [
        f"Reference {place}: No other case that you may open has this reference." for place in (3, 6)
    ]
    assert f'value="{two}"' in browser.page
    browser.post(page, **sent, **lines, more="1")
    assert 'name="references-11"' in browser.page
    lines = written(two.lower(), "", "", "", three, "")
    for _click in range(2):
        assert browser.post(page, **sent, **lines).status_code == 303, browser.errors
    browser.get(page)
    assert "The cases are counted once now." in browser.text
    assert set(rows(browser)) == {str(second), str(third)}
    browser.get(there)
    joined = {"version": browser.version, "kind": "event", "other": str(other)}
    assert browser.post(there, **joined).status_code == 303
    browser.get(page)
    sent = {"version": browser.version, "kind": "event", **written(four, two)}
    assert browser.post(page, **sent).status_code == 422
    assert "Reference 1: This case belongs to others already." in browser.errors
    assert not [error for error in browser.errors if error.startswith("Reference 2")]
    browser.get(f"/cases/{second}")
    [named] = re.findall(r'hx-get="([^"]+/together)"', browser.page)
    shown = browser.client.get(named, base_url=HOME, headers={"HX-Request": "true"}).text
    assert reference_of(world, first) in shown
    assert three in shown
    assert not {four, unseen, "<html"} & set(re.findall(r"HAM-[0-9-]+|<html", shown))
    assert (
        world.browser("colleague")
        .client.get(named, base_url=HOME, headers={"HX-Request": "true"})
        .status_code
        == 404
    )


def test_an_adult_of_the_household_has_a_file_of_their_own(world: World) -> None:
    wife = {
        "id": str(uuid4()),
        "role": "spouse",
        "name_ar": "ليلى الحموي",
        "name_latin": "",
        "father": "سعيد",
    }
    case_id = world.record(record=matter("كنان الحموي", wife))
    browser = world.browser("caseworker")
    browser.get(f"/cases/{case_id}/parties/{wife['id']}")
    once = re.findall(r'own-file".*?name="token" value="([^"]+)"', browser.page, re.DOTALL)[0]
    clicks = [browser.post(f"/cases/{case_id}/parties/{wife['id']}/own-file", token=once) for _click in "12"]
    assert {one.status_code for one in clicks} == {303}
    begun = clicks[0]
    assert clicks[1].location == begun.location
    browser.get(begun.location)
    assert "ليلى الحموي" in browser.page
    assert "كنان الحموي" in browser.page  # the husband stands in it as her spouse
    assert "will be counted once" in browser.text
    carried = dict(re.findall(r'name="(beside|counted)"[^>]*value="([^"]+)"', browser.page))
    assert carried == {"beside": str(case_id), "counted": "household"}
    token = re.findall(r'name="token"[^>]*value="([^"]+)"', browser.page)[0]
    own = {"name_ar": "ليلى الحموي", "father": "سعيد", "issue": "A02", "urgency": "U2", "asked": "1"}
    party_of = {"parties-0-role": "spouse", "parties-0-name_ar": "كنان الحموي"}
    made = browser.post(begun.location, **carried, **own, **party_of, token=token, anyway="1")
    assert made.status_code == 303, browser.errors
    browser.get(f"{made.location}/together")
    with world.app.app_context():
        reference = db.session.get_one(Case, case_id).reference
        db.session.rollback()
    assert reference in browser.text


def test_another_person_of_a_raid_is_begun_from_the_first(world: World) -> None:
    case_id = world.record()
    browser = world.browser("caseworker")
    browser.get(f"/cases/{case_id}/together")
    once = re.findall(r'another".*?name="token" value="([^"]+)"', browser.page, re.DOTALL)[0]
    begun, again = (browser.post(f"/cases/{case_id}/together/another", token=once) for _click in "12")
    assert again.location == begun.location
    browser.get(begun.location)
    assert re.findall(r'name="counted"[^>]*value="([^"]+)"', browser.page) == ["event"]
    assert world.browser("lawyer").post(f"/cases/{case_id}/together/another").status_code in {400, 404}


def test_of_one_raid_who_sees_both_files_goes_both_ways_and_nobody_else_reads_of_the_other(
    world: World,
) -> None:
    names = {"caseworker": "وسام القصير", "colleague": "ضحى المارديني"}
    files = {by: recorded(world, name, by=by) for by, name in names.items()}
    with world.app.app_context():
        references = {by: db.session.get_one(Case, case_id).reference for by, (case_id, _) in files.items()}
        db.session.rollback()
    coordinator, (_, page) = world.browser("coordinator"), files["caseworker"]
    coordinator.get(page)
    joined = {"version": coordinator.version, "kind": "event", "other": str(files["colleague"][0])}
    assert coordinator.post(page, **joined).status_code == 303, coordinator.errors
    for by, other in (("caseworker", "colleague"), ("colleague", "caseworker")):
        (case_id, page), (unseen, _) = files[by], files[other]
        coordinator.get(page)
        assert rows(coordinator) == [str(unseen)]
        browser = world.browser(by)
        for path in (f"/cases/{case_id}", page, f"/cases/{case_id}/hand-over", "/desk", "/cases"):
            assert browser.get(path).status_code == 200
            for word in (names[other], str(unseen), references[other]):
                assert word not in browser.page, (by, path)
        browser.get(page)
        browser.post(page, version=browser.version, kind="event", q=names[other], search="1")
        assert offered(browser) == []
        assert browser.get(f"/cases/{unseen}").status_code == 404


def test_the_part_of_a_case_is_no_search_but_a_look_and_reads_one_step_of_what_is_new(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "STEP", 2)
    (other, _), (one, page) = recorded(world, "سلمى"), recorded(world, "سلمى")
    reference = reference_of(world, other)
    with world.app.app_context(), transaction():
        together.join(world.cast["caseworker"], one, 1, other, "event")
    for _ in range(3):
        recorded(world, "جديد")
    browser = world.browser("caseworker")

    def shown() -> str:
        return browser.client.get(page, base_url=HOME, headers={"HX-Request": "true"}).text

    def acts() -> list[tuple[str, UUID | None]]:
        with world.app.app_context():
            found = select(AuditEntry.act, AuditEntry.object_id).order_by(AuditEntry.number)
            said = [(act, about) for act, about in db.session.execute(found)]
            db.session.rollback()
        return said

    before = len(acts())
    for waiting in ("3 cases are not looked through yet.", "One case is not looked through yet."):
        part = shown()
        assert waiting in part
        assert "Household and event" in part
        assert reference not in part
        assert "No other case" not in part
    last = shown()
    assert reference in last
    assert "looked through" not in last
    assert acts()[before:] == [("case.read", one)] * 3
