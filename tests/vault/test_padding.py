import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.vault.cast import many
from vault import Unreadable
from vault.padding import pad, padded_size, unpad


@many
@given(st.binary(max_size=600))
@example(b"")
@example(b"\x80")
@example(b"text\0\0")
@example(bytes(255))
@example(bytes(256))
def test_padding_comes_off_and_only_steps_show(plaintext: bytes) -> None:
    padded = pad(plaintext)
    assert unpad(padded) == plaintext
    assert len(padded) == 256 * (len(plaintext) // 256 + 1)


@pytest.mark.parametrize(
    "padded",
    [b"", bytes(256), b"a" * 256, b"\x80", b"\x80" + bytes(254), b"\x80" + bytes(511)],
    ids=["empty", "no mark", "text only", "short", "not a step", "a step too many"],
)
def test_what_is_not_padded_is_refused(padded: bytes) -> None:
    with pytest.raises(Unreadable):
        unpad(padded)


@given(st.integers(0, 1 << 30))
@example(1 << 16)
@example((1 << 16) + 1)
def test_a_file_is_filled_up_to_one_of_few_sizes(size: int) -> None:
    padded = padded_size(size)
    assert size <= padded <= max(1 << 16, size * 1.12)
    assert padded_size(padded) == padded


def test_files_up_to_twenty_megabytes_have_few_sizes() -> None:
    assert len({padded_size(size) for size in range(0, 20 << 20, 1000)}) < 300
