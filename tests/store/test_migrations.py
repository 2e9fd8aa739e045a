"""The migrations lead to the tables of the models, there and back, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import NullPool, create_engine, inspect, text

from core.store.base import Base
from core.store.migrate import downgrade, import_models, is_current, migration_connection, upgrade


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a database without a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('empty')}/himaya.db"
    url: str = request.getfixturevalue("cluster").empty_database()
    return url


def tables(url: str) -> set[str]:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return set(inspect(connection).get_table_names())


def test_the_newest_revision_is_what_the_models_say(empty: str) -> None:
    import_models()
    assert not is_current(empty)
    upgrade(empty)
    assert is_current(empty)
    with migration_connection(empty) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_revision_can_be_taken_back_and_applied_again(empty: str) -> None:
    upgrade(empty)
    full = tables(empty)
    downgrade(empty, "base")
    assert tables(empty) <= {"alembic_version"}
    upgrade(empty)
    assert tables(empty) == full
    assert len(full) > 1


def test_a_migration_that_breaks_a_reference_on_sqlite_is_not_kept(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('broken')}/himaya.db"
    with pytest.raises(RuntimeError, match="points nowhere"), migration_connection(url) as connection:
        connection.execute(text("CREATE TABLE parents (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE children (parent INTEGER REFERENCES parents (id))"))
        connection.execute(text("INSERT INTO children VALUES (1)"))
    assert tables(url) == set()
