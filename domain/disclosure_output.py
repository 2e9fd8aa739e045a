"""Published tables as long-form CSV, with an optional row of HXL tags.

One line per figure: the quarter, the dimension's code (`_T` for the total, `_O` for the merged rows, `_LATE`
and `_REFUSED` for the numbers beside the table), `value` (a whole number, or `*` where withheld), `table`,
`release` and `status`. Only a protected table goes in, so nothing else can come out.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.disclosure import ProtectedTable

TOTAL: Final = "_T"
OTHER: Final = "_O"
LATE: Final = "_LATE"
REFUSED: Final = "_REFUSED"
HIDDEN: Final = "*"

HXL_TAGS: Final = {
    "quarter": "#date+quarter",
    "issue_group": "#subsector+issue+code",
    "province": "#adm1+code",
    "sex": "#meta+sex+code",
    "age_band": "#meta+age+code",
    "value": "#indicator+cases+num",
    "table": "#meta+table",
    "release": "#meta+release",
    "status": "#status",
}


def figures(table: ProtectedTable) -> Iterator[tuple[str, str, str]]:
    """Code, value and status of each figure in the order of publication.

    The status is `shown`, `merged`, `total`, `late`, `refused` or `withheld`.
    """
    for row in table.rows:
        yield row.code, str(row.value), "shown"
    if table.other is not None:
        yield OTHER, str(table.other.value), "merged"
    for code, value, status in (
        (TOTAL, table.total, "total"),
        (LATE, table.late, "late"),
        (REFUSED, table.refused, "refused"),
    ):
        yield (code, HIDDEN, "withheld") if value is None else (code, str(value), status)


def to_csv(table: ProtectedTable, *, name: str, release: str, hxl: bool = False) -> bytes:
    """The file as UTF-8 bytes: the same for the same table, whenever it is made.

    `name` and `release` are plain identifiers; raises `ValueError` for one that a spreadsheet could take for
    a formula.
    """
    for identifier in (name, release):
        if not identifier[:1].isalnum():
            message = "a table or release identifier begins with a letter or digit"
            raise ValueError(message)
    columns = ("quarter", table.dimension, "value", "table", "release", "status")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    if hxl:
        writer.writerow(HXL_TAGS[column] for column in columns)
    for code, value, status in figures(table):
        writer.writerow((str(table.quarter), code, value, name, release, status))
    return text.getvalue().encode()
