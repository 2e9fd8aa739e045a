"""ZIPs of WhatsApp conversations: looked at, brought in, photos and voice seen and heard at their message."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select, update

from cases.models import Case, CaseArchive, CaseFile
from cases.routes import archives as steps
from cases.service import archives, rotation, unpacking
from cases.service.reach import find
from core import clock
from core.access.permissions import Permission
from core.store import sweeping
from core.store.base import db
from core.store.transaction import transaction
from tests.cases import archived
from tests.cases.archived import NAME
from tests.intake.papers import PDF, PLACE, PROGRAM, VIDEO, photo, upload
from tests.support.world import Browser, World

OPUS = b"OggS" + bytes(24) + b"OpusHead" + b"an invented voice " * 40
WHO = {
    "people-0-name": "سلمى", "people-0-role": "client", "people-1-name": "Hukuk", "people-1-role": "us",
    "people-2-name": "Komşu", "people-2-role": "left_out",
}  # fmt: skip # three people
PHOTO, LATER, NEIGHBOUR = photo(), photo(colour="blue"), photo(colour="green")
TEXT = (
    "31.10.2026 21:40 - Mesajlar ve aramalar uçtan uca şifrelidir.\n"
    "31.10.2026 21:41 - سلمى: \u200eIMG-1.jpg (الملف مرفق)\nهذا القرار\n"
    "31.10.2026 21:42 - سلمى: \u200ePTT-1.opus (الملف مرفق)\n"
    "31.10.2026 21:43 - Hukuk: \u200eDilekçe.pdf (dosya ekli)\n"
    "31.10.2026 21:44 - سلمى: \u200eVID-1.mp4 (الملف مرفق)\n"
    "31.10.2026 21:45 - Komşu: \u200eIMG-2.jpg (dosya ekli)\n"
    "31.10.2026 21:46 - سلمى: \u200eIMG-9.jpg (الملف مرفق)\n"
)
FILES = {
    "IMG-1.jpg": PHOTO, "PTT-1.opus": OPUS, "Dilekçe.pdf": PDF, "VID-1.mp4": VIDEO, "IMG-2.jpg": NEIGHBOUR,
}  # fmt: skip # what messages name


def packed(text: str = TEXT, files: dict[str, bytes] = FILES, name: str = NAME) -> bytes:
    return archived.packed(text, files, name)


def told_size(content: bytes, size: int) -> bytes:
    """A ZIP that says of its first file how large it is."""
    place = content.index(b"PK\1\2") + 24
    return content[:place] + size.to_bytes(4, "little") + content[place + 4 :]


@pytest.fixture
def case(world: World) -> str:
    return f"/cases/{world.record()}"


def objects(world: World) -> set[str]:
    folder = Path(urlsplit(world.app.extensions["himaya"].storage_url).path)
    return {path.name for path in folder.rglob("*") if path.is_file()}


def rows(world: World) -> set[str]:
    with world.app.app_context():
        files = db.session.query(CaseFile).all()
        found = {one.hex for row in files for one in (row.id, row.copy_id) if one}
        found |= {row.id.hex for row in db.session.query(CaseArchive)}
        db.session.rollback()
        return found


def bring(browser: Browser, case: str, content: bytes) -> str:
    """Bring a ZIP; gives the address of the page that shows what is in it."""
    browser.get(f"{case}/conversation/zip")
    answer = browser.post(f"{case}/conversation/zip", file=upload(content, "a.zip"))
    assert answer.status_code == 303, browser.errors
    return str(answer.location)


def store(browser: Browser, case: str, content: bytes, **more: Any) -> None:
    """Bring a ZIP and store what is in it, to the last file."""
    page = bring(browser, case, content)
    browser.get(page)
    answer = browser.post(page, save="1", **{**WHO, **more})
    assert answer.status_code == 303, browser.errors
    for _step in range(30):
        answer = browser.get(answer.location if answer.status_code == 303 else f"{page}/steps")
        if "Refresh" not in answer.headers:
            return
    raise AssertionError("it never ended")


def conversation(browser: Browser, case: str) -> list[str]:
    """The addresses of what is seen, heard and saved on the page of the only conversation."""
    browser.get(case)
    [address] = set(re.findall(rf'href="({case}/conversation/[0-9a-f-]{{36}})"', browser.page))
    browser.get(address)
    return re.findall(rf'(?:href|src)="({case}/conversation/files/[^"]+)"', browser.page)


def get(browser: Browser, address: str, **headers: str) -> Any:
    return browser.client.get(address, base_url="https://localhost", headers=headers)


@pytest.mark.parametrize(
    ("language", "title", "photos", "left", "done"),
    [
        ("ar", "ما في ملف ZIP", "الصور", "مقطع فيديو، ولا يُحفظ", "المحادثة في الملف"),
        ("tr", "ZIP dosyasında ne var", "Fotoğraflar", "video, saklanmaz", "Sohbet dosyada"),
    ],
)
def test_photos_and_voice_stand_at_their_messages(
    world: World, case: str, language: str, title: str, photos: str, left: str, done: str
) -> None:
    browser = world.browser("caseworker", language)
    browser.get(f"{case}/conversation")
    assert f"{case}/conversation/zip" in browser.page
    page = bring(browser, case, packed())
    browser.get(page)
    assert title in browser.text
    assert photos in browser.text
    assert "هذا القرار" in browser.text
    assert all(f'value="{name}"' in browser.page for name in ("سلمى", "Hukuk", "Komşu"))
    browser.get(case)
    assert "هذا القرار" not in browser.page  # nothing is in the case yet
    browser.get(page)
    answer = browser.post(page, save="1", **WHO)
    browser.get(answer.location)
    assert done in browser.text
    assert left in browser.text
    assert rows(world) == objects(world)  # the ZIP is gone, and nothing else was left behind
    found = conversation(browser, case)
    assert [one.rpartition("/")[2] for one in found] == ["look", "look", "save", "hear", "save", "save"]
    looked = get(browser, found[0])
    assert (looked.status_code, looked.mimetype, PLACE in looked.data) == (200, "image/jpeg", False)
    assert [get(browser, found[number]).data for number in (2, 3, 5)] == [PHOTO, OPUS, PDF]
    part = get(browser, found[3], Range="bytes=10-19")
    assert (part.status_code, part.data, part.mimetype) == (206, OPUS[10:20], "audio/ogg")
    saved = get(browser, found[2])
    assert saved.headers["Content-Disposition"] == 'attachment; filename="file.jpg"'
    assert saved.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "هذا القرار" in browser.text
    assert left in browser.text  # the video is named at its message
    assert "Komşu" not in browser.page
    assert "IMG-2" not in browser.page


def test_a_later_export_adds_what_is_new_and_every_file_once(world: World, case: str) -> None:
    browser = world.browser("caseworker")
    # First without files: the same photo stands there as left out of the export.
    text = TEXT.replace("IMG-1.jpg (الملف مرفق)\nهذا القرار", "<تم استبعاد الوسائط>")
    browser.get(f"{case}/conversation")
    assert browser.post(f"{case}/conversation", text=text, save="1", **WHO).status_code == 303
    store(browser, case, packed())
    assert len(conversation(browser, case)) == 6
    before = objects(world)
    browser.get(case)
    assert "3 files were added to messages that were here before." in browser.text
    page = bring(browser, case, packed())
    browser.get(page)
    assert browser.post(page, save="1", **WHO).status_code == 422
    assert "is in this case already" in " ".join(browser.errors)
    browser.post(f"{page}/drop")
    assert objects(world) == before
    more = (
        TEXT
        + "1.11.2026 9:00 - سلمى: IMG-3.jpg (الملف مرفق)\n1.11.2026 9:01 - سلمى: IMG-4.jpg (الملف مرفق)\n"
    )
    store(browser, case, packed(more, {**FILES, "IMG-3.jpg": LATER, "IMG-4.jpg": PHOTO, "IMG-9.jpg": LATER}))
    assert len(objects(world)) == len(before) + 1  # two new messages and one old one, one new photo
    browser.get(case)
    assert "2 messages" in browser.text
    assert rows(world) == objects(world)


def test_a_step_that_breaks_off_loses_nothing_and_two_pages_keep_each_file_once(
    world: World, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, other = world.browser("caseworker"), world.browser("coordinator")
    monkeypatch.setattr(steps, "SECONDS", 0.0)
    monkeypatch.setattr(unpacking, "AT_ONCE", 1)
    page = bring(browser, case, packed())
    assert bring(browser, case, packed()) == page  # the same ZIP again is there already
    browser.get(page)
    browser.post(page, save="1", **WHO)
    monkeypatch.setattr(steps, "SECONDS", 9.0)
    put = archives.put

    def breaks(*_of: Any) -> Any:
        raise OSError("the worker is killed")

    def late(actor: Any, work: Any, found: Any) -> Any:
        put(actor, work, unpacking.unpack(work, work.to_keep, 0))  # another page was first at the same file
        return put(actor, work, found)

    monkeypatch.setattr(archives, "put", breaks)
    assert browser.get(f"{page}/steps").status_code == 500
    assert rows(world) == objects(world)  # what was sealed for nothing is deleted
    monkeypatch.setattr(archives, "put", late)
    browser.get(f"{page}/steps")
    assert "The conversation is in the case" in browser.text
    assert len(conversation(browser, case)) == 6
    assert rows(world) == objects(world)
    assert other.get(f"{page}/steps").location == case  # it is over; a page that was open goes to the case


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "This is no ZIP file"),
        (PDF, "This is no ZIP file"),
        (packed()[:-30], "damaged"),
        (packed(name="a.jpg"), "No conversation is in this ZIP"),
        (packed(files={"_chat.txt": TEXT.encode()}), "More than one conversation"),
        (packed("nothing of a conversation"), "No message was found"),
        (packed("\n".join(f"1.11.2026 9:41 - Kişi {n}: a" for n in range(21))), "More than 20 people"),
        (packed("1.11.2026 9:41 - A: " + "x" * 2_100_000), "too large"),
        (told_size(packed(), 310 * 1024 * 1024), "too large"),
    ],
    ids=["empty", "pdf", "cut", "no text", "two", "no message", "people", "long", "bomb"],
)
def test_what_no_phone_exports_is_refused_with_a_reason_and_leaves_nothing(
    world: World, case: str, content: bytes, why: str
) -> None:
    browser, before = world.browser("caseworker"), objects(world)
    browser.get(f"{case}/conversation/zip")
    assert browser.post(f"{case}/conversation/zip", file=upload(content, "a.zip")).status_code == 422
    assert why in " ".join(browser.errors)
    assert browser.post(f"{case}/conversation/zip").status_code == 422
    assert objects(world) == before


def test_files_that_lie_are_left_out_and_named_and_the_rest_is_kept(world: World, case: str) -> None:
    names = [
        "../../etc/evil.jpg",
        "/abs.jpg",
        "nested.zip",
        "a.exe.jpg",
        "twice.jpg",
        "x/twice.jpg",
        "large.jpg",
    ]
    sent = [name.rpartition("/")[2] for name in names] + ["broken.jpg", "good.jpg"]
    text = "".join(
        f"31.10.2026 21:{number:02} - سلمى: {name} (الملف مرفق)\n"
        for number, name in enumerate(dict.fromkeys(sent))
    )
    large = b"\xff\xd8\xff" + bytes(21 * 1024 * 1024)  # unpacks to far more than it says on the way
    contents = [PHOTO, PHOTO, packed(), PROGRAM, PHOTO, LATER, large]
    broken = b"\xff\xd8\xff" + b"a broken photo" * 9
    made = packed(text, {**dict(zip(names, contents, strict=True)), "good.jpg": NEIGHBOUR})
    with_broken = io.BytesIO(made)
    with zipfile.ZipFile(with_broken, "a", zipfile.ZIP_STORED) as more:
        more.writestr("broken.jpg", broken)
    content = with_broken.getvalue().replace(b"a broken", b"a BROKEN", 1)
    browser, before = world.browser("caseworker"), objects(world)
    who = {name: value for name, value in WHO.items() if "-0-" in name}
    page = bring(browser, case, content)
    browser.get(page)
    assert "Named in messages and not in the ZIP" in browser.text  # evil.jpg, abs.jpg and twice.jpg
    browser.get(browser.post(page, save="1", **who).location)
    assert browser.text.count("damaged in the ZIP") == 1
    assert "larger than 20 MB" in browser.text
    assert "a kind of file that is not kept: 2" in browser.text
    assert len(conversation(browser, case)) == 3  # the good one
    assert len(objects(world)) == len(before) + 1
    assert not Path("/etc/evil.jpg").exists()


def test_another_object_in_its_place_opens_nothing_and_a_new_key_of_the_case_opens_it(
    world: World, case: str
) -> None:
    browser = world.browser("caseworker")
    page, other = (
        bring(browser, case, packed()),
        bring(browser, case, packed(TEXT + "1.11.2026 9:00 - سلمى: son")),
    )
    folder = Path(urlsplit(world.app.extensions["himaya"].storage_url).path)
    mine, theirs = (next(folder.rglob(UUID(one.rpartition("/")[2]).hex)) for one in (page, other))
    kept = mine.read_bytes()
    for changed in (theirs.read_bytes(), kept[:-1], b""):
        mine.write_bytes(changed)
        assert browser.get(page).status_code >= 400
        assert "هذا القرار" not in browser.page
    mine.write_bytes(kept)
    with world.app.app_context(), transaction():
        worker = world.cast["caseworker"]
        rotation.rotate(worker, find(worker, Permission.CASE_READ, UUID(case.rpartition("/")[2])))
    assert browser.get(page).status_code == 200
    assert "هذا القرار" in browser.text
    for one in (page, other):
        browser.post(f"{one}/drop")


def test_a_closed_case_takes_none(world: World, case: str) -> None:
    browser, before = world.browser("caseworker"), objects(world)
    with world.app.app_context(), transaction():
        row = select(Case).where(Case.id == UUID(case.rpartition("/")[2]))
        db.session.scalars(row).one().state = "closed"
    browser.get(f"{case}/conversation/zip")
    assert browser.post(f"{case}/conversation/zip", file=upload(packed(), "a.zip")).status_code == 422
    assert "A closed file is not edited" in browser.text
    assert objects(world) == before


def test_nobody_else_sees_it_and_what_nobody_goes_on_with_goes(world: World, case: str) -> None:
    browser, before = world.browser("caseworker"), objects(world)
    page = bring(browser, case, packed())
    assert world.browser("colleague").get(page).status_code == 404
    assert browser.get(page.replace(case, f"/cases/{world.record()}")).status_code == 303  # not in that case
    with world.app.app_context():
        with transaction():
            archives.purge()
        for path in Path(urlsplit(world.app.extensions["himaya"].storage_url).path).rglob("*/*"):
            os.utime(path, (1, 1))
        sweeping.sweep()
        assert objects(world) != before  # it waits
        with transaction():
            late = clock.now() - archives.KEPT * 2
            db.session.execute(update(CaseArchive).values(touched_at=late))
        with transaction():
            archives.purge()
    assert objects(world) == before
    assert browser.get(page).location == case
