"""What we wrote in Word comes back into its case: read through apart, kept as it came, passed on clean."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest

from core.documents import templates
from tests.cases.pages.test_documents import begun, bring, fetch, listed, objects, rows, token
from tests.cases.pages.test_exporting import chosen, send
from tests.cases.pages.test_exporting import inside as read_out
from tests.cases.pages.test_letters import boxes, offered
from tests.documents.corpus import page_pdf, saved
from tests.documents.wording import changed, inside, template
from tests.intake.papers import upload
from tests.support.world import World

UNSEEN = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>noch ein Name</w:t></w:r></w:p>"
PETITION = inside(UNSEEN, template("Sayın Mahkeme,", "itiraz ediyoruz <b>."))
PACKED = io.BytesIO()
with zipfile.ZipFile(PACKED, "w") as _package:
    _package.writestr("_chat.txt", "not a letter")


def whole(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"".join(package.read(name) for name in package.namelist())


def test_a_petition_of_ours_is_kept_as_it_came_read_as_text_and_passed_on_clean(world: World) -> None:
    browser, case = begun(world)
    (paper,) = bring(browser, case, upload(PETITION, "İtiraz dilekçesi.docx"), kind="petition")
    browser.get(paper)
    assert "İtiraz dilekçesi" in browser.text
    assert "itiraz ediyoruz &lt;b&gt;." in browser.page
    assert "nobody sees it in Word or on paper" in browser.text
    assert "<li><bdi>noch ein Name</bdi></li>" in browser.page
    assert "Made by us" in browser.text
    assert fetch(browser, f"{paper}/save").data == PETITION
    assert b"Yazan" in whole(PETITION)
    clean = fetch(browser, f"{paper}/clean")
    assert clean.headers["Content-Disposition"].endswith('"file.docx"')
    assert b"Yazan" not in whole(clean.data)
    assert docx.Document(io.BytesIO(clean.data)).paragraphs[1].text == "Sayın Mahkeme,"
    assert browser.get(f"{paper}/redact").status_code == 404
    lawyer = world.browser("coordinator")
    lawyer.get(f"{case}/export/1")
    assert chosen(lawyer, "cleaned") == [paper.rpartition("/")[2]]  # where somebody lets a draft of ours go
    sent = send(lawyer, f"{case}/export/1", papers=chosen(lawyer, "cleaned"), to="x")
    files, _text, _plain = read_out(sent.data, lawyer.codes[0])
    assert files["001.docx"] == clean.data
    assert objects(world) == rows(world)


def test_a_letter_that_was_changed_in_word_comes_back_as_its_newer_version(world: World) -> None:
    template_path = offered(world)
    browser, case = begun(world)
    path = f"{case}/letters/{template_path.rpartition('/')[2]}"
    browser.get(path)
    typed = dict.fromkeys(boxes(browser).values(), "x")
    letter = browser.post(path, title="Dilekçe", version="1", token=token(browser), **typed).location
    made = docx.Document(io.BytesIO(fetch(browser, f"{letter}/save").data))
    made.add_paragraph("Ek: vekaletname")
    edited = io.BytesIO()
    made.save(edited)
    browser.get(f"{letter}/newer")
    said: dict[str, Any] = {"title": "Dilekçe", "source": "ours", "token": token(browser)}
    assert (
        browser.post(f"{letter}/newer", files=[upload(edited.getvalue(), "a.docx")], **said).status_code
        == 303
    )
    (newer,) = listed(browser, case)
    assert newer != letter
    browser.get(newer)
    assert "Ek: vekaletname" in browser.text
    browser.get(letter)
    assert "This is an older version" in browser.text


@pytest.mark.parametrize(
    ("content", "name", "source", "why"),
    [
        (
            changed(PETITION, lambda parts: parts.update({"word/vbaProject.bin": b"x"})),
            "a.docx",
            "",
            "macros",
        ),
        (inside('<w:p><w:ins w:id="1"><w:r/></w:ins></w:p>'), "a.docx", "ours", "tracked changes"),
        (PETITION, "a.docx", "client", "only of what we wrote ourselves"),
        (PACKED.getvalue(), "a.zip", "", "This kind of file is not taken"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a.doc", "ours", "as a file of Word (.docx)"),
        (PETITION + bytes(200_000), "a.docx", "ours", "larger than 5 MB"),
    ],
    ids=["macros", "changes", "another's", "ZIP", "old", "large"],
)
def test_what_is_no_letter_of_ours_is_named_and_nothing_of_it_stays(
    world: World, monkeypatch: pytest.MonkeyPatch, content: bytes, name: str, source: str, why: str
) -> None:
    monkeypatch.setattr(templates, "LARGEST_LETTER", 200_000)
    browser, case = begun(world)
    browser.get(f"{case}/documents/add")
    files = [upload(content, name), upload(saved(page_pdf("one")), "b.pdf")]
    answer = browser.post(f"{case}/documents/add", files=files, source=source, token=token(browser))
    assert answer.status_code == 422
    assert why in browser.text
    assert len(listed(browser, case)) == 1  # the other one
    assert objects(world) == rows(world)
