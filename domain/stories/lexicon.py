"""The words by which the assistant finds things: names, places, markers (`config/stories/`)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.folding import search_key
from domain.stories.stems import LEAST_LATIN_STEM, is_arabic
from domain.tables import LANGUAGES, TableError, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from domain.stories.folded import Token

Phrase = tuple[str, ...]
"""The folded words of an entry."""

LONGEST_WORD: Final = 40
"""No entry is longer; looking at the beginnings of longer words would only take time."""

LISTS: Final = (
    *("name_follows", "name_precedes", "title", "title_after", "child_of"),
    *("month", "month_with_number", "weekday", "before_month", "after_month"),
    *("number_word", "counted", "counted_two", "age_before"),
    *("place_follows", "place_precedes", "removal_centre", "centre", "hospital_follows", "hospital_precedes"),
    *("rare", "file_number", "plain"),
)
"""The lists of `words.tsv`, each in any of the three languages."""

EVERYDAY: Final = {"": (), "ar": ("ar",), "latin": ("latin",), "both": ("ar", "latin")}


class Phrases:
    """Entries of one or several words, found among the words of a text."""

    def __init__(self, entries: Iterable[str]) -> None:
        self.phrases: Final = frozenset(tuple(search_key(entry).split()) for entry in entries) - {()}
        self._by_first: Final[dict[str, list[Phrase]]] = defaultdict(list)
        for phrase in sorted(self.phrases, key=lambda phrase: (-len(phrase), phrase)):
            self._by_first[phrase[0]].append(phrase)

    def __contains__(self, word: object) -> bool:
        """Whether a folded word is an entry by itself."""
        return (word,) in self.phrases

    def at(self, tokens: Sequence[Token], index: int) -> Phrase | None:
        """The longest entry that begins with the word at `index`, in any form of its first and last word."""
        return self._longest(tokens, index, tokens[index].forms)

    def marker_at(self, tokens: Sequence[Token], index: int) -> Phrase | None:
        """The same, where the last word may carry any ending, as Turkish markers do: sokağında, mahallede."""
        word = tokens[index].text
        starts = (word[:length] for length in range(LEAST_LATIN_STEM, min(len(word), LONGEST_WORD)))
        return self._longest(tokens, index, (*tokens[index].forms, *starts))

    def _longest(self, tokens: Sequence[Token], index: int, starts: Iterable[str]) -> Phrase | None:
        found = (
            phrase
            for start in starts
            for phrase in self._by_first.get(start, ())
            if _continues(tokens[index + 1 : index + len(phrase)], phrase[1:])
        )
        return max(found, key=len, default=None)


def _continues(tokens: Sequence[Token], phrase: Phrase) -> bool:
    if not phrase:
        return True
    words = tuple(token.text for token in tokens)
    if len(words) != len(phrase) or words[:-1] != phrase[:-1]:
        return False
    last = phrase[-1]
    return last in tokens[-1].forms or (len(last) >= LEAST_LATIN_STEM and words[-1].startswith(last))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the assistant knows, read once.

    `everyday` holds by script the names that are also ordinary words. `spelt` gives the last letter of a name
    as it is written, because folding makes علي and the preposition على one. `plain` words name
    nobody and no place below the province, `file_number` is a word for a file with the number after it.
    """

    names: Phrases
    everyday: Mapping[str, frozenset[Phrase]]
    spelt: Mapping[Phrase, str]
    places: Phrases
    provinces: Phrases
    province_words: frozenset[str]
    plain: frozenset[str]
    file_number: re.Pattern[str]
    lists: Mapping[tuple[str, str], Phrases]

    @classmethod
    def load(cls, config: Path) -> Lexicon:
        """Read the tables under the `config` folder. Raises `TableError` for what can't be read."""
        spellings, everyday, spelt = _names(config / "stories" / "names.tsv")
        words = _words(config / "stories" / "words.tsv")
        labels = [
            row[language]
            for path in (
                "lists/authority.tsv",
                "law/taxonomy.tsv",
                "places/regions.tsv",
                "places/provinces.tsv",
            )
            for row in read_rows(config / path, LANGUAGES)
            for language in ("en", "tr")
        ]
        provinces = [
            row[language]
            for row in read_rows(config / "places" / "provinces.tsv", LANGUAGES)
            for language in LANGUAGES
        ]
        plain = {word for entry in words["plain", ""].phrases for word in entry} | _split(labels)
        return cls(
            Phrases(spellings),
            everyday,
            spelt,
            Phrases(_places(config / "places")),
            Phrases(provinces),
            frozenset(_split(provinces)),
            frozenset(plain),
            _file_number(words["file_number", ""]),
            words,
        )

    def list(self, name: str, language: str = "") -> Phrases:
        """A list of `words.tsv`, of one language or of all."""
        return self.lists[name, language]

    def is_plain(self, word: str) -> bool:
        """Whether a folded word, or its beginning, names nobody and no place."""
        if is_arabic(word):
            return word in self.plain or (word[0] in "وف" and word[1:] in self.plain)
        longest = min(len(word), LONGEST_WORD)
        return any(word[:end] in self.plain for end in (len(word), *range(LEAST_LATIN_STEM + 1, longest)))


def _split(labels: Iterable[str]) -> set[str]:
    return {word for label in labels for word in search_key(label).split()}


def _spellings(cell: str) -> list[str]:
    return [spelling.strip() for spelling in cell.split(",")]


def _names(path: Path) -> tuple[set[str], dict[str, frozenset[Phrase]], dict[Phrase, str]]:
    spellings: set[str] = set()
    everyday: dict[str, set[Phrase]] = {"ar": set(), "latin": set()}
    spelt: dict[Phrase, str] = {}
    for number, row in enumerate(read_rows(path, ("ar", "latin")), start=1):
        if row["everyday"] not in EVERYDAY:
            raise TableError(path, number, f"{row['everyday']} is no script")
        by_script = {"ar": [row["ar"]], "latin": _spellings(row["latin"])}
        for script, written in by_script.items():
            spellings.update(written)
            if script in EVERYDAY[row["everyday"]]:
                everyday[script].update(tuple(search_key(name).split()) for name in written)
        spelt[tuple(search_key(row["ar"]).split())] = row["ar"][-1]
    return spellings, {script: frozenset(phrases) for script, phrases in everyday.items()}, spelt


def _places(folder: Path) -> set[str]:
    districts = read_rows(folder / "districts.tsv", ("plate", "tr"))
    syria = read_rows(folder / "syria.tsv", LANGUAGES)
    return {row[column] for row in districts for column in ("tr", "ar") if row[column]} | {
        spelling for row in syria for language in LANGUAGES for spelling in _spellings(row[language])
    }


def _file_number(markers: Phrases) -> re.Pattern[str]:
    longest_first = sorted(markers.phrases, key=lambda phrase: (-len(phrase), phrase))
    words = "|".join(r"\W+".join(phrase) for phrase in longest_first)
    number = r"[\w./-]{0,12}\d(?:[\w./-]{0,11}\w)?(?:\s?(?:esas|karar|e|k)\b\.?)?"
    return re.compile(rf"(?<!\w)[وفبل]?(?:{words})\W{{1,4}}(?:no\W{{1,3}})?{number}")


def _words(path: Path) -> dict[tuple[str, str], Phrases]:
    entries: dict[tuple[str, str], list[str]] = {
        (name, language): [] for name in LISTS for language in ("", *LANGUAGES)
    }
    for number, row in enumerate(read_rows(path, ("list", "language", "words")), start=1):
        if (row["list"], row["language"]) not in entries:
            raise TableError(path, number, f"there is no list {row['list']} in {row['language']}")
        for language in ("", row["language"]):
            entries[row["list"], language] += _spellings(row["words"])
    return {key: Phrases(words) for key, words in entries.items()}
