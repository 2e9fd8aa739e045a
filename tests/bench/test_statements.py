"""How many statements a page costs, and that the benchmark's floor asks its database as often."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select

from accounts.identity import COOKIE
from bench import floor
from bench.plain import open_all
from bench.worlds import Member, World
from cases.models import Case
from cases.service import timeline
from config.settings import Settings
from core.store.base import db
from core.store.transaction import transaction
from tests.conftest import serving
from tests.support.databases import SqliteTemplate

LIST_AT_MOST = 8  # docs/performance.md, P1
HOME = "https://localhost"


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that this application sends; beginning a transaction is none."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def visit(app: Flask, member: Member, path: str) -> tuple[int, str]:
    """How many statements the page costs when everything is warm, and the page."""
    client = app.test_client()
    client.set_cookie(COOKIE, member.cookie, domain="localhost", secure=True)
    client.set_cookie(floor.COOKIE, member.lookup, domain="localhost")
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
def test_the_floor_does_the_same_page_with_as_many_statements(
    tmp_path: Path, sqlite_template: SqliteTemplate, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    sealed, plain = tmp_path / "himaya.db", f"sqlite:///{tmp_path / 'plain.db'}"
    world = World(tmp_path, sqlite_template.copy(sealed), "unsafe-fast-for-tests")
    world.found()
    world.record("caseworker", 3)
    member = world.member("caseworker")
    shutil.copyfile(sealed, tmp_path / "plain.db")
    open_all(world, "caseworker", plain)
    monkeypatch.setenv("FLOOR_DATABASE", plain)
    with contextmanager(serving)(Settings.from_env(world.env)) as product:
        address = path.format(case=newest(product))
        ours, our_page = visit(product, member, address)
    beneath = floor.web()
    theirs, their_page = visit(beneath, member, address)
    with beneath.app_context():
        db.session.remove()
        db.engine.dispose()
    assert theirs == ours
    assert shown(their_page) == shown(our_page) != []
