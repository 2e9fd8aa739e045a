"""The receipt: read as it was typed, every slip noticed, nothing opened by another code, row or server."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import FAST, PEPPER, few, many
from vault import Mistyped, Pair, ReceiptKey, Unreadable, new_receipt, read_receipt

ROW, OTHER_ROW = UUID(int=1), UUID(int=2)
codes = (
    st.integers(0, 10**22 - 1)
    .map(lambda number: f"{number:022}")
    .map(lambda body: f"{body}{98 - int(body) * 100 % 97:02}")
)


def test_a_code_is_six_groups_of_digits_and_never_the_same() -> None:
    groups = new_receipt().split(" ")
    assert [len(group) for group in groups] == [4] * 6
    assert len({new_receipt() for _ in range(50)}) == 50


@many
@given(codes)
def test_it_is_read_in_the_digits_of_any_script_with_whatever_stands_between(code: str) -> None:
    for zero in (0x30, 0x660, 0x6F0):  # Latin, Arabic-Indic, Persian
        typed = "".join(chr(zero + int(digit)) for digit in code)
        for between in ("", " ", "-", "\u2013", "\u200f", "\u00a0"):
            assert read_receipt(between.join(typed[at : at + 4] for at in range(0, 24, 4))) == code


@many
@given(codes, st.integers(0, 23), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(code: str, place: int, by: int) -> None:
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    with pytest.raises(Mistyped):
        read_receipt(wrong)


@many
@given(codes, st.integers(0, 22))
def test_two_neighbours_exchanged_are_noticed(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        with pytest.raises(Mistyped):
            read_receipt(swapped)


@pytest.mark.parametrize(
    "typed", ["", "1", "abcd " * 6, "0" * 24, "0" * 25, "٣" * 23, "²" * 24, "0" * 22 + "99"]
)
def test_what_can_be_no_code_is_mistyped(typed: str) -> None:
    with pytest.raises(Mistyped):
        read_receipt(typed)
    with pytest.raises(Mistyped):
        ReceiptKey.of(typed, PEPPER, FAST)


@few
@given(codes)
def test_the_code_finds_its_row_and_opens_its_pair(code: str) -> None:
    pair, key = Pair.new(), ReceiptKey.of(code, PEPPER, FAST)
    again = ReceiptKey.of(" ".join(code), PEPPER, FAST)
    assert again.lookup == key.lookup
    assert again.open(key.seal(pair, ROW), ROW).public == pair.public
    assert code not in repr(key)


def test_nothing_else_opens_it() -> None:
    code, pair = new_receipt(), Pair.new()
    key = ReceiptKey.of(code, PEPPER, FAST)
    sealed = key.seal(pair, ROW)
    for other in (
        ReceiptKey.of(new_receipt(), PEPPER, FAST),
        ReceiptKey.of(code, PEPPER[::-1], FAST),  # another server
        ReceiptKey.of_nothing(PEPPER, FAST),
    ):
        assert other.lookup != key.lookup
        with pytest.raises(Unreadable):
            other.open(sealed, ROW)
    with pytest.raises(Unreadable):
        key.open(sealed, OTHER_ROW)
    with pytest.raises(Unreadable):
        key.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), ROW)


def test_the_row_says_nothing_of_the_code() -> None:
    """The digits derive the row, and neither stands in the other."""
    code, pair = new_receipt(), Pair.new()
    key = ReceiptKey.of(code, PEPPER, FAST)
    row = key.lookup + key.seal(pair, ROW)
    for part in (code.replace(" ", "")[at : at + 8].encode() for at in range(0, 24, 8)):
        assert part not in row
    assert pair.private_bytes()[:32] not in row
