"""What a camera wrote, in every way in which a PDF packs a photo."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest
from PIL import Image

from core.documents import cleaning, pages
from tests.documents.corpus import PLACE, page_pdf, saved
from tests.documents.corpus import photo as corpus_photo


def camera_pdf(content: bytes, *filters: pikepdf.Name) -> bytes:
    made = page_pdf("told")
    image = made.make_stream(
        content, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=60, Height=40,
        BitsPerComponent=8, ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Array(filters),
    )  # fmt: skip # one picture
    made.pages[0].obj.Resources.XObject = pikepdf.Dictionary(Im1=image)
    made.pages[0].obj.Contents = made.make_stream(b"q 200 0 0 150 72 300 cm /Im1 Do Q")
    return saved(made, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def test_a_cleaned_pdf_keeps_nothing_of_a_camera_however_a_photo_is_packed() -> None:
    dct, jpx, flate = pikepdf.Name.DCTDecode, pikepdf.Name.JPXDecode, pikepdf.Name.FlateDecode
    plain, made, wavy = corpus_photo(), io.BytesIO(), io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(made, "JPEG", progressive=True, comment=PLACE)
    Image.new("RGB", (60, 40), "red").save(wavy, "JPEG2000", comment=PLACE)
    boxed = wavy.getvalue() + (8 + len(PLACE)).to_bytes(4) + b"xml " + PLACE
    assert PLACE in wavy.getvalue()
    for content, *filters in (
        (plain, dct),
        (plain + plain, dct),
        (made.getvalue() + plain, dct),
        (zlib.compress(plain), flate, dct),
        (boxed, jpx),
        (boxed[boxed.index(b"\xff\x4f\xff\x51") : -len(PLACE) - 8], jpx),
        (zlib.compress(boxed), flate, jpx),
    ):
        copy = cleaning.cleaned(camera_pdf(content, *filters))
        with pikepdf.open(io.BytesIO(copy)) as pdf:
            for one in pdf.objects:
                if isinstance(one, pikepdf.Stream):
                    assert PLACE not in one.read_raw_bytes()
        with Image.open(io.BytesIO(pages.page_of(copy, 1).picture)) as image:
            spot = image.getpixel((image.width * 150 // 595, image.height * (842 - 350) // 842))
        assert isinstance(spot, tuple)
        assert spot[0] - spot[1] > 150  # the photo is there still
    hidden = camera_pdf(b"\x00\x00\x00\x0cjP  \r\n\x87\n" + PLACE, jpx)
    with pytest.raises(pages.NotShown):
        cleaning.cleaned(hidden)
