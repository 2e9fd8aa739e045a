"""What recurs is seen by managers, decided once, and tells nobody about anybody."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask_babel import force_locale
from sqlalchemy import select

import vault
from accounts.service import keys
from advocacy import words
from advocacy.models.patterns import PatternDecision, PatternProposal, PatternScan, PooledCounts
from advocacy.service import patterns, pooling, scanning
from cases.service import facts, together
from core.errors import Conflict, DomainError, Locked, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from domain.recurrence.decisions import News, Verdict
from reports.service.sealed import Unusable
from tests.advocacy.conftest import compared, recur, scan
from tests.support.cast import Cast


def shown(cast: Cast) -> list[patterns.Pattern]:
    return patterns.overview(cast["manager"])[1]


def decide(cast: Cast, verdict: str, reason: str = "çok sık", last: UUID | None = None) -> None:
    pattern = shown(cast)[0]
    with transaction():
        patterns.decide(cast["manager"], pattern.id, verdict, reason, last)


def test_five_cases_of_people_who_agreed_are_a_pattern(ours: Cast) -> None:
    recur(ours, 4)
    recur(ours, 3, consents=[])  # they did not agree to be counted by category
    scan(ours)
    assert shown(ours) == []
    recur(ours, 1)
    assert patterns.overview(ours["manager"])[0].due
    scan(ours)
    [pattern] = shown(ours)
    assert pattern.signal.observed == 5
    assert pattern.signal.series.id == "A02.province.34"
    assert pattern.signal.from_one_organisation
    assert pattern.news is News.FIRST
    assert not patterns.overview(ours["manager"])[0].due


def test_three_urgent_ones_suffice(ours: Cast) -> None:
    recur(ours, 3, urgency="U0")
    scan(ours)
    [pattern] = shown(ours)
    assert (pattern.signal.observed, pattern.signal.urgent) == (3, 3)


@pytest.mark.parametrize("kind", ["household", "event"])
def test_five_files_of_one_household_or_event_are_one(ours: Cast, kind: str) -> None:
    """Counted once from the next scan on; the page then says how many files that were."""
    cases = recur(ours, 5)
    scan(ours)
    assert [pattern.signal.observed for pattern in shown(ours)] == [5]
    for case_id in cases[1:]:
        with transaction():
            together.join(ours["caseworker"], case_id, 1, cases[0], kind)
    assert patterns.overview(ours["manager"])[0].due
    scan(ours)
    assert shown(ours) == []
    recur(ours, 4)
    scan(ours)
    [pattern] = shown(ours)
    assert (pattern.signal.observed, pattern.signal.files) == (5, 9)
    with ours.app.test_request_context(), force_locale("en"):
        told = words.sentence(pattern.signal)
    assert told.startswith("5 cases")
    assert "Files recorded: 9; those of one person, household or event are counted once." in told
    with transaction():
        together.leave(ours["caseworker"], cases[1], 2, kind, uuid4())
    scan(ours)
    assert [pattern.signal.observed for pattern in shown(ours)] == [6]


def test_facts_of_an_older_version_are_read_and_joined(ours: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """They name neither household nor event; who joins one of them is still counted once with it."""
    with monkeypatch.context() as patch:
        patch.setattr(facts, "SHARED", ())
        old = recur(ours, 4)
    scan(ours)
    for case_id in recur(ours, 3):
        with transaction():
            together.join(ours["caseworker"], case_id, 1, old[0], "household")
    scan(ours)
    assert shown(ours) == []
    recur(ours, 1)
    scan(ours)
    assert [(one.signal.observed, one.signal.files) for one in shown(ours)] == [(5, 8)]


def test_a_scan_goes_on_where_it_stopped(ours: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    recur(ours, 5)
    monkeypatch.setattr(scanning, "_CHUNK", 2)
    steps = [scanning.prepare(ours["manager"], seconds=0)]
    with transaction():
        assert scanning.write(ours["manager"], steps[0])
    assert steps[0].left == 3
    assert shown(ours) == []
    stale = scanning.prepare(ours["manager"], seconds=0)
    scan(ours)
    with transaction():
        assert not scanning.write(ours["manager"], stale)  # a slower session changes nothing
    assert shown(ours)[0].signal.observed == 5


def test_what_was_rejected_does_not_nag_until_it_grows(ours: Cast) -> None:
    recur(ours, 6)
    scan(ours)
    decide(ours, "rejected", "bir toplantının etkisi")
    [pattern] = shown(ours)
    assert pattern.news is None
    assert pattern.made is not None
    assert (pattern.made.verdict, pattern.made.reason) == (Verdict.REJECTED, "bir toplantının etkisi")
    recur(ours, 2)
    scan(ours)
    assert shown(ours)[0].news is None
    recur(ours, 1)
    scan(ours)
    assert shown(ours)[0].news is News.GROWN


def test_a_decision_needs_a_reason_and_stands_against_a_later_click(ours: Cast) -> None:
    recur(ours, 5)
    scan(ours)
    for verdict, reason in (("accepted", "  "), ("perhaps", "why")):
        with pytest.raises(DomainError):
            decide(ours, verdict, reason)
    with pytest.raises(NotFound), transaction():
        patterns.decide(ours["manager"], uuid4(), "accepted", "why", None)
    decide(ours, "watched", "bekleyelim")
    decide(ours, "watched", "bekleyelim")  # a double click
    assert len(db.session.scalars(select(PatternDecision)).all()) == 1
    db.session.rollback()
    with pytest.raises(Conflict):
        decide(ours, "accepted", "başka bir gerekçe")
    made = shown(ours)[0].made
    assert made is not None
    decide(ours, "accepted", "büyüdü", made.id)
    assert [each.verdict for each in patterns.accepted(ours["manager"])] == [Verdict.ACCEPTED]


def test_only_managers_look_and_decide(ours: Cast) -> None:
    recur(ours, 5)
    scan(ours)
    pattern = shown(ours)[0]
    for name in ("caseworker", "lawyer", "coordinator", "admin", "focal"):
        with pytest.raises((Locked, Refused, NotFound, Unusable)):
            patterns.one(ours[name], pattern.id)
        with pytest.raises((Locked, Refused, NotFound)), transaction():
            patterns.decide(ours[name], pattern.id, "accepted", "why", None)


def test_proposals_reach_managers_and_the_answer_comes_back(ours: Cast) -> None:
    token = uuid4()
    for _ in range(2):  # a double click
        with transaction():
            patterns.propose(
                ours["lawyer"], token, issue="A02", province="34", authority="", text="yeni genelge"
            )
    [line] = patterns.proposals(ours["manager"])
    assert (line.issue, line.text, line.state) == ("A02", "yeni genelge", "waiting")
    assert patterns.waiting_proposals(ours["manager"]) == 1
    for _ in range(2):
        with transaction():
            patterns.answer(ours["manager"], line.id, line.version, "accepted", "haklısınız")
    with pytest.raises(Conflict), transaction():
        patterns.answer(ours["manager"], line.id, line.version, "rejected", "hayır")
    [mine] = patterns.own_proposals(ours["lawyer"])
    assert (mine.state, mine.answer) == ("accepted", "haklısınız")
    assert patterns.own_proposals(ours["caseworker"]) == []
    assert patterns.waiting_proposals(ours["manager"]) == 0


def test_a_proposal_is_complete(ours: Cast) -> None:
    for issue, text in (("nothing", "metin"), ("A02", " ")):
        with pytest.raises(DomainError), transaction():
            patterns.propose(ours["lawyer"], uuid4(), issue=issue, province="", authority="", text=text)
    with pytest.raises(Refused), transaction():
        patterns.propose(ours["manager"], uuid4(), issue="A02", province="", authority="", text="metin")
    with pytest.raises(NotFound), transaction():
        patterns.answer(ours["manager"], uuid4(), 1, "accepted", "why")


def test_what_two_organisations_see_together_is_a_pattern(ours: Cast, theirs: Cast) -> None:
    compared(ours, theirs)
    with transaction():
        pooling.tell(theirs["manager"], ours.organisation_id)
    recur(ours, 3)
    recur(theirs, 2)
    scan(theirs)
    scan(ours)
    [pattern] = shown(ours)
    assert pattern.signal.observed == 5
    assert not pattern.signal.from_one_organisation
    assert shown(theirs) == []  # we told them nothing
    [line] = pooling.lines(ours["manager"], "tr")
    assert line.told_us is not None
    assert not line.told
    with transaction():
        pooling.stop(theirs["manager"], ours.organisation_id)
    recur(ours, 1)
    scan(ours)
    assert shown(ours) == []


def test_nothing_is_told_before_the_root_is_compared(ours: Cast, theirs: Cast) -> None:
    with pytest.raises(Locked), transaction():
        pooling.tell(ours["manager"], theirs.organisation_id)
    with pytest.raises(Refused), transaction():
        pooling.tell(ours["coordinator"], theirs.organisation_id)
    with pytest.raises(NotFound), transaction():
        pooling.tell(ours["manager"], ours.organisation_id)


def test_made_up_or_swapped_counts_are_left_out(ours: Cast, theirs: Cast) -> None:
    compared(ours, theirs)
    with transaction():
        pooling.tell(theirs["manager"], ours.organisation_id)
    recur(theirs, 5)
    scan(theirs)
    scan(ours)
    assert len(shown(ours)) == 1  # the counts are good
    with transaction():
        row = db.session.scalars(select(PooledCounts)).one()
        row.signature = theirs["caseworker"].secret.signer.sign("pooled counts", pooling._statement(row))
        row.told_by = theirs["caseworker"].person_id
    recur(ours, 1)
    scan(ours)
    assert shown(ours) == []


def test_a_stolen_server_reads_no_pattern(ours: Cast) -> None:
    recur(ours, 5)
    scan(ours)
    decide(ours, "accepted")
    with transaction():
        patterns.propose(ours["lawyer"], uuid4(), issue="A02", province="", authority="", text="yeni genelge")
    loot: list[tuple[bytes, vault.Context]] = [
        *((row.sealed, scanning._context(row)) for row in db.session.scalars(select(PatternScan))),
        *((row.sealed, patterns._context(row)) for row in db.session.scalars(select(PatternDecision))),
        *((row.sealed, patterns._context(row)) for row in db.session.scalars(select(PatternProposal))),
    ]
    assert len(loot) == 3
    pair = keys.open_key(ours["manager"], "statistics").pair
    for sealed, context in loot:
        assert b"A02" in pair.open(sealed, context)
        assert b"genelge" not in sealed
        for name in ("caseworker", "lawyer", "coordinator", "admin", "focal"):
            with pytest.raises(vault.Unreadable):
                ours[name].secret.pair.open(sealed, context)


def test_a_scan_that_was_exchanged_is_refused(ours: Cast) -> None:
    recur(ours, 5)
    scan(ours)
    with transaction():
        db.session.get_one(PatternScan, ours.organisation_id).version += 1
    with pytest.raises(Unusable):
        shown(ours)
