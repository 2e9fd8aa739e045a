"""The reader: a PDF on standard input, a picture of one page on standard output, then it ends.

`core.documents.pages` starts it by path, isolated and bounded from outside (`core.documents.alone`). Once its
libraries are loaded it can write to no file at all. PDFium comes without an engine for JavaScript; a page is
painted, nothing in it is followed. How large a page says it is decides nothing: it is painted into a picture
of a few megapixels, whatever its boxes say.

An order is one line of JSON, then the file: `page` (from 1). The answer is one line of JSON: `pages`; then a
JPEG of the page.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any, Final

NOT_READ: Final = 64
TOO_LARGE: Final = 66
LOCKED: Final = 67
NO_PAGE: Final = 68

PAGES: Final = 2_000
LONGEST_SIDE: Final = 1_600
SHARPEST: Final = 4.0  # picture points for a point of the page (1/72 inch)
QUALITY: Final = 80
_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD


def scale_of(width: float, height: float) -> float:
    """How many picture points a point of the page gets, so that no side is longer than LONGEST_SIDE."""
    return min(LONGEST_SIDE / max(width, height, 1.0), SHARPEST)


def painted(page: Any, scale: float) -> Any:
    """A page as a picture of the image library, on white."""
    return page.render(scale=scale, may_draw_forms=True, draw_annots=True).to_pil().convert("RGB")


def jpeg(image: Any) -> bytes:
    """The picture alone, with nothing about where it comes from."""
    printed = io.BytesIO()
    image.save(printed, "JPEG", quality=QUALITY)
    return printed.getvalue()


def show(pdf: Any, number: int) -> tuple[dict[str, int], bytes]:
    """How many pages there are, and one of them as a picture. Raises IndexError where it is not there."""
    pages = len(pdf)
    if not 1 <= number <= min(pages, PAGES):
        raise IndexError
    page = pdf[number - 1]
    return {"pages": pages}, jpeg(painted(page, scale_of(*page.get_size())))


def main() -> int:
    """Carry out the order on standard input; the exit status tells what went wrong, and nothing else does."""
    import pypdfium2  # noqa: PLC0415 - only the reader pays for loading it
    from PIL import Image, JpegImagePlugin  # noqa: F401, PLC0415 - loaded before nothing can be written

    order = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        pdf = pypdfium2.PdfDocument(content)
        pdf.init_forms()
        told, picture = show(pdf, order["page"])
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
