import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.folding import search_key


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("احمد", "أحمد"),
        ("فاطمه", "فاطمة"),
        ("يحيي", "يحيى"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("ISPARTA", "ısparta"),
        ("İstanbul", "istanbul"),
        ("gozluk", "Gözlük"),
        ("٩٩١", "991"),
        ("El-Hasan", "el hasan"),
        ("  علي   حسن ", "علي حسن"),
    ],
)
def test_spellings_of_one_word_meet(typed: str, written: str) -> None:
    assert search_key(typed) == search_key(written) != ""


@pytest.mark.parametrize(("one", "other"), [("حامد", "حميد"), ("جاسم", "قاسم"), ("Hasan", "Hüseyin")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@given(st.text("أإآٱىيةهؤوئءـابجدİIıiÜüŞşĞğÇç aZ09٠٩-'\u064e"))
def test_folding_again_changes_nothing(text: str) -> None:
    folded = search_key(text)
    assert search_key(folded) == folded
    assert folded == " ".join(folded.split())
