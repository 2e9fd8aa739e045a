"""The letter writer: a template of Word on standard input, what is asked of it on standard output.

`core.documents.templates` starts it by path, isolated and bounded from outside (`core.documents.alone`). Once
its library is loaded it can write to no file at all.

An order is one line of JSON, then the file. Without `values` the template is looked at: the answer is one
line of JSON (`fields`, `left`, `numbers`, `hidden`), then a plain copy. With `read` it is a
letter: the line holds its `text` instead of fields and numbers. With `values`, and whether it is `rtl`, the
answer is the letter. By field, `values` has its `text`, and the runs of each of its lines for a
paragraph from left to right (`ltr`) and from right to left (`rtl`).
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any


def limit() -> None:
    """No byte goes to a file, and none of the memory into a core dump; the rest is bounded from outside."""
    for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(kind, (0, 0))


def answered(order: dict[str, Any], content: bytes) -> tuple[int, bytes]:
    """What became of an order: 0 and the answer, or a status that tells what went wrong, and nothing else."""
    from core.documents.word_fields import fill, look, read  # noqa: PLC0415 - found only by `__main__`
    from core.documents.word_hidden import hidden  # noqa: PLC0415 - the same
    from core.documents.word_package import DAMAGED, TOO_LARGE, Package, Refused  # noqa: PLC0415 - the same

    try:
        package = Package(content)
        if "values" not in order:
            found = read(package) if "read" in order else look(package)
            found["hidden"] = hidden(package)
            return 0, json.dumps(found).encode() + b"\n" + package.content()
        fill(package, order["values"], rtl=order["rtl"])
        return 0, package.content()
    except Refused as error:
        return error.status, b""
    except MemoryError:
        return TOO_LARGE, b""
    except Exception:  # noqa: BLE001 - a library on somebody else's file: whatever it trips over is damage
        return DAMAGED, b""


def main() -> int:
    """Do what is ordered, once everything is loaded."""
    import docx.opc.oxml  # noqa: PLC0415 - before no file can be written, which loading may want
    import docx.oxml.parser  # noqa: F401, PLC0415 - the same

    limit()
    order = json.loads(sys.stdin.buffer.readline())
    status, said = answered(order, sys.stdin.buffer.read())
    sys.stdout.buffer.write(said)
    return status


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[2]))  # its own parts; nothing of the server is loaded
    sys.exit(main())
