"""The cleaner: a PDF on standard input, a copy of it for passing on, on standard output, then it ends.

`core.documents.cleaning` starts it by path, isolated and bounded from outside (`core.documents.alone`).
What is not known to be needed is not taken over: a new file gets the pages, and of each page its drawing,
its boxes and what these use. So there is nothing that acts when it is opened or clicked (ISO 32000-2, 12.6),
no embedded file (7.11.4), no description of author, program, machine or day (14.3), no earlier version that
an incremental update left behind (7.5.6), no comment, no form that can be filled: what stands in its fields
is drawn. Pictures keep their points and lose what a camera wrote into them. Signatures do not hold any more.

What stands on a layer that is switched off (8.11) is seen by nobody and read by every program. A file that
has one, or may have one, is not cleaned here: whoever asked makes pictures of its pages. Of other layers
nothing stays but what is drawn on them.
"""

from __future__ import annotations

import io
import re
import resource
import sys
from collections.abc import Callable
from typing import Any, Final

NOT_READ: Final = 64
TOO_LARGE: Final = 66
LOCKED: Final = 67
LAYERS: Final = 68

PAGES: Final = 2_000
_OF_A_PAGE: Final = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources")
# What tells where a stream comes from, or refers to what was left out. Of others only the first two go: their
# other names may be those of fonts and pictures.
_TELLS: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/Alternates", "/OPI", "/StructParent")
_EVENTS: Final = ("/View", "/Print", "/Export")  # when a layer may be on or off (8.11.4.5)
_DEEPEST: Final = 50  # nothing honest nests directly so deep
_MARK: Final = 0xFF
_SCAN, _END, _ADOBE = 0xDA, 0xD9, 0xEE
_FIRST_KEPT, _LAST_KEPT = 0xC0, 0xDF  # tables, frames and scans; behind them programs write what they like
_ALONE: Final = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})  # markers without a length (ITU-T T.81, B.1.1.3)
_AFTER_SCAN: Final = re.compile(rb"\xff+[\xc0-\xcf\xd8-\xfe]")  # not a stuffed zero, not a restart
_ADOBE_SIZE: Final = 14  # with its length: how colours are stored, and nothing behind it
# Boxes of JPEG 2000 that a picture needs (ITU-T T.800, annex I); XML, UUID and whatever else goes.
_BOXES: Final = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
_HEAD_BOXES: Final = frozenset(
    {b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res ", b"resc", b"resd"}
)
# Of a picture within a drawing, all but how it is packed.
_OF_AN_INLINE: Final = frozenset(
    {"/W", "/Width", "/H", "/Height", "/BPC", "/BitsPerComponent", "/CS", "/ColorSpace"}
    | {"/D", "/Decode", "/IM", "/ImageMask", "/I", "/Interpolate"}
)
_INLINE: Final = re.compile(rb"(?<![^\s>)\]])BI(?=[\s/%])")
_UNDRAWN: Final = re.compile(rb"%|/ActualText|/Alt\b")
_MARKS: Final = {"BDC": "BMC", "DP": "MP"}  # a mark with properties: the same without (14.6)
_CODE: Final = b"\xff\x4f"
_REMARK, _TILE, _DATA = b"\xff\x64", b"\xff\x90", b"\xff\x93"


class TooLarge(Exception):
    """More pages than are taken over."""


class Layers(Exception):
    """Something may be drawn that is not seen."""


def bare(jpeg: bytes) -> bytes:
    """A JPEG without what programs wrote beside its points; how its colours are stored stays (Adobe).

    It ends where its own points end: a second picture behind it, with whatever that tells, is not taken over.
    Raises ValueError for what is none.
    """
    if not jpeg.startswith(b"\xff\xd8"):
        raise ValueError
    kept, at = bytearray(b"\xff\xd8"), 2
    while at + 1 < len(jpeg):
        if jpeg[at] != _MARK:
            raise ValueError
        kind = jpeg[at + 1]
        if kind == _MARK:  # filling
            at += 1
            continue
        if kind == _END:
            return bytes(kept + b"\xff\xd9")
        size = 0 if kind in _ALONE else int.from_bytes(jpeg[at + 2 : at + 4])
        whole = jpeg[at : at + 2 + size]
        at += 2 + size
        if kind == _ADOBE and whole[4:9] == b"Adobe" and size >= _ADOBE_SIZE:
            kept += whole[:2] + _ADOBE_SIZE.to_bytes(2) + whole[4 : 2 + _ADOBE_SIZE]
        elif _FIRST_KEPT <= kind <= _LAST_KEPT:
            kept += whole
        if kind == _SCAN:
            after = _AFTER_SCAN.search(jpeg, at)
            end = after.start() if after else len(jpeg)
            kept += jpeg[at:end]
            at = end
            if after is None:  # cut off, as far as it goes
                return bytes(kept)
    raise ValueError


def bare_boxes(jpx: bytes, names: frozenset[bytes] = _BOXES) -> bytes:
    """A JPEG 2000 without the boxes and remarks of programs. Raises ValueError where it is none."""
    if jpx.startswith(_CODE):
        return bare_code(jpx)
    kept, at = bytearray(), 0
    while at < len(jpx):
        size, kind, head = int.from_bytes(jpx[at : at + 4]), jpx[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(jpx[at + 8 : at + 16]), 16
        end = at + size if size else len(jpx)
        if end < at + head or end > len(jpx):
            raise ValueError
        body = jpx[at + head : end]
        if kind == b"jp2h":
            body = bare_boxes(body, _HEAD_BOXES)
        elif kind == b"jp2c":
            body = bare_code(body)
        if kind in names:
            kept += (len(body) + 8).to_bytes(4) + kind + body
        at = end
    if not kept:
        raise ValueError
    return bytes(kept)


def bare_code(code: bytes) -> bytes:
    """The points of a JPEG 2000 without remarks. Raises ValueError, also for remarks among its tiles."""
    if not code.startswith(_CODE):
        raise ValueError
    kept, at = bytearray(_CODE), 2
    while (mark := code[at : at + 2]) != _TILE:
        end = at + 2 + int.from_bytes(code[at + 2 : at + 4])
        if mark[:1] != b"\xff" or end > len(code):
            raise ValueError
        kept += b"" if mark == _REMARK else code[at:end]
        at = end
    while code[at : at + 2] == _TILE:
        size, inside = int.from_bytes(code[at + 6 : at + 10]), at
        while (mark := code[inside : inside + 2]) != _DATA:
            if mark[:1] != b"\xff" or mark == _REMARK:
                raise ValueError
            inside += 2 + int.from_bytes(code[inside + 2 : inside + 4])
        end = at + size if size else len(code)
        if end <= inside:
            raise ValueError
        kept += code[at:end]
        at = end
    return bytes(kept) if kept.endswith(b"\xff\xd9") else bytes(kept + b"\xff\xd9")


_STRIPPERS: Final[dict[str, tuple[Callable[[bytes], bytes], str]]] = {
    "/DCTDecode": (bare, "/DCTDecode"),
    "/DCT": (bare, "/DCTDecode"),
    "/JPXDecode": (bare_boxes, "/JPXDecode"),
}
"""What takes a camera's words out of a picture, by its last filter, and the filter's whole name."""


def require_all_seen(pdf: Any) -> None:
    """Raises Layers unless every layer is on, for every reader, on paper and at every size."""
    from pikepdf import Dictionary, Name, Stream  # noqa: PLC0415 - only the cleaner pays for loading it

    said = pdf.Root.get("/OCProperties", {})
    default = said.get("/D", {})
    if default.get("/BaseState", Name.ON) != Name.ON or list(default.get("/OFF", ())):
        raise Layers
    if any(str(one) not in _EVENTS for rule in default.get("/AS", ()) for one in rule.get("/Category", ())):
        raise Layers  # it depends on who reads, in which language, how near
    for layer in said.get("/OCGs", ()) if "/AS" in default else ():
        used = layer.get("/Usage", {})
        if any(used.get(name, {}).get(f"{name}State") == "/OFF" for name in _EVENTS):
            raise Layers
    for one in list(pdf.objects):
        if isinstance(one, Stream | Dictionary):
            _require_plain(one)


def _require_plain(held: Any, depth: int = 0) -> None:
    """Raises Layers for a rule that hides something while every layer is on (8.11.2.2)."""
    from pikepdf import Array, Dictionary  # noqa: PLC0415 - only the cleaner pays for loading it

    if depth > _DEEPEST:
        raise TooLarge
    of_layers = "/OCGs" in held or held.get("/Type") == "/OCMD"
    if isinstance(held.get("/VE"), Array) or (of_layers and held.get("/P") in ("/AllOff", "/AnyOff")):
        raise Layers
    for value in held.values():
        if isinstance(value, Dictionary) and not value.is_indirect:
            _require_plain(value, depth + 1)


def strip(pdf: Any) -> None:
    """Take what tells out of everything that a file holds."""
    from pikepdf import Dictionary, Stream  # noqa: PLC0415 - only the cleaner pays for loading it

    for one in list(pdf.objects):
        if isinstance(one, Stream | Dictionary):
            unlayer(one)
        if isinstance(one, Stream):
            tell_less(one, _TELLS)
            if "/F" in one:  # its content is said to lie in a file outside (7.3.8.2)
                raise ValueError
            strip_picture(pdf, one)
        elif isinstance(one, Dictionary):
            tell_less(one, _TELLS[:2])


def unlayer(held: Any, depth: int = 0) -> None:
    """Let no drawing name the layer that it stands on: it is seen, whoever called the layer what."""
    from pikepdf import Dictionary  # noqa: PLC0415 - only the cleaner pays for loading it

    if depth > _DEEPEST:
        raise TooLarge
    if "/OC" in held:
        del held["/OC"]
    named = held.get("/Properties")
    for name in list(named.keys()) if isinstance(named, Dictionary) else ():
        if not isinstance(named[name], Dictionary) or named[name].get("/Type") in ("/OCG", "/OCMD", None):
            del named[name]
    for value in list(held.values()):
        if isinstance(value, Dictionary) and not value.is_indirect:
            unlayer(value, depth + 1)


def strip_picture(pdf: Any, one: Any) -> None:
    """Take what a camera wrote out of a picture, however it is packed. Raises ValueError if it can't."""
    from pikepdf import Array, Name, Stream  # noqa: PLC0415 - only the cleaner pays for loading it

    packed, how = one.get("/Filter"), one.get("/DecodeParms")
    filters = [str(name) for name in packed] if isinstance(packed, Array) else [str(packed)]
    hows = list(how) if isinstance(how, Array) else [how] * (how is not None)
    if not any(name in _STRIPPERS for name in filters):
        return
    if any(name in _STRIPPERS for name in filters[:-1]):
        raise ValueError
    content = one.read_raw_bytes()
    if outer := filters[:-1]:
        around = Stream(pdf, content, Filter=Array([Name(name) for name in outer]))
        if hows:
            around.DecodeParms = Array(hows[: len(outer)])
        content = around.read_bytes()
    parms = hows[len(outer)] if len(hows) == len(filters) else None
    stripper, last = _STRIPPERS[filters[-1]]
    one.write(stripper(content), filter=Name(last), decode_parms=parms)


def strip_drawings(pdf: Any) -> None:
    """The same within a drawing: of a page, of a part of one, a pattern, a glyph; words not drawn go too."""
    from pikepdf import Dictionary, Name, Stream  # noqa: PLC0415 - only the cleaner pays for loading it

    for page in pdf.pages:
        drawing = page.obj.get("/Contents")
        parts = [drawing] if isinstance(drawing, Stream) else list(drawing or ())
        if _holds_more(b"\n".join(one.read_bytes() for one in parts)):
            page.obj.Contents = pdf.make_stream(_bare_drawing(pdf, page))
    for one in list(pdf.objects):
        drawings: list[Any] = []
        if isinstance(one, Stream) and (one.get("/Subtype") == Name.Form or one.get("/PatternType") == 1):
            drawings.append(one)
        if isinstance(one, Stream | Dictionary):
            drawings += _glyphs(one)
        for drawing in drawings:
            if _holds_more(drawing.read_bytes()):
                drawing.write(_bare_drawing(pdf, drawing))


def _glyphs(held: Any, depth: int = 0) -> list[Any]:
    """Glyphs that are drawn as pages are (9.6.4), of the fonts that lie directly in a dictionary."""
    from pikepdf import Dictionary, Stream  # noqa: PLC0415 - only the cleaner pays for loading it

    if depth > _DEEPEST:
        raise TooLarge
    found: list[Any] = []
    for name, value in held.items():
        if name == "/CharProcs" and isinstance(value, Dictionary):
            found += [glyph for glyph in value.values() if isinstance(glyph, Stream)]
        elif isinstance(value, Dictionary) and not value.is_indirect:
            found += _glyphs(value, depth + 1)
    return found


def _holds_more(drawing: bytes) -> bool:
    """Whether a drawing may hold a picture, a remark or words that are not drawn."""
    return _INLINE.search(drawing) is not None or _UNDRAWN.search(drawing) is not None


def _bare_drawing(pdf: Any, drawn: Any) -> bytes:
    """A drawing with its pictures bare, and nothing in it but what is drawn. Raises ValueError if it can't.

    Remarks go by themselves (7.2.4), words in place of what is drawn with what marks it (14.9.4).
    """
    import pikepdf  # noqa: PLC0415 - only the cleaner pays for loading it

    whole: list[bytes] = []
    for one in pikepdf.parse_content_stream(drawn):
        if isinstance(one, pikepdf.ContentStreamInlineImage):
            whole.append(_bare_inline(pdf, one.iimage) or pikepdf.unparse_content_stream([one]))
        elif str(one.operator) in _MARKS and isinstance(one.operands[-1], pikepdf.Dictionary):
            plain = pikepdf.Operator(_MARKS[str(one.operator)])
            whole.append(
                pikepdf.unparse_content_stream([pikepdf.ContentStreamInstruction(one.operands[:1], plain)])
            )
        else:
            whole.append(pikepdf.unparse_content_stream([one]))
    return b"\n".join(whole)


def _bare_inline(pdf: Any, picture: Any) -> bytes | None:
    """A picture within a drawing (8.9.7) as its points alone, in hexadecimal, whose end no reader mistakes.

    None for one that is packed as no camera does.
    """
    from pikepdf import Array, Dictionary, Name, Stream  # noqa: PLC0415 - only the cleaner pays for loading it

    packed = [Name(name) for name in picture.filters]
    if not any(name in _STRIPPERS for name in picture.filters):
        return None
    alone = Stream(pdf, picture.read_raw_bytes(), Filter=Array(packed))
    if hows := list(picture.decode_parms):
        alone.DecodeParms = Array(hows)
    strip_picture(pdf, alone)
    said = {name: value for name, value in picture.obj.items() if name in _OF_AN_INLINE}
    how = alone.get("/DecodeParms")
    said |= {"/F": Array([Name.AHx, alone.Filter])} | ({"/DP": Array([None, how])} if how else {})
    return (
        b"BI " + Dictionary(said).unparse()[2:-2] + b" ID " + alone.read_raw_bytes().hex().encode() + b"> EI"
    )


def tell_less(held: Any, names: tuple[str, ...], depth: int = 0) -> None:
    """Delete names from a dictionary and the first two of them from those that lie directly in it."""
    from pikepdf import Dictionary  # noqa: PLC0415 - only the cleaner pays for loading it

    if depth > _DEEPEST:
        raise TooLarge
    for name in names:
        if name in held:
            del held[name]
    for name in list(held.keys()):
        value = held[name]
        if isinstance(value, Dictionary) and not value.is_indirect:
            tell_less(value, _TELLS[:2], depth + 1)


def clean(content: bytes) -> bytes:
    """The copy. Raises TooLarge, and whatever the library raises for what is no PDF."""
    import pikepdf  # noqa: PLC0415 - only the cleaner pays for loading it

    with pikepdf.open(io.BytesIO(content)) as came, pikepdf.new() as made:
        if not 1 <= len(came.pages) <= PAGES:
            raise TooLarge
        require_all_seen(came)
        came.generate_appearance_streams()
        came.flatten_annotations("screen")
        for page in came.pages:
            taken = {name: page.obj[name] for name in _OF_A_PAGE if name in page.obj}
            for name in set(page.obj.keys()) - set(taken):
                if name not in {"/Type", "/Parent"}:
                    del page.obj[name]
            made.pages.append(page)
        strip(made)
        strip_drawings(made)
        printed = io.BytesIO()
        made.remove_unreferenced_resources()
        made.save(
            printed,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=False,
            fix_metadata_version=False,
        )
        return printed.getvalue()


def main() -> int:
    """Clean what is on standard input; the exit status tells what went wrong, and nothing else does."""
    import pikepdf  # noqa: PLC0415 - only the cleaner pays for loading it

    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        printed = clean(content)
    except pikepdf.PasswordError:
        return LOCKED
    except Layers:
        return LAYERS
    except (TooLarge, MemoryError):
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - a library on somebody else's file: whatever it trips over is damage
        return NOT_READ
    sys.stdout.buffer.write(printed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
