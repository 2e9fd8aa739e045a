"""Any order of asking, writing, answering, losing a code, becoming a case, new keys and taking back.

Nothing is lost, nothing is readable with another receipt, and what was taken back is gone.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Draft
from accounts.service import drafts, keys
from cases.service import rotation
from cases.service.reach import find
from core import clock
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.store import sealed_files
from core.store.base import db
from core.store.transaction import transaction
from intake.models import Receipt, Request, RequestFile, RequestMessage, RequestNotice, RequestToken
from intake.service import attachments, casework, codes, comparing, deciding, sealing, telling, visiting
from intake.service.attachments import Owner
from intake.service.reach import find as find_request
from intake.service.sealing import Desk
from tests.intake.papers import SOUND
from tests.intake.stage import asked_with_code, back_with, reads, stored, taken_on
from tests.support.cast import Cast, record_of
from tests.support.world import World

_stage: dict[str, Any] = {}
WORDS = st.sampled_from(["نعم", "evet", "yes", "٢ تشرين", "…"])


class Talking(RuleBasedStateMachine):
    """The model: what was said in each conversation, by which living code it is read, what it became."""

    asked = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.cast: Cast = _stage["cast"]
        self.said: dict[UUID, list[str]] = {}
        self.code: dict[UUID, str] = {}
        self.case: dict[UUID, UUID] = {}
        self.dead: list[str] = []
        self.gone: set[UUID] = set()
        self.files: dict[UUID, dict[UUID, bytes]] = {}
        self.ours: set[UUID] = set()  # of those, what a colleague sent

    @rule(target=asked, text=WORDS)
    def ask(self, text: str) -> Any:
        if len(self.said) == 3:
            return multiple()
        request_id, code = asked_with_code(self.cast, text=text)
        self.said[request_id], self.code[request_id] = [text], code
        return request_id

    @rule(one=asked, text=WORDS, twice=st.booleans())
    def write(self, one: UUID, text: str, twice: bool) -> None:
        if one in self.gone:
            return
        cookie, token = back_with(self.cast, self.code[one]), uuid4()
        for _time in range(1 + twice):
            with transaction():
                visiting.say(visiting.visit(cookie or ""), token, text)
        self.said[one].append(text)

    @rule(one=asked, text=WORDS, waits=st.booleans())
    def send_a_voice_message(self, one: UUID, text: str, waits: bool) -> None:
        if one in self.gone or len(self.files.get(one, ())) == attachments.MOST:
            return
        content = SOUND + uuid4().bytes
        file, cookie = stored(content), back_with(self.cast, self.code[one])
        with transaction():
            here = visiting.visit(cookie or "")
            owner = Owner(here.key, request_id=one)
            attachments.add(owner, [file])
            if waits:  # it is taken out before it is sent
                attachments.take_out(owner, file.id)
            else:
                visiting.say(here, uuid4(), text)
        if not waits:
            self.files.setdefault(one, {})[file.id] = content
            self.said[one].append(text)

    @rule(one=asked, text=WORDS, twice=st.booleans(), with_file=st.booleans())
    def answer(self, one: UUID, text: str, twice: bool, with_file: bool) -> None:
        token, worker = uuid4(), self.cast["caseworker"]
        content = SOUND + token.bytes
        with_file = with_file and len(self.files.get(one, ())) < attachments.MOST
        files = [stored(content)] if with_file else []
        try:
            for _time in range(1 + twice):
                with transaction():
                    if one in self.case:
                        casework.answer(worker, self.case[one], one, token, text, files)
                    else:
                        taken_on(worker, one)
                        deciding.answer(worker, one, token, text, files)
        except DomainError:
            assert one in self.gone
        else:
            self.said[one].append(text)
            for file in files:
                self.files.setdefault(one, {})[file.id] = content
                self.ours.add(file.id)

    @rule(one=asked)
    def lose_the_code(self, one: UUID) -> None:
        if one in self.gone:
            return
        fresh, row = codes.prepare(self.cast.settings, one), self.row(one)
        with transaction():
            codes.replace(self.cast["caseworker"], fresh, row.version, "word", self.case.get(one))
        self.dead.append(self.code[one])
        self.code[one] = fresh.code.words
        self.said[one].append("word")

    @rule(one=asked)
    def become_a_case(self, one: UUID) -> None:
        if one in self.case or one in self.gone:
            return
        worker = self.cast["caseworker"]
        with transaction():
            taken_on(worker, one)
        with transaction():
            self.case[one] = deciding.accept(
                worker, one, record_of(), urgency="U1", restricted=False, named=[], consents=[], token=uuid4()
            )

    @rule(one=asked)
    def a_colleague_begins_a_form(self, one: UUID) -> None:
        """What is kept of it tells the story; at the first look the people get tokens; a notice waits."""
        if one in self.case or one in self.gone:
            return
        worker, cookie = self.cast["caseworker"], back_with(self.cast, self.code[one])
        with transaction():
            drafts.save(worker.person_id, "intake.accept", one, {"narrative": self.said[one]})
            request = find_request(worker, Permission.REQUEST_READ, one)
            key = Desk(worker).key(request)
            comparing.keep(worker, request, {**sealing.opened(key, request), "name": "Mehmet Demir"})
            notice = {"notice": "mail", "notice_mail": "a@example.org"}
            telling.choose(visiting.visit(cookie or "").request, notice, "tr", own=True)
        assert db.session.query(RequestToken).filter_by(request_id=one).count() > 0
        db.session.rollback()

    @rule()
    def the_desk_gets_a_new_key(self) -> None:
        with transaction():
            keys.rotate(self.cast["coordinator"], "desk")

    @rule(one=asked)
    def the_case_gets_a_new_key(self, one: UUID) -> None:
        if one in self.case:
            worker = self.cast["caseworker"]
            with transaction():
                rotation.rotate(worker, find(worker, Permission.CASE_READ, self.case[one]))

    @rule(one=asked)
    def take_back(self, one: UUID) -> None:
        if one in self.gone:
            return
        cookie = back_with(self.cast, self.code[one]) or ""
        try:
            with transaction():
                visiting.withdraw(visiting.visit(cookie))
        except DomainError:
            assert one in self.case
            return
        assert one not in self.case
        self.gone.add(one)
        self.dead.append(self.code[one])
        with pytest.raises(NotFound), transaction():
            visiting.visit(cookie)

    def row(self, one: UUID) -> Request:
        row = db.session.get_one(Request, one, populate_existing=True)
        db.session.expunge(row)
        db.session.rollback()
        return row

    @invariant()
    def everything_is_there_for_its_own_code(self) -> None:
        for one, said in self.said.items():
            if one not in self.gone:
                assert reads(back_with(self.cast, self.code[one]) or "") == said

    @invariant()
    def every_file_is_there_for_its_own_code_alone(self) -> None:
        store = sealed_files.store()
        for one, files in self.files.items():
            if one in self.gone:
                continue
            cookie = back_with(self.cast, self.code[one]) or ""
            with transaction():
                here = visiting.visit(cookie)
                owner = Owner(here.key, request_id=one)
                found = {file.id: attachments.find(owner, file.id).file for file in attachments.sent(owner)}
                for id, file in found.items():
                    if id in self.ours:
                        assert visiting.open_file(here, id).file == file
                    else:
                        with pytest.raises(NotFound):
                            visiting.open_file(here, id)
                theirs = [id for other, its in self.files.items() if other != one for id in its]
                for id in theirs:
                    with pytest.raises(NotFound):
                        attachments.find(owner, id)
                    with pytest.raises(NotFound):
                        visiting.open_file(here, id)
            assert {id: b"".join(sealed_files.read(store, file)) for id, file in found.items()} == files

    @invariant()
    def dead_codes_open_nothing(self) -> None:
        for code in self.dead:
            assert back_with(self.cast, code) is None

    @invariant()
    def taken_back_is_gone(self) -> None:
        for one in self.gone:
            row = self.row(one)
            assert (row.sealed, row.desk_wrap, row.case_wrap) == (b"", None, None)
            for model in (Receipt, RequestMessage, RequestFile, RequestToken, RequestNotice):
                assert db.session.query(model).filter_by(request_id=one).count() == 0
            assert db.session.query(Draft).filter_by(object_id=one).count() == 0
            db.session.rollback()
            left = set(sealed_files.store().older_than(clock.now() + dt.timedelta(days=1)))
            assert left.isdisjoint(self.files.get(one, ()))


def test_any_order_loses_nothing_and_tells_nobody_else(world: World) -> None:
    with world.app.app_context():
        _stage["cast"] = world.cast
        run_state_machine_as_test(
            Talking,
            settings=settings(
                max_examples=12,
                stateful_step_count=12,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        db.session.rollback()
