import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import few, flipped, many
from vault import Context, Key, Pair, Unreadable, Untrusted, fingerprint, seal_to, wrap_to

PAIR = Pair.new()
CONTEXT = Context("test", 1)


@few
@given(st.binary(max_size=600))
def test_content_sealed_to_a_pair_opens_with_it(plaintext: bytes) -> None:
    assert PAIR.open(seal_to(PAIR.public, plaintext, CONTEXT), CONTEXT) == plaintext


def test_a_key_sealed_to_a_pair_opens_with_it() -> None:
    key = Key.new(3)
    wrapped = wrap_to(PAIR.public, key, CONTEXT)
    assert PAIR.unwrap(wrapped, CONTEXT) == key
    assert len(wrapped) == 1 + 1120 + 36 + 16


def test_the_length_of_content_tells_only_steps() -> None:
    lengths = {len(seal_to(PAIR.public, b"x" * size, CONTEXT)) for size in (0, 1, 100, 255)}
    assert lengths == {1 + 1120 + 256 + 16}


@many
@given(st.integers(0, 20_000))
def test_any_changed_bit_keeps_it_closed(bit: int) -> None:
    with pytest.raises(Unreadable):
        PAIR.open(flipped(SEALED, bit), CONTEXT)


SEALED = seal_to(PAIR.public, b"message", CONTEXT)


def test_another_pair_context_form_or_length_keeps_it_closed() -> None:
    assert PAIR.open(SEALED, CONTEXT) == b"message"
    with pytest.raises(Unreadable):
        Pair.new().open(SEALED, CONTEXT)
    with pytest.raises(Unreadable):
        PAIR.open(SEALED, Context("test", 2))
    with pytest.raises(Unreadable):
        PAIR.unwrap(SEALED, CONTEXT)
    with pytest.raises(Unreadable):
        PAIR.open(wrap_to(PAIR.public, Key.new(), CONTEXT), CONTEXT)
    for wrong in (b"", SEALED[:1], SEALED[:500], SEALED[:-1], SEALED + b"\0"):
        with pytest.raises(Unreadable):
            PAIR.open(wrong, CONTEXT)


def test_a_relabelled_form_keeps_closed() -> None:
    wrapped = wrap_to(PAIR.public, Key.new(), CONTEXT)
    with pytest.raises(Unreadable):
        PAIR.open(SEALED[:0] + b"\x31" + wrapped[1:], CONTEXT)
    with pytest.raises(Unreadable):
        PAIR.unwrap(b"\x41" + SEALED[1:], CONTEXT)


def test_a_point_of_low_order_is_refused_when_opening() -> None:
    """The X25519 part of the encapsulation set to zero would give a secret that everybody knows."""
    with pytest.raises(Unreadable):
        PAIR.open(SEALED[: 1 + 1088] + bytes(32) + SEALED[1 + 1120 :], CONTEXT)


@pytest.mark.parametrize(
    "public",
    [b"", PAIR.public[:-1], PAIR.public + b"\0", b"\xff" * 1216, PAIR.public[:1184] + bytes(32)],
    ids=["empty", "short", "long", "no ML-KEM key", "low order"],
)
def test_nothing_is_sealed_to_what_is_no_public_half(public: bytes) -> None:
    with pytest.raises(Untrusted):
        seal_to(public, b"message", CONTEXT)


def test_a_private_half_comes_back() -> None:
    again = Pair.from_private_bytes(PAIR.private_bytes())
    assert again == PAIR
    assert again.public == PAIR.public
    assert again.open(SEALED, CONTEXT) == b"message"
    for wrong in (b"", bytes(95), bytes(97)):
        with pytest.raises(Unreadable):
            Pair.from_private_bytes(wrong)


def test_each_seal_is_fresh() -> None:
    assert len({seal_to(PAIR.public, b"same", CONTEXT)[1:1121] for _ in range(5)}) == 5


def test_fingerprints_can_be_read_aloud_and_differ() -> None:
    printed = fingerprint(PAIR.public)
    groups = printed.split(" ")
    assert [len(group) for group in groups] == [5] * 8
    assert printed.replace(" ", "").isdecimal()
    assert fingerprint(flipped(PAIR.public, 9_000)) != printed


def test_the_repr_shows_no_private_half() -> None:
    assert repr(PAIR) == "Pair()"
