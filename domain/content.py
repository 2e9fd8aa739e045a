"""What a file is, told from its bytes while they pass, never from its name or from what a browser says of it.

Taken are photos, PDF and sound, and in few places a ZIP (APPNOTE.TXT 4.3.7). Signatures:
RFC 2083 (PNG), ITU-T T.81 B.1.1.3 (JPEG), RFC 9649 (WebP),
ISO 32000 (PDF), RFC 3533 and 7845 (Ogg, Opus), RFC 4867 (AMR), ISO/IEC 13818-7 (ADTS), ISO/IEC 11172-3 (MP3),
ISO/IEC 14496-12 (the boxes of MP4, 3GP and HEIC). A box file is sound when it has a track of sound and none
of pictures: telephones write both under the same first bytes.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Content(StrEnum):
    """What is taken, as the media type under which it is given back."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"
    MP4 = "audio/mp4"
    THREE_GP = "audio/3gpp"
    AAC = "audio/aac"
    OGG = "audio/ogg"
    AMR = "audio/amr"
    MP3 = "audio/mpeg"
    WAV = "audio/wav"
    ZIP = "application/zip"
    """Taken in few places, and only to be unpacked."""
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    """A letter, made here or written by us. Its bytes are those of a ZIP: who takes one reads it through."""

    @property
    def is_voice(self) -> bool:
        """Whether it is heard."""
        return self.startswith("audio/")

    @property
    def is_photo(self) -> bool:
        """Whether it is looked at."""
        return self.startswith("image/")

    @property
    def can_be_shown(self) -> bool:
        """Whether a copy for looking at is made of it."""
        return self.is_photo

    @property
    def ending(self) -> str:
        """How a file of this kind is named."""
        return _ENDINGS[self]


class Unwanted(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    VIDEO = "video"
    UNKNOWN = "unknown"


_ENDINGS: Final = {
    Content.JPEG: "jpg", Content.PNG: "png", Content.WEBP: "webp", Content.HEIC: "heic", Content.PDF: "pdf",
    Content.MP4: "m4a", Content.THREE_GP: "3gp", Content.AAC: "aac", Content.OGG: "ogg", Content.AMR: "amr",
    Content.MP3: "mp3", Content.WAV: "wav", Content.ZIP: "zip",
    Content.DOCX: "docx",
}  # fmt: skip # one table
_FIRST: Final = 64  # bytes; every signature lies in them
_SIGNATURES: Final[tuple[tuple[re.Pattern[bytes], Content | Unwanted], ...]] = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"\xff\xd8\xff", Content.JPEG),
        (rb"\x89PNG\r\n\x1a\n", Content.PNG),
        (rb"RIFF.{4}WEBP", Content.WEBP),
        (rb"RIFF.{4}WAVE", Content.WAV),
        (rb"RIFF.{4}AVI ", Unwanted.VIDEO),
        (rb"%PDF-\d", Content.PDF),
        (rb"PK\x03\x04", Content.ZIP),
        (rb"OggS.{24}(?:OpusHead|\x01vorbis|Speex   |\x7fFLAC)", Content.OGG),
        (rb"OggS", Unwanted.VIDEO),
        (rb"#!AMR(?:-WB)?\n", Content.AMR),
        (rb"ID3[\x02-\x04]", Content.MP3),
        (rb"\xff[\xf0\xf1\xf8\xf9]", Content.AAC),
        (rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]", Content.MP3),
        (rb"\x1a\x45\xdf\xa3|FLV\x01|\x00\x00\x01[\xba\xb3]|\x30\x26\xb2\x75", Unwanted.VIDEO),
    )
)
_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
_BOX: Final = 8  # bytes: size and kind
_LONG_BOX: Final = 16  # with a size of eight bytes after them
_ENDLESS: Final = 1 << 62
_HANDLER: Final = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)
_HANDLER_BYTES: Final = 16


class Look:
    """Looks at one file as it passes, and keeps next to nothing of it."""

    def __init__(self) -> None:
        self._first = bytearray()
        self._boxes = _Boxes()

    def write(self, data: bytes) -> None:
        """The next bytes."""
        self._first += data[: _FIRST - len(self._first)]
        self._boxes.write(data)

    def found(self) -> Content | Unwanted:
        """What it was, once all of it has passed."""
        first = bytes(self._first)
        if not first:
            return Unwanted.EMPTY
        if first[4:8] == b"ftyp":
            return self._boxed(first[8:12])
        return next((kind for pattern, kind in _SIGNATURES if pattern.match(first)), Unwanted.UNKNOWN)

    def _boxed(self, brand: bytes) -> Content | Unwanted:
        if brand in _HEIC:
            return Content.HEIC
        if b"vide" in self._boxes.handlers:
            return Unwanted.VIDEO
        if b"soun" in self._boxes.handlers:
            return Content.THREE_GP if brand.startswith(b"3g") else Content.MP4
        return Unwanted.UNKNOWN


class _Boxes:
    """The handlers named in the `moov` box, wherever in the file that stands; recorders write it last."""

    def __init__(self) -> None:
        self.handlers: set[bytes] = set()
        self._head = bytearray()
        self._left = 0  # bytes of the box that is open
        self._inside = False  # whether that is `moov`
        self._seen = b""

    def write(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            if self._left:
                body = data[at : at + self._left]
                self._left -= len(body)
                at += len(body)
                if self._inside:
                    self._look(body)
            else:
                self._head.append(data[at])
                at += 1
                self._open()

    def _open(self) -> None:
        size, kind = int.from_bytes(self._head[:4]), self._head[4:8]
        needed = _LONG_BOX if size == 1 else _BOX
        if len(self._head) < needed:
            return
        if size == 1:
            size = int.from_bytes(self._head[8:])
        self._left = size - needed if size >= needed else _ENDLESS  # 0: to the end; too small: no box file
        self._inside = kind == b"moov"
        self._head.clear()

    def _look(self, body: bytes) -> None:
        window = self._seen + body
        self.handlers.update(_HANDLER.findall(window))
        self._seen = window[-_HANDLER_BYTES:]
