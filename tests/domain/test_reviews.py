"""Which closings are looked at, by whom, and what an amount is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.amounts import MOST, NoAmount, lira
from domain.reviews import Second, drawn, is_urgent, unfit

people = st.sampled_from(["a", "b", "c"])


@given(st.text(max_size=40), st.integers(0, 30))
def test_asking_again_draws_nothing_new(secret: str, turn: int) -> None:
    assert drawn(secret, turn) == drawn(secret, turn)
    assert drawn(secret, turn, 1)


def test_about_one_in_ten_is_drawn() -> None:
    found = sum(drawn(f"{number:032x}", 0) for number in range(2000))
    assert 150 <= found <= 250


@given(people, people, st.frozensets(people))
def test_nobody_is_the_second_of_the_own_work(person: str, proposer: str, lawyers: frozenset[str]) -> None:
    why = unfit(person, proposer=proposer, lawyers=lawyers)
    assert (why is None) == (person != proposer and person not in lawyers)
    assert why is not Second.PROPOSER or person == proposer


@given(st.integers(1, MOST), st.sampled_from("., ٬'"), st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩"]))
def test_an_amount_is_read_however_it_is_grouped(amount: int, sign: str, digits: str) -> None:
    typed = f"{amount:,}".replace(",", sign) + ",50 TL"
    typed = typed.translate(str.maketrans("0123456789", digits))
    assert lira(typed) == lira(f"₺{amount}") == amount


@pytest.mark.parametrize("typed", ["", "0", "bin", "-5", "12.5.3", "1.2345", str(MOST + 1), "5 6"])
def test_what_is_no_amount_is_none(typed: str) -> None:
    with pytest.raises(NoAmount):
        lira(typed)


def test_what_once_was_urgent_stays_so_for_a_second_pair_of_eyes() -> None:
    assert is_urgent("U0", {})
    assert is_urgent("U2", {"once_urgent": True})
    assert not is_urgent("U2", {})
