"""The papers of a case: what somebody who brings, looks for, shares or deletes one sees."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from cases.models import CaseFile
from core.documents import alone, cleaning, pages
from core.store.base import db
from tests.documents.corpus import HTML, IMAGES, PDFS, PLACE, TOLD, images, page_pdf, pdfs, saved, talkative
from tests.intake.papers import PROGRAM, SOUND, VIDEO, photo, upload
from tests.support.world import HOME, Browser, World

ADD = "{}/documents/add"


def objects(world: World) -> set[str]:
    """The names of everything in the store."""
    folder = Path(urlsplit(world.app.extensions["himaya"].storage_url).path)
    return {path.name for path in folder.rglob("*") if path.is_file()}


def rows(world: World) -> set[str]:
    with world.app.app_context():
        found = {one.hex for row in db.session.query(CaseFile) for one in (row.id, row.copy_id) if one}
        db.session.rollback()
        return found


def begun(world: World, name: str = "caseworker", language: str = "en") -> tuple[Browser, str]:
    """Somebody at a new case, and its address."""
    return world.browser(name, language), f"/cases/{world.record()}"


def bring(browser: Browser, case: str, *files: Any, **said: Any) -> list[str]:
    """Bring files; gives the addresses of every document of the case, the newest first."""
    browser.get(f"{case}/documents/add")
    browser.post(f"{case}/documents/add", files=list(files), token=token(browser), **said)
    return listed(browser, case)


def token(browser: Browser) -> str:
    return str(re.findall(r'name="token"[^>]*value="([0-9a-f-]+)"', browser.page)[-1])


def listed(browser: Browser, case: str) -> list[str]:
    browser.get(f"{case}/documents")
    return list(dict.fromkeys(re.findall(rf'href="({case}/documents/[0-9a-f-]{{36}})"', browser.page)))


def fetch(browser: Browser, path: str) -> Any:
    return browser.client.get(path, base_url=HOME)


def test_papers_are_brought_looked_at_and_saved_as_they_came(world: World) -> None:
    browser, case = begun(world)
    browser.get(case)
    assert "No document yet" in browser.text
    content, pdf = photo(), saved(page_pdf("karar"))
    said = {
        "kind": "decision",
        "source": "client",
        "who": "Selma",
        "tags": "sınır dışı, GGM",
        "on": ["", "3", "2026"],
    }
    paper, picture = sorted(
        bring(browser, case, upload(content, "Foto.jpg"), upload(pdf, "Karar 12.pdf"), **said),
        key=lambda one: "Foto" in (browser.get(one), browser.text)[1],
    )
    browser.get(case)
    assert browser.text.count("Documents added") == 1
    browser.get(f"{case}/documents")
    for words, both in (("SINIR dışı", True), ("karar", False), ("selma", True), ("hiç", None)):
        assert browser.post(f"{case}/documents", q=words).status_code == 200
        assert (paper in browser.page, picture in browser.page) == (both is not None, bool(both)), words
    assert "No document with these words" in browser.text
    browser.get(paper)
    assert "Karar 12" in browser.text
    for words in ("Decision of an authority", "Brought by the person", "Selma", "sınır dışı", "GGM"):
        assert words in browser.text, words
    assert "data:image/jpeg;base64," in browser.page
    assert "Karar" not in browser.title
    for address, came, ending in ((paper, pdf, "pdf"), (picture, content, "jpg")):
        save = fetch(browser, f"{address}/save")
        assert save.data == came
        assert save.headers["Content-Disposition"] == f'attachment; filename="file.{ending}"'
        assert save.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert save.headers["X-Content-Type-Options"] == "nosniff"
    other = world.browser("coordinator")
    for page, how in ((paper, "as it came"), (picture, "as it came")):
        other.get(page)
        taken = other.text.partition("Who took it along")[2].partition("Versions")[0]
        assert "caseworker" in taken, taken
        assert how in taken
    clean = fetch(browser, f"{picture}/clean")
    other.get(picture)
    assert "Saved a cleaned copy" in other.text
    assert PLACE not in clean.data
    with Image.open(io.BytesIO(clean.data)) as image:
        assert not image.getexif()
    assert objects(world) >= rows(world)


def test_a_refused_file_is_named_and_the_others_are_kept_once(world: World) -> None:
    browser, case = begun(world)
    files = [upload(photo()), upload(PROGRAM, "karar.pdf"), upload(VIDEO, "a.mp4"), upload(b"", "c.jpg")]
    browser.get(f"{case}/documents/add")
    form, path = token(browser), f"{case}/documents/add"
    answer = browser.post(path, files=files, token=form, title="Karar")
    assert answer.status_code == 422
    for words in ("karar.pdf", "a.mp4", "c.jpg", "The file is empty", "Kept already"):
        assert words in browser.text, words
    for _time in range(3):
        browser.get(path)
        assert browser.post(path, files=[upload(photo())], token=form).status_code == 303
    assert len(listed(browser, case)) == 1
    assert "exactly as it is" in browser.text  # the answer to the second and third
    browser.get(case)
    assert browser.text.count("Document added") == 1
    assert objects(world) == rows(world)
    many = [upload(photo(41 + one), f"{one}.jpg") for one in range(21)]
    browser.get(path)
    assert browser.post(path, files=many, token=token(browser)).status_code == 422
    assert "20.jpg" in browser.text
    assert len(listed(browser, case)) == 21
    assert objects(world) == rows(world)


def test_what_is_wrong_beside_a_file_does_not_lose_it(world: World) -> None:
    browser, case = begun(world)
    browser.get(f"{case}/documents/add")
    answer = browser.post(
        f"{case}/documents/add",
        files=[upload(photo())],
        title="x" * 300,
        on=["40", "1", "2026"],
        kind="medical",
    )
    assert answer.status_code == 422
    assert "Kept already" in browser.text
    (paper,) = listed(browser, case)
    browser.get(paper)
    assert "Medical report" in browser.text
    browser.get(f"{case}/documents/add")
    assert browser.post(f"{case}/documents/add").status_code == 422
    assert "Choose a file" in browser.text
    browser.get(f"{paper}/edit")
    typo = browser.post(f"{paper}/edit", version=browser.version, title="Karar", on=["1", "1", "2062"])
    assert typo.status_code == 422  # or every letter would take it for the newest decision
    assert any("still to come" in error for error in browser.errors)


def test_scripts_send_one_file_after_the_other_into_one_line(world: World) -> None:
    browser, case = begun(world)
    browser.get(f"{case}/documents/add")
    form = {"csrf_token": browser.csrf, "token": token(browser)}

    def send(**more: Any) -> Any:
        return browser.client.post(
            f"{case}/documents/add", data={**form, **more}, base_url=HOME, headers={"HX-Request": "true"}
        )

    for name in ("a.jpg", "b.jpg"):
        answer = send(files=upload(photo(len(name) * 10 + ord(name[0])), name))
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert "Kept" in answer.text
    assert send(files=upload(PROGRAM, "c.pdf")).status_code == 200
    assert (
        send(files=upload(photo(99)), title="x" * 300).status_code == 422
    )  # it is chosen still: nothing is kept
    assert len(listed(browser, case)) == 2
    browser.get(case)
    assert browser.text.count("Documents added") == 1
    assert objects(world) == rows(world)


def test_a_newer_version_takes_the_place_and_the_older_one_stays(world: World) -> None:
    browser, case = begun(world)
    (first,) = bring(
        browser, case, upload(saved(page_pdf("one")), "Vekaletname.pdf"), kind="power_of_attorney"
    )
    browser.get(f"{first}/newer")
    browser.post(
        f"{first}/newer", files=[upload(saved(page_pdf("two")), "v2.pdf")], token=token(browser), title="Yeni"
    )
    (second,) = listed(browser, case)
    assert second != first
    assert "One older version" in browser.text
    browser.get(first)
    assert "older version" in browser.text
    browser.get(f"{first}/newer")
    again = browser.post(f"{first}/newer", files=[upload(photo())], token=token(browser))
    assert again.status_code == 422
    assert "newer version of this document already" in browser.text
    # The one in between was a wrong paper: it goes by itself, and the others stand as before.
    browser.get(f"{second}/newer")
    browser.post(f"{second}/newer", files=[upload(saved(page_pdf("three")), "v3.pdf")], token=token(browser))
    (third,) = listed(browser, case)
    assert delete(browser, second, "") == 422
    assert delete(browser, second, "yanlış dosya") == 303
    assert listed(browser, case) == [third]
    assert browser.get(second).status_code == 404
    browser.get(first)
    assert "This is an older version" in browser.text
    assert delete(browser, first, "o da yanlış") == 303
    assert listed(browser, case) == [third]
    browser.get(third)
    assert "This is the only version" in browser.text
    browser.get(case)
    assert "yanlış dosya" in browser.text
    assert objects(world) == rows(world)


def delete(browser: Browser, paper: str, reason: str) -> int:
    browser.get(f"{paper}/remove")
    return browser.post(f"{paper}/remove", version=browser.version, reason=reason).status_code


def test_a_paper_is_renamed_by_whoever_saw_it_last(world: World) -> None:
    browser, case = begun(world)
    (paper,) = bring(browser, case, upload(SOUND, "ses.m4a"))
    browser.get(paper)
    assert f'src="{paper}/hear"' in browser.page
    assert fetch(browser, f"{paper}/hear").data == SOUND
    assert fetch(browser, f"{paper}/clean").status_code == 404
    browser.get(f"{paper}/edit")
    version = browser.version
    assert (
        browser.post(f"{paper}/edit", version=version, title="Ses kaydı", kind="recording").status_code == 303
    )
    browser.get(f"{paper}/edit")
    browser.post(f"{paper}/edit", version=version, title="Başka")
    browser.get(f"{paper}/edit")
    assert "Başka" in browser.page  # it came back
    browser.get(paper)
    assert "Ses kaydı" in browser.text


def test_a_closed_case_takes_no_paper_and_strangers_see_none(world: World) -> None:
    browser, case = begun(world)
    (paper,) = bring(browser, case, upload(photo()))
    stranger = world.browser("lawyer")
    for path in (paper, f"{paper}/save", f"{paper}/clean", f"{paper}/edit", f"{case}/documents"):
        assert stranger.get(path).status_code == 404, path
    other = f"/cases/{world.record()}"
    assert browser.get(paper.replace(case, other)).status_code == 404


@pytest.mark.parametrize("name", PDFS)
def test_a_hostile_pdf_does_no_harm_and_says_so(
    world: World, hostile: dict[str, bytes], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it tries: the page opens with a picture or with words, and only pixels and text go out."""
    monkeypatch.setattr(cleaning, "_BOUNDS", alone.Bounds(cpu_seconds=2))  # a bomb is as surely one
    browser, case = begun(world)
    (paper,) = bring(browser, case, upload(hostile[name], "a.pdf"))
    before = objects(world)
    assert browser.get(paper).status_code == 200
    assert ("data:image/jpeg" in browser.page) != (
        "cannot be shown" in browser.text or "to be shown here" in browser.text
    )
    clean = fetch(browser, f"{paper}/clean")
    if clean.status_code == 303:
        browser.get(paper)
        assert "No cleaned copy" in browser.text or "password" in browser.text
        assert "Nobody has saved it" in browser.text  # nothing was taken along
    else:
        assert clean.mimetype == "application/pdf"
        for words in (TOLD, PLACE, HTML, b"PK\x03\x04", b"JavaScript", b"Launch", b"EmbeddedFile"):
            assert words not in clean.data
    assert fetch(browser, f"{paper}/save").data == hostile[name]
    assert objects(world) == before
    if name == "password":
        assert "closed with a password" in browser.text


@pytest.mark.parametrize("name", IMAGES)
def test_a_hostile_photo_does_no_harm_and_says_so(world: World, name: str) -> None:
    browser, case = begun(world)
    content = images()[name]
    (paper,) = bring(browser, case, upload(content, "a.jpg"))
    for _time in range(2):
        assert browser.get(paper).status_code == 200
        assert ("data:image/jpeg" in browser.page) != ("is damaged, or has too many points" in browser.text)
    clean = fetch(browser, f"{paper}/clean")
    assert (clean.status_code == 200) is (name in {"with ZIP", "with HTML"})
    for words in (TOLD, HTML, b"PK\x03\x04"):
        assert words not in clean.data
    save = fetch(browser, f"{paper}/save")
    assert save.data == content
    assert save.mimetype.startswith("image/")
    assert objects(world) == rows(world)


def test_a_cleaned_pdf_keeps_what_is_seen_and_nothing_else(world: World) -> None:
    copy = cleaning.cleaned(talkative())
    assert text_of(copy) == ["told\r\nFILLED"]  # what stood in a field is drawn
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in pdf.trailer
        for one in pdf.objects:
            raw = one.read_raw_bytes() if isinstance(one, pikepdf.Stream) else b""
            if isinstance(one, pikepdf.Stream) and one.get("/Filter") != "/DCTDecode":
                raw += one.read_bytes()
            for words in (TOLD, PLACE):
                assert words not in raw + one.unparse(resolved=True)
    shown = pages.page_of(copy, 1).picture
    with Image.open(io.BytesIO(shown)) as image:
        red = image.convert("RGB").getpixel((image.width * 150 // 595, image.height * (842 - 350) // 842))
    assert isinstance(red, tuple)
    assert red[0] - red[1] > 150  # the photo on the page is there still


def text_of(content: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(content)
    said = [page.get_textpage().get_text_bounded() for page in pdf]
    pdf.close()
    return said


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    return pdfs()


def test_a_tag_is_chosen_and_never_stands_in_an_address(world: World) -> None:
    browser, case = begun(world)
    [first] = bring(browser, case, upload(photo(), "a.jpg"), tags="Selma, GGM", kind="photo")
    second = bring(browser, case, upload(saved(page_pdf("x")), "b.pdf"), tags="GGM", kind="decision")[0]
    browser.get(f"{case}/documents")
    assert "GGM (2)" in browser.text
    assert "Selma (1)" in browser.text
    for chosen, kind, shown in (
        ("Selma", "", (True, False)), ("GGM", "", (True, True)), ("GGM", "?kind=decision", (False, True)),
    ):  # fmt: skip # one table
        assert browser.post(f"{case}/documents{kind}", tag=chosen).status_code == 200
        assert (first in browser.page, second in browser.page) == shown, (chosen, kind)
        assert not re.findall(r'(?:href|action)="[^"]*(?:Selma|GGM|tag=)', browser.page)
    browser.post(f"{case}/documents", tag="GGM", q="Selma")
    assert (first in browser.page, second in browser.page) == (True, False)
    assert browser.post(f"{case}/documents", tag="nowhere").status_code == 422
