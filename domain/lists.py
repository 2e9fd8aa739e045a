"""Trilingual code lists (`config/lists/`): statuses, languages, authorities, reasons, states and the like.

A list is data with dates: an entry that no longer applies stays in the file with `valid_to`, so that old
records keep their label while new ones are not offered it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from domain.tables import LANGUAGES, Label, TableError, day_of, label_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

_OWN_COLUMNS: Final = frozenset({"code", "valid_from", "valid_to", *LANGUAGES})


@dataclass(frozen=True, slots=True)
class ListItem:
    """One entry; `notes` holds the further columns of its table, such as the source of a status."""

    code: str
    label: Label
    valid_from: date | None
    valid_to: date | None
    notes: Mapping[str, str]

    def holds_on(self, day: date) -> bool:
        """Whether the entry may be chosen on `day` (both ends included)."""
        return not (
            (self.valid_from is not None and day < self.valid_from)
            or (self.valid_to is not None and day > self.valid_to)
        )


class CodeList:
    """Entries by code, in the order of the file, which is the order in which people see them."""

    def __init__(self, name: str, items: Mapping[str, ListItem]) -> None:
        self.name: Final = name
        self._items: Final = dict(items)

    @classmethod
    def load(cls, path: Path) -> CodeList:
        """Read one table; its name is the file's. Raises `TableError` for a repeated code."""
        items: dict[str, ListItem] = {}
        for number, row in enumerate(read_rows(path, ("code", *LANGUAGES)), start=2):
            if row["code"] in items:
                raise TableError(path, number, f"code {row['code']} stands twice")
            items[row["code"]] = ListItem(
                row["code"],
                label_of(row),
                day_of(row.get("valid_from", "")),
                day_of(row.get("valid_to", "")),
                MappingProxyType({name: cell for name, cell in row.items() if name not in _OWN_COLUMNS}),
            )
        return cls(path.stem, items)

    def __contains__(self, code: object) -> bool:
        return code in self._items

    def __iter__(self) -> Iterator[ListItem]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, code: str) -> ListItem:
        """The entry with that code. Raises `KeyError`."""
        return self._items[code]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, also those that are no longer offered."""
        return tuple(self._items)

    def label(self, code: str, language: str) -> str:
        """The name of an entry. Raises `KeyError` for an unknown code."""
        return self._items[code].label.of(language)

    def choices(self, language: str, on: date | None = None) -> list[tuple[str, str]]:
        """Pairs of code and label for a form; with `on`, only entries that hold on that day."""
        return [
            (item.code, item.label.of(language))
            for item in self._items.values()
            if on is None or item.holds_on(on)
        ]


def load_lists(directory: Path) -> Mapping[str, CodeList]:
    """Every table of the folder by its name, such as `lists["sex"]`."""
    return MappingProxyType({path.stem: CodeList.load(path) for path in sorted(directory.glob("*.tsv"))})
