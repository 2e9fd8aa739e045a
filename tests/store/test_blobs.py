"""Sealed objects are written once, read back, deleted, the same way on disk and in a bucket."""

import datetime as dt
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import NotFound
from core.store.blobs import STORE_ERRORS, BlobExistsError, Blobs
from tests.support.servers import child, free_port, wait_for

KEYS = {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented", "AWS_REGION": "eu-central-1"}


@pytest.fixture(scope="module")
def object_store() -> Iterator[str]:
    """A bucket of moto's server."""
    port = free_port()
    with child(sys.executable, "-m", "moto.server", "-p", str(port)) as process:
        url = f"http://127.0.0.1:{port}"
        wait_for(url, process)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in (KEYS | {"AWS_ENDPOINT_URL": url, "AWS_ALLOW_HTTP": "true"}).items():
                patch.setenv(name, value)
            boto3.client("s3", endpoint_url=url, region_name="us-east-1").create_bucket(Bucket="sealed")
            yield "s3://sealed/himaya"


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return Blobs(f"file://{tmp_path}/files")
    return Blobs(request.getfixturevalue("object_store"))


@pytest.mark.allow_hosts(["127.0.0.1"])
class TestBoth:
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(sealed=st.binary(max_size=5000))
    def test_what_was_put_comes_back_until_it_is_deleted(self, blobs: Blobs, sealed: bytes) -> None:
        id = uuid4()
        blobs.put(id, sealed)
        assert blobs.get(id) == sealed
        blobs.delete(id)
        with pytest.raises(NotFound):
            blobs.get(id)

    def test_a_store_bears_the_mark_that_was_put_last_and_lists_it_as_no_object(self, blobs: Blobs) -> None:
        for mark in (uuid4(), uuid4()):
            blobs.put_mark(mark)
            assert blobs.mark() == mark
        blobs.put(id := uuid4(), b"sealed")
        assert id in set(blobs.older_than(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)))
        blobs.clear_unfinished(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
        assert blobs.get(id) == b"sealed"

    def test_an_object_is_never_replaced(self, blobs: Blobs) -> None:
        id = uuid4()
        blobs.put(id, b"first")
        with pytest.raises(BlobExistsError):
            blobs.put(id, b"second")
        assert blobs.get(id) == b"first"

    def test_deleting_twice_is_deleting(self, blobs: Blobs) -> None:
        name = uuid4()
        blobs.put(name, b"sealed")
        blobs.delete(name)
        blobs.delete(name)
        blobs.put(name, b"again")  # the name is free
        assert blobs.get(name) == b"again"

    def test_the_check_leaves_nothing(self, blobs: Blobs) -> None:
        blobs.check()


def test_a_name_on_disk_is_an_id_in_a_folder_that_only_the_owner_opens(tmp_path: Path) -> None:
    blobs, id = Blobs(f"file://{tmp_path}/with%20space"), uuid4()
    blobs.put(id, b"sealed")
    folder = tmp_path / "with space"
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [id.hex]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_store_that_gives_back_something_else_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs(f"file://{tmp_path}")
    monkeypatch.setattr(blobs, "get", lambda _id: b"something else")
    with pytest.raises(STORE_ERRORS):
        blobs.check()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
