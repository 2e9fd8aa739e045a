"""Looking at documents: pages as pictures, words with their place, DOCX through a real word processor."""

from __future__ import annotations

import os
import re
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont

from tests.support.fonts import FONTS

SHAPE = (240, 60)
INK = 128


def pages(pdf: bytes, scale: float = 2.0) -> list[Image.Image]:
    """Each page in grey; scale 1 has 72 points to the inch."""
    return [page.render(scale=scale).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]


def text(pdf: bytes) -> list[str]:
    """The words of each page. Letters that one glyph draws together ("لا") come out turned around."""
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(pdf)]


@dataclass(frozen=True)
class Place:
    """Where words stand: page from 0, edges in points from the page's left and lower edge."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


def where(pdf: bytes, words: str) -> Place:
    """The first place of the words. Raises AssertionError when they are nowhere."""
    for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
        textpage = page.get_textpage()
        if found := textpage.search(words).get_next():
            first, count = found
            boxes = [textpage.get_charbox(index) for index in range(first, first + count)]
            boxes = [box for box in boxes if box[2] > box[0]]
            lefts, bottoms, rights, tops = zip(*boxes, strict=True)
            return Place(number, min(lefts), min(bottoms), max(rights), max(tops))
    raise AssertionError(words)


def metadata(pdf: bytes) -> dict[str, str]:
    """What the file says about itself, empty entries left out."""
    said: dict[str, str] = pypdfium2.PdfDocument(pdf).get_metadata_dict(skip_empty=True)
    return said


def inside(pdf: bytes) -> bytes:
    """Everything the file holds, its compressed streams opened."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompressobj().decompress(stream) for stream in streams)


def shape(picture: Image.Image) -> Image.Image:
    """The ink of a picture, cut out and brought to one size, so that only its form counts."""
    ink = picture.point(lambda value: 255 if value < INK else 0)
    box = ink.getbbox()
    assert box is not None, "nothing is drawn"
    return picture.crop(box).resize(SHAPE).point(lambda value: 255 if value < INK else 0)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How much ink two pictures share: 0 nothing, 1 all of it."""
    first, second = shape(one), shape(other)
    shared = _ink(ImageChops.darker(first, second))
    return shared / _ink(ImageChops.lighter(first, second))


def _ink(picture: Image.Image) -> int:
    return picture.histogram()[255]


def drawn(words: str, part: str, weight: int, direction: str) -> Image.Image:
    """The words as the original font file draws them, by another program than the one under test."""
    original = ImageFont.truetype(
        FONTS / f"plex-{part}-{weight}.woff2", 96, layout_engine=ImageFont.Layout.RAQM
    )
    picture = Image.new("L", (2000, 300), 255)
    ImageDraw.Draw(picture).text((40, 60), words, font=original, fill=0, direction=direction)
    return picture


def word_processor(docx: bytes, folder: Path, fonts: Path | None = None) -> bytes:
    """The document as LibreOffice prints it. folder: for its profile; fonts: a fontconfig file."""
    source = folder / "document.docx"
    source.write_bytes(docx)
    environment: dict[str, Any] = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    if fonts:
        environment["FONTCONFIG_FILE"] = str(fonts)
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
            "--convert-to", "pdf", "--outdir", str(folder), str(source),
        ],
        check=True, capture_output=True, timeout=180, env=environment,
    )  # fmt: skip # the command as one would type it
    return (folder / "document.pdf").read_bytes()
