"""Another organisation is asked, without a name, whether it acts for the other side; counted nowhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

import vault
from accounts.service import keys as organisation_keys
from cases.models import Case
from cases.service import decisions, files, orders, rotation
from cases.service.decisions import Asked, Check
from cases.service.reach import find
from cases.service.views import Row
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from desk.service import my_desk
from domain.conflicts import Outcome
from referrals.models.conflicts import ConflictEnquiry
from referrals.service import conflict_asking, conflict_replying, listing, receiving
from referrals.service.reach import Moved
from referrals.tasks import run_clocks
from tests.attacks import thief
from tests.cases.conflicting import held_case
from tests.referrals.conftest import NAME, Pair
from tests.support.cast import founded
from tests.support.clock import FrozenClock
from tests.support.racing import Race, on_both

CHOSEN: dict[str, Any] = {
    "kind": "person",
    "role": "landlord",
    "along": ["issue", "province", "month"],
    "priority": "urgent",
}


def ask(pair: Pair, case_id: UUID, token: UUID | None = None, **changes: Any) -> UUID:
    token = token or uuid4()
    with transaction():
        to = [pair.theirs.organisation_id]
        conflict_asking.ask(pair.ours["coordinator"], case_id, to, {**CHOSEN, **changes}, token)
    found = select(ConflictEnquiry.id).where(ConflictEnquiry.case_id == case_id)
    enquiry_id = db.session.scalars(found.order_by(ConflictEnquiry.asked_at.desc())).first()
    db.session.rollback()
    assert enquiry_id is not None
    return enquiry_id


def reply(pair: Pair, enquiry_id: UUID, said: str, version: int = 1, contact: UUID | None = None) -> None:
    with transaction():
        conflict_replying.reply(pair.theirs["focal"], enquiry_id, version, said, contact)


def look(pair: Pair, case_id: UUID) -> Check:
    with transaction():
        return decisions.look(pair.ours["coordinator"], case_id)


def asked(pair: Pair, case_id: UUID) -> Asked:
    [one] = look(pair, case_id).asked
    return one


def waits(pair: Pair, *, open_only: bool = True) -> list[conflict_replying.Enquiry]:
    with transaction():
        return conflict_replying.received(pair.theirs["focal"], "tr", 20, open_only=open_only)


def test_asked_without_a_name_answered_with_a_word_and_counted_nowhere(pair: Pair) -> None:
    case_id, token = pair.case(), uuid4()
    first = ask(pair, case_id, token)
    assert ask(pair, case_id, token) == first  # a double click asks once
    [enquiry] = waits(pair)
    assert enquiry.facts == {
        "kind": "person", "role": "landlord", "priority": "urgent", "issue": "A02", "province": "34",
        "month": "2026-11", "sign": f"{token.hex[:4]}-{token.hex[4:8]}".upper(),
    }  # fmt: skip # one enquiry
    focal = pair.theirs["focal"]
    reply(pair, first, "ask_us", contact=focal.person_id)
    reply(pair, first, "ask_us", contact=focal.person_id)  # twice is once
    with pytest.raises(Moved):
        reply(pair, first, "no")
    with transaction():
        assert [reference for _id, reference in conflict_asking.news(pair.ours["coordinator"])]
    check = look(pair, case_id)
    [one] = check.asked
    assert (one.reply, one.state, one.broken) == ("ask_us", "answered", False)
    assert one.contact
    assert check.heard_possible
    with transaction():
        actor = pair.ours["coordinator"]
        assert conflict_asking.news(actor) == []  # looked at
        assert listing.answers(actor, "tr") == []
        assert listing.index(actor, everything=True) == []
        assert listing.inbox(focal, "tr", everything=True) == []
        assert my_desk(focal, "tr").received == []


def test_what_may_go_along_is_chosen_and_nothing_else_goes(pair: Pair) -> None:
    case_id = pair.case()
    ask(pair, case_id, along=[])
    facts = waits(pair)[0].facts
    assert (facts["issue"], facts["province"], facts["month"]) == ("", "", "")
    for wrong in ({"role": "client"}, {"kind": "Ahmet"}, {"priority": "soon"}):
        with pytest.raises(DomainError), transaction():
            conflict_asking.facts_of(pair.ours["coordinator"], case_id, {**CHOSEN, **wrong}, uuid4())


def test_reminded_once_then_over_and_gone_from_their_desk(pair: Pair, clock: FrozenClock) -> None:
    case_id = pair.case()
    enquiry_id = ask(pair, case_id)
    clock.advance(hours=23, minutes=59)
    run_clocks()
    assert not waits(pair)[0].reminded
    clock.advance(minutes=1)
    run_clocks()
    run_clocks()
    assert waits(pair)[0].reminded
    clock.advance(hours=48)
    run_clocks()
    run_clocks()
    assert waits(pair, open_only=False) == []
    assert asked(pair, case_id).state == "silent"
    with pytest.raises(NotFound):
        reply(pair, enquiry_id, "no")


def test_withdrawn_it_vanishes_and_an_answer_is_not_withdrawn(pair: Pair) -> None:
    case_id, coordinator = pair.case(), pair.ours["coordinator"]
    enquiry_id = ask(pair, case_id)
    for _twice in range(2):
        with transaction():
            assert conflict_asking.withdraw(coordinator, enquiry_id) == case_id
    assert waits(pair, open_only=False) == []
    answered = ask(pair, case_id)
    reply(pair, answered, "no")
    with pytest.raises(DomainError), transaction():
        conflict_asking.withdraw(coordinator, answered)
    with pytest.raises(NotFound), transaction():
        conflict_asking.withdraw(pair.ours["caseworker"], answered)  # who may not decide


def test_a_decision_ends_what_waits_and_carries_what_was_answered(pair: Pair) -> None:
    _tenant, case_id = held_case(pair.ours)
    answered = ask(pair, case_id)
    reply(pair, answered, "no")
    open_one = ask(pair, case_id)
    actor, version = pair.ours["coordinator"], db.session.get_one(Case, case_id).version
    db.session.rollback()
    with transaction():
        decisions.decide(
            actor, case_id, version, Outcome.ACCEPT, "başka bir iş", in_words=lambda one: f"Yad: {one.reply}"
        )
    assert waits(pair, open_only=False) == []
    check = look(pair, case_id)
    assert check.past[0].decided.reason == "başka bir iş\nYad: no"  # signed with it
    assert {one.id: one.state for one in check.asked} == {answered: "answered", open_one: "closed"}


def test_a_possible_answer_holds_the_case_until_somebody_decides(pair: Pair) -> None:
    case_id = pair.case()
    worker, lead = pair.ours["caseworker"], pair.ours["coordinator"]
    reply(pair, ask(pair, case_id), "yes")
    assert _orders(worker) == ["hear_due"]
    for _twice in range(2):
        with transaction():  # whoever holds its key, without looking at the case
            assert my_desk(worker, "en").due_orders == []
    with transaction():
        assert [one for one, _reference in my_desk(lead, "en").conflict_news] == [
            case_id
        ]  # nobody has looked
    with transaction():
        decisions.check_now(worker, case_id)  # no comparison takes it away
    check = look(pair, case_id)
    assert check.standing == "possible"
    [line] = check.lines
    assert (line.finding.rule, line.finding.reference) == ("heard", check.asked[0].name)
    assert [row.id for row in _waiting(lead)] == [case_id]
    with transaction():
        assert not files.takes_facts(worker, case_id)
    version = db.session.get_one(Case, case_id).version
    db.session.rollback()
    with transaction():
        decisions.decide(
            lead, case_id, version, Outcome.ACCEPT, "başka bir iş", in_words=lambda one: f"Yad: {one.reply}"
        )
    with transaction():
        assert my_desk(lead, "en").conflict_news == []
    check = look(pair, case_id)
    assert (check.standing, check.past[0].decided.reason) == ("clear", "başka bir iş\nYad: yes")
    with transaction():
        assert files.takes_facts(worker, case_id)


def test_an_answer_places_the_same_order_whatever_it_says(pair: Pair) -> None:
    case_id, worker = pair.case(), pair.ours["caseworker"]
    reply(pair, ask(pair, case_id), "no")
    assert _orders(worker) == ["hear_due"]
    with transaction():
        my_desk(worker, "en")
    assert _orders(worker) == []
    assert look(pair, case_id).standing == "clear"


def _orders(actor: Actor) -> list[str]:
    with transaction():
        return orders.due_kinds(actor)


def _waiting(actor: Actor) -> list[Row]:
    with transaction():
        return decisions.waiting(actor, 5)


def test_a_new_key_of_the_case_and_of_the_partner(pair: Pair) -> None:
    case_id = pair.case()
    enquiry_id = ask(pair, case_id)
    with transaction():
        case = find(pair.ours["coordinator"], Permission.CASE_EDIT, case_id)
        rotation.rotate(pair.ours["coordinator"], case)
    with transaction():
        organisation_keys.rotate(pair.theirs["focal"], "partner")
    with transaction():
        receiving.renew(pair.theirs["focal"])
    reply(pair, enquiry_id, "yes")
    assert asked(pair, case_id).reply == "yes"


def test_a_thief_others_and_forgers(one_database: Pair) -> None:
    pair = one_database
    case_id = pair.case()
    enquiry_id = ask(pair, case_id)
    text = " ".join(str(value) for value in thief.values(binary=False))
    stored = thief.values(binary=True)
    for word in ("landlord", NAME):
        assert word not in text
        assert not any(word.encode() in value for value in stored)
    row = db.session.get_one(ConflictEnquiry, enquiry_id)
    context = vault.Context("conflict enquiry", row.organisation_id, row.partner_id, row.id)
    for key in thief.stored_keys(pair.ours.settings):
        with pytest.raises(vault.Unreadable):
            vault.unseal(key, row.sealed, context)
    db.session.rollback()
    third = founded(pair.ours.app, "UCU")
    for actor in (third["focal"], pair.ours["focal"]):
        with pytest.raises(NotFound), transaction():
            conflict_replying.read(actor, enquiry_id, "tr")
    with pytest.raises(Locked), transaction():  # nobody has compared its root
        to = [third.organisation_id]
        conflict_asking.ask(pair.ours["coordinator"], case_id, to, CHOSEN, uuid4())
    for wrong in (uuid4(), pair.ours.organisation_id):
        with pytest.raises(NotFound), transaction():
            conflict_asking.ask(pair.ours["coordinator"], case_id, [wrong], CHOSEN, uuid4())
    with pytest.raises(DomainError), transaction():
        conflict_asking.ask(pair.ours["coordinator"], case_id, [], CHOSEN, uuid4())
    reply(pair, enquiry_id, "no")
    with transaction() as session:  # an answer under the name of somebody who is no focal point there
        forger = pair.theirs["caseworker"].person_id
        session.execute(update(ConflictEnquiry).values(answered_by=forger))
    one = asked(pair, case_id)
    assert one.broken
    assert one.reply == ""


@on_both
def test_an_answer_meets_a_decision_and_a_withdrawal(race: Race) -> None:
    from tests.referrals.conftest import partnered

    with race.app.app_context():
        pair = partnered(race.app)
        db.session.rollback()
        case_id = pair.case()
        enquiry_id = ask(pair, case_id)
        results = race.run(
            lambda: conflict_replying.reply(pair.theirs["focal"], enquiry_id, 1, "no", None),
            lambda: conflict_asking.withdraw(pair.ours["coordinator"], enquiry_id),
        )
        errors = [one for one in results if isinstance(one, Exception)]
        assert len(errors) == 1
        assert isinstance(errors[0], DomainError)
        state = asked(pair, case_id).state
        assert state == ("answered" if results[0] is None else "withdrawn")
