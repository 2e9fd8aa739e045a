"""Whoever has the database, another code, an old key or another's line reads nothing of a request."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

import vault
from accounts.service import keys
from cases.models import Case
from cases.service import members, orders
from cases.service import rotation as case_rotation
from cases.service.keys import case_key
from cases.service.reach import find
from core.access.permissions import Permission, Role
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Receipt, Request, RequestMessage
from intake.service import casework, codes, deciding, drafts, merging, queue, sealing, sending, visiting
from tests.intake.stage import asked, asked_with_code, back_with, reads, taken_on
from tests.support.cast import Cast, on_stage, record_of
from vault import Key

TOLD = "أخي محتجز في مركز الترحيل"


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def answer(cast: Cast, request_id: UUID, text: str) -> None:
    with transaction():
        taken_on(cast["caseworker"], request_id)
        deciding.answer(cast["caseworker"], request_id, uuid4(), text)


def become_case(cast: Cast, request_id: UUID) -> UUID:
    with transaction():
        taken_on(cast["caseworker"], request_id)
    with transaction():
        return deciding.accept(
            cast["caseworker"], request_id, record_of(), urgency="U1", restricted=False, named=[],
            consents=[], token=uuid4(),
        )  # fmt: skip # one call


def test_nothing_that_was_said_stands_in_the_database(cast: Cast) -> None:
    request_id, code = asked_with_code(cast, text=TOLD, name="Selma Gizli", phone="05320000007")
    answer(cast, request_id, "لديك سبعة أيام")
    stored = b"".join(
        bytes(value)
        for table in (Request, Receipt, RequestMessage)
        for row in db.session.execute(select(table.__table__)).all()
        for value in row
        if isinstance(value, (bytes, memoryview))
    )
    for secret in (TOLD, "Selma Gizli", "05320000007", "لديك سبعة أيام", code.replace(" ", "")):
        assert secret.encode() not in stored
    assert TOLD in reads(back_with(cast, code) or "")  # and whoever has the code reads it


def test_another_code_or_another_server_opens_nothing(cast: Cast) -> None:
    _request, code = asked_with_code(cast, text=TOLD)
    other = dataclasses.replace(cast, settings=dataclasses.replace(cast.settings, pepper=b"p" * 32))
    assert back_with(other, code) is None
    assert back_with(cast, vault.new_receipt()) is None
    assert back_with(cast, code) is not None


def test_lines_and_keys_moved_between_requests_do_not_open(cast: Cast) -> None:
    (mine, my_code), (theirs, their_code) = (
        asked_with_code(cast, text="benim"),
        asked_with_code(cast, text=TOLD),
    )
    for request_id, text in ((mine, "birinci"), (mine, "ikinci"), (theirs, "öteki")):
        answer(cast, request_id, text)
    lines = {row.id: row.sealed for row in db.session.scalars(select(RequestMessage))}
    first, second, other = lines
    db.session.rollback()
    for to, sealed in ((first, lines[second]), (first, lines[other])):
        with transaction() as session:
            session.execute(update(RequestMessage).where(RequestMessage.id == to).values(sealed=sealed))
        with pytest.raises(vault.Unreadable):
            reads(back_with(cast, my_code) or "")
    with transaction() as session:
        session.execute(update(RequestMessage).where(RequestMessage.id == first).values(sealed=lines[first]))
    assert reads(back_with(cast, my_code) or "") == ["benim", "birinci", "ikinci"]
    with transaction() as session:  # what was said by us passed off as the person's
        session.execute(update(RequestMessage).where(RequestMessage.id == first).values(author_id=None))
    with pytest.raises(vault.Unreadable):
        reads(back_with(cast, my_code) or "")
    for column in ("desk_wrap", "sealed"):
        taken = db.session.scalar(select(getattr(Request, column)).where(Request.id == theirs))
        with transaction() as session:
            session.execute(update(Request).where(Request.id == mine).values({column: taken}))
        with pytest.raises(vault.VaultError), transaction():
            queue.open_request(cast["caseworker"], mine)
    assert TOLD in reads(back_with(cast, their_code) or "")


def test_a_receipt_passed_off_as_the_one_of_another_request_opens_nothing(cast: Cast) -> None:
    (mine, my_code), (theirs, _their) = asked_with_code(cast, text="benim"), asked_with_code(cast, text=TOLD)
    wrapped = db.session.scalar(select(Receipt.wrapped).where(Receipt.request_id == theirs))
    with transaction() as session:
        session.execute(update(Receipt).where(Receipt.request_id == mine).values(wrapped=wrapped))
    cookie = back_with(cast, my_code)
    with pytest.raises(vault.VaultError):
        reads(cookie or "")


def test_who_left_the_desk_reads_nothing_that_comes_after(cast: Cast) -> None:
    """Their old key of the desk opens what they had, not what was written once it was renewed."""
    request_id, code = asked_with_code(cast, text=TOLD)
    with transaction():
        kept = sealing.Desk(cast["caseworker"]).key(db.session.get_one(Request, request_id))
    with transaction():
        keys.rotate(cast["coordinator"], "desk")
    answer(cast, request_id, "بعد الرحيل")
    request = db.session.get_one(Request, request_id)
    for message in sealing.lines(request_id):
        with pytest.raises(vault.Unreadable):
            sealing.open_line(kept, request, message)
    with pytest.raises(vault.Unreadable):
        sealing.opened(kept, request)
    db.session.rollback()
    assert reads(back_with(cast, code) or "") == [TOLD, "بعد الرحيل"]  # the code goes on


def test_a_desk_that_got_a_new_key_while_the_code_was_made_opens_the_request_with_it(cast: Cast) -> None:
    asked(cast)
    draft = drafts.load("")
    with transaction():
        drafts.save(draft, {"whom": "me", "text": TOLD, "province": "27"})
        drafts.save(draft, {drafts.BEGAN: "2026-01-01T00:00:00+00:00"})
    prepared = sending.prepare(cast.settings, draft)
    db.session.rollback()
    with transaction():
        keys.rotate(cast["coordinator"], "desk")
    with transaction():
        assert sending.send(prepared, draft, uuid4())
    with transaction():
        assert queue.open_request(cast["caseworker"], prepared.request_id).answers["text"] == TOLD


def test_one_damaged_request_keeps_no_other_from_the_new_key(cast: Cast) -> None:
    damaged, (sound, code) = asked(cast), asked_with_code(cast, text=TOLD)
    with transaction() as session:
        session.execute(update(Request).where(Request.id == damaged).values(sealed=b"nothing"))
    before = db.session.get_one(Request, sound).desk_key_id
    db.session.rollback()
    with transaction():
        keys.rotate(cast["coordinator"], "desk")
    with transaction():
        assert orders.carry_out(cast["coordinator"]) == 0
    assert db.session.get_one(Request, sound).desk_key_id != before
    db.session.rollback()
    assert reads(back_with(cast, code) or "") == [TOLD]


def test_a_case_that_gets_a_new_key_gives_its_conversations_new_ones(cast: Cast) -> None:
    request_id, code = asked_with_code(cast, text=TOLD)
    case_id = become_case(cast, request_id)
    with transaction():
        case = find(cast["caseworker"], Permission.CASE_READ, case_id)
        kept = sealing.of_case(
            db.session.get_one(Request, request_id), case, case_key(cast["caseworker"], case)
        )
    with transaction():
        case_rotation.rotate(cast["caseworker"], find(cast["caseworker"], Permission.CASE_READ, case_id))
    with transaction():
        casework.answer(cast["caseworker"], case_id, request_id, uuid4(), "بعد التغيير")
    request = db.session.get_one(Request, request_id)
    with pytest.raises(vault.Unreadable):
        sealing.opened(kept, request)
    db.session.rollback()
    assert reads(back_with(cast, code) or "")[-1] == "بعد التغيير"


def test_the_desk_reads_no_further_once_it_is_a_case_and_strangers_to_the_case_nothing(cast: Cast) -> None:
    request_id, code = asked_with_code(cast, text=TOLD)
    case_id = become_case(cast, request_id)
    with pytest.raises(DomainError), transaction():
        queue.open_request(cast["caseworker"], request_id)
    stranger = cast.join("stranger", Role.CASEWORKER)
    with pytest.raises(NotFound), transaction():
        casework.read(stranger, case_id, request_id)
    with transaction():
        members.add(cast["caseworker"], case_id, stranger.person_id)
    with transaction():
        assert casework.read(stranger, case_id, request_id).answers["text"] == TOLD
    assert TOLD in reads(back_with(cast, code) or "")


def test_a_replaced_code_opens_nothing_nor_does_what_it_opened(cast: Cast) -> None:
    request_id, code = asked_with_code(cast, text=TOLD)
    visit = back_with(cast, code) or ""
    fresh = codes.prepare(cast.settings, request_id)
    with transaction():
        codes.replace(cast["caseworker"], fresh, 1, "word")
    assert back_with(cast, code) is None
    with pytest.raises(NotFound), transaction():
        visiting.visit(visit)
    assert TOLD in reads(back_with(cast, fresh.code.words) or "")


def test_two_conversations_of_one_case_do_not_read_each_other(cast: Cast) -> None:
    request_id, code = asked_with_code(cast, text=TOLD)
    case_id = become_case(cast, request_id)
    fresh = codes.prepare(cast.settings)
    with transaction():
        codes.begin(cast["caseworker"], fresh, case_id, uuid4(), "Kız kardeş", client=False)
    with transaction():
        casework.answer(cast["caseworker"], case_id, fresh.request_id, uuid4(), "للأخت وحدها")
    assert "للأخت وحدها" in reads(back_with(cast, fresh.code.words) or "")
    assert "للأخت وحدها" not in reads(back_with(cast, code) or "")


def test_joined_to_a_case_taken_up_again_and_given_back(cast: Cast) -> None:
    case_id = cast.record()
    request_id, code = asked_with_code(cast, text=TOLD)
    worker = cast["caseworker"]
    with transaction():
        deciding.claim(worker, request_id, 1)
    with transaction():
        deciding.give_back(worker, request_id, 2)
    with transaction():
        deciding.claim(worker, request_id, 3)
    with transaction():
        deciding.end(worker, request_id, 4, uuid4(), "referred", "اذهب إلى النقابة")
    with pytest.raises(Conflict), transaction():  # a second tab: its other text is not lost without a word
        deciding.end(worker, request_id, 4, uuid4(), "referred", "مرة ثانية")
    with transaction():
        deciding.take_up(worker, request_id, 5)
    with pytest.raises(DomainError), transaction():
        merging.merge(worker, request_id, 6, "YOK-26-00001")
    reference = db.session.get_one(Case, case_id).reference
    db.session.rollback()
    for _twice in range(2):
        with transaction():
            assert merging.merge(worker, request_id, 6, reference.lower()) == case_id
    assert reads(back_with(cast, code) or "") == [TOLD, "اذهب إلى النقابة"]
    with transaction():
        assert [line.id for line in casework.of_case(worker, *_opened(cast, case_id))] == [request_id]


def _opened(cast: Cast, case_id: UUID) -> tuple[Case, Key]:
    case = find(cast["caseworker"], Permission.CASE_READ, case_id)
    return case, case_key(cast["caseworker"], case)


def test_without_the_key_of_the_desk_the_queue_says_only_that_somebody_waits(cast: Cast) -> None:
    asked(cast, text=TOLD)
    newcomer = cast.join("newcomer", Role.CASEWORKER)
    with transaction():
        [line] = queue.queue(newcomer).lines
    assert not line.readable
    assert line.answers == {}
    with transaction():
        [line] = queue.queue(cast["caseworker"]).lines
    assert line.first_words == TOLD
