"""What a person is told and asked: the information notice and the seven separate consents.

Each wording has a version and a date; a record keeps the version that was read out, so an older wording stays
in `config/law/consents.tsv` for ever. Help is never the price of a consent: none of these is required
except that the notice was given (KVKK art. 10; the core file rests on the legal claim, KVKK art. 6/3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from domain.tables import LANGUAGES, Label, TableError, label_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NOTICE: Final = "core_file_notice"
"""The information about the file itself: it is acknowledged, not consented to."""

STORY: Final = "story"
"""Consent to a story names how far it may go (`domain.stories.levels`)."""


@dataclass(frozen=True, slots=True)
class ConsentWording:
    """One version of one wording. `months` is how long an answer lasts before it is asked again."""

    code: str
    version: int
    valid_from: date
    months: int
    title: Label
    text: Label

    def until(self, given: date) -> date:
        """The last day on which an answer given on a day holds: `months` later, less a day."""
        year, month = divmod(given.year * 12 + given.month - 1 + self.months, 12)
        last = (date(year, 12, 31) if month == 11 else date(year, month + 2, 1) - timedelta(days=1)).day  # noqa: PLR2004 - December has no next month in its year
        return date(year, month + 1, min(given.day, last)) - timedelta(days=1)

    @property
    def is_notice(self) -> bool:
        """Whether this is the notice, which is given and not asked."""
        return self.code == NOTICE


class ConsentCatalogue:
    """All wordings, all versions."""

    def __init__(self, wordings: Iterable[ConsentWording]) -> None:
        self._wordings: Final = {(wording.code, wording.version): wording for wording in wordings}
        self.codes: Final = tuple(dict.fromkeys(code for code, _ in self._wordings))

    @classmethod
    def load(cls, path: Path) -> ConsentCatalogue:
        """Read the table. Raises `TableError` unless versions run 1, 2, 3 by date."""
        texts = tuple(f"text_{language}" for language in LANGUAGES)
        wordings: dict[str, list[ConsentWording]] = {}
        required = ("code", "version", "valid_from", "months", *LANGUAGES, *texts)
        for number, row in enumerate(read_rows(path, required), start=2):
            wording = ConsentWording(
                row["code"],
                int(row["version"]),
                date.fromisoformat(row["valid_from"]),
                int(row["months"]),
                label_of(row),
                label_of(row, "text_"),
            )
            earlier = wordings.setdefault(wording.code, [])
            if wording.version != len(earlier) + 1 or (
                earlier and wording.valid_from <= earlier[-1].valid_from
            ):
                raise TableError(path, number, f"version {wording.version} of {wording.code} is out of order")
            earlier.append(wording)
        return cls(wording for versions in wordings.values() for wording in versions)

    def wording(self, code: str, version: int) -> ConsentWording:
        """The wording as it was in that version. Raises `KeyError`."""
        return self._wordings[code, version]

    def current(self, code: str, on: date) -> ConsentWording:
        """The newest wording in force on a day. Raises `KeyError` where there is none yet."""
        in_force = [
            wording
            for wording in self._wordings.values()
            if wording.code == code and wording.valid_from <= on
        ]
        if not in_force:
            raise KeyError(code)
        return in_force[-1]

    def all_current(self, on: date) -> tuple[ConsentWording, ...]:
        """The newest wording of each kind on a day, the notice first; a kind not yet in force is left out."""
        started = {wording.code for wording in self._wordings.values() if wording.valid_from <= on}
        return tuple(self.current(code, on) for code in self.codes if code in started)
