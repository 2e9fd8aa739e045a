"""The sweep deletes what broke off, and nothing that another database, or a newer one, may name."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from structlog.testing import capture_logs

from core.documents import copies
from core.store import belonging, sealed_files, sweeping
from core.store.base import db
from core.store.belonging import Standing
from core.store.models import StoreMark
from core.store.transaction import transaction
from intake.models import RequestFile
from intake.service import places, queue
from tests.intake.papers import PDF
from tests.intake.papers import photo as taken
from tests.intake.stage import asked, stored, with_file
from tests.support.cast import Cast, on_stage
from tests.support.clock import FrozenClock

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cast(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    monkeypatch.setattr(places, "is_open", lambda: True)
    monkeypatch.setattr(sweeping, "_swept", [])
    with on_stage(sqlite_app) as found:
        yield found


def files(cast: Cast) -> dict[str, Path]:
    folder = Path(urlsplit(cast.settings.storage_url).path)
    return {path.name: path for path in folder.rglob("*") if path.is_file() and path.name != "goes-with"}


def aged(cast: Cast) -> None:
    for path in files(cast).values():
        os.utime(path, (1, 1))


def rounds(clock: FrozenClock, hours: int) -> None:
    for _hour in range(hours):
        sweeping.sweep_files()
        clock.advance(hours=1)


def standing(clock: FrozenClock) -> Standing:
    return belonging.standing(sealed_files.store(), clock.instant)


def test_what_has_no_row_is_swept_when_it_is_old_and_the_first_day_is_over(
    cast: Cast, clock: FrozenClock
) -> None:
    request_id = asked(cast)
    kept, orphan = with_file(cast, request_id, taken()), stored(PDF)
    with transaction():
        found = queue.open_file(cast["caseworker"], request_id, kept)
    copies.look(found)
    clock.advance(days=-2)
    rounds(clock, 26)
    assert len(files(cast)) == 3  # an upload may still be on its way
    aged(cast)
    sweeping.sweep_files()
    assert orphan.id.hex not in files(cast)
    assert len(files(cast)) == 2
    late = stored(PDF)
    aged(cast)
    sweeping.sweep_files()
    assert late.id.hex in files(cast)  # once an hour
    clock.advance(hours=30)  # the worker was away: something may have been put back meanwhile
    rounds(clock, 24)
    assert late.id.hex in files(cast)
    rounds(clock, 1)
    assert late.id.hex not in files(cast)


@pytest.mark.parametrize("back", ["older", "another"])
def test_a_database_that_was_put_back_deletes_nothing_until_somebody_says_that_it_stays(
    cast: Cast, clock: FrozenClock, back: str
) -> None:
    file_id = with_file(cast, asked(cast), taken())
    rounds(clock, 26)
    with transaction():
        old = db.session.get_one(StoreMark, 1)
        was = {"mark": old.mark, "before": old.before, "since": old.since, "round_at": old.round_at}
    rounds(clock, 2)
    with transaction():
        db.session.execute(delete(RequestFile))
        put_back = update(StoreMark).values(was) if back == "older" else delete(StoreMark)
        db.session.execute(put_back)
    aged(cast)
    with capture_logs() as logs:
        rounds(clock, 50)
    assert file_id.hex in files(cast)
    assert {(one["event"], one["why"]) for one in logs} == {("files.not_swept", "another_mark")}
    assert standing(clock) is Standing.STRANGE
    belonging.bind(sealed_files.store())
    rounds(clock, 24)
    assert file_id.hex in files(cast)
    rounds(clock, 1)
    assert files(cast) == {}


def test_a_round_that_broke_off_makes_no_stranger(
    cast: Cast, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds(clock, 25)

    def away(_mark: UUID) -> None:
        raise OSError

    for _time in range(2):
        with monkeypatch.context() as broken, pytest.raises(OSError):  # noqa: PT011 - any of the store
            broken.setattr(sealed_files.store(), "put_mark", away)
            sweeping.sweep_files()
        clock.advance(hours=1)
        assert standing(clock) is Standing.TOGETHER
    rounds(clock, 1)
    assert standing(clock) is Standing.TOGETHER


def test_where_much_has_no_row_nothing_is_deleted_until_somebody_looked(
    cast: Cast, clock: FrozenClock
) -> None:
    lost = {uuid4() for _file in range(21)}
    for id in lost:
        sealed_files.store().put(id, b"sealed")
    aged(cast)
    with capture_logs() as logs:
        rounds(clock, 26)
    assert set(files(cast)) == {id.hex for id in lost}
    told = {name: value for name, value in logs[0].items() if name != "log_level"}
    assert told == {"event": "files.not_swept", "why": "too_many", "without_row": 21, "of": 21}  # no id
    assert db.session.scalar(select(StoreMark.left)) == 21
    assert sweeping.counted() == (21, 21)
    assert sweeping.sweep(many=True) == 21
    assert files(cast) == {}
    assert db.session.scalar(select(StoreMark.left)) == 0


def test_what_a_killed_upload_left_on_the_disk_goes(cast: Cast) -> None:
    killed = (
        "import os, sys; from uuid import uuid4; from core.store.blobs import Blobs; "
        "w = Blobs(sys.argv[1]).writer(uuid4()); w.write(bytes(900_000)); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", killed, cast.settings.storage_url], cwd=ROOT, check=False)
    (left,) = files(cast)
    assert "#" in left
    sweeping.sweep()
    assert list(files(cast)) == [left]  # it may still be on its way
    aged(cast)
    sweeping.sweep()
    assert files(cast) == {}
