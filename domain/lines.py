"""Of which type a line of the timeline is, so that one type can be looked at alone.

Labels stand in `config/lists/line_type.tsv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from domain import talks

FILING: Final = "filing"
NOT_FILED: Final = "not_filed"
"""Of a filing that was recorded and never was: what corrects a filing otherwise is one itself."""
OUTCOME: Final = "outcome"
NOT_SO: Final = "not_so"
"""Of any other line that somebody wrote: nothing of the kind happened."""
TAKEN_OUT: Final = "taken_out"
"""In place of a line that belonged to somebody else's case: its words are gone."""
STEP: Final = "step"
HEARING: Final = "hearing"
TYPED: Final = frozenset({"note", *talks.CHANNELS, STEP, FILING, OUTCOME})
"""Kinds of lines that somebody writes, and that can be corrected."""
THE_FILE: Final = "file"
"""Whatever is of no other type: states, people, the record."""

_TYPES: Final = MappingProxyType(
    {
        "note": "note",
        talks.CALL: "call",
        "message": "message",
        "conversation": "message",
        "request": "message",
        "visit": "visit",
        "meeting": "visit",
        STEP: STEP,
        FILING: FILING,
        NOT_FILED: FILING,
        OUTCOME: OUTCOME,
        "document": "document",
        "deadline": "deadline",
    }
)
_DATES: Final = frozenset({"appointment", "hearing", "signature"})


def type_of(kind: str, data: Mapping[str, Any]) -> str:
    """The type of a line of this kind that holds this."""
    if kind == "item":
        return HEARING if data["item"] in _DATES else THE_FILE
    if kind in {NOT_SO, TAKEN_OUT}:
        kind = data["was"]
    return _TYPES.get(kind, THE_FILE)
