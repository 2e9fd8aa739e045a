"""What a file knows is found in a text in any script and spelling; ordinary words are not."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.stories.assistant import flag
from domain.stories.lexicon import Lexicon
from domain.stories.mentions import Known, mentions
from domain.stories.spans import segments

LEXICON = Lexicon.load(Path(__file__).parents[2] / "config")
PERSON = Known(
    names=(
        "عبد الرحمن محمد الحمصي",
        "ABDURRAHMAN MUHAMMED ELHIMSI",
        "علي",
        "Şirin Hala",
        "هناء آلان عمر آلاء",
    ),
    phones=("+90 532 000 11 22",),
    numbers=("99123456789", "N 0123456"),
)


def marked(text: str, known: Known = PERSON) -> str:
    return "".join(
        f"{{{','.join(piece.kinds)}:{piece.text}}}" if piece.kinds else piece.text
        for piece in segments(text, mentions(text, known, flag(text, LEXICON)))
    )


FOUND = """
{name:محمد} ينتظر، ومعه {name:عبد الرحمن}.
أُخبر {name:لمُحمّدٍ} {name:وعلي} غدًا.
السيد {name:الحمصي}، {name:حمصي} الأصل.
انتظروا {name:هناءَ} {name:وآلاء} في البيت.
{name:Muhammed}'i bekliyoruz, {name:Muhammede} söyleyin.
Dün {name:Mohammad} geldi, and {name:Muhammet} too.
{name:Abdurrahman} gelmedi; {name:Abdul Rahman} too.
{name:şirin}'in babası, {name:Sirin}.
Ask {name:Ali} about it.
{phone:0532 000 11 22}
tel: +{phone:90(532)000-11-22} veya {phone:٠٥٣٢٠٠٠١١٢٢}
son hane {phone:000 11 22}
kimlik {id_number:99123456789}, pasaport {id_number:N0123456}
"""


@pytest.mark.parametrize("line", FOUND.strip().splitlines())
def test_what_the_file_knows_is_found_as_people_write_it(line: str) -> None:
    plain = line
    for kind in ("name", "phone", "id_number"):
        plain = plain.replace(f"{{{kind}:", "")
    assert marked(plain.replace("}", "")) == line


@pytest.mark.parametrize(
    "line",
    [
        "اتصلنا على الرقم نفسه، وننتظر الرد منكم.",
        "الحمد لله، الرجل عبد لله، والأب في البيت.",
        "Yarın saat 10:00'da, 31 Aralık 2026 tarihinde, 1.500 TL.",
        "We wait for an answer until 12 May 2027; room 532.",
        "Bin kişi, bir abla ve nur topu gibi bir çocuk; hâlâ bekliyoruz.",
        "ننتظر هنا حتى الآن، ولا حاجة إلا إلى من كان من العمر والحياة في سعة.",
    ],
)
def test_ordinary_words_are_not(line: str) -> None:
    assert mentions(line, PERSON, flag(line, LEXICON)) == ()


def test_a_name_that_the_partner_has_may_be_written_whosever_it_is_besides() -> None:
    known = Known(names=("خالد", "فاطمة"), open_names=("محمد خالد الأحمد",))
    assert marked("محمد خالد وفاطمة", known) == "محمد خالد {name:وفاطمة}"


def test_short_names_and_numbers_are_left_alone() -> None:
    assert mentions("رن و 1234", Known(names=("رن",), numbers=("1234",))) == ()
    assert mentions("anything", Known()) == ()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["محمد", "MUHAMMED", "05320001122"]))
def test_it_is_found_between_any_other_words(before: str, after: str, what: str) -> None:
    text = f"{before}\n—\n{what}\n—\n{after}"
    assert any(what in span.text for span in mentions(text, PERSON))
    assert "".join(piece.text for piece in segments(text, mentions(text, PERSON))) == text


@pytest.mark.parametrize("text", ["1 " * 1000, "عبد " * 500, "a-" * 1000, "محمد " * 400, "0" * 2000])
def test_the_longest_message_is_read_at_once(text: str) -> None:
    begun = perf_counter()
    mentions(text, PERSON)
    assert perf_counter() - begun < 30  # a hang, not a speed


def test_a_name_that_only_comes_from_the_same_one_is_another() -> None:
    known = Known(names=("Mehmet",))
    assert marked("Mehmet geldi, Muhammed gelmedi.", known) == "{name:Mehmet} geldi, Muhammed gelmedi."
