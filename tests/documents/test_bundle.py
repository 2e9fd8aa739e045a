"""A ZIP that somebody brings: read whole when it is honest, refused or left when it is not."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from functools import partial

import pytest

from core.documents import bundle
from core.documents.bundle import Bundle, Fault, NotRead

MOST = 1_000_000


def packed(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as fresh:
        for name, content in files:
            fresh.writestr(name, content)
    return made.getvalue()


def read(content: bytes, number: int = 0, most: int = MOST) -> bytes:
    return b"".join(Bundle(io.BytesIO(content)).read(number, most))


def fault(act: Callable[[], object]) -> Fault:
    with pytest.raises(NotRead) as refused:
        act()
    return refused.value.fault


def listed(content: bytes, offset: int, value: bytes) -> bytes:
    """Change a field of the first entry of the list of files."""
    place = content.index(b"PK\1\2") + offset
    return content[:place] + value + content[place + len(value) :]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_was_packed_is_read(method: int) -> None:
    content = packed(("dir/", b""), ("صورة.jpg", b"x" * 200_000), ("b", b""), method=method)
    opened = Bundle(io.BytesIO(content))
    assert [(one.path, one.size) for one in opened.parts] == [("صورة.jpg", 200_000), ("b", 0)]
    assert b"".join(opened.read(1, MOST)) == b"x" * 200_000
    assert b"".join(opened.read(2, MOST)) == b""


def test_names_in_utf_8_are_read_where_the_phone_does_not_say_so() -> None:
    plain = packed(("XXXXXXXX.txt", b"a"), ("YY.jpg", b"b"))
    silent = plain.replace(b"XXXXXXXX.txt", "سلمى.txt".encode()).replace(b"YY.jpg", b"\xff\xfe.jpg")
    assert [one.path for one in Bundle(io.BytesIO(silent)).parts] == ["سلمى.txt", "\xa0■.jpg"]


def test_what_a_file_says_of_its_size_is_not_believed() -> None:
    bomb = packed(("a.jpg", bytes(5_000_000)))
    assert len(bomb) < 10_000
    assert fault(lambda: read(bomb)) is Fault.TOO_LARGE
    # It says that it is small: no byte more than that comes out, and it does not fit.
    assert fault(lambda: read(listed(bomb, 24, struct.pack("<L", 100)))) is Fault.DAMAGED
    # It says that it is larger than it is.
    small = packed(("a.jpg", b"abc"))
    assert fault(lambda: read(listed(small, 24, struct.pack("<L", 100)))) is Fault.DAMAGED
    huge = listed(small, 24, struct.pack("<L", bundle.UNPACKED + 1))
    assert fault(lambda: Bundle(io.BytesIO(huge))) is Fault.TOO_LARGE


def test_files_that_share_their_bytes_are_refused() -> None:
    content = packed(("a", b"x" * 9000), ("b", b"y" * 9000), method=zipfile.ZIP_STORED)
    second = content.rindex(b"PK\1\2") + 42
    shared = content[:second] + struct.pack("<L", 0) + content[second + 4 :]
    assert fault(lambda: Bundle(io.BytesIO(shared))) is Fault.DAMAGED


def test_a_wrong_checksum_a_password_and_another_method_are_told() -> None:
    content = packed(("a", b"hello" * 100), method=zipfile.ZIP_STORED)
    assert fault(lambda: read(content.replace(b"hello", b"hullo", 1))) is Fault.DAMAGED
    assert fault(lambda: read(listed(content, 8, struct.pack("<H", 1)))) is Fault.LOCKED
    assert fault(lambda: read(packed(("a", bytes(99)), method=zipfile.ZIP_LZMA))) is Fault.DAMAGED
    deflated = packed(("a", bytes(range(256)) * 40))
    turned = deflated[:60] + bytes(60) + deflated[120:]
    assert fault(lambda: read(turned)) is Fault.DAMAGED


@pytest.mark.parametrize("cut", [0, 1, 10, 21, 22, 30, 60])
def test_cut_off_padded_or_prefixed_it_is_damaged(cut: int) -> None:
    content = packed(("a", b"hello"))
    assert len(content) > 100
    for broken in (content[:cut], content[:-1], content + b"!", b"%PDF-1.7\n" + content, content[cut + 1 :]):
        assert fault(partial(Bundle, io.BytesIO(broken))) is Fault.DAMAGED


def test_a_list_that_is_no_list_is_damaged() -> None:
    content = packed(("a", b"hello"))
    assert fault(partial(Bundle, io.BytesIO(content.replace(b"PK\1\2", b"PK\1\3")))) is Fault.DAMAGED


def test_too_many_files_are_not_even_listed() -> None:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, 4_000_000, 0, 0)
    assert fault(lambda: Bundle(io.BytesIO(bytes(4_000_000) + end))) is Fault.TOO_MANY
    # The end says one, the list holds very many.
    many = packed(*((f"{number:05}", b"") for number in range(bundle.MOST + 1)), method=zipfile.ZIP_STORED)
    one = many[:-14] + struct.pack("<2H", 1, 1) + many[-10:]
    assert fault(lambda: Bundle(io.BytesIO(one))) is Fault.TOO_MANY
