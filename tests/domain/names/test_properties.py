"""What holds for every name, however it is written."""

import unicodedata
from itertools import pairwise, product
from math import inf

from hypothesis import example, given
from hypothesis import strategies as st

from bench.names_spellings import spellings
from bench.names_vocalised import NAMES
from domain.names import irregular
from domain.names.folding import fold, words
from domain.names.letters import held
from domain.names.likeness import distance, distance_of_beginning
from domain.names.parts import join, word
from domain.names.people import Person
from domain.names.reading import Reader
from domain.names.tokens import skeletons
from tests.domain.names.support import MATCHER, match, persons

JOINING = (
    "al",
    "Eş",
    "Abd",
    "عبد",
    "abu-",
    "bin",
    "El-Hac",
    "Din",
    "Ad-Dīn",
    "الله",
    "Ali-Hasan",
    "ibn-al",
    "-",
)
SPELLED = [spelling for name in NAMES for spelling in spellings(name)]
ARABIC = [name for name in SPELLED if name[0] > "\u0600"]
LETTERS = "abcdefghijklmnopqrstuvwxyzşçğıöüâîûḥḫṣḍṭẓṯḏ'2567ابتثجحخدذرزسشصضطظعغفقكلمنهويىئؤ"
IRREGULAR = [*irregular.ARABIC, *irregular.ABBREVIATED, *irregular.COGNATES, *irregular.TAKEN_FOR]
single = st.sampled_from(SPELLED)
name = st.lists(single, min_size=1, max_size=4).map(" ".join)
anything = st.one_of(name, st.text(max_size=30), st.lists(st.text(max_size=6), max_size=4).map(" ".join))


@given(anything, anything)
def test_both_ways_are_one(one: str, other: str) -> None:
    there, back = match(one, other), match(other, one)
    assert there[:2] == back[:2]
    assert 0 <= there.score <= 1
    least, most = {"same": (0.85, 1), "possible": (0.6, 0.849), "different": (0, 0.599)}[there.verdict]
    assert least <= there.score <= most
    assert there.reasons


@given(name)
def test_a_name_is_itself(text: str) -> None:
    assert match(text, text)[:2] == (1.0, "same")


@given(anything)
def test_what_can_be_read_is_itself(text: str) -> None:
    assert match(text, text).verdict == ("same" if MATCHER.reader.name(text).parts else "different")


@given(name, name, st.lists(st.floats(0, 0.99), min_size=200, max_size=200))
def test_harmless_spelling_changes_nothing(one: str, other: str, chances: list[float]) -> None:
    letters = unicodedata.normalize("NFC", one)
    changed = "".join(map(_harmless, letters, chances))
    assert match(one, changed)[:2] == (1.0, "same")
    assert match(one, other)[:2] == match(f"  {changed}\t", other)[:2]


def _harmless(letter: str, chance: float) -> str:
    """The letter with what people and machines add, drop or exchange without meaning anything."""
    if "\u0621" <= letter <= "\u064a":
        if letter in "اأإآ":
            return "اأإآ"[int(chance * 4)]
        if letter in "ةه":
            return "ةه"[chance < 0.5]
        return letter + ("\u064e", "ـ", "\u0652", "\u200d", "")[int(chance * 5)]
    if letter in "iı":  # dotless in some capitals
        return letter
    return (
        letter.upper()
        if chance < 0.5 and letter.upper().lower() == letter
        else letter + "\u200b" * (chance > 0.9)
    )


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(single, single, st.integers(0, 300), st.booleans())
def test_a_limit_leaves_out_only_what_lies_beyond(one: str, other: str, limit: int, unfinished: bool) -> None:
    reader = Reader()
    measure = distance_of_beginning if unfinished else distance
    for part, opposite in product(reader.name(one).parts, reader.name(other).parts):
        for a, b in product(part.readings, opposite.readings):
            cost = measure(a, b)
            found = measure(a, b, limit)
            assert found == (cost if cost <= limit else inf)


@given(st.lists(st.one_of(single, st.sampled_from(JOINING)), min_size=1, max_size=5))
def test_a_name_read_word_by_word_is_the_name_read_at_once(tokens: list[str]) -> None:
    text = " ".join(tokens)
    at_once = join([word(each) for each in words(fold(text))])
    assert [part.text for part in Reader().name(text).parts] == [part for part, _ in at_once]


@given(st.one_of(single, st.text(LETTERS, min_size=1, max_size=9), st.sampled_from(IRREGULAR)))
def test_letters_tell_at_least_what_a_word_sounds_like(text: str) -> None:
    reader = Reader()
    for each in reader.words[text]:
        for reading in reader.part[each.text].readings:
            assert not reading.held & ~held(fold(text)), reading.units


@example("Ali" * 70)
@example("Ali " * 13)
@given(anything)
def test_parts_are_the_same_read_or_not(text: str) -> None:
    reader = Reader()
    assert reader.texts(text) == [part.text for part in reader.name(text).parts]


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_every_spelling_leads_to_a_common_skeleton(names: list[str]) -> None:
    reader = Reader()
    for each in names:
        found = [
            {skeleton for part in reader.name(spelled).parts for skeleton in skeletons(part)}
            for spelled in spellings(each)
        ]
        meeting = [bool(one & other) for one, other in pairwise(found)]
        assert sum(meeting) >= 0.7 * len(meeting), each


some = st.one_of(st.just(""), name)
record = st.builds(Person, given=some, family=some, father=some, mother=some, name=some)


@given(record, record)
def test_records_are_compared_both_ways_alike(one: Person, other: Person) -> None:
    there, back = persons(one, other), persons(other, one)
    assert (there.score, there.verdict) == (back.score, back.verdict)
    assert [each.finding for each in there.evidence] == [each.finding for each in back.evidence]
