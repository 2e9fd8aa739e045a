"""A row of a sheet read as a case: typed fields, or every reason why not, by column.

Nothing is guessed: a day that can be two days, a word that no list has, a number that the sheet has rounded
is a problem with a name. With `lenient` a word that no list has goes into a note, and its field is unknown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from domain.identity import BirthDate, Warn, check_foreigner_number, normalise_phone
from domain.imports.cells import birth_of, day_of, text_of
from domain.imports.codes import CLOSED
from domain.imports.faults import Fault, Problem, Unreadable
from domain.imports.fields import Field
from domain.text import fold_digits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from domain.imports.cells import Cell
    from domain.imports.codes import Codes

_NAMES: Final = frozenset(
    {Field.NAME, Field.NAME_OTHER, Field.GIVEN, Field.FATHER, Field.FAMILY, Field.MOTHER}
)
_LONG: Final = frozenset({Field.SUMMARY, Field.NOTES, Field.KEEP})
_LIMITS: Final = {**dict.fromkeys(_NAMES, 120), **dict.fromkeys(_LONG, 20_000), Field.OLD_NUMBER: 80}
_LIMIT: Final = 200
NARRATIVE: Final = 40_000  # characters of what happened, as its form takes them
_NUMBER_LIMIT: Final = 40
_CODED: Final = (
    Field.SEX,
    Field.NATIONALITY,
    Field.STATUS,
    Field.PROVINCE,
    Field.LANGUAGE,
    Field.ISSUE,
    Field.URGENCY,
    Field.STATE,
    Field.CLOSING,
    Field.CHANNEL,
)
_WORDS_DO: Final = frozenset({Field.CLOSING, Field.CHANNEL})  # nothing rests on them
_SEVERAL: Final = re.compile(r"[;,،؛/|\n]+")
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
_PASSPORT: Final = re.compile(r"[A-Z]{1,3}\d{5,10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sheet is read: what each column is (from 0), and what holds where the sheet says nothing."""

    columns: Mapping[int, Field]
    issue: str
    urgency: str = ""  # "" is that of the issue
    day_first: bool | None = None
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something unusual that is taken as it is: a column, what stands there, and why."""

    column: int
    warn: Warn
    given: str


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A row that can be recorded. Codes are those of our lists; "" is what the sheet does not say."""

    name_ar: str
    name_latin: str
    father: str
    mother: str
    birth: str
    phones: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]  # kind and value
    codes: Mapping[Field, str]
    opened: date | None
    closed: bool
    old_number: str
    narrative: str
    kept: tuple[tuple[int, str], ...]  # column and words that belong to no field
    doubts: tuple[Doubt, ...]


@dataclass(slots=True)
class _Reading:
    """What was found in one row so far."""

    plan: Plan
    codes: Codes
    today: date
    texts: dict[Field, list[str]] = field(default_factory=lambda: defaultdict(list))
    coded: dict[Field, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    kept: list[tuple[int, str]] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    birth: str = ""
    opened: date | None = None

    def take(self, column: int, what: Field, cell: Cell) -> None:
        """Read one cell. Raises `Unreadable`."""
        text = text_of(cell, lines=what in _LONG)
        if len(text) > _LIMITS.get(what, _LIMIT):
            raise Unreadable(Fault.TOO_LONG)
        if not text:
            return
        if what in _CODED:
            self._code(column, what, text)
        elif what is Field.BIRTH:
            self.birth = birth_of(cell, self.today, day_first=self.plan.day_first)
            born = BirthDate.parse(self.birth, self.today)
            self.doubts += [Doubt(column, warn, text) for warn in born.warnings]
        elif what is Field.OPENED:
            self.opened = day_of(cell, self.today, day_first=self.plan.day_first)
        elif what in {Field.PHONE, Field.NUMBER}:
            self._digits(column, what, text)
        elif what is Field.KEEP:
            self.kept.append((column, text))
        else:
            self.texts[what].append(text)

    def _code(self, column: int, what: Field, text: str) -> None:
        try:
            self.coded[what] = self.codes.code(what, text)
        except Unreadable:
            if not self.plan.lenient and what not in _WORDS_DO:
                raise
            self.kept.append((column, text))

    def _digits(self, column: int, what: Field, text: str) -> None:
        for one in filter(None, (part.strip() for part in _SEVERAL.split(fold_digits(text)))):
            if len(one) > _NUMBER_LIMIT:
                raise Unreadable(Fault.TOO_LONG)
            if what is Field.PHONE:
                self.texts[what].append(one)
                found = normalise_phone(one).warnings
            else:
                kind, value, found = _identity(one)
                self.numbers.append((kind, value))
            self.doubts += [Doubt(column, warn, one) for warn in found]


def read_row(
    cells: Sequence[Cell], plan: Plan, codes: Codes, today: date
) -> tuple[ReadCase | None, list[Problem]]:
    """The case of a row, or None and why; an empty row is None without a problem."""
    reading = _Reading(plan, codes, today)
    for column, what in sorted(plan.columns.items()):
        cell = cells[column] if column < len(cells) else None
        try:
            reading.take(column, what, cell)
        except Unreadable as error:
            reading.problems.append(Problem(error.fault, column, what, str(cell)[:_LIMIT]))
    texts, said = reading.texts, (reading.texts, reading.coded, reading.kept, reading.numbers, reading.birth)
    if not any(said) and reading.opened is None and not reading.problems:
        return None, []
    names = _names(texts)
    if not any(names) and not any(one.field in _NAMES for one in reading.problems):
        reading.problems.append(Problem(Fault.NO_NAME, None, Field.NAME))
    narrative = "\n\n".join([*texts[Field.SUMMARY], *texts[Field.NOTES]])
    if len(narrative) > NARRATIVE:
        reading.problems.append(Problem(Fault.TOO_LONG, None, Field.SUMMARY))
    if reading.problems:
        return None, reading.problems
    issue = reading.coded.get(Field.ISSUE) or plan.issue
    case = ReadCase(
        name_ar=names[0],
        name_latin=names[1],
        father=_first(texts, Field.FATHER),
        mother=_first(texts, Field.MOTHER),
        birth=reading.birth,
        phones=tuple(dict.fromkeys(texts[Field.PHONE])),
        numbers=tuple(dict.fromkeys(reading.numbers)),
        codes={**reading.coded, Field.ISSUE: issue},
        opened=reading.opened,
        closed=reading.coded.get(Field.STATE) == CLOSED,
        old_number=_first(texts, Field.OLD_NUMBER),
        narrative=narrative,
        kept=tuple(reading.kept),
        doubts=tuple(reading.doubts),
    )
    return case, []


def _first(texts: Mapping[Field, list[str]], what: Field) -> str:
    return next(iter(texts.get(what, ())), "")


def _names(texts: Mapping[Field, list[str]]) -> tuple[str, str]:
    """The full name in Arabic letters and in others; given name and family stand for a full one."""
    parts = [_first(texts, part) for part in (Field.GIVEN, Field.FAMILY)]
    whole = _first(texts, Field.NAME) or " ".join(filter(None, parts))
    written = [name for name in (whole, _first(texts, Field.NAME_OTHER)) if name]
    arabic = [name for name in written if _ARABIC.search(name)]
    latin = [name for name in written if not _ARABIC.search(name)]
    return next(iter(arabic), ""), next(iter(latin), "")


def _identity(text: str) -> tuple[str, str, tuple[Warn, ...]]:
    """Kind and value of an identity number, and what is doubtful about it."""
    bare = re.sub(r"[\s.\-]", "", text).upper()
    checked = check_foreigner_number(bare)
    if bare.startswith("99"):
        return "foreigner_number", bare, checked.warnings
    if checked.warnings == (Warn.NOT_99,):  # a Turkish number by its check digits
        return "turkish_id", bare, ()
    return ("passport" if _PASSPORT.fullmatch(bare) else "other"), text, ()
