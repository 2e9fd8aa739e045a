"""Nobody is helped against somebody whom the house helps without a person having decided that."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from cases.models import Case
from cases.service import (
    assignment,
    decisions,
    files,
    gate,
    keys,
    naming,
    orders,
    progress,
    rows,
    timeline,
)
from cases.service.records import next_version, open_record
from cases.service.views import Row
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from domain.conflicts import Outcome, Rule, Standing
from referrals.service import sending
from tests.cases.conflicting import (
    LANDLORD,
    LANDLORD_LATIN,
    decide,
    held_case,
    look,
    matter,
    name,
    party,
    record,
    state_of,
)
from tests.support.cast import Cast, on_stage


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found_:
        yield found_


def reference(case_id: UUID) -> str:
    text = db.session.scalars(select(Case.reference).where(Case.id == case_id)).one()
    db.session.rollback()
    return text


def note(cast: Cast, case_id: UUID, kind: str = "note", by: str = "caseworker", **told: str) -> None:
    with transaction():
        timeline.add_note(
            cast[by],
            case_id,
            kind,
            "ne oldu",
            uuid4(),
            channel=told.get("channel", ""),
            direction=told.get("direction", ""),
        )


def test_whoever_is_the_other_side_elsewhere_waits_for_a_decision(cast: Cast) -> None:
    tenant, landlord = held_case(cast)
    assert (state_of(tenant), state_of(landlord)) == ("open", "conflict_check")
    check = look(cast, "caseworker", landlord)
    [line] = check.lines
    assert (line.names, line.finding.role, line.finding.theirs) == ([LANDLORD_LATIN], "client", "landlord")
    assert (line.finding.reference, line.ask) == (reference(tenant), ("Kişi colleague",))
    assert line.finding.rule is Rule.BOTH_SIDES
    assert (check.standing, check.outcomes) == (Standing.POSSIBLE, [])
    with pytest.raises(NotFound), transaction():
        files.open_case(cast["caseworker"], tenant)  # nothing else of it is told
    assert [row.id for row in waiting(cast)] == [landlord]


def waiting(cast: Cast) -> list[Row]:
    with transaction():
        return decisions.waiting(cast["coordinator"], 20)


def test_it_keeps_first_contact_and_takes_nothing_else_until_it_is_decided(cast: Cast) -> None:
    cast.record("colleague", record=matter("سلمى الخطيب", party("opposing", LANDLORD)))
    told = {**matter(LANDLORD, numbers=[{"kind": "passport", "value": "N1"}]), "narrative": "x" * 300}
    case_id = cast.record(record=told)
    kept = record(cast, "caseworker", case_id)
    assert (kept["narrative"], kept["client"]["numbers"], kept["client"]["sex"]) == ("", [], "unknown")
    assert kept["client"]["name_ar"] == LANDLORD
    for act in (
        lambda: note(cast, case_id),
        lambda: edit(cast, case_id, told),
        lambda: move(cast, case_id, "open"),
        lambda: offer(cast, case_id),
        lambda: refer(cast, case_id),
    ):
        with pytest.raises(gate.Held):
            act()
    note(cast, case_id, "call", channel="whatsapp", direction="from_client")  # they may be called back
    with pytest.raises(gate.Held):
        note(cast, case_id, "message", channel="whatsapp")
    with pytest.raises(NotFound):
        note(cast, case_id, "call", direction="sideways")
    edit(cast, case_id, {**kept, "province": "01"})
    decide(cast, "coordinator", case_id, "accept")
    assert state_of(case_id) == "open"
    assert waiting(cast) == []
    edit(cast, case_id, told)
    note(cast, case_id)
    offer(cast, case_id)
    assert record(cast, "caseworker", case_id)["client"]["numbers"] == told["client"]["numbers"]


def edit(cast: Cast, case_id: UUID, said: dict[str, object], by: str = "caseworker") -> None:
    version = db.session.get_one(Case, case_id).version
    db.session.rollback()
    form = {name: value for name, value in said.items() if not name.startswith(("parties", "conflict"))}
    with transaction():
        files.edit_case(cast[by], case_id, version, form, urgency="U1")


def move(cast: Cast, case_id: UUID, to: str) -> None:
    version = db.session.get_one(Case, case_id).version
    db.session.rollback()
    with transaction():
        progress.move(cast["coordinator"], case_id, version, to)


def offer(cast: Cast, case_id: UUID, lawyer: str = "lawyer") -> UUID:
    version = db.session.get_one(Case, case_id).version
    db.session.rollback()
    with transaction():
        return assignment.offer(cast["coordinator"], case_id, version, cast[lawyer].person_id)


def refer(cast: Cast, case_id: UUID) -> None:
    asked = {"need": "cash", "province": "34", "language": "ar"}
    with transaction():
        sending.draft(cast["caseworker"], case_id, uuid4(), "normal", asked, uuid4())


def test_what_was_closed_long_ago_is_compared_too(cast: Cast) -> None:
    closed = cast.record("colleague", record=matter(LANDLORD))
    with transaction():
        closing = {"level": "S1", "code": "A", "outcome": "achieved"}
        progress.move(cast["colleague"], closed, 1, "in_review")
        progress.move(cast["coordinator"], closed, 2, "closed", reason="bitti", closing=closing)
    against = cast.record(record=matter("سلمى الخطيب", party("employer", latin=LANDLORD_LATIN)))
    [line] = look(cast, "caseworker", against).lines
    assert (line.finding.reference, line.finding.rule) == (reference(closed), Rule.BOTH_SIDES)


def test_what_is_no_conflict_goes_on_without_a_click(cast: Cast) -> None:
    cast.record("colleague", record=matter("سلمى الخطيب", party("landlord", LANDLORD)))
    for clear in (
        matter("سلمى الخطيب"),  # the same client
        matter("رنا النجار", party("landlord", LANDLORD)),  # another tenant of the same landlord
        matter("هبة شعبان", party("spouse", "نزار درويش")),
    ):
        case_id = cast.record(record=clear)
        assert state_of(case_id) == "open"
        assert look(cast, "caseworker", case_id).lines == []
        note(cast, case_id)
    assert waiting(cast) == []


def test_a_file_that_one_may_open_is_judged_by_the_names_themselves(cast: Cast) -> None:
    """A token is shared by names that sound alike; where both can be read, somebody else is left out."""
    cast.record(record=matter("رنا النجار", party("opposing", "سلمى الخطيب")))
    assert look(cast, "caseworker", cast.record(record=matter("", name_latin="SELMA HATİP"))).lines
    mine, theirs = (cast.record(by, record=matter("سليم الخطيب")) for by in ("caseworker", "colleague"))
    assert look(cast, "caseworker", mine).lines == []
    assert look(cast, "colleague", theirs).lines  # who cannot read it is told to ask


def test_both_spouses_in_a_divorce_are_graver_than_in_any_other_matter(cast: Cast) -> None:
    cast.record("colleague", record=matter("سلمى الخطيب", party("spouse", LANDLORD)))
    rules = [
        look(cast, "caseworker", cast.record(record=matter(LANDLORD, issue=issue))).lines[0].finding.rule
        for issue in ("A02", "H01")
    ]
    assert rules == [Rule.CLOSE_TO_CLIENT, Rule.SPOUSES]


def test_a_party_or_a_role_that_comes_later_is_compared_when_it_comes(cast: Cast) -> None:
    cast.record("colleague", record=matter(LANDLORD))
    case_id = cast.record(record=matter("سلمى الخطيب"))
    note(cast, case_id)
    one = party("related", latin=LANDLORD_LATIN)
    name(cast, "caseworker", case_id, one)
    assert look(cast, "caseworker", case_id).lines[0].finding.rule is Rule.CLOSE_TO_CLIENT
    with pytest.raises(gate.Held):
        note(cast, case_id)
    decide(cast, "coordinator", case_id, "accept")
    note(cast, case_id)
    name(cast, "caseworker", case_id, {**one, "role": "opposing"})
    check = look(cast, "caseworker", case_id)
    assert (check.standing, check.lines[0].finding.rule) == (Standing.POSSIBLE, Rule.BOTH_SIDES)
    with pytest.raises(gate.Held):
        note(cast, case_id)
    assert [row.id for row in waiting(cast)] == [case_id]


def test_who_was_named_by_mistake_is_taken_out_and_the_case_goes_on(cast: Cast) -> None:
    cast.record("colleague", record=matter(LANDLORD))
    one = party("opposing", LANDLORD)
    case_id = cast.record(record=matter("سلمى الخطيب", one))
    assert state_of(case_id) == "conflict_check"
    with pytest.raises(Conflict), transaction():
        naming.take_out(cast["caseworker"], case_id, 7, one["id"])
    with transaction():
        naming.take_out(cast["caseworker"], case_id, 1, one["id"])
    assert state_of(case_id) == "open"
    assert waiting(cast) == []
    with transaction():
        told = files.open_case(cast["caseworker"], case_id).entries
    assert LANDLORD in [entry.data.get("name") for entry in told]


def test_adding_the_same_person_twice_is_once_and_a_stale_page_is_told(cast: Cast) -> None:
    case_id, one = cast.record(record=matter("سلمى الخطيب")), party("opposing", "نزار درويش")
    for _ in range(2):
        with transaction():
            naming.put(cast["caseworker"], case_id, 1, one)
    assert len(record(cast, "caseworker", case_id)["parties"]) == 1
    with pytest.raises(Conflict), transaction():
        naming.put(cast["caseworker"], case_id, 1, party("witness", "هبة شعبان"))
    for bad in (party("client", "هبة شعبان"), party("friend", "هبة شعبان"), party("witness")):
        with pytest.raises(DomainError), transaction():
            naming.put(cast["caseworker"], case_id, 2, bad)


def test_a_lawyer_who_names_somebody_leaves_the_check_to_whoever_holds_the_key(cast: Cast) -> None:
    cast.record("colleague", record=matter(LANDLORD))
    case_id = cast.record(record=matter("سلمى الخطيب"))
    cast.assign(case_id)
    name(cast, "lawyer", case_id, party("opposing", LANDLORD))
    assert look(cast, "lawyer", case_id).standing is Standing.DUE
    note(cast, case_id, by="lawyer")  # the work does not stop for that
    with transaction():
        assert orders.carry_out(cast["caseworker"]) == 0
    assert look(cast, "lawyer", case_id).standing is Standing.POSSIBLE
    with pytest.raises(gate.Held):
        note(cast, case_id, by="lawyer")


def test_a_recorder_without_the_key_takes_first_contact_until_a_colleague_compares(cast: Cast) -> None:
    cast.join("newcomer", *cast["caseworker"].roles)  # nobody has handed it over yet
    case_id = cast.record("newcomer", record={**matter("سلمى الخطيب"), "narrative": "x" * 300})
    assert (state_of(case_id), record(cast, "newcomer", case_id)["narrative"]) == ("conflict_check", "")
    with pytest.raises(gate.Held):
        note(cast, case_id, by="newcomer")
    with transaction():
        decisions.check_now(cast["coordinator"], case_id)
    assert state_of(case_id) == "open"
    note(cast, case_id, by="newcomer")


def test_a_case_from_before_there_was_a_check_goes_on_as_it_was(cast: Cast) -> None:
    case_id = cast.record(record=matter("سلمى الخطيب"))
    with transaction():
        case = db.session.get_one(Case, case_id)
        key = keys.case_key(cast["caseworker"], case)
        older = {name: value for name, value in open_record(key, case).items() if "conflict" not in name}
        next_version(case, key, older)
        rows.written(cast["caseworker"], "case.edit", key, case)
    assert look(cast, "caseworker", case_id).standing is Standing.CLEAR
    note(cast, case_id)
    offer(cast, case_id)


def test_who_decides(cast: Cast) -> None:
    tenant = cast.record("colleague", record=matter("سلمى الخطيب", party("witness", LANDLORD)))
    case_id = cast.record(record=matter("رنا النجار"))
    cast.assign(case_id)
    name(cast, "caseworker", case_id, party("witness", "نزار درويش"))
    name(cast, "caseworker", case_id, party("witness", "سلمى الخطيب"))
    with pytest.raises(NotFound):
        decide(cast, "caseworker", case_id, "accept")
    with pytest.raises(NotFound):
        decide(cast, "other_lawyer", case_id, "accept")
    assert look(cast, "lawyer", case_id).outcomes == [Outcome.ACCEPT]
    for refused in ("wall", "refer_out"):
        with pytest.raises(DomainError):
            decide(cast, "lawyer", case_id, refused, walled=[cast["colleague"].person_id])
    with pytest.raises(DomainError):
        decide(cast, "lawyer", case_id, "accept", reason=" ")
    decide(cast, "lawyer", case_id, "accept", reason="tanık değil, adaş")
    [past] = look(cast, "caseworker", case_id).past
    assert (past.by, past.decided.reason) == ("Kişi lawyer", "tanık değil, adaş")
    name(cast, "caseworker", case_id, party("opposing", "سلمى الخطيب"))
    assert look(cast, "lawyer", case_id).outcomes == []
    with pytest.raises(DomainError):
        decide(cast, "lawyer", case_id, "accept")
    decide(cast, "coordinator", case_id, "accept")
    assert look(cast, "lawyer", case_id).standing is Standing.CLEAR
    with pytest.raises(DomainError):
        decide(cast, "coordinator", tenant, "accept")  # nothing was found there


def test_of_two_decisions_at_once_the_second_is_told(cast: Cast) -> None:
    _tenant, case_id = held_case(cast)
    version = db.session.get_one(Case, case_id).version
    db.session.rollback()
    with transaction():
        decisions.decide(cast["coordinator"], case_id, version, Outcome.ACCEPT, "aynı iş değil")
    with pytest.raises(Conflict), transaction():
        decisions.decide(cast["coordinator"], case_id, version, Outcome.REFER_OUT, "aynı iş")


def test_what_goes_elsewhere_is_referred_and_closed_and_nothing_else(cast: Cast) -> None:
    _tenant, case_id = held_case(cast)
    decide(cast, "coordinator", case_id, "refer_out")
    assert look(cast, "caseworker", case_id).standing is Standing.REFUSED
    assert waiting(cast) == []
    with pytest.raises(gate.Held):
        note(cast, case_id)
    with pytest.raises(NotFound):
        refer(cast, case_id)  # the gate is open: only this entry of the directory is not there
    with transaction():
        closing = {"level": "S1", "code": "K", "outcome": "conflict"}
        version = db.session.get_one(Case, case_id).version
        progress.move(cast["coordinator"], case_id, version, "closed", reason="çatışma", closing=closing)
    assert state_of(case_id) == "closed"


def test_where_a_grave_change_makes_the_check_anew_nothing_is_forgotten(cast: Cast) -> None:
    """Another issue makes two spouses a conflict: the file is compared again by whoever says so."""
    cast.record("colleague", record=matter("سلمى الخطيب", party("spouse", LANDLORD)))
    case_id = cast.record(record=matter(LANDLORD))
    decide(cast, "coordinator", case_id, "accept")
    edit(cast, case_id, {**record(cast, "caseworker", case_id), "issue": "H01"})
    assert look(cast, "caseworker", case_id).lines[0].finding.rule is Rule.SPOUSES
    assert [row.id for row in waiting(cast)] == [case_id]
