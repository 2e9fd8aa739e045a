"""What the programs that run alone do with a document, asked line by line in this process."""

from __future__ import annotations

import io
import json
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from core.documents import binder, cleaner, darkroom, reader
from tests.documents.corpus import TOLD, page_pdf, photo, saved, talkative

NAME = "Selma Hatip 99123456789"


def asked(content: bytes, **more: Any) -> tuple[dict[str, Any], Image.Image]:
    told, picture = reader.answer({"areas": [], "words": [], "photo": False, **more}, content)
    return told, Image.open(io.BytesIO(picture)) if picture.startswith(b"\xff\xd8") else Image.new(
        "RGB", (1, 1)
    )


def test_a_page_is_shown_and_its_words_are_counted() -> None:
    told, picture = asked(saved(page_pdf(NAME)), page=1, words=["SELMA", "9912 345 6789", "kimse"], grid=True)
    assert told["pages"] == 1
    assert max(picture.size) <= reader.LONGEST_SIDE
    found = {**told.get("totals", {}), **told.get("found", {})}
    assert found["SELMA"] == found["9912 345 6789"] == 1
    assert found["kimse"] == 0
    with pytest.raises(IndexError):
        asked(saved(page_pdf()), page=2)


def test_what_is_blackened_is_in_no_byte_of_the_copy() -> None:
    told, made = reader.answer(
        {"areas": [[1, 0, 0, 10, 10]], "words": ["selma"], "photo": False}, saved(page_pdf(NAME))
    )
    assert told["found"] == {"selma": 1}
    text = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_bounded()
    assert text.strip() == ""
    assert b"Selma" not in made


def test_a_photo_is_blackened_too() -> None:
    told, picture = asked(photo(), photo=True, areas=[[1, 0, 0, 50, 50]], grid=True)
    assert told["pages"] == 1
    assert picture.convert("L").tobytes()[0] < 40


def test_a_cleaned_copy_tells_nothing_that_the_page_does_not_show() -> None:
    made = cleaner.clean(talkative())
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 1
        assert not {"/OpenAction", "/AA", "/Names", "/AF", "/Metadata", "/AcroForm"} & set(pdf.Root.keys())
    assert TOLD not in made
    with pytest.raises(pikepdf.PasswordError):
        cleaner.clean(saved(page_pdf(), encryption=pikepdf.Encryption(owner="o", user="u")))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_developed_without_what_the_camera_wrote(kind: str) -> None:
    made = io.BytesIO()
    Image.new("RGBA" if kind != "JPEG" else "RGB", (40, 20), "red").save(made, kind)
    assert Image.open(io.BytesIO(darkroom.develop(made.getvalue()))).size == (40, 20)
    assert b"GPS" not in darkroom.develop(photo())


def order(leaves: int, *parts: tuple[bytes, bytes, bool]) -> io.BytesIO:
    """What the binder reads: parts (content, what is shown, whether that is a photo), pages of ours."""
    pages = [page_pdf(f"leaf {number}") for number in range(leaves)]
    typeset = pages[0]
    typeset.Root.Metadata = typeset.make_stream(b"<x/>")
    for page in pages[1:]:
        typeset.pages.append(page.pages[0])
    printed = saved(typeset)
    said = b""
    for number, (content, shown, is_photo) in enumerate(parts):
        about = {"name": f"{number}.pdf", "title": "ق", "mime": "application/pdf", "photo": is_photo}
        sizes = {"size": len(content), "shown": len(shown)}
        said += json.dumps(about | sizes).encode() + b"\n" + content + shown
    return io.BytesIO(
        said + json.dumps({"password": "1", "typeset": len(printed)}).encode() + b"\n" + printed
    )


def test_an_archive_holds_each_part_behind_its_leaf() -> None:
    upright = io.BytesIO()
    Image.new("RGB", (20, 40), "red").save(upright, "JPEG")
    shown = saved(page_pdf("one"))
    parts = (
        (b"a", shown, False),
        (b"b", photo(), True),
        (b"c", b"", False),
        (b"d", upright.getvalue(), True),
    )
    made = binder.bind(order(6, *parts))
    with pikepdf.open(io.BytesIO(made), password="1") as pdf:
        assert [one.get_file().read_bytes() for one in pdf.attachments.values()] == [b"a", b"b", b"c", b"d"]
        assert "/Metadata" not in pdf.Root
        with pdf.open_outline() as outline:
            assert [one.title for one in outline.root] == ["ق"] * 4
    document = pypdfium2.PdfDocument(made, password="1")
    words = [page.get_textpage().get_text_bounded().strip() for page in document]
    assert words == ["leaf 0", "leaf 1", "leaf 2", "one", "leaf 3", "", "leaf 4", "leaf 5", ""]
    lying, standing = document[5].get_size(), document[8].get_size()
    assert lying == standing[::-1]
    with pytest.raises(ValueError, match=r"^$"):
        binder.bind(order(1, (b"a", b"", False)))
