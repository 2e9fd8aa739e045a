"""Unfolds a sheet: a file of Excel or CSV on standard input, its cells as JSON on standard output, then ends.

`core.documents.sheets` starts it by path, isolated from our environment and packages, so that whatever
somebody else's file does to a parser it does to this process, which opens no connection and, once its
library is loaded, can write to no file. Only values are read: no formula is computed, no macro, picture,
comment or link to another file is looked at.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final

DAMAGED: Final = 64
MACROS: Final = 65
TOO_LARGE: Final = 66
OLD_FORMAT: Final = 67
TOO_MANY: Final = 68
EMPTY: Final = 69

ROWS: Final = 2_001  # with the headings
COLUMNS: Final = 60
SHEETS: Final = 20
CHARACTERS: Final = 8_000_000
UNPACKED: Final = 24_000_000  # bytes of everything in the file that is looked at
PARTS: Final = 2_000
LOOKED_AT: Final = 20_000  # rows, most of which may be empty

CPU_SECONDS: Final = 15
MEMORY_BYTES: Final = 1 << 30

_OLE: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK\x03\x04"
_NEEDED: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:workbook|styles|sharedStrings)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_CHUNK: Final = 1 << 16


class Refused(Exception):
    """Why the file is not read: one of the exit statuses."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def limit() -> None:
    """Bound what this process may use: processor seconds, memory, no written byte, no core dump."""
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def unfold(content: bytes) -> list[dict[str, Any]]:
    """The sheets that hold something, each `name` and `rows`. Raises Refused."""
    if content.startswith(_OLE):
        raise Refused(OLD_FORMAT)  # .xls, or a file with a password
    left = Allowance()
    found = workbook(content, left) if content.startswith(_ZIP) else [("", left.bounded(table(content)))]
    sheets = [{"name": name, "rows": rows} for name, rows in found if rows]
    if not sheets:
        raise Refused(EMPTY)
    return sheets


def workbook(content: bytes, left: Allowance) -> Iterator[tuple[str, list[list[Any]]]]:
    """Name and rows of every sheet that is not hidden."""
    import openpyxl  # noqa: PLC0415 - loaded before the limits, and by this process alone

    book = openpyxl.load_workbook(
        io.BytesIO(repacked(content)), read_only=True, data_only=True, keep_links=False
    )
    shown = [one for one in book.worksheets if one.sheet_state == "visible"]
    for sheet in shown[:SHEETS]:
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        yield sheet.title, left.bounded(sheet.iter_rows(values_only=True))


def repacked(content: bytes) -> bytes:
    """A workbook of what is needed alone, unpacked and counted. Raises Refused."""
    packed = zipfile.ZipFile(io.BytesIO(content))
    parts = packed.infolist()
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise Refused(MACROS)
    wanted = [part for part in parts if _NEEDED.fullmatch(part.filename)]
    if len(parts) > PARTS or sum(part.file_size for part in wanted) > UNPACKED:
        raise Refused(TOO_LARGE)
    plain, left = io.BytesIO(), UNPACKED
    with zipfile.ZipFile(plain, "w") as fresh:
        for part in wanted:
            text = bytearray()
            with packed.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise Refused(TOO_LARGE)
                    text += chunk
            # No workbook declares entities; in UTF-16 the declaration would not be seen.
            if b"\0" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise Refused(DAMAGED)
            fresh.writestr(part.filename, bytes(text))
    return plain.getvalue()


def table(content: bytes) -> Iterator[list[str]]:
    """The rows of separated values."""
    text = decoded(content)
    if re.search(r"[\0-\x08\x0e-\x1f]", text):
        raise Refused(DAMAGED)
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(";\t,", key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=mark)


def decoded(content: bytes) -> str:
    """The text of a file that says nothing of its letters: UTF-8, UTF-16, or Windows for Arabic or Turkish.

    Turkish has single letters beyond ASCII between others; Arabic words consist of them.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        inside = sum(len(run) for run in re.findall(rb"[\x80-\xff]{2,}", content))
        arabic = inside * 2 > sum(byte > 0x7F for byte in content)  # noqa: PLR2004 - the end of ASCII
        return content.decode("windows-1256" if arabic else "windows-1254", errors="replace")


class Allowance:
    """How many characters a file may still show: the same long text may stand in every cell."""

    def __init__(self) -> None:
        self.characters = CHARACTERS

    def bounded(self, rows: Iterable[Iterable[Any]]) -> list[list[Any]]:
        """The rows as JSON takes them, without what is empty at the ends. Raises Refused."""
        found: list[list[Any]] = []
        filled = 0
        for number, row in enumerate(rows):
            cells = [plain(cell) for cell in row]
            while cells and not str("" if cells[-1] is None else cells[-1]).strip():
                cells.pop()
            filled += bool(cells)
            self.characters -= sum(len(cell) for cell in cells if isinstance(cell, str))
            if filled > ROWS or number >= LOOKED_AT or len(cells) > COLUMNS:
                raise Refused(TOO_MANY)
            if self.characters < 0:
                raise Refused(TOO_LARGE)
            found.append(cells)
        while found and not found[-1]:
            found.pop()
        return found


def plain(cell: Any) -> str | float | None:
    """A value as text, number or nothing; days in ISO 8601, so that no reader mistakes their order."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    if isinstance(cell, dt.datetime):
        return str(cell) if cell.time() != dt.time() else str(cell.date())
    return cell if cell is None or isinstance(cell, int | float | str) else str(cell)


def main() -> int:
    """Unfold what is on standard input; the exit status tells what went wrong, and nothing else does."""
    import openpyxl  # noqa: F401, PLC0415 - before no file can be written, which loading may want

    content = sys.stdin.buffer.read()
    limit()
    try:
        found = json.dumps(unfold(content), allow_nan=False)
    except Refused as error:
        return error.status
    except MemoryError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - a library on somebody else's file: whatever it trips over is damage
        return DAMAGED
    sys.stdout.write(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
