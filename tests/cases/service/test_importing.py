"""Two pages of one sheet at once: no row comes in twice, no file is erased twice, no sheet is kept twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.service import people
from cases.import_models import CaseImport, CaseImportRow
from cases.models import Case, Entry
from cases.service import files, sameness
from cases.service.importing import asking, carrying, checking, reading, store, undoing
from cases.service.importing.reading import Work
from core.access.actors import Actor
from core.audit.models import AuditEntry
from core.documents.sheets import Sheet
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Cast, on_stage
from tests.support.racing import Race

ROWS: list[list[Any]] = [["Ad", "Baba"], ["أحمد الدرويش", "سامي"], ["رنا القباني", "خالد"]]
PLAN: dict[str, Any] = {
    "sheet": 0, "heading": 1, "columns": {"0": "name", "1": "father"}, "issue": "A02", "urgency": "",
    "caseworker": "", "restrict": False, "slashes": "ask", "lenient": False, "closed": "skip",
}  # fmt: skip # one plan


def checked(actor: Actor, rows: list[list[Any]] = ROWS, **changes: Any) -> Work:
    """A sheet whose dry run is through."""
    plan, sheet = PLAN | changes, Sheet("", rows)
    db.session.rollback()
    with transaction():
        import_id = store.begin(actor, [sheet], uuid4())
    with transaction():
        checking.settle(actor, import_id, Work(import_id, "mapping", sheet, plan), plan)
    work = reading.open_work(actor, import_id)
    done = checking.prepare(actor, work)
    with transaction():
        checking.put(actor, work, done)
    with transaction():
        checking.finish(actor, work, checking.twins(work))
    with transaction():
        carrying.start(actor, import_id)
    return reading.open_work(actor, import_id)


def came(import_id: UUID) -> list[tuple[int, str]]:
    rows = select(CaseImportRow).where(CaseImportRow.import_id == import_id).order_by(CaseImportRow.number)
    return [(row.number, row.state) for row in db.session.scalars(rows)]


@pytest.fixture
def cast(race: Race) -> Iterator[Cast]:
    with on_stage(race.app) as found:
        yield found


def test_a_row_comes_in_once_and_goes_once(race: Race, cast: Cast) -> None:
    actor = cast["coordinator"]
    work = checked(actor)
    one = carrying.prepare(actor, work)
    assert one is not None
    db.session.rollback()
    assert race.run(*[lambda: carrying.carry_out(actor, work, one)] * 2) == [None, None]
    assert came(work.id) == [(2, "imported"), (3, "ready")]
    assert len(db.session.scalars(select(Case.id)).all()) == 1
    db.session.rollback()
    with transaction():
        undoing.order(actor, work.id)
    assert race.run(*[lambda: undoing.step(actor, work.id)] * 2) == [True, False]
    assert came(work.id) == [(2, "erased"), (3, "ready")]
    acts = select(AuditEntry.number).where(AuditEntry.act == "case.erase")
    assert len(db.session.scalars(acts).all()) == 1
    assert db.session.scalars(select(Entry.id)).all() == []


def test_whoever_dies_between_two_rows_goes_on(sqlite_app: Flask) -> None:
    with on_stage(sqlite_app) as cast:
        actor = cast["coordinator"]
        work = checked(actor)
        one = carrying.prepare(actor, work)
        assert one is not None
        with pytest.raises(RuntimeError, match="killed"), transaction():
            carrying.carry_out(actor, work, one)
            raise RuntimeError("killed")
        while ready := carrying.prepare(actor, work):
            with transaction():
                carrying.carry_out(actor, work, ready)
        for _ in range(2):
            with transaction():
                carrying.finish(actor, work.id)
                carrying.carry_out(actor, work, one)
        assert came(work.id) == [(2, "imported"), (3, "imported")]
        assert db.session.get_one(CaseImport, work.id).state == "done"
        assert len(db.session.scalars(select(Case.id)).all()) == 2


def test_two_rows_that_look_alike_and_are_two_people_are_asked_about_once(sqlite_app: Flask) -> None:
    with on_stage(sqlite_app) as cast:
        actor = cast["coordinator"]
        work = checked(actor, [ROWS[0], ROWS[1], ["Ahmed Derviş", "Sami"]])
        assert came(work.id) == [(2, "ready"), (3, "alike")]
        second = carrying.ready(actor, work, 3)
        with transaction():
            asked = asking.look(actor, work, second)
            assert asked is not None
            assert (asked.twin, asked.found) == (2, [])
            asking.apart(actor, work, second, [])
        work = reading.open_work(actor, work.id)
        while ready := carrying.prepare(actor, work):
            with transaction():
                carrying.carry_out(actor, work, ready)
        assert came(work.id) == [(2, "imported"), (3, "imported")]
        first, other = store.cases(work.id, "imported", 9)
        db.session.rollback()
        with transaction():
            assert files.open_case(actor, other[0]).record[sameness.APART] == [first[0].hex]


def test_a_caseworker_who_leaves_meanwhile_stops_it(sqlite_app: Flask) -> None:
    with on_stage(sqlite_app) as cast:
        actor, leaving = cast["coordinator"], cast["caseworker"].person_id
        work = checked(actor, caseworker=str(leaving))
        one = carrying.prepare(actor, work)
        assert one is not None
        with transaction():
            people.depart(cast["admin"], leaving)
        with pytest.raises(DomainError), transaction():
            carrying.carry_out(actor, work, one)
        assert came(work.id) == [(2, "ready"), (3, "ready")]


def test_an_answer_comes_too_late_or_is_not_there(sqlite_app: Flask) -> None:
    with on_stage(sqlite_app) as cast:
        actor = cast["coordinator"]
        work = checked(actor)
        one = carrying.prepare(actor, work)
        assert one is not None
        with transaction():
            assert asking.look(actor, work, one) is None
        for answer in (asking.leave_out, asking.first_contact):
            with pytest.raises(Conflict), transaction():
                answer(actor, work, one)
        with pytest.raises(NotFound):
            store.row_of(work.id, 99)
        with pytest.raises(DomainError), transaction():
            undoing.order(actor, work.id)  # nothing came in yet
