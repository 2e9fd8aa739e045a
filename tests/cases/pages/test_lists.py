"""The list, its filters, the search and the desk: what is shown, and at what cost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import event, update

from cases.models import Case
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import record_of
from tests.support.world import World


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile, without those that begin and end a transaction."""
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append(statement)

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("language", ["ar", "tr", "en"])
@pytest.mark.parametrize("page", ["/cases", "/cases/search", "/deadlines", "/desk"])
@pytest.mark.parametrize("name", ["caseworker", "coordinator", "lawyer"])
def test_lists_open_in_every_language(world: World, language: str, page: str, name: str) -> None:
    world.record()
    browser = world.browser(name, language)
    assert browser.get(page).status_code == 200
    assert "محمد" not in browser.title


def test_a_desk_without_cases_says_so(world: World) -> None:
    for name in ("manager", "admin"):
        browser = world.browser(name)
        browser.get("/desk")
        # From November on an administrator has a year of holidays to confirm.
        assert name == "admin" or "Nothing waits for you" in browser.page
        assert browser.get("/cases").status_code == 404


def test_filters_choose_and_unknown_ones_do_nothing(world: World) -> None:
    with world.app.app_context():
        urgent = record_of(name_ar="وليد المستعجل")
    world.record(record=urgent, urgency="U0")
    browser = world.browser("coordinator")
    browser.get("/cases?urgency=U0&state=open&mine=")
    assert "وليد المستعجل" in browser.page
    browser.get("/cases?urgency=U3")
    assert "وليد المستعجل" not in browser.page
    browser.get("/cases?mine=y")
    assert "وليد المستعجل" not in browser.page
    for nonsense in ("urgency=U9", "state=<script>", "before=x", "before=-1", "before=99999999999999999999"):
        assert browser.get(f"/cases?{nonsense}").status_code == 200


def test_the_search_finds_by_any_spelling_and_keeps_the_words_out_of_addresses(world: World) -> None:
    browser = world.browser("coordinator")
    world.record()
    browser.get("/cases/search")
    for words in ("محمد", "muhammed", "ELAHMED", "HAM-26"):
        assert browser.post("/cases/search", q=words).status_code == 200
        assert "محمد الأحمد" in browser.page, words
        assert not re.search(rf'(href|action)="[^"]*{words}', browser.page)
    browser.post("/cases/search", q="zzzz")
    assert "Nothing found" in browser.page
    assert browser.post("/cases/search", q=" ").status_code == 422
    assert browser.get("/cases/search?q=muhammed").status_code == 200
    assert "محمد الأحمد" not in browser.page


def test_the_search_of_others_finds_nothing_of_mine(world: World) -> None:
    world.record()
    browser = world.browser("other_lawyer")
    browser.get("/cases/search")
    browser.post("/cases/search", q="محمد")
    assert "Nothing found" in browser.page


def test_a_list_costs_the_same_however_long_it_is(world: World) -> None:
    browser = world.browser("coordinator")

    def cost() -> int:
        browser.get("/cases")  # the first look puts keys on the ring
        with statements(world) as said:
            assert browser.get("/cases").status_code == 200
        return len(said)

    world.record()
    few = cost()
    for _ in range(20):
        world.record()
    assert cost() == few
    assert few <= 8


def test_the_page_of_a_case_costs_the_same_however_long_its_timeline_is(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"

    def cost() -> int:
        browser.get(path)
        with statements(world) as said:
            assert browser.get(path).status_code == 200
        return len(said)

    few = cost()
    for number in range(25):
        assert browser.post(f"{path}/notes", kind="note", text=f"line {number}").status_code == 303
    assert cost() == few
    [older] = re.findall(r'href="([^"]*before=[^"]*)"', browser.page)
    browser.get(older)
    assert "line 0" in browser.page
    assert browser.get(f"{path}?before=nonsense").status_code == 404


def in_state(world: World, state: str, *urgencies: str, by: str = "caseworker") -> list[UUID]:
    """Cases of these urgencies that stand in a state."""
    cases = [world.record(by=by, urgency=urgency) for urgency in urgencies]
    with world.app.app_context(), transaction():
        db.session.execute(update(Case).where(Case.id.in_(cases)).values(state=state))
    return cases


@pytest.mark.parametrize("name", ["caseworker", "coordinator", "lawyer"])
def test_a_desk_costs_the_same_however_much_waits(world: World, name: str) -> None:
    browser = world.browser(name)

    def cost() -> int:
        browser.get("/desk")
        with statements(world) as said:
            assert browser.get("/desk").status_code == 200
        return len(said)

    for state in ("open", "in_review", "waiting_person"):
        in_state(world, state, "U2")
    few = cost()
    for state in ("open", "in_review", "waiting_person"):
        in_state(world, state, *["U2"] * 7)
    assert cost() == few
    assert few <= {"caseworker": 24, "coordinator": 36, "lawyer": 26}[name], few


def test_what_waits_stands_by_urgency_and_then_by_age(world: World) -> None:
    later, first, second = in_state(world, "waiting_person", "U1", "U0", "U0", by="colleague")
    in_state(world, "closed", "U0", by="colleague")
    lost = in_state(world, "lost_contact", "U1", by="colleague")
    browser = world.browser("colleague")
    browser.get("/desk")
    [waiting] = re.findall(r'<section class="section" id="waiting".*?</section>', browser.page, re.DOTALL)
    assert re.findall(r"/cases/([0-9a-f-]{36})", waiting) == [
        str(one) for one in (first, second, later, *lost)
    ]


@pytest.mark.parametrize("page", ["/desk", "/deadlines", "/deadlines?whose=mine"])
@pytest.mark.parametrize("name", ["caseworker", "coordinator", "lawyer"])
def test_no_desk_walks_through_the_organisation(world: World, name: str, page: str) -> None:
    """However SQLite reads a table of a desk, an index names the state, the person or the case."""
    browser = world.browser(name)
    with statements(world) as said:
        browser.get(page)
    reads = [statement for statement in said if "FROM cases" in statement]
    assert reads
    with world.app.app_context(), db.engine.connect() as connection:
        for statement in reads:
            blanks = tuple(None for _ in range(statement.count("?")))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", blanks).all()
            steps = [str(row[-1]) for row in plan]
            assert not [step for step in steps if re.search(r"SCAN cases|\(organisation_id=\?\)$", step)], (
                steps
            )
