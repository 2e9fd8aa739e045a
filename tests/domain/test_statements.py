"""Whose words stand in a text, and which of them nobody confirmed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.statements import statements, unconfirmed, writers
from domain.topics import Texts

ANNA, BASIL = "anna", "basil"


def text(**parts: str) -> Texts:
    return {"en": parts}


def test_words_keep_their_author_whoever_saves_them_again() -> None:
    first = text(now="1. Ask.\n2. Call [112](tel:112) today.")
    other = text(now="1. Something else.")
    history = [(None, text(now="1. Ask.")), (ANNA, first), (BASIL, other)]
    assert writers(history) == {BASIL}  # nothing of anna's is left
    assert writers([*history, (BASIL, first)]) == {ANNA, BASIL}  # brought back
    for saved_again in (
        "1. Ask.\n2. Call [112](tel:112) **TODAY**!",  # marks and letter case
        "## Call 112 today\nnew words",  # another kind of line
        "All is new. But: call 112 today. All is new.",  # one sentence of a line
    ):
        assert ANNA in writers([*history, (BASIL, text(helps=saved_again))]), saved_again
    in_turkish = {"tr": {"now": "Ask."}}
    assert writers([(ANNA, text(now="Ask.")), (BASIL, in_turkish)]) == {BASIL}


def test_who_changes_a_number_to_call_is_an_author() -> None:
    history = [(BASIL, text(helps="Call [112](tel:112).")), (ANNA, text(helps="Call [112](tel:0900112)."))]
    assert writers([*history, (BASIL, text(helps="- Call [112](tel:0900112)."))]) == {ANNA, BASIL}


def test_marks_alone_are_nobodys_words() -> None:
    assert writers([(ANNA, text(now="Ask! … !")), (BASIL, text(now="Go. … !"))]) == {BASIL}


def test_what_came_with_the_product_is_nobodys() -> None:
    assert writers([(None, text(now="Ask."))]) == frozenset()
    assert writers([(None, text(now="Ask.")), (ANNA, text(now="")), (BASIL, text(now="Ask."))]) == {BASIL}
    assert writers([]) == frozenset()


def test_a_statement_is_confirmed_word_for_word_in_its_place() -> None:
    confirmed = text(title="Title", now="1. Ask.\n2. You have **seven** days.", helps="[112](tel:112)")
    assert unconfirmed(confirmed, confirmed) == frozenset()
    assert unconfirmed(text(now="1. You have **seven** days."), confirmed) == frozenset()
    for changed in (
        text(now="You have **fifteen** days."),
        text(helps="You have **seven** days."),
        text(helps="[112](tel:0900112)"),
        {"tr": {"now": "Ask."}},
    ):
        assert len(unconfirmed(changed, confirmed)) == 1, changed
    assert unconfirmed(confirmed, {}) == set(statements(confirmed))


WORDS = st.sampled_from(["ask", "call", "wait", "- go", "## stop", "**now**. then", "سبعة أيام"])
HISTORY = st.lists(
    st.tuples(st.sampled_from([None, ANNA, BASIL]), st.lists(WORDS, max_size=4).map("\n".join)), max_size=5
)


@given(HISTORY)
def test_whoever_brought_a_statement_in_is_among_its_writers(made: list[tuple[str | None, str]]) -> None:
    history = [(author, text(now=words)) for author, words in made]
    found = writers(history)
    if history:
        standing = set(statements(history[-1][1]))
        first = {
            line: next(author for author, texts in history if line in set(statements(texts)))
            for line in standing
        }
        assert {author for author in (*first.values(), history[-1][0]) if author} <= found
    assert found <= {author for author, _texts in history}
