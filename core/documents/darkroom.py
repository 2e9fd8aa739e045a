"""The darkroom: a photo on standard input, a plain copy of it on standard output, then it ends.

`core.documents.photo` starts it by path, isolated from our environment and packages. It opens no connection
and, once its library is loaded, can write to no file at all. How many pixels a photo has is read from its
first bytes before any is unpacked, so that a small file does not become gigabytes. The copy holds pixels and
nothing else: no place, no camera, no thumbnail of what was cut off.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Final

NOT_SHOWN: Final = 64
TOO_LARGE: Final = 66

PIXELS: Final = 64_000_000
LONGEST_SIDE: Final = 1_600
CPU_SECONDS: Final = 20
MEMORY_BYTES: Final = 1 << 30
QUALITY: Final = 82
FORMATS: Final = ("JPEG", "PNG", "WEBP")
BOXED: Final = b"ftyp"  # four bytes into a file of boxes (ISO/IEC 14496-12); of photos HEIC alone is one


class TooLarge(Exception):
    """More pixels than are unpacked."""


def limit() -> None:
    """Bound what this process may use: processor seconds, memory, no written byte, no core dump."""
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def develop(content: bytes) -> bytes:
    """A JPEG of a photo, upright, at most LONGEST_SIDE on a side, on white where it was transparent.

    Raises TooLarge, and whatever the library raises for what is no photo.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - only the darkroom pays for loading it

    formats = ("HEIF",) if is_boxed(content) else FORMATS
    with Image.open(io.BytesIO(content), formats=formats) as opened:
        if opened.width * opened.height > PIXELS:
            raise TooLarge
        if opened.format == "JPEG":
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(opened)
        seen_through = upright.has_transparency_data
        layered = upright.convert("RGBA" if seen_through else "RGB")
    plain = Image.new("RGB", layered.size, "white")
    plain.paste(layered, mask=layered.getchannel("A") if seen_through else None)
    printed = io.BytesIO()
    plain.save(printed, "JPEG", quality=QUALITY)
    return printed.getvalue()


def is_boxed(content: bytes) -> bool:
    """Whether it is HEIC, as iPhones make photos, or nothing that is shown."""
    return content[4:8] == BOXED


def take_boxed() -> None:
    """Load what reads HEIC, in one thread, and without small pictures beside the photo.

    They may show what was cut off.
    """
    import pillow_heif  # noqa: PLC0415 - only for such a photo

    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def main() -> int:
    """Develop what is on standard input; the exit status tells what went wrong, and nothing else does."""
    from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401, PLC0415 - before the limits

    Image.MAX_IMAGE_PIXELS = None  # our own check comes first, and is stricter
    content = sys.stdin.buffer.read()
    if is_boxed(content):
        take_boxed()
    limit()
    try:
        printed = develop(content)
    except (TooLarge, MemoryError):
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - a library on somebody else's file: whatever it trips over is damage
        return NOT_SHOWN
    sys.stdout.buffer.write(printed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
