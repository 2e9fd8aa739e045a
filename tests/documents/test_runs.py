"""Where a line is cut into runs, and that nothing typed gets lost or turns its surroundings."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.documents.direction import Direction, first_strong, untangled
from core.documents.runs import Piece, Run, code, cut, name
from core.web.filters import isolate

MIXED = st.text(
    st.sampled_from("ابجدهَّ٠١٢٣ abcğİ0123 -.,:%₺()«»/،؛\u200e\u202e\u2067\x00\n\u2028"), max_size=40
)
DIRECTIONS = st.sampled_from(["rtl", "ltr"])


def shown(text: str, base: Direction) -> list[tuple[str, str]]:
    return [(run.text, run.direction) for run in cut(text, base)]


@pytest.mark.parametrize(("text", "base", "expected"), [
    ("المادة 15 من القانون", "rtl", [("المادة ", "rtl"), ("15", "ltr"), (" من القانون", "rtl")]),
    ("كيمليك (geçici koruma) ثم", "rtl", [("كيمليك (", "rtl"), ("geçici koruma", "ltr"), (") ثم", "rtl")]),
    ("في 2 (iki)", "rtl", [("في ", "rtl"), ("2", "ltr"), (" (", "rtl"), ("iki", "ltr"), (")", "rtl")]),
    ("في 2026-11-02.", "rtl", [("في ", "rtl"), ("2026-11-02", "ltr"), (".", "rtl")]),
    ("بنسبة 5% و₺150", "rtl", [("بنسبة ", "rtl"), ("5%", "ltr"), (" و", "rtl"), ("₺150", "ltr")]),
    ("٣٧ ملفاً", "rtl", [("٣٧ ملفاً", "rtl")]),
    ("Kayıt (شهادة ولادة) son", "ltr", [("Kayıt (", "ltr"), ("شهادة ولادة", "rtl"), (") son", "ltr")]),
    ("Madde 15, 2. fıkra", "ltr", [("Madde 15, 2. fıkra", "ltr")]),
    ("أحمد 12. محمد", "ltr", [("أحمد ", "rtl"), ("12", "ltr"), (". محمد", "rtl")]),
    ("...", "rtl", [("...", "rtl")]),
    ("", "rtl", []),
])  # fmt: skip # a table
def test_a_line_is_cut_where_its_direction_changes(
    text: str, base: Direction, expected: list[tuple[str, str]]
) -> None:
    assert shown(text, base) == expected


@given(MIXED, DIRECTIONS)
@example("\u202eabc", "rtl")
def test_every_letter_stays_in_its_order_and_in_a_run_of_its_direction(text: str, base: Direction) -> None:
    runs = list(cut(text, base))
    lost = "\u202e\u2067\x00"
    kept = "".join(" " if sign in "\n\u2028" else sign for sign in text if sign not in lost)
    assert "".join(run.text for run in runs) == kept
    assert all(one.direction != other.direction for one, other in pairwise(runs))
    for run in runs:
        for letter in run.text:
            own = first_strong(letter, run.direction)
            assert own == run.direction, (letter, run)


@given(MIXED, DIRECTIONS)
def test_a_mark_is_never_parted_from_its_letter(text: str, base: Direction) -> None:
    for run in list(cut(text, base))[1:]:
        assert unicodedata.bidirectional(run.text[0]) != "NSM" or run.text[0] == text[0]


@pytest.mark.parametrize("base", ["rtl", "ltr"])
def test_codes_and_names_keep_their_own_direction(base: Direction) -> None:
    [phone] = cut(code("+90 555 123"), base)
    [person] = cut(name("أحمد (المحامي)"), base)
    assert (phone.direction, person.direction) == ("ltr", "rtl")
    assert phone.text == ("\u200e+90 555 123\u200e" if base == "rtl" else "+90 555 123")
    assert person.text == ("\u200fأحمد (المحامي)\u200f" if base == "ltr" else "أحمد (المحامي)")


def test_a_name_fenced_off_in_a_sentence_stays_apart() -> None:
    sentence = f"راجعه {isolate('Ahmet (avukat)')} أمس"
    assert [run.text for run in cut(sentence, "rtl")] == ["راجعه ", "\u200eAhmet (avukat)\u200e", " أمس"]
    assert [run.text for run in cut(name(isolate("Ahmet")), "ltr")] == ["Ahmet"]


@pytest.mark.parametrize(("typed", "left"), [
    ("\u202egnp.exe", "gnp.exe"),
    ("\u2067unclosed", "unclosed"),
    ("\u2068unclosed", "unclosed"),
    ("\u2068a\u202eb\u2069c", "abc"),
    ("\u2069\u2068b\u2069", "\u2068b\u2069"),
    ("\u2068<p>\u2069", "<p>"),
    ("a\u200f\u200e", "a\u200f\u200e"),
])  # fmt: skip # a table
def test_only_whole_fences_stay_in_a_text(typed: str, left: str) -> None:
    assert untangled(typed) == left


def test_bold_pieces_stand_beside_plain_ones() -> None:
    assert list(cut(["a ", Piece("b", bold=True)], "ltr")) == [
        Run("a ", "ltr", bold=False),
        Run("b", "ltr", bold=True),
    ]
