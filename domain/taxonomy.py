"""The issues people bring: groups A to R and Z, each with its leaf codes (`config/law/taxonomy.tsv`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.tables import Label, TableError, label_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RESTRICTED_GROUPS: Final = frozenset({"H", "L", "M"})
"""Family disputes, gender-based violence, children: restriction to named people is always offered."""

URGENCIES: Final = ("U0", "U1", "U2", "U3")


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """A chapter of the taxonomy; `code` is one letter."""

    code: str
    label: Label


@dataclass(frozen=True, slots=True)
class Issue:
    """A leaf of the taxonomy: what a case is about, and how soon the first legal step is due by default."""

    code: str
    group: str
    label: Label
    urgency: str


class Taxonomy:
    """The whole list, in its own order."""

    def __init__(self, groups: Mapping[str, IssueGroup], leaves: Mapping[str, Issue]) -> None:
        self.groups: Final = dict(groups)
        self.leaves: Final = dict(leaves)

    @classmethod
    def load(cls, path: Path) -> Taxonomy:
        """Read the table. Raises `TableError` for a stray leaf, a repeated code, no urgency."""
        groups: dict[str, IssueGroup] = {}
        leaves: dict[str, Issue] = {}
        for number, row in enumerate(read_rows(path, ("code", "en", "tr", "ar")), start=2):
            code, group = row["code"], row["parent"]
            if code in groups or code in leaves:
                raise TableError(path, number, f"code {code} stands twice")
            if not group:
                groups[code] = IssueGroup(code, label_of(row))
                continue
            if group not in groups:
                raise TableError(path, number, f"{code} belongs to group {group}, which is not above it")
            if row["urgency"] not in URGENCIES:
                raise TableError(path, number, f"{code} has no urgency between U0 and U3")
            leaves[code] = Issue(code, group, label_of(row), row["urgency"])
        return cls(groups, leaves)

    def label(self, code: str, language: str) -> str:
        """The name of a group or leaf. Raises `KeyError` for an unknown code."""
        entry = self.groups[code] if code in self.groups else self.leaves[code]
        return entry.label.of(language)

    def group_of(self, code: str) -> IssueGroup:
        """The group of a leaf, or the group itself. Raises `KeyError` for an unknown code."""
        return self.groups[code] if code in self.groups else self.groups[self.leaves[code].group]

    def leaves_of(self, group: str) -> tuple[Issue, ...]:
        """The leaves of one group. Raises `KeyError` for an unknown group."""
        return tuple(issue for issue in self.leaves.values() if issue.group == self.groups[group].code)

    def default_urgency(self, code: str) -> str:
        """U0 to U3 for a leaf. Raises `KeyError` for a group or an unknown code."""
        return self.leaves[code].urgency

    def is_restricted_group(self, code: str) -> bool:
        """Whether restriction to named people is always offered for this group or leaf."""
        return self.group_of(code).code in RESTRICTED_GROUPS
