"""Files that a colleague sends along: seen, heard and saved with the code, and with no other."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.intake.papers import PDF, PLACE, PROGRAM, SOUND, photo, upload
from tests.intake.stage import ask, come_back, open_door, requests_on, take_on, token
from tests.support.world import Browser, World


@pytest.fixture(scope="module")
def desk(world: World) -> World:
    open_door(world)
    return world


def objects(world: World) -> set[str]:
    folder = Path(urlsplit(world.app.extensions["himaya"].storage_url).path)
    return {path.name for path in folder.rglob("*") if path.is_file()}


def get(browser: Browser, address: str, **headers: str) -> Any:
    return browser.client.get(address, base_url="https://localhost", headers=headers)


def received(browser: Browser) -> list[str]:
    """The addresses of what we sent, on the telephone."""
    return list(dict.fromkeys(re.findall(r'"(/n/[^"]*/files/[^"]*/(?:look|hear|save))"', browser.page)))


def answered(desk: World, **changes: Any) -> tuple[str, Browser, str]:
    """The code of a request that was just sent, a colleague who looks at it, and its page."""
    code = ask(desk, **changes)
    colleague = desk.browser("caseworker")
    page = requests_on(colleague)[-1]
    take_on(colleague, page)
    return code, colleague, page


@pytest.mark.parametrize(
    ("language", "hear", "save"),
    [("ar", "رسالة صوتية", "احفظه على هذا الهاتف"), ("tr", "Sesli mesaj", "Bu telefona kaydedin")],
)
def test_the_person_sees_hears_and_saves_what_we_sent(
    desk: World, language: str, hear: str, save: str
) -> None:
    code, colleague, page = answered(desk)
    sent = [(photo(), "a.jpg"), (PDF, "Selma El Hatib.pdf"), (SOUND, "ses.m4a"), (photo(), "a.jpg")]
    form = token(colleague)
    for _time in range(2):  # twice is once
        files = [upload(*one) for one in sent]
        assert colleague.post(page, token=form, text="", files=files).status_code == 303, colleague.errors
    another = [upload(photo(colour="blue"))]
    assert colleague.post(page, token=form, text="", files=another).status_code == 422  # not called sent
    assert "Choose the files that go along once more" in colleague.text
    assert token(colleague) != form
    colleague.get(page)
    assert len(re.findall(r'<div class="sent-file">', colleague.page)) == 3
    back = come_back(desk, code, language)
    assert hear in back.page
    assert save in back.text
    assert "<script" not in back.page.partition("<main")[2].partition("</main>")[0]  # works without
    found = received(back)
    assert [one.rpartition("/")[2] for one in found] == ["look", "save", "hear"]
    looked = get(back, found[0])
    assert (looked.status_code, looked.mimetype) == (200, "image/jpeg")
    assert PLACE not in looked.data
    with Image.open(BytesIO(looked.data)) as image:
        assert image.size == (20, 40)
    assert looked.headers["Cache-Control"] == "no-store"
    saved = get(back, found[1])
    assert saved.data == PDF
    assert saved.headers["Content-Disposition"] == 'attachment; filename="file.pdf"'
    assert saved.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert get(back, found[2], Range="bytes=100-199").data == SOUND[100:200]
    assert get(back, found[0].replace("/look", "/save")).status_code == 404  # not as it came
    # Another code, no code, and what they sent themselves: nothing.
    other = come_back(desk, ask(desk), language)
    stranger = Browser(desk.app.test_client())
    for address in found:
        assert get(other, address).status_code == 404
        assert get(stranger, address).status_code == 404
    back.post(f"/n/{language}/all", token=token(back), text="", files=upload(photo(colour="green")))
    back.get(f"/n/{language}/all")
    assert len(received(back)) == 3
    colleague.get(page)
    own = re.findall(r"/files/([0-9a-f-]+)/look", colleague.page)[-1]
    assert get(back, f"/n/{language}/files/{own}/look").status_code == 404


def test_one_that_is_not_taken_sends_nothing_and_keeps_what_was_typed(desk: World) -> None:
    code, colleague, page = answered(desk)
    before = objects(desk)
    for files, why in (
        ([upload(photo(), "iyi.jpg"), upload(PROGRAM, "karar.pdf")], "karar.pdf"),
        (
            [upload(photo(), "iyi.jpg"), upload(PROGRAM, "karar.pdf")],
            "nothing is wrong with: \u2068iyi.jpg\u2069",
        ),
        (
            [upload(photo(colour=colour)) for colour in ("red", "blue", "green", "white", "black", "pink")],
            "five",
        ),
        ([upload(b"", "a.jpg")], "empty"),
    ):
        answer = colleague.post(page, token=token(colleague), text="yazdığım", files=files)
        assert answer.status_code == 422
        assert why in colleague.text
        assert "yazdığım" in colleague.page
        assert objects(desk) == before
    assert colleague.post(page, token=token(colleague), text="").status_code == 422  # neither words nor files
    back = come_back(desk, code)
    assert received(back) == []
    assert "yazdığım" not in back.page


def test_taken_back_is_gone_with_what_we_sent(desk: World) -> None:
    code, colleague, page = answered(desk)
    before = objects(desk)
    colleague.post(page, token=token(colleague), text="bakın", files=[upload(photo()), upload(PDF)])
    back = come_back(desk, code)
    found = received(back)
    get(back, found[0])
    assert len(objects(desk)) == len(before) + 3
    back.get("/n/ar/back")
    back.post("/n/ar/back")
    assert objects(desk) == before
    assert get(back, found[1]).status_code == 404


def test_in_a_case_it_is_the_same_and_nobody_else_sends(desk: World) -> None:
    # Whoever waits with the same phone in another request would be met by the case, which holds it up.
    apart: dict[str, Any] = {
        "page_4": {"name": "رنا النجار", "other_side": ""},
        "page_5": {"phone": "0532 000 00 99"},
    }
    code, colleague, page = answered(desk, **apart)
    colleague.get(f"{page}/accept")
    case_id = desk.record()
    with desk.app.app_context():
        from cases.models import Case
        from core.store.base import db

        reference = db.session.get_one(Case, case_id).reference
        db.session.rollback()
    colleague.get(f"{page}/merge")
    given = {"version": colleague.version, "reference": reference}
    assert colleague.post(f"{page}/merge", **given, seen=reference).status_code == 303
    talk = f"/cases/{case_id}/conversations/{page.rpartition('/')[2]}"
    before = objects(desk)
    stranger = desk.browser("colleague")
    stranger.get("/account")
    assert stranger.post(f"{talk}/say", text="x", files=upload(PDF)).status_code == 404
    assert objects(desk) == before
    colleague.get(talk)
    assert (
        colleague.post(f"{talk}/say", token=token(colleague), text="", files=upload(PDF)).status_code == 303
    )
    (saved,) = received(back := come_back(desk, code))
    assert get(back, saved).data == PDF


def test_a_file_that_the_person_adds_to_a_form_that_was_sent_is_not_lost(desk: World) -> None:
    back = come_back(desk, ask(desk, "tr"), "tr")
    back.get("/n/tr/all")
    form, said = token(back), {"text": "belge ekte"}
    for _time in range(2):  # twice is once
        assert back.post("/n/tr/all", token=form, **said, files=upload(photo())).status_code == 303
    before = objects(desk)
    assert back.post("/n/tr/all", token=form, **said, files=upload(PDF, "karar.pdf")).status_code == 422
    assert len(objects(desk)) == len(before) + 1
    assert "belge ekte" in back.page
    assert token(back) != form
    assert back.post("/n/tr/all", token=token(back), text="").status_code == 303  # it waited
    colleague = desk.browser("caseworker")
    colleague.get(requests_on(colleague)[-1])
    assert len(re.findall(r"/files/[0-9a-f-]+/save", colleague.page)) == 2
