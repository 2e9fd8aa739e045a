"""The account of a calculation in Arabic, Turkish and English, from the tables beside the rules.

Own tables and no message catalogue: the sentences state the law, so lawyers review them with the rules, and
the command line has them without the application. Dates and numbers follow the reader; codes and citations
stay as they stand on paper, fenced off from the direction of the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime

from domain.deadlines.steps import Named, Param, Period, Refusal, Step, Unit
from domain.tables import LANGUAGES, Label, Row, TableError, label_of, read_rows

# Levantine month names come with ar_SY; the day before the month with en_GB.
_LOCALES: Final = {"ar": Locale("ar", "SY"), "tr": Locale("tr"), "en": Locale("en", "GB")}
_DAY: Final = {"ar": "EEEE d MMMM y", "tr": "d MMMM y EEEE", "en": "EEEE d MMMM y"}
_MOMENT: Final = {"ar": "EEEE d MMMM y، HH:mm", "tr": "d MMMM y EEEE HH:mm", "en": "EEEE d MMMM y, HH:mm"}
_ARABIC_INDIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_ISOLATE: Final = "\u2068"
_END: Final = "\u2069"


KINDS: Final = ("trigger", "forum", "note")
"""What a rule is told in: what begins it, before whom it is met, what else to know, which may be empty."""
NAMES: Final = tuple(f"{kind}_{language}" for kind in KINDS[:2] for language in LANGUAGES)
"""The cells of a rule that the files do not name; it has them all."""


def names_itself(row: Mapping[str, str]) -> bool:
    """Whether a rule carries its own names."""
    return all(row.get(name) for name in NAMES)


class Level(StrEnum):
    """How a step is to be read. A rescue argument is for lawyers only; a refusal stands for the whole."""

    PLAIN = ""
    WARNING = "warning"
    ALARM = "alarm"
    RESCUE = "rescue"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of one code."""

    level: Level
    text: Label


class Words:
    """All sentences and names of the engine."""

    def __init__(
        self,
        sentences: Mapping[str, Sentence],
        names: Mapping[tuple[str, str], Label],
        units: Mapping[tuple[Unit, str], Mapping[str, str]],
    ) -> None:
        self.sentences: Final = dict(sentences)
        self._names: Final = dict(names)
        self._units: Final = dict(units)

    @classmethod
    def load(cls, folder: Path) -> Words:
        """Read the tables of words. Raises `TableError` where languages differ in their placeholders."""
        return cls(_sentences(folder / "steps.tsv"), _names(folder), _units(folder / "units.tsv"))

    def naming(self, rows: Iterable[Row]) -> Words:
        """The same, with the names of rules that carry them in their own row because no file names them."""
        names = dict(self._names)
        for row in filter(names_itself, rows):
            names |= {(kind, row["code"]): label_of(row, f"{kind}_") for kind in KINDS}
        return Words(self.sentences, names, self._units)

    def knows(self, rule: str) -> bool:
        """Whether a rule has a name."""
        return ("trigger", rule) in self._names

    def level(self, step: Step) -> Level:
        """How the step is to be read."""
        return self.sentences[step.code].level

    def name(self, kind: str, code: str, language: str) -> str:
        """The name of a trigger, forum, note, holiday, its eve, or fact; a note may be empty."""
        return self._names[kind, code].of(language)

    def told(self, steps: Iterable[Step], language: str) -> list[tuple[Level, str]]:
        """Each step's level and sentence, in order. A rule without a note says nothing about it."""
        told = ((self.level(step), self.sentence(step.code, step.params, language)) for step in steps)
        return [(level, text) for level, text in told if text]

    def account(self, steps: Iterable[Step], language: str) -> list[str]:
        """The sentences alone."""
        return [text for _level, text in self.told(steps, language)]

    def reason(self, refusal: Refusal, language: str) -> str:
        """Why there is no date."""
        return self.sentence(refusal.code, refusal.params, language)

    def sentence(self, code: str, params: Mapping[str, Param], language: str) -> str:
        """One sentence."""
        shown = {name: self.shown(param, language) for name, param in params.items()}
        return self.sentences[code].text.of(language).format_map(shown)

    def shown(self, param: Param, language: str) -> str:
        """A day, moment, number, length, name or code as the reader of the language writes it."""
        locale = _LOCALES[language]
        if isinstance(param, str):
            return f"{_ISOLATE}{param}{_END}" if language == "ar" else param
        if isinstance(param, Named):
            return self.name(param.kind, param.code, language)
        if isinstance(param, Period):
            forms = self._units[param.unit, language]
            form = locale.plural_form(param.n)
            text = forms.get(form, forms["other"]).format(n=param.n)
        elif isinstance(param, datetime):
            text = format_datetime(param, _MOMENT[language], locale=locale)
        elif isinstance(param, date):
            text = format_date(param, _DAY[language], locale=locale)
        else:
            text = str(param)
        return text.translate(_ARABIC_INDIC) if language == "ar" else text


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _literal, name, _spec, _conversion in Formatter().parse(text) if name)


def _sentences(path: Path) -> dict[str, Sentence]:
    sentences: dict[str, Sentence] = {}
    for number, row in enumerate(read_rows(path, ("code", *LANGUAGES)), start=2):
        if row["level"] not in list(Level) or row["code"] in sentences:
            raise TableError(path, number, "no such level, or a code that stands twice")
        if len({_placeholders(row[language]) for language in LANGUAGES}) > 1:
            raise TableError(path, number, f"the languages of {row['code']} differ in their placeholders")
        sentences[row["code"]] = Sentence(Level(row["level"]), label_of(row))
    return sentences


def _names(folder: Path) -> dict[tuple[str, str], Label]:
    names: dict[tuple[str, str], Label] = {}
    for row in read_rows(folder / "rule_words.tsv", ("code", *NAMES)):
        for kind in KINDS:
            names[kind, row["code"]] = label_of(row, f"{kind}_")
    for kind, file in (("holiday", "holidays.tsv"), ("fact", "facts.tsv")):
        for row in read_rows(folder / file, ("code", *LANGUAGES)):
            names[kind, row["code"]] = label_of(row)
            if kind == "holiday":  # its eve has a name of its own where it is one by law
                names["eve", row["code"]] = label_of(row, "eve_") if row["eve_en"] else label_of(row)
    return names


def _units(path: Path) -> dict[tuple[Unit, str], dict[str, str]]:
    units: dict[tuple[Unit, str], dict[str, str]] = {}
    for row in read_rows(path, ("code", "en_other", "tr_other", "ar_other")):
        for column, text in row.items():
            language, _, form = column.partition("_")
            if form:
                units.setdefault((Unit(row["code"]), language), {})[form] = text
    return units
