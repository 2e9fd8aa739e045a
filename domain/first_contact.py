"""What a file holds before it is known whether the house may help: first contact, and nothing beyond.

domain.md 3.1: who it is, how to reach them safely, where, one line of what it is about, the other people of
the matter. What tells people apart (parents, birth) is part of it, because the check for conflicts asks for
it; identity numbers, status and the story are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

ONE_LINE: Final = 200
"""Characters of what happened that are no more than what it is about."""

BEYOND_OF_CLIENT: Final[Mapping[str, Any]] = MappingProxyType(
    {"sex": "unknown", "nationality": "XXX", "status": "unknown", "numbers": []}
)
BEYOND: Final[Mapping[str, Any]] = MappingProxyType({"authority": "unknown"})
"""What goes beyond first contact, by what stands where it is unknown; of the client, and of the matter."""


def first_contact(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record without what goes beyond: those fields say that they are unknown."""
    text = record.get("narrative", "")
    return {
        **record,
        **BEYOND,
        "narrative": text if len(text) <= ONE_LINE else "",
        "client": {**record["client"], **BEYOND_OF_CLIENT},
    }


def says_more(record: Mapping[str, Any], than: Mapping[str, Any]) -> bool:
    """Whether a record goes beyond first contact in something that another one does not say already."""
    least = first_contact(record)
    matter = ((name, record.get(name, ""), than.get(name, "")) for name in (*BEYOND, "narrative"))
    client = ((name, record["client"].get(name), than["client"].get(name)) for name in BEYOND_OF_CLIENT)
    return any(said not in (before, least[name]) for name, said, before in matter) or any(
        said not in (before, BEYOND_OF_CLIENT[name]) for name, said, before in client
    )
