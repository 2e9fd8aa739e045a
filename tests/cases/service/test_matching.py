"""The same person twice is noticed in any script, by whoever records; nobody reads a name from a token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from accounts.models import KeyGrant, KeyRing, OrganisationKey
from accounts.service import keys as organisation_keys
from cases.models import Case, Entry, MatchToken, Order
from cases.service import due, files, match_tokens, matching, members, orders, sameness
from cases.service.matching import Candidate
from cases.service.sameness import APART, LINKED, Linked
from core.errors import Conflict, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from desk import service as desk
from domain.names.reasons import Verdict
from tests.support.cast import Cast, found, on_stage, record_of


@pytest.fixture
def ours(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as cast:
        yield cast


PHONE = {"whose": "own", "channels": [], "hours": "", "message_ok": "", "cover_name": "", "others": ""}


def client(ar: str = "", latin: str = "", father: str = "", born: str = "", **more: str) -> dict[str, Any]:
    return {
        **record_of()["client"],
        "name_ar": ar,
        "name_latin": latin,
        "father": father,
        "mother": "",
        "birth": born,
        "numbers": [{"kind": "foreigner", "value": more["number"]}] if "number" in more else [],
        "phones": [{**PHONE, "number": more["phone"]}] if "phone" in more else [],
    }


SELMA = client("سلمى الخطيب", father="خالد", born="1991", number="99123456780", phone="0532 123 45 67")


def recorded(cast: Cast, who: dict[str, Any], by: str = "caseworker", **more: Any) -> UUID:
    return cast.record(by, record={**record_of(), "client": who}, **more)


def alike(cast: Cast, who: dict[str, Any], by: str = "caseworker") -> list[Candidate]:
    with transaction():
        return matching.candidates(cast[by], who, match_tokens.made(cast[by], who))


def look(cast: Cast, case_id: UUID) -> tuple[list[Linked], list[Candidate]]:
    """What the page of a case shows: the linked files, and those that may be of the same person."""
    me = cast["caseworker"]
    with transaction():
        client = files.open_case(me, case_id).record["client"]
        found = sameness.look(me, case_id, match_tokens.made(me, client))
        return found.linked, found.found


@pytest.mark.parametrize(
    ("who", "verdict"),
    [
        (client(latin="SELMA ELHATİP", father="HALİT", born="1991-01-01"), Verdict.SAME),
        (client(latin="Salma Khatib", father="Khaled"), Verdict.POSSIBLE),
        (client(latin="SELMA HATİP", born="1991"), Verdict.POSSIBLE),
        (client("منى درويش", number="99123456780"), Verdict.POSSIBLE),  # somebody else's number, or a mistake
        (client("سلمى", phone="+90 532 123 45 67"), Verdict.POSSIBLE),
    ],
)
def test_a_person_recorded_twice_is_found_in_any_script(
    ours: Cast, who: dict[str, Any], verdict: Verdict
) -> None:
    case_id = recorded(ours, SELMA)
    recorded(ours, client("نزار شعبان", father="وليد", born="1960"))
    [one] = alike(ours, who)
    assert (one.case_id, one.verdict) == (case_id, verdict)
    assert one.evidence


def test_others_are_not(ours: Cast) -> None:
    recorded(ours, SELMA)
    for who in (
        client("سليم الخطيب", father="خالد", born="1991"),
        client(latin="Mona Derviş", father="HALİT", born="1970"),
        client(),
    ):
        assert alike(ours, who) == []


def test_of_a_file_that_one_may_not_open_only_the_reference_is_said(ours: Cast) -> None:
    case_id = recorded(ours, SELMA, by="colleague", restricted=True, named=[ours["coordinator"].person_id])
    reference = db.session.scalars(select(Case.reference).where(Case.id == case_id)).one()
    [one] = alike(ours, SELMA)
    assert (one.client, one.evidence, one.state) == (None, (), "")
    assert one.reference == reference
    assert "Kişi colleague" in one.ask
    with pytest.raises(NotFound):
        sameness.compare(ours["caseworker"], recorded(ours, SELMA), case_id)


def test_another_organisation_finds_nothing(ours: Cast) -> None:
    recorded(ours, SELMA)
    theirs = found(ours.app, "YAD")
    assert alike(theirs, SELMA) == []


def test_what_is_changed_is_found_as_it_is_now(ours: Cast) -> None:
    case_id = recorded(ours, SELMA)
    other = client("هبة قدور", father="وائل", born="1980")
    with transaction():
        files.edit_case(ours["caseworker"], case_id, 1, {**record_of(), "client": other}, urgency="U1")
    assert alike(ours, SELMA) == []
    assert [one.case_id for one in alike(ours, other)] == [case_id]


def test_a_lawyer_who_changes_a_client_leaves_the_tokens_to_the_next_who_may(ours: Cast) -> None:
    case_id = recorded(ours, SELMA)
    ours.assign(case_id)
    other = client("هبة قدور", father="وائل", born="1980")
    version = db.session.scalars(select(Case.version).where(Case.id == case_id)).one()
    db.session.rollback()
    with transaction():
        files.edit_case(ours["lawyer"], case_id, version, {**record_of(), "client": other}, urgency="U1")
    assert alike(ours, other) == []
    assert "match_due" not in orders.due_kinds(ours["lawyer"])
    assert "match_due" in orders.due_kinds(ours["caseworker"])
    with transaction():
        orders.carry_out(ours["caseworker"])
    assert [one.case_id for one in alike(ours, other)] == [case_id]
    assert db.session.scalar(select(Order.done_at).where(Order.kind == "match_due")) is not None


def until_done(cast: Cast, name: str) -> None:
    """A desk spends a moment on each opening; on a slow machine it is opened again."""
    for _opening in range(20):
        with transaction():
            if "match_due" not in desk.my_desk(cast[name], "en").due_orders:
                return
    pytest.fail("the orders are never done")


def test_tokens_by_other_rules_are_made_anew_on_the_desks_of_those_who_hold_the_keys(ours: Cast) -> None:
    theirs = found(ours.app, "YAD")
    one, other, closed = (recorded(ours, SELMA) for _ in range(3))
    abroad = recorded(theirs, SELMA)
    with transaction():
        db.session.execute(delete(MatchToken))  # as if recorded before there were any
        db.session.get_one(Case, closed).state = "erased"
    changed = []
    for rules in (1, 1, 2, 2):
        with transaction():
            changed.append(due.tokens_changed(rules))
    assert changed == [True, False, True, False]
    orders_ = select(Order.case_id).where(Order.kind == "match_due")
    assert set(db.session.scalars(orders_)) == {one, other, abroad}  # once each, and of no erased one
    db.session.rollback()
    for cast, name in ((ours, "lawyer"), (ours, "manager"), (theirs, "colleague")):
        with transaction():
            assert desk.my_desk(cast[name], "en").due_orders == []  # they hold no key of these
    assert alike(ours, SELMA) == []
    until_done(ours, "caseworker")
    assert {each.case_id for each in alike(ours, SELMA)} == {one, other}
    assert alike(theirs, SELMA) == []
    until_done(theirs, "coordinator")
    assert [each.case_id for each in alike(theirs, SELMA, "coordinator")] == [abroad]


def test_tokens_that_a_desk_has_no_time_for_wait(ours: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(ours, SELMA)
    with transaction():
        due.tokens_changed(1)
    monkeypatch.setattr(desk, "MOMENT", 0)
    with transaction():
        assert desk.my_desk(ours["caseworker"], "en").due_orders == ["match_due"]


def test_tokens_of_an_earlier_key_are_still_found(ours: Cast) -> None:
    case_id = recorded(ours, SELMA)
    with transaction():
        kept = update(OrganisationKey).where(OrganisationKey.kind == "match")
        db.session.execute(kept.values(rotation_due=True))
    with transaction():
        organisation_keys.renew_due(ours["coordinator"])
    ours.hand_over()
    assert [one.case_id for one in alike(ours, SELMA, "coordinator")] == [case_id]


def test_whoever_lacks_the_key_is_told(ours: Cast) -> None:
    case_id = recorded(ours, SELMA)
    with pytest.raises(Locked):
        alike(ours, SELMA, "lawyer")
    with transaction():
        for table, holder in ((KeyGrant, KeyGrant.holder_id), (KeyRing, KeyRing.person_id)):
            db.session.execute(delete(table).where(holder == ours["caseworker"].person_id))
    with pytest.raises(Locked):
        look(ours, case_id)


def test_no_name_stands_in_a_token_and_no_single_name_makes_one(ours: Cast) -> None:
    recorded(ours, client("سلمى"))
    assert db.session.scalars(select(MatchToken.token)).all() == []
    recorded(ours, SELMA)
    made = db.session.scalars(select(MatchToken.token)).all()
    assert len(made) >= 4
    assert all(len(token) == 32 for token in made)
    db.session.rollback()
    theirs = found(ours.app, "YAD")
    recorded(theirs, SELMA)
    again = db.session.scalars(select(MatchToken.token)).all()
    assert len(set(again)) == 2 * len(made)  # the same person has other tokens in another organisation


def said(cast: Cast, one: UUID, other: UUID, relation: str, by: str = "caseworker") -> None:
    both = sameness.compare(cast[by], one, other)
    db.session.rollback()
    with transaction():
        sameness.say(cast[by], one, other, (both.one.version, both.other.version), relation)


def others(cast: Cast, case_id: UUID) -> list[Candidate]:
    return look(cast, case_id)[1]


def counted(cast: Cast, case_id: UUID) -> str:
    with transaction():
        ids = files.open_case(cast["coordinator"], case_id).record["statistics_ids"]
    return str(ids["client"])


def test_linked_files_stay_two_and_are_counted_as_one_person(ours: Cast) -> None:
    one, other = recorded(ours, SELMA), recorded(ours, client(latin="SELMA ELHATİP", father="HALİT"))
    assert [each.case_id for each in others(ours, one)] == [other]
    assert counted(ours, one) != counted(ours, other)
    for _ in range(2):  # a double click
        said(ours, one, other, LINKED)
    assert others(ours, one) == []
    assert others(ours, other) == []
    for mine, theirs in ((one, other), (other, one)):  # it stands in one of them, and is read from either
        assert [each.case_id for each in look(ours, mine)[0]] == [theirs]
    db.session.rollback()
    lines = select(Entry.case_id).where(Entry.case_id.in_([one, other]))
    assert db.session.scalars(lines).all().count(other) == 1  # nothing was written there
    db.session.rollback()
    assert counted(ours, one) == counted(ours, other)
    said(ours, other, one, "")
    assert counted(ours, one) != counted(ours, other)
    assert [each.case_id for each in others(ours, one)] == [other]


def test_of_a_linked_file_that_one_may_not_open_the_reference_is_said_and_whom_to_ask(ours: Cast) -> None:
    one = recorded(ours, SELMA)
    named = [ours["coordinator"].person_id]
    other = recorded(ours, SELMA, by="colleague", restricted=True, named=named)
    [candidate] = others(ours, one)
    said(ours, one, other, LINKED, by="coordinator")
    [linked], found = look(ours, one)
    assert found == []
    assert (linked.case_id, linked.reference, linked.ask) == (other, candidate.reference, candidate.ask)
    assert (linked.name, linked.opens) == ("", False)
    assert "Kişi colleague" in linked.ask


def test_not_the_same_is_remembered_on_both_sides(ours: Cast) -> None:
    one, other = recorded(ours, SELMA), recorded(ours, SELMA)
    said(ours, one, other, APART)
    for case_id in (one, other):
        assert others(ours, case_id) == []
    assert sameness.compare(ours["caseworker"], other, one).said == APART
    apart = recorded(ours, SELMA)
    with transaction():
        row = db.session.get_one(Case, one)
        assert other.hex.encode() not in orjson.dumps([row.reference, row.state])
    assert {each.case_id for each in others(ours, apart)} == {one, other}


def test_only_what_was_compared_is_decided(ours: Cast) -> None:
    one, other = recorded(ours, SELMA), recorded(ours, SELMA)
    with transaction():
        files.edit_case(ours["caseworker"], other, 1, {**record_of(), "client": SELMA}, urgency="U2")
    with pytest.raises(Conflict), transaction():
        sameness.say(ours["caseworker"], one, other, (1, 1), LINKED)
    with transaction():
        members.add(ours["coordinator"], one, ours["colleague"].person_id)
    with pytest.raises(NotFound), transaction():
        sameness.say(ours["colleague"], one, other, (1, 2), LINKED)  # reaches one of the two alone
    with pytest.raises(NotFound), transaction():
        sameness.say(ours["caseworker"], one, one, (1, 1), LINKED)
