from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import many
from vault import head_digest

Row = tuple[str, UUID, int]
rows = st.lists(
    st.tuples(
        st.sampled_from(["notes", "parties"]), st.integers(1, 4).map(lambda n: UUID(int=n)), st.integers(1, 3)
    ),
    unique_by=lambda row: row[:2],
    max_size=6,
)


@many
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(some: list[Row], random: Random) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)
    assert head_digest(shuffled) == head_digest(some)


@many
@given(rows, rows)
def test_any_other_rows_give_another_digest(one: list[Row], other: list[Row]) -> None:
    assert (head_digest(one) == head_digest(other)) == (set(one) == set(other))


def test_rolling_back_dropping_or_moving_a_row_shows() -> None:
    kept, changed = ("notes", uuid4(), 1), ("notes", uuid4(), 2)
    now = head_digest([kept, changed])
    assert now != head_digest([kept, (changed[0], changed[1], 1)])
    assert now != head_digest([kept])
    assert now != head_digest([kept, ("parties", changed[1], 2)])


def test_a_row_that_comes_twice_is_a_programming_error() -> None:
    row = uuid4()
    with pytest.raises(ValueError, match="one version"):
        head_digest([("notes", row, 1), ("notes", row, 2)])
