"""State services and public bodies to whom people are referred (`config/directory/services.tsv`).

The table is where the directory of an organisation begins; what it says is public, and marked as not yet
confirmed until somebody has called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.tables import LANGUAGES, Label, TableError, label_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class PublicService:
    """A row of the table; `services` and `languages` are codes of lists, no plate means the whole country."""

    code: str
    name: Label
    services: tuple[str, ...]
    provinces: tuple[str, ...]
    languages: tuple[str, ...]
    hours: str
    phone: str


def load_services(
    path: Path, services: Collection[str], languages: Collection[str]
) -> tuple[PublicService, ...]:
    """Read the table. Raises `TableError` for a repeated code or a service or language that no list has."""
    found: dict[str, PublicService] = {}
    for number, row in enumerate(read_rows(path, ("code", *LANGUAGES, "services", "languages")), start=2):
        one = PublicService(
            row["code"],
            label_of(row),
            _codes(row["services"]),
            _codes(row["provinces"]),
            _codes(row["languages"]),
            row["hours"],
            row["phone"],
        )
        if one.code in found:
            raise TableError(path, number, f"code {one.code} stands twice")
        unknown = (set(one.services) - set(services)) | (set(one.languages) - set(languages))
        if unknown:
            raise TableError(path, number, f"unknown: {', '.join(sorted(unknown))}")
        found[one.code] = one
    return tuple(found.values())


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(cell.split())
