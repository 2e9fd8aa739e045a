"""The second pair of eyes of a draft is never its own: whoever wrote of it, or filed it, is not asked."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.models import Case
from cases.note_models import LegalDraft
from cases.service import draft_reviews, drafting, files, legal_drafts, progress
from cases.service.drafting import Filing, Text
from core import clock
from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.service.test_drafting import ask, offered, take, version
from tests.support.cast import LAWYER, Cast, on_stage


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def led_by_two(cast: Cast) -> tuple[UUID, UUID]:
    """A case of the highest urgency with two lawyers, and a draft that one of them wrote."""
    case_id = cast.record(urgency="U0")
    cast.assign(case_id)
    with transaction():
        now = db.session.get_one(Case, case_id).version
        progress.move(cast["coordinator"], case_id, now, "open", reason="x")
    cast.assign(case_id, "other_lawyer")
    with transaction():
        return case_id, drafting.begin(cast["lawyer"], case_id, "عريضة", Text("نص"), uuid4())


def file(cast: Cast, name: str, case_id: UUID, draft_id: UUID, reason: str = "x") -> None:
    now = version(draft_id)
    with transaction():
        draft_reviews.file(
            cast[name], case_id, draft_id, now, Filing(clock.today(), "x", reason=reason), uuid4()
        )


def judge(cast: Cast, name: str, case_id: UUID, draft_id: UUID, verdict: str) -> None:
    with transaction():
        draft = legal_drafts.whole(cast[name], case_id, draft_id).draft
    with transaction():
        digest = draft.content["digest"]
        draft_reviews.judge(
            cast[name], case_id, draft_id, draft.version, verdict, digest, uuid4(), text="غيّر التاريخ"
        )


def desk(cast: Cast, name: str) -> list[UUID]:
    with transaction():
        return [one.id for one in draft_reviews.on_desk(cast[name], 20)]


def test_whoever_filed_it_takes_no_second_look_at_it(cast: Cast) -> None:
    case_id, draft_id = led_by_two(cast)
    cast.join("third", LAWYER)
    file(cast, "other_lawyer", case_id, draft_id)
    assert desk(cast, "other_lawyer") == [draft_id]  # nobody is named: until they have asked somebody
    for verdict in ("approved", "commented"):
        with pytest.raises(DomainError):
            judge(cast, "other_lawyer", case_id, draft_id, verdict)
    with transaction():
        able = draft_reviews.candidates(cast["lawyer"], case_id, draft_id)
    assert [one.person_id for one in able] == [cast["third"].person_id]
    with pytest.raises(DomainError):
        ask(cast, case_id, draft_id, "other_lawyer")
    ask(cast, case_id, draft_id, "third", by="other_lawyer")
    take(cast, "third")
    judge(cast, "third", case_id, draft_id, "commented")
    assert desk(cast, "other_lawyer") == [draft_id]


def test_an_answer_to_what_nobody_asked_goes_to_whoever_filed_it(cast: Cast) -> None:
    case_id, draft_id = led_by_two(cast)
    cast.join("third", LAWYER)
    file(cast, "other_lawyer", case_id, draft_id)
    ask(cast, case_id, draft_id, "third", by="other_lawyer")
    take(cast, "third")
    with transaction():
        at = legal_drafts.bench(cast["lawyer"], case_id)
        row, content = legal_drafts.opened(at, draft_id)
        key = legal_drafts.writing_key(cast["lawyer"], at, draft_id)
        legal_drafts.save(
            cast["lawyer"], at, key, row, content | {"ask": None}, desk=row.desk_id, due=row.due_at
        )
    judge(cast, "third", case_id, draft_id, "commented")
    assert desk(cast, "other_lawyer") == [draft_id]


def test_a_version_by_whoever_was_asked_hands_the_draft_back(cast: Cast) -> None:
    case_id, draft_id = led_by_two(cast)
    ask(cast, case_id, draft_id)
    now = version(draft_id)
    with transaction():
        drafting.write(cast["other_lawyer"], case_id, draft_id, now, "عريضة", Text("أصح"), uuid4())
    with transaction():
        draft = legal_drafts.whole(cast["lawyer"], case_id, draft_id).draft
        assert (draft.state, draft.due_at) == ("changed", None)
    assert desk(cast, "lawyer") == [draft_id]
    assert desk(cast, "other_lawyer") == []
    cast.join("third", LAWYER)
    ask(cast, case_id, draft_id, "third")
    take(cast, "third")
    judge(cast, "third", case_id, draft_id, "commented")
    now = version(draft_id)
    with transaction():  # what came back to one of them stays there, whoever writes the next version
        drafting.write(cast["other_lawyer"], case_id, draft_id, now, "عريضة", Text("أتم"), uuid4())
    assert desk(cast, "lawyer") == [draft_id]


def test_nobody_yet_is_nobody(cast: Cast) -> None:
    case_id, draft_id = led_by_two(cast)
    ask(cast, case_id, draft_id)
    file(cast, "other_lawyer", case_id, draft_id)  # who was asked: they cannot be named for it
    assert desk(cast, "other_lawyer") == [draft_id]
    with transaction():
        again = drafting.begin(cast["lawyer"], case_id, "x", Text("y"), uuid4())
    cast.join("third", LAWYER)
    ask(cast, case_id, again, "third")
    file(cast, "lawyer", case_id, again)
    assert offered(case_id) == []
    with transaction():
        assert db.session.get_one(LegalDraft, again).desk_id == cast["lawyer"].person_id


def test_lowering_the_urgency_spares_neither_the_reason_nor_the_second_look(cast: Cast) -> None:
    case_id, draft_id = led_by_two(cast)
    with transaction():
        shown = files.open_case(cast["lawyer"], case_id)
        files.edit_case(cast["lawyer"], case_id, shown.version, shown.record, urgency="U1")
    with pytest.raises(DomainError):
        file(cast, "lawyer", case_id, draft_id, reason="")
    file(cast, "lawyer", case_id, draft_id)
    with transaction():
        draft = legal_drafts.whole(cast["lawyer"], case_id, draft_id).draft
        assert drafting.second_open(draft.content)
        assert draft.due_at is not None
