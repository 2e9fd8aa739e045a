"""Empty databases with all tables, made once a session and copied for each test.

The tables come from the models. tests/store/test_migrations.py shows that the migrations make the same ones.
"""

import shutil
from pathlib import Path

from sqlalchemy import NullPool, create_engine

from core.store.base import Base, prepare_engine
from core.store.migrate import import_models


def create_tables(url: str) -> None:
    """All tables of all models, in an empty database."""
    import_models()
    engine = create_engine(url, poolclass=NullPool)
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    engine.dispose()


class SqliteTemplate:
    """A database file to copy."""

    def __init__(self, path: Path) -> None:
        create_tables(f"sqlite:///{path}")
        self.path = path

    def copy(self, target: Path) -> str:
        """Copy to `target` and give the address."""
        shutil.copyfile(self.path, target)
        return f"sqlite:///{target}"
