"""A ZIP that somebody brings, read piece by piece: nothing of it is believed, nothing is unpacked as a whole.

What the file says about itself (APPNOTE.TXT 6.3.10) is checked before it is used, and counted while it is
unpacked. Only what is stored or deflated is read: the other methods unpack without a bound on memory.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Final

MOST: Final = 10_000  # files in one ZIP; WhatsApp exports no more than ten thousand messages with media
UNPACKED: Final = 300 * 1024 * 1024  # bytes of all files together
_DIRECTORY: Final = 2 * 1024 * 1024  # bytes of the list of files, which is held in memory
_END: Final = struct.Struct("<4s4H2LH")  # 4.3.16
_LONGEST_END: Final = _END.size + (1 << 16)
_LOCAL_BYTES: Final = 30
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_UTF8: Final = 0x800
_PIECE: Final = 1 << 16
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


class Fault(StrEnum):
    """Why a ZIP, or a file in it, is not read."""

    DAMAGED = "damaged"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    LOCKED = "locked"
    """With a password."""


class NotRead(Exception):
    """A ZIP, or a file in it, is not read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a ZIP. Its path is somebody else's words."""

    number: int
    path: str
    size: int  # as the ZIP says


class Bundle:
    """A ZIP and the list of its files."""

    def __init__(self, source: IO[bytes]) -> None:
        """Read the list. Raises NotRead, and whatever reading the source raises but OSError."""
        _check_end(source)
        try:
            self._zip = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
            raise NotRead(Fault.DAMAGED) from None
        self._infos = self._zip.infolist()
        _check_list(self._infos)
        self.parts = [
            Part(number, _path(one), one.file_size)
            for number, one in enumerate(self._infos)
            if not one.is_dir()
        ]

    def read(self, number: int, most: int) -> Iterator[bytes]:
        """What is in a file, piece by piece; only an iterator that ends without an error gave all of it.

        Raises NotRead for more than `most` bytes, a password, and whatever does not fit its checksum.
        """
        info, left = self._infos[number], most
        if info.flag_bits & _ENCRYPTED:
            raise NotRead(Fault.LOCKED)
        if info.compress_type not in _METHODS:
            raise NotRead(Fault.DAMAGED)
        try:
            with self._zip.open(info) as stream:
                while piece := stream.read(min(_PIECE, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        raise NotRead(Fault.TOO_LARGE)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error):
            raise NotRead(Fault.DAMAGED) from None
        if most - left != info.file_size:
            raise NotRead(Fault.DAMAGED)


def _check_end(source: IO[bytes]) -> None:
    """The end of the file says how long the list is: looked at before the list is held in memory."""
    length = source.seek(0, 2)
    start = source.seek(max(length - _LONGEST_END, 0))
    last = source.read(_LONGEST_END)
    place = last.rfind(b"PK\5\6")
    if place < 0 or len(last) - place < _END.size:
        raise NotRead(Fault.DAMAGED)
    _mark, disk, first, here, entries, size, offset, comment = _END.unpack_from(last, place)
    if here != entries or entries > MOST or size > _DIRECTORY:
        raise NotRead(Fault.TOO_MANY)
    # Nothing stands before, between or behind: such a file is a ZIP to one reader and another to the next.
    if disk or first or offset + size != start + place or place + _END.size + comment != len(last):
        raise NotRead(Fault.DAMAGED)


def _check_list(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST:
        raise NotRead(Fault.TOO_MANY)
    if sum(one.file_size for one in infos) > UNPACKED:
        raise NotRead(Fault.TOO_LARGE)
    end = 0
    for one in sorted(infos, key=lambda info: info.header_offset):
        if one.header_offset < end:  # files that share their bytes: few of them unpack to very many
            raise NotRead(Fault.DAMAGED)
        end = one.header_offset + _LOCAL_BYTES + one.compress_size


def _path(info: zipfile.ZipInfo) -> str:
    """Phones write UTF-8 into names, and not all of them say so."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.orig_filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename
