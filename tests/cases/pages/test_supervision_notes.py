"""Supervision notes: asked and answered by those of the case, sealed, and no part of its story."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from cases.models import Case, CaseItem
from cases.service import items, keys, supervising
from core.access.actors import Actor
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_supervision import aged, part
from tests.cases.pages.test_todo import send
from tests.support.world import World
from vault import Key, Unreadable

QUESTION = "why was the objection filed on the last day"


def asked_in(world: World, case: str) -> str:
    """The page of a note in a case of the caseworker."""
    with world.app.app_context(), transaction():
        whom, lead = world.cast["caseworker"].person_id, world.cast["coordinator"]
        note = supervising.ask(lead, UUID(case.rpartition("/")[2]), whom, QUESTION, None, uuid4())
    return f"{case}/asked/{note}"


def asked_of(by: Actor, case_id: UUID) -> UUID:
    """A note in whatever case somebody works on, asked of themselves."""
    me = str(by.person_id)
    with transaction():
        said = items.Said({"lines": [], "asked": me, "asked_by": me})
        return items.add(by, case_id, supervising.KIND, said, uuid4(), quiet=True)


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_a_question_goes_to_who_works_on_the_case_and_comes_back_answered(
    world: World, language: str
) -> None:
    case = f"/cases/{world.record()}"
    lead, worker = world.browser("coordinator", language), world.browser("caseworker", language)
    lead.get(f"{case}/ask")
    assert lead.post(f"{case}/ask", token=str(uuid4())).status_code == 422  # whom, and what
    assert len(lead.errors) == 2
    send(
        lead, f"{case}/ask", whom=str(world.cast["caseworker"].person_id), text=QUESTION, due_on=["", "", ""]
    )
    [note] = set(re.findall(rf'href="({case}/asked/[0-9a-f-]+)"', part(worker, "/desk", "todo")))
    assert note in part(worker, case, "supervision")
    worker.get(note)
    assert QUESTION in worker.text
    assert 'value="settle"' not in worker.page  # that is for whoever asked to say
    assert worker.post(note, how="answer", text=" ", version=worker.version).status_code == 422
    send(worker, note, how="answer", text="the paper came late")
    assert note not in part(worker, "/desk", "todo")
    assert note in part(lead, "/desk", "todo")
    send(lead, note, how="settle", text="")
    assert note not in part(lead, "/desk", "todo")
    worker.get(note)
    assert "the paper came late" in worker.text
    assert QUESTION not in part(worker, case, "timeline")


def test_only_those_of_the_case_and_who_supervises_it_find_it(world: World) -> None:
    case_id = world.record(restricted=True, named=[world.cast["colleague"].person_id])
    case = f"/cases/{case_id}"
    assert world.browser("coordinator").get(f"{case}/ask").status_code == 404
    with world.app.app_context(), transaction(), pytest.raises(NotFound):
        supervising.ask(
            world.cast["coordinator"], case_id, world.cast["caseworker"].person_id, "x", None, uuid4()
        )
    open_case = f"/cases/{world.record()}"
    note = asked_in(world, open_case)
    for name in ("lawyer", "manager", "admin", "colleague"):
        assert world.browser(name).get(note).status_code == 404
    worker = world.browser("caseworker")
    assert worker.get(f"{open_case}/ask").status_code == 404
    worker.get(note)
    assert worker.post(note, how="settle", text="x", version=worker.version).status_code in {404, 422}
    aged(world, UUID(open_case.rpartition("/")[2]), state="closed")
    lead = world.browser("coordinator")
    lead.get(f"{open_case}/ask")
    whom = str(world.cast["caseworker"].person_id)
    assert lead.post(f"{open_case}/ask", whom=whom, text="x", token=str(uuid4())).status_code == 422


def test_with_the_database_and_another_key_nothing_of_a_note_is_read(world: World) -> None:
    case = f"/cases/{world.record()}"
    note = asked_in(world, case)
    with world.app.app_context():
        row = db.session.get_one(CaseItem, UUID(note.rpartition("/")[2]))
        assert QUESTION.encode() not in row.sealed
        assert b"supervision" not in row.sealed
        of = db.session.get_one(Case, row.case_id)
        with pytest.raises(Unreadable):
            items.opened(of, Key.new(of.epoch), row)


def test_a_coordinator_who_is_asked_only_answers(world: World) -> None:
    case_id, lead = world.record(by="coordinator"), world.cast["coordinator"]
    with world.app.app_context():
        note = asked_of(lead, case_id)
        with transaction():
            case = db.session.get_one(Case, case_id)
            one = items.find_one(case, keys.case_key(lead, case), note)
            asked = replace(one, data={**one.data, "asked_by": str(uuid4())})
            assert supervising.choices(lead, case_id, one) == ("ask", "settle", "answer")
            assert supervising.choices(lead, case_id, asked) == ("answer",)


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_a_case_does_not_close_over_an_open_note_without_a_word(
    world: World, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a closed file a note stood on no desk, and an answer came to nobody."""
    monkeypatch.setattr("domain.reviews.ONE_IN", 10**9)  # one coordinator is enough
    case_id = world.record(urgency="U3")
    case = f"/cases/{case_id}"
    note, lead = asked_in(world, case), world.browser("coordinator", language)
    ended = {"level": "S3", "code": "H", "outcome": "achieved", "why": "completed"}
    lead.get(f"{case}/close")
    assert f'href="{note}"' in lead.page
    assert lead.post(f"{case}/close", version=lead.version, **ended).status_code == 422
    assert note in part(world.browser("caseworker", language), "/desk", "todo")
    said = {**ended, "despite": "Soru yersiz kaldı"}
    assert lead.post(f"{case}/close", version=lead.version, **said).status_code == 303
    lead.get(note)
    assert {"ar": "أُغلق الملف وهذه الملاحظة مفتوحة", "tr": "Dosya, bu not açıkken kapatıldı"}[
        language
    ] in lead.text
    assert "Soru yersiz kaldı" in lead.text
    assert 'name="how"' not in lead.page
