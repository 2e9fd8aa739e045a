"""Fixtures for every test. The clusters, servers and clocks behind them live in tests/support/."""

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import Settings
from core.store.base import db
from tests.support.clock import FrozenClock
from tests.support.databases import SqliteTemplate
from tests.support.instances import settings_for
from tests.support.postgres import Cluster

pytest_plugins = [
    "tests.support.warm",
    "tests.support.gates",
    "tests.support.routes",
    "tests.support.servers",
    "tests.support.browsing",
    "tests.support.world",
    "tests.support.racing",
]

# A busy machine is no bug: no example is too slow, and the same examples run everywhere.
hypothesis.settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

# What no database can change: rules and words, on statements that other files carry out on PostgreSQL too.
# `pytest --both` runs these on both, too.
ON_ONE = (
    "tests/accounts/service/test_partners.py",
    "tests/accounts/service/test_recovery.py",
    "tests/accounts/service/test_signin.py",
    "tests/advocacy/test_agreement.py",
    "tests/advocacy/test_contact_outcomes.py",
    "tests/advocacy/test_leaving.py",
    "tests/advocacy/test_recalled.py",
    "tests/advocacy/test_stories.py",
    "tests/advocacy/test_vignettes.py",
    "tests/attacks/test_17_stories_put_back.py",
    "tests/awareness/test_editing.py",
    "tests/cases/service/test_deadlines.py",
    "tests/cases/service/test_law.py",
    "tests/cases/service/test_one_event.py",
    "tests/cases/service/test_taken_out.py",
    "tests/cases/service/test_touched.py",
)
LOCALHOST = ["127.0.0.1", "::1"]
NEEDS_LOCALHOST = {"browser", "live_server", "object_store"}


@pytest.fixture(autouse=True)
def _nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which closings are looked at is chance in life; a test says so where it means it."""
    monkeypatch.setattr("domain.reviews.ONE_IN", 1 << 300)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--both", action="store_true", help="run every test of a service on both databases")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let tests that drive a server talk to this machine, and mark those that drive Chromium."""
    if not config.getoption("--both"):
        items[:] = [one for one in items if not _is_once_more(one)]
    for item in items:
        wanted = NEEDS_LOCALHOST.intersection(getattr(item, "fixturenames", ()))
        if wanted:
            item.add_marker(pytest.mark.allow_hosts(LOCALHOST))
        if "browser" in wanted:
            item.add_marker(pytest.mark.browser)
    # A journey waits for half minutes of authenticators while other files use the processors; and four
    # browsers at once would be slow: their files stand evenly among the others.
    files = [list(found) for _, found in itertools.groupby(items, key=lambda item: item.path)]
    journeys = [found for found in files if any(item.get_closest_marker("browser") for item in found)]
    others = [found for found in files if found not in journeys]
    share = len(others) // len(journeys) + 1 if journeys else len(others)
    mixed = []
    for number in range(0, len(others), share or 1):
        mixed += [*journeys[:1], *others[number : number + share]]
        del journeys[:1]
    items[:] = itertools.chain(*mixed, *journeys)


def _is_once_more(item: pytest.Item) -> bool:
    """Whether it is the run on PostgreSQL of what no database can change; a race there is no such thing."""
    fixtures = getattr(item, "fixturenames", ())
    return item.nodeid.startswith(ON_ONE) and "[postgres" in item.nodeid and "race" not in fixtures


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an instance in a temporary folder, with a database address but no database yet."""
    return settings_for(tmp_path)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("template") / "template.db")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster of our own, listening on a Unix socket only."""
    with Cluster.running() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh, empty database with all tables, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_template").copy(tmp_path / "himaya.db")
        return
    running: Cluster = request.getfixturevalue("cluster")
    with running.database() as url:
        yield url


@pytest.fixture
def app(settings: Settings, database_url: str) -> Iterator[Flask]:
    """The whole application on a fresh database. No application context is open."""
    yield from serving(dataclasses.replace(settings, database_url=database_url))


@pytest.fixture
def sqlite_app(settings: Settings, sqlite_template: SqliteTemplate, tmp_path: Path) -> Iterator[Flask]:
    """The application on SQLite only, for tests that the database cannot change."""
    url = sqlite_template.copy(tmp_path / "himaya.db")
    yield from serving(dataclasses.replace(settings, database_url=url))


def serving(settings: Settings) -> Iterator[Flask]:
    """An application that leaves no connection behind."""
    from app import create_app

    application = create_app(settings)
    application.testing = True
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript that speaks to the application over https."""
    return app.test_client()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """A clock that stands still until told otherwise."""
    return FrozenClock(monkeypatch)
