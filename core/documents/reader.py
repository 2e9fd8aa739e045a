"""The reader: a PDF on standard input, a picture of one page on standard output, then it ends.

`core.documents.pages` starts it by path, isolated and bounded from outside (`core.documents.alone`). Once its
libraries are loaded it can write to no file at all. PDFium comes without an engine for JavaScript; a page is
painted, nothing in it is followed. How large a page says it is decides nothing: it is painted into a picture
of a few megapixels, whatever its boxes say.

An order is one line of JSON, then the file. `page` (from 1) asks for a picture of it, with a `grid` where
that is true. `areas` (page, and left, top, width, height in percent) and `words` are painted over in it.
Without `page` every page is, and the answer is a new PDF of nothing but such pictures: there is no text in
it, no other layer, nothing of the file that came. `photo` says that the file is a plain JPEG, and so is the
answer. Before it stands one line of JSON: `pages`, and `found`, how often each of the words was; with a grid
also `totals` in all pages, `hits` of every page, `bare`, the pages without any text, and `pictured`, those
with text and a picture beside it, in which something may be read that no search finds.

Words are compared by letters and digits alone (`core.documents.finding`), so that none stays because a paper
writes it in capitals, with other digits, in groups, spaced out or broken at the end of a line.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
from ctypes import byref, c_double, c_float, c_int, c_uint
from pathlib import Path
from typing import Any, Final, TypeAlias

if __name__ == "__main__":  # isolated, it finds no module of ours by itself
    sys.path.append(str(Path(__file__).parents[2]))

from core.documents.finding import Wanted, hits_of, wanted_of

Box: TypeAlias = tuple[int, int, int, int]  # left, top, right, bottom in picture points

NOT_READ: Final = 64
TOO_LARGE: Final = 66
LOCKED: Final = 67
NO_PAGE: Final = 68

PAGES: Final = 2_000
BURNT: Final = 60  # pages of a PDF that is painted over as a whole
SHARP_SIDE: Final = 2_000  # picture points of a page that is to be read on paper
_AROUND: Final = 3  # picture points around a word that go with it
LONGEST_SIDE: Final = 1_600
_SIZED: Final = 0.02  # of a page: as large as a stamp or a signature
_READABLE: Final = 400  # picture points; a letter needs as many
_NESTED: Final = 10  # drawings within drawings
SHARPEST: Final = 4.0  # picture points for a point of the page (1/72 inch)
QUALITY: Final = 80
_MOMENT: Final = re.compile(rb"D:20[0-9]{12}")
_NO_MOMENT: Final = b"D:20000101000000"
_MARK: Final = re.compile(rb"(?<=<)[0-9A-F]{32}(?=>)")
_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD


def scale_of(width: float, height: float, longest: int = LONGEST_SIDE) -> float:
    """How many picture points a point of the page gets, so that no side is longer."""
    return min(longest / max(width, height, 1.0), SHARPEST)


def painted(page: Any, scale: float) -> Any:
    """A page as a picture of the image library, on white."""
    return page.render(scale=scale, may_draw_forms=True, draw_annots=True).to_pil().convert("RGB")


def jpeg(image: Any) -> bytes:
    """The picture alone, with nothing about where it comes from."""
    printed = io.BytesIO()
    image.save(printed, "JPEG", quality=QUALITY)
    return printed.getvalue()


def show(pdf: Any, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """How many pages there are, and one of them as a picture. Raises IndexError where it is not there."""
    pages, number = len(pdf), order["page"]
    if not 1 <= number <= min(pages, PAGES):
        raise IndexError
    found: dict[str, int] = {}
    wanted = wanted_of(order.get("words", ()))
    image = over(pdf, number, order, wanted, LONGEST_SIDE, found)
    said = {"pages": pages, "found": found}
    if order.get("grid"):
        lined(image)
        said |= overview(pdf, wanted)
    return said, jpeg(image)


def burn(pdf: Any, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """A new PDF of pictures of every page, painted over. Raises MemoryError for too many pages."""
    import pypdfium2  # noqa: PLC0415 - only the reader pays for loading it

    if len(pdf) > BURNT:
        raise MemoryError
    made, wanted = pypdfium2.PdfDocument.new(), wanted_of(order["words"])
    found = dict.fromkeys(wanted, 0)
    for number in range(1, len(pdf) + 1):
        came = pdf[number - 1]
        width, height = came.get_size()
        picture = pypdfium2.PdfImage.new(made)
        picture.load_jpeg(io.BytesIO(jpeg(over(pdf, number, order, wanted, SHARP_SIDE, found))), inline=True)
        picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page = made.new_page(width, height)
        page.insert_obj(picture)
        page.gen_content()
    printed = io.BytesIO()
    made.save(printed)
    # Made twice from the same, it is the same: PDFium writes the moment and a random mark into it.
    unmarked = _MARK.sub(b"0" * 32, _MOMENT.sub(_NO_MOMENT, printed.getvalue()))
    return {"pages": len(pdf), "found": found}, unmarked


def over(
    pdf: Any, number: int, order: dict[str, Any], wanted: Wanted, longest: int, found: dict[str, int]
) -> Any:
    """A page as a picture, painted over; `found` counts how often each of the words was."""
    page = pdf[number - 1]
    width, height = page.get_size()
    image = painted(page, scale_of(width, height, longest))
    blacken(image, [area[1:] for area in order.get("areas", ()) if area[0] == number])
    boxes = boxes_of(drawn(pdf, number), wanted, image.size) if wanted else {}
    for word, hits in boxes.items():
        found[word] = found.get(word, 0) + len(hits)
        for box in (box for hit in hits for box in hit):
            image.paste((0, 0, 0), box)
    return image


def drawn(pdf: Any, number: int) -> Any:
    """A page with what stands in its fields and comments as part of its text; no picture is made of it."""
    from pypdfium2 import raw  # noqa: PLC0415 - only the reader pays for loading it

    page = pdf[number - 1]
    raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    page.close()
    return pdf[number - 1]  # its text is read when it is loaded


def overview(pdf: Any, wanted: Wanted) -> dict[str, Any]:
    """Of every page that a copy would have: how often words are on it, and whether a search sees all."""
    totals, hits, bare, pictured = dict.fromkeys(wanted, 0), [], [], []
    for number in range(1, min(len(pdf), BURNT) + 1):
        page = drawn(pdf, number)
        _text, found, written = hits_of(page, wanted)
        counts = {word: len(one) for word, one in found.items()}
        hits.append(sum(counts.values()))
        for word, count in counts.items():
            totals[word] += count
        if not written:
            bare.append(number)
        elif has_picture(page):
            pictured.append(number)
    return {"totals": totals, "hits": hits, "bare": bare, "pictured": pictured}


def has_picture(page: Any) -> bool:
    """Whether pictures take so much of a page that something may be read in them.

    A scan may lie there in many stripes. Of a drawing within the page that holds one all of it counts.
    """
    from pypdfium2 import raw  # noqa: PLC0415 - only the reader pays for loading it

    width, height = page.get_size()
    covered = 0.0
    for at in range(raw.FPDFPage_CountObjects(page)):
        one = raw.FPDFPage_GetObject(page, at)
        if _readable(one):
            left, low, right, top = (c_float() for _side in range(4))
            raw.FPDFPageObj_GetBounds(one, byref(left), byref(low), byref(right), byref(top))
            covered += abs(right.value - left.value) * abs(top.value - low.value)
    return bool(covered >= _SIZED * width * height)


def _readable(one: Any, depth: int = 0) -> bool:
    """Whether an object of a page is, or holds, a picture with room for letters."""
    from pypdfium2 import raw  # noqa: PLC0415 - only the reader pays for loading it

    kind = raw.FPDFPageObj_GetType(one)
    if kind == raw.FPDF_PAGEOBJ_IMAGE:
        across, down = c_uint(), c_uint()
        told = raw.FPDFImageObj_GetImagePixelSize(one, byref(across), byref(down))
        return not told or across.value * down.value >= _READABLE
    if kind != raw.FPDF_PAGEOBJ_FORM:
        return False
    if depth > _NESTED:
        return True
    inside = range(raw.FPDFFormObj_CountObjects(one))
    return any(_readable(raw.FPDFFormObj_GetObject(one, at), depth + 1) for at in inside)


def boxes_of(page: Any, wanted: Wanted, size: tuple[int, int]) -> dict[str, list[list[Box]]]:
    """Where words stand in the picture of a page: of every hit a box for each of its lines."""
    text, found, _written = hits_of(page, wanted)
    return {
        word: [_lines([box for at in hit if (box := _box(page, text, at, size))]) for hit in hits]
        for word, hits in found.items()
    }


def _box(page: Any, text: Any, at: int, size: tuple[int, int]) -> Box | None:
    """Where a character stands in the picture, with all the room of its line; None where it is nowhere."""
    from pypdfium2 import raw  # noqa: PLC0415 - only the reader pays for loading it

    left, right, bottom, top = (c_double() for _side in range(4))
    raw.FPDFText_GetCharBox(text, at, byref(left), byref(right), byref(bottom), byref(top))
    loose = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, at, byref(loose))
    across, along = [], []
    for x, y in (
        (left.value, top.value), (right.value, bottom.value),
        (loose.left, loose.top), (loose.right, loose.bottom),
    ):  # fmt: skip # corners of two boxes
        to_right, down = c_int(), c_int()
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, byref(to_right), byref(down))
        across.append(to_right.value)
        along.append(down.value)
    if left.value == right.value and loose.left == loose.right:
        return None  # a blank or an end of a line that the library added
    return min(across), min(along), max(across), max(along)


def _lines(boxes: list[Box]) -> list[Box]:
    """Boxes of characters as one for each stretch in which they stand close, with a little around."""
    joined: list[Box] = []
    for box in boxes:
        near = max(box[3] - box[1], _AROUND)
        left, top, right, bottom = joined[-1] if joined else box
        beside = box[0] <= right + near and left <= box[2] + near
        if joined and beside and box[1] < bottom and top < box[3]:
            joined.pop()
            joined.append((min(left, box[0]), min(top, box[1]), max(right, box[2]), max(bottom, box[3])))
        else:
            joined.append(box)
    return [
        (max(one[0] - _AROUND, 0), max(one[1] - _AROUND, 0), one[2] + _AROUND, one[3] + _AROUND)
        for one in joined
    ]


def blacken(image: Any, areas: list[list[float]]) -> None:
    """Paint areas black: left, top, width and height in percent of the picture."""
    across, down = image.width / 100, image.height / 100
    for left, top, width, height in areas:
        box = (left * across, top * down, (left + width) * across, (top + height) * down)
        image.paste((0, 0, 0), (int(box[0]), int(box[1]), int(box[2]) + 1, int(box[3]) + 1))


def lined(image: Any) -> None:
    """Draw a line at every tenth, with how many percent that is, so that an area can be told in numbers."""
    from PIL import ImageDraw  # noqa: PLC0415 - only the reader pays for loading it

    draw, size = ImageDraw.Draw(image), max(image.width // 28, 10)
    for tenth in range(1, 10):
        x, y = image.width * tenth // 10, image.height * tenth // 10
        draw.line([(x, 0), (x, image.height)], fill=(0, 90, 200))
        draw.line([(0, y), (image.width, y)], fill=(0, 90, 200))
        draw.text((x + 3, 2), str(tenth * 10), fill=(0, 90, 200), font_size=size)
        draw.text((3, y + 2), str(tenth * 10), fill=(0, 90, 200), font_size=size)


def photo(content: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """A plain JPEG of ours, painted over."""
    from PIL import Image  # noqa: PLC0415 - only the reader pays for loading it

    with Image.open(io.BytesIO(content), formats=("JPEG",)) as opened:
        image = opened.convert("RGB")
    blacken(image, [area[1:] for area in order["areas"] if area[0] == 1])
    if order.get("grid"):
        lined(image)
    return {"pages": 1, "found": dict.fromkeys(order["words"], 0)}, jpeg(image)


def answer(order: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """Carry out one order."""
    import pypdfium2  # noqa: PLC0415 - only the reader pays for loading it

    if order.get("photo"):
        return photo(content, order)
    pdf = pypdfium2.PdfDocument(content)
    pdf.init_forms()
    return show(pdf, order) if "page" in order else burn(pdf, order)


def main() -> int:
    """Carry out the order on standard input; the exit status tells what went wrong, and nothing else does."""
    import pypdfium2  # noqa: PLC0415 - only the reader pays for loading it
    from PIL import Image, ImageDraw, JpegImagePlugin  # noqa: F401, PLC0415 - before nothing can be written

    order = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        said, picture = answer(order, content)
    except IndexError:
        return NO_PAGE
    except MemoryError:
        return TOO_LARGE
    except pypdfium2.PdfiumError as error:
        return LOCKED if getattr(error, "err_code", None) == _PASSWORD else NOT_READ
    except Exception:  # noqa: BLE001 - a library on somebody else's file: whatever it trips over is damage
        return NOT_READ
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
