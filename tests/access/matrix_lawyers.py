"""What only a lawyer who works on a case finds there: a part of the written matrix."""

from __future__ import annotations

from typing import Final

LAWYERS: Final[dict[str, dict[str, frozenset[str]]]] = {
    f"cases.{name}": {"lawyer": frozenset({"own"})}
    for name in (
        "lawyer_notes",
        "take_out_note",
        "begin_legal_draft",
        "legal_draft",
        "write_legal_draft",
        "say_legal_draft",
        "judge_legal_draft",
        "ask_legal_draft",
        "file_legal_draft",
        "correct_legal_draft",
        "withdraw_legal_draft",
        "end_legal_draft_review",
        "seen_legal_draft",
        "keep_legal_draft",
        "keep_legal_draft_version",
    )
}
