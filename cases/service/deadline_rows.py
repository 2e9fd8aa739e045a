"""A deadline at rest: what stands in clear is said once more inside, and a row that differs does not open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cases.models import Case, Deadline
from cases.service import rows, timeline
from core import clock
from core.access.actors import Actor
from core.store.base import db
from vault import Key

TABLE: Final = "deadlines"
NEEDS_TWO: Final = "U0"  # of this urgency nothing is moved by one person alone


def seal(case: Case, key: Key, row: Deadline, content: dict[str, Any]) -> None:
    """Seal the row as its next version."""
    content["two"] = needs_two(case, content)
    proposed = content["proposed"]
    row.proposed_by = UUID(proposed["by"]) if proposed else None
    row.version += 1
    row.epoch = key.epoch
    row.sealed = rows.seal_row(key, case, TABLE, row.id, row.version, content | _in_clear(row))


def save(
    actor: Actor,
    case: Case,
    key: Key,
    row: Deadline,
    content: dict[str, Any],
    change: str,
    text: str = "",
    *,
    more: dict[str, Any] | None = None,
    by_law: bool = False,
) -> None:
    """Seal the row as its next version, with a line in the timeline and the head renewed.

    more: what the line of the timeline says besides.
    by_law: a change of law does it. The actor's session held the key and nobody decided, so that the act is
    the program's, on the chain and in the timeline.
    """
    seal(case, key, row, content)
    said: dict[str, Any] = {"change": change, "rule": content["asked"]["rule"]}
    said |= {"safe": row.safe_on.isoformat()} | (more or {})
    timeline.write(actor, case, key, "deadline", text, data=said)
    case.changed_at = clock.now()
    rows.written(None if by_law else actor, "case.recount" if by_law else "case.deadline", key, case)


def opened(case: Case, key: Key, row: Deadline) -> dict[str, Any]:
    """The sealed row. Raises rows.Tampered where what stands in clear is not what it says."""
    content = rows.open_row(key, case, TABLE, row.id, row.version, row.sealed)
    if any(content.get(name) != said for name, said in _in_clear(row).items()):
        raise rows.Tampered
    return content


def open_ones(case: Case, key: Key) -> Iterator[tuple[Deadline, dict[str, Any]]]:
    """The open deadlines of a case with what they hold. Raises rows.Tampered."""
    open_ = select(Deadline).where(Deadline.case_id == case.id, Deadline.state == "open")
    for row in db.session.scalars(open_.execution_options(populate_existing=True)).all():
        yield row, opened(case, key, row)


def needs_two(case: Case, content: dict[str, Any]) -> bool:
    """Once the case was of the highest urgency while this was written, lowering it lifts nothing."""
    return content.get("two", False) or case.urgency == NEEDS_TWO


def keep_two(case: Case, key: Key) -> None:
    """Once a case is of the highest urgency, its open deadlines say so themselves: lowering it lifts nothing.

    Raises rows.Tampered.
    """
    if case.urgency != NEEDS_TWO:
        return
    for row, content in open_ones(case, key):
        if not content.get("two"):
            content.pop("last", None)  # a click on what came before is no second click
            seal(case, key, row, content)


def _in_clear(row: Deadline) -> dict[str, str | None]:
    return {
        "proposed_by": str(row.proposed_by) if row.proposed_by else None,
        "safe_on": row.safe_on.isoformat(),
        "state": row.state,
        "responsible": str(row.responsible_id),
        "second": str(row.second_id),
    }
