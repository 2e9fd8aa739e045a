"""Vain tries are counted without an address, in Redis where there is one; without it doors stay usable."""

import dataclasses
from pathlib import Path

import pytest
import redis

from tests.conftest import serving
from tests.support.databases import SqliteTemplate
from tests.support.instances import settings_for
from tests.support.servers import valkey_at

WRONG = {"email": "nobody@example.org", "password": "x"}


@pytest.fixture
def database(tmp_path: Path, sqlite_template: SqliteTemplate) -> str:
    return sqlite_template.copy(tmp_path / "himaya.db")


def test_counts_lie_in_redis_under_a_name_that_tells_nothing(tmp_path: Path, database: str) -> None:
    with valkey_at(tmp_path / "queue") as (url, process):
        settings = dataclasses.replace(settings_for(tmp_path, database), redis_url=url)
        for app in serving(settings):
            app.config["WTF_CSRF_ENABLED"] = False
            client = app.test_client()
            address = {"REMOTE_ADDR": "203.0.113.77"}
            assert client.post("/sign-in", data=WRONG, environ_base=address).status_code == 422
            with redis.Redis.from_url(url, decode_responses=True) as kept:
                keys = [key for key in kept.scan_iter() if "LIMITS" in key.upper()]
                values = [str(kept.get(key)) for key in keys]
            assert len(keys) == 2
            assert "203.0.113" not in " ".join(keys + values)

            process.terminate()
            process.wait()
            assert client.post("/sign-in", data=WRONG, environ_base=address).status_code == 422


def test_who_succeeds_is_not_counted(tmp_path: Path, database: str) -> None:
    for app in serving(settings_for(tmp_path, database)):
        client = app.test_client()
        assert {client.get("/sign-in").status_code for _ in range(40)} == {200}
