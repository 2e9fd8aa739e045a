"""Files as telephones make them, small and invented."""

from __future__ import annotations

from io import BytesIO

import pillow_heif
from PIL import Image

from tests.domain.test_content import recording

SOUND = recording(b"M4A ", b"soun")
VIDEO = recording(b"mp42", b"vide", b"soun")
PDF = b"%PDF-1.4\n% an invented decision\n%%EOF\n"
PROGRAM = b"MZ\x90\0" + bytes(200)
PLACE = b"GPS 37.0662N 37.3833E"  # what a camera may write into a photo


def photo(width: int = 40, height: int = 20, colour: str = "red", kind: str = "JPEG") -> bytes:
    """A photo taken with the telephone on its side, that tells where."""
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    made = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter (Exif 2.3, Orientation)
    exif[0x010E] = PLACE.decode()
    Image.new("RGB", (width, height), colour).save(made, kind, exif=exif.tobytes())
    return made.getvalue()


def upload(content: bytes, name: str = "a.jpg") -> tuple[BytesIO, str]:
    """A file as a browser sends it."""
    return BytesIO(content), name
