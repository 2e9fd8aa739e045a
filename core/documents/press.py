"""The press: one order on standard input, one PDF on standard output, then it ends.

`core.documents.pdf` starts it by path, isolated from our environment and packages, so that the heavy
libraries, their faults and their memory never enter a web process. It reads no file but fonts, opens no
connection and, once its libraries are loaded, can write to no file at all: what it prints exists in memory
and in two pipes only.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, Final

LIBRARIES_MISSING: Final = 64
REACHED_OUTSIDE: Final = 65
TOO_LARGE: Final = 66

CPU_SECONDS: Final = 30
MEMORY_BYTES: Final = 1 << 30


def load() -> None:
    """Load the libraries with the product's own fonts. Raises OSError or ImportError where one is missing.

    Fontconfig gets the fonts as a folder: a CSS `@font-face` would copy each font to a temporary file.
    """
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    import weasyprint  # noqa: F401, PLC0415 - only the press pays for loading it, and says what is missing


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


class ReachedOutside(Exception):
    """The document names something outside itself; our templates never do, so it is a fault or an attack."""


def press(order: dict[str, Any]) -> bytes:
    """Print an order: `html`, `stylesheet`, `title`, `language` (a tag), `created` (ISO day or None).

    The result is tagged for screen readers (ISO 14289-1, PDF/UA) and names no author, program or machine. The
    same order gives the same bytes. Raises ReachedOutside.
    """
    import weasyprint  # noqa: PLC0415 - only the press pays for loading it
    from weasyprint.pdf.metadata import DocumentMetadata  # noqa: PLC0415 - the same
    from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415 - the same

    class Refusing(URLFetcher):  # type: ignore[misc] # untyped
        asked = False

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002 - the library's signature
            self.asked = True  # the library goes on without a font or an attachment that it cannot have
            raise PermissionError

    class Metadata(DocumentMetadata):  # type: ignore[misc] # untyped
        def generate_rdf_metadata(self, *details: object) -> bytes:
            written: bytes = super().generate_rdf_metadata(*details)
            return written.replace(f' pdf:Producer="WeasyPrint {weasyprint.VERSION}"'.encode(), b"")

    fetcher = Refusing(fail_on_errors=True)
    try:
        sheet = weasyprint.CSS(string=order["stylesheet"], url_fetcher=fetcher)
        document = weasyprint.HTML(string=order["html"], url_fetcher=fetcher).render(stylesheets=[sheet])
        document.metadata = Metadata(title=order["title"], lang=order["language"], created=order["created"])
        content: bytes = document.write_pdf(
            pdf_variant="pdf/ua-1", finisher=lambda _document, pdf: pdf.info.pop("Producer")
        )
    except FatalURLFetchingError:
        raise ReachedOutside from None
    if fetcher.asked:
        raise ReachedOutside
    return content


def main() -> int:
    """Print the order on standard input; the exit status tells what went wrong, and nothing else does."""
    try:
        load()
    except (OSError, ImportError):
        return LIBRARIES_MISSING
    limit()
    try:
        content = press(json.load(sys.stdin.buffer))
    except ReachedOutside:
        return REACHED_OUTSIDE
    except MemoryError:
        return TOO_LARGE
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
