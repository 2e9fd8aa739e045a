"""What a camera wrote, in every way in which a PDF packs a photo."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Stream
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


@pytest.mark.parametrize("where", ["page", "part", "mask", "pattern", "glyph"])
@pytest.mark.parametrize("packed", ["plain", "hexadecimal"])
def test_nor_where_a_photo_stands_within_a_drawing(where: str, packed: str) -> None:
    """A scanner's program may write a small picture between the operators of a page."""
    content = corpus_photo()
    data, how = (content, b"/DCT") if packed == "plain" else (content.hex().encode() + b">", b"[/AHx /DCT]")
    within = b"BI /W 60 /H 40 /BPC 8 /CS /RGB /F " + how + b" ID " + data + b"\nEI"
    made = page_pdf("told")
    page, box = made.pages[0].obj, pikepdf.Array([0, 0, 200, 150])
    drawing = b"200 0 0 150 0 0 cm " + within
    part = made.make_stream(drawing, Type=Name.XObject, Subtype=Name.Form, BBox=box)
    said = b"/F0 Do"
    if where == "page":
        said = drawing
    elif where == "part":
        page.Resources.XObject = Dictionary(F0=part)
    elif where == "mask":
        page.Resources.ExtGState = Dictionary(G0=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=part)))
        said = b"/G0 gs 0 0 200 150 re f"
    elif where == "pattern":
        page.Resources.Pattern = Dictionary(
            P0=made.make_stream(
                drawing, Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=box,
                XStep=200, YStep=150, Resources=Dictionary(),
            )
        )  # fmt: skip # one pattern
        said = b"/Pattern cs /P0 scn 0 0 200 150 re f"
    else:
        page.Resources.Font = Dictionary(
            F0=Dictionary(
                Type=Name.Font, Subtype=Name.Type3, FontBBox=box,
                FontMatrix=pikepdf.Array([1, 0, 0, 1, 0, 0]),
                CharProcs=Dictionary(a=made.make_stream(b"200 0 d0 " + drawing)), FirstChar=97, LastChar=97,
                Encoding=Dictionary(Differences=pikepdf.Array([97, Name.a])), Widths=pikepdf.Array([200]),
                Resources=Dictionary(),
            )
        )  # fmt: skip # one font
        said = b"BT /F0 1 Tf (a) Tj ET"
    page.Contents = made.make_stream(b"q 1 0 0 1 72 300 cm " + said + b" Q")
    came = saved(made)
    copy = cleaning.cleaned(came)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        kept = b"".join(one.read_raw_bytes() for one in pdf.objects if isinstance(one, Stream))
        plain = b"".join(
            one.read_bytes(pikepdf.StreamDecodeLevel.generalized)
            for one in pdf.objects
            if isinstance(one, Stream)
        )
    for told in (PLACE, PLACE.hex().encode()):
        assert told not in kept + plain
    pictures = [pages.page_of(one, 1).picture for one in (came, copy)]
    spots = []
    for picture in pictures:
        with Image.open(io.BytesIO(picture)) as image:
            spots.append(image.getpixel((image.width * 150 // 595, image.height * (842 - 350) // 842)))
    assert spots[0] == spots[1] != (255, 255, 255)  # the photo is there still


def test_a_drawing_keeps_what_it_draws_and_no_word_beside_it() -> None:
    made = page_pdf("open")
    page = made.pages[0].obj
    told = b"% drawn by Selma Hatip\n/Span <</ActualText (Selma Hatip)>> BDC "
    told += b"BT /F1 24 Tf 72 600 Td (100%) Tj ET EMC"
    part = made.make_stream(
        told, Type=Name.XObject, Subtype=Name.Form, BBox=pikepdf.Array([0, 0, 595, 842]),
        Resources=page.Resources,
    )  # fmt: skip # one drawing
    page.Resources.XObject = Dictionary(P=part)
    page.Contents = made.make_stream(page.Contents.read_bytes() + b"\n/P Do " + told)
    came = saved(made)
    copy = cleaning.cleaned(came)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        drawings = [pdf.pages[0].obj.Contents.read_bytes(), pdf.pages[0].obj.Resources.XObject.P.read_bytes()]
    for drawing in drawings:
        assert b"Selma" not in drawing
        assert b"(100%) Tj" in drawing
    assert pages.page_of(came, 1).picture == pages.page_of(copy, 1).picture


def layered(**default: object) -> bytes:
    """A page with a second text on a layer that knows its maker."""
    made = page_pdf("open")
    page = made.pages[0].obj
    layer = made.make_indirect(
        Dictionary(
            Type=Name.OCG,
            Name="Selma Hatip notes",
            Usage=Dictionary(
                CreatorInfo=Dictionary(Creator="MASHINE-7", Subtype=Name.Artwork),
                User=Dictionary(Type=Name.Ind, Name="Selma Hatip"),
                Print=Dictionary(PrintState=Name.OFF),
            ),
        )
    )
    page.Resources.Properties = Dictionary(L=layer)
    page.Contents = made.make_stream(
        page.Contents.read_bytes() + b" /OC /L BDC BT /F1 24 Tf 72 600 Td (UNSEEN) Tj ET EMC"
    )
    said: dict[str, Any] = {"Order": [layer], "Creator": "MASHINE-7"}
    said |= {name: [layer] if value is layered else value for name, value in default.items()}
    made.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(**said))
    return saved(made)


@pytest.mark.parametrize(
    ("seen", "default"),
    [
        (True, {}),
        (False, {"OFF": layered}),
        (False, {"BaseState": Name.OFF}),
        (True, {"BaseState": Name.OFF, "ON": layered}),
        (True, {"AS": [Dictionary(Event=Name.Print, OCGs=[], Category=[Name.Print])]}),
    ],
    ids=["on", "off", "off at first", "on again", "not on paper"],
)
def test_a_cleaned_pdf_holds_nothing_of_a_layer_that_is_not_seen_and_no_word_of_who_made_one(
    seen: bool, default: dict[str, object]
) -> None:
    came = layered(**default)
    copy = cleaning.cleaned(came)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        plain = saved(
            pdf, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )  # fmt: skip # one file, all of it readable
        assert "/OCProperties" not in pdf.Root
    for told in (b"Selma Hatip", b"MASHINE-7", b"/OCG"):
        assert told not in plain
    assert (b"UNSEEN" in plain) is (default == {})  # where a layer may be off, pages become pictures
    shown = []
    for content in (came, copy):
        with Image.open(io.BytesIO(pages.page_of(content, 1).picture)) as image:
            wide, high = image.size
            spot = image.convert("L").crop((wide // 10, high * 22 // 100, wide // 2, high * 30 // 100))
            shown.append(min(spot.tobytes()) < 100)
    assert shown == [seen, seen]
