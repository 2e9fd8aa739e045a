"""What a camera or a program wrote into a picture of a letterhead goes; the picture stays as it looks."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from PIL import Image, PngImagePlugin

from core.documents import templates
from core.documents.word_pictures import bared

WHO = b"Yazan Hatip, Gaziantep"


def drawn() -> Image.Image:
    picture = Image.new("RGB", (40, 24), "red")
    picture.putpixel((3, 3), (0, 0, 255))
    return picture


def jpeg() -> bytes:
    exif, made = Image.Exif(), io.BytesIO()
    exif[0x013B] = WHO.decode()  # artist
    drawn().save(made, "JPEG", exif=exif, comment=WHO, progressive=True)
    return made.getvalue() + WHO


def png() -> bytes:
    told, made = PngImagePlugin.PngInfo(), io.BytesIO()
    told.add_text("Author", WHO.decode())
    told.add_itxt("XML:com.adobe.xmp", WHO.decode())
    drawn().save(made, "PNG", pnginfo=told, dpi=(300, 300))
    return made.getvalue() + WHO


def gif() -> bytes:
    made = io.BytesIO()
    drawn().convert("P").save(made, "GIF", comment=WHO)
    return made.getvalue() + WHO


@pytest.mark.parametrize(("make", "ending"), [(jpeg, "jpeg"), (png, "png"), (gif, "gif")])
def test_a_picture_keeps_its_points_alone(make: object, ending: str) -> None:
    content = make()  # type: ignore[operator] # one of three
    found = bared(content)
    assert found is not None
    assert found[0] == ending
    assert WHO in content
    assert WHO not in found[1]
    with Image.open(io.BytesIO(content)) as before, Image.open(io.BytesIO(found[1])) as after:
        assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
    assert bared(found[1]) == found  # once more changes nothing


@pytest.mark.parametrize("content", [jpeg()[:3], png()[:20], gif()[:14], b"\xd7\xcd\xc6\x9a", b""])
def test_what_cannot_be_read_is_no_picture(content: bytes) -> None:
    assert bared(content) is None


def test_a_letterhead_tells_nothing_of_who_took_it() -> None:
    document, made = docx.Document(), io.BytesIO()
    for content in (jpeg(), png(), gif()):
        document.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(content))
    document.save(made)
    looked = templates.look(made.getvalue())
    with zipfile.ZipFile(io.BytesIO(looked.content)) as package:
        media = [package.read(name) for name in package.namelist() if "/media/" in name]
    assert len(media) == 3
    assert not any(WHO in one for one in media)
