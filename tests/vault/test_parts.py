"""A part of a sealed file opens alone, never of a file that was cut, turned or put elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import few, flipped
from tests.vault.test_streams import CONTEXT, HEADER, KEY, SEALED_CHUNK, chunks, content, seal_file
from vault import CHUNK_BYTES, Context, Key, Unreadable, open_part, sealed_size

SIZE = 20 * CHUNK_BYTES + 7
DATA = content(SIZE)
SEALED = seal_file(DATA)


def part(sealed: bytes, start: int, end: int, *, key: Key = KEY, size: int = SIZE) -> bytes:
    return b"".join(open_part(key, size, lambda begin, until: sealed[begin:until], CONTEXT, start, end))


@few
@given(st.integers(0, SIZE), st.integers(0, SIZE))
def test_any_part_is_as_it_was(one: int, other: int) -> None:
    start, end = sorted((one, other))
    assert part(SEALED, start, end) == DATA[start:end]


def test_all_of_it_and_nothing_of_it() -> None:
    assert part(SEALED, 0, SIZE) == DATA
    assert part(SEALED, 5, 5) == b""
    assert part(seal_file(b""), 0, 0, size=0) == b""
    assert sealed_size(SIZE) == len(SEALED)


def test_only_what_is_asked_for_is_fetched() -> None:
    asked: list[tuple[int, int]] = []

    def read(begin: int, until: int) -> bytes:
        asked.append((begin, until))
        return SEALED[begin:until]

    assert (
        b"".join(open_part(KEY, SIZE, read, CONTEXT, CHUNK_BYTES + 1, CHUNK_BYTES + 3)) == DATA[65537:65539]
    )
    assert asked == [(0, HEADER), (HEADER + SEALED_CHUNK, HEADER + 2 * SEALED_CHUNK)]


def test_what_was_changed_does_not_open() -> None:
    pieces = chunks(SEALED)
    turned = b"".join([pieces[0], pieces[2], pieces[1], *pieces[3:]])
    cut = SEALED[: HEADER + 5 * SEALED_CHUNK]
    for sealed, end in ((turned, 10), (cut, SIZE), (flipped(SEALED, 8 * len(SEALED) - 1), SIZE), (b"", 10)):
        with pytest.raises(Unreadable):
            part(sealed, 0, end)
    with pytest.raises(Unreadable):  # cut, and said to be as long as it is now
        part(cut, 0, 5 * CHUNK_BYTES, size=5 * CHUNK_BYTES)
    for other in (Key(KEY.material, 5), Key.new(4)):
        with pytest.raises(Unreadable):
            part(SEALED, 0, 1, key=other)
    with pytest.raises(Unreadable):
        next(open_part(KEY, SIZE, lambda begin, until: SEALED[begin:until], Context("other"), 0, 1))
