"""Changes of the law that an organisation has signed: rows in place of rows of the files, or beside them.

A new version of a rule holds from its first day to the day before the next version, or to its own last day
where it is repealed; the version before it ends on the day before. So no answer about an earlier day of
service changes. A sign-off is the row of the files itself: it counts while the files still say the same; once
they are corrected, it takes a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.tables import Row, day_of

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "rules": ("code", "valid_from"),
    "courts": ("code",),
    "feasts": ("year",),
    "holiday_changes": ("day",),
    "closed_offices": ("day",),
}
"""The tables that an organisation may change, and what tells their rows apart."""

SIGNED: Final[dict[str, tuple[str, str]]] = {
    "rules": ("reviewed_by", "reviewed_on"),
    "courts": ("reviewed_by", "reviewed_on"),
    "feasts": ("confirmed_by", "confirmed_on"),
}
"""The columns that say who signed a row and when."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One signed row: the cells of a table of KEYS. `sign_off`: the row of the files, and nothing new."""

    table: str
    cells: Row
    sign_off: bool = False


def key_of(table: str, row: Row) -> str:
    """What tells a row from the others of its table."""
    return " ".join(row[column] for column in KEYS[table]).strip()


def applied(change: Change, rows: Sequence[Row]) -> list[Row]:
    """The rows with the change in them. Raises `ValueError` for a day that is none."""
    key = key_of(change.table, change.cells)
    here = next((place for place, row in enumerate(rows) if key_of(change.table, row) == key), None)
    if change.sign_off:
        if here is None or _said(change.table, rows[here]) != _said(change.table, change.cells):
            return list(rows)
        signed = {column: change.cells[column] for column in SIGNED[change.table]}
        return [*rows[:here], rows[here] | signed, *rows[here + 1 :]]
    if here is not None:
        cells = change.cells
        if change.table == "rules":  # it ends when it ended: another version may follow
            cells = _ending(cells, rows[here]["valid_to"])
        return [*rows[:here], cells, *rows[here + 1 :]]
    return _with_version(change.cells, rows) if change.table == "rules" else [*rows, change.cells]


def _with_version(cells: Row, rows: Sequence[Row]) -> list[Row]:
    first = day_of(cells["valid_from"]) or date.min
    ends = ""
    kept: list[Row] = []
    place = len(rows)
    for number, row in enumerate(rows):
        if row["code"] != cells["code"]:
            kept.append(row)
            continue
        place = min(place, number)
        begins = day_of(row["valid_from"]) or date.min
        last = day_of(row["valid_to"]) or date.max
        if begins > first:
            before = (begins - _DAY).isoformat()
            ends = min(ends, before) if ends else before
        elif last >= first:
            kept.append(row | {"valid_to": (first - _DAY).isoformat()})
            continue
        kept.append(row)
    return [*kept[:place], _ending(cells, ends), *kept[place:]]


def _ending(cells: Row, ends: str) -> Row:
    """The row with the earlier of its own last day and another; empty is none. Raises `ValueError`."""
    own = cells["valid_to"]
    if own and (day_of(own) or date.max) < (day_of(cells["valid_from"]) or date.min):
        message = "a version can't end before it begins"
        raise ValueError(message)
    return cells | {"valid_to": min(filter(None, (own, ends)), default="")}


def _said(table: str, row: Row) -> Row:
    """What was signed: the row without who signed it, and without the end that a later version gave it."""
    return {column: cell for column, cell in row.items() if column not in {*SIGNED[table], "valid_to"}}
