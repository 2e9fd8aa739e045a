"""A file that is given out, on both databases: one line for one choice, and what stops it."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask

from cases.models import Case
from cases.service import conflicts, exporting, gate, taken, timeline
from cases.service.exporting import COURT, PERSON, Choice
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from domain.conflicts import Standing
from tests.cases.papers import paper_in
from tests.support.cast import Cast, on_stage


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """An organisation, on both databases."""
    with on_stage(app) as found:
        yield found


def test_one_choice_of_one_form_is_one_line_also_of_a_closed_case(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, form, lead = cast.record(), uuid4(), cast["coordinator"]
    paper_id = paper_in(cast["caseworker"], case_id)
    with transaction():
        db.session.get_one(Case, case_id).state = "closed"
    with transaction():
        whole = exporting.look(lead, case_id, PERSON)
    assert exporting.preset(whole, PERSON)["papers"] == []  # nobody said what it is, nor who wrote it
    choice = Choice(PERSON, "Selma", "ar", ("identity",), (), (), (str(paper_id),), frozenset())
    exporting.require_fits(whole, choice)
    for digest, said in (("a", choice), ("b", choice), ("c", replace(choice, to="Ahmed"))):
        with transaction():
            exporting.has_left(lead, whole, said, digest, form)
    with transaction():
        case, key = exporting._case(lead, case_id, PERSON)
        assert [one["digests"] for one in timeline.data_of(case, key, exporting.LINE)] == [["a", "b"], ["c"]]
        takings = taken.of(lead, paper_id)
        assert [one.act for one in takings] == [taken.GIVEN_OUT] * 3
    with pytest.raises(DomainError):
        exporting.require_fits(whole, replace(choice, parts=(), papers=()))
    monkeypatch.setattr(conflicts, "standing_of", lambda *_: Standing.POSSIBLE)
    with transaction():
        exporting.look(lead, case_id, PERSON)  # whose data they are may have them all the same
    with pytest.raises(gate.Held), transaction():
        exporting.look(lead, case_id, COURT)
    for who, purpose in ((cast["caseworker"], PERSON), (lead, "")):
        with pytest.raises(NotFound), transaction():
            exporting.look(who, case_id, purpose)
    with transaction():
        db.session.get_one(Case, case_id).state = "erased"
    with pytest.raises(NotFound), transaction():
        exporting.look(lead, case_id, PERSON)
