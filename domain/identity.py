"""Numbers, phones and birth dates as people give them: read generously, doubtful digits warned of.

People are unregistered, papers are torn and old numbers circulate, so a number that looks wrong is recorded
with a warning (`config/lists/identity_warning.tsv`), never refused.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import phonenumbers
from stdnum.tr import tckimlik

from domain.tables import UNKNOWN
from domain.text import TextTooLong, clean_text, fold_digits

AGE_BANDS: Final = ((0, "0-11"), (12, "12-17"), (18, "18-29"), (30, "30-44"), (45, "45-59"), (60, "60+"))
"""Lower bound in years and code of each band, as statistics use them."""

OLDEST: Final = 120
ADULT: Final = 18
_PHONE_LIMIT: Final = 40
_YEAR_FIRST: Final = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(?:(?:(\d{1,2})[-/.])?(\d{1,2})[-/.])(\d{4})", re.ASCII)


class Warn(StrEnum):
    """What is doubtful about a number or a date; never a reason to refuse it."""

    NOT_ELEVEN_DIGITS = "not_eleven_digits"
    NOT_99 = "not_99"
    CHECK_DIGITS = "check_digits"
    PHONE_UNREADABLE = "phone_unreadable"
    PHONE_DOUBTFUL = "phone_doubtful"
    FIRST_OF_JANUARY = "first_of_january"


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class BirthDateError(ValueError):
    """This is not a date on which somebody now living can have been born."""


@dataclass(frozen=True, slots=True)
class CheckedNumber:
    """A number in Latin digits without blanks, and what is doubtful about it."""

    value: str
    warnings: tuple[Warn, ...]


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number as typed (`given`) and, where it could be read, in E.164 form (`+905321234567`)."""

    given: str
    e164: str | None
    warnings: tuple[Warn, ...]


def check_foreigner_number(text: str) -> CheckedNumber:
    """Read the identity number of a foreigner: 11 digits beginning with 99.

    Issued numbers carry the check digits of the Turkish identity number, but no published rule says so: hence
    only a warning.
    """
    value = re.sub(r"[\s.\-]", "", fold_digits(text))
    if not re.fullmatch(r"\d{11}", value, re.ASCII):
        return CheckedNumber(value, (Warn.NOT_ELEVEN_DIGITS,))
    warnings = [] if value.startswith("99") else [Warn.NOT_99]
    if not tckimlik.is_valid(value):
        warnings.append(Warn.CHECK_DIGITS)
    return CheckedNumber(value, tuple(warnings))


def normalise_phone(text: str, region: str = "TR") -> Phone:
    """Read a phone number; one without country code is taken as of `region` (ISO 3166-1 alpha-2).

    Raises `TextTooLong` for more than 40 characters.
    """
    given = clean_text(fold_digits(text), _PHONE_LIMIT)
    try:
        number = phonenumbers.parse(given, region)
    except phonenumbers.NumberParseException:
        return Phone(given, None, (Warn.PHONE_UNREADABLE,))
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(given, e164, () if phonenumbers.is_valid_number(number) else (Warn.PHONE_DOUBTFUL,))


def comparable_phone(text: str) -> str:
    """A phone number as far as it can be read, to compare it with another; empty for what is far too long."""
    try:
        phone = normalise_phone(text)
    except TextTooLong:
        return ""
    return phone.e164 or phone.given


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A birth date as far as it is known; `str()` gives `1987`, `1987-03`, `1987-03-12` or nothing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str, today: date) -> BirthDate:
        """Read a year, a year and month, or a full date.

        The year comes first (`1987-03-12`), or the day, as on Turkish and Syrian papers. Blank is
        unknown. Raises `BirthDateError` for anything else, a day that does not exist, a date after `today`,
        or one more than 120 years before.
        """
        text = re.sub(r"\s", "", fold_digits(text))
        if not text:
            return cls()
        if match := _YEAR_FIRST.fullmatch(text):
            parts = match.groups()
        elif match := _DAY_FIRST.fullmatch(text):
            parts = match.groups()[::-1]
        else:
            raise BirthDateError("not a date")
        birth = cls(*(int(part) if part else None for part in parts))
        try:
            earliest, latest = birth.span()
        except ValueError as error:
            raise BirthDateError("no such day") from error
        if earliest > today or _years(latest, today) > OLDEST:
            raise BirthDateError("not the birth date of somebody living")
        return birth

    @property
    def precision(self) -> Precision:
        """How exactly the date is known."""
        if self.day is not None:
            return Precision.DAY
        if self.month is not None:
            return Precision.MONTH
        return Precision.UNKNOWN if self.year is None else Precision.YEAR

    @property
    def warnings(self) -> tuple[Warn, ...]:
        """`FIRST_OF_JANUARY` where the register may have filled in a day nobody knew."""
        return (Warn.FIRST_OF_JANUARY,) if (self.month, self.day) == (1, 1) else ()

    def __str__(self) -> str:
        parts = [part for part in (self.year, self.month, self.day) if part is not None]
        return "-".join(f"{part:02d}" for part in parts)

    def span(self) -> tuple[date, date]:
        """First and last day of birth that are possible. Raises `ValueError` if the year is unknown."""
        if self.year is None:
            raise ValueError("the year is not known")
        # An explicit 0 is no month and no day: it has to fail, so only None falls back.
        first_month, last_month = (1, 12) if self.month is None else (self.month, self.month)
        first = date(self.year, first_month, 1 if self.day is None else self.day)
        last = date(self.year, last_month, self.day or monthrange(self.year, last_month)[1])
        return first, last

    def ages(self, on: date) -> tuple[int, int] | None:
        """Least and greatest age in full years on a day, or None where the year is unknown.

        Whoever protects children asks whether the least age is under 18.
        """
        if self.year is None:
            return None
        first, last = self.span()
        return max(0, _years(last, on)), max(0, _years(first, on))

    def age_band(self, on: date) -> str:
        """The band for statistics on a day: where two are possible, the one of the middle of the span."""
        if self.year is None:
            return UNKNOWN
        first, last = self.span()
        age = max(0, _years(first + (last - first) / 2, on))
        return next(code for bound, code in reversed(AGE_BANDS) if age >= bound)


def is_child(birth: str, on: date) -> bool:
    """Whether somebody may be under 18 on a day; a birth that nobody knows makes no child of anybody."""
    try:
        ages = BirthDate.parse(birth, on).ages(on)
    except BirthDateError:
        return False
    return ages is not None and ages[0] < ADULT


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
