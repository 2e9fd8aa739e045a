"""One act on several cases of a list: ticked, said once, decided for each case by itself."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from cases.list_models import OwnList
from cases.models import Case, CaseMember, Entry
from cases.routes import several
from cases.service import files
from cases.service import several as service
from core.store.base import db
from core.store.transaction import transaction
from tests.support.world import Browser, World


def ticked(browser: Browser, *cases: UUID) -> list[str]:
    """What the boxes of these cases send."""
    browser.get("/cases")
    values = re.findall(r'name="case" value="([^"]+)"', browser.page)
    return [value for value in values if UUID(value.partition(".")[0]) in cases]


def said(browser: Browser) -> dict[str, str]:
    """What became of each case, by its reference."""
    found = {}
    for line in browser.page.split("<tr")[2:]:
        words = " ".join(
            re.sub(r"<svg.*?</svg>|<[^>]*>", " ", line.partition("</tr>")[0], flags=re.DOTALL).split()
        )
        known = re.search(r"(HAM-[0-9-]+) (.*)", words)
        if known:
            found[known[1]] = known[2]
    return found


def reference(world: World, case_id: UUID) -> str:
    with world.app.app_context():
        return db.session.get_one(Case, case_id).reference


@pytest.mark.parametrize(
    ("language", "button", "over"),
    [("ar", "بالملفات المؤشَّر عليها", "نُفِّذ في كل ملف"), ("tr", "İşaretli dosyalarla", "Her dosyada yapıldı")],
)
def test_a_next_step_for_several_without_scripts(world: World, language: str, button: str, over: str) -> None:
    cases = [world.record() for _ in range(3)]
    browser, step = world.browser("caseworker", language), f"call the bar {language}"
    chosen = ticked(browser, *cases)
    assert button in browser.text
    assert len(chosen) == 3
    assert browser.post("/cases/several", case=chosen).status_code == 200
    assert browser.page.count('class="row-link"') == 3
    given = {"case": chosen, "do": "1", "act": "next_step", "token": str(uuid4())}
    assert browser.post("/cases/several", **given).status_code == 422
    first = browser.post("/cases/several", **given, next_step=step)
    twice = browser.post("/cases/several", **given, next_step=step)
    assert first.location == twice.location
    browser.get(first.location)
    assert over in browser.text
    browser.get(first.location)
    browser.get("/cases")
    assert browser.text.count(step) == 3
    with world.app.app_context():
        lines = select(func.count()).select_from(Entry).where(Entry.case_id.in_(cases))
        assert db.session.scalar(lines) == 6, "recorded and changed, once each"
        row = db.session.scalars(select(OwnList).order_by(OwnList.made_at.desc())).first()
        assert row is not None
        assert not row.open
        assert step.encode() not in row.sealed


def test_each_case_is_decided_by_itself(world: World) -> None:
    good, stale, closed, lost, tampered = (world.record() for _ in range(5))
    browser = world.browser("caseworker")
    chosen = ticked(browser, good, stale, closed, lost, tampered)
    with world.app.app_context():
        mine = world.cast["caseworker"]
        with transaction():
            files.set_next_step(mine, stale, 1, "somebody was quicker")
        with transaction():
            db.session.execute(update(Case).where(Case.id == closed).values(state="closed"))
            db.session.execute(update(Case).where(Case.id == tampered).values(head=b"x"))
    given = {"case": chosen, "do": "1", "act": "next_step", "token": str(uuid4()), "next_step": "new"}
    begun = browser.post("/cases/several", **given).location
    with world.app.app_context(), transaction():
        gone = update(CaseMember).where(CaseMember.case_id == lost)
        db.session.execute(gone.values(ended_at=func.current_timestamp()))
    browser.get(begun)
    found = said(browser)
    assert found[reference(world, good)] == "Done"
    assert found[reference(world, stale)].startswith("Somebody changed it meanwhile.")
    assert found[reference(world, closed)].startswith("A closed file is not edited.")
    assert found[reference(world, tampered)].startswith("Its parts do not fit together.")
    assert reference(world, lost) not in browser.page
    assert "A case that you may not open You may not do this here." in browser.text
    assert "In 4 cases nothing was done." in browser.text


def test_states_and_colleagues(world: World) -> None:
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id)
    browser, colleague = world.browser("caseworker"), str(world.cast["colleague"].person_id)
    for act, fields, again in (
        ("state", {"to": "waiting_court"}, "It was so already"),
        ("member", {"person": colleague}, "It was so already"),
    ):
        for expected in ("Done", again):
            given = {"case": ticked(browser, case_id), "do": "1", "act": act, "token": str(uuid4()), **fields}
            browser.get(browser.post("/cases/several", **given).location)
            assert said(browser) == {reference(world, case_id): expected}
    with world.app.app_context():
        assert db.session.get_one(Case, case_id).state == "waiting_court"
    other = world.browser("colleague")
    assert ticked(other, case_id)
    lawyer = world.browser("lawyer")
    chosen = ticked(lawyer, case_id)
    lawyer.post("/cases/several", case=chosen)
    assert "Put a colleague on them" not in lawyer.text
    given = {"case": chosen, "do": "1", "act": "member", "person": colleague, "token": str(uuid4())}
    assert lawyer.post("/cases/several", **given).status_code == 422


def test_many_go_on_by_themselves_and_the_desk_leads_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [world.record(by="colleague") for _ in range(3)]
    browser = world.browser("colleague")
    given = {"case": ticked(browser, *cases), "do": "1", "act": "next_step", "token": str(uuid4())}
    begun = browser.post("/cases/several", **given, next_step="x").location
    browser.get("/desk")
    assert f'href="{begun}"' in browser.page
    monkeypatch.setattr(several, "SECONDS", 0.0)
    loads = 0
    while browser.get(begun).headers.get("Refresh"):
        loads += 1
        assert loads < 9
    assert loads
    assert said(browser) == {reference(world, case_id): "Done" for case_id in cases}
    browser.get("/desk")
    assert begun not in browser.page
    assert world.browser("caseworker").client.get(begun, base_url="https://localhost").status_code == 404


def test_nothing_too_much_and_what_is_not_mine_are_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [world.record() for _ in range(2)]
    browser, other = world.browser("caseworker"), world.browser("other_lawyer")
    chosen = ticked(browser, *cases)
    other.get("/cases")
    for who, sent in ((browser, []), (browser, ["x", "1.x"]), (other, chosen)):
        for page in ("/cases/several", "/cases/several/hand-over"):
            assert who.post(page, case=sent).location == "/cases"
    browser.post("/cases/several/hand-over", case=chosen)
    assert browser.page.count('class="section handover"') == 2
    monkeypatch.setattr(service, "MOST", 1)
    assert browser.post("/cases/several", case=chosen).status_code == 422


def test_a_task_for_several_stands_once_in_each_and_on_the_desk_of_who_has_it(world: World) -> None:
    cases = [world.record() for _ in range(2)]
    alone = world.record("coordinator")
    browser = world.browser("coordinator")
    chosen = ticked(browser, *cases, alone)
    assert len(chosen) == 3
    owner = str(world.cast["caseworker"].person_id)
    given = {"case": chosen, "do": "1", "act": "task", "token": str(uuid4()), "owner": owner}
    assert browser.post("/cases/several", **given).status_code == 422
    assert any("Write what is to be done" in one for one in browser.errors)
    assert browser.post("/cases/several", **given, title="x", day=["1", "1", "1990"]).status_code == 422
    assert 'value="1990"' in browser.page
    due = ["1", "12", "2026"]
    places = [browser.post("/cases/several", **given, title="Ask the bar", day=due).location for _ in "12"]
    assert places[0] == places[1]
    browser.get(places[0])
    outcome = said(browser)
    assert [outcome[reference(world, one)].split()[-1] for one in cases] == ["Done", "Done"]
    assert "can open this case" in outcome[reference(world, alone)]
    colleague = world.browser("caseworker")
    colleague.get("/todo")
    assert colleague.text.count("Ask the bar") == 2
    for case_id in cases:
        colleague.get(f"/cases/{case_id}")
        assert colleague.text.count("Ask the bar") >= 1


@pytest.mark.parametrize(
    ("language", "said"), [("ar", "وخمسين على الأكثر. لم"), ("tr", "en çok elli dosya seçin. H")]
)
def test_too_many_ticks_stay_to_be_taken_away_and_the_list_is_found_again(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setattr(service, "MOST", 2)
    cases = [world.record() for _ in range(3)]
    browser, back = world.browser("caseworker", language), "/cases?state=open"
    chosen = ticked(browser, *cases)
    browser.get(back)
    assert f'name="back" value="{back}"' in browser.page
    for act in ("/cases/several", "/cases/several/hand-over"):
        assert browser.post(act, case=chosen, back=back).status_code == 422
        assert said in browser.text
        assert browser.page.count(" checked>") == 3
        assert f'name="back" value="{back}"' in browser.page
    assert browser.post("/cases/several", back=back).location == back
    assert browser.post("/cases/several", back="//evil.example").location == "/cases"


def test_a_version_that_no_column_holds_is_one_that_no_case_has(world: World) -> None:
    case_id, browser = world.record(), world.browser("caseworker")
    [chosen] = ticked(browser, case_id)
    given = {"do": "1", "act": "next_step", "token": str(uuid4()), "next_step": "new"}
    begun = browser.post("/cases/several", case=chosen.partition(".")[0] + "." + "9" * 23, **given)
    browser.get(begun.location)
    assert said(browser)[reference(world, case_id)].startswith("Somebody changed it meanwhile.")
    assert browser.get(f"/law/years/{'9' * 23}").status_code == 404
    assert browser.get(f"/templates/{uuid4()}/{'9' * 23}.docx").status_code == 404
