import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import TextTooLong, clean_text, fold_digits

FAR = 10**6
NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\u202e\u2066\u2069\u200b\u200c\u200d\ufeff\u00ad\x00\x1b\r\n\t \u2028\u200e\u200f"),
    )
)
HIDDEN = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\u00ad\x00\x1b\x7f\x85")


@given(NASTY, st.booleans())
def test_nothing_hidden_is_left_and_cleaning_again_changes_nothing(text: str, lines: bool) -> None:
    clean = clean_text(text, FAR, lines=lines)
    assert not HIDDEN & set(clean)
    assert clean == clean.strip()
    assert "  " not in clean
    assert "\n\n\n" not in clean
    assert lines or "\n" not in clean
    assert unicodedata.is_normalized("NFC", clean)
    assert clean_text(clean, FAR, lines=lines) == clean
    clean.encode()  # a lone surrogate would fail here, and in every database


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_every_visible_character_stays(text: str) -> None:
    assert clean_text(text, FAR) == unicodedata.normalize("NFC", text).strip()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ahmed\t\n  Muhammed ", "Ahmed Muhammed"),
        ("Moham\u202edem\u202c", "Mohamdem"),
        ("\u2067محمد\u2069", "محمد"),
        ("محمد\u200f", "محمد"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200d محمد \u200c", "محمد"),
        ("a\u200d\u200d\u200db", "a\u200db"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("ك\u0640\u0640تاب", "ك\u0640\u0640تاب"),
        ("\u0601 1446", "\u0601 1446"),
        ("e\u0301", "é"),
        ("a\ufdd0b\ufffe", "ab"),
        ("🫨", "🫨"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_a_line(typed: str, kept: str) -> None:
    assert clean_text(typed, 40) == kept


def test_paragraphs_stay_and_keep_their_direction_marks() -> None:
    assert (
        clean_text("one \r\n two\u2028three\n\n\n\nfour\rfive\u200f\n", 60, lines=True)
        == "one\ntwo\nthree\n\nfour\nfive\u200f"
    )


def test_too_long_is_said_not_cut() -> None:
    assert clean_text(" abc ", 3) == "abc"
    with pytest.raises(TextTooLong) as caught:
        clean_text("ابتدأ" * 20_000, 80)
    assert (caught.value.length, caught.value.limit) == (100_000, 80)


def test_digits_of_three_scripts_are_one() -> None:
    assert fold_digits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ محمد") == "0123456789 0123456789 محمد"
