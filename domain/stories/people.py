"""Names of people: known ones, words with a capital that nothing else explains, kunyas and initials."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from domain.stories.spans import Kind
from domain.stories.stems import is_arabic

if TYPE_CHECKING:
    from domain.stories.lexicon import Phrase
    from domain.stories.reading import Reading

_INITIALS: Final = re.compile(r"(?<!\w)و?[^\W\d_]\.\s?(?:[^\W\d_]\.\s?)*[^\W\d_]\.")
_STATE: Final = "t.c."
_JUDICIAL: Final = "adli"
"""Folds to the same as «adlı», which stands after a name."""

_KUNYA: Final = frozenset({"ابو", "بن"})
_ARTICLES: Final = frozenset(
    {"al", "el", "as", "es", "ar", "er", "ad", "ed", "abd", "abu", "ebu", "bin", "ben"}
)
_NISBA: Final = re.compile(r"ال\w{2,}ي")
_SHORT: Final = 3
_LEAST_CAPITALS: Final = 3


def people(reading: Reading) -> None:
    """Flag them; what is explained as a place or a date is left out, unless it is a known name."""
    marked: set[int] = set()
    doubtful: dict[int, int] = {}
    for index in range(len(reading.tokens)):
        _known(reading, index, marked, doubtful)
        _after_marker(reading, index, marked)
        _capital(reading, index, marked)
    _settle(reading, marked, doubtful)
    for index in sorted(marked):
        _reach_out(reading, index, marked)
    _flag_runs(reading, marked)
    _initials(reading)


def _known(reading: Reading, index: int, marked: set[int], doubtful: dict[int, int]) -> None:
    phrase = reading.lexicon.names.at(reading.tokens, index)
    if phrase is None or index in reading.taken:
        return
    token = reading.tokens[index]
    if not _is_everyday(reading, index, phrase) or (token.is_capital and not token.starts_sentence):
        marked.update(range(index, index + len(phrase)))
    else:
        doubtful[index] = len(phrase)


def _is_everyday(reading: Reading, index: int, phrase: Phrase) -> bool:
    """Whether the word is likely meant as an ordinary one."""
    token = reading.tokens[index]
    if not is_arabic(token.text):
        return phrase in reading.lexicon.everyday["latin"]
    if phrase in reading.lexicon.everyday["ar"]:
        return True
    if len(phrase) > 1 or len(phrase[0]) > _SHORT:
        return False
    # على and علي, منى and مني fold to one; ف and ك before three letters rather belong to the word.
    last = reading.lexicon.spelt.get(phrase, "")
    other_word = {token.written[-1:], last} == {"ى", "ي"}
    return other_word or token.text[: -len(phrase[0])] in {"ف", "ك"}


def _after_marker(reading: Reading, index: int, marked: set[int]) -> None:
    lists = reading.lexicon.list
    following = index + 1
    if reading.has_form(index, lists("name_follows")) and _may_be_name(reading, following):
        marked.add(following)
    precedes = reading.word(index) in lists("name_precedes") and reading.tokens[index].written != _JUDICIAL
    if precedes and not reading.is_plain(index - 1):
        marked.add(index - 1)
    if (
        reading.word(index) in lists("title")
        and reading.is_capital(following)
        and not reading.is_plain(following)
    ):
        marked.add(following)
    if not reading.has_form(index, lists("child_of")) or not reading.are_close(index):
        return
    named = reading.lexicon.names.at(reading.tokens, following) is not None
    if is_arabic(reading.word(index)):
        kunya = reading.word(index) in _KUNYA and not reading.is_plain(following)
        named = named or kunya or _may_be_name(reading, following)
    else:
        named = reading.is_capital(following)
    if named:
        marked.update((index, following))


def _may_be_name(reading: Reading, index: int) -> bool:
    """After a marker: any word but a plain one; with an article only a known name."""
    known = bool(reading.word(index)) and reading.lexicon.names.at(reading.tokens, index) is not None
    return known or not (reading.is_plain(index) or reading.word(index).startswith("ال"))


def _capital(reading: Reading, index: int, marked: set[int]) -> None:
    token = reading.tokens[index]
    if token.starts_sentence and not token.before_apostrophe:
        return
    if _is_unexplained(reading, index):
        marked.add(index)


def _is_unexplained(reading: Reading, index: int) -> bool:
    token = reading.tokens[index]
    shouted = token.written.isupper() and len(token.text) < _LEAST_CAPITALS
    return (
        token.is_capital
        and len(token.text) > 1
        and not shouted
        and index not in reading.taken
        and not reading.lexicon.is_plain(token.text)
    )


def _settle(reading: Reading, marked: set[int], doubtful: dict[int, int]) -> None:
    """Believe a doubtful name beside a believed one, beside another doubtful one, or beside a title."""
    lists = reading.lexicon.list
    changed = True
    while changed:
        changed = False
        for index, length in list(doubtful.items()):
            after = index + length
            beside = {index - 1} if reading.is_joined(index - 1) else set()
            beside |= {after} if reading.is_joined(after - 1) else set()
            titled = reading.has_form(index - 1, lists("title")) or reading.word(after) in lists(
                "title_after"
            )
            believed = beside & marked or any(
                not reading.is_plain(other) for other in beside & doubtful.keys()
            )
            if titled or (believed and not reading.is_plain(index)):
                marked.update(range(index, after))
                changed = True
                del doubtful[index]


def _reach_out(reading: Reading, index: int, marked: set[int]) -> None:
    """Take along what belongs to a name: its article, a first word of the sentence, a family name in ـي."""
    if reading.is_joined(index - 1):
        before = reading.tokens[index - 1]
        if before.text in _ARTICLES or (before.starts_sentence and _is_unexplained(reading, index - 1)):
            marked.add(index - 1)
    following = reading.word(index + 1)
    if reading.is_joined(index) and _NISBA.fullmatch(following):
        marked.add(index + 1)


def _flag_runs(reading: Reading, marked: set[int]) -> None:
    run: list[int] = []
    for index in sorted(marked):
        if run and (index != run[-1] + 1 or not reading.is_joined(run[-1])):
            reading.flag(run[0], run[-1] + 1, Kind.NAME)
            run = []
        run.append(index)
    if run:
        reading.flag(run[0], run[-1] + 1, Kind.NAME)


def _initials(reading: Reading) -> None:
    folded = reading.folded
    for match in _INITIALS.finditer(folded.text):
        first = folded.original[folded.origin[match.start()]]
        if (first.isupper() or is_arabic(match[0])) and match[0] != _STATE:
            reading.found.append(folded.span(*match.span(), Kind.NAME))
