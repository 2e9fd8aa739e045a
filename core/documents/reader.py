"""The reader: a PDF on standard input, a picture of one page on standard output, then it ends.

`core.documents.pages` starts it by path, isolated and bounded from outside (`core.documents.alone`). Once its
libraries are loaded it can write to no file at all. PDFium comes without an engine for JavaScript; a page is
painted, nothing in it is followed. How large a page says it is decides nothing: it is painted into a picture
of a few megapixels, whatever its boxes say.

An order is one line of JSON, then the file. `page` (from 1) asks for a picture of it, with a `grid` where
that is true. `areas` (page, and left, top, width, height in percent) and `words` are painted over in it.
Without `page` every page is, and the answer is a new PDF of nothing but such pictures: there is no text in
it, no other layer, nothing of the file that came. `photo` says that the file is a plain JPEG, and so is the
answer. Before it stands one line of JSON: `pages`, and `found`, how often each of the words was.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
from typing import Any, Final

NOT_READ: Final = 64
TOO_LARGE: Final = 66
LOCKED: Final = 67
NO_PAGE: Final = 68

PAGES: Final = 2_000
BURNT: Final = 60  # pages of a PDF that is painted over as a whole
SHARP_SIDE: Final = 2_000  # picture points of a page that is to be read on paper
_AROUND: Final = 3  # picture points around a word that go with it
LONGEST_SIDE: Final = 1_600
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
    image = over(pdf[number - 1], number, order, LONGEST_SIDE, found)
    if order.get("grid"):
        lined(image)
    return {"pages": pages, "found": found}, jpeg(image)


def burn(pdf: Any, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """A new PDF of pictures of every page, painted over. Raises MemoryError for too many pages."""
    import pypdfium2  # noqa: PLC0415 - only the reader pays for loading it

    if len(pdf) > BURNT:
        raise MemoryError
    made, found = pypdfium2.PdfDocument.new(), dict.fromkeys(order["words"], 0)
    for number in range(1, len(pdf) + 1):
        came = pdf[number - 1]
        width, height = came.get_size()
        picture = pypdfium2.PdfImage.new(made)
        picture.load_jpeg(io.BytesIO(jpeg(over(came, number, order, SHARP_SIDE, found))), inline=True)
        picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page = made.new_page(width, height)
        page.insert_obj(picture)
        page.gen_content()
    printed = io.BytesIO()
    made.save(printed)
    # Made twice from the same, it is the same: PDFium writes the moment and a random mark into it.
    unmarked = _MARK.sub(b"0" * 32, _MOMENT.sub(_NO_MOMENT, printed.getvalue()))
    return {"pages": len(pdf), "found": found}, unmarked


def over(page: Any, number: int, order: dict[str, Any], longest: int, found: dict[str, int]) -> Any:
    """A page as a picture, painted over; `found` counts how often each of the words was."""
    width, height = page.get_size()
    image = painted(page, scale_of(width, height, longest))
    blacken(image, [area[1:] for area in order.get("areas", ()) if area[0] == number])
    for word in order.get("words", ()):
        boxes = boxes_of(page, word, image.size)
        found[word] = found.get(word, 0) + len(boxes)
        for box in boxes:
            image.paste((0, 0, 0), box)
    return image


def boxes_of(page: Any, word: str, size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Where a word stands in the picture of a page, a line at a time, in whatever case."""
    from ctypes import byref, c_int  # noqa: PLC0415 - beside the library that wants them

    from pypdfium2 import raw  # noqa: PLC0415 - only the reader pays for loading it

    def point(x: float, y: float) -> tuple[int, int]:
        right, down = c_int(), c_int()
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, byref(right), byref(down))
        return right.value, down.value

    text, boxes = page.get_textpage(), []
    search = text.search(word)
    while (at := search.get_next()) is not None:
        for one in range(text.count_rects(*at)):
            left, bottom, right, top = text.get_rect(one)
            (x1, y1), (x2, y2) = point(left, top), point(right, bottom)
            first = (max(min(x1, x2) - _AROUND, 0), max(min(y1, y2) - _AROUND, 0))
            boxes.append((*first, max(x1, x2) + _AROUND, max(y1, y2) + _AROUND))
    return boxes


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
        told, picture = answer(order, content)
    except IndexError:
        return NO_PAGE
    except MemoryError:
        return TOO_LARGE
    except pypdfium2.PdfiumError as error:
        return LOCKED if getattr(error, "err_code", None) == _PASSWORD else NOT_READ
    except Exception:  # noqa: BLE001 - a library on somebody else's file: whatever it trips over is damage
        return NOT_READ
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
