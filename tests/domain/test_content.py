"""What a file is, by its bytes, however they are cut: a name or a first byte that lies changes nothing."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.content import Content, Look, Unwanted


def box(kind: bytes, body: bytes = b"", *, long: bool = False) -> bytes:
    """A box of ISO/IEC 14496-12."""
    if long:
        return (1).to_bytes(4) + kind + (16 + len(body)).to_bytes(8) + body
    return (8 + len(body)).to_bytes(4) + kind + body


def track(handler: bytes) -> bytes:
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))))


def recording(brand: bytes, *handlers: bytes, first: bool = False) -> bytes:
    """As a telephone writes it: sound or pictures, and what they are at the end, or at the beginning."""
    moov = box(b"moov", box(b"mvhd", bytes(100)) + b"".join(map(track, handlers)))
    mdat = box(b"mdat", b"hdlr" + bytes(8) + b"vide" + bytes(5000), long=True)  # within the data: no handler
    return box(b"ftyp", brand + bytes(8)) + (moov + mdat if first else mdat + moov)


def archive() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("a", "b")
    return made.getvalue()


KNOWN = [
    (b"\xff\xd8\xff\xe0\0\x10JFIF", Content.JPEG),
    (b"\x89PNG\r\n\x1a\n" + bytes(9), Content.PNG),
    (b"RIFF\x10\0\0\nWEBPVP8 ", Content.WEBP),
    (box(b"ftyp", b"heic" + bytes(8)) + box(b"meta", bytes(40)), Content.HEIC),
    (b"%PDF-1.7\n", Content.PDF),
    (recording(b"M4A ", b"soun"), Content.MP4),
    (recording(b"isom", b"soun", first=True), Content.MP4),
    (recording(b"3gp4", b"soun"), Content.THREE_GP),
    (b"\xff\xf1\x50\x80" + bytes(9), Content.AAC),
    (b"OggS" + bytes(24) + b"OpusHead", Content.OGG),
    (b"#!AMR\n\x3c", Content.AMR),
    (b"#!AMR-WB\n\x3c", Content.AMR),
    (b"ID3\x04\0", Content.MP3),
    (b"\xff\xfb\x90\x64", Content.MP3),
    (b"RIFF\x24\0\0\0WAVEfmt ", Content.WAV),
    (recording(b"mp42", b"soun", b"vide"), Unwanted.VIDEO),
    (recording(b"3gp4", b"vide", first=True), Unwanted.VIDEO),
    (recording(b"M4A "), Unwanted.UNKNOWN),  # says that it is sound, and holds none
    (box(b"ftyp", b"M4A ") + bytes(40), Unwanted.UNKNOWN),  # boxes that end nowhere
    (box(b"ftyp", b"M4A ") + (3).to_bytes(4) + b"moov" + track(b"soun"), Content.MP4),
    (b"OggS" + bytes(24) + b"\x80theora", Unwanted.VIDEO),
    (b"RIFF\0\0\0\0AVI LIST", Unwanted.VIDEO),
    (b"\x1a\x45\xdf\xa3" + bytes(30) + b"webm", Unwanted.VIDEO),
    (b"MZ\x90\0" + bytes(60) + b"PE", Unwanted.UNKNOWN),
    (b"\x7fELF", Unwanted.UNKNOWN),
    (archive(), Content.ZIP),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Unwanted.UNKNOWN),
    (b"<!DOCTYPE html><script>", Unwanted.UNKNOWN),
    (b" \xff\xd8\xff", Unwanted.UNKNOWN),
    (b"GIF89a", Unwanted.UNKNOWN),
    (b"\xff", Unwanted.UNKNOWN),
    (b"", Unwanted.EMPTY),
]


def found(content: bytes, *, piece: int) -> Content | Unwanted:
    look = Look()
    for at in range(0, len(content), piece):
        look.write(content[at : at + piece])
    return look.found()


@pytest.mark.parametrize("piece", [1, 7, 1 << 16])
@pytest.mark.parametrize(("content", "kind"), KNOWN)
def test_it_is_told_however_it_is_cut(content: bytes, kind: Content | Unwanted, piece: int) -> None:
    assert found(content, piece=piece) == kind


@given(st.binary(max_size=300), st.integers(1, 50))
def test_anything_at_all_has_an_answer(content: bytes, piece: int) -> None:
    assert found(content, piece=piece) == found(content, piece=1000)


def test_each_kind_is_seen_heard_or_read_and_has_an_ending() -> None:
    for kind in Content:
        assert kind.is_photo + kind.is_voice + (kind in {Content.PDF, Content.ZIP, Content.DOCX}) == 1
        assert kind.ending.isalnum()
        assert kind.can_be_shown == kind.is_photo
