"""Legal information for the public: its parts, and the first texts that come with the product.

`config/topics/topics.tsv` names the topics; beside it stands one file for each language,
`<code>.<language>.txt`, in which a line `@name` begins a part. The marks inside a part are those of
`domain.markup`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.markup import refused_links
from domain.tables import LANGUAGES, TableError, read_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

PARTS: Final = ("title", "what", "now", "deadlines", "helps", "sources")
"""What it is called, what it is, what to do now, deadlines in words, who helps, on what it rests."""

Texts = dict[str, dict[str, str]]
"""Language -> part -> text."""


@dataclass(frozen=True, slots=True)
class FirstTopic:
    """A topic as it comes with the product; `issue` is a code of the taxonomy."""

    code: str
    issue: str
    texts: Mapping[str, Mapping[str, str]]


def load_topics(folder: Path, issues: Collection[str]) -> tuple[FirstTopic, ...]:
    """Read every topic. Raises `TableError` for an unknown issue, a missing part, a dead link."""
    table = folder / "topics.tsv"
    topics: list[FirstTopic] = []
    for number, row in enumerate(read_rows(table, ("code", "issue")), start=2):
        if row["issue"] not in issues:
            raise TableError(table, number, f"unknown issue {row['issue']}")
        texts = {
            language: _parts(folder / f"{row['code']}.{language}.txt", row["code"]) for language in LANGUAGES
        }
        topics.append(FirstTopic(row["code"], row["issue"], texts))
    return tuple(topics)


def missing(texts: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    """Languages and parts that have no text yet."""
    return tuple(
        (language, part)
        for language in LANGUAGES
        for part in PARTS
        if not texts.get(language, {}).get(part, "").strip()
    )


def _parts(path: Path, code: str) -> dict[str, str]:
    parts: dict[str, list[str]] = {}
    name = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("@"):
            name = line[1:].strip()
            if name not in PARTS or name in parts:
                raise TableError(path, number, f"unexpected part {name} of {code}")
            parts[name] = []
        elif name:
            parts[name].append(line)
    texts = {part: "\n".join(lines).strip() for part, lines in parts.items()}
    for part in PARTS:
        if not texts.get(part):
            raise TableError(path, 1, f"part {part} is missing")
        if refused := refused_links(texts[part]):
            raise TableError(path, 1, f"links that lead nowhere: {', '.join(refused)}")
    return texts
