"""What is usually done in a case, by issue (`config/law/checklists.tsv`): dated lines, source, reviewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.tables import Label, TableError, day_of, label_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from domain.taxonomy import Taxonomy

EVERY: Final = "*"  # stands for every issue
_NEEDED: Final = ("code", "issue", "en", "tr", "ar", "source", "valid_from")


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is usually done.

    issue: a leaf or group of the taxonomy, or EVERY. basis: articles as they are cited, or "". source: where
    the line comes from. reviewed_by: the lawyer who signed it; "" for nobody.
    """

    code: str
    issue: str
    label: Label
    basis: str
    source: str
    valid_from: date
    valid_to: date | None
    reviewed_by: str
    reviewed_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is shown on a day, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Checklists:
    """Every line by its code, in the order of the table."""

    def __init__(self, lines: Mapping[str, Line], taxonomy: Taxonomy) -> None:
        self.lines: Final = dict(lines)
        self._taxonomy: Final = taxonomy

    @classmethod
    def load(cls, path: Path, taxonomy: Taxonomy) -> Checklists:
        """Read the table. Raises `TableError` for a repeated code, or an issue that the taxonomy lacks."""
        lines: dict[str, Line] = {}
        for number, row in enumerate(read_rows(path, _NEEDED), start=2):
            code, issue = row["code"], row["issue"]
            if code in lines:
                raise TableError(path, number, f"code {code} stands twice")
            if issue not in {EVERY, *taxonomy.groups, *taxonomy.leaves}:
                raise TableError(path, number, f"{issue} is no issue")
            begins, ends = day_of(row["valid_from"]), day_of(row["valid_to"])
            reviewed = day_of(row["reviewed_on"])
            assert begins is not None  # noqa: S101 - read_rows refuses an empty cell
            lines[code] = Line(
                code,
                issue,
                label_of(row),
                row["basis"],
                row["source"],
                begins,
                ends,
                row["reviewed_by"],
                reviewed,
            )
        return cls(lines, taxonomy)

    def of(self, issue: str, day: date) -> list[Line]:
        """What is usually done about an issue: of the leaf itself, then of its group, then of every case."""
        known = issue in self._taxonomy.groups or issue in self._taxonomy.leaves
        wanted = [issue, *([self._taxonomy.group_of(issue).code] if known else []), EVERY]
        return [
            line
            for one in dict.fromkeys(wanted)
            for line in self.lines.values()
            if line.issue == one and line.holds_on(day)
        ]
