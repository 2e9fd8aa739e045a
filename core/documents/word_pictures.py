"""Pictures of a template without what cameras and programs wrote into them: who made them, where, with what.

Their points stay as they are, byte for byte; so nothing is unpacked that was made to be huge. A picture ends
where its own points end, whatever lies behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from core.documents.cleaner import bare

_PNG: Final = b"\x89PNG\r\n\x1a\n"
# Of a PNG what its points need, and how large and in which colours they are meant (ISO/IEC 15948, 11). No
# profile of colours: some bear the name of the screen on which they were made.
_CHUNKS: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
)
_AROUND: Final = 12  # of a chunk: length, name, check

# Of a GIF (version 89a): what begins a block, and the one extension that says how a picture is drawn.
_EXTENSION, _IMAGE, _TRAILER, _CONTROL = 0x21, 0x2C, 0x3B, 0xF9
_GIF_HEAD: Final = 13
_IMAGE_HEAD: Final = 10
_TABLE, _TABLE_SIZE = 0x80, 0x07


def bared(content: bytes) -> tuple[str, bytes] | None:
    """Which kind of picture it is, and it without what it tells; None for what is none that is kept."""
    for first, (ending, strip) in _KINDS.items():
        if content.startswith(first):
            try:
                return ending, strip(content)
            except (ValueError, IndexError):
                return None
    return None


def _png(content: bytes) -> bytes:
    kept, at = bytearray(_PNG), len(_PNG)
    while at + _AROUND <= len(content):
        end = at + _AROUND + int.from_bytes(content[at : at + 4])
        name = content[at + 4 : at + 8]
        if end > len(content):
            break
        if name in _CHUNKS:
            kept += content[at:end]
        if name == b"IEND":
            return bytes(kept)
        at = end
    raise ValueError


def _gif(content: bytes) -> bytes:
    at = _GIF_HEAD + _table(content[10])
    kept = bytearray(content[:at])
    while content[at] != _TRAILER:
        head = 2
        if content[at] == _IMAGE:
            head = _IMAGE_HEAD + _table(content[at + 9]) + 1  # and the width of its codes
        elif content[at] != _EXTENSION:
            raise ValueError
        *_before, end = _ends(content, at + head)
        if content[at] == _IMAGE or content[at + 1] == _CONTROL:
            kept += content[at:end]
        at = end
    return bytes(kept + bytes([_TRAILER]))


def _table(flags: int) -> int:
    """The bytes of the table of colours that follows, where there is one."""
    return 3 << ((flags & _TABLE_SIZE) + 1) if flags & _TABLE else 0


def _ends(content: bytes, at: int) -> Iterator[int]:
    """Where each block of a row ends; the last one is empty. Raises IndexError without such a one."""
    while content[at]:
        at += 1 + content[at]
        yield at
    yield at + 1


_KINDS: Final[dict[bytes, tuple[str, Callable[[bytes], bytes]]]] = {
    _PNG: ("png", _png),
    b"\xff\xd8\xff": ("jpeg", bare),
    b"GIF8": ("gif", _gif),
}
