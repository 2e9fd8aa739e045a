"""Files of Word as other programs write them, honest ones and hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(document: Any) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def template(*paragraphs: str | Iterable[str]) -> bytes:
    """A document of such paragraphs; one given as several strings is torn into as many runs."""
    document = docx.Document()
    document.core_properties.author = "Av. Yazan Kişi"
    for words in paragraphs:
        paragraph = document.add_paragraph()
        for piece in [words] if isinstance(words, str) else words:
            paragraph.add_run(piece)
    return saved(document)


def changed(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same package with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return made.getvalue()


def inside(xml: str, content: bytes | None = None) -> bytes:
    """A document with such XML at the beginning of its body."""

    def put(parts: dict[str, bytes]) -> None:
        head, body, rest = parts["word/document.xml"].partition(b"<w:body>")
        parts["word/document.xml"] = head + body + xml.encode() + rest

    return changed(content or template("{{client.name}}"), put)


def related(
    kind: str, target: str, of: str = "word/_rels/document.xml.rels"
) -> Callable[[dict[str, bytes]], None]:
    """Let a part refer to something elsewhere by `rId99`."""

    def put(parts: dict[str, bytes]) -> None:
        line = f'<Relationship Id="rId99" Type="{R}/{kind}" Target="{target}" TargetMode="External"/>'
        parts[of] = parts[of].replace(b"</Relationships>", line.encode() + b"</Relationships>")

    return put
