"""Lists by every filter, and those that somebody keeps under a name."""

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from cases.list_models import OwnList
from cases.models import Case
from cases.service import filtering, listing, own_lists, searching
from cases.service.filtering import Filters
from core import clock
from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_lists import statements
from tests.support.cast import record_of
from tests.support.world import HOME, Browser, World


def recorded(world: World, name: str, **changes: str) -> UUID:
    """A case of the caseworker whose client has a name of their own."""
    with world.app.app_context():
        record = {**record_of(name_ar=name), **changes}
    return world.record(record=record)


def named(browser: Browser) -> set[str]:
    """The names in the table of cases."""
    return set(re.findall(r'class="person[^>]*>([^<]*)<', browser.page))


def test_issue_province_lawyer_and_quiet_choose(world: World) -> None:
    recorded(world, "ليلى", issue="A02", province="31")
    recorded(world, "سمير", issue="A03", province="34")
    quiet, taken = recorded(world, "هادئ", issue="B01", province="31"), recorded(world, "موكَّل", province="27")
    with world.app.app_context():
        world.cast.assign(taken)
        long_ago = clock.now() - dt.timedelta(days=40)
        with transaction():
            db.session.execute(update(Case).where(Case.id == quiet).values(changed_at=long_ago))
    browser = world.browser("caseworker")
    for query, expected in (
        ("province=31", {"ليلى", "هادئ"}),
        ("issue=A02&province=31", {"ليلى"}),
        ("issue=A&province=34", {"سمير"}),
        ("quiet=30", {"هادئ"}),
        ("lawyer=with", {"موكَّل"}),
        ("lawyer=without&province=31&state=open", {"ليلى", "هادئ"}),
        ("restricted=y", set()),
        ("province=31&urgency=U0", set()),
        ("province=<x>&quiet=8", {"ليلى", "سمير", "هادئ", "موكَّل"}),
    ):
        assert browser.get(f"/cases?{query}").status_code == 200
        assert named(browser) == expected, query
    other = world.browser("other_lawyer")
    other.get("/cases?province=31")
    assert named(other) == set()


@pytest.mark.parametrize("query", ["province=06", "lawyer=without&urgency=U3"])
def test_a_filter_goes_on_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    for number in range(5):
        with world.app.app_context():
            record = {**record_of(name_ar=f"س{number}{query[:1]}"), "province": "06"}
        world.record(by="colleague", urgency="U3", record=record)
    browser, seen = world.browser("colleague"), []
    path = f"/cases?{query}"
    while path:
        browser.get(path)
        seen.append(len(named(browser)))
        onward = re.findall(r'href="([^"]*before=[^"]*)" rel="next"', browser.page)
        path = onward[0].replace("&amp;", "&") if onward else ""
    assert max(seen) == 2
    assert sum(seen) >= 5


def test_behind_what_was_looked_at_the_next_page_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SEARCHED", 1)
    first, _second = recorded(world, "أول"), recorded(world, "ثان")
    with world.app.app_context():
        with transaction():
            db.session.execute(
                update(Case).where(Case.id == first).values(changed_at=clock.now() - dt.timedelta(50))
            )
        with transaction():
            page = filtering.listed(world.cast["caseworker"], Filters(quiet="30"))
        assert (page.rows, page.looked) == ([], 1)
        with transaction():
            behind = filtering.listed(world.cast["caseworker"], Filters(quiet="30"), page.next)
    assert [row.id for row in behind.rows] == [first]


@pytest.mark.parametrize(
    ("language", "said"), [("ar", "حُفظت القائمة"), ("tr", "Liste saklandı"), ("en", "The list is kept.")]
)
def test_a_choice_is_kept_sealed_and_stands_on_the_desk(world: World, language: str, said: str) -> None:
    recorded(world, f"في أضنة {language}", province="01")
    browser, token, name = world.browser("caseworker", language), str(uuid4()), f"Adana {language}"
    browser.get("/cases/choose?province=01")
    assert re.search(r'<option selected value="01">', browser.page)
    assert browser.post("/cases/choose", keep="1", token=token, province="01").status_code == 422
    kept = browser.post("/cases/choose", keep="1", token=token, province="01", name=name).location
    assert kept == browser.post("/cases/choose", keep="1", token=token, province="01", name=name).location
    browser.get(kept)
    assert said in browser.text
    assert f"في أضنة {language}" in named(browser)
    assert name not in browser.title
    browser.get("/desk")
    assert f'href="{kept}"' in browser.page
    assert browser.page.count(f"<bdi>{name}</bdi>") == 1
    with world.app.app_context():
        rows = db.session.scalars(select(OwnList)).all()
        assert not [row for row in rows if b"Adana" in row.sealed or b"01" in row.sealed.split(b",")]
    other = world.browser("colleague")
    other.get("/cases")
    assert other.client.get(kept, base_url=HOME).status_code == 404
    assert other.post(f"{kept}/remove").status_code == 404
    assert browser.post("/cases/choose", province="01").location == "/cases?province=01"
    for _click in range(2):
        assert browser.post(f"{kept}/remove").location == "/cases/choose"
    assert browser.get(kept).status_code == 404


def test_twenty_lists_and_no_more(world: World) -> None:
    with world.app.app_context():
        mine = world.cast["lawyer"]
        for number in range(own_lists.MOST):
            with transaction():
                own_lists.save(mine, f"{number}", Filters(state="open"), uuid4())
        with pytest.raises(DomainError), transaction():
            own_lists.save(mine, "one too many", Filters(state="open"), uuid4())
        assert len(own_lists.mine(mine).lists) == own_lists.MOST


def test_a_filtered_list_costs_the_same_however_long_it_is(world: World) -> None:
    browser = world.browser("coordinator")

    def cost(query: str) -> int:
        browser.get(f"/cases?{query}")
        with statements(world) as said:
            assert browser.get(f"/cases?{query}").status_code == 200
        return len(said)

    queries = ("province=01", "lawyer=without")
    few = [cost(query) for query in queries]
    for number in range(12):
        recorded(world, f"ملف {number}", province="01")
    assert [cost(query) for query in queries] == few
    assert max(few) <= 12
