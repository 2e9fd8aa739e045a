"""The few marks that a text for the public may carry, read into a structure that templates draw.

`## ` begins a heading, `- ` and `1. ` an entry of a list, a blank line ends a paragraph; inside a line there
are `**strong**`, `[words](tel:…)` and `[words](https://…)`. Everything else is text as typed. No HTML is made
here: templates escape each piece, so no text can become markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINK: Final = re.compile(r"\[([^\[\]\n]{1,200})\]\(([^()\s]{1,500})\)")
_INLINE: Final = re.compile(rf"\*\*([^*\n]{{1,500}})\*\*|{_LINK.pattern}")
_NUMBERED: Final = re.compile(r"[0-9]{1,2}[.)] +")
_TELEPHONE: Final = re.compile(r"tel:\+?[0-9]{3,15}")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line. kind: text, strong, tel, https; target: where the last two lead."""

    kind: str
    text: str
    target: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """kind: heading or paragraph, with one line; list or numbers, with one line for each entry."""

    kind: str
    lines: tuple[Line, ...]


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a text. Never fails: what is not understood is text."""
    blocks: list[Block] = []
    for kind, lines in _grouped(text):
        if kind in {"list", "numbers"}:
            blocks.append(Block(kind, tuple(_spans(line) for line in lines)))
        else:
            blocks.append(Block(kind, (_spans(" ".join(lines)),)))
    return tuple(blocks)


def refused_links(text: str) -> tuple[str, ...]:
    """Targets that no reader will be able to follow: neither a telephone number nor a plain https address."""
    return tuple(found[2] for found in _LINK.finditer(text) if not _kind(found[2]))


def plain(text: str) -> str:
    """The words alone, for searching."""
    return " ".join(
        span.text for block in parse(text) for line in block.lines for span in line if span.text.strip()
    )


def _grouped(text: str) -> Iterator[tuple[str, list[str]]]:
    """Lines that belong together, without the mark that they begin with."""
    kind, held = "", list[str]()
    for raw in [*text.splitlines(), ""]:
        now, line = _marked(raw.strip())
        if held and (now != kind or now == "heading"):
            yield kind, held
            held = []
        kind = now
        if line:
            held.append(line)


def _marked(line: str) -> tuple[str, str]:
    if line.startswith("## "):
        return "heading", line[3:].strip()
    if line.startswith("- "):
        return "list", line[2:].strip()
    if numbered := _NUMBERED.match(line):
        return "numbers", line[numbered.end() :].strip()
    return ("paragraph" if line else ""), line


def _spans(line: str) -> Line:
    spans: list[Span] = []
    end = 0
    for found in _INLINE.finditer(line):
        strong, words, target = found.groups()
        kind = "strong" if strong else _kind(target)
        if not kind:
            continue
        if line[end : found.start()]:
            spans.append(Span("text", line[end : found.start()]))
        spans.append(Span(kind, strong or words, target or ""))
        end = found.end()
    if line[end:] or not spans:
        spans.append(Span("text", line[end:]))
    return tuple(spans)


def _kind(target: str) -> str:
    if _TELEPHONE.fullmatch(target):
        return "tel"
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return "https" if parts.scheme == "https" and _HOST.fullmatch(parts.netloc) else ""
