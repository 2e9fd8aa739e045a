import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import few, many
from vault import Mistyped, Unreadable, new_personal_code, read_paper_code, read_personal_code
from vault.codes import new_paper_code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAPER = new_paper_code()


def test_codes_are_printed_in_groups_of_four() -> None:
    groups = new_personal_code().split("-")
    assert [len(group) for group in groups] == [4] * 8
    assert [len(group) for group in PAPER.split("-")] == [4] * 10 + [2]
    assert set("".join(groups)) <= set(ALPHABET)


def test_codes_carry_160_and_200_bits() -> None:
    assert len(read_personal_code(new_personal_code())) == 20
    assert len(read_paper_code(PAPER)) == 25
    assert len({new_personal_code() for _ in range(50)}) == 50
    assert read_personal_code("-".join(["ZZZZ"] * 8)) == b"\xff" * 20
    assert read_personal_code("0" * 31 + "1") == bytes(19) + b"\1"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("oO0i Il1L", "00011111"),
        ("ıİ", "11"),
        ("٠١٢ ۳۴۵", "012345"),
        ("a–b—c‑d", "ABCD"),
        ("\u200fab\u200e\u2068c\u2069", "ABC"),
        ("a b\tc\nd\u00a0e\u202ff", "ABCDEF"),
    ],
    ids=[
        "look-alikes",
        "Turkish letters",
        "Arabic and Persian digits",
        "dashes",
        "direction marks",
        "spaces",
    ],
)
def test_reading_forgives_what_people_and_keyboards_do(typed: str, meant: str) -> None:
    filler = "7" * (32 - len(meant))
    assert read_personal_code(typed + filler) == read_personal_code(meant + filler)


@few
@given(st.booleans(), st.sampled_from(["", " ", "-", " - "]))
def test_paper_codes_read_in_any_grouping(lower: bool, between: str) -> None:
    typed = between.join(PAPER.lower() if lower else PAPER)
    assert read_paper_code(typed) == read_paper_code(PAPER)


@pytest.mark.parametrize("typed", ["", "7" * 31, "7" * 33, "U" * 32, "7" * 31 + "!", "²" * 32, "é" * 32])
def test_what_cannot_be_a_personal_code_is_mistyped(typed: str) -> None:
    with pytest.raises(Mistyped):
        read_personal_code(typed)


def test_mistyped_is_caught_as_unreadable() -> None:
    with pytest.raises(Unreadable):
        read_paper_code("")


def test_every_single_wrong_symbol_on_a_paper_is_noticed() -> None:
    symbols = PAPER.replace("-", "")
    for place, right in enumerate(symbols):
        for wrong in set(ALPHABET) - {right}:
            with pytest.raises(Mistyped):
                read_paper_code(symbols[:place] + wrong + symbols[place + 1 :])


@many
@given(st.integers(0, 41), st.integers(0, 41))
def test_every_two_symbols_exchanged_on_a_paper_are_noticed(one: int, other: int) -> None:
    symbols = list(PAPER.replace("-", ""))
    if symbols[one] != symbols[other]:
        symbols[one], symbols[other] = symbols[other], symbols[one]
        with pytest.raises(Mistyped):
            read_paper_code("".join(symbols))


def test_exchanges_are_noticed_because_no_power_of_32_repeats_within_a_code() -> None:
    assert len({pow(32, place, 1021) for place in range(42)}) == 42


def test_check_symbols_have_one_spelling() -> None:
    """1 and 1022 are the same remainder; only the smaller is ever printed."""
    assert read_paper_code("0" * 41 + "1") == bytes(25)
    with pytest.raises(Mistyped):
        read_paper_code("0" * 40 + "ZY")
