"""Redacted copies: what is black is not there, and nobody believes that something is gone which is not."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from core.documents import alone, pages, pdf
from tests.cases.pages.test_documents import (
    begun,
    bring,
    delete,
    fetch,
    listed,
    objects,
    rows,
    text_of,
    token,
)
from tests.documents.corpus import PLACE, page_pdf, saved, talkative
from tests.intake.papers import SOUND, photo, upload
from tests.support.world import World


def test_what_is_redacted_is_not_in_the_copy_and_the_paper_stays(world: World) -> None:
    browser, case = begun(world)
    came = saved(page_pdf("Selma Hatip, Gaziantep"))
    (paper,) = bring(browser, case, upload(came, "Selma Hatip.pdf"), kind="decision")
    path = f"{paper}/redact"
    browser.get(path)
    assert "data:image/jpeg" in browser.page
    browser.post(path, look="1", words="selma hatip", areas="", token=token(browser))
    assert "once on this page" in browser.text
    for wrong, why in (
        ({"words": "Nobody"}, "A scanned page has no text"),
        ({"areas": "1 90 90 50 50"}, "This line is no area"),
        ({"areas": "1 −10 20 30 5"}, "This line is no area"),  # with the sign of arithmetic
        ({"areas": "7 1 1 5 5"}, "does not have"),
        ({}, "Mark at least one area"),
    ):
        browser.get(path)
        sent = {"words": "", "areas": "", **wrong}
        assert browser.post(path, **sent, token=token(browser)).status_code == 422
        assert why in browser.text
    assert objects(world) == rows(world)
    browser.get(path)
    form = token(browser)
    said = {"words": "selma hatip", "areas": "١ 0 50 100 10", "token": form}
    assert browser.post(path, **said).status_code == 422  # first what was found where
    assert "how often they were found on each page" in browser.text
    assert "Page 1: 1 hit" in " ".join(browser.text.split())
    seen = re.findall(r'name="seen"[^>]*value="([0-9a-f]+)"', browser.page)[-1]
    assert len(listed(browser, case)) == 1
    for title in ("Kimlik SELMA-HATIP", "selma  hatip"):
        assert browser.post(path, **said, seen=seen, title=title).status_code == 422
        assert any("stands in its title" in one for one in browser.errors)
    assert len(listed(browser, case)) == 1
    answers = [browser.post(path, **said, seen=seen) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len(listed(browser, case)) == 2  # the second click found the first
    copy_page = answers[0].location
    browser.get(copy_page)
    assert "Decision of an authority (redacted)" in browser.text  # the title of the paper is not carried over
    copy = fetch(browser, f"{copy_page}/save").data
    assert text_of(came) == ["Selma Hatip, Gaziantep"]
    assert text_of(copy) == [""]
    for words in (b"Selma", b"Hatip", b"Karar"):
        assert words not in copy
    pdf = pypdfium2.PdfDocument(copy)
    picture = pdf[0].render(scale=1).to_pil()
    pdf.close()
    assert picture.getpixel((90, 842 - 706)) == picture.getpixel((300, 450)) == (0, 0, 0)
    assert picture.getpixel((300, 300)) == (255, 255, 255)
    assert fetch(browser, f"{paper}/save").data == came
    browser.get(paper)
    assert copy_page in browser.page
    assert delete(browser, paper, "x") == 422
    assert objects(world) == rows(world)


def test_a_busy_machine_says_nothing_about_a_photo_and_closes_no_page(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Killed for want of memory or of time, then all is well again: the photo is shown."""
    browser, case = begun(world)
    (paper,) = bring(browser, case, upload(photo(400, 200, "white"), "Foto.jpg"))
    killed = tmp_path / "killed.py"
    killed.write_text("import os, signal, sys\nsys.stdin.buffer.read()\nos.kill(os.getpid(), signal.SIGKILL)")
    slow = tmp_path / "slow.py"
    slow.write_text("import sys, time\nsys.stdin.buffer.read()\ntime.sleep(60)")
    for program, seconds in ((killed, 30), (slow, 1)):
        with monkeypatch.context() as busy:
            busy.setattr("core.documents.photo._DARKROOM", program)
            busy.setattr("core.documents.photo._WAIT_SECONDS", seconds)
            assert browser.get(paper).status_code == 200
            assert "The preview is busy" in browser.text
            assert "Digest" in browser.text
            assert browser.get(f"{paper}/redact").status_code == 200
            assert "Other photos are being prepared" in browser.text
    browser.get(paper)
    assert "data:image/jpeg" in browser.page
    browser.get(f"{paper}/redact")
    browser.post(f"{paper}/redact", areas="1 50 50 50 50", words="", token=token(browser))
    (copy,) = set(listed(browser, case)) - {paper}
    monkeypatch.setattr("core.documents.copies.look", busy_look)
    browser.get(paper)
    assert "The preview is busy" in browser.text
    assert copy in browser.page  # its redacted copies are found still
    assert "Make a redacted copy" not in browser.text


def busy_look(_opened: Any) -> bytes:
    raise alone.busy()


NAMES = """<p>AYŞE YILDIZ</p><p>IŞIK ışık Işık</p><p>٩٩١٢٣٤٥٦٧٨٩</p><p>99 123 456 789</p><p>۹۹۱۲۳۴۵۶۷۸۹</p>
<p dir=rtl>فاطمة الزهراء</p><p dir=rtl>محـــمد</p>
<p dir=rtl>فَاطِمَةُ الزَّهْرَاءُ</p><p dir=rtl>مُحَمَّدٌ</p><p dir=rtl>علاء</p><p>H A S A N</p><p>Ali-<br>oğlu</p>"""


def test_a_word_is_found_however_a_paper_writes_it_and_a_page_without_text_is_told(world: World) -> None:
    browser, case = begun(world)
    came = pikepdf.open(io.BytesIO(pdf.render(NAMES, language="tr", title="")))
    came.add_blank_page(page_size=(595, 842))
    (paper,) = bring(browser, case, upload(saved(came), "Karar.pdf"))
    words = ("Ayşe Yıldız", "Işık", "99123456789", "فاطمة الزهراء", "محمد", "علاء", "hasan", "alioğlu")
    path = f"{paper}/redact"
    browser.get(path)
    assert "Without text" in browser.text
    said = {"words": "\n".join(words), "areas": "", "token": token(browser)}
    browser.post(path, look="1", **said)
    shown = " ".join(browser.text.split())
    assert "Page 1: 14 hits" in shown
    assert "Page 2: a picture without text" in shown
    seen = re.findall(r'name="seen"[^>]*value="([0-9a-f]+)"', browser.page)[-1]
    answer = browser.post(path, **said, seen=seen, looked="1 2")
    copy = fetch(browser, f"{answer.location}/save").data
    opened = pypdfium2.PdfDocument(copy)
    picture = opened[0].render(scale=1).to_pil().convert("L")
    opened.close()
    blocks = picture.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.MinFilter(13))
    black = blocks.point(lambda one: 0 if one > 60 else 255)
    darkest = min(ImageChops.lighter(picture, black).tobytes())
    assert darkest > 128  # nothing of what was written is left beside the black


def scanned(words: str, stamp: str) -> bytes:
    """Words on one page, and a scan of them with a stamp in letters on the next; on a third a small mark."""
    made = page_pdf(words)
    told = Image.new("RGB", (600, 800), "white")
    ImageDraw.Draw(told).text((50, 100), words, fill="black", font_size=40)
    for size, place in ((told, b"q 595 0 0 842 0 0 cm"), (told.resize((40, 40)), b"q 30 0 0 30 500 780 cm")):
        picture = io.BytesIO()
        size.save(picture, "JPEG")
        image = made.make_stream(
            picture.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=size.width, Height=size.height,
            BitsPerComponent=8, ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode,
        )  # fmt: skip # one picture
        box = Array([0, 0, 595, 842])
        part = made.make_stream(
            place + b" /I Do Q", Type=Name.XObject, Subtype=Name.Form, BBox=box,
            Resources=Dictionary(XObject=Dictionary(I=image)),
        )  # fmt: skip # some programs draw a scan as a part of the page
        page = Dictionary(dict(made.pages[0].obj.items()))
        page.Resources = Dictionary(Font=page.Resources.Font, XObject=Dictionary(I=image, P=part))
        drawn = b"/P Do" if size is told else place + b" /I Do Q"
        page.Contents = made.make_stream(drawn + f" BT /F1 8 Tf 20 10 Td ({stamp}) Tj ET".encode())
        made.pages.append(pikepdf.Page(made.make_indirect(page)))
    return saved(made)


def test_a_scan_with_a_stamp_in_letters_is_named_and_has_to_be_looked_at(world: World) -> None:
    browser, case = begun(world)
    (paper,) = bring(browser, case, upload(scanned("Selma Hatip", "UYAP e-imza 123456"), "Karar.pdf"))
    path = f"{paper}/redact"
    browser.get(path)
    assert "in which no word is found: page 2." in browser.text
    said = {"words": "Selma Hatip", "areas": "", "token": token(browser)}

    def kept(name: str) -> str:
        return str(re.findall(rf'name="{name}"[^>]*value="([0-9a-f ]+)"', browser.page)[-1])

    def send(**more: str) -> Any:
        return browser.post(path, **said, seen=kept("seen"), looked=kept("looked"), **more)

    assert send().status_code == 422
    shown = " ".join(browser.text.split())
    assert "Page 2: 0 hits; and a picture, in which no word can be found" in shown
    assert "Page 3: 0 hits" in shown
    assert "Page 3: 0 hits; and" not in shown
    assert send().status_code == 422
    assert "Look at these pages first, and mark what has to go: 2." in " ".join(browser.text.split())
    assert len(listed(browser, case)) == 1
    browser.get(path)
    send(look="1")
    send(to="2")
    assert "(looked at)" in " ".join(browser.text.split())
    assert send().status_code == 303


def test_what_stands_in_a_field_is_found_too() -> None:
    content = talkative()
    before = pages.painted_over(content, [], ["nobody"], page=1)
    look = pages.painted_over(content, [], ["Filled"], page=1)
    assert (look.hits, look.found, look.totals) == ([1], {"Filled": 1}, {"Filled": 1})
    assert look.content != before.content
    assert pages.painted_over(content, [], ["Filled"]).found == {"Filled": 1}


def test_a_photo_is_redacted_too(world: World) -> None:
    browser, case = begun(world)
    (paper,) = bring(browser, case, upload(photo(400, 200, "white"), "Foto.jpg"))
    browser.get(f"{paper}/redact")
    answer = browser.post(f"{paper}/redact", areas="1 50 50 50 50", words="", token=token(browser))
    copy = fetch(browser, f"{answer.location}/save").data
    assert PLACE not in copy
    with Image.open(io.BytesIO(copy)) as image:
        assert image.getpixel((10, 10)) == (255, 255, 255)
        assert image.convert("L").getpixel((image.width - 5, image.height - 5)) < 10  # type: ignore[operator] # one
    other = f"/cases/{world.record()}"
    (sound,) = bring(browser, other, upload(SOUND, "ses.m4a"))
    assert browser.get(f"{sound}/redact").status_code == 404
