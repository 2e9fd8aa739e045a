"""The product and the benchmark's floor beside each other, and a count of the statements they send."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, update

from accounts.models import Person
from bench import floor
from bench.pages import change
from bench.plain import open_all, open_doors
from bench.worlds import Member, World
from config.settings import Settings
from core.store.base import db
from tests.conftest import serving
from tests.support.databases import SqliteTemplate


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


@dataclass(frozen=True)
class Both:
    """The caseworker of an organisation with three cases, the product, and the floor on its opened copy."""

    member: Member
    product: Flask
    floor: Flask
    world: World
    plain_url: str


@pytest.fixture
def both(tmp_path: Path, sqlite_template: SqliteTemplate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    sealed, plain = tmp_path / "himaya.db", f"sqlite:///{tmp_path / 'plain.db'}"
    world = World(tmp_path, sqlite_template.copy(sealed), "unsafe-fast-for-tests")
    world.found()
    world.record("caseworker", 3)
    member = world.member("caseworker")
    change(world.database_url, update(Person).values(totp_step=0))  # codes of this half minute let them join
    shutil.copyfile(sealed, tmp_path / "plain.db")
    open_all(world, "caseworker", plain)
    open_doors(world, plain)
    monkeypatch.setenv("FLOOR_DATABASE", plain)
    monkeypatch.setenv("FLOOR_FILES", f"file://{tmp_path}/floor_files")
    with contextmanager(serving)(Settings.from_env(world.env)) as product:
        beneath = floor.web()
        beneath.secret_key = product.secret_key  # some addresses carry what it stands for
        yield Both(member, product, beneath, world, plain)
        with beneath.app_context():
            db.session.remove()
            db.engine.dispose()
