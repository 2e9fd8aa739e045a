"""How much work a lawyer's files are: points instead of a count (domain.md 4.4; ABA Formal Op. 06-441).

A file before a court is more work than eight that need advice, so counting files hides who drowns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

CEILING: Final = 60.0
"""Points that one lawyer in full time can carry: the lower end of domain.md's 60 to 70."""

ALERT: Final = 0.85
"""From this share of the ceiling on, a coordinator is told."""

DETENTION: Final = frozenset({"B03", "B05", "B06", "C06"})
"""Issues of somebody who is held or cannot be found after being held (YUKK 57 and 68)."""

_DETAINED: Final = 5.0
_COURT: Final = 4.0
_ADMINISTRATIVE: Final = 2.0
_COUNSELLING: Final = 0.5
_ADVICE: Final = frozenset({"S0", "S1", "S2"})
_REPRESENTED: Final = frozenset({"S4", "S5"})


@dataclass(frozen=True, slots=True)
class File:
    """What weighs in a file. `level` is the service that was agreed, "" while nothing is."""

    urgency: str
    level: str = ""
    detained: bool = False
    in_court: bool = False

    @property
    def points(self) -> float:
        """The heaviest of what it is; a file of which nothing is known counts as administrative."""
        if self.urgency == "U0" and self.detained:
            return _DETAINED
        if self.in_court or self.level in _REPRESENTED:
            return _COURT
        return _COUNSELLING if self.level in _ADVICE else _ADMINISTRATIVE


@dataclass(frozen=True, slots=True)
class Load:
    """Points that somebody carries, and how many they can; a ceiling of 0 is somebody who takes no files."""

    points: float
    ceiling: float = CEILING

    @classmethod
    def of(cls, files: Iterable[File], ceiling: float = CEILING) -> Load:
        """The load of these files."""
        return cls(sum(file.points for file in files), ceiling)

    @property
    def share(self) -> float:
        """Of the ceiling; 1 is full, and whoever takes no files is full."""
        return self.points / self.ceiling if self.ceiling else 1.0

    @property
    def alerts(self) -> bool:
        """Whether a coordinator has to look before giving more."""
        return self.share >= ALERT

    def with_file(self, file: File) -> Load:
        """The load once this file has come too."""
        return Load(self.points + file.points, self.ceiling)
