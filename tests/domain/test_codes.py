import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codes import reference, sort_key


def test_a_reference_reads_as_people_expect() -> None:
    assert reference("H", 2026, 42) == "H-26-00042"
    assert reference("HIMAYA", 2100 - 1, 1234567) == "HIMAYA-99-1234567"


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Z]{1,6}", fullmatch=True), st.integers(2000, 2099), st.integers(1, 10**7 - 1)
        )
    )
)
def test_references_sort_as_their_numbers(parts: list[tuple[str, int, int]]) -> None:
    assert [sort_key(reference(*part)) for part in sorted(parts)] == sorted(parts)


@pytest.mark.parametrize(
    "parts",
    [
        ("h", 2026, 1),
        ("", 2026, 1),
        ("ABCDEFG", 2026, 1),
        ("H", 1999, 1),
        ("H", 2100, 1),
        ("H", 2026, 0),
        ("H", 2026, 10**7),
        ("Ç", 2026, 1),
    ],
)
def test_what_is_no_reference_is_not_written(parts: tuple[str, int, int]) -> None:
    with pytest.raises(ValueError, match="a reference needs"):
        reference(*parts)


@pytest.mark.parametrize("text", ["", "H-26-42", "H-26-00042\n", "H-26-٠٠٠٤٢", "h-26-00042", "H-2026-00042"])
def test_what_is_no_reference_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="not a case reference"):
        sort_key(text)
