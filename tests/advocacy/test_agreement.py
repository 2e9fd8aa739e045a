"""How far a person agreed, to which words, for how long: nobody goes further."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from advocacy.service import outputs, stories, telling
from cases.models import CaseMember, Consent
from cases.service import files
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.advocacy.test_dossiers import filled, leaves, review
from tests.advocacy.test_stories import (
    PLAIN,
    answer,
    approved,
    ask,
    given,
    read_out,
    shown,
    told,
    write,
)
from tests.support.cast import Cast, record_of
from tests.support.clock import FrozenClock


def test_an_answer_that_was_moved_in_time_is_the_same_answer(ours: Cast) -> None:
    case_id = ours.record(consents=[given("story")])
    answer(ours, case_id, answer="refused")
    with transaction():
        first = select(Consent.id).where(Consent.case_id == case_id).order_by(Consent.recorded_at).limit(1)
        later = dt.datetime(2035, 1, 1, tzinfo=dt.UTC)
        given_id = db.session.scalars(first).one()
        db.session.execute(update(Consent).where(Consent.id == given_id).values(recorded_at=later))
    with transaction():
        [said] = files.open_case(ours["caseworker"], case_id).consents
    assert said.answer == "refused"


def test_an_approved_version_asks_again_after_ninety_days(ours: Cast, clock: FrozenClock) -> None:
    dossier_id, _case_id, _story_id = told(ours)
    approved(ours, dossier_id)
    assert leaves(ours, dossier_id)
    clock.advance(days=91)
    with pytest.raises(DomainError, match="90"), transaction():
        outputs.order(ours["manager"], dossier_id, "full", "tr", "docx")
    [own] = stories.mine(ours["caseworker"])
    assert own.lacks_agreement  # its author finds it on the page of stories


def test_whoever_turns_out_to_be_a_child_is_not_recognised(ours: Cast) -> None:
    dossier_id = filled(ours)
    ask(ours, dossier_id, "caseworker")
    case_id = ours.record()
    answer(ours, case_id, level="4")
    story_id = write(ours, dossier_id, case_id, replace(PLAIN, level="4"))
    with transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 1)
    assert shown(ours, dossier_id).stands
    record = record_of()
    record["client"]["birth"] = "2012-05-01"
    with transaction():
        version = files.open_case(ours["caseworker"], case_id).version
    with transaction():
        files.edit_case(ours["caseworker"], case_id, version, record, urgency="U1")
    assert (shown(ours, dossier_id).state, shown(ours, dossier_id).because) == ("pulled", "uncovered")


def test_a_story_goes_no_further_than_the_person_agreed(ours: Cast) -> None:
    dossier_id = filled(ours)
    ask(ours, dossier_id, "caseworker")
    case_id = ours.record(consents=[given("advocacy")])
    caseworker = ours["caseworker"]
    assert stories.levels(caseworker, case_id) == ["2"]
    answer(ours, case_id, level="3")
    assert stories.levels(caseworker, case_id) == ["2", "3"]
    with pytest.raises(DomainError):
        write(ours, dossier_id, case_id, replace(PLAIN, level="4"))
    answer(ours, case_id, level="4")
    assert stories.levels(caseworker, case_id) == ["2", "3", "4"]
    story_id = write(ours, dossier_id, case_id, replace(PLAIN, level="4"))
    with transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 1)
    assert shown(ours, dossier_id).stands
    answer(ours, case_id, level="3")  # insiders may recognise it: not any more
    assert (shown(ours, dossier_id).state, shown(ours, dossier_id).because) == ("pulled", "uncovered")


def test_consent_to_a_story_names_its_level(ours: Cast) -> None:
    case_id = ours.record()
    for level in ("", "2", "5"):
        with pytest.raises(DomainError) as refused:
            answer(ours, case_id, level=level)
        assert refused.value.field == "level"
    answer(ours, case_id, level="", answer="refused")
    [said] = files.open_case(ours["caseworker"], case_id).consents
    assert (said.answer, said.level) == ("refused", "3")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "4", "how": "guardian", "detail": "İyi"}, "level"),
        ({"how": "oral", "detail": "İyi"}, "how"),
        ({"how": "guardian", "detail": " "}, "detail"),
    ],
)
def test_the_story_of_a_child(ours: Cast, changes: dict[str, str], field: str) -> None:
    record = record_of()
    record["client"]["birth"] = "2012"
    case_id = ours.record(record=record, consents=[given("advocacy")])
    assert stories.levels(ours["caseworker"], case_id) == []  # the child alone does not agree
    with pytest.raises(DomainError) as refused:
        answer(ours, case_id, **changes)
    assert refused.value.field == field
    answer(ours, case_id, how="guardian", detail="Çocuk da istedi, tanınmaz.")
    assert stories.levels(ours["caseworker"], case_id) == ["2", "3"]


def test_the_lawyer_of_the_case_does_not_ask(ours: Cast) -> None:
    case_id = ours.record()
    ours.assign(case_id)
    with pytest.raises(NotFound):
        answer(ours, case_id, by="lawyer")
    with transaction():
        of_case = update(CaseMember).where(CaseMember.case_id == case_id)
        db.session.execute(of_case.values(capacity="lawyer"))
    with pytest.raises(DomainError):
        answer(ours, case_id)  # somebody of two roles, who works on this case as its lawyer


def test_nobody_signs_words_that_the_person_has_not_heard(ours: Cast, clock: FrozenClock) -> None:
    dossier_id = filled(ours)
    ask(ours, dossier_id, "caseworker")
    case_id = ours.record(consents=[given("story")])
    with transaction():
        story_id = stories.write(ours["caseworker"], uuid4(), dossier_id, case_id, PLAIN)
    assert shown(ours, dossier_id).lacks_agreement
    with pytest.raises(DomainError), transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 1)
    with pytest.raises(DomainError), transaction():
        stories.rewrite(ours["caseworker"], story_id, 1, replace(PLAIN, agreed="9999-12-31"))
    with transaction():
        stories.rewrite(ours["caseworker"], story_id, 1, read_out(PLAIN))
    with transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 2)
    assert shown(ours, dossier_id).stands
    clock.advance(days=91)
    with pytest.raises(DomainError, match="90"):
        review(ours, dossier_id)  # asked again at each publication
    with transaction():
        stories.rewrite(ours["caseworker"], story_id, 2, read_out(PLAIN))
    with transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 3)
    review(ours, dossier_id)
