"""From draft to public and back: who may, in which order, and what two people at once see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from awareness.models import Topic
from awareness.service import editing, office, public, reading
from core import clock
from core.access.permissions import Role
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from tests.awareness.stage import add, address_of, begun, publish, texts, version_of
from tests.support.cast import Cast, found, on_stage

SOON = dt.timedelta(days=100)


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as made:
        yield made


def test_the_first_topics_come_once_and_never_overwrite(cast: Cast) -> None:
    topics = begun(cast)
    assert len(topics) == 6
    assert public.shelf("en").groups == []  # drafts: nobody outside reads them
    first = topics["unpaid_wages"]
    with transaction():
        editing.save(cast["caseworker"], first, 1, "F02", texts("changed"), clock.today() + SOON, None)
    assert begun(cast) == topics
    with transaction():
        assert reading.opened(cast["lawyer"], first).newest.texts == texts("changed")


def test_only_what_a_lawyer_confirmed_is_published_and_stays(cast: Cast) -> None:
    topic_id = add(cast, "first")
    with transaction(), pytest.raises(DomainError):
        editing.publish(cast["coordinator"], topic_id, 1)
    publish(cast, topic_id)
    address = address_of(topic_id)
    assert public.page(address, "tr").title == "Title first tr"
    with transaction():
        editing.save(
            cast["caseworker"],
            topic_id,
            version_of(topic_id),
            "B01",
            texts("second"),
            clock.today() + SOON,
            None,
        )
    assert public.page(address, "tr").title == "Title first tr"  # until the new text was reviewed, too
    db.session.rollback()
    with transaction(), pytest.raises(DomainError):
        editing.publish(cast["coordinator"], topic_id, version_of(topic_id))
    publish(cast, topic_id)
    assert public.page(address, "tr").title == "Title second tr"
    db.session.rollback()
    with transaction():
        editing.withdraw(cast["admin"], topic_id, version_of(topic_id))
    with pytest.raises(NotFound):
        public.page(address, "tr")
    db.session.rollback()
    with transaction(), pytest.raises(DomainError):
        editing.withdraw(cast["admin"], topic_id, version_of(topic_id))


def test_nobody_reviews_their_own_text(cast: Cast) -> None:
    both = cast.join("both", Role.CASEWORKER, Role.LAWYER)
    with transaction():
        topic_id = editing.add(both, uuid4(), "B01", texts(), clock.today() + SOON, None)
        editing.send(both, topic_id, 1)
    with transaction(), pytest.raises(DomainError):
        editing.review(both, topic_id, 2, good=True)
    with transaction(), pytest.raises(Refused):
        editing.review(cast["coordinator"], topic_id, 2, good=True)
    with transaction(), pytest.raises(DomainError):
        editing.review(cast["lawyer"], topic_id, 2, good=False)
    with transaction():
        editing.review(cast["lawyer"], topic_id, 2, good=False, remark="the days")
        assert reading.opened(both, topic_id).newest.remark == "the days"
    with transaction(), pytest.raises(DomainError):
        editing.review(cast["lawyer"], topic_id, 3, good=True)  # it waits no more
    with transaction():
        editing.send(both, topic_id, 3)
    with transaction(), pytest.raises(DomainError):
        editing.send(both, topic_id, 4)


def test_gaps_and_dead_links_do_not_pass(cast: Cast) -> None:
    gap = texts()
    gap["tr"]["deadlines"] = " "
    with transaction():
        topic_id = editing.add(cast["caseworker"], uuid4(), "B01", gap, clock.today() + SOON, None)
    with transaction(), pytest.raises(DomainError):
        editing.send(cast["caseworker"], topic_id, 1)
    dead = texts()
    dead["ar"]["now"] = "[x](javascript:y)"
    with transaction(), pytest.raises(DomainError) as refused:
        editing.save(cast["caseworker"], topic_id, 1, "B01", dead, clock.today() + SOON, None)
    assert refused.value.field == "now_ar"
    with transaction(), pytest.raises(DomainError):
        editing.add(cast["caseworker"], uuid4(), "B01", {"ar": {"title": ""}}, clock.today(), None)


def test_a_double_click_adds_one_and_a_stale_page_changes_nothing(cast: Cast) -> None:
    token = uuid4()
    for _ in range(2):
        with transaction():
            assert editing.add(cast["caseworker"], token, "B01", texts(), clock.today(), None) == token
    assert db.session.scalar(select(func.count()).select_from(Topic)) == 1
    db.session.rollback()
    with transaction():
        editing.save(cast["caseworker"], token, 1, "B01", texts("mine"), clock.today(), None)
    acts: list[Callable[[], None]] = [
        lambda: editing.save(cast["coordinator"], token, 1, "B01", texts("theirs"), clock.today(), None),
        lambda: editing.restore(cast["coordinator"], token, 1, 1),
        lambda: editing.send(cast["coordinator"], token, 1),
        lambda: editing.publish(cast["coordinator"], token, 1),
        lambda: editing.withdraw(cast["coordinator"], token, 1),
        lambda: editing.review(cast["lawyer"], token, 1, good=True),
    ]
    for act in acts:
        with transaction(), pytest.raises(Conflict):
            act()
    with transaction():
        assert reading.opened(cast["lawyer"], token).newest.texts == texts("mine")


def test_an_earlier_text_comes_back_as_a_draft(cast: Cast) -> None:
    topic_id = add(cast, "first")
    with transaction():
        editing.save(cast["caseworker"], topic_id, 1, "B01", texts("second"), clock.today() + SOON, None)
    with transaction():
        editing.restore(cast["coordinator"], topic_id, 2, 1)
    with transaction():
        opened = reading.opened(cast["lawyer"], topic_id)
        assert [one.number for one in opened.versions] == [3, 2, 1]
        assert (opened.newest.texts, opened.newest.state) == (texts("first"), "draft")
        assert opened.at(2).texts == texts("second")
        assert opened.live is None
        with pytest.raises(NotFound):
            opened.at(9)
    with transaction(), pytest.raises(NotFound):
        editing.restore(cast["coordinator"], topic_id, 3, 9)


def test_topics_of_others_are_not_there(cast: Cast) -> None:
    topic_id = add(cast)
    other = found(cast.app, "YAD")
    with transaction():
        assert reading.lines(other["lawyer"], "en") == []
        with pytest.raises(NotFound):
            reading.opened(other["lawyer"], topic_id)
    with transaction(), pytest.raises(NotFound):
        editing.send(other["caseworker"], topic_id, 1)
    with transaction(), pytest.raises(NotFound):
        editing.add(other["caseworker"], topic_id, "B01", texts(), clock.today(), None)
    with transaction(), pytest.raises(Refused):
        editing.begin(other["manager"])
    with transaction(), pytest.raises(Refused):
        editing.add(other["lawyer"], uuid4(), "B01", texts(), clock.today(), None)


def test_the_list_says_what_waits_and_what_grew_old(cast: Cast) -> None:
    topic_id = add(cast, "old", valid_to=clock.today() + SOON)
    publish(cast, topic_id)
    with transaction():
        editing.save(
            cast["caseworker"],
            topic_id,
            version_of(topic_id),
            "B01",
            texts("newer"),
            clock.today() + SOON,
            None,
        )
        editing.send(cast["caseworker"], topic_id, version_of(topic_id))
    with transaction():
        [line] = reading.lines(cast["lawyer"], "en")
        assert (line.title, line.live, line.changed, line.waits_for_me) == (
            "Title newer en",
            True,
            True,
            True,
        )
        assert not line.overdue
        assert not line.expired
        assert not reading.lines(cast["caseworker"], "en")[0].waits_for_me
    with clock.at(clock.now() + dt.timedelta(days=200)), transaction():
        [line] = reading.lines(cast["lawyer"], "en")
        assert line.overdue
        assert line.expired


def test_how_the_public_reaches_us(cast: Cast) -> None:
    topic_id = add(cast)
    publish(cast, topic_id)
    reach = {"ar": "شارع", "tr": "[0342](tel:0342)", "en": ""}
    with transaction(), pytest.raises(Refused):
        office.write(cast["coordinator"], 0, reach)
    with transaction(), pytest.raises(DomainError) as refused:
        office.write(cast["admin"], 0, {"ar": "", "tr": "[x](http://x.org)", "en": ""})
    assert refused.value.field == "reach_tr"
    with transaction():
        office.write(cast["admin"], 0, reach)
    with transaction(), pytest.raises(Conflict):
        office.write(cast["admin"], 0, {**reach, "ar": "other"})
    [house] = public.shelf("tr").houses
    assert house.reach[0].lines[0][0].target == "tel:0342"


def test_search_folds_letters_and_forgets_what_is_out_of_date(cast: Cast) -> None:
    for topic_id in begun(cast).values():
        publish(cast, topic_id)
    expiring = add(cast, "zeytinlik", valid_to=clock.today() + SOON)
    publish(cast, expiring)

    def titles(query: str) -> list[str]:
        return [entry.title for entry in public.search(query, "en")]

    deportation = "I was given a deportation order"
    for query in ("الترحيل", "تَرحِيل قرار", "SINIR DIŞI KARARI", "sinir disi karari", "deportation ORDER"):
        assert deportation in titles(query)[:2], query
    assert titles("zeytinlik") == ["Title zeytinlik en"]
    assert titles("zeytinlik deportation") == titles("xyzzy") == titles("  ، ") == []
    with clock.at(clock.now() + dt.timedelta(days=200)):
        assert titles("zeytinlik") == []
        page = public.page(address_of(expiring), "en")
        assert page.expired
        assert page.overdue
        assert public.shelf("en").groups[0].topics[-1].expired
