"""7. Files: stolen, swapped, cut, broken off, lying about themselves. Nothing of one lies in clear."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, update

from core.access.permissions import Permission
from core.documents import copies, photo
from core.documents.copies import Opened
from core.errors import NotFound
from core.store import sealed_files
from core.store.base import db
from core.store.blobs import RESERVE, Blobs
from core.store.sealed_files import NotTaken, SealedFile
from core.store.transaction import transaction
from intake.models import RequestFile
from intake.service import attachments, places, queue
from tests.intake.papers import PDF, PLACE, SOUND
from tests.intake.papers import photo as taken
from tests.intake.stage import asked, stored, with_file
from tests.support.cast import Cast, on_stage
from vault import Unreadable

SECRET = b"kept from whoever takes the disk "
LARGE = b"%PDF-1.7\n" + SECRET * (20 * 1024 * 1024 // len(SECRET) - 1)
BORDER = "border"


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door stands open, whoever is behind it."""
    monkeypatch.setattr(places, "is_open", lambda: True)


@pytest.fixture
def cast(sqlite_app: Flask) -> Iterator[Cast]:
    with on_stage(sqlite_app) as found:
        yield found


def folder(app: Flask) -> Path:
    return Path(urlsplit(app.extensions["himaya"].storage_url).path)


def objects(app: Flask) -> list[Path]:
    return [path for path in folder(app).rglob("*") if path.is_file()]


def place(file_id: UUID, app: Flask) -> Path:
    return next(path for path in objects(app) if path.name == file_id.hex)


def opened(cast: Cast, request_id: UUID, file_id: UUID) -> bytes:
    with transaction():
        found = queue.open_file(cast["caseworker"], request_id, file_id)
    return b"".join(sealed_files.read(sealed_files.store(), found.file))


def test_a_stolen_disk_tells_nothing_and_the_desk_reads_it(cast: Cast, sqlite_app: Flask) -> None:
    content = PDF + SECRET * 5000
    request_id = asked(cast)
    file_id = with_file(cast, request_id, content)
    loot = b"".join(path.read_bytes() for path in folder(sqlite_app).parent.rglob("*") if path.is_file())
    row = db.session.get_one(RequestFile, file_id)
    for plain in (SECRET, b"%PDF-1", b"application/pdf"):
        assert plain not in loot
        assert plain not in row.sealed
    db.session.rollback()
    assert len(place(file_id, sqlite_app).read_bytes()) > len(content)  # and no exact size
    assert opened(cast, request_id, file_id) == content


def test_swapped_cut_or_turned_it_does_not_open(cast: Cast, sqlite_app: Flask) -> None:
    request_id = asked(cast)
    one, other = (with_file(cast, request_id, PDF + mark * 70_000) for mark in (b"1", b"2"))
    first, second = place(one, sqlite_app), place(other, sqlite_app)
    kept, swapped = first.read_bytes(), second.read_bytes()
    header = 69
    turned = kept[:header] + kept[header + 65552 :] + kept[header : header + 65552]
    for changed in (swapped, kept[:-1], kept[: header + 65552], turned, b""):
        first.write_bytes(changed)
        with pytest.raises(Unreadable):
            opened(cast, request_id, one)
    first.write_bytes(kept)
    assert opened(cast, request_id, one).endswith(b"1")
    first.unlink()
    with pytest.raises(NotFound):
        opened(cast, request_id, one)


@pytest.mark.parametrize("change", ["request", "line", "order", "waits"])
def test_a_row_that_was_moved_does_not_open(cast: Cast, change: str) -> None:
    request_id, elsewhere = asked(cast), asked(cast)
    file_id, other = with_file(cast, request_id), with_file(cast, elsewhere)
    line = db.session.scalars(select(RequestFile.message_id).where(RequestFile.id == other)).one()
    values: dict[str, dict[str, Any]] = {
        "request": {"request_id": elsewhere}, "line": {"message_id": line}, "order": {"number": 9},
        "waits": {"waits": True},
    }  # fmt: skip # one table
    db.session.rollback()
    with transaction():
        db.session.execute(update(RequestFile).where(RequestFile.id == file_id).values(values[change]))
    with pytest.raises(Unreadable), transaction():
        queue.open_request(cast["caseworker"], elsewhere if change == "request" else request_id)
        attachments.waiting(attachments.Owner(_key(cast, request_id), request_id=request_id))


def _key(cast: Cast, request_id: UUID) -> Any:
    from intake.service.reach import find
    from intake.service.sealing import Desk

    request = find(cast["caseworker"], Permission.REQUEST_READ, request_id)
    return Desk(cast["caseworker"]).key(request)


def form(*parts: tuple[str, bytes], end: bool = True) -> bytes:
    """A form as its bytes travel."""
    lines = []
    for head, body in parts:
        start = f"--{BORDER}\r\nContent-Disposition: form-data; {head}\r\n\r\n"
        lines.append(start.encode() + body + b"\r\n")
    return b"".join(lines) + (f"--{BORDER}--\r\n".encode() if end else b"")


class Watched(io.RawIOBase):
    """A body that is looked over the shoulder of: half-way, everything this process has open is read."""

    def __init__(self, body: bytes, at: int, look: Any) -> None:
        self._body, self._place, self._at, self._look = body, 0, at, look

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._body[self._place : self._place + len(buffer)]
        buffer[: len(piece)] = piece
        if self._place < self._at <= self._place + len(piece):
            self._look()
        self._place += len(piece)
        return len(piece)


def sent(
    app: Flask, body: bytes, *, stream: Any = None, length: int | None = None, border: str = BORDER
) -> int:
    """Send a form to the page that takes files, from a telephone that has come there."""
    from tests.intake.stage import ANSWERS, phone
    from tests.support.world import HOME, World

    browser = phone(World(app, None))  # type: ignore[arg-type] # who is at the desk does not matter
    for number in (1, 2):
        browser.fill(f"/m/tr/{number}", **ANSWERS[number])
    browser.get("/m/tr/3")
    body = body.replace(b"CSRF", browser.csrf.encode())
    answer = browser.client.post(
        "/m/tr/3",
        base_url=HOME,
        environ_overrides={
            "wsgi.input": stream(body) if stream else io.BytesIO(body),
            "CONTENT_TYPE": f"multipart/form-data{border and f'; boundary={border}'}",
            "CONTENT_LENGTH": str(len(body) if length is None else length),
        },
    )
    return answer.status_code


FILE, TOKEN = 'name="files"; filename="a.pdf"', ('name="csrf_token"', b"CSRF")


def test_not_a_byte_in_clear_while_twenty_megabytes_arrive(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: object, **_named: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, never)
    seen: list[int] = []

    def look() -> None:
        """Also files that have no name any more: through what this process holds open."""
        for number in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names are numbers
            path = Path(f"/proc/self/fd/{number}")
            if path.is_file():
                content = path.read_bytes()
                assert SECRET not in content, os.readlink(path)  # noqa: PTH115 - a deleted file has no Path
                seen.append(len(content))
        assert any(size > 1_000_000 for size in [path.stat().st_size for path in objects(sqlite_app)])

    body = form(TOKEN, ('name="text"', b"yazdim"), (FILE, LARGE))
    status = sent(
        sqlite_app, body, stream=lambda full: io.BufferedReader(Watched(full, len(full) // 2, look))
    )
    assert status == 303
    assert seen
    (path,) = objects(sqlite_app)
    assert SECRET not in path.read_bytes()


@pytest.mark.parametrize(
    "how", ["broken off", "longer than it says", "shorter than it says", "no border", "wrong border"]
)
def test_a_form_that_breaks_off_or_lies_leaves_nothing(sqlite_app: Flask, how: str) -> None:
    body = form(TOKEN, ('name="text"', b"yazdim"), (FILE, PDF + SECRET * 30_000))
    status = {
        "broken off": lambda: sent(sqlite_app, body[: len(body) // 2], length=len(body)),
        "longer than it says": lambda: sent(sqlite_app, body, length=len(body) // 2),
        "shorter than it says": lambda: sent(sqlite_app, body, length=len(body) + 1000),
        "no border": lambda: sent(sqlite_app, body, border=""),
        "wrong border": lambda: sent(sqlite_app, body, border="another"),
    }[how]()
    if how == "shorter than it says" and status == 303:
        return  # all of the form was there
    assert 400 <= status < 500
    assert objects(sqlite_app) == []


@pytest.mark.parametrize(
    "parts",
    [
        [TOKEN, *[('name="x"', b"y")] * 2000],
        [TOKEN, ('name="text"', b"y" * 3_000_000)],
        [TOKEN, *[(FILE, PDF + str(number).encode()) for number in range(1500)]],
    ],
    ids=["parts", "field", "files"],
)
def test_too_many_parts_and_an_endless_field_are_refused(
    sqlite_app: Flask, parts: list[tuple[str, bytes]]
) -> None:
    assert sent(sqlite_app, form(*parts)) in {413, 422}
    assert len(objects(sqlite_app)) == 0


def test_fields_left_empty_as_a_browser_sends_them_are_no_files(sqlite_app: Flask) -> None:
    empty = [(f'name="{name}"; filename=""', b"") for name in ("voice", "files")]
    assert sent(sqlite_app, form(TOKEN, ('name="text"', b"yazdim"), *empty)) == 303
    assert objects(sqlite_app) == []


def test_more_than_all_files_together_is_refused_before_it_is_read(sqlite_app: Flask) -> None:
    assert sent(sqlite_app, form(TOKEN), length=150 * 1024 * 1024) == 413
    assert objects(sqlite_app) == []


def test_a_file_larger_than_its_limit_is_named_and_leaves_nothing(cast: Cast, sqlite_app: Flask) -> None:
    with pytest.raises(NotTaken) as refused:
        stored(LARGE + bytes(2 * 1024 * 1024))
    assert refused.value.reason == sealed_files.TOO_LARGE
    assert objects(sqlite_app) == []


def test_a_full_disk_says_so_and_leaves_nothing(
    cast: Cast, sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        free = RESERVE

    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Full)
    with pytest.raises(NotTaken) as refused:
        stored(PDF)
    assert refused.value.reason == sealed_files.NO_ROOM
    monkeypatch.undo()

    class Breaks:
        def write(self, _piece: bytes) -> None:
            raise OSError

    monkeypatch.setattr(Blobs, "writer", lambda _self, _id: Breaks())
    with pytest.raises(NotTaken):
        stored(PDF)
    assert objects(sqlite_app) == []


def bomb(width: int, height: int) -> bytes:
    """A picture of one colour: few bytes, many pixels."""
    made = io.BytesIO()
    Image.new("1", (width, height)).save(made, "PNG")
    return made.getvalue()


def test_a_small_file_of_eighty_million_pixels_is_not_unpacked(cast: Cast) -> None:
    content = bomb(10_000, 8_000)
    assert len(content) < 100_000
    request_id = asked(cast)
    file_id = with_file(cast, request_id, content)
    for _time in range(2):
        with transaction():
            found = queue.open_file(cast["caseworker"], request_id, file_id)
        with pytest.raises(NotFound):
            copies.look(found)
    with transaction():  # it stays to be saved, and the page says that it is not shown
        (said,) = queue.open_request(cast["caseworker"], request_id).conversation
    assert [file.can_be_shown for file in said.files] == [False]
    assert opened(cast, request_id, file_id) == content
    assert photo.copy_of(bomb(2000, 1000)) is not None


def test_what_hides_behind_a_photo_is_not_in_its_copy() -> None:
    hidden = b"<script>alert(1)</script>PK\x03\x04"
    for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
        made = photo.copy_of(taken(kind=kind) + hidden)
        assert made is not None
        assert made.startswith(b"\xff\xd8\xff")
        assert hidden not in made
        assert PLACE not in made
        with Image.open(io.BytesIO(made)) as image:
            assert image.size == (20, 40)  # upright
    assert photo.copy_of(b"\xff\xd8\xff" + hidden) is None
    assert photo.copy_of(SOUND) is None


def test_a_photo_of_an_iphone_that_lies_about_its_size_or_is_cut_is_not_unpacked() -> None:
    content = taken(kind="HEIF")
    place = content.index(b"ispe") + 8  # ISO/IEC 23008-12, 6.5.3: how wide and how high
    many = content[:place] + (30_000).to_bytes(4) * 2 + content[place + 8 :]
    for broken in (many, content[: len(content) // 2], content[:40], content[4:8].join((bytes(4), b"heic"))):
        assert photo.copy_of(broken) is None


def test_who_looks_at_the_same_time_leaves_one_copy(cast: Cast, sqlite_app: Flask) -> None:
    request_id = asked(cast)
    file_id = with_file(cast, request_id, taken())
    with transaction():
        found = queue.open_file(cast["caseworker"], request_id, file_id)
    assert copies.look(found)[:2] == copies.look(found)[:2] == b"\xff\xd8"  # both saw that there was none
    assert len(objects(sqlite_app)) == 2


MEASURED = """
import resource, sys, uuid
from core.store.blobs import Blobs
from core.store.sealed_files import Incoming

def arrive(megabytes):
    coming = Incoming(Blobs(sys.argv[1]))
    coming.write(b"%PDF-1.7")
    for _ in range(megabytes * 16):
        coming.write(bytes(65000))
    coming.finish()

arrive(1)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
arrive(20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_does_not_grow_with_a_file(tmp_path: Path) -> None:
    """In kilobytes, in a process of its own; the goal is 8 MB."""
    command = [sys.executable, "-c", MEASURED, f"file://{tmp_path}"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=Path(__file__).parents[2])
    assert int(done.stdout) < 8 * 1024


def test_a_key_and_a_record_do_not_show_in_what_is_printed() -> None:
    file = SealedFile.from_record(
        uuid4(), {"content": "image/png", "size": 1, "digest": "00", "key": "00000001" + "ab" * 32}
    )
    assert "ab" * 8 not in repr(file)
    assert (
        "SealedFile"
        not in repr(Opened(file, None, copy_failed=False, copied=lambda _file, _copy: True)).partition("(")[2]
    )
