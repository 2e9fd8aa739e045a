"""Sealed files: whole or not at all, whatever the pieces, and never a byte that was not verified."""

import tracemalloc
from collections.abc import Iterator
from itertools import chain, pairwise

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import example, given
from hypothesis import strategies as st

from tests.vault.cast import few, flipped
from vault import Context, Key, Sealer, Unreadable, open_stream, pack, sealed_epoch, unseal, unseal_committed
from vault.streams import CHUNK_BYTES

KEY = Key(bytes(range(32)), 4)
CONTEXT = Context("file", 1)
HEADER, SEALED_CHUNK = 1 + 4 + 32 + 32, CHUNK_BYTES + 16
sizes = st.builds(
    lambda chunks, more: max(chunks * CHUNK_BYTES + more, 0), st.integers(0, 3), st.integers(-2, 2)
)
cuts = st.lists(st.integers(0, 4 * CHUNK_BYTES), max_size=6)


def content(size: int) -> bytes:
    """Bytes in which every chunk is another."""
    return b"".join(number.to_bytes(4) for number in range(size // 4 + 1))[:size]


def pieces(data: bytes, at: list[int]) -> list[bytes]:
    """The same bytes cut anywhere, also into nothing."""
    borders = [0, *sorted(min(cut, len(data)) for cut in at), len(data)]
    return [data[begin:end] for begin, end in pairwise(borders)]


def seal_file(data: bytes, *, key: Key = KEY, context: Context = CONTEXT) -> bytes:
    sealer = Sealer(key, context)
    return b"".join([*sealer.write(data), sealer.finish()])


def open_file(sealed: bytes, *, key: Key = KEY, context: Context = CONTEXT) -> bytes:
    return b"".join(open_stream(key, [sealed], context))


def chunks(sealed: bytes) -> list[bytes]:
    """Header, then each chunk."""
    body = sealed[HEADER:]
    return [sealed[:HEADER], *(body[at : at + SEALED_CHUNK] for at in range(0, len(body), SEALED_CHUNK))]


def refused(sealed: bytes | list[bytes], *, key: Key = KEY, context: Context = CONTEXT) -> bytes:
    """What was given before the refusal that must come."""
    given = bytearray()
    with pytest.raises(Unreadable):
        for chunk in open_stream(key, [sealed] if isinstance(sealed, bytes) else sealed, context):
            given += chunk
    return bytes(given)


# Round trips


@few
@given(sizes, cuts, cuts)
@example(0, [], [])
@example(CHUNK_BYTES, [0, CHUNK_BYTES], [HEADER])
@example(2 * CHUNK_BYTES, [1], [HEADER - 1, HEADER + SEALED_CHUNK])
def test_what_is_sealed_opens_however_it_is_cut(size: int, in_: list[int], out: list[int]) -> None:
    data, sealer = content(size), Sealer(KEY, CONTEXT)
    sealed = b"".join([*chain.from_iterable(map(sealer.write, pieces(data, in_))), sealer.finish()])
    assert b"".join(open_stream(KEY, pieces(sealed, out), CONTEXT)) == data
    assert len(sealed) == HEADER + size + 16 * max(-(-size // CHUNK_BYTES), 1)


def test_byte_by_byte() -> None:
    sealer = Sealer(KEY, CONTEXT)
    assert [sealer.write(bytes([letter])) for letter in b"abc"] == [[], [], []]
    sealed = sealer.finish()
    assert b"".join(open_stream(KEY, (sealed[at : at + 1] for at in range(len(sealed))), CONTEXT)) == b"abc"


@pytest.mark.parametrize("written", [[], [b""], [b"", b""]])
def test_a_file_without_a_byte_is_a_file(written: list[bytes]) -> None:
    sealer = Sealer(KEY, CONTEXT)
    assert [sealer.write(data) for data in written] == [[]] * len(written)
    assert open_file(sealer.finish()) == b""


def test_nothing_comes_after_the_end() -> None:
    sealer = Sealer(KEY, CONTEXT)
    sealer.finish()
    with pytest.raises(ValueError, match="finished once"):
        sealer.finish()
    with pytest.raises(ValueError, match="finished once"):
        sealer.write(b"more")


def test_the_epoch_of_the_key_can_be_read() -> None:
    assert sealed_epoch(seal_file(b"photo", key=Key.new(9))) == 9


def test_sealing_twice_gives_nothing_to_compare() -> None:
    one, other = chunks(seal_file(b"same")), chunks(seal_file(b"same"))
    assert one[1] != other[1]
    assert one[0][5:37] != other[0][5:37]
    assert one[0][37:] != other[0][37:]


def test_memory_does_not_grow_with_the_file() -> None:
    """64 MiB through both halves, in pieces of 50,000 bytes, within one MiB."""
    piece, times = bytes(50_000), 64 * 1024 * 1024 // 50_000

    def sealed() -> Iterator[bytes]:
        sealer = Sealer(KEY, CONTEXT)
        for _ in range(times):
            yield from sealer.write(piece)
        yield sealer.finish()

    tracemalloc.start()
    try:
        size = sum(map(len, open_stream(KEY, sealed(), CONTEXT)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size == times * len(piece)
    assert peak < 1024 * 1024


# Attacks: the control is that the same file opens untouched

DATA = content(3 * CHUNK_BYTES + 100)
WHOLE = seal_file(DATA)
PARTS = chunks(WHOLE)
SMALL = seal_file(b"small")


def test_the_attacked_file_opens_untouched() -> None:
    assert open_file(WHOLE) == DATA
    assert open_file(SMALL) == b"small"
    assert len(PARTS) == 5


@few
@given(st.integers(0, 8 * len(WHOLE) - 1))
def test_a_changed_bit_gives_nothing_from_its_chunk_on(bit: int) -> None:
    given_ = refused(flipped(WHOLE, bit))
    intact = max((bit // 8 - HEADER) // SEALED_CHUNK, 0)
    assert given_ == DATA[: intact * CHUNK_BYTES]


def test_any_changed_bit_of_the_header_gives_nothing() -> None:
    for bit in range(8 * HEADER):
        assert refused(flipped(SMALL, bit)) == b""


@few
@given(st.integers(0, len(WHOLE) - 1))
@example(0)
@example(HEADER - 1)
@example(HEADER)
@example(HEADER + SEALED_CHUNK)
@example(HEADER + 3 * SEALED_CHUNK)
@example(len(WHOLE) - 1)
def test_a_cut_file_never_ends_well(end: int) -> None:
    assert DATA.startswith(refused(WHOLE[:end]))


def test_a_file_that_never_came_is_no_empty_file() -> None:
    assert refused([]) == b""
    assert refused([b"", b""]) == b""


@pytest.mark.parametrize("number", range(1, 5))
def test_a_chunk_left_out_is_noticed(number: int) -> None:
    genuine = min(number - 1, 2)  # without the last one the third stands at the end, and is none
    assert refused(b"".join(PARTS[:number] + PARTS[number + 1 :])) == DATA[: genuine * CHUNK_BYTES]


@pytest.mark.parametrize("number", range(1, 5))
def test_a_chunk_that_comes_twice_is_noticed(number: int) -> None:
    twice = b"".join([*PARTS[: number + 1], *PARTS[number:]])
    assert DATA[: number * CHUNK_BYTES].startswith(refused(twice))


@pytest.mark.parametrize(("one", "other"), [(1, 2), (1, 3), (2, 3), (1, 4), (3, 4)])
def test_chunks_exchanged_are_noticed(one: int, other: int) -> None:
    parts = list(PARTS)
    parts[one], parts[other] = parts[other], parts[one]
    assert refused(b"".join(parts)) == DATA[: (one - 1) * CHUNK_BYTES]


@pytest.mark.parametrize("more", [b"\0", bytes(16), bytes(SEALED_CHUNK), WHOLE, PARTS[-1]])
def test_what_is_appended_is_noticed(more: bytes) -> None:
    assert DATA.startswith(refused(WHOLE + more))


def test_a_chunk_of_another_file_is_noticed() -> None:
    """Same key, same context, same place."""
    for number, theirs in enumerate(chunks(seal_file(DATA))):
        if number:
            assert (
                refused(b"".join([*PARTS[:number], theirs, *PARTS[number + 1 :]]))
                == (DATA[: (number - 1) * CHUNK_BYTES])
            )


def test_a_full_chunk_in_the_middle_is_not_the_end_and_the_end_is_not_the_middle() -> None:
    """The last flag: a file of whole chunks, cut where it would look whole, or continued."""
    two = chunks(seal_file(content(2 * CHUNK_BYTES)))
    assert refused(b"".join(two[:2])) == b""
    assert refused(b"".join([*two, two[2]])) == content(CHUNK_BYTES)


def test_an_empty_end_after_full_chunks_is_refused_even_with_the_key() -> None:
    """One content has one form: nobody who holds the key makes a second."""
    header, first = chunks(seal_file(content(CHUNK_BYTES)))
    cipher, _ = by_hand(header)
    data = cipher.decrypt(bytes(11) + b"\1", first, None)
    open_end = cipher.encrypt(bytes(12), data, None)
    empty = cipher.encrypt((1).to_bytes(11) + b"\1", b"", None)
    assert refused(header + open_end + empty) == data
    one_more = cipher.encrypt((1).to_bytes(11) + b"\1", b"!", None)
    assert open_file(header + open_end + one_more) == data + b"!"


def test_another_key_epoch_or_context_gives_nothing() -> None:
    for key in (Key.new(4), Key(KEY.material, 5), Key(KEY.material, 3)):
        assert refused(WHOLE, key=key) == b""
    for context in (Context("file", 2), Context("file"), Context("photo", 1), Context("file", 1, 1)):
        assert refused(WHOLE, context=context) == b""


def test_a_relabelled_epoch_gives_nothing() -> None:
    relabelled = WHOLE[:1] + (5).to_bytes(4) + WHOLE[5:]
    assert refused(relabelled, key=Key(KEY.material, 5)) == b""


def test_unknown_versions_are_refused_and_no_form_is_taken_for_another() -> None:
    for version in set(range(256)) - {SMALL[0]}:
        assert refused(bytes([version]) + SMALL[1:]) == b""
    for opens in (unseal, unseal_committed):
        with pytest.raises(Unreadable):
            opens(KEY, SMALL, CONTEXT)


def test_a_file_made_to_fit_another_key_is_caught_by_the_commitment() -> None:
    """Whoever knows both keys can name the victim's commitment over bytes of the own key."""
    theirs, victim = Key.new(4), Key.new(4)
    sealed = seal_file(b"chosen", key=theirs)
    _, commitment = by_hand(sealed[:HEADER], victim)
    forged = sealed[:37] + commitment + sealed[HEADER:]
    assert open_file(sealed, key=theirs) == b"chosen"
    for key in (theirs, victim):
        assert refused(forged, key=key) == b""


def test_nothing_of_a_chunk_is_given_before_all_of_it_has_come() -> None:
    """Pieces are asked for one by one; the first chunk waits for its tag and for one byte more."""
    asked = 0

    def slowly() -> Iterator[bytes]:
        nonlocal asked
        for at in range(0, len(WHOLE), 1000):
            asked = at + 1000
            yield WHOLE[at : at + 1000]

    first = next(open_stream(KEY, slowly(), CONTEXT))
    assert first == DATA[:CHUNK_BYTES]
    assert asked > HEADER + SEALED_CHUNK


# The layout, read with the bare primitives


def by_hand(header: bytes, key: Key = KEY) -> tuple[AESGCM, bytes]:
    """The cipher and the commitment of a stream, from its header."""
    info = pack("sealed stream", header[:5], pack("file", 1))
    both = HKDF(hashes.SHA256(), 64, header[5:37], info).derive(key.material)
    return AESGCM(both[:32]), both[32:]


def test_a_stream_is_aes_256_gcm_with_counter_and_last_flag() -> None:
    header, *sealed = PARTS
    cipher, commitment = by_hand(header)
    assert header[:5] == b"\x51\0\0\0\x04"
    assert header[37:] == commitment
    opened = [
        cipher.decrypt(number.to_bytes(11) + bytes([number == 3]), chunk, None)
        for number, chunk in enumerate(sealed)
    ]
    assert b"".join(opened) == DATA
