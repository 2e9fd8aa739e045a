"""Invented names and texts, read from config/demo; nobody is meant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from demo.chance import Chance
from domain.tables import read_rows

FOLDER: Final = Path(__file__).resolve().parent.parent / "config" / "demo"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in Arabic and as the Turkish register writes it."""

    ar: str
    tr: str

    def __add__(self, other: Name) -> Name:
        return Name(f"{self.ar} {other.ar}", f"{self.tr} {other.tr}")

    @property
    def capitals(self) -> str:
        """In capitals, as a kimlik has it; the Turkish i keeps its dot."""
        return self.tr.replace("i", "İ").upper()


@dataclass(frozen=True, slots=True)
class Story:
    """What somebody tells, and the leaf of the taxonomy to which it belongs."""

    issue: str
    text: str


class Words:
    """Everything that is drawn from when a case is invented."""

    def __init__(self) -> None:
        self.names: dict[str, list[Name]] = defaultdict(list)
        for row in read_rows(FOLDER / "names.tsv", ("kind", "ar", "tr")):
            self.names[row["kind"]].append(Name(row["ar"], row["tr"]))
        self.stories: dict[str, list[Story]] = defaultdict(list)
        self._texts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in read_rows(FOLDER / "narratives.tsv", ("issue", "kind", "language", "text")):
            if row["kind"] == "narrative":
                self.stories[row["issue"][0]].append(Story(row["issue"], row["text"]))
            else:
                self._texts[row["issue"], row["language"]].append(row["text"])
        for row in read_rows(FOLDER / "lines.tsv", ("kind", "language", "text")):
            self._texts[row["kind"], row["language"]].append(row["text"])

    def text(self, kind: str, language: str, chance: Chance) -> str:
        """A line of a kind, or a note about an issue group; in the other language where this has none."""
        other = "tr" if language == "ar" else "ar"
        return chance.choice(self._texts[kind, language] or self._texts[kind, other])
