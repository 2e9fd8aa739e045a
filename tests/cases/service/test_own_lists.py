"""News, filters, lists of one's own and acts on several cases, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from accounts.service import people
from cases.list_models import OwnList
from cases.models import Case
from cases.service import filtering, news, own_lists, several, timeline
from cases.service.filtering import Filters
from cases.service.several import Chosen
from core import clock
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import CASEWORKER, Cast, on_stage


@pytest.fixture
def ours(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as cast:
        yield cast


def listed(cast: Cast, by: str, filters: Filters) -> set[UUID]:
    with transaction():
        return {row.id for row in filtering.listed(cast[by], filters).rows}


def test_news_of_several_cases_newest_first(ours: Cast) -> None:
    first, second = ours.record(), ours.record()
    for case_id, many in ((first, 1), (second, 5)):
        for _ in range(many):
            with transaction():
                timeline.add_note(ours["coordinator"], case_id, "note", "x", uuid4())
    with transaction():
        found = news.unseen(ours["caseworker"], 20)
        assert [(one.case_id, len(one.lines), one.many) for one in found] == [(second, 3, 5), (first, 1, 1)]
        assert [one.case_id for one in news.unseen(ours["caseworker"], 1)] == [second]
        assert news.unseen(ours["coordinator"], 20) == []


def test_every_filter_asks_both_databases_the_same(ours: Cast) -> None:
    taken, quiet = ours.record(), ours.record()
    ours.assign(taken)
    with transaction():
        long_ago = clock.now() - dt.timedelta(days=10)
        db.session.execute(update(Case).where(Case.id == quiet).values(changed_at=long_ago))
    for by in ("caseworker", "coordinator"):
        assert listed(ours, by, Filters(lawyer="with")) == {taken}
        assert listed(ours, by, Filters(lawyer="without")) == {quiet}
        assert listed(ours, by, Filters(quiet="7", issue="A", province="34")) == {quiet}
        assert listed(ours, by, Filters(quiet="14")) == set()
    assert listed(ours, "lawyer", Filters(province="34")) == {taken}


def test_an_act_goes_on_after_a_crash_and_does_nothing_twice(ours: Cast) -> None:
    mine, cases = ours["caseworker"], [ours.record() for _ in range(2)]
    with transaction():
        said = {"next_step": "call the bar"}
        batch = several.begin(mine, "next_step", said, [Chosen(one, 1) for one in cases], uuid4())
    with pytest.raises(RuntimeError), transaction():
        several.step(mine, batch)
        raise RuntimeError
    with transaction():
        assert several.look(mine, batch).left == 2
    for left in (1, 0, 0):
        with transaction():
            several.step(mine, batch)
        with transaction():
            assert several.look(mine, batch).left == left
    versions = db.session.scalars(select(Case.version).where(Case.id.in_(cases))).all()
    assert versions == [2, 2]
    db.session.rollback()
    with pytest.raises(NotFound), transaction():
        several.step(ours["coordinator"], batch)


def test_what_was_sealed_for_one_row_opens_in_no_other_and_goes_with_its_owner(ours: Cast) -> None:
    ours.join("leaver", CASEWORKER)
    leaver, kept = ours["leaver"], []
    for name in ("first", "second"):
        with transaction():
            kept.append(own_lists.save(leaver, name, Filters(province="31"), uuid4()))
    with transaction():
        sealed = select(OwnList.sealed).where(OwnList.id == kept[0]).scalar_subquery()
        db.session.execute(update(OwnList).where(OwnList.id == kept[1]).values(sealed=sealed))
    with transaction():
        assert [one.name for one in own_lists.mine(leaver).lists] == ["first"]
    with transaction():
        people.depart(ours["admin"], leaver.person_id)
    assert db.session.scalar(select(func.count()).select_from(OwnList)) == 0
    db.session.rollback()
