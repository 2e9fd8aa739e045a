"""1. Which files belong to one household or event stands nowhere: not in a column, a length, a moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from cases.models import Case
from cases.service import facts, files, keys, records, together
from core.store.base import db
from core.store.transaction import transaction
from reports.service import sealed
from tests.attacks import thief
from tests.support.cast import Cast, on_stage, record_of

AGREED = [{"kind": "statistics", "answer": "given", "language": "ar", "how": "oral"}]
Dump = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture
def cast(sqlite_app: Flask) -> Iterator[Cast]:
    with on_stage(sqlite_app) as found:
        yield found


def dump() -> Dump:
    """Every row, by its table and its first columns."""
    return {(name, repr(list(row.items())[:2])): row for name, row in thief.rows()}


def changed(before: Dump, after: Dump) -> list[tuple[str, dict[str, Any]]]:
    return [(name, row) for (name, at), row in after.items() if before.get((name, at)) != row]


def shape(row: dict[str, Any]) -> dict[str, object]:
    """What a thief can compare: how long the sealed is, and what is in clear but ids and moments."""
    kept = (bytes, str, int, bool)
    return {
        column: len(value) if isinstance(value, bytes) else value
        for column, value in row.items()
        if isinstance(value, kept) and column not in {"reference", "number", "version"}
    }


def test_the_other_file_is_not_touched_and_the_joining_one_looks_edited(cast: Cast) -> None:
    me = cast["caseworker"]
    one, other, third = (cast.record(record=record_of(), consents=AGREED) for _ in range(3))
    before = dump()
    with transaction():
        together.join(me, one, 1, other, "household")
    joined = changed(before, middle := dump())
    touched = {name for name, _row in joined}
    assert {
        "cases",
        "case_entries",
        "facts",
        "audit_entries",
    } <= touched  # the control
    assert other not in {value for _name, row in joined for value in row.values()}
    assert str(other) not in repr(joined)
    with transaction():
        files.edit_case(me, third, 1, record_of(), urgency="U1")
    edited = changed(middle, dump())
    assert [(name, sorted(shape(row).items(), key=str)) for name, row in joined] == [
        (name, sorted(shape(row).items(), key=str)) for name, row in edited
    ]


def test_the_number_stands_only_inside_what_is_sealed(cast: Cast) -> None:
    me, (one, other) = cast["caseworker"], [cast.record(record=record_of(), consents=AGREED) for _ in "12"]
    with transaction():
        together.join(me, one, 1, other, "event")
    numbers = {number(cast, each, "event") for each in (one, other)}
    assert len(numbers) == 1
    secret = numbers.pop()
    told = [fact for _id, fact in sealed.uncounted(cast["manager"], sealed.Pairs(cast["manager"]), set())]
    assert [fact.event for fact in told] == [secret] * 2  # managers' facts hold it, once opened
    db.session.rollback()
    text = " ".join(str(value) for value in thief.values(binary=False))
    stored = [*thief.values(binary=True), *thief.files(cast.settings.home)]
    assert secret not in text
    assert not any(form in value for value in stored for form in (secret.encode(), bytes.fromhex(secret)))


def number(cast: Cast, case_id: UUID, kind: str) -> str:
    case = db.session.get_one(Case, case_id)
    record = records.open_record(keys.case_key(cast["caseworker"], case), case)
    db.session.rollback()
    return facts.number(record, kind)
