"""ZIPs of conversations on both databases: stored once, each file kept once, whoever goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.models import CaseArchive, CaseFile
from cases.service import archives, conversations, documents, files, unpacking
from cases.service.archives import Work
from cases.service.conversations import Said
from core.store import sealed_files
from core.store.base import db
from core.store.transaction import transaction
from domain.imports.whatsapp import parse
from tests.cases import archived
from tests.intake.papers import PDF, VIDEO, photo
from tests.support.cast import Cast, on_stage

FILES = {"IMG-1.jpg": photo(), "a.pdf": PDF, "VID.mp4": VIDEO, "IMG-2.jpg": photo(colour="blue")}
TEXT = "\n".join(f"31.10.2026 21:4{n} - Selma: {name} (file attached)" for n, name in enumerate(FILES))


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def work(cast: Cast, case_id: UUID, archive_id: UUID) -> Work:
    with transaction():
        found = archives.read(cast["caseworker"], case_id, archive_id)
    assert found
    return found


def told(cast: Cast, case_id: UUID) -> tuple[Work, int]:
    """A ZIP of which somebody said who is who, and how many messages that brought."""
    archive_id = archived.brought(cast["caseworker"], case_id, TEXT, FILES)
    fresh = work(cast, case_id, archive_id)
    export = unpacking.look(fresh.file)
    found, who, token = parse(export.text, dt.date(2026, 11, 27)), {"Selma": "client"}, uuid4()
    added = []
    for _time in range(2):  # a double click stores once
        with transaction():
            added.append(archives.store(cast["caseworker"], fresh, found, who, export.parts, token))
    assert added[1] == 0
    return work(cast, case_id, archive_id), added[0]


def step(cast: Cast, one: Work, count: int = 1) -> frozenset[UUID]:
    found = unpacking.unpack(one, (one.to_keep or ())[:count], 0 if count == 1 else 1e12)
    with transaction():
        kept = archives.put(cast["caseworker"], one, found)
    unpacking.forget(
        [file for file in found if isinstance(file, sealed_files.SealedFile) and file.id not in kept]
    )
    return kept


def said(cast: Cast, case_id: UUID, one: Work) -> list[Said]:
    assert one.line_id
    with transaction():
        return conversations.read(cast["caseworker"], case_id, one.line_id)


def test_two_who_go_on_at_once_keep_each_file_once(cast: Cast) -> None:
    case_id = cast.record()
    first, added = told(cast, case_id)
    assert added == len(FILES)
    assert first.to_keep
    assert len(step(cast, first)) == 1
    assert step(cast, first) == frozenset()  # another page, which saw it as it was before
    last = work(cast, case_id, first.id)
    assert len(step(cast, last, 9)) == 2  # the video is left out
    done = work(cast, case_id, first.id)
    assert (done.to_keep, done.kept, dict(done.left)) == ((), 3, {"video": 1})
    for _time in range(2):
        with transaction():
            archives.finish(cast["caseworker"], done)
    messages = said(cast, case_id, done)
    assert [bool(one.document) for one in messages] == [True, True, False, True]
    assert [one.left for one in messages] == ["", "", "video", ""]
    with transaction():
        found = files.open_case(cast["caseworker"], case_id)  # the head fits
    about = {one.about["name"]: one.about for one in found.documents}
    assert set(about) == set(FILES) - {"VID.mp4"}
    assert about["a.pdf"]["who"] == "Selma"
    assert about["a.pdf"]["on"] == "2026-10-31"
    assert db.session.query(CaseArchive).count() == 0
    left = set(sealed_files.store().older_than(dt.datetime.now(dt.UTC) + dt.timedelta(days=1)))
    assert left == {row.id for row in db.session.query(CaseFile)}
    db.session.rollback()


def test_a_case_that_is_full_says_so_at_the_message_and_takes_it_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = cast.record()
    monkeypatch.setattr(documents, "MOST", 1)
    one, _added = told(cast, case_id)
    step(cast, one, 9)
    done = work(cast, case_id, one.id)
    assert dict(done.left) == {"full": 2, "video": 1}
    assert [message.left for message in said(cast, case_id, done)] == ["", "full", "video", "full"]
    with transaction():
        archives.finish(cast["caseworker"], done)
    monkeypatch.undo()
    again, added = told(cast, case_id)  # the same export once more
    assert added == 0
    assert [wanted.name for wanted in again.to_keep or ()] == ["a.pdf", "IMG-2.jpg"]
    step(cast, again, 9)
    messages = said(cast, case_id, work(cast, case_id, again.id))
    assert [bool(message.document) for message in messages] == [True, True, False, True]
    assert [message.left for message in messages] == ["", "", "video", ""]
