"""The search in any script over the cards one may open, and what stands ready for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from cases.models import Case, SearchBlock
from cases.service import files, members, searching
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Cast, on_stage, record_of


@pytest.fixture
def ours(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as cast:
        yield cast


def person(**client: Any) -> dict[str, Any]:
    record = record_of()
    record["client"].update(client)
    return record


def found(cast: Cast, words: str, by: str = "coordinator") -> list[UUID]:
    with transaction():
        return [row.id for row in searching.search_cases(cast[by], words).rows]


def test_any_script_part_and_digits(ours: Cast) -> None:
    phone = {"number": "+905321234567", "whose": "own", "channels": [], "hours": "", "message_ok": False}
    case_id = ours.record(
        record=person(
            name_ar="عبد الرحمن الحلبي",
            name_latin="ABDURRAHMAN HALEBİ",
            father="محمود",
            numbers=[{"kind": "foreigner", "value": "99123456780"}],
            phones=[{**phone, "cover_name": "", "others": ""}],
        )
    )
    other = ours.record(record=person(name_ar="ليلى شعبان", name_latin="LEYLA ŞABAN", father="نزار"))
    reference = db.session.scalars(select(Case.reference).where(Case.id == case_id)).one()
    for words in (
        "Abdulrahman", "abdurr", "الحلبي", "halabi abdelrahman", "حلب", "Mahmoud",
        "99123456780", "٩٩١٢٣", "0532 123", "0532 123 45 67", "532123",
        reference, reference.lower(), f" {reference} ",
    ):  # fmt: skip  # one list
        assert found(ours, words) == [case_id], words
    assert found(ours, "Leila Shaaban") == [other]
    assert found(ours, "Karim") == []
    assert found(ours, " ") == []


def test_what_was_changed_is_found_as_it_is_now(ours: Cast) -> None:
    case_id = ours.record(record=person(name_ar="سامر النجار", name_latin=""))
    assert found(ours, "samer") == [case_id]
    with transaction():
        files.edit_case(
            ours["caseworker"], case_id, 1, person(name_ar="وائل النجار", name_latin=""), urgency="U1"
        )
    assert found(ours, "samer") == []
    assert found(ours, "Wael") == [case_id]


def test_nobody_finds_what_they_may_not_open(ours: Cast) -> None:
    case_id = ours.record(record=person(name_ar="هيثم قدور"))
    assert found(ours, "haytham", by="caseworker") == [case_id]
    for other in ("colleague", "lawyer"):
        assert found(ours, "haytham", by=other) == []
    with transaction():
        members.restrict(ours["caseworker"], case_id, [ours["colleague"].person_id])
    assert found(ours, "haytham", by="colleague") == [case_id]
    assert found(ours, "haytham") == []  # the coordinator found it before


def test_whoever_reads_a_case_no_more_keeps_nothing_of_it(ours: Cast) -> None:
    case_id = ours.record(record=person(name_ar="هيثم قدور"))
    with transaction():
        members.add(ours["caseworker"], case_id, ours["colleague"].person_id)
    assert found(ours, "haytham", by="colleague") == [case_id]
    assert _blocks(ours, "colleague") == 1
    with transaction():
        members.remove(ours["caseworker"], case_id, ours["colleague"].person_id)
    assert _blocks(ours, "colleague") == 0  # not even under their own key
    assert found(ours, "haytham", by="colleague") == []


def test_a_block_of_another_reader_or_damaged_is_made_anew(ours: Cast) -> None:
    case_id = ours.record(record=person(name_ar="هيثم قدور"))
    assert found(ours, "haytham", by="caseworker") == [case_id]
    assert found(ours, "haytham") == [case_id]
    sealed = {row.person_id: row.sealed for row in db.session.scalars(select(SearchBlock))}
    assert all("هيثم".encode() not in block for block in sealed.values())
    caseworker, coordinator = ours["caseworker"].person_id, ours["coordinator"].person_id
    for content in (sealed[coordinator], sealed[caseworker][:-1] + b"\0"):
        with transaction():
            mine = update(SearchBlock).where(SearchBlock.person_id == caseworker)
            db.session.execute(mine.values(sealed=content))
        assert found(ours, "haytham", by="caseworker") == [case_id]


def test_what_is_new_is_read_in_steps_newest_first(ours: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "STEP", 2)
    old = ours.record(record=person(name_ar="هيثم قدور"))
    for _ in range(4):
        ours.record(record=person(name_ar="سامر النجار", name_latin="", father="نزار"))
    me = ours["coordinator"]
    with transaction():
        first = searching.search_cases(me, "haytham")
    assert (first.rows, first.searched, first.waiting) == ([], 2, 3)
    for waiting in (1, 0, 0):
        with transaction():
            assert searching.catch_up(me) == waiting
    assert found(ours, "haytham") == [old]


def test_what_cannot_be_opened_yet_keeps_nobody_waiting(ours: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "STEP", 1)
    damaged = [ours.record(record=person(name_ar="هيثم قدور")) for _ in range(2)]
    cards = db.session.scalars(select(Case.card).where(Case.id.in_(damaged)).order_by(Case.number)).all()
    with transaction():
        db.session.execute(update(Case).where(Case.id.in_(damaged)).values(card=b"damaged"))
    me, good = ours["coordinator"], ours.record(record=person(name_ar="هيثم النجار"))
    for waiting in (2, 1, 0, 0):
        with transaction():
            assert searching.catch_up(me) == waiting
    assert found(ours, "haytham") == [good]
    with transaction():
        for case_id, card in zip(damaged, cards, strict=True):
            db.session.execute(update(Case).where(Case.id == case_id).values(card=card))
    with transaction():
        assert searching.catch_up(me) == 1  # once one opens, the others are worth waiting for
    assert set(found(ours, "haytham")) == {good, *damaged}


def _blocks(cast: Cast, name: str) -> int:
    mine = select(SearchBlock).where(SearchBlock.person_id == cast[name].person_id)
    return len(db.session.scalars(mine).all())
