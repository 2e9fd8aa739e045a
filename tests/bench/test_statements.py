"""How many statements a page costs, and that the benchmark's floor asks its database as often."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.identity import COOKIE
from bench import filling, floor_doors
from bench.worlds import Member, World
from cases.models import Case, CaseFile
from cases.service import deadline_cards, documents, keys, rows, timeline
from cases.service.reach import find
from config.settings import Settings
from core.access.permissions import Permission
from core.store.base import db
from core.store.transaction import transaction
from tests.bench.conftest import Both, counted
from tests.conftest import serving
from vault import Key

LIST_AT_MOST = 8  # docs/performance.md, P1
HOME = "https://localhost"


def visit(app: Flask, member: Member, path: str) -> tuple[int, str]:
    """How many statements the page costs when everything is warm, and the page."""
    client = app.test_client()
    client.set_cookie(COOKIE, member.cookie, domain="localhost", secure=True)
    client.set_cookie(floor_doors.COOKIE, member.lookup, domain="localhost")
    client.get(path, base_url=HOME)
    with counted(app) as sent:
        answer = client.get(path, base_url=HOME)
    assert answer.status_code == 200
    return len(sent), answer.text


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> World:
    """An organisation in which the caseworker has recorded three cases."""
    made = World(tmp_path, database_url, "unsafe-fast-for-tests")
    made.found()
    made.record("caseworker", 3)
    return made


@pytest.fixture
def product(world: World) -> Iterator[Flask]:
    yield from serving(Settings.from_env(world.env))


def newest(app: Flask) -> UUID:
    with app.app_context():
        return db.session.scalars(select(Case.id).order_by(Case.number.desc()).limit(1)).one()


def test_the_list_costs_eight_statements_whatever_the_rows(world: World, product: Flask) -> None:
    few, page = visit(product, world.member("caseworker"), "/cases")
    assert page.count('class="row-link"') == 3
    world.record("caseworker", 6)
    more, page = visit(product, world.member("caseworker"), "/cases")
    assert page.count('class="row-link"') == 9
    assert few == more <= LIST_AT_MOST


def test_the_page_of_a_case_costs_the_same_whatever_its_notes(world: World, product: Flask) -> None:
    case = newest(product)
    without, page = visit(product, world.member("caseworker"), f"/cases/{case}")
    lines = page.count('class="entry ')
    with world.app():
        actor = world.actor("caseworker")
        for _ in range(7):
            with transaction():
                timeline.add_note(actor, case, "note", "سطر", uuid4())
    with_notes, page = visit(product, world.member("caseworker"), f"/cases/{case}")
    assert page.count('class="entry ') == lines + 7
    assert without == with_notes


def shown(page: str) -> list[str]:
    """Names, links to cases and what was typed, as they stand on a page."""
    return re.findall(r'class="(?:person|row-link|typed)[^>]*>[^<]*', page)


@pytest.mark.parametrize("path", ["/cases", "/cases?before=3", "/cases/{case}"])
def test_the_floor_does_the_same_page_with_as_many_statements(both: Both, path: str) -> None:
    address = path.format(case=newest(both.product))
    ours, our_page = visit(both.product, both.member, address)
    theirs, their_page = visit(both.floor, both.member, address)
    assert theirs == ours
    assert shown(their_page) == shown(our_page) != []


def papers(world: World, case: UUID, first: int, end: int, *, versions: bool = False) -> None:
    """Add documents, the newest last; as versions each replaces the one before."""
    before = None
    with world.app(), transaction():
        actor = world.actor("caseworker")
        found = find(actor, Permission.CASE_NOTE, case)
        key = keys.case_key(actor, found)
        for number in range(first, end):
            file, about = filling.sealed_file(number), {"title": f"Belge {number}"}
            about |= {"replaces": str(before)} if before and versions else {}
            documents.add(actor, found, key, [(file, about)])
            before = file.id
        rows.written(actor, "case.file", key, found)


def test_the_page_of_a_case_opens_the_newest_documents_alone(
    world: World, product: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = newest(product)
    papers(world, case, 0, 6)
    few, page = visit(product, world.member("caseworker"), f"/cases/{case}")
    papers(world, case, 6, 20, versions=True)
    opened: list[UUID] = []
    content_of = documents.content_of

    def seen(found: Case, key: Key, row: CaseFile) -> dict[str, Any]:
        opened.append(row.id)
        return content_of(found, key, row)

    monkeypatch.setattr(documents, "content_of", seen)
    _, page = visit(product, world.member("caseworker"), f"/cases/{case}")
    titles = re.findall(r"<bdi>(Belge \d+)</bdi></a> <span", page)
    assert titles == ["Belge 19", "Belge 5", "Belge 4", "Belge 3", "Belge 2"]  # older versions lie beneath
    assert len(opened) == 2 * (12 + 20)  # so many of the newest are versions that all were looked at
    papers(world, case, 20, 50)
    del opened[:]
    many, page = visit(product, world.member("caseworker"), f"/cases/{case}")
    assert (many, len(opened)) == (few, 2 * 12)  # `visit` asks twice
    assert re.findall(r"كل الوثائق[^<]*", page) == ["كل الوثائق (٥٠)"]


def test_years_of_work_in_a_case_show_the_next_deadlines_and_the_newest_lines(
    world: World, product: Flask
) -> None:
    member = world.member("caseworker")
    with world.app():
        actor, colleague = world.actor("caseworker"), world.actor("colleague")
        watchers = (actor.person_id, colleague.person_id)
        much = filling.filled_case(actor, notes=30, papers=20, dated=9, watchers=watchers)
        more = filling.filled_case(actor, notes=60, papers=40, dated=18, watchers=watchers)
    costs, page = visit(product, member, f"/cases/{more}")
    assert (costs, page.count('class="entry ')) == (
        visit(product, member, f"/cases/{much}")[0],
        timeline.PAGE,
    )
    address = f'href="/cases/{more}/deadlines/'
    shown = page[page.index('id="deadlines"') : page.index("كل المهل (١٨)")]
    assert shown.count(address) == deadline_cards.SHOWN
    [every] = re.findall(r'href="([^"]*deadlines=all)#deadlines"', page)
    _, page = visit(product, member, every)
    assert "كل المهل" not in page
    assert len(set(re.findall(rf"{address}([0-9a-f-]{{36}})", page))) == 18
