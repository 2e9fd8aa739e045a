"""A PostgreSQL cluster for one test session, in a temporary folder, on a Unix socket, without durability."""

import contextlib
import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.support.databases import create_tables

ACCOUNT = "postgres"
TEMPLATE = "himaya_template"
FAST = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=40",
]
# Whoever is still connected goes; then every row, whatever refers to it.
EMPTY = """
DO $$
DECLARE one regclass;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('DELETE FROM %s', one);
    END LOOP;
END $$
"""


def binaries() -> Path:
    """Folder of the newest installed server. Raises RuntimeError naming the command that installs one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).parent
    raise RuntimeError("PostgreSQL is missing. Install it: apt-get install postgresql")


def _as_server(*command: str) -> list[str]:
    """The command, ended with this process; as another user when we are root, which PostgreSQL refuses."""
    user = [f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig=KILL", *user, *command]


class Cluster:
    """A running cluster. `database()` gives fresh databases that hold all tables and no row."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count()
        self.spare: list[tuple[str, psycopg.Connection]] = []

    @classmethod
    @contextlib.contextmanager
    def running(cls) -> Iterator["Cluster"]:
        """Start, prepare the template database, stop and remove everything."""
        tools = binaries()
        # Not pytest's folder: its parents are closed to other users, and socket paths must stay short.
        folder = Path(tempfile.mkdtemp(prefix="himaya-pg-"))
        if os.geteuid() == 0:
            shutil.chown(folder, ACCOUNT, ACCOUNT)
        data = folder / "data"
        subprocess.run(
            _as_server(
                str(tools / "initdb"), "-D", str(data), "-U", ACCOUNT, "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "--no-sync",
            ),
            check=True, cwd="/", stdout=subprocess.DEVNULL,
        )  # fmt: skip  # one command on two lines
        options = [argument for option in FAST for argument in ("-c", option)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                _as_server(str(tools / "postgres"), "-D", str(data), "-k", str(folder), *options),
                cwd="/",
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        cluster = cls(folder)
        try:
            cluster._wait(server)
            cluster._command(f"CREATE DATABASE {TEMPLATE}")
            create_tables(cluster.url(TEMPLATE))
            yield cluster
        finally:
            for _, sweeper in cluster.spare:
                sweeper.close()
            server.kill()
            server.wait()
            shutil.rmtree(folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Address of a database as SQLAlchemy reads it."""
        return f"postgresql+psycopg://{ACCOUNT}@/{database}?host={self.folder}"

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """A database with all tables and no row. A used one is emptied and lent again: copies are slow.

        It is emptied by a connection that stays, and so knows the tables already.
        """
        if not self.spare:
            name = f"himaya_{next(self.numbers)}"
            self._command(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
            self.spare.append((name, self._connect(name)))
        name, sweeper = self.spare.pop()
        try:
            yield self.url(name)
        finally:
            sweeper.execute(EMPTY)
            self.spare.append((name, sweeper))

    def empty_database(self) -> str:
        """A database without a table, which goes with the cluster."""
        name = f"himaya_{next(self.numbers)}"
        self._command(f"CREATE DATABASE {name}")
        return self.url(name)

    def _command(self, statement: str) -> None:
        with self._connect("postgres") as connection:
            connection.execute(statement.encode())

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user=ACCOUNT, dbname=database, autocommit=True)

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        for _ in range(1200):  # a minute: initdb has just filled the disk's queue
            if server.poll() is not None:
                break
            with contextlib.suppress(psycopg.OperationalError):
                self._command("SELECT 1")
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")
