"""Photos, papers and voice from a telephone to the desk: what the person and a colleague see."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from core.store.base import db
from intake.models import RequestFile
from tests.intake.papers import PDF, PLACE, PROGRAM, SOUND, VIDEO, photo, upload
from tests.intake.stage import ANSWERS, LAST, come_back, open_door, phone, requests_on, send, token, write
from tests.support.world import Browser, World

TELL = "/m/ar/3"


@pytest.fixture(scope="module")
def desk(world: World) -> World:
    open_door(world)
    return world


def objects(world: World) -> set[str]:
    """The names of everything in the store."""
    folder = Path(urlsplit(world.app.extensions["himaya"].storage_url).path)
    return {path.name for path in folder.rglob("*") if path.is_file()}


def rows(world: World) -> set[str]:
    with world.app.app_context():
        found = {one.hex for row in db.session.query(RequestFile) for one in (row.id, row.copy_id) if one}
        db.session.rollback()
        return found


def telling(world: World) -> Browser:
    """A telephone that has come to the question what happened."""
    browser = phone(world)
    for number in (1, 2):
        browser.fill(f"/m/ar/{number}", **ANSWERS[number])
    browser.get(TELL)
    return browser


def finish(browser: Browser) -> str:
    for number in range(4, LAST):
        browser.fill(f"/m/ar/{number}", **ANSWERS[number])
    browser.get(f"/m/ar/{LAST}")
    return send(browser)


def sent_files(browser: Browser) -> list[str]:
    """The addresses of what was sent, on a page of the desk."""
    found = re.findall(r'"(/[^"]*/files/[^"]*/(?:look|hear|save))"', browser.page)
    return list(dict.fromkeys(found))


def test_a_voice_message_instead_of_words_is_heard_at_the_desk(desk: World) -> None:
    browser = telling(desk)
    assert browser.post(TELL, text="", subject="").status_code == 422
    assert "رسالة صوتية" in browser.errors[0]
    answer = browser.post(TELL, text="", subject="", voice=upload(SOUND, "Aufnahme.m4a"))
    assert answer.location == "/m/ar/4"
    code = finish(browser)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    assert "Voice message" in colleague.text
    colleague.get(page)
    (hear, save) = sent_files(colleague)
    whole = colleague.client.get(hear, base_url="https://localhost")
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/mp4", SOUND)
    part = colleague.client.get(hear, base_url="https://localhost", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, SOUND[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(SOUND)}"
    beyond = colleague.client.get(hear, base_url="https://localhost", headers={"Range": "bytes=999999-"})
    assert beyond.status_code == 416
    saved = colleague.client.get(save, base_url="https://localhost")
    assert saved.data == SOUND
    assert saved.headers["Content-Disposition"] == 'attachment; filename="file.m4a"'
    assert saved.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    back = come_back(desk, code)
    assert "رسالة صوتية" in back.text
    assert sent_files(back) == []  # they see that they sent it, and nobody hears it on their telephone


def test_a_photo_is_looked_at_upright_and_without_its_place(desk: World) -> None:
    browser = telling(desk)
    content = photo()
    assert PLACE in content
    browser.post(TELL, text="قرار", subject="", files=[upload(content), upload(PDF, "b.pdf")])
    finish(browser)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    look, *_rest = sent_files(colleague)
    for _time in range(2):  # made, then found
        shown = colleague.client.get(look, base_url="https://localhost")
        assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
        assert PLACE not in shown.data
        with Image.open(BytesIO(shown.data)) as image:
            assert image.size == (20, 40)
            assert not image.getexif()
    saved = [one for one in sent_files(colleague) if one.endswith("save")]
    assert [colleague.client.get(one, base_url="https://localhost").data for one in saved] == [content, PDF]
    other = saved[1].replace("/save", "/look")
    assert colleague.client.get(other, base_url="https://localhost").status_code == 404


def test_a_refused_file_says_why_and_the_rest_stays(desk: World) -> None:
    browser = telling(desk)
    answer = browser.post(
        TELL,
        text="وصلني قرار",
        subject="",
        files=[
            upload(photo()),
            upload(PROGRAM, "decision.pdf"),
            upload(VIDEO, "a.mp4"),
            upload(b"", "c.jpg"),
        ],
    )
    assert answer.status_code == 422
    assert "decision.pdf" in browser.page
    assert "لا نأخذ مقاطع الفيديو" in browser.text
    assert "الملف فارغ" in browser.text
    assert "وصلني قرار" in browser.text
    assert browser.text.count("أزله") == 1  # the photo waits
    assert browser.post(TELL, text="وصلني قرار", subject="").location == "/m/ar/4"
    assert objects(desk) == rows(desk)


def test_the_same_form_five_times_keeps_each_file_once_and_no_more_than_five(desk: World) -> None:
    browser = telling(desk)
    before = len(objects(desk))
    for _time in range(5):
        browser.post(TELL, add="1", text="كما كتبت", files=[upload(photo()), upload(PDF)])
        assert "كما كتبت" in browser.text
    assert browser.text.count("أزله") == 2
    assert len(objects(desk)) == before + 2
    many = [upload(photo(colour=colour)) for colour in ("blue", "green", "white", "black")]
    assert browser.post(TELL, text="x", files=many).status_code == 422
    assert "خمسة ملفات على الأكثر" in browser.text
    assert browser.text.count("أزله") == 5
    assert browser.post(TELL, text="x").location == "/m/ar/4"
    browser.get(TELL)
    first = re.findall(r'name="out" value="([^"]+)"', browser.page)[0]
    browser.post(TELL, text="x", out=first)
    assert browser.text.count("أزله") == 4
    assert objects(desk) == rows(desk)


def test_six_at_once_are_five(desk: World) -> None:
    browser = telling(desk)
    colours = ("blue", "green", "white", "black", "red", "pink")
    answer = browser.post(TELL, text="x", files=[upload(photo(colour=colour)) for colour in colours])
    assert answer.status_code == 422
    assert browser.text.count("أزله") == 5
    assert objects(desk) == rows(desk)


def test_deleted_from_the_telephone_is_deleted_from_the_store(desk: World) -> None:
    browser = telling(desk)
    before = objects(desk)
    browser.post("/m/ar/add", voice=upload(SOUND))
    assert len(objects(desk)) == len(before) + 1
    browser.get(TELL)
    browser.post("/m/ar/off")
    assert objects(desk) == before


def test_one_file_after_the_other_as_scripts_send_them(desk: World) -> None:
    browser = telling(desk)
    kept = browser.csrf
    added = browser.client.post(
        "/m/ar/add", data={"csrf_token": kept, "files": upload(photo())}, base_url="https://localhost"
    )
    assert added.status_code == 200
    assert "<html" not in added.text
    refused = browser.client.post(
        "/m/ar/add", data={"csrf_token": kept, "files": upload(PROGRAM)}, base_url="https://localhost"
    )
    assert refused.status_code == 422
    assert refused.text.count('name="out"') == 1
    forged = browser.client.post("/m/ar/add", data={"files": upload(PDF)}, base_url="https://localhost")
    assert forged.status_code == 422
    assert objects(desk) == rows(desk)
    assert phone(desk).post("/m/ar/add", files=upload(PDF)).status_code == 410  # nothing was begun there


def test_an_answer_with_a_photo_and_no_word_in_the_conversation(desk: World) -> None:
    code = send(write(phone(desk)))
    back = come_back(desk, code)
    form = token(back)
    assert back.post("/n/ar/all", token=form, text="").status_code == 422
    for _time in range(3):
        answer = back.post("/n/ar/all", token=form, text="", files=upload(photo()))
        assert answer.location == "/n/ar/all"
    back.get("/n/ar/all")
    assert back.text.count("صورة ٠") == 1  # with its line; nothing waits any more
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    assert len([one for one in sent_files(colleague) if one.endswith("look")]) == 1
    # It becomes part of a case: under a new key, and the photo is still seen, there alone.
    colleague.post(f"{page}/claim", version=colleague.version)
    colleague.get(page)
    old = sent_files(colleague)[0]
    case_id = desk.record()
    with desk.app.app_context():
        from cases.models import Case

        reference = db.session.get_one(Case, case_id).reference
        db.session.rollback()
    colleague.get(f"{page}/merge")
    given = {"version": colleague.version, "reference": reference}
    assert colleague.post(f"{page}/merge", **given).status_code == 200  # whose case it is, to look at first
    assert colleague.post(f"{page}/merge", **given, seen=reference).status_code == 303
    colleague.get(f"/cases/{case_id}/conversations/{page.rpartition('/')[2]}")
    look = next(one for one in sent_files(colleague) if one.endswith("look"))
    assert look.startswith("/cases/")
    assert colleague.client.get(look, base_url="https://localhost").status_code == 200
    assert colleague.client.get(old, base_url="https://localhost").status_code == 423


def test_taken_back_is_gone_from_the_store(desk: World) -> None:
    browser = telling(desk)
    before = objects(desk)
    browser.post(TELL, text="x", subject="", files=upload(photo()))
    code = finish(browser)
    page = requests_on(colleague := desk.browser("caseworker"))[-1]
    colleague.get(page)
    colleague.client.get(sent_files(colleague)[0], base_url="https://localhost")  # a copy was made, too
    assert len(objects(desk)) == len(before) + 2
    back = come_back(desk, code)
    back.post("/n/ar/add", files=upload(PDF))  # and one that waits
    assert len(objects(desk)) == len(before) + 3
    back.get("/n/ar/back")
    back.post("/n/ar/back")
    assert objects(desk) == before


def test_who_is_not_in_sends_no_file(desk: World) -> None:
    before = objects(desk)
    stranger = phone(desk)
    stranger.get("/n/ar")
    assert "لا نعرف هل وصل ما أرسلته" in (stranger.post("/n/ar/all", files=upload(PDF)), stranger.text)[1]
    assert stranger.post("/n/ar/add", files=upload(PDF)).status_code == 410  # a script hears that it is over
    assert objects(desk) == before
